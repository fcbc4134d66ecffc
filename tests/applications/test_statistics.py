"""Statistics of admission, against cases counted by hand."""

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import statistics
from applications.models import Application, Batch, Letter, ReviewDecision
from applications.workflow import ADMISSION
from park import workdays
from park.models import AuditEntry, AuditHead, District, User
from tests.applications import filled
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

_serial = iter(range(1, 1_000_000))


def moment(day: str):
    return timezone.make_aware(datetime.fromisoformat(f"{day}T10:00"))


def case(*road, occupation="焊工", district="321102", batch=None) -> Application:
    """A case that took these steps: (verb, status afterwards, day). The first day is that of its filing."""
    n = next(_serial)
    application = Application.objects.create(
        number=f"SB-2026-{n:04}",
        status=road[-1][1],
        applicant=applicant(),
        occupation=occupation,
        district=District.objects.get(code=district),
        batch=batch,
        submitted_at=moment(road[0][2]),
    )
    before = "draft"
    for verb, after, day in road:
        entry(application, verb, before, after, day)
        before = after
    return application


def applicant():
    return User.objects.filter(username="of-statistics").first() or UserFactory(username="of-statistics")


def entry(application, verb, before, after, day, **fields):
    """An entry of the trail at that day, put at its end."""
    head, _ = AuditHead.objects.get_or_create(pk=1)
    head.sequence += 1
    head.save()
    step = ADMISSION.steps.get(verb)
    AuditEntry.objects.create(
        **{
            "sequence": head.sequence,
            "at": moment(day),
            "by_name": "x",
            "verb": verb,
            "subject_model": "applications.application",
            "subject_id": str(application.pk),
            "before": before,
            "after": after,
            "clause": step.clause if step else "",
            "previous_hash": "x",
            "hash": f"{head.sequence:064}",
        }
        | fields
    )


@pytest.fixture
def officer(db):
    return UserFactory(roles=["office"])


def counted(officer, **cohort) -> statistics.Figures:
    return statistics.figures(officer, statistics.Cohort(**cohort))


# 2026-03-02 is a Monday; March 2026 has no public holiday.
FILED = ("submit", "submitted", "2026-03-02")
REVIEWED = ("pass_review", "site_visit", "2026-03-09")
VISITED = ("pass_visit", "deliberation", "2026-03-16")
OPENED = ("open_ballot", "ballot", "2026-03-20")
CARRIED = ("carry", "candidate", "2026-03-20")
LISTED = ("list", "listed", "2026-03-23")
APPROVED = ("approve", "approved", "2026-03-25")
ON_NOTICE = ("put_on_notice", "on_notice", "2026-03-26")
ADMITTED = ("admit", "admitted", "2026-04-03")
WHOLE = (FILED, REVIEWED, VISITED, OPENED, CARRIED, LISTED, APPROVED, ON_NOTICE, ADMITTED)


# ── funnel ──────────────────────────────────────────────────────────────────────────────────────
# fmt: off
ROADS = {
    # what happened                                        filed reviewed visited voted candidate approved admitted
    "only filed":               ((FILED,),                                              (1, 0, 0, 0, 0, 0, 0)),
    "refused in review":        ((FILED, ("reject", "rejected", "2026-03-05")),         (1, 0, 0, 0, 0, 0, 0)),
    "reviewed":                 ((FILED, REVIEWED),                                     (1, 1, 0, 0, 0, 0, 0)),
    "refused at the visit":     ((FILED, REVIEWED, ("reject_visit", "rejected", "2026-03-12")), (1, 1, 0, 0, 0, 0, 0)),
    "ballot open":              ((FILED, REVIEWED, VISITED, OPENED),                    (1, 1, 1, 0, 0, 0, 0)),
    "ballot without a result":  ((FILED, REVIEWED, VISITED, OPENED, ("void_ballot", "deliberation", "2026-03-20")), (1, 1, 1, 0, 0, 0, 0)),
    "not carried":              ((FILED, REVIEWED, VISITED, OPENED, ("not_carry", "not_selected", "2026-03-20")), (1, 1, 1, 1, 0, 0, 0)),
    "carried":                  (WHOLE[:5],                                             (1, 1, 1, 1, 1, 0, 0)),
    "declined":                 ((*WHOLE[:6], ("decline", "declined", "2026-03-25")),   (1, 1, 1, 1, 1, 0, 0)),
    "returned":                 ((*WHOLE[:6], ("return", "deliberation", "2026-03-25")), (1, 1, 1, 1, 0, 0, 0)),
    "returned and not carried": ((*WHOLE[:6], ("return", "deliberation", "2026-03-25"), ("open_ballot", "ballot", "2026-03-30"),
                                  ("not_carry", "not_selected", "2026-03-30")),         (1, 1, 1, 1, 0, 0, 0)),
    "returned and carried":     ((*WHOLE[:6], ("return", "deliberation", "2026-03-25"), ("open_ballot", "ballot", "2026-03-30"),
                                  ("carry", "candidate", "2026-03-30")),                (1, 1, 1, 1, 1, 0, 0)),
    "waitlist, promoted":       ((*WHOLE[:6], ("waitlist", "waitlisted", "2026-03-25"), ("promote", "approved", "2026-05-06")), (1, 1, 1, 1, 1, 1, 0)),
    "waitlist, ended":          ((*WHOLE[:6], ("waitlist", "waitlisted", "2026-03-25"), ("end_waitlist", "not_selected", "2026-05-06")), (1, 1, 1, 1, 1, 0, 0)),
    "taken off the notice":     ((*WHOLE[:8], ("take_off_notice", "approved", "2026-03-27")), (1, 1, 1, 1, 1, 1, 0)),
    "objection upheld":         ((*WHOLE[:8], ("uphold_objection", "declined", "2026-04-01")), (1, 1, 1, 1, 1, 1, 0)),
    "withdrawn on the notice":  ((*WHOLE[:8], ("withdraw", "withdrawn", "2026-04-01")), (1, 1, 1, 1, 1, 1, 0)),
    "corrected, reviewed":      ((FILED, ("request_correction", "correction", "2026-03-04"), ("resubmit", "submitted", "2026-03-06"), REVIEWED), (1, 1, 0, 0, 0, 0, 0)),
    "admitted":                 (WHOLE,                                                 (1, 1, 1, 1, 1, 1, 1)),
}
# fmt: on


@pytest.mark.parametrize("road", ROADS)
def test_how_far_a_case_came(officer, road):
    steps, expected = ROADS[road]
    case(*steps)
    found = counted(officer)
    assert tuple(n for _, n in found.funnel) == expected
    assert [label for label, _ in found.funnel] == list(statistics.FUNNEL)


def test_who_came_further_counts_in_every_earlier_stage(officer):
    """All roads together: every stage has at least as many cases as the next."""
    for steps, _ in ROADS.values():
        case(*steps)
    numbers = [n for _, n in counted(officer).funnel]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers == [sum(column) for column in zip(*(e for _, e in ROADS.values()), strict=True)]


def test_a_case_without_a_trail_counts_by_its_status(officer):
    """Taken over from paper."""
    application = case(FILED)
    Application.objects.filter(pk=application.pk).update(status="listed")
    assert [n for _, n in counted(officer).funnel] == [1, 1, 1, 1, 1, 0, 0]


def test_every_step_of_the_procedure_is_known():
    assert set(ADMISSION.steps) == statistics.STEPS


def test_refused_attempts_and_other_records_do_not_count(officer):
    application = case(FILED)
    entry(application, "admit", "submitted", "admitted", "2026-03-03", result="refused")
    entry(application, "admit", "submitted", "admitted", "2026-03-03", subject_model="applications.sitevisit")
    assert [n for _, n in counted(officer).funnel] == [1, 0, 0, 0, 0, 0, 0]


# ── time ────────────────────────────────────────────────────────────────────────────────────────
def times(found) -> dict:
    return {t.label: (t.cases, t.median, t.slow) for t in found.times}


def test_working_days_of_each_stage_by_hand(officer):
    """Monday to Monday are five; 16 to 20 March are four; the ballot of one day takes none."""
    case(*WHOLE)
    assert times(counted(officer)) == {
        "材料初审": (1, 5, 5),
        "现场考察": (1, 5, 5),
        "集中评议": (1, 4, 4),
        "投票表决": (1, 0, 0),
        "表决通过，待列名单": (1, 1, 1),
        "待审核认定": (1, 2, 2),
        "待公示": (1, 1, 1),
        "公示中": (1, 6, 6),
        "提交到办结": (1, 24, 24),
    }


def test_a_correction_does_not_count_as_review_and_repeats_add_up(officer):
    """Review: 2→4 March and 6→9 March, two working days and one; the correction between them: two."""
    case(
        FILED,
        ("request_correction", "correction", "2026-03-04"),
        ("resubmit", "submitted", "2026-03-06"),
        REVIEWED,
    )
    assert times(counted(officer)) == {"材料初审": (1, 3, 3), "补正中": (1, 2, 2)}


def test_who_is_still_in_a_stage_is_not_counted_there(officer):
    case(FILED, ("request_correction", "correction", "2026-03-04"), ("resubmit", "submitted", "2026-03-06"))
    assert times(counted(officer)) == {"补正中": (1, 2, 2)}


def test_holidays_and_worked_weekends_count_as_the_calendar_says(officer):
    """1 October 2026: a week of holidays, paid for by working weekends."""
    case(("submit", "submitted", "2026-09-28"), ("pass_review", "site_visit", "2026-10-12"))
    expected = workdays.workdays_between(date(2026, 9, 28), date(2026, 10, 12))
    assert expected != 10
    assert times(counted(officer)) == {"材料初审": (1, expected, expected)}


@pytest.mark.parametrize(
    ("days", "median", "slow"),
    [
        ([1], 1, 1),
        ([1, 2], 1.5, 2),
        ([1, 2, 9], 2, 9),
        (list(range(1, 11)), 5.5, 9),  # the slowest tenth of ten: one case took more, nine took no more
        (list(range(1, 21)), 10.5, 18),
    ],
)
def test_median_and_slowest_tenth(days, median, slow):
    time = statistics._stage_time("材料初审", list(reversed(days)), 5)
    assert (time.cases, time.median, time.slow) == (len(days), median, slow)
    assert time.over == sum(d > 5 for d in days)


def test_the_calendar_counts_as_the_parks_own():
    calendar = statistics.Calendar()
    start = date(2025, 12, 20)
    for days in range(0, 400, 7):
        end = start + timedelta(days=days)
        assert calendar.between(start, end) == workdays.workdays_between(start, end)


# ── reasons ─────────────────────────────────────────────────────────────────────────────────────
def test_reasons_by_stage_and_clause(officer):
    """In review the clause of the decision; later the one of the letter, or of the step."""
    rejected = filled.reviewed(filled.submitted(), by=officer, except_for=["3.1.2.funding"])
    data = {"clause": "3.1.2", "reason": "没有工作经费。"}
    rejected = ADMISSION.perform(rejected, "reject", by=officer, data=data)
    failed = case(FILED, REVIEWED, ("reject_visit", "rejected", "2026-03-12"))
    declined = case(*WHOLE[:6], ("decline", "declined", "2026-03-25"))
    Letter.objects.create(
        application=declined, kind="not_admitted", stage="审核认定", clause="3.1.3", reason="规划不可行。",
        dropped_at=timezone.now(),
    )  # fmt: skip
    case(*WHOLE[:6], ("decline", "declined", "2026-03-25"))
    found = counted(officer)
    assert ReviewDecision.objects.get(application=rejected).clause == "3.1.2"
    assert (failed.status, found.refused) == ("rejected", 4)
    assert found.reasons == [
        ("材料初审", "3.1.2", "三（一）2", 1),
        ("现场考察", "3.2.2", "三（二）2", 1),
        ("审核认定", "3.1.3", "三（一）3", 1),
        ("审核认定", "3.2.3", "三（二）3", 1),
    ]


def test_crafts_and_districts(officer):
    case(*WHOLE, occupation="焊工")
    case(FILED, occupation="焊工", district="321181")
    case(FILED, occupation="玉雕")
    case(FILED, occupation="")
    found = counted(officer)
    assert found.crafts == [("焊工", 2, 1), ("未填写", 1, 0), ("玉雕", 1, 0)]
    labels = dict(District.objects.values_list("code", "label"))
    assert found.districts == [(labels["321102"], 3, 1), (labels["321181"], 1, 0)]


def test_rare_crafts_are_put_together(officer):
    for n in range(17):
        case(FILED, occupation=f"职业{n:02}")
    found = counted(officer)
    assert len(found.crafts) == 16
    assert found.crafts[-1] == ("其他 2 个职业（工种）", 2, 0)


# ── the cohort ──────────────────────────────────────────────────────────────────────────────────
def test_which_cases_are_counted(officer):
    batch = Batch.objects.create(name="第一批", opens_on="2026-01-01", closes_on="2026-06-30")
    case(("submit", "submitted", "2025-12-31"))
    case(("submit", "submitted", "2026-01-01"), batch=batch)
    case(("submit", "submitted", "2026-03-31"))
    totals = {
        "all": counted(officer).total,
        "batch": counted(officer, batch=batch).total,
        "2025": counted(officer, year=2025).total,
        "2026": counted(officer, year=2026).total,
        "one day": counted(officer, since=date(2026, 3, 31), until=date(2026, 3, 31)).total,
        "since": counted(officer, since=date(2026, 1, 1)).total,
        "year and until": counted(officer, year=2026, until=date(2026, 1, 31)).total,
        "nothing": counted(officer, batch=batch, year=2025).total,
    }
    assert totals == {
        "all": 3, "batch": 1, "2025": 1, "2026": 2, "one day": 1, "since": 2, "year and until": 1, "nothing": 0,
    }  # fmt: skip


def test_drafts_are_not_counted(officer):
    Application.objects.create(applicant=applicant())
    assert counted(officer).total == 0


# ── page and export ─────────────────────────────────────────────────────────────────────────────
URL = "applications:statistics"


def test_the_page_shows_figures_drawn_and_in_tables(officer, client_of):
    case(*WHOLE)
    case(FILED, ("reject", "rejected", "2026-03-05"))
    page = client_of(officer).get(reverse(URL)).content.decode()
    assert page.count("<svg") == page.count("<desc") == 5
    assert "材料初审 三（一） 1 件" in page  # a reason is drawn as well
    assert "提交申报 2 件；初审通过 1 件" in page
    assert ' style="' not in page
    assert "50%" in page


def test_the_empty_page_says_what_to_do(officer, client_of):
    browser = client_of(officer)
    assert "还没有可以统计的申报" in browser.get(reverse(URL)).content.decode()
    case(FILED)
    page = browser.get(reverse(URL), {"since": "2027-01-01"})
    assert "这个范围里没有申报" in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [{"year": "x"}, {"batch": "9" * 30}, {"since": "2026-02-30"}, {"since": "2026-03-02", "until": "2026-03-01"},
     {"since": "0001-01-01"}, {"until": "9999-12-31"}],
)  # fmt: skip
def test_a_wrong_condition_is_said_and_not_applied(officer, client_of, query):
    case(FILED)
    response = client_of(officer).get(reverse(URL), query)
    assert (response.status_code, response.context["found"].total) == (422, 1)


@pytest.mark.parametrize(
    "role", ["applicant", "expert", "working_group", "auditor", "sysadmin", "attraction"]
)
def test_only_the_office(client_of, role):
    browser = client_of(UserFactory(roles=[role]))
    for name in ("statistics", "export_statistics"):
        assert browser.get(reverse(f"applications:{name}")).status_code == 403


def test_the_export_has_the_same_numbers_no_formula_and_is_audited(officer, client_of):
    case(*WHOLE, occupation="=1+1")
    response = client_of(officer).get(reverse("applications:export_statistics"), {"year": "2026"})
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["说明", "各环节件数", "办理用时", "未通过的理由", "职业（工种）", "属地"]
    assert [tuple(c.value for c in row) for row in book["各环节件数"].iter_rows(min_row=2)] == [
        (label, 1, "100.0%") for label in statistics.FUNNEL
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    logged = AuditEntry.objects.get(verb="export_statistics")
    assert (logged.by, logged.note) == (officer, "2026年")


@pytest.mark.parametrize("query", [{}, {"year": "2026"}])
def test_queries_do_not_grow(officer, client_of, query):
    browser, costs = client_of(officer), []
    browser.get(reverse(URL))
    for _ in range(2):
        for steps, _ in ROADS.values():
            case(*steps)
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(URL), query)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20
