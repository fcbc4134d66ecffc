"""The office's queue: assigning, filters, sorting, looking up, taking home [3.2.2]."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import reviewing
from applications.models import Application
from applications.workflow import ADMISSION
from park.formkeys import new_key
from park.models import AuditEntry, Notification
from park.workflow import Refused
from tests.applications import filled, road
from tests.applications.conftest import verbs_of
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def officer(people):
    return people["office"]


@pytest.fixture
def application(fresh):
    return fresh("submitted")


@pytest.fixture
def office(officer, client_of):
    return client_of(officer)


# ── assigning ───────────────────────────────────────────────────────────────────────────────────
def test_one_case_is_handed_to_an_officer_who_is_told(application, office, people):
    lead = people["lead_division"]
    office.post(
        reverse("applications:assign", args=[application.key]), {"form_key": new_key(), "officer": lead.pk}
    )
    assert Application.objects.get(pk=application.pk).officer == lead
    assert [n.text for n in Notification.objects.filter(user=lead)][:1] == [f"{application}分派给您办理。"]


@pytest.mark.parametrize("way", ["by", "to"])
def test_nobody_handles_their_own_application(application, people, way):
    own, lead = people["officer_of_studio"], people["lead_division"]
    by, to = (own, lead) if way == "by" else (lead, own)
    with pytest.raises(Refused, match=f"{application}没有分派：{own}参与了这份申报，不能经办。"):
        reviewing.assign(application, to, by=by)
    assert Application.objects.get(pk=application.pk).officer is None


# ── finding ─────────────────────────────────────────────────────────────────────────────────────
def queue(client, **query):
    return client.get(reverse("applications:queue"), query)


def shown(response):
    return [row.status for row in response.context["page"].rows]


def test_the_queue_shows_what_was_filed(office, fresh):
    assert set(shown(queue(office))) == {"submitted", "correction", "site_visit", "rejected", "withdrawn"}


def test_a_draft_that_was_withdrawn_stays_unseen(office, fresh, people):
    draft = ADMISSION.perform(fresh("draft"), "withdraw", by=people["owner"])
    assert draft.key not in {row.key for row in queue(office).context["page"].rows}
    assert office.get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "submitted"}, {"submitted"}),
        ({"q": "陈青松"}, {"submitted", "correction", "site_visit", "rejected", "withdrawn"}),
        ({"q": "焊"}, {"submitted", "correction", "site_visit", "rejected", "withdrawn"}),
        ({"q": "没有这样的"}, set()),
        ({"officer": "none", "status": "correction"}, {"correction"}),
        ({"officer": "me"}, set()),
        ({"district": "321102", "status": "rejected"}, {"rejected"}),
        ({"district": "321181"}, set()),
        ({"overdue": "on"}, set()),
        ({"q": "%"}, set()),
        ({"q": "'; DROP TABLE x; --"}, set()),
    ],
)
def test_filters(office, fresh, query, expected):
    assert set(shown(queue(office, **query))) == expected


def test_a_number_finds_its_case(office, fresh):
    application = fresh("submitted")
    assert shown(queue(office, q=application.number)) == ["submitted"]
    assert shown(queue(office, q=application.number.lower())) == ["submitted"]


def test_overdue_cases_are_found(office, fresh):
    Application.objects.filter(pk=fresh("submitted").pk).update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    assert shown(queue(office, overdue="on")) == ["submitted"]


@pytest.mark.parametrize(
    ("sort", "column"), [("due", "due_on"), ("oldest", "submitted_at"), ("leader", "leader_sort_key")]
)
def test_sorting(office, fresh, sort, column):
    days = [date(2026, 3, 4), date(2026, 3, 3), date(2026, 3, 5)]
    for status, day, name in zip(("submitted", "correction", "site_visit"), days, "cab", strict=True):
        Application.objects.filter(pk=fresh(status).pk).update(
            due_on=day,
            leader_sort_key=name,
            submitted_at=timezone.make_aware(timezone.datetime(2026, 3, day.day)),
        )
    rows = [getattr(r, column) for r in queue(office, sort=sort, officer="none").context["page"].rows]
    values = [v for v in rows if v is not None]
    assert values == sorted(values)


@pytest.mark.parametrize(
    "query",
    [{"page": p} for p in ("²", "x", "-1", "0", "999999", "9" * 30)]
    + [{"sort": "evil"}, {"status": "draft"}, {"officer": "999999"}, {"district": "x"}, {"batch": "9" * 30}, {"status": "x"}],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error(office, fresh, query):
    response = queue(office, **query)
    assert response.status_code == 200
    assert "draft" not in shown(response)


def test_pages_of_fifty(office, fresh):
    base = fresh("withdrawn")
    for n in range(55):
        base.pk, base.key, base.number = None, f"00000000-0000-4000-8000-{n:012}", f"SB-1999-{n:04}"
        base._state.adding = True
        base.save()
    pages = [queue(office, page=n).context["page"].rows for n in (1, 2)]
    assert [len(rows) for rows in pages] == [50, 10]
    assert len({row.pk for rows in pages for row in rows}) == 60


def test_an_identity_number_is_looked_up_by_post_only_and_audited(office, officer, fresh):
    application, url = fresh("submitted"), reverse("applications:find_by_id")
    number = application.latest_submission().data["leader"]["leader_id_number"]
    assert office.get(url).status_code == 405
    assert (
        office.post(url, {"id_number": f" {number[:6]} {number[6:]}"}).url == application.get_absolute_url()
    )
    entry = AuditEntry.objects.get(verb="find_by_id")
    assert (entry.by, entry.note, number in str(entry.__dict__)) == (officer, "1 件", False)


@pytest.mark.parametrize(
    ("typed", "said"),
    [(filled.person_number(400), "没有这位领衔人的申报。"), ("123", "没有查询：身份证号码应为18位，现在是3位。"),
     ("", "没有查询：请填写身份证号码。"), ("\x00", "没有查询：身份证号码第1位")],
)  # fmt: skip
def test_looking_up_nobody(office, fresh, typed, said):
    response = office.post(reverse("applications:find_by_id"), {"id_number": typed}, follow=True)
    assert next(str(m) for m in response.context["messages"]).startswith(said)


# ── taking home ─────────────────────────────────────────────────────────────────────────────────
def test_the_export_is_masked_without_formulas_and_audited(office, officer, fresh):
    application = fresh("submitted")
    leader = application.latest_submission().data["leader"]
    midnight = timezone.make_aware(timezone.datetime(2026, 3, 5, 0, 30))
    Application.objects.filter(pk=application.pk).update(
        studio_name='=HYPERLINK("http://x")', unit_name="+1", submitted_at=midnight
    )
    response = office.get(reverse("applications:export"), {"status": "submitted"})
    made = openpyxl.load_workbook(io.BytesIO(response.content))
    cells = [cell for row in made.active.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    text = " ".join(str(cell.value) for cell in cells)
    assert [s for s in (leader["leader_id_number"], leader["leader_mobile"]) if s in text] == []
    assert made.active.max_row == 2
    assert "2026-03-05" in text  # the day in Zhenjiang, not in Greenwich
    entry = AuditEntry.objects.get(verb="export_queue")
    assert (entry.by, entry.note) == (officer, "1 行")


def test_a_case_of_ones_own_stands_under_no_status_and_in_no_sheet(client_of):
    both = UserFactory(roles=["office", "applicant"])
    case, other = (road.place(road.filed(), "declined") for _ in range(2))
    case.collaborators.create(user=both, added_by=case.applicant)
    browser = client_of(both)
    page = browser.get(reverse("applications:queue"), {"status": "declined"})
    assert [row.pk for row in page.context["page"].rows] == [other.pk]
    assert case in browser.get(reverse("applications:queue")).context["page"].rows
    made = openpyxl.load_workbook(io.BytesIO(browser.get(reverse("applications:export")).content))
    numbers = [row[0].value for row in made.active.iter_rows(min_row=2)]
    assert other.number in numbers
    assert case.number not in numbers


def test_originals_are_booked_once(application, office, officer):
    url = reverse("applications:originals", args=[application.key])
    for _ in range(2):
        office.post(url, {"form_key": new_key()})
    application.refresh_from_db()
    assert application.originals_received_by == officer
    assert verbs_of(application).count("receive_originals") == 1


def test_an_identity_number_typed_into_the_search_is_sent_away(people, client_of):
    browser = client_of(people["office"])
    page = browser.get(reverse("applications:queue"), {"q": "321102197501011230"}, follow=True)
    assert page.redirect_chain == [(reverse("applications:queue"), 302)]
    assert [str(m)[:10] for m in page.context["messages"]] == ["身份证号码不在这里搜"]
