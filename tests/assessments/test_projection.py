"""The stored points of all studios: renewed in one pass, found, sorted, summed, marked where they are no longer true [5.2]."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.actions import projection as acts
from assessments.facts import stays_in
from assessments.models import EvaluationCycle, Projection, Rubric
from assessments.projecting import basis_of, project, settings_now
from assessments.tables import projection as tables
from park import daily, jobs
from park.models import CraftField, District, Job
from park.points import shown
from park.workflow import Refused
from tests.assessments.filling import AFTER, YEAR, Writer, stay
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def renewed(year=YEAR, today=AFTER):
    acts.renew(year, today)
    return {row.studio.name: row for row in Projection.objects.filter(year=year)}


def test_what_is_stored_is_what_would_be_projected(reference_data):
    row = stay(name="甲工作室")
    write = Writer(row)
    write.ledger("exchange")
    write.ledger("media", media_level="province")
    [card] = project(basis_of(YEAR), stays_in(YEAR), AFTER)
    stored = renewed()["甲工作室"]
    assert (stored.base, stored.bonus, stored.total) == (card.base, card.bonus, card.total) == (4, 10, 14)
    assert stored.points == {code: shown(result.points) for code, result in card.results.items()}
    assert stored.at_risk


def test_a_renewal_replaces_and_forgets_who_was_not_there(reference_data):
    first, second = stay(name="甲工作室"), stay(name="乙工作室")
    before = renewed()
    assert set(before) == {"甲工作室", "乙工作室"}
    Writer(first).ledger("exchange")
    second.ended_on = date(2024, 12, 31)
    second.save()
    after = renewed()
    assert set(after) == {"甲工作室"}
    assert (after["甲工作室"].pk, after["甲工作室"].base) == (before["甲工作室"].pk, 4)
    assert after["甲工作室"].computed_at > before["甲工作室"].computed_at


def test_another_year_is_left_alone(reference_data):
    stay()
    renewed(YEAR)
    renewed(YEAR + 1)
    assert sorted(Projection.objects.values_list("year", flat=True)) == [YEAR, YEAR + 1]


@pytest.mark.parametrize("studios", [1, 30])
def test_a_renewal_asks_the_same_number_of_times(reference_data, django_assert_max_num_queries, studios):
    for _ in range(studios):
        stay()
    with django_assert_max_num_queries(10):  # four to read, two savepoints, two to write
        acts.renew(YEAR, AFTER)


# ── which years, and by whom ────────────────────────────────────────────────────────────────────
def test_last_year_runs_until_its_evaluation_is_closed(reference_data):
    today, office = date(2026, 3, 1), UserFactory()
    assert acts.running_years(today) == [2025, 2026]
    now = timezone.now()
    cycle = EvaluationCycle.objects.create(
        year=2025, rubric=Rubric.objects.get(), rules=settings_now(), self_until=today, opened_by=office
    )
    assert acts.running_years(today) == [2025, 2026]
    EvaluationCycle.objects.filter(pk=cycle.pk).update(
        status="closed", announced_at=now, announced_by=office, closed_at=now, closed_by=office
    )
    assert acts.running_years(today) == [2026]


def test_the_chore_of_the_day(reference_data):
    stay()
    year = timezone.localdate().year
    assert daily.CHORES["年度得分预测"].work() == 2
    assert sorted(Projection.objects.values_list("year", flat=True)) == [year - 1, year]


def test_a_renewal_on_demand_is_a_job(reference_data):
    office, row = UserFactory(roles=["office"]), stay()
    job = acts.start_renewal(YEAR, by=office)
    assert (job.total, job.kind, Projection.objects.count()) == (1, acts.KIND, 0)
    jobs.run(job.key)
    job.refresh_from_db()
    assert (job.state, job.done, job.failure) == (Job.State.DONE, 1, "")
    assert [p.studio for p in Projection.objects.all()] == [row.studio]


def test_the_job_needs_the_right_still_when_it_runs(reference_data):
    stay()
    job = acts.start_renewal(YEAR, by=UserFactory(roles=["expert"]))
    jobs.run(job.key)
    job.refresh_from_db()
    assert (job.state, Projection.objects.count()) == (Job.State.FAILED, 0)


def test_a_year_without_studios_is_not_renewed(reference_data):
    with pytest.raises(Refused, match="没有在园的工作室"):
        acts.start_renewal(YEAR, by=UserFactory(roles=["office"]))


# ── found, sorted, summed ───────────────────────────────────────────────────────────────────────
@pytest.fixture
def park(reference_data):
    """Three studios: 30 + 0, 60 + 20, 50 + 40 points."""
    craft, district = CraftField.objects.first(), District.objects.first()
    given = {
        "甲工作室": ("30.5", "0", True, {"craft_field": craft}),
        "乙工作室": ("60", "20", False, {"district": district}),
        "丙工作室": ("50", "40", True, {"leader_name": "郑昇"}),
    }
    for name, (base, bonus, risk, about) in given.items():
        Projection.objects.create(
            studio=stay(name=name, **about).studio, year=YEAR, base=Decimal(base), bonus=Decimal(bonus), at_risk=risk,
            points={"A2.1": base, "A2.B1": bonus},
        )  # fmt: skip
    return UserFactory(roles=["office"])


SEARCHES = [
    ({}, ["甲", "乙", "丙"]),
    ({"sort": "total"}, ["丙", "乙", "甲"]),
    ({"sort": "base"}, ["甲", "丙", "乙"]),
    ({"sort": "base-high"}, ["乙", "丙", "甲"]),
    ({"sort": "password"}, ["甲", "乙", "丙"]),
    ({"risk": "1"}, ["甲", "丙"]),
    ({"q": "郑昇"}, ["丙"]),
    ({"q": "乙工"}, ["乙"]),
    ({"field": "first"}, ["甲"]),
    ({"district": "first"}, ["乙"]),
    ({"district": "nonsense"}, ["甲", "乙", "丙"]),
]


@pytest.mark.parametrize(("asked", "expected"), SEARCHES)
def test_searches(park, asked, expected):
    models = {"field": CraftField, "district": District}
    asked = {k: models[k].objects.first().code if v == "first" else v for k, v in asked.items()}
    _, rows = tables.found_for(park, asked, YEAR)
    rows = rows.order_by(*tables.ORDERS[tables.order_of(asked)][1])
    assert [row.studio.name[0] for row in rows] == expected


def test_sums_are_of_everything_found(park, django_assert_num_queries):
    _, rows = tables.found_for(park, {}, YEAR)
    with django_assert_num_queries(1):
        sums = tables.sums_of(rows)
    assert (sums.count, sums.at_risk, sums.base, sums.total) == (3, 2, "46.8", "66.8")
    assert sums.items == {"A2.1": "46.8", "A2.B1": "20"}
    assert tables.sums_of(rows.none()).computed_at is None


@pytest.mark.parametrize(
    ("points", "most", "heat"),
    [("0", 5, 0), ("0.1", 20, 1), ("6", 20, 1), ("7", 20, 2), ("13", 20, 2), ("14", 20, 3), ("19.9", 20, 3), ("20", 20, 4)],
)  # fmt: skip
def test_a_cell_is_tinted_by_its_share(points, most, heat):
    assert tables.cell(points, Decimal(most)) == tables.Cell(points, heat)


def test_an_item_the_row_does_not_know_has_no_number():
    assert tables.cell(None, Decimal(5)) == tables.Cell("", 0)


def test_rows_older_than_a_verified_record_are_marked(park):
    rows = list(Projection.objects.filter(year=YEAR).order_by("pk"))
    first, second, _ = rows
    Writer(first.studio.residencies.get()).ledger("exchange")
    Writer(second.studio.residencies.get()).ledger("exchange", status="submitted")
    assert tables.changed_since(rows) == {first.studio_id}
    Projection.objects.update(computed_at=timezone.now() + timedelta(seconds=5))
    assert tables.changed_since(list(Projection.objects.all())) == set()
    assert tables.changed_since([]) == set()


@pytest.mark.parametrize(("hours", "stale"), [(35, False), (37, True)])
def test_older_than_a_day_is_stale(park, hours, stale):
    Projection.objects.filter(studio__name="甲工作室").update(
        computed_at=timezone.now() - timedelta(hours=hours)
    )
    assert tables.is_stale(tables.sums_of(Projection.objects.all())) is stale


def test_below_the_mark_and_not_at_risk_is_not_graded(park):
    values = settings_now()
    found = {row.studio.name[0]: tables.is_ungraded(row, values) for row in Projection.objects.all()}
    assert found == {"甲": False, "乙": False, "丙": False}
    Projection.objects.update(at_risk=False)
    found = {row.studio.name[0]: tables.is_ungraded(row, values) for row in Projection.objects.all()}
    assert found == {"甲": True, "乙": False, "丙": True}
