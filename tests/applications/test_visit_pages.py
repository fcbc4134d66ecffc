"""Who reads what of a site visit, how long its lists take, and what its papers say [3.2.2]."""

import re
import uuid
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import visiting
from applications.models import AgendaItem, Conflict, Expert, SiteVisit
from applications.papers.visit import visit_sheet
from applications.workflow import VISIT
from park import documents
from park.models import Document
from tests.applications import filled, road
from tests.applications.test_visit import all_lines, confirm, finish, photo, plan, post, record
from tests.factories import UnitFactory, UserFactory
from tests.papers import RARE, page_texts, tidy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def visit(people, fresh):
    return plan(fresh("site_visit"), by=people["office"], visitors=[people["office"], people["expert"]])[0]


def pages_of(visit):
    """Every address of one visit that is read, with a picture and a paper."""
    row = visit.photos.filter(removed_at=None).first()
    paper = Document.objects.about(visit).filter(kind="visit_notice").first()
    args = {
        "visit": [], "visit_step": ["finish_visit"], "visit_record": [], "visit_visitors": [], "visit_sheet": [],
        "visit_paper": [paper.public_id], "visit_signed": [],
        "visit_photo": [row.stored.key if row else uuid.UUID(int=1)],
    }  # fmt: skip
    return {name: reverse(f"applications:{name}", args=[visit.key, *more]) for name, more in args.items()}


# ── who reads it ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("who", "sees"), [
    ("office", True), ("lead_division", True), ("expert", True),
    ("owner", True), ("collaborator", True), ("officer_of_studio", True),
    ("attraction", False), ("logistics", False), ("working_group", False), ("applicant", False),
    ("sysadmin", False), ("secadmin", False), ("auditor", False), ("nobody", False), ("superuser", False),
])  # fmt: skip
def test_office_visitors_and_studio_see_the_visit_and_nobody_else(visit, people, client_of, who, sees):
    assert (visit in SiteVisit.objects.visible_to(people[who])) == sees
    assert client_of(people[who]).get(visit.get_absolute_url()).status_code == (200 if sees else 404)


def test_for_outsiders_no_page_of_a_visit_exists(visit, people, client_of):
    photo(visit, by=people["office"])
    for who in ("attraction", "working_group", "applicant", "auditor", "superuser"):
        for name, address in pages_of(visit).items():
            assert client_of(people[who]).get(address).status_code == 404, (who, name)


def test_a_visitor_sees_the_own_visits_only(visit, people, fresh, client_of):
    other = road.visited(fresh("rejected"), by=people["office"])
    page = client_of(people["expert"]).get(reverse("applications:visits"), {"view": "list"})
    assert [row.pk for row in page.context["page"].rows] == [visit.pk]
    assert client_of(people["expert"]).get(other.get_absolute_url()).status_code == 404


def test_a_visitor_who_has_to_avoid_the_case_loses_sight_of_the_visit(visit, people, client_of):
    expert = Expert.objects.filter(user=people["expert"]).first() or road.expert(1, user=people["expert"])
    panel = road.session(by=people["office"], experts=[expert])
    item = AgendaItem.objects.create(session=panel, application=visit.application, order=1)
    assert client_of(people["expert"]).get(visit.get_absolute_url()).status_code == 200
    Conflict.objects.create(item=item, seat=panel.seats.get(), basis="declared")
    client = client_of(people["expert"])
    assert client.get(visit.get_absolute_url()).status_code == 404
    page = client.get(reverse("applications:visits"), {"view": "list"})
    assert list(page.context["page"].rows) == []


def test_an_expert_reads_what_the_visit_needs_and_no_personal_numbers(visit, people, client_of):
    client = client_of(people["expert"])
    pages = "".join(client.get(pages_of(visit)[name]).content.decode() for name in ("visit", "visit_record"))
    for text in (visit.application.studio_name, "陈青松", visit.place, "焊机二十台、探伤设备两套。"):
        assert text in pages
    leader = visit.application.latest_submission().data["leader"]
    for number in (leader["leader_id_number"], leader["leader_mobile"], "32****", "139****"):
        assert number not in pages
    assert client.get(visit.application.get_absolute_url()).status_code == 404
    assert client.get(pages_of(visit)["visit_paper"]).status_code in (200, 202)


def test_the_studio_reads_the_record_once_it_is_made(visit, people, client_of):
    row = photo(visit, by=people["office"])
    record(visit, by=people["office"], findings="还在写的情况")
    owner = client_of(people["owner"])
    assert "还在写的情况" not in owner.get(visit.get_absolute_url()).content.decode()
    addresses = pages_of(visit)
    assert owner.get(addresses["visit_photo"]).status_code == 404
    assert owner.get(addresses["visit_sheet"]).status_code == 403
    assert owner.get(addresses["visit_record"]).status_code == 403
    finish(visit, by=people["office"], findings="写好的情况")
    page = owner.get(visit.get_absolute_url()).content.decode()
    assert "写好的情况" in page
    assert str(row.stored.key) in page
    assert b"".join(owner.get(addresses["visit_photo"]))


def test_the_studio_page_shows_the_coming_visit_and_asks_for_the_answer(visit, people, client_of):
    owner, case = client_of(people["owner"]), visit.application
    page = owner.get(case.get_absolute_url()).content.decode()
    assert visit.get_absolute_url() in page
    assert "现场考察通知" in page
    ask = reverse("applications:visit_step", args=[visit.key, "confirm_visit"])
    assert ask not in page
    finish(visit, by=people["office"])
    assert ask in owner.get(case.get_absolute_url()).content.decode()
    assert "现场查看属实" in owner.get(ask).content.decode()


def test_refused_acts_are_on_the_trail_without_names(visit, people, client_of):
    from park.models import AuditEntry

    post(
        client_of(people["office"]),
        "visit_visitors",
        visit.key,
        visitors=[people["officer_of_studio"].pk, people["office"].pk],
    )
    entry = AuditEntry.objects.filter(verb="change_visitors", result="refused").get()
    assert "申报人员" in entry.note
    assert people["officer_of_studio"].real_name not in entry.note


# ── list and calendar ───────────────────────────────────────────────────────────────────────────
def many(n, *, by, visitors, day=None):
    day = day or timezone.localdate()
    for order in range(1, n + 1):
        row = SiteVisit.objects.create(
            application=road.place(road.filed(), "site_visit"), round=1, visit_on=day, place=f"第{order}站",
            meet_at=time(9), route_order=order, planned_by=by,
        )  # fmt: skip
        for user in visitors:
            row.visitors.create(user=user)


@pytest.mark.parametrize("view", ["list", "month", "day"])
def test_lists_ask_as_often_for_thirty_rows_as_for_one(people, client_of, view):
    office, counts = client_of(people["office"]), []
    day = timezone.localdate()
    address = {
        "list": reverse("applications:visits") + "?view=list",
        "month": reverse("applications:visits"),
        "day": reverse("applications:visit_day", args=[f"{day}"]),
    }[view]
    for n in (1, 29):
        many(n, by=people["office"], visitors=[people["office"], people["expert"]])
        office.get(address)
        counts.append(queries_of(office, address))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def queries_of(client, address) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_month_stands_in_weeks_from_monday(people, client_of):
    many(1, by=people["office"], visitors=[], day=timezone.localdate().replace(year=2031, month=5, day=14))
    page = client_of(people["office"]).get(reverse("applications:visits"), {"month": "2031-05"})
    weeks = page.context["weeks"]
    assert {week[0]["day"].weekday() for week in weeks} == {0}
    assert [cell["day"].day for week in weeks for cell in week if cell["rows"]] == [14]
    assert (page.context["before"], page.context["after"]) == ("2031-04", "2031-06")


@pytest.mark.parametrize(("query", "found"), [
    ({}, 3), ({"q": "第2站"}, 1), ({"q": "没有这里"}, 0), ({"status": "settled"}, 0), ({"status": "nonsense"}, 3),
    ({"mine": "on"}, 3), ({"since": "2031-01-01"}, 3), ({"until": "2030-12-31"}, 0), ({"since": "x"}, 3),
])  # fmt: skip
def test_filters_of_the_list(people, client_of, query, found):
    many(
        3,
        by=people["office"],
        visitors=[people["expert"]],
        day=timezone.localdate().replace(year=2031, month=1, day=5),
    )
    page = client_of(people["expert"]).get(reverse("applications:visits"), {"view": "list", **query})
    assert len(page.context["page"].rows) == found


@pytest.mark.parametrize("month", ["2026-13", "x", "9999-12", "0000-01", ""])
def test_nonsense_for_a_month_is_a_month(people, client_of, month):
    assert (
        client_of(people["office"]).get(reverse("applications:visits"), {"month": month}).status_code == 200
    )


@pytest.mark.parametrize("day", ["2026-02-30", "x"])
def test_a_day_that_is_none_is_404(people, client_of, day):
    assert client_of(people["office"]).get(reverse("applications:visit_day", args=[day])).status_code == 404


# ── papers ──────────────────────────────────────────────────────────────────────────────────────
def printed(visit, kind):
    row = Document.objects.about(visit).filter(kind=kind).first()
    documents.render_document(row)
    return row, page_texts(documents.read(row))


@pytest.fixture
def named(people):
    """A visit whose people and place carry the rarest signs of names."""
    unit = UnitFactory(name=f"镇江{RARE}研究所")
    one = UserFactory(roles=["expert"], real_name="昇堃珺", unit=unit)
    case = road.place(road.filed(studio_name=f"{RARE}技能大师工作室"), "site_visit")
    return plan(case, by=people["office"], visitors=[people["office"], one], preparation="请备好设备清单。")[
        0
    ]


def test_the_notice_says_when_where_who_and_what_to_prepare(named, people):
    row, (page,) = printed(named, "visit_notice")
    for text in ("现场考察通知", named.place, "9:30", "昇堃珺", RARE, "请备好设备清单。", "第三部分(二)2"):
        assert tidy(text) in page
    assert row.number.startswith("KT-")
    later = named.visit_on + timedelta(days=9)
    named = VISIT.perform(
        named,
        "postpone_visit",
        by=people["office"],
        data={"visit_on": later, "meet_at": None, "reason": "设备检修"},
    )
    row, (page,) = printed(named, "visit_notice")
    assert row.version == 2
    for text in ("因故改期(设备检修),原通知同时作废", f"{later.year}年{later.month}月{later.day}日"):
        assert text in page


def test_a_short_notice_says_why(people):
    case = road.place(road.filed(), "site_visit")
    visit = plan(
        case, by=people["office"], visitors=[people["office"], people["expert"]],
        visit_on=timezone.localdate(), short_notice="工作室主动提出。",
    )[0]  # fmt: skip
    assert "不足3个工作日(本园设定),原因:工作室主动提出。" in printed(visit, "visit_notice")[1][0]


def test_the_sheet_holds_lines_findings_outcome_signatures_and_pictures(named, people):
    for n in range(3):
        photo(named, by=people["office"], caption=f"照片{n}{RARE}")
    lines = all_lines() | {"A2.4": ("unmet", "正在制作")}
    visit = finish(named, by=people["office"], lines=lines, findings=f"情况{RARE}")
    row, pages = printed(visit, "visit_sheet")
    text = "".join(pages)
    for words in (
        "入驻申报现场考察记录表", "具备必要的设施和设备", "附件2第4项", "没有", "正在制作", f"情况{RARE}", "考察通过",
        "理由如此。", "昇堃珺", "(签字)", "工作室领衔人(签字)", "年月日", f"照片2{RARE}",
    ):  # fmt: skip
        assert words in text, words
    assert "现场照片" in pages[-1]
    assert "现场照片" not in pages[0]
    assert row.number.startswith("KJ-")
    assert "工作室在线确认" not in text


def test_the_answer_of_the_studio_is_printed_its_signature_is_not(visit, people):
    settled = confirm(finish(visit, by=people["office"]), by=people["owner"], remark="属实，无异议。")
    row, pages = printed(settled, "visit_sheet")
    text = "".join(pages)
    assert row.version == 2
    assert "工作室在线确认" in text
    assert "属实,无异议。" in text
    signature = re.search(r"工作室领衔人\(签字\)(.*?)年月日", text)
    assert signature
    assert signature[1] == ""


def test_long_findings_go_to_a_sheet_of_their_own(visit, people):
    findings = "现场查看了设备和制度。" * 200 + "到此结束。"
    pages = printed(finish(visit, by=people["office"], findings=findings), "visit_sheet")[1]
    assert "详见附页" in "".join(pages[:2])
    assert "到此结束。" in pages[-1]


def test_the_draft_can_be_taken_along(visit, people, client_of):
    response = client_of(people["expert"]).get(reverse("applications:visit_sheet", args=[visit.key]))
    assert response["Content-Type"] == "application/pdf"
    text = "".join(page_texts(response.content))
    assert "草稿" in text
    assert "具备必要的设施和设备" in text
    assert "核验码" not in text


def test_the_hash_of_the_sheet_follows_the_record(visit, people):
    template, before = visit_sheet(visit, print_label="草稿")
    record(visit, by=people["office"])
    assert visit_sheet(SiteVisit.objects.get(pk=visit.pk), print_label="草稿")[1] != before
    assert template == "documents/visit_sheet.html"


def test_the_plan_offers_only_cases_without_an_unfinished_visit(visit, people):
    assert visit.application not in visiting.waiting_for_visit(people["office"])
    case = filled.reviewed(road.filed(), by=people["office"])
    assert case not in visiting.waiting_for_visit(people["office"])  # still in its initial review
