"""Deadlines in working days: known stretches of the calendar, and properties over arbitrary ones."""

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import workdays
from park.models import Workday
from park.resources import WorkdayResource, state_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    Workday.objects.bulk_create(
        Workday(date=date.fromisoformat(day), is_workday=bool(works), name=name, note=note, source=source)
        for day, works, name, note, source in state_calendar()
    )


def test_seed_spans_whole_years_from_2004(calendar):
    assert Workday.objects.earliest("date").date == date(2004, 1, 1)
    years = {day.year for day in Workday.objects.values_list("date", flat=True)}
    assert years == set(range(2004, workdays.covered_until().year + 1))
    assert Workday.objects.filter(date__month=10, date__day=1, is_workday=False).count() == len(years)


def test_seed_agrees_with_its_source_on_every_day(calendar):
    import chinese_calendar

    last = workdays.covered_until()
    exceptions = dict(Workday.objects.values_list("date", "is_workday"))
    day = date(2004, 1, 1)
    while day <= last:
        assert workdays._works(day, exceptions) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-16", False),  # a Monday of the Spring Festival
        ("2026-02-24", True),
        ("2026-02-28", True),  # a Saturday worked
        ("2026-03-07", False),  # an ordinary Saturday
    ],
)
def test_is_workday(calendar, day, works):
    assert workdays.is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-02-11", 0, "2026-02-11"),
        ("2026-02-15", 0, "2026-02-15"),
        ("2026-02-11", 1, "2026-02-12"),
        ("2026-02-11", 3, "2026-02-14"),
        ("2026-02-11", 4, "2026-02-24"),  # over the nine days of the Spring Festival
        ("2026-02-11", 10, "2026-03-03"),
        ("2026-02-24", -1, "2026-02-14"),
        ("2026-02-18", -1, "2026-02-14"),
        ("2026-02-18", 1, "2026-02-24"),
    ],
)
def test_add_workdays_over_the_spring_festival(calendar, start, n, end):
    assert workdays.add_workdays(date.fromisoformat(start), n) == date.fromisoformat(end)


def test_workdays_between_counts_the_end_not_the_start(calendar):
    wednesday, next_wednesday = date(2026, 3, 4), date(2026, 3, 11)
    assert workdays.workdays_between(wednesday, next_wednesday) == 5
    assert workdays.workdays_between(next_wednesday, wednesday) == -5
    assert workdays.workdays_between(wednesday, wednesday) == 0


def test_office_may_close_or_open_a_day():
    monday = date(2031, 6, 2)
    assert workdays.is_workday(monday) is True
    Workday.objects.create(date=monday, is_workday=False, name="停电检修")
    assert workdays.is_workday(monday) is False
    assert workdays.add_workdays(date(2031, 5, 30), 1) == date(2031, 6, 3)
    Workday.objects.filter(date=monday).update(is_workday=True)
    assert workdays.add_workdays(date(2031, 5, 30), 1) == monday


def test_past_the_last_year_weekdays_count_and_a_sentence_warns(calendar):
    last = workdays.covered_until()
    beyond = date(last.year + 1, 10, 1)
    assert workdays.warning_if_uncovered(last) == ""
    assert workdays.warning_if_uncovered(beyond) == (
        f"工作日历只录到{last.year}年底，{beyond.year}年的期限暂按周一至周五推算，"
        "放假安排公布并录入后以重新核对为准。"
    )
    assert workdays.is_workday(beyond) is (beyond.weekday() < 5)


def test_one_closed_day_does_not_make_its_year_known(calendar):
    last = workdays.covered_until()
    Workday.objects.create(date=date(last.year + 1, 5, 8), is_workday=False, name="停电检修")
    assert workdays.covered_until() == last
    Workday.objects.create(date=date(last.year + 1, 10, 1), is_workday=False, name="国庆节")
    assert workdays.covered_until() == date(last.year + 1, 12, 31)


def test_empty_calendar_says_so():
    assert workdays.covered_until() is None
    assert workdays.warning_if_uncovered(date(2026, 3, 4)).startswith("工作日历还没有录入，2026年的期限暂按")


def test_each_computation_costs_one_query(calendar, django_assert_num_queries):
    start = date(2015, 10, 8)
    for compute in (
        lambda: workdays.is_workday(start),
        lambda: workdays.add_workdays(start, 250),
        lambda: workdays.add_workdays(start, -250),
        lambda: workdays.workdays_between(start, date(2020, 1, 1)),
        lambda: workdays.warning_if_uncovered(start),
    ):
        with django_assert_num_queries(1):
            compute()


def test_moments_are_refused():
    with pytest.raises(TypeError):
        workdays.add_workdays(datetime(2026, 3, 4, 23), 1)  # noqa: DTZ001
    with pytest.raises(TypeError):
        workdays.workdays_between(date(2026, 3, 4), datetime(2026, 3, 4, 23))  # noqa: DTZ001


def test_days_are_corrected_never_deleted():
    day = Workday.objects.create(date=date(2031, 6, 2), is_workday=False, name="停电检修")
    with pytest.raises(TypeError):
        day.delete()
    with pytest.raises(TypeError):
        Workday.objects.all().delete()


def test_calendar_comes_back_from_its_own_export(calendar):
    result = WorkdayResource().import_data(WorkdayResource().export())
    assert result.totals["skip"] == Workday.objects.count()
    assert json.dumps(result.totals).count(": 0") == len(result.totals) - 1


# ── properties, over calendars of any shape ─────────────────────────────────────────────────────

days = st.dates(date(2020, 1, 1), date(2022, 12, 31))
calendars = st.dictionaries(days, st.booleans(), max_size=60)
counts = st.integers(-80, 80)


@pytest.fixture(scope="module")
def of_any_shape():
    """Puts a generated calendar in the place of the table: there are too many to write each to a database."""
    with pytest.MonkeyPatch.context() as patch:
        yield lambda exceptions: patch.setattr(workdays, "_exceptions", lambda **span: exceptions)


@given(exceptions=calendars, start=days, n=counts)
def test_adding_then_counting_gives_the_number_back(of_any_shape, exceptions, start, n):
    of_any_shape(exceptions)
    if n < 0 and not workdays.is_workday(start):
        start = workdays.add_workdays(start, 1)
    assert workdays.workdays_between(start, workdays.add_workdays(start, n)) == n


@given(exceptions=calendars, start=days, n=counts)
def test_a_period_ends_on_a_working_day_and_grows_with_it(of_any_shape, exceptions, start, n):
    of_any_shape(exceptions)
    end = workdays.add_workdays(start, n)
    assert n == 0 or workdays.is_workday(end)
    assert workdays.add_workdays(start, n + 1) > end


@given(exceptions=calendars, a=days, b=days, n=st.integers(0, 80))
def test_a_later_start_never_ends_earlier(of_any_shape, exceptions, a, b, n):
    of_any_shape(exceptions)
    assert workdays.add_workdays(min(a, b), n) <= workdays.add_workdays(max(a, b), n)


@given(exceptions=calendars, a=days, b=days, c=days)
def test_counts_add_up(of_any_shape, exceptions, a, b, c):
    of_any_shape(exceptions)
    between = workdays.workdays_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


@given(exceptions=calendars, start=days, m=st.integers(0, 40), n=st.integers(0, 40))
def test_two_periods_in_a_row_are_one(of_any_shape, exceptions, start, m, n):
    of_any_shape(exceptions)
    add = workdays.add_workdays
    assert add(add(start, m), n) == add(start, m + n)
