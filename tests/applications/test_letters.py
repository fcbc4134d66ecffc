"""The letters, and that a studio learns its result with them and not before, wherever it looks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import papers
from applications.actions import admitting
from applications.actions.holding import HOLDING
from applications.models import TOLD_BY_LETTER, Application, CandidateList, Letter, Status
from applications.papers.letters import preview_letter_pdf
from applications.workflow import ADMISSION
from applications.workflow.admission import UNDER_DECISION, studio_stage
from config import desk
from park import documents, rules, workdays
from park.formkeys import new_key
from park.models import Notification
from park.workflow import Refused
from tests.applications import filled, road
from tests.applications.conftest import verbs_of
from tests.factories import UserFactory
from tests.papers import page_texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_road")]
K = Letter.Kind


@pytest.fixture
def office(people):
    return people["office"]


def waiting(application, kind=K.NOT_ADMITTED, reason="规划尚不成熟。") -> Letter:
    return admitting.prepare(application, kind, stage="审核认定", clause="3.2.3", reason=reason)


def text_of(document) -> str:
    return "".join(page_texts(documents.read(document)))


# ── until the letter ────────────────────────────────────────────────────────────────────────────
# What a studio may not read while its decision is under way: every word that differs by what was decided.
TELLING = [
    "表决通过", "待列名单", "待审核认定", "已列名单", "候补", "认定同意", "待公示", "确定入驻的", "未入选", "不予入驻",
    "投票表决中", "入驻通知书", "告知书", "重新申报", "规划尚不成熟", "退回复议",
]  # fmt: skip
UNTOLD = sorted(TOLD_BY_LETTER)


def page_of(browser, application) -> str:
    html = browser.get(application.get_absolute_url()).content.decode()
    return html[html.index('<main id="main"') : html.index("</main>")].replace(str(application.key), "KEY")


def same(html, application) -> str:
    """The page without what belongs to the one case: numbers, times, keys of forms."""
    import re

    html = re.sub(r'name="(form_key|csrfmiddlewaretoken)" value="[^"]*"', "", html)
    html = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", html)
    html = re.sub(r"(SB|YY|HZ|CS|KT|KJ|BZ)-\d{4}-\d{4}", "NUMBER", html)
    html = re.sub(r"\d{4}年\d+月\d+日( \d\d:\d\d)?|datetime=\"[^\"]*\"", "TIME", html)
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("status", UNTOLD)
def test_every_place_a_studio_looks_says_one_and_the_same_thing(fresh, people, client_of, status):
    application = fresh(status)
    if status in ("not_selected", "declined"):
        waiting(application)
    browser = client_of(people["owner"])
    for html in (page_of(browser, application), browser.get(reverse("applications:list")).content.decode()):
        page = html.split('<h2 class="h5">办理过程')[0]
        assert studio_stage(application).label in page
        if html.startswith("<main"):
            assert [word for word in TELLING if word in page.replace("现场考察", "")] == []


@pytest.mark.parametrize("status", UNTOLD)
def test_the_page_is_the_same_page_whatever_was_decided(fresh, people, client_of, status):
    """The stage bar, the sentence, the buttons, the papers, the deadline: not one sign differs from 待审核认定."""
    browser = client_of(people["owner"])
    application = fresh(status)
    Application.objects.filter(pk=application.pk).update(due_on=timezone.localdate())
    if status in ("not_selected", "declined"):
        waiting(application)
    if status == "admitted":
        pytest.skip("it was on the public 公示; see the test of what comes after that")
    html = same(page_of(browser, application), application)
    assert html == same(page_of(browser, fresh("listed")), fresh("listed"))


def test_after_the_notice_admitted_and_refused_look_alike(fresh, people, client_of):
    browser = client_of(people["owner"])
    admitted = fresh("admitted")
    before = same(page_of(browser, admitted), admitted)
    assert "公示后办理中" in before
    refused = road.place(admitted, Status.DECLINED)
    waiting(refused)
    assert same(page_of(browser, refused), refused) == before


@pytest.mark.parametrize("status", UNTOLD)
def test_the_withdrawal_page_is_the_same_and_its_refusal_says_nothing(fresh, people, client_of, status):
    application = fresh(status)
    browser = client_of(people["owner"])
    url = reverse("applications:step", args=[application.key, "withdraw"])
    page = browser.get(url)
    assert page.status_code == 200
    assert "不能办理" not in page.content.decode()
    done = browser.post(url, {"form_key": new_key(), "reason": ""})
    if status in ("ballot", "admitted", "not_selected", "declined"):
        assert done.status_code == 409
        assert "现在不能撤回：结果即将书面告知" in done.content.decode()
        assert (
            application.get_status_display()
            not in done.content.decode().split("</main>")[0].split("<main")[1]
        )
    else:
        assert done.status_code == 302
        assert Application.objects.get(pk=application.pk).status == "withdrawn"


@pytest.mark.parametrize("status", UNTOLD)
@pytest.mark.parametrize("step", ["approve", "decline", "admit", "carry", "not_carry", "submit", "resubmit"])
def test_no_other_step_tells_where_it_stands(fresh, people, client_of, status, step):
    application = fresh(status)
    response = client_of(people["owner"]).get(reverse("applications:step", args=[application.key, step]))
    assert response.status_code == 403
    assert f"您没有“{ADMISSION.steps[step].label}”的权限。" in response.content.decode()
    assert "当前状态" not in response.content.decode()


@pytest.mark.parametrize("status", UNTOLD)
def test_refusals_exports_and_sections_do_not_tell(fresh, people, client_of, status):
    application = fresh(status)
    shown = application.status_for_studio
    assert shown == "审核认定中"
    page = client_of(people["owner"]).get(reverse("applications:section", args=[application.key, "leader"]))
    assert application.get_status_display() not in page.content.decode().replace("投票表决", "")
    rows = {row["编号"]: row["状态"] for row in HOLDING.export(people["owner"])}
    assert rows[application.number] == "审核认定中"


def test_the_desk_keeps_what_is_not_told_among_the_open_ones(fresh, people):
    sections = {s["title"]: s for s in desk.sections_for(people["owner"])}
    rows = {row.number: row for row in sections["正在办理"]["rows"]}
    for status in UNTOLD:
        row = rows[fresh(status).number]
        assert row.label in ("审核认定中", "公示后办理中")
        assert row.due is None


def test_a_case_that_came_back_to_the_panel_is_still_under_decision(fresh, people):
    listed = fresh("listed")
    back = road.place(listed, Status.DELIBERATION)
    assert studio_stage(back) is UNDER_DECISION
    assert studio_stage(fresh("deliberation")).label == "集中评议"  # before its first ballot


def test_what_panel_and_group_did_is_not_in_the_studios_history(fresh, people, client_of):
    leader, application = people["working_group"], fresh("listed")
    entry, now = application.list_entries.get(), timezone.now()
    CandidateList.objects.filter(pk=entry.list_id).update(
        status="resolved",
        resolved_at=now,
        resolved_by=leader,
        minutes_no="镇人社纪要〔2026〕8号",
        minutes_on=timezone.localdate(),
    )
    type(entry).objects.filter(pk=entry.pk).update(
        decision="decline", reason="规划尚不成熟。", decided_at=now, decided_by=leader
    )
    ADMISSION.perform(application, "decline", by=leader)
    html = client_of(people["owner"]).get(application.get_absolute_url()).content.decode()
    assert "审核认定不同意" not in html
    assert str(leader) not in html.split("办理过程")[1].split("</ol>")[0] or str(leader) == str(
        people["owner"]
    )
    admitting.send(Letter.objects.get(application=application), by=people["office"])
    html = client_of(people["owner"]).get(application.get_absolute_url()).content.decode()
    assert "审核认定不同意" in html
    assert "规划尚不成熟。" in html


def test_another_application_of_the_leader_is_refused_in_the_same_words_until_the_letter(reference, people):
    owner = people["owner"]
    earlier = road.filed(by=owner)
    earlier = road.place(earlier, Status.NOT_SELECTED)
    letter = waiting(earlier)
    typed = filled.TYPED | {
        name: earlier.sections.get(name=name).data for name in earlier.sections.values_list("name", flat=True)
    }
    again = filled.draft(by=owner, typed=typed)
    filled.recommend(again, by=owner)
    with pytest.raises(Refused, match="已有一份正在办理的申报"):
        ADMISSION.perform(again, "submit", by=owner, data=filled.CONSENTS)
    admitting.send(letter, by=people["office"])
    assert ADMISSION.perform(again, "submit", by=owner, data=filled.CONSENTS).status == "submitted"


# ── the letter ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("status", "kind", "paper", "words"),
    [
        ("declined", K.NOT_ADMITTED, "letter_not_admitted", ["不予入驻告知书", "规划尚不成熟。", "随时重新申报", "第三部分(二)3"]),
        ("admitted", K.ADMITTED, "letter_admitted", ["入驻通知书", "办理入驻协议", "请带齐下列材料", "当场核对"]),
        ("waitlisted", K.WAITLISTED, "letter_waitlisted", ["候补通知书", "不需要再次申报"]),
        ("approved", K.PROMOTED, "letter_promoted", ["候补递补通知书", "另行发出入驻通知书"]),
    ],
)  # fmt: skip
def test_sending_issues_the_paper_and_opens_the_result(
    fresh, people, client_of, office, status, kind, paper, words
):
    application = fresh(status)
    letter = admitting.send(waiting(application, kind), by=office)
    application.refresh_from_db()
    assert application.result_told_at == letter.sent_at
    assert letter.document.kind == paper
    assert letter.document in papers.papers_of(application, audience="studio")
    text = text_of(letter.document)
    assert [w for w in words if w not in text] == []
    page = client_of(people["owner"]).get(application.get_absolute_url()).content.decode()
    assert letter.get_kind_display() in page
    assert letter.reason in page
    assert Notification.objects.filter(user=people["owner"], text__contains="书面告知").count() == 1
    assert verbs_of(application)[-1] == "send_letters"
    paper_url = reverse("applications:paper", args=[application.key, letter.document.public_id])
    assert client_of(people["owner"]).get(paper_url).status_code == 200


def test_the_admitted_are_told_by_when_in_working_days(fresh, office, clock):
    clock("2026-09-28")
    letter = admitting.send(waiting(fresh("admitted"), K.ADMITTED), by=office)
    assert letter.respond_by == workdays.add_workdays(timezone.localdate(), rules.get("agreement_days"))
    assert f"{letter.respond_by.year}年{letter.respond_by.month}月{letter.respond_by.day}日" in text_of(
        letter.document
    )


def test_a_declined_studio_reads_when_it_may_apply_again_and_has_the_button(fresh, people, client_of, office):
    rules.set_rule("reapply_after_days", 90, by=office, reason="试行")
    application = fresh("declined")
    letter = admitting.send(waiting(application), by=office)
    assert letter.may_apply_from == timezone.localdate() + timedelta(days=90)
    page = client_of(people["owner"]).get(application.get_absolute_url()).content.decode()
    assert "重新申报</button>" in page
    assert "起（本园设定）" in page
    browser = client_of(people["owner"])
    response = browser.post(
        reverse("applications:start"), {"form_key": new_key(), "based_on": str(application.key)}
    )
    assert response.status_code == 302
    rules.set_rule("reapply_after_days", 0, by=office, reason="恢复")


@pytest.mark.parametrize("status", ["withdrawn", "rejected", "admitted", "submitted", "waitlisted"])
def test_the_button_to_start_again_is_for_those_who_ended_without_a_place(fresh, people, client_of, status):
    Application.objects.filter(pk=fresh(status).pk).update(result_told_at=timezone.now())
    page = client_of(people["owner"]).get(fresh(status).get_absolute_url()).content.decode()
    assert ("重新申报</button>" in page) == (status in ("withdrawn", "rejected"))


def test_after_the_ballot_the_reason_gives_no_votes(fresh, people, monkeypatch):
    from applications.effects.admitting import prepare_letter_after_ballot

    application = fresh("not_selected")
    prepare_letter_after_ballot(application, by=None, data={})
    letter = application.letters.get(sent_at=None)
    assert letter.reason == "经专家组集中评议、投票表决，未达到通过票数要求。"
    assert not any(c.isdigit() for c in letter.reason)


def test_a_letter_whose_case_moved_on_is_dropped(fresh, people, office):
    application = fresh("waitlisted")
    letter = waiting(application, K.WAITLISTED)
    road.place(application, Status.APPROVED)
    sent, refused = admitting.send_many([letter.pk], by=office)
    letter.refresh_from_db()
    assert (sent, letter.sent_at, letter.dropped_at is not None) == ([], None, True)
    assert "与这份文书不符" in refused[0]


def test_a_new_letter_drops_the_one_that_waits_and_closes_the_result_again(fresh, office):
    application = fresh("waitlisted")
    admitting.send(waiting(application, K.WAITLISTED), by=office)
    application = Application.objects.get(pk=application.pk)
    assert not application.is_untold
    waiting(road.place(application, Status.APPROVED), K.PROMOTED)
    assert Application.objects.get(pk=application.pk).is_untold
    waiting(Application.objects.get(pk=application.pk), K.PROMOTED)
    assert application.letters.filter(sent_at=None, dropped_at=None).count() == 1


def test_withdrawal_drops_the_letter(fresh, people):
    application = fresh("waitlisted")
    letter = waiting(application, K.WAITLISTED)
    ADMISSION.perform(application, "withdraw", by=people["owner"])
    letter.refresh_from_db()
    assert letter.dropped_at is not None


def test_many_go_out_each_row_for_itself(fresh, office):
    good, gone = waiting(fresh("declined")), waiting(fresh("waitlisted"), K.WAITLISTED)
    own = waiting(fresh("not_selected"), reason="电话13812345678")
    road.place(gone.application, Status.APPROVED)
    sent, refused = admitting.send_many([good.pk, gone.pk, own.pk], by=office)
    assert sent == [good]
    assert len(refused) == 2
    assert any("手机号码" in sentence for sentence in refused)
    own.refresh_from_db()
    assert (own.sent_at, own.document) == (None, None)
    assert not Application.objects.get(pk=own.application_id).result_told_at


# ── the outbox ──────────────────────────────────────────────────────────────────────────────────
def test_the_outbox_lists_previews_confirms_and_sends(fresh, office, client_of):
    letter = waiting(fresh("declined"))
    browser, url = client_of(office), reverse("applications:letters")
    assert "不予入驻告知书" in browser.get(url).content.decode()
    page = browser.post(url, {"letter": [letter.pk]})
    assert "确认发出 1 件" in page.content.decode()
    letter.refresh_from_db()
    assert letter.sent_at is None
    data = {"letter": [letter.pk], "confirm": "1", "form_key": new_key()}
    done = browser.post(url, data, follow=True)
    assert "已发出 1 件" in done.content.decode()
    browser.post(url, data)  # the same form once more
    assert Letter.objects.exclude(sent_at=None).count() == 1


def test_the_reason_is_put_right_and_that_is_on_the_trail(fresh, office, client_of):
    letter = waiting(fresh("declined"))
    browser, url = client_of(office), reverse("applications:letter", args=[letter.pk])
    for bad in ("", "联系13812345678"):
        response = browser.post(url, {"form_key": new_key(), "reason": bad})
        assert response.status_code == 422
    assert "联系13812345678" in response.content.decode()
    browser.post(url, {"form_key": new_key(), "reason": "设备尚未到位。"})
    letter.refresh_from_db()
    assert letter.reason == "设备尚未到位。"
    assert verbs_of(letter.application)[-1] == "change_letter"
    assert "设备" not in "".join(e.note for e in letter.application and [])
    admitting.send(letter, by=office)
    with pytest.raises(Refused, match="不能修改"):
        admitting.change_reason(letter, "又改。", by=office)


def test_the_preview_is_a_draft_of_the_very_letter(fresh, office, client_of):
    letter = waiting(fresh("declined"))
    response = client_of(office).get(reverse("applications:letter_preview", args=[letter.pk]))
    text = "".join(page_texts(response.content))
    assert "规划尚不成熟。" in text
    assert preview_letter_pdf(letter, {})[:5] == b"%PDF-"


@pytest.mark.parametrize(
    "who", ["owner", "collaborator", "expert", "working_group", "auditor", "superuser", "nobody"]
)
def test_the_outbox_is_the_offices(fresh, people, client_of, who):
    letter = waiting(fresh("declined"))
    browser = client_of(people[who])
    for url in (
        reverse("applications:letters"),
        reverse("applications:letter", args=[letter.pk]),
        reverse("applications:letter_preview", args=[letter.pk]),
    ):
        assert browser.get(url).status_code in (302, 403), url


def test_an_officer_of_the_studio_sees_none_of_its_letters(fresh, people, client_of):
    letter = waiting(fresh("declined"))
    browser = client_of(people["officer_of_studio"])
    assert browser.get(reverse("applications:letter", args=[letter.pk])).status_code == 404
    assert fresh("declined").number not in browser.get(reverse("applications:letters")).content.decode()
    with pytest.raises(Refused, match="参与了这份申报"):
        admitting.send(letter, by=people["officer_of_studio"])
    titles = [
        row.number
        for s in desk.sections_for(people["officer_of_studio"])
        for row in s["rows"]
        if "结果" in s["title"]
    ]
    assert titles == []


def test_the_outbox_costs_the_same_with_one_and_with_thirty(office, client_of, fresh):
    browser, url = client_of(office), reverse("applications:letters")
    application = fresh("declined")
    Letter.objects.create(
        application=application, kind=K.NOT_ADMITTED, stage="审核认定", clause="3.2.3", reason="理由"
    )
    browser.get(url)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            browser.get(url, {"show": "dropped"})
        return len(queries)

    def dropped():
        Letter.objects.create(
            application=application, kind=K.NOT_ADMITTED, stage="审核认定", clause="3.2.3", reason="理由",
            dropped_at=timezone.now(),
        )  # fmt: skip

    dropped()
    one = cost()
    for _ in range(29):
        dropped()
    assert cost() == one


def test_a_stranger_hears_nothing(fresh, office):
    stranger = UserFactory(roles=["applicant"])
    admitting.send(waiting(fresh("declined")), by=office)
    assert not Notification.objects.filter(user=stranger).exists()
