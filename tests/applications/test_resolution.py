"""The working group's word [3.2.3]: opinions of the member units, the decision row by row, and box 12 after it [A1]."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from applications.actions import resolving
from applications.models import Application, BallotRound, ListEntry, MemberOpinion
from applications.papers import papers_of
from applications.papers.listing import panel_conclusion
from applications.workflow import ADMISSION, LIST
from park import actions, documents
from park.formkeys import new_key
from park.models import Body, Document, Notification, Unit
from park.workflow import Refused
from tests.applications import road
from tests.applications.conftest import verbs_of
from tests.applications.test_listing import member
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

MINUTES = "镇人社纪要〔2026〕8号"


@pytest.fixture
def office(db):
    return UserFactory(roles=["office"], real_name="周经办")


@pytest.fixture
def leader(db):
    return member("working_group", leader=True, real_name="郑组长")


@pytest.fixture
def school(db):
    """A member unit: 镇江技师学院."""
    return member(Body.objects.get(name__contains="技师学院").code, real_name="孙院长")


@pytest.fixture
def sent(office):
    """A list of two 候选 and one 候补."""
    cases = [road.candidate(office=office, approve=n, oppose=int(n < 5)) for n in (5, 4, 3)]
    row = road.candidate_list(cases, by=office, places=2)
    return row, [Application.objects.get(pk=c.pk) for c in cases]


def said(row, *decisions, **fields):
    """What the leader decides, by rank: `approve`, `decline`, `return`."""
    entries = row.entries.order_by("rank")
    return {
        "minutes_no": MINUTES,
        "minutes_on": timezone.localdate(),
        "resolution": "同意公示。",
        "decisions": {
            e.pk: {"decision": d, "reason": "" if d == "approve" else "规划尚不成熟。", "own_unit": False}
            for e, d in zip(entries, decisions, strict=True)
        },
    } | fields


def resolve(row, leader, *decisions, **fields):
    return LIST.perform(row, "resolve_list", by=leader, data=said(row, *decisions, **fields))


def typed(row, *decisions, **fields):
    """The same as a browser posts it."""
    data = {"form_key": new_key(), "minutes_no": MINUTES, "minutes_on": timezone.localdate().isoformat()}
    data |= {"resolution": "同意公示。", "stage": "confirm"}
    for entry, decision in zip(row.entries.order_by("rank"), decisions, strict=True):
        data |= {
            f"decision_{entry.pk}": decision,
            f"reason_{entry.pk}": "" if decision == "approve" else "不成熟。",
        }
    return data | fields


def statuses(cases):
    return [Application.objects.get(pk=c.pk).status for c in cases]


# ── what each decision means, as a table ────────────────────────────────────────────────────────
# fmt: off
OUTCOMES = [
    # place        decision     status after     entry open   letter waiting
    ("candidate",  "approve",   "approved",      True,        None),
    ("candidate",  "decline",   "declined",      False,       "not_admitted"),
    ("candidate",  "return",    "deliberation",  False,       None),
    ("waitlist",   "approve",   "waitlisted",    True,        "waitlisted"),
    ("waitlist",   "decline",   "declined",      False,       "not_admitted"),
    ("waitlist",   "return",    "deliberation",  False,       None),
]
# fmt: on


@pytest.mark.parametrize(("place", "decision", "status", "is_open", "letter"), OUTCOMES)
def test_what_a_decision_means(office, leader, place, decision, status, is_open, letter):
    first, second = (road.candidate(office=office) for _ in range(2))
    row = road.candidate_list([first, second], by=office, places=1)
    other = "approve"
    decisions = (decision, other) if place == "candidate" else (other, decision)
    row = resolve(row, leader, *decisions)
    case = first if place == "candidate" else second
    case.refresh_from_db()
    entry = row.entries.get(application=case)
    assert (case.status, entry.is_open, entry.decision, entry.decided_by) == (
        status,
        is_open,
        decision,
        leader,
    )
    waiting = case.letters.filter(sent_at=None, dropped_at=None).first()
    assert (waiting and waiting.kind) == letter
    assert (row.status, row.resolved_by, row.minutes_no) == ("resolved", leader, MINUTES)


def test_a_case_returned_is_open_to_another_panel_and_another_list(office, leader):
    case = road.candidate(office=office)
    row = resolve(road.candidate_list([case], by=office), leader, "return")
    case.refresh_from_db()
    assert case.status == "deliberation"
    again = road.agenda_item(road.session(by=office), case, by=office)
    road.closed_round(again, by=office)
    type(again).objects.filter(pk=again.pk).update(is_open=False)
    case = road.place(case, "candidate")
    second = road.candidate_list([case], by=office)
    assert case.list_entries.get(is_open=True).list == second
    assert row.entries.get().decision == "return"


def test_the_office_is_told_and_the_paper_issued(office, leader, sent):
    row, _ = sent
    resolve(row, leader, "approve", "approve", "approve")
    assert Notification.objects.filter(user=office, url=row.get_absolute_url()).count() == 1
    paper = Document.objects.get(kind="resolution")
    assert paper.number == "RD" + row.number[2:]
    assert verbs_of(row, result="ok")[-1] == "resolve_list"


def test_a_row_without_a_decision_keeps_the_whole_back(leader, sent):
    row, cases = sent
    data = said(row, "approve", "approve", "approve")
    data["decisions"].pop(row.entries.get(rank=2).pk)
    with pytest.raises(Refused, match=r"第2名.*还没有决定"):
        LIST.perform(row, "resolve_list", by=leader, data=data)
    assert statuses(cases) == ["listed"] * 3
    assert not row.entries.exclude(decision="").exists()


def test_a_case_withdrawn_meanwhile_is_skipped_and_said(leader, sent, client_of):
    """The page was open while the studio withdrew; what was typed on that row does not count."""
    row, cases = sent
    data = typed(row, "approve", "approve", "approve")
    ADMISSION.perform(cases[0], "withdraw", by=cases[0].applicant)
    response = client_of(leader).post(reverse("applications:resolve_list", args=[row.key]), data, follow=True)
    assert f"第1名{cases[0]}：申报人已撤回，没有作决定。" in response.content.decode()
    assert statuses(cases) == ["withdrawn", "approved", "waitlisted"]
    entry = row.entries.get(rank=1)
    assert (entry.decision, entry.is_open, entry.reason) == ("", False, resolving.WITHDRAWN)
    html = documents.render_html(Document.objects.get(kind="resolution"))
    assert "申报人撤回" in html
    assert resolving.WITHDRAWN in html


def test_a_leader_with_a_studio_on_the_list_does_not_decide(office, client_of):
    leader = member(leader=True)
    row = road.candidate_list([road.candidate(office=office)], by=office)
    case = row.entries.get().application
    case.collaborators.create(user=leader, added_by=case.applicant)
    with pytest.raises(PermissionDenied):
        resolve(row, leader, "approve")
    assert client_of(leader).get(reverse("applications:resolve_list", args=[row.key])).status_code == 403


def test_the_page_says_why_the_compiler_does_not_decide(office, client_of):
    both = UserFactory(roles=["office", "working_group"])
    road.working_group_leader(both)
    row = road.candidate_list([road.candidate(office=office)], by=both)
    assert "这份名单由您编制或报送" in client_of(both).get(row.get_absolute_url()).content.decode()
    response = client_of(both).post(
        reverse("applications:resolve_list", args=[row.key]), typed(row, "approve")
    )
    assert response.status_code == 403


# ── the leader's own unit ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("body", "unit", "applicant", "own"),
    [
        ("镇江技师学院", "", "镇江技师学院", True),
        ("镇江技师学院", "", "江苏省镇江技师学院", True),
        ("镇江技师学院", "", "镇江船舶设备有限公司", False),
        ("项目工作小组", "镇江船舶设备集团有限公司", "镇江市船舶设备有限公司", True),
        ("项目工作小组", "镇江船舶设备有限公司", "镇江船舶设备有限公司舵系分厂", True),
        ("项目工作小组", "镇江第一机械厂", "镇江第二机械厂", False),
        ("项目工作小组", "", "", False),
    ],
)
def test_own_unit_by_name(body, unit, applicant, own):
    user = UserFactory(roles=["working_group"])
    user.unit = Unit(name=unit) if unit else None
    seat = type("Seat", (), {"body": Body(name=body)})()
    assert resolving.is_own_unit(user, Application(unit_name=applicant), seat) is own


@pytest.fixture
def own_unit(leader, sent):
    row, cases = sent
    leader.unit = Unit.objects.create(name=cases[0].unit_name)
    leader.save()
    Application.objects.exclude(pk=cases[0].pk).update(unit_name="句容市精工机床厂")
    return row, cases


def test_a_row_of_the_own_unit_wants_its_tick_and_is_printed(own_unit, leader, client_of):
    row, _ = own_unit
    url = reverse("applications:resolve_list", args=[row.key])
    browser = client_of(leader)
    page = browser.get(url).content.decode()
    assert page.count('name="own_') == 1
    data = typed(row, "approve", "approve", "approve")
    response = browser.post(url, data)
    assert response.status_code == 422
    assert "第1名：涉及本单位的，请确认已知悉并同意注明。" in response.content.decode()
    data |= {f"own_{row.entries.get(rank=1).pk}": "on", "form_key": new_key()}
    assert "涉及本单位，将注明" in browser.post(url, data | {"stage": "preview"}).content.decode()
    assert browser.post(url, data).status_code == 302
    assert list(row.entries.order_by("rank").values_list("own_unit", flat=True)) == [True, False, False]
    assert "已注明" in browser.get(row.get_absolute_url()).content.decode()
    html = documents.render_html(Document.objects.get(kind="resolution"))
    assert "的申报单位与组长所在或所代表的单位相同或相近" in html


def test_the_tick_is_wanted_below_the_page_too(own_unit, leader):
    row, _ = own_unit
    with pytest.raises(Refused, match="与您同属一个单位"):
        resolve(row, leader, "approve", "approve", "approve")


# ── the page ────────────────────────────────────────────────────────────────────────────────────
def test_preview_then_confirm_keeps_what_was_typed(leader, sent, client_of):
    row, cases = sent
    url, browser = reverse("applications:resolve_list", args=[row.key]), client_of(leader)
    data = typed(row, "approve", "return", "decline")
    page = browser.post(url, data | {"stage": "preview"}).content.decode()
    for text in ("待公示", "集中评议", "不予入驻", "退回专家组", "不成熟。", MINUTES):
        assert text in page
    assert statuses(cases) == ["listed"] * 3
    assert f'<input type="hidden" name="decision_{row.entries.get(rank=2).pk}" value="return"' in page
    back = browser.post(url, data | {"stage": "back"}).content.decode()
    assert "不成熟。" in back
    assert MINUTES in back
    assert browser.post(url, data).url == row.get_absolute_url()
    assert statuses(cases) == ["approved", "deliberation", "declined"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"minutes_no": ""}, "请填写“会议纪要文号”。"),
        ({"minutes_on": "2099-01-01"}, "会议日期不能晚于今天。"),
        ({"minutes_on": "2001-01-01"}, "会议日期不能早于名单报送的日期。"),
        ({"resolution": ""}, "请填写“审核认定意见”。"),
        ({"decision": ""}, "第2名：请选择决定。"),
        ({"decision": "perhaps"}, "第2名：请从所列的决定中选择。"),
        ({"reason": ""}, "第2名：不同意、退回复议的，请写明理由。"),
    ],
)
def test_mistakes_are_named_and_nothing_is_lost(leader, sent, client_of, wrong, sentence):
    row, cases = sent
    entry = row.entries.get(rank=2)
    data = typed(row, "approve", "decline", "approve", resolution="写了很久的意见。")
    for name, value in wrong.items():
        data[name if name in data else f"{name}_{entry.pk}"] = value
    response = client_of(leader).post(reverse("applications:resolve_list", args=[row.key]), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "resolution" in wrong or "写了很久的意见。" in page
    assert statuses(cases) == ["listed"] * 3


def test_a_form_sent_twice_decides_once(leader, sent, client_of):
    row, _ = sent
    url, browser = reverse("applications:resolve_list", args=[row.key]), client_of(leader)
    data = typed(row, "approve", "approve", "approve")
    assert [browser.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert verbs_of(row, verb="resolve_list", result="ok") == ["resolve_list"]


@pytest.mark.parametrize("who", ["office", "working_group", "expert", "applicant", "auditor"])
def test_only_the_leader_decides(user, client_of, sent, who):
    row, _ = sent
    code = client_of(user(who)).get(reverse("applications:resolve_list", args=[row.key])).status_code
    assert code == (403 if who in ("office", "working_group") else 404)


# ── opinions of the member units ────────────────────────────────────────────────────────────────
def opinions(row, *stances, **fields):
    data = {"form_key": new_key()}
    for entry, (stance, text) in zip(row.entries.order_by("rank"), stances, strict=True):
        data |= {f"stance_{entry.pk}": stance, f"text_{entry.pk}": text}
    return data | fields


def test_opinions_row_by_row_may_be_changed_until_the_decision(sent, school, leader, client_of):
    row, _ = sent
    url, browser = reverse("applications:give_opinion", args=[row.key]), client_of(school)
    data = opinions(row, ("approve", ""), ("return", "请专家组再看设备。"), ("", ""))
    assert browser.post(url, data).status_code == 302
    found = MemberOpinion.objects.filter(member=school).order_by("entry__rank")
    assert [(o.stance, o.text) for o in found] == [("approve", ""), ("return", "请专家组再看设备。")]
    assert {o.body for o in found} == {school.working_group_seat.body}
    data = opinions(row, ("decline", "没有经费。"), ("", ""), ("approve", ""))
    browser.post(url, data)
    assert [(o.entry.rank, o.stance) for o in found.all()] == [(1, "decline"), (3, "approve")]
    page = client_of(leader).get(reverse("applications:resolve_list", args=[row.key])).content.decode()
    assert "没有经费。" in page
    row = resolve(row, leader, "approve", "approve", "approve")
    with pytest.raises(Refused, match="不能再提意见"):
        resolving.give_opinions(row, {}, by=school)
    assert browser.get(url).url == row.get_absolute_url()
    html = documents.render_html(Document.objects.get(kind="resolution"))
    assert "建议不同意，没有经费。" in html
    with pytest.raises(DatabaseError, match="opinions stand"), transaction.atomic():
        found.update(text="改了")


@pytest.mark.parametrize(
    ("stance", "text", "sentence"),
    [
        ("decline", "", "第1名：不是“建议同意”的，请写明理由。"),
        ("return", " ", "第1名：不是“建议同意”的，请写明理由。"),
        ("", "写了", "第1名：写了说明，请同时选择意见。"),
        ("maybe", "写了", "请从列表中选择意见。"),
    ],
)
def test_an_opinion_against_says_why(sent, school, client_of, stance, text, sentence):
    row, _ = sent
    data = opinions(row, (stance, text), ("approve", "留着的话"), ("", ""))
    response = client_of(school).post(reverse("applications:give_opinion", args=[row.key]), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "留着的话" in response.content.decode()
    assert not MemberOpinion.objects.exists()


def test_an_opinion_on_the_own_unit_is_marked(sent, school, client_of):
    row, cases = sent
    Application.objects.filter(pk=cases[0].pk).update(unit_name="江苏省镇江技师学院")
    url = reverse("applications:give_opinion", args=[row.key])
    browser = client_of(school)
    assert browser.get(url).content.decode().count("与您的单位相同或相近") == 1
    browser.post(url, opinions(row, ("approve", ""), ("approve", ""), ("approve", "")))
    found = MemberOpinion.objects.order_by("entry__rank").values_list("own_unit", flat=True)
    assert list(found) == [True, False, False]


@pytest.mark.parametrize("who", ["leader", "office", "no_seat"])
def test_who_gives_no_opinion(sent, leader, office, client_of, who):
    row, _ = sent
    person = {"leader": leader, "office": office, "no_seat": UserFactory(roles=["working_group"])}[who]
    assert client_of(person).get(reverse("applications:give_opinion", args=[row.key])).status_code == 403


# ── box 12 and the approved form ────────────────────────────────────────────────────────────────
@pytest.fixture
def decided(sent, leader):
    row, cases = sent
    row = resolve(row, leader, "approve", "approve", "approve")
    return row, [Application.objects.get(pk=c.pk) for c in cases]


def test_box_12_before_the_resolution(office, sent, client_of):
    row, cases = sent
    with pytest.raises(Refused, match="还没有审核认定"):
        resolving.fill_office_boxes(row, [cases[0].key], f"（{MINUTES}）同意入驻。", by=office)
    with pytest.raises(IntegrityError, match="list_office_box_after_decision"), transaction.atomic():
        row.entries.filter(rank=1).update(
            office_opinion="同意入驻。", office_opinion_at=timezone.now(), office_opinion_by=office
        )
    response = client_of(office).get(reverse("applications:office_box", args=[row.key]))
    assert response.url == row.get_absolute_url()


def test_box_12_of_several_at_once(office, decided, client_of):
    row, cases = decided
    browser, url = client_of(office), reverse("applications:office_box", args=[row.key])
    page = browser.get(url).content.decode()
    text = f"经项目工作小组审核认定（会议纪要{MINUTES}，{day_words()}），同意入驻。"
    assert text in page
    assert page.count(" checked") == 2
    assert cases[2].studio_name not in page or page.count('name="case"') == 2
    data = {"form_key": new_key(), "text": text, "case": [cases[0].key, cases[1].key]}
    assert browser.post(url, data).status_code == 302
    filled = row.entries.exclude(office_opinion="").order_by("rank")
    assert [(e.office_opinion, e.office_opinion_by, e.form.number) for e in filled] == [
        (text, office, "SP" + c.number[2:]) for c in cases[:2]
    ]
    assert verbs_of(cases[0], verb="fill_office_box") == ["fill_office_box"]


def day_words():
    day = timezone.localdate()
    return f"{day.year}年{day.month}月{day.day}日"


def test_a_corrected_box_gives_a_new_version(office, decided):
    row, cases = decided
    for text in (f"依据{MINUTES}，同意入驻。", f"依据{MINUTES}，同意该工作室入驻。"):
        resolving.fill_office_boxes(row, [cases[0].key], text, by=office)
    papers = Document.objects.filter(kind="annex1_approved").order_by("version")
    assert [p.version for p in papers] == [1, 2]
    assert papers.first().state == "superseded"
    assert row.entries.get(rank=1).form == papers.last()


@pytest.mark.parametrize("status", ["waitlisted", "admitted", "withdrawn", "declined"])
def test_box_12_is_for_those_who_are_approved(office, decided, status):
    row, cases = decided
    road.place(cases[0], status)
    with pytest.raises(Refused, match="不能填写审批意见"):
        resolving.fill_office_boxes(row, [cases[0].key], f"依据{MINUTES}，同意。", by=office)


def test_box_12_cites_the_minutes(office, decided, client_of):
    row, cases = decided
    data = {"form_key": new_key(), "text": "同意入驻。", "case": [cases[0].key]}
    response = client_of(office).post(reverse("applications:office_box", args=[row.key]), data)
    assert response.status_code == 409
    assert "应引用工作小组会议纪要的文号" in response.content.decode()


@pytest.mark.parametrize("who", ["leader", "school"])
def test_only_the_office_fills_box_12(decided, client_of, request, who):
    row, _ = decided
    person = request.getfixturevalue(who)
    assert client_of(person).get(reverse("applications:office_box", args=[row.key])).status_code == 403


def test_the_approved_form_has_boxes_10_to_12_and_no_single_votes(office, decided):
    row, cases = decided
    text = resolving.office_box_text(row)
    (entry,) = resolving.fill_office_boxes(row, [cases[1].key], text, by=office)
    html = documents.render_html(entry.form)
    for words in (
        "同意推荐。", "有表决权5人，同意4票，不同意1票，弃权0票，表决通过", "技艺精湛，规划可行，建议入驻。", text,
        "（组长签字）", "审批件",
    ):  # fmt: skip
        assert words in html
    assert html.count("年　　月　　日") == 3  # dates are for ink


def test_invalid_slips_are_counted_in_box_11(office, decided):
    row, _ = decided
    entry = row.entries.select_related("round", "item__session").get(rank=1)
    entry.round.approve, entry.round.invalid = 4, 1
    assert "，无效1票" in panel_conclusion(entry)


def test_the_studio_sees_the_approved_form_after_its_letter(office, decided):
    row, cases = decided
    case = cases[0]
    resolving.fill_office_boxes(row, [case.key], resolving.office_box_text(row), by=office)

    def seen():
        return "annex1_approved" in set(papers_of(case, for_studio=True).values_list("kind", flat=True))

    assert not seen()
    assert "annex1_approved" in set(papers_of(case, for_studio=False).values_list("kind", flat=True))
    Application.objects.filter(pk=case.pk).update(result_told_at=timezone.now())
    case.refresh_from_db()
    assert seen()
    assert "resolution" not in set(papers_of(case, for_studio=True).values_list("kind", flat=True))
    case.letters.create(kind="admitted", stage="确定入驻", clause="3.2.3")
    assert not seen()  # a newer decision waits in the outbox


def test_the_approved_form_falls_with_the_application(office, decided):
    row, cases = decided
    (entry,) = resolving.fill_office_boxes(row, [cases[0].key], resolving.office_box_text(row), by=office)
    ADMISSION.perform(cases[0], "withdraw", by=cases[0].applicant)
    entry.form.refresh_from_db()
    assert entry.form.state == "withdrawn"


# ── the seats of the working group ──────────────────────────────────────────────────────────────
def test_the_office_keeps_the_members_in_the_admin(office, client_of, leader):
    actions.ensure_roles()
    browser = client_of(office)
    assert browser.get(reverse("admin:park_workinggroupmember_changelist")).status_code == 200
    newcomer = UserFactory(roles=["working_group"], real_name="新成员")
    body = Body.objects.filter(valid_until=None).first()
    add = reverse("admin:park_workinggroupmember_add")
    response = browser.post(add, {"user": newcomer.pk, "body": body.pk, "left_on": ""})
    assert response.status_code == 302, response.content.decode()
    assert newcomer.working_group_seat.body == body
    second = {
        "user": UserFactory(roles=["working_group"]).pk,
        "body": body.pk,
        "is_leader": "on",
        "left_on": "",
    }
    assert "组长" in browser.post(add, second).content.decode()  # there is one leader already
    assert type(newcomer.working_group_seat).objects.filter(is_leader=True, left_on=None).count() == 1


def test_who_left_the_group_has_no_word(office, sent):
    row, _ = sent
    gone = member(leader=True)
    gone.working_group_seat.left_on = timezone.localdate() - timedelta(days=1)
    gone.working_group_seat.save()
    assert LIST.open_to(gone, row) == []


def test_rounds_and_rows_stay_apart(sent):
    """The row keeps the counts of the day; the round is frozen elsewhere."""
    row, _ = sent
    assert {(e.approve, e.eligible) for e in row.entries.all()} == {(5, 5), (4, 5), (3, 4)}
    assert BallotRound.objects.count() == ListEntry.objects.count() == 3
