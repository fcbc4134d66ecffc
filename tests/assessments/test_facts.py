"""What is read from the records of a year, and that it takes no more questions for more studios [A2]."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assessments.facts import facts_of, stays_in
from assessments.models import EvaluationCycle, Rubric
from assessments.projecting import basis_of, project, settings_now
from assessments.scoring import Inspected, YearFacts
from park import rules
from tests.assessments.filling import AFTER, YEAR, Writer, close_park, day, stay
from tests.assessments.scoring import DEFAULTS, ITEMS
from tests.factories import UserFactory
from tests.workshops import ledgers
from tests.workshops.factories import PersonFactory, ResidencyFactory
from workshops.presence import MonthRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def residency():
    return stay()


@pytest.fixture
def write(residency):
    return Writer(residency)


def facts(row, today=AFTER, year=YEAR, **settings) -> YearFacts:
    """The facts of the studio of one residency."""
    return facts_of(year, stays_in(year, [row.studio_id]), DEFAULTS | settings, today)[row.studio_id]


def months(*rows, year=YEAR):
    """(month, days asked for, days there)."""
    return tuple(MonthRecord(date(year, number, 1), quota, there) for number, quota, there in rows)


def short(row, **kwargs):
    """Months in which days are missing, as (month, asked for, there)."""
    return [(m.month.month, m.quota, m.present) for m in facts(row, **kwargs).months if m.short]


# ── the edition and the settings ────────────────────────────────────────────────────────────────
def test_the_shipped_edition_is_loaded(reference_data):
    basis = basis_of(2026)
    assert [item.code for item in basis.items] == list(ITEMS)
    assert [item.parameters for item in basis.items] == [item.parameters for item in ITEMS.values()]
    assert (basis.rules, basis.cycle, basis.rubric) == (DEFAULTS, None, Rubric.objects.get())


def test_before_there_was_an_edition_there_are_no_items(reference_data):
    basis = basis_of(2014)
    assert (basis.items, basis.rubric, basis.cycle) == ([], None, None)


@pytest.fixture
def cycle(reference_data):
    """A year that was opened while the pass mark was 70 and members counted."""
    frozen = settings_now() | {"pass_mark": 70, "attendance_subject": "members"}
    return EvaluationCycle.objects.create(
        year=YEAR, rubric=Rubric.objects.get(), rules=frozen, self_until=AFTER, opened_by=UserFactory()
    )


def test_a_year_that_was_opened_keeps_its_edition_and_settings(cycle, django_assert_num_queries):
    newer = Rubric.objects.create(
        edition="2025", title="新细则", legal_basis="测", in_force_from=date(2025, 1, 1)
    )
    rules.set_rule("pass_mark", 50, by=UserFactory(roles=["office"]), reason="试行")
    with django_assert_num_queries(2):
        basis = basis_of(YEAR)
        assert (basis.cycle.rubric.edition, len(basis.items), basis.rules["pass_mark"]) == ("2015", 18, 70)
    assert (basis_of(YEAR + 1).rules["pass_mark"], newer.items.count()) == (50, 0)


def test_the_settings_of_the_opened_year_count_the_days(cycle, residency, write):
    write.present_all_year(4)
    write.present(*[(f"{m}-10", 6) for m in range(1, 13)], person=PersonFactory(studio=residency.studio))
    [card] = project(basis_of(YEAR), stays_in(YEAR), AFTER)
    assert card.results["A2.2"].points == 20
    [now] = project(replace(basis_of(YEAR), rules=settings_now()), stays_in(YEAR), AFTER)
    assert now.results["A2.2"].points == 8


# ── who was there ───────────────────────────────────────────────────────────────────────────────
STAYS = [  # since, until, what the year 2025 has of it, shorter than six months
    ("2024-3-1", None, ("1-1", "12-31"), False),
    ("2025-7-1", None, ("7-1", "12-31"), False),
    ("2025-7-2", None, ("7-2", "12-31"), True),
    ("2024-3-1", "2025-6-29", ("1-1", "6-29"), True),
    ("2024-3-1", "2025-6-30", ("1-1", "6-30"), False),
    ("2025-12-31", None, ("12-31", "12-31"), True),
    ("2024-3-1", "2025-1-1", ("1-1", "1-1"), True),
    ("2024-3-1", "2024-12-31", None, None),
    ("2026-1-1", None, None, None),
    ("2025-9-1", "2025-8-20", None, None),  # left before the agreement began
]


@pytest.mark.parametrize(("since", "until", "expected", "partial"), STAYS)
def test_a_stay_is_what_the_year_has_of_it(since, until, expected, partial):
    row = stay(since, until)
    found = [(s.residency, s.since, s.until, s.is_partial(6)) for s in stays_in(YEAR)]
    assert found == ([(row, *map(day, expected), partial)] if expected else [])


def test_without_an_agreement_there_is_no_stay():
    ResidencyFactory()
    assert stays_in(YEAR) == []


def test_a_studio_that_is_being_rectified_is_in_the_park():
    row = stay(status="under_rectification")
    assert [s.residency for s in stays_in(YEAR)] == [row]


def test_of_two_stays_the_later_counts():
    first = stay("2024-1-1", "2025-2-28")
    again = stay("2025-5-1", studio=first.studio)
    assert [(s.residency, s.since) for s in stays_in(YEAR)] == [(again, day("5-1"))]
    write = Writer(again)
    write.present(("1", 10), ("2", 10), ("5", 10))
    assert facts(again).months[0] == MonthRecord(day("5-1"), 10, 10)
    assert len(facts(again).months) == 8


def test_stays_are_sorted_by_name():
    rows = [stay(name=name) for name in ("丙工作室", "甲工作室", "乙工作室")]
    assert [s.residency for s in stays_in(YEAR)] == sorted(rows, key=lambda row: row.studio.name)


# ── ledgers ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", ["draft", "submitted", "verified", "returned", "voided"])
def test_only_what_was_verified_counts(reference_data, status):
    row, office = ResidencyFactory(active=True), UserFactory(roles=["office"])
    record = ledgers.in_status(row.studio, status, office=office, kind="exchange")
    year = record.year
    found = facts_of(year, stays_in(year), DEFAULTS, date(year + 1, 1, 1))[row.studio_id].records
    assert [r.number for r in found] == ([record.number] if status == "verified" else [])


def test_every_column_of_a_record_is_handed_over(residency, write):
    row = write.ledger(
        "achievement",
        "5-3",
        achievement_type="patent",
        patent_type="invention",
        certificate_no="ZL1",
        files=2,
    )
    [found] = facts(residency).records
    assert vars(found) == {
        "kind": "achievement",
        "starts": day("5-3"),
        "ends": day("5-3"),
        "category": "patent",
        "level": "national",
        "title": row.title,
        "number": row.number,
        "key": str(row.key),
        "partner": "",
        "certificate_no": "ZL1",
        "amount_fen": 0,
        "outcome_on": None,
        "rostered": 0,
        "files": 2,
        "signed_on": day("5-3"),
        "subtype": "invention",
        "state": "",
    }


def test_what_only_some_kinds_have(residency, write):
    write.ledger("equipment", "3-1", state="scrapped")
    write.ledger("training", "5-1", rows=12)
    write.ledger("apprenticeship", "2-1", "2027-1-31", outcome="promotion", outcome_on=day("9-1"))
    write.ledger("benefit", "6-1", amount=123_400)
    found = {r.kind: r for r in facts(residency).records}
    assert found["equipment"].state == "scrapped"
    assert (found["training"].rostered, found["benefit"].amount_fen) == (12, 123_400)
    pupil = found["apprenticeship"]
    assert (pupil.category, pupil.outcome_on, pupil.ends) == ("promotion", day("9-1"), day("2027-1-31"))


IN_YEAR = [  # kind, from, until, counts in 2025
    ("exchange", "2024-12-31", None, False),
    ("exchange", "1-1", None, True),
    ("exchange", "12-31", None, True),
    ("exchange", "2026-1-1", None, False),
    ("training", "2024-12-30", "1-2", True),  # by its last day
    ("training", "12-30", "2026-1-2", False),
    ("sign", "2020-1-1", None, True),  # holds on
    ("sign", "2020-1-1", "2024-12-31", False),
    ("apprenticeship", "2024-1-1", "2026-12-31", True),
]


@pytest.mark.parametrize(("kind", "since", "until", "counts"), IN_YEAR)
def test_records_of_the_year(residency, write, kind, since, until, counts):
    write.ledger(kind, since, until)
    assert len(facts(residency).records) == counts


def test_work_logs_are_counted_and_not_listed(residency, write):
    for on in ("1-1", "12-31", "2024-12-31"):
        write.ledger("log", on)
    write.ledger("log", "6-1", status="submitted")
    assert (facts(residency).logs, facts(residency).records) == (2, ())


def test_the_records_of_another_studio_are_not_ours(residency):
    other = Writer(stay())
    other.ledger("exchange")
    other.present("5-3")
    other.bill("5-20")
    assert facts(residency) == YearFacts(YEAR, months=months(*[(m, 10, 0) for m in range(1, 13)]))


# ── certificates [S11] ──────────────────────────────────────────────────────────────────────────
def test_different_people_with_a_certificate_of_the_year(residency, write):
    people = [
        ("甲", "JN1"),
        ("乙", "JN3", "12-31", "qualification"),
        ("丙", "JN4", "2024-12-31"),
        ("丁", "JN5", "1-1", "training"),
        ("戊",),
    ]
    write.ledger("training", people=people)
    write.ledger(
        "training", "6-3", people=[("甲", "jn1"), ("甲", "JN2")]
    )  # the same again, and another certificate
    write.ledger("training", status="submitted", people=[("己", "JN6")])
    assert facts(residency).certified == 3
    assert facts(residency, b1_certificates=["qualification"]).certified == 1
    assert facts(residency, b1_certificates=["qualification", "skill_level", "training"]).certified == 4


@pytest.mark.parametrize(
    ("level", "counts"), [("L5", 0), ("L4", 0), ("L3", 1), ("L1", 1), ("L1C", 1), ("", 0)]
)
def test_the_lowest_level_that_counts(residency, write, level, counts):
    write.ledger("training", people=[("甲", "JN1", "5-3", "skill_level", level)])
    assert facts(residency).certified == 1
    assert facts(residency, b1_min_level="L3").certified == counts


# ── being there [S1][S2] ────────────────────────────────────────────────────────────────────────
def test_twelve_months_that_are_over(residency, write):
    write.present(("1", 10), ("2", 9), ("12", 20))
    assert facts(residency).months == months(
        (1, 10, 10), (2, 10, 9), *[(m, 10, 0) for m in range(3, 12)], (12, 10, 20)
    )


def test_the_leader_or_any_member(residency, write):
    write.present_all_year()
    write.present("1-1", "1-20", person=PersonFactory(studio=residency.studio))
    assert facts(residency).months[0].present == 10
    assert facts(residency, attendance_subject="members").months[0].present == 11


def test_days_of_a_leader_who_has_left_stand(residency, write):
    write.present(("1", 10))
    write.leader.left_on, write.leader.left_reason = day("2-1"), "调离"
    write.leader.save()
    successor = PersonFactory(studio=residency.studio, is_leader=True)
    write.present(("2", 10), person=successor)
    assert [m.present for m in facts(residency).months[:3]] == [10, 10, 0]


def test_what_was_voided_was_not_there(residency, write):
    write.present(("1", 10), voided=True)
    assert (facts(residency).months[0].present, facts(residency).checked_in) == (0, False)


def test_the_register_is_kept_by_any_entry_of_the_year(residency, write):
    write.present("2024-12-31", "2026-1-1")
    assert not facts(residency).checked_in
    write.present("7-1", person=PersonFactory(studio=residency.studio))
    found = facts(residency)
    assert (found.checked_in, {m.present for m in found.months}) == (True, {0})


def test_leave_and_closures_excuse_only_where_the_park_says_so(residency, write):
    write.present_all_year()
    residency.studio.check_ins.filter(day__month__in=(1, 2)).exclude(day__day=1).delete()
    write.leave("1-1", "1-31")
    write.leave("2-1", "2-28", status="requested")
    close_park("2-1", "2-14", write.by)
    close_park("3-31", "4-1", write.by)
    assert short(residency) == [(1, 10, 1), (2, 10, 1)]
    assert short(residency, attendance_excuses=True) == [(2, 5, 1)]
    excused = facts(residency, attendance_excuses=True).months
    assert [m.quota for m in excused[:4]] == [0, 5, 9, 9]


def test_leave_of_one_studio_does_not_excuse_another(residency, write):
    Writer(stay()).leave("1-1", "1-31")
    assert facts(residency, attendance_excuses=True).months[0].quota == 10


@pytest.mark.parametrize(
    ("today", "n", "expected"),
    [
        ("3-15", 9, [(1, 10), (2, 10)]),  # the running month is not held against it
        ("3-15", 10, [(1, 10), (2, 10), (3, 10)]),
        ("3-31", 9, [(1, 10), (2, 10)]),  # its last day is still to come to an end
        ("4-1", 9, [(1, 10), (2, 10), (3, 9)]),
    ],
)
def test_the_running_month_counts_once_it_is_met(residency, write, today, n, expected):
    write.present(("1", 10), ("2", 10), ("3", n))
    assert [(m.month.month, m.present) for m in facts(residency, day(today)).months] == expected


def test_a_year_that_has_not_begun_has_no_months(residency):
    assert facts(residency, date(2024, 12, 31)).months == ()


def test_a_stay_within_the_year_asks_for_its_part(write):
    row = stay("2025-3-16", "2025-5-15")
    assert facts(row).months == months((3, 5, 0), (4, 10, 0), (5, 4, 0))
    assert facts(row, day("5-15")).months == months((3, 5, 0), (4, 10, 0))
    assert facts(row, day("5-16")).months == months((3, 5, 0), (4, 10, 0), (5, 4, 0))


# ── fees [A2.10] ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("pay_by", "status", "counts"),
    [
        ("1-1", "issued", 1),
        ("12-31", "issued", 1),
        ("2024-12-31", "issued", 0),
        ("2026-1-1", "issued", 0),
        ("6-1", "paid", 0),
        ("6-1", "draft", 0),
        ("6-1", "cancelled", 0),
    ],
)
def test_bills_of_the_year_that_are_not_paid(residency, write, pay_by, status, counts):
    write.bill(pay_by, status)
    assert facts(residency).unpaid_bills == counts


def test_a_bill_is_late_the_day_after(residency, write):
    write.bill("6-10")
    assert [facts(residency, day(today)).unpaid_bills for today in ("6-10", "6-11")] == [0, 1]


# ── inspections [5.2] ───────────────────────────────────────────────────────────────────────────
def seen(row, **kwargs):
    return {code: (i.met, i.on) for code, i in facts(row, **kwargs).inspected.items()}


def test_what_an_inspection_found(residency, write):
    row = write.inspected("6-1", ("A2.1", "met"), ("A2.4", "not_met"), ("A2.5", "na"), ("5.3", "met"))
    assert facts(residency).inspected == {
        "A2.1": Inspected(True, day("6-1"), "6月1日“6月检查”", str(row.key)),
        "A2.4": Inspected(False, day("6-1"), "6月1日“6月检查”", str(row.key)),
    }


@pytest.mark.parametrize("status", ["planned", "recorded", "closing", "closed", "cancelled"])
def test_only_a_confirmed_record_speaks(residency, write, status):
    write.inspected("6-1", ("A2.1", "met"), status=status)
    assert seen(residency) == ({"A2.1": (True, day("6-1"))} if status in ("closing", "closed") else {})


@pytest.mark.parametrize(
    ("finding", "met"), [("open", False), ("answered", False), ("reopened", False), ("closed", True)]
)
def test_what_was_put_right_counts_as_met(residency, write, finding, met):
    write.inspected("6-1", ("A2.4", "not_met"), status="closing", finding=finding)
    assert seen(residency) == {"A2.4": (met, day("6-1"))}


def test_the_newest_word_counts(residency, write):
    write.inspected("9-1", ("A2.4", "not_met"))
    write.inspected("3-1", ("A2.4", "met"), ("A2.1", "met"))
    write.inspected("2024-12-31", ("A2.8", "met"))
    write.inspected("2026-1-1", ("A2.8", "met"))
    assert seen(residency) == {"A2.4": (False, day("9-1")), "A2.1": (True, day("3-1"))}


def test_of_several_lines_on_one_item_all_have_to_be_met(residency, write):
    write.inspected("6-1", ("A2.5", "not_met"), ("A2.5", "met"))
    assert seen(residency) == {"A2.5": (False, day("6-1"))}


# ── all of it ───────────────────────────────────────────────────────────────────────────────────
def a_full_year(row):
    write = Writer(row)
    write.ledger("exchange")
    write.ledger("log")
    write.present_all_year()
    write.ledger("training", people=[("甲", "JN1")])
    write.bill("6-1")
    write.leave("1-1", "1-2")
    write.inspected("6-1", ("A2.1", "met"))


@pytest.mark.parametrize("studios", [1, 30])
def test_the_number_of_questions_does_not_grow(reference_data, django_assert_num_queries, studios):
    for n in range(studios):
        row = stay()
        if n in (0, studios - 1):
            a_full_year(row)
    excusing = replace(basis_of(YEAR), rules=DEFAULTS | {"attendance_excuses": True})
    with django_assert_num_queries(4):
        cards = project(excusing, stays_in(YEAR), AFTER)
        assert len({(card.studio.name, card.base) for card in cards}) == studios
    assert sum(card.results["A2.13"].points for card in cards) == (4 if studios == 1 else 8)


def test_a_studio_without_records_has_what_an_empty_year_has(reference_data):
    row = stay()
    [card] = project(basis_of(YEAR), stays_in(YEAR), AFTER)
    assert (card.studio, card.facts) == (row.studio, YearFacts(YEAR, months=card.facts.months))
    assert {code: r.points for code, r in card.results.items() if r.points} == {}
    assert (card.base, card.bonus, card.total, card.at_risk, card.is_partial) == (0, 0, 0, True, False)


def test_a_partial_year_is_counted_and_not_at_risk(reference_data):
    stay("2025-9-1")
    [card] = project(basis_of(YEAR), stays_in(YEAR), AFTER)
    assert (card.is_partial, card.at_risk, card.base) == (True, False, Decimal(0))


def test_nobody_is_asked_about_nobody(reference_data, django_assert_num_queries):
    basis = basis_of(YEAR)
    with django_assert_num_queries(0):
        assert project(basis, [], AFTER) == []
