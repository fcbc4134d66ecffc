"""The site visit: who may do what when, planning one or many, putting off, the record, the studio's answer [3.2.2]."""

import io
import itertools
import uuid
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from applications.actions import visiting
from applications.checklist import outcome_contradicts, place_lines
from applications.models import Application, SiteVisit, VisitLine, VisitPhoto
from applications.workflow import ADMISSION, VISIT
from park import attachments, audit, documents, rules
from park.audit import history_of
from park.formkeys import new_key
from park.invariants import REGISTRY
from park.models import Document, Notification, Role
from park.workflow import Refused
from tests.applications import filled, road
from tests.applications.conftest import verbs_of
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

MONDAY = date(2026, 3, 2)  # a working week without holidays follows
# fmt: off
DEMANDED = [
    "3.1.2.startup_intent", "3.1.2.equipment", "3.1.2.funding", "3.1.2.work_rules", "3.1.3.planning", "3.1.3.projects",
]
BASICS = ["A2.1", "A2.4", "A2.5", "A2.6", "A2.7", "A2.8", "A2.9", "A2.10"]
# fmt: on


# ── what the tests stand on ─────────────────────────────────────────────────────────────────────
@pytest.fixture
def office(people):
    return people["office"]


@pytest.fixture
def going(people):
    """Two who go: an officer and an expert."""
    return [people["office"], people["expert"]]


@pytest.fixture
def case(fresh):
    return fresh("site_visit")


def plan(cases, *, by, visitors, visit_on=None, **kwargs):
    cases = cases if isinstance(cases, list) else [cases]
    stops = [visiting.Stop(case, "镇江市丹徒区工业园 1 号", time(9, 30)) for case in cases]
    visit_on = visit_on or timezone.localdate() + timedelta(days=30)
    return visiting.plan_visits(stops, visit_on=visit_on, visitors=visitors, by=by, **kwargs)


@pytest.fixture
def visit(case, office, going):
    return plan(case, by=office, visitors=going)[0]


def all_lines(verdict="met", note="现场查看属实"):
    return dict.fromkeys([*DEMANDED, *BASICS], (verdict, note))


def record(visit, *, by, findings="设备齐全，制度上墙。", lines=None, version=None, saved_from=None):
    version = SiteVisit.objects.get(pk=visit.pk).version if version is None else version
    return visiting.save_record(
        visit,
        findings=findings,
        lines=all_lines() if lines is None else lines,
        version=version,
        saved_from=saved_from or uuid.uuid4(),
        by=by,
    )


def today(visit):
    SiteVisit.objects.filter(pk=visit.pk).update(visit_on=timezone.localdate())
    return SiteVisit.objects.get(pk=visit.pk)


def finish(visit, *, by, outcome="passed", **kwargs):
    visit = record(today(visit), by=by, **kwargs)
    return VISIT.perform(visit, "finish_visit", by=by, data={"outcome": outcome, "reason": "理由如此。"})


def confirm(visit, *, by, answer="online", remark=""):
    return VISIT.perform(visit, "confirm_visit", by=by, data={"answer": answer, "remark": remark})


def in_status(visit, status, people):
    """The same visit brought to a status by its own steps."""
    if status == "cancelled":
        return VISIT.perform(visit, "cancel_visit", by=people["office"], data={"reason": "天气原因"})
    if status in ("recorded", "settled"):
        visit = finish(visit, by=people["office"])
    return confirm(visit, by=people["owner"]) if status == "settled" else visit


def post(client, name, *args, **data):
    return client.post(reverse(f"applications:{name}", args=args), {"form_key": new_key(), **data})


def jpeg(exif=True, colour=(90, 140, 170)):
    picture, out = Image.new("RGB", (120, 90), colour), io.BytesIO()
    tags = Image.Exif()
    tags[0x010F], tags[0x0132] = "Camera of the visitor", "2026:03:05 09:30:00"
    tags.get_ifd(0x8825)[2] = (32.0, 11.0, 30.0)  # GPS latitude
    picture.save(out, "JPEG", exif=tags if exif else b"")
    return SimpleUploadedFile("现场.jpg", out.getvalue(), content_type="image/jpeg")


def photo(visit, *, by, key=None, **kwargs):
    checked = attachments.check(jpeg(), kinds=attachments.IMAGE)
    return visiting.add_photo(visit, checked, client_key=key or uuid.uuid4(), by=by, **kwargs)


def notices_of(visit):
    """(version, state) of the notices, oldest first."""
    rows = Document.objects.about(visit).filter(kind="visit_notice").order_by("version")
    return [(row.version, "stands" if row.state in ("pending", "issued") else row.state) for row in rows]


def offenders():
    """Of the invariants that a visit touches."""
    mine = [i for i in REGISTRY if i.name.startswith("visit_") or i.name == "review_decided"]
    return {i.name: found for i in mine if (found := i.offenders())}


# ── the procedure, retyped by hand ──────────────────────────────────────────────────────────────
# The office arranges; who goes records; the studio says whether the facts are right; nobody visits their own.
OFFICE, VISITORS, STUDIO = (
    {"office", "lead_division"},
    {"office", "expert"},
    {"owner", "collaborator", "officer_of_studio"},
)
# fmt: off
MAY = {
    "planned":   {"postpone_visit": OFFICE, "cancel_visit": OFFICE, "finish_visit": VISITORS, "drop_visit": {"system"}},
    "recorded":  {"reopen_visit": VISITORS, "confirm_visit": STUDIO, "sign_visit": OFFICE | VISITORS,
                  "drop_visit": {"system"}},
    "settled":   {},
    "cancelled": {},
}
LEADS_TO = {
    "postpone_visit": "planned", "cancel_visit": "cancelled", "finish_visit": "recorded", "reopen_visit": "planned",
    "confirm_visit": "settled", "sign_visit": "settled", "drop_visit": "cancelled",
}
# fmt: on
WHO = ["owner", "collaborator", "officer_of_studio", "superuser", "nobody", "system", *Role.values]


@pytest.mark.parametrize("status", MAY)
def test_steps_offered_by_role_and_status(visit, people, status):
    visit = in_status(visit, status, people)
    for who in WHO:
        offered = {s.name for s in VISIT.open_to(people.get(who), visit)}
        assert offered == {step for step, allowed in MAY[status].items() if who in allowed}, who


@pytest.mark.parametrize("status", MAY)
def test_the_wrong_person_is_forbidden_and_the_wrong_time_refused(visit, people, status):
    visit = in_status(visit, status, people)
    before = history_of(visit).count()
    ever = {step: set().union(*(allowed.get(step, set()) for allowed in MAY.values())) for step in LEADS_TO}
    for step, who in itertools.product(LEADS_TO, WHO):
        if who in MAY[status].get(step, ()):
            continue
        with pytest.raises(Refused if who in ever[step] else PermissionDenied):
            VISIT.perform(visit, step, by=people.get(who))
    visit.refresh_from_db()
    assert (visit.status, history_of(visit).count()) == (status, before)


def test_steps_lead_on_and_every_status_speaks(visit):
    assert {s.name: s.target for s in VISIT.steps.values()} == LEADS_TO
    assert {s: stage.turn for s, stage in VISIT.stages.items()} == {
        "planned": "office", "recorded": "applicant", "settled": "", "cancelled": "",
    }  # fmt: skip
    assert all(stage.public.endswith("。") for stage in VISIT.stages.values())
    assert {audit.LABELS[step.name] for step in VISIT.steps.values()} == {
        s.label for s in VISIT.steps.values()
    }


# ── plan ────────────────────────────────────────────────────────────────────────────────────────
def test_one_plan_sends_notice_and_messages(case, people, going):
    visit = plan(case, by=people["office"], visitors=going)[0]
    assert (visit.status, visit.round, visit.route_order) == ("planned", 1, 1)
    assert [row.user for row in visit.visitors.all()] == going
    assert notices_of(visit) == [(1, "stands")]
    assert verbs_of(visit) == ["plan_visit"]
    told = set(
        Notification.objects.filter(url=visit.get_absolute_url()).values_list("user__username", flat=True)
    )
    assert told == {"the-expert", "the-owner", "the-collaborator", "the-officer-of-studio"}
    assert offenders() == {}


def three_cases(office):
    cases = [road.filed() for _ in range(3)]
    for case in cases:
        filled.reviewed(case, by=office)
    return [ADMISSION.perform(c, "pass_review", by=office, data={"opinion": "同意。"}) for c in cases]


def test_many_studios_in_one_go_in_the_order_of_the_route(office, going):
    cases = three_cases(office)
    stops = [visiting.Stop(c, f"地点{n}", time(9 + n), n) for n, c in zip((3, 1, 2), cases, strict=True)]
    day = timezone.localdate() + timedelta(days=30)
    visits = visiting.plan_visits(stops, visit_on=day, visitors=going, by=office)
    assert [(v.application, v.place, v.route_order) for v in visits] == [
        (cases[1], "地点1", 1), (cases[2], "地点2", 2), (cases[0], "地点3", 3),
    ]  # fmt: skip
    assert Document.objects.filter(kind="visit_notice").count() == 3


def test_all_visits_of_a_plan_or_none(office, going, fresh):
    cases = [*three_cases(office), fresh("rejected")]
    with pytest.raises(Refused, match="不能安排现场考察"):
        plan(cases, by=office, visitors=going)
    assert SiteVisit.objects.filter(application__in=cases, status="planned").count() == 0
    assert Document.objects.filter(kind="visit_notice").count() == 0


@pytest.mark.parametrize(
    ("visitors", "sentence"),
    [
        (["office"], "考察至少2人（本园设定），现在选了1人。"),
        (["office", "officer_of_studio"], "不能考察自己的工作室"),
    ],
)
def test_enough_people_and_none_of_the_studio(case, people, visitors, sentence):
    with pytest.raises(Refused, match=sentence):
        plan(case, by=people["office"], visitors=[people[name] for name in visitors])


def test_the_number_of_visitors_is_a_setting(case, office):
    rules.set_rule("visit_min_visitors", 1, by=UserFactory(roles=["office"]), reason="试行")
    assert plan(case, by=office, visitors=[office])[0].visitors.count() == 1


def test_nobody_arranges_a_visit_to_their_own_studio(case, people, going):
    with pytest.raises(Refused, match="您本人参与的申报"):
        plan(case, by=people["officer_of_studio"], visitors=going)


# The notice goes out on Monday; three working days between are the park's setting: Thursday is in time.
@pytest.mark.parametrize(("days", "in_time"), [(0, False), (2, False), (3, True), (9, True)])
def test_notice_days_are_working_days(case, office, going, clock, days, in_time):
    clock(f"{MONDAY}")
    day = MONDAY + timedelta(days=days)
    if in_time:
        assert plan(case, by=office, visitors=going, visit_on=day)[0].short_notice == ""
        return
    with pytest.raises(Refused, match="应提前3个工作日通知（本园设定）"):
        plan(case, by=office, visitors=going, visit_on=day)
    visit = plan(case, by=office, visitors=going, visit_on=day, short_notice="工作室主动提出")[0]
    assert visit.short_notice == "工作室主动提出"
    assert history_of(visit).get(verb="plan_visit").note == "通知不足期限：工作室主动提出"


def test_a_weekend_does_not_count_as_notice(case, office, going, clock):
    clock("2026-03-06")  # a Friday: Monday, Tuesday, Wednesday are the three
    with pytest.raises(Refused, match="应提前3个工作日"):
        plan(case, by=office, visitors=going, visit_on=date(2026, 3, 10))
    assert plan(case, by=office, visitors=going, visit_on=date(2026, 3, 11))


def test_no_visit_in_the_past(case, office, going):
    with pytest.raises(Refused, match="不能早于今天"):
        plan(case, by=office, visitors=going, visit_on=timezone.localdate() - timedelta(days=1))


def test_planning_on_the_page(case, office, client_of, going):
    day = timezone.localdate() + timedelta(days=30)
    data = {
        f"case-{case.pk}-chosen": "on", f"case-{case.pk}-place": "工业园", f"case-{case.pk}-meet_at": "09:30",
        f"case-{case.pk}-route_order": "1", "visit_on": f"{day}", "visitors": [u.pk for u in going],
    }  # fmt: skip
    response = post(client_of(office), "plan_visits", **data)
    assert response.url == reverse("applications:visit_day", args=[f"{day}"])
    visit = case.visits.get()
    assert (visit.place, visit.meet_at, visit.visit_on) == ("工业园", time(9, 30), day)


def test_what_was_typed_stays_when_the_plan_is_refused(case, office, client_of):
    day = timezone.localdate() + timedelta(days=30)
    data = {f"case-{case.pk}-chosen": "on", f"case-{case.pk}-place": "独特的地点", "visit_on": f"{day}"}
    response = post(client_of(office), "plan_visits", visitors=[office.pk], **data)
    assert response.status_code == 409
    assert "独特的地点" in response.content.decode()
    response = post(client_of(office), "plan_visits", **data)
    assert response.status_code == 422
    assert "请选择考察人员。" in response.content.decode()


@pytest.mark.parametrize("who", ["owner", "expert", "working_group", "auditor"])
def test_only_the_office_plans(people, client_of, who):
    assert client_of(people[who]).get(reverse("applications:plan_visits")).status_code == 403


# ── change the plan ─────────────────────────────────────────────────────────────────────────────
def test_putting_off_renews_the_notice(visit, office):
    day, was = visit.visit_on + timedelta(days=7), visit.visit_on
    data = {"visit_on": day, "meet_at": time(14), "reason": "领衔人参加竞赛"}
    visit = VISIT.perform(visit, "postpone_visit", by=office, data=data)
    assert (visit.status, visit.visit_on, visit.meet_at, visit.postponed) == ("planned", day, time(14), 1)
    assert (visit.postponed_from, visit.postponed_why) == (was, "领衔人参加竞赛")
    assert notices_of(visit) == [(1, "superseded"), (2, "stands")]
    assert len(set(Document.objects.about(visit).values_list("number", flat=True))) == 1
    assert Notification.objects.filter(user__username="the-owner", text__contains="改期").exists()
    assert offenders() == {}


def test_calling_off_withdraws_the_notice_and_frees_the_case(visit, case, office, going):
    visit = VISIT.perform(visit, "cancel_visit", by=office, data={"reason": "台风"})
    assert (visit.status, visit.cancelled_why) == ("cancelled", "台风")
    assert notices_of(visit) == [(1, "withdrawn")]
    again = plan(case, by=office, visitors=going)[0]
    assert (again.round, notices_of(again)) == (2, [(1, "stands")])
    assert offenders() == {}


def test_the_studio_that_withdraws_calls_its_visit_off(visit, case, people):
    ADMISSION.perform(case, "withdraw", by=people["owner"])
    visit.refresh_from_db()
    assert (visit.status, visit.cancelled_why) == ("cancelled", "申报已撤回")
    assert notices_of(visit) == [(1, "withdrawn")]
    entry = history_of(visit).get(verb="drop_visit")
    assert (entry.by, entry.after) == (None, "cancelled")
    assert Notification.objects.filter(user__username="the-expert", text__contains="已取消").exists()
    assert offenders() == {}


def test_withdrawal_with_a_finished_record_withdraws_its_sheet(visit, case, people):
    finish(visit, by=people["office"])
    ADMISSION.perform(case, "withdraw", by=people["owner"])
    states = dict(Document.objects.about(visit).values_list("kind", "state"))
    assert states == {"visit_notice": "withdrawn", "visit_sheet": "withdrawn"}


def test_only_one_unfinished_visit(visit, case, office, going):
    with pytest.raises(Refused, match="已有一次没有办结的现场考察"):
        plan(case, by=office, visitors=going)


def test_a_new_round_after_the_outcome_again(visit, case, people, going):
    confirm(finish(visit, by=people["office"], outcome="again"), by=people["owner"])
    assert list(visiting.waiting_for_visit(people["office"])) == [case]
    second = plan(case, by=people["office"], visitors=going)[0]
    assert second.round == 2
    assert ADMISSION.steps["pass_visit"].missing(case) == ["第2次现场考察还没有完成记录。"]


def test_no_new_round_once_there_is_a_verdict(visit, case, people, going):
    confirm(finish(visit, by=people["office"]), by=people["owner"])
    assert list(visiting.waiting_for_visit(people["office"])) == []
    with pytest.raises(Refused, match="已有结论"):
        plan(case, by=people["office"], visitors=going)


def test_other_visitors_get_a_new_notice(visit, people):
    others = [people["expert"], people["attraction"]]
    visiting.change_visitors(visit, others, by=people["office"])
    assert [row.user for row in visit.visitors.all()] == others
    assert notices_of(visit) == [(1, "superseded"), (2, "stands")]
    entry = history_of(visit).get(verb="change_visitors")
    assert (entry.before, entry.after) == ("2人", "2人")


@pytest.mark.parametrize("visitors", [["expert"], ["expert", "officer_of_studio"]])
def test_visitors_stay_enough_and_none_of_the_studio(visit, people, visitors):
    with pytest.raises(Refused):
        visiting.change_visitors(visit, [people[name] for name in visitors], by=people["office"])
    assert visit.visitors.count() == 2


def test_up_and_down_on_the_route(office, going, client_of):
    visits = plan(three_cases(office), by=office, visitors=going)
    post(client_of(office), "visit_move", visits[2].key, to="up")
    post(client_of(office), "visit_move", visits[0].key, to="up")  # first already
    route = SiteVisit.objects.filter(visit_on=visits[0].visit_on).order_by("route_order")
    route = route.values_list("pk", flat=True)
    assert list(route) == [visits[0].pk, visits[2].pk, visits[1].pk]
    page = client_of(office).get(reverse("applications:visit_day", args=[f"{visits[0].visit_on}"]))
    assert [stop["visit"].pk for stop in page.context["stops"]] == list(route)


# ── the record ──────────────────────────────────────────────────────────────────────────────────
def test_the_checklist_of_the_place():
    assert [(line.item, line.demanded) for line in place_lines(filled.TYPED)] == [
        *((item, True) for item in DEMANDED), *((item, False) for item in BASICS),
    ]  # fmt: skip
    with_project = place_lines({"conditions": {"key_project": True}})
    assert [line.item for line in with_project if not line.demanded] == ["3.1.3.key_project", *BASICS]


@pytest.mark.parametrize(("outcome", "unmet", "refused"), [
    ("passed", [],                       False),
    ("passed", ["A2.4"],                 False),  # a basic of [A2] is not a condition of entering
    ("passed", ["3.1.2.funding"],        True),
    ("failed", ["3.1.2.funding"],        False),
    ("failed", [],                       True),
    ("failed", ["A2.4"],                 True),
    ("again",  [],                       False),
    ("again",  ["3.1.2.funding"],        False),
])  # fmt: skip
def test_an_outcome_rests_on_the_verdicts(outcome, unmet, refused):
    verdicts = dict.fromkeys([*DEMANDED, *BASICS], "met") | dict.fromkeys(unmet, "unmet")
    assert bool(outcome_contradicts(outcome, place_lines(filled.TYPED), verdicts)) == refused


@pytest.mark.parametrize(
    ("step", "kwargs", "sentence"),
    [
        ("unfinished line", {"lines": {"A2.1": ("met", "")}}, "考察项目还有 13 项没有结论。"),
        ("only a note", {"lines": all_lines() | {"A2.1": ("", "看不清")}}, "考察项目还有 1 项没有结论。"),
        ("no findings", {"findings": "  "}, "还没有填写综合考察情况。"),
        ("unmet without words", {"lines": all_lines() | {"3.1.2.funding": ("unmet", "")}}, "请先在考察记录中写明说明"),
        ("against the lines", {"lines": all_lines() | {"3.1.2.funding": ("unmet", "没有凭证")}}, "结论不能是“考察通过”"),
    ],
)  # fmt: skip
def test_an_unfinished_record_is_not_closed(visit, office, step, kwargs, sentence):
    with pytest.raises(Refused, match=sentence):
        finish(visit, by=office, **kwargs)
    visit.refresh_from_db()
    assert (visit.status, visit.outcome) == ("planned", "")


def test_the_record_is_not_closed_before_the_day(visit, office):
    record(visit, by=office)
    with pytest.raises(Refused, match="当天起才能完成记录"):
        VISIT.perform(visit, "finish_visit", by=office, data={"outcome": "passed", "reason": "好"})


def test_the_record_is_closed_once_and_frozen_by_the_database(visit, office):
    visit = finish(visit, by=office)
    assert (visit.status, visit.outcome, visit.recorded_by) == ("recorded", "passed", office)
    with pytest.raises(Refused, match="不能修改"):
        record(visit, by=office, findings="改写")
    for write in (
        lambda: VisitLine.objects.filter(visit=visit).update(verdict="unmet"),
        lambda: VisitLine.objects.filter(visit=visit).delete(),
        lambda: VisitLine.objects.create(visit=visit, item="x", verdict="met"),
        lambda: SiteVisit.objects.filter(pk=visit.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_a_record_sent_back_is_open_again_and_its_sheet_falls(visit, office):
    visit = finish(visit, by=office)
    visit = VISIT.perform(visit, "reopen_visit", by=office, data={"reason": "地点写错"})
    assert (visit.status, visit.outcome, visit.recorded_at) == ("planned", "", None)
    visit = finish(visit, by=office, findings="改正后。")
    sheets = Document.objects.about(visit).filter(kind="visit_sheet").order_by("pk")
    assert len(sheets) == 2
    assert sheets[0].state == "withdrawn"
    assert sheets[0].content_hash != sheets[1].content_hash


def record_form(visit, saved_from=None, version=None, findings="我写的情况", **lines):
    data = {"findings": findings, "version": visit.version if version is None else version}
    data["saved_from"] = str(saved_from or uuid.uuid4())
    return data | {f"{item.replace('.', '_')}-verdict": verdict for item, verdict in lines.items()}


def test_saving_on_the_page_any_time(visit, office, client_of):
    client = client_of(office)
    response = post(client, "visit_record", visit.key, **record_form(visit, A2__1="met"))
    assert response.url == reverse("applications:visit_record", args=[visit.key])
    visit.refresh_from_db()
    assert (visit.findings, visit.version, visit.saved_by) == ("我写的情况", 1, office)
    page = client.get(response.url).content.decode()
    assert "我写的情况" in page
    assert "厚板" not in page  # only what bears on the lines is read beside them
    assert "焊机二十台、探伤设备两套。" in page
    assert "大型舵叶焊接变形控制" in page


def test_a_note_without_a_verdict_is_kept(visit, office):
    record(visit, by=office, lines={"A2.1": ("", "门口正在安装")})
    assert list(visit.lines.values_list("item", "verdict", "note")) == [("A2.1", "", "门口正在安装")]


def test_two_writers_conflict_with_both_texts(visit, people, client_of):
    record(visit, by=people["expert"], findings="专家先保存的情况", lines={"A2.1": ("unmet", "没有挂牌")})
    data = record_form(visit, version=0, findings="我写的情况") | {
        "A2_1-verdict": "met",
        "A2_1-note": "已挂牌",
    }
    response = post(client_of(people["office"]), "visit_record", visit.key, **data)
    assert response.status_code == 409
    page = response.content.decode()
    for text in ("专家先保存的情况", "没有挂牌", "我写的情况", "已挂牌"):
        assert text in page
    visit.refresh_from_db()
    assert (visit.findings, visit.version) == ("专家先保存的情况", 1)
    assert response.context["version"] == 1  # saving again is then meant
    again = data | {"version": response.context["version"]}
    assert post(client_of(people["office"]), "visit_record", visit.key, **again).status_code == 302
    visit.refresh_from_db()
    assert (visit.findings, visit.version) == ("我写的情况", 2)


def test_an_answer_lost_on_the_way_is_no_conflict(visit, office):
    """The phone saved, never heard of it, typed on and saves again: the version it did not learn of is its own."""
    page = uuid.uuid4()
    record(visit, by=office, findings="一", version=0, saved_from=page)
    record(visit, by=office, findings="一二", version=0, saved_from=page)
    visit.refresh_from_db()
    assert (visit.findings, visit.version) == ("一二", 2)
    other = uuid.uuid4()
    record(visit, by=office, findings="另一页", version=2, saved_from=other)
    with pytest.raises(Refused, match="您在另一个页面保存过"):
        record(visit, by=office, findings="一二三", version=2, saved_from=page)


def test_the_same_record_twice_is_one(visit, office):
    record(visit, by=office)
    record(visit, by=office, version=0)
    assert verbs_of(visit).count("save_visit") == 1


def test_the_script_is_answered_in_its_words(visit, people, client_of):
    url = reverse("applications:visit_record", args=[visit.key])
    data = record_form(visit) | {"form_key": new_key()}
    client = client_of(people["office"])
    answer = client.post(url, data, headers={"Accept": "application/json"}).json()
    assert (answer["ok"], answer["version"], answer["location"]) == (True, 1, "")
    answer = client.post(url, data, headers={"Accept": "application/json"}).json()  # the same form once more
    assert (answer["ok"], answer["version"]) == (True, 1)
    record(visit, by=people["expert"], findings="他人", version=1)
    stale = data | {"form_key": new_key(), "findings": "新的"}
    response = client.post(url, stale, headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["conflict"]) == (409, True)


@pytest.mark.parametrize("who", ["lead_division", "attraction", "owner", "officer_of_studio"])
def test_only_who_goes_records(visit, people, client_of, who):
    response = post(client_of(people[who]), "visit_record", visit.key, **record_form(visit))
    assert response.status_code in (403, 404)
    visit.refresh_from_db()
    assert visit.version == 0


def test_refused_text_stays_on_the_page(visit, office, client_of):
    response = post(client_of(office), "visit_record", visit.key, **record_form(visit, findings="长" * 3001))
    assert response.status_code == 422
    assert "最多 3000 字，现有 3001 字" in response.content.decode()


# ── pictures ────────────────────────────────────────────────────────────────────────────────────
def test_a_picture_sent_again_is_one_and_has_no_exif(visit, office, client_of):
    key, client = uuid.uuid4(), client_of(office)
    url = reverse("applications:visit_photos", args=[visit.key])
    assert b"Camera of the visitor" in jpeg().read()
    for _ in range(3):
        client.post(url, {"client_key": str(key), "caption": "设备\x00间", "photo": jpeg()})
    row = VisitPhoto.objects.get()
    assert (row.client_key, row.caption) == (key, "设备间")
    content = attachments.content_of(row.stored)
    assert b"Camera of the visitor" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert dict(picture.getexif()) == {}
    assert verbs_of(visit).count("add_visit_photo") == 1


def test_several_pictures_of_the_album_at_once(visit, office, client_of):
    url, key = reverse("applications:visit_photos", args=[visit.key]), str(uuid.uuid4())
    pictures = [jpeg(colour=(n, 0, 0)) for n in (10, 120, 230)]
    for _ in range(2):
        for picture in pictures:
            picture.seek(0)
        client_of(office).post(url, {"client_key": key, "album": pictures})
    assert visit.photos.count() == 3


def test_what_is_no_picture_is_refused(visit, office, client_of):
    url = reverse("applications:visit_photos", args=[visit.key])
    file = SimpleUploadedFile("现场.jpg", b"%PDF-1.7 not a picture", content_type="image/jpeg")
    answer = client_of(office).post(
        url, {"client_key": str(uuid.uuid4()), "photo": file}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["ok"]) == (422, False)
    assert VisitPhoto.objects.count() == 0


def test_a_picture_taken_out_is_no_longer_shown(visit, office, client_of):
    row, client = photo(visit, by=office), client_of(office)
    address = reverse("applications:visit_photo", args=[visit.key, row.stored.key])
    assert b"".join(client.get(address)) == attachments.content_of(row.stored)
    post(client, "visit_photo_remove", visit.key, row.stored.key)
    assert client.get(address).status_code == 404
    row.refresh_from_db()
    assert (row.removed_by, verbs_of(visit)[-1]) == (office, "remove_visit_photo")


def test_pictures_stand_still_once_the_record_is_closed(visit, office):
    row = photo(visit, by=office)
    visit = finish(visit, by=office)
    for act in (lambda: photo(visit, by=office), lambda: visiting.remove_photo(row, by=office)):
        with pytest.raises(Refused, match="不能修改"):
            act()


# ── the studio's answer ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("who", ["owner", "collaborator"])
def test_the_studio_confirms_with_a_remark(visit, people, client_of, who):
    visit = finish(visit, by=people["office"])
    response = post(
        client_of(people[who]), "visit_step", visit.key, "confirm_visit", answer="online", remark="记录属实"
    )
    assert response.url == visit.get_absolute_url()
    visit.refresh_from_db()
    assert (visit.status, visit.confirmation, visit.studio_remark) == ("settled", "online", "记录属实")
    assert visit.confirmed_by == people[who]
    sheets = Document.objects.about(visit).filter(kind="visit_sheet").order_by("version")
    assert [(s.version, s.state == "superseded") for s in sheets] == [(1, True), (2, False)]


def test_a_refusal_needs_words_and_is_shown(visit, case, people, client_of):
    visit = finish(visit, by=people["office"])
    owner = client_of(people["owner"])
    response = post(owner, "visit_step", visit.key, "confirm_visit", answer="refused", remark="")
    assert response.status_code == 422
    assert "请写明哪些内容有出入" in response.content.decode()
    post(owner, "visit_step", visit.key, "confirm_visit", answer="refused", remark="面积写错了")
    visit.refresh_from_db()
    assert (visit.status, visit.confirmation) == ("settled", "refused")
    for address in (visit.get_absolute_url(), case.get_absolute_url()):
        page = client_of(people["office"]).get(address).content.decode()
        assert "不予确认" in page
        assert "面积写错了" in page
    assert list(visiting.waiting_for_visit(people["office"])) == [case]  # may be gone to see again


def scan_of(document=None):
    """A scan of the signed sheet; with its QR code where a paper is given."""
    import segno

    out, sheet = io.BytesIO(), Image.new("RGB", (900, 1200), "white")
    if document is not None:
        code = io.BytesIO()
        segno.make(document.check_url, error="m").save(code, kind="png", scale=8)
        sheet.paste(Image.open(code).convert("RGB"), (300, 600))
    sheet.save(out, "PNG")
    return SimpleUploadedFile("签字.png", out.getvalue(), content_type="image/png")


@pytest.mark.parametrize(("which", "ticked", "taken"), [
    ("the sheet", False, True),
    ("no code",   False, False),
    ("no code",   True,  True),
    ("another",   True,  False),  # the code speaks against the tick
])  # fmt: skip
def test_a_signed_sheet_is_registered(visit, people, client_of, which, ticked, taken):
    visit = finish(visit, by=people["office"])
    papers = {
        "the sheet": Document.objects.about(visit).get(kind="visit_sheet"),
        "another": Document.objects.about(visit).get(kind="visit_notice"),
        "no code": None,
    }
    data = {"scan": scan_of(papers[which]), "remark": "无异议"} | ({"same_sheet": "on"} if ticked else {})
    response = post(client_of(people["lead_division"]), "visit_step", visit.key, "sign_visit", **data)
    assert response.status_code == (302 if taken else 422)
    visit.refresh_from_db()
    assert (visit.status, visit.confirmation) == (("settled", "paper") if taken else ("recorded", ""))
    if taken:
        signed = reverse("applications:visit_signed", args=[visit.key])
        assert b"".join(client_of(people["owner"]).get(signed)) == attachments.content_of(visit.signed_sheet)


# ── on with the application ─────────────────────────────────────────────────────────────────────
def test_passing_needs_a_settled_visit_that_passed(case, visit, people, office):
    missing = ADMISSION.steps["pass_visit"].missing
    assert missing(case) == ["第1次现场考察还没有完成记录。"]
    visit = finish(visit, by=office)
    assert missing(case) == ["第1次考察记录还没有经工作室确认或签字。"]
    confirm(visit, by=people["owner"])
    assert missing(case) == []
    case = ADMISSION.perform(case, "pass_visit", by=office)
    assert case.status == "deliberation"
    assert offenders() == {}


def test_a_failed_visit_ends_the_application_with_a_letter(case, visit, people, client_of):
    lines = all_lines() | {"3.1.2.funding": ("unmet", "没有经费凭证")}
    confirm(finish(visit, by=people["office"], outcome="failed", lines=lines), by=people["owner"])
    assert ADMISSION.steps["pass_visit"].missing(case) == ["最近一次考察的结论是“考察不通过”。"]
    response = post(
        client_of(people["office"]),
        "step",
        case.key,
        "reject_visit",
        clause="3.1.2",
        reason="没有工作经费支持。",
    )
    assert response.status_code == 302
    case, visit = Application.objects.get(pk=case.pk), SiteVisit.objects.get(pk=visit.pk)
    assert case.status == "rejected"
    assert case.review_decision.outcome == "passed"  # the initial review stays what it was
    assert (visit.refusal_clause, visit.refusal_reason, visit.refused_by) == (
        "3.1.2", "没有工作经费支持。", people["office"],
    )  # fmt: skip
    letter = Document.objects.about(visit).get(kind="visit_rejection")
    text = documents.render_html(letter)
    for words in ("经现场考察，不予通过", "没有工作经费支持。", "第三部分（一）2"):
        assert words in text
    page = client_of(people["owner"]).get(case.get_absolute_url()).content.decode()
    assert "没有工作经费支持。" in page
    assert "现场考察不予通过告知书" in page
    assert offenders() == {}


def test_the_case_page_of_the_office_shows_plan_visit_and_steps(case, people, client_of, going):
    client = client_of(people["office"])
    page = client.get(case.get_absolute_url()).content.decode()
    assert f"{reverse('applications:plan_visits')}?case={case.key}" in page
    assert "还没有安排现场考察。" in page
    visit = plan(case, by=people["office"], visitors=going)[0]
    page = client.get(case.get_absolute_url()).content.decode()
    assert visit.get_absolute_url() in page
    assert "第1次现场考察还没有完成记录。" in page
    assert f"{reverse('applications:plan_visits')}?case={case.key}" not in page


# ── the database knows ──────────────────────────────────────────────────────────────────────────
def test_invariants_name_what_is_wrong(visit, case, people, office):
    Document.objects.about(visit).update(state="withdrawn", reason="试")
    Application.objects.filter(pk=case.pk).update(status="deliberation")
    SiteVisit.objects.filter(pk=visit.pk).update(round=3)
    visit.visitors.filter(user=office).update(user=people["owner"])
    assert offenders() == {
        "visit_while_visited": [str(visit.pk)],
        "visit_rounds": [str(case.pk)],
        "visit_passed": [case.number],
        "visit_told": [str(visit.pk)],
        "visit_not_one_own": [str(visit.pk)],
    }
