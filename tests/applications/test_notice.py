"""From a decided list to the public 公示 and back: who is shown, with what consent, what happens to the cases."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from applications.actions import noticing
from applications.models import Application, Letter, Status
from applications.workflow import ADMISSION
from park import documents
from park.announcements import ANNOUNCEMENT, checks, drafting, objections
from park.announcements.effects import standing_print
from park.formkeys import new_key
from park.models import Announcement, AuditEntry, Consent, Notification, Objection
from park.workflow import Refused
from tests.applications import road
from tests.applications.conftest import verbs_of
from tests.factories import UserFactory
from tests.papers import page_texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office(db):
    return UserFactory(roles=["office"], real_name="周经办")


@pytest.fixture
def leader(db):
    user = UserFactory(roles=["working_group"], real_name="郑组长")
    road.working_group_leader(user)
    return user


@pytest.fixture
def readers(db):
    return [UserFactory(roles=["office"]) for _ in range(3)]


@pytest.fixture
def decided(office, leader):
    """A list of two approved and one 候补."""
    cases = [road.candidate(office=office) for _ in range(3)]
    row = road.resolved(cases, compiled_by=office, leader=leader, decisions=["approve"] * 3, places=2)
    return row, [Application.objects.get(pk=c.pk) for c in cases]


def drafted(row, by) -> Announcement:
    return noticing.draft_notice(row, title="拟入驻名单公示", text=noticing.notice_text(2), by=by)


def to_reading(notice, by, readers):
    notice = ANNOUNCEMENT.perform(notice, "submit_announcement", by=by)
    for reader in readers:
        notice = ANNOUNCEMENT.perform(notice, "read_announcement", by=reader)
    return notice


def published(row, by, readers) -> Announcement:
    notice = to_reading(drafted(row, by), by, readers)
    return ANNOUNCEMENT.perform(notice, "publish_announcement", by=by)


def concluded(notice, by) -> Announcement:
    Announcement.objects.filter(pk=notice.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    return ANNOUNCEMENT.perform(notice, "conclude_announcement", by=by)


def statuses(cases) -> list[str]:
    return [Application.objects.get(pk=c.pk).status for c in cases]


def objected(notice, case=None, *, by) -> Objection:
    taken = objections.receive(
        notice,
        row=str(case.key) if case else "",
        name="举报人甲",
        contact="0511-84412345",
        text="获奖证书与事实不符，请核查原件。",
        by=by,
        recorded=True,
    )
    return objections.save_findings(
        taken, row=taken.row, findings="与原件不符。", answer="经核查，情况属实。", by=by
    )


# ── drafting ────────────────────────────────────────────────────────────────────────────────────
def test_the_approved_are_drafted_with_their_public_columns_and_nothing_else(decided, office):
    row, (first, second, _waiting) = decided
    notice = drafted(row, office)
    assert [set(r) for r in notice.rows] == [
        {"key", "studio_name", "leader_name", "unit_name", "occupation"}
    ] * 2
    assert [r["key"] for r in notice.rows] == [str(first.key), str(second.key)]
    assert [c["label"] for c in notice.columns] == ["工作室名称", "领衔人", "所在单位", "职业（工种）"]
    assert notice.notice_days == 5
    row.refresh_from_db()
    assert row.announcement == notice
    assert checks.personal_data(notice) == []
    for words in ("镇人社发〔2015〕104号", "公示期自发布次日起5个工作日", "实名反映", "保密"):
        assert words in notice.text


def test_whoever_took_back_the_consent_is_named_and_left_out_until_it_is_given(
    decided, office, readers, client_of
):
    row, (first, second, _) = decided
    Consent.objects.filter(user=first.applicant, purpose=Consent.Purpose.DISCLOSURE).update(
        withdrawn_at=timezone.now()
    )
    page = client_of(office).get(reverse("applications:draft_notice", args=[row.key])).content.decode()
    assert "不能列入" in page
    assert first.number in page
    notice = drafted(row, office)
    assert [r["key"] for r in notice.rows] == [str(second.key)]
    Consent.objects.filter(user=first.applicant).update(withdrawn_at=None)
    drafting.renew_rows(notice, by=office)
    notice.refresh_from_db()
    assert [r["key"] for r in notice.rows] == [str(first.key), str(second.key)]
    Consent.objects.filter(user=second.applicant, purpose=Consent.Purpose.DISCLOSURE).update(
        withdrawn_at=timezone.now()
    )
    with pytest.raises(Refused, match="没有有效的公开同意"):
        ANNOUNCEMENT.perform(notice, "submit_announcement", by=office)


def test_the_list_offers_what_there_is_to_draft(decided, office, readers, client_of):
    """公示 while somebody waits for it, the final list once somebody is admitted; neither where there is nothing."""
    row, cases = decided
    browser = client_of(office)
    assert ("起草公示" in offered(browser, row), "起草入驻名单公告" in offered(browser, row)) == (True, False)
    published(row, office, readers)
    assert "起草" not in offered(browser, row)
    Application.objects.filter(pk=cases[0].pk).update(status=Status.ADMITTED)
    assert "起草入驻名单公告" in offered(browser, row)


def offered(browser, row) -> str:
    """The box 待办 on the page of the list."""
    page = browser.get(row.get_absolute_url()).content.decode()
    return page[page.index("待办</h2>") : page.index("办理过程</h2>")]


def test_nobody_left_to_show_is_said(decided, office):
    row, cases = decided
    Consent.objects.filter(user__in=[c.applicant for c in cases]).update(withdrawn_at=timezone.now())
    with pytest.raises(Refused, match="没有有效的公开同意"):
        drafted(row, office)


def test_only_a_decided_list_and_only_the_office_and_not_for_ones_own_studio(
    decided, office, client_of, leader
):
    row, cases = decided
    url = reverse("applications:draft_notice", args=[row.key])
    assert client_of(leader).get(url).status_code == 403
    assert client_of(cases[0].applicant).get(url).status_code == 404
    undecided = road.candidate_list([road.candidate(office=office)], by=office)
    with pytest.raises(Refused, match="还没有审核认定"):
        drafted(undecided, office)


def test_an_officer_of_a_studio_on_the_list_neither_drafts_nor_reads(decided, office, readers, client_of):
    row, (first, *_) = decided
    own = UserFactory(roles=["office", "applicant"])
    first.collaborators.create(user=own, added_by=first.applicant)
    with pytest.raises(Refused, match="参与了名单上的申报"):
        drafted(row, own)
    notice = ANNOUNCEMENT.perform(drafted(row, office), "submit_announcement", by=office)
    with pytest.raises(PermissionDenied):
        ANNOUNCEMENT.perform(notice, "read_announcement", by=own)
    for name in ("announcement_case", "announcement_draft"):  # that it is to be shown is not yet public
        assert client_of(own).get(reverse(name, args=[notice.key])).status_code == 403


def test_drafted_on_the_page(decided, office, client_of):
    row, _ = decided
    browser, url = client_of(office), reverse("applications:draft_notice", args=[row.key])
    bad = browser.post(url, {"form_key": new_key(), "title": "公示", "text": "联系13812345678"})
    assert bad.status_code == 422
    assert "联系13812345678" in bad.content.decode()
    done = browser.post(url, {"form_key": new_key(), "title": "公示", "text": "现予公示。"})
    notice = Announcement.objects.get(kind="admission_notice", title="公示")
    assert done.url == notice.get_absolute_url()
    assert "公示" in browser.get(done.url).content.decode()


# ── publication and the cases ───────────────────────────────────────────────────────────────────
def test_publication_moves_every_case_and_tells_its_studio(decided, office, readers):
    row, (first, second, waiting) = decided
    notice = published(row, office, readers)
    assert statuses([first, second, waiting]) == ["on_notice", "on_notice", "waitlisted"]
    for case in (first, second):
        assert verbs_of(case)[-1] == "put_on_notice"
        assert Notification.objects.filter(user=case.applicant, text__contains="公示").exists()
    assert standing_print(notice).number == notice.number


def test_who_withdrew_meanwhile_stops_the_publication_with_a_sentence(decided, office, readers):
    row, (first, second, _) = decided
    notice = to_reading(drafted(row, office), office, readers)
    ADMISSION.perform(first, "withdraw", by=first.applicant)
    with pytest.raises(Refused, match=f"{first}.*不能公示，请退回后更新名单"):
        ANNOUNCEMENT.perform(notice, "publish_announcement", by=office)
    assert statuses([first, second]) == ["withdrawn", "approved"]
    notice = ANNOUNCEMENT.perform(notice, "return_announcement", by=office, note="名单有变化")
    assert drafting.renew_rows(notice, by=office) == 1
    notice = to_reading(notice, office, readers)
    ANNOUNCEMENT.perform(notice, "publish_announcement", by=office)
    assert statuses([second]) == ["on_notice"]


def test_taking_it_down_brings_the_cases_back_and_a_new_one_takes_them(decided, office, readers):
    row, (first, second, _) = decided
    notice = published(row, office, readers)
    ANNOUNCEMENT.perform(notice, "withdraw_announcement", by=office, data={"reason": "名单有误。"})
    assert statuses([first, second]) == ["approved", "approved"]
    again = published(row, office, readers)
    assert statuses([first, second]) == ["on_notice", "on_notice"]
    row.refresh_from_db()
    assert row.announcement == again


def test_a_promoted_one_gets_a_notice_of_its_own_and_the_first_keeps_its_cases(decided, office, readers):
    row, (first, _second, waiting) = decided
    notice = published(row, office, readers)
    road.place(waiting, Status.APPROVED)
    later = published(row, office, readers)
    assert [r["key"] for r in later.rows] == [str(waiting.key)]
    concluded(notice, office)
    assert "公示还没有期满办结。" not in ADMISSION.steps["admit"].missing(
        Application.objects.get(pk=first.pk)
    )
    assert "公示还没有期满办结。" in ADMISSION.steps["admit"].missing(Application.objects.get(pk=waiting.pk))


# ── what everybody reads ────────────────────────────────────────────────────────────────────────
SECRETS = [
    "13900001111",
    "1975",
    "汉族",
    "中共党员",
    "群众",
    "321102",
    "身份证",
    "焊接班长",
    "氩弧焊",
    "0511-84412345",
]


def test_the_public_pages_show_exactly_the_public_columns(decided, office, readers, client):
    row, (first, second, waiting) = decided
    notice = published(row, office, readers)
    objected(notice, first, by=office)
    pages = [
        client.get(reverse("announcement", args=[notice.key])).content.decode(),
        client.get(reverse("announcements")).content.decode(),
        client.get(reverse("portal")).content.decode(),
        client.get(reverse("object", args=[notice.key])).content.decode(),
        "".join(page_texts(documents.read(standing_print(notice)))),
    ]
    numbers = [c.latest_submission().data["leader"]["leader_id_number"] for c in (first, second, waiting)]
    for page in pages:
        main = page.split("<footer")[0]
        assert [word for word in [*SECRETS, *numbers, first.number, "举报人"] if word in main] == []
    table = re.search(r"<tbody>(.*?)</tbody>", pages[0], re.S)[1]
    cells = [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<t[dh][^>]*>.*?</t[dh]>", table, re.S)]
    expected = []
    for n, case in enumerate((first, second), 1):
        expected += [str(n), case.studio_name, case.leader_name, case.unit_name, case.occupation]
    assert cells == expected


# ── objections ──────────────────────────────────────────────────────────────────────────────────
def test_the_leader_upholds_and_the_case_ends_with_a_letter_that_names_nobody(
    decided, office, readers, leader, client_of
):
    row, (first, second, _) = decided
    notice = published(row, office, readers)
    objection = objected(notice, first, by=office)
    browser = client_of(leader)
    assert objection.number in browser.get(reverse("applications:objections")).content.decode()
    url = reverse("applications:uphold_objection", args=[objection.key])
    page = browser.get(url).content.decode()
    assert "与原件不符。" in page
    assert "举报人甲" not in page
    assert "84412345" not in page
    bad = browser.post(url, {"form_key": new_key(), "answer": "", "reason": "证书不实。"})
    assert bad.status_code == 422
    done = browser.post(
        url, {"form_key": new_key(), "answer": "情况属实。", "reason": "获奖证书经核查不实。"}
    )
    assert done.status_code == 302
    objection.refresh_from_db()
    assert (objection.outcome, objection.decided_by) == ("upheld", leader)
    assert statuses([first, second]) == ["declined", "on_notice"]
    letter = Letter.objects.get(application=first, sent_at=None)
    assert (letter.kind, letter.reason) == ("not_admitted", "获奖证书经核查不实。")
    said = "".join(f"{e.note}{e.before}{e.after}{e.subject}" for e in AuditEntry.objects.all())
    assert "举报人" not in said


def test_the_studio_never_learns_who_objected(decided, office, readers, client_of):
    row, (first, *_) = decided
    notice = published(row, office, readers)
    objection = objected(notice, first, by=office)
    browser = client_of(first.applicant)
    for url in (
        first.get_absolute_url(),
        reverse("announcement", args=[notice.key]),
        reverse("home"),
        reverse("notifications"),
    ):
        page = browser.get(url).content.decode()
        assert objection.number not in page
        assert "举报人" not in page
    for name, args in (
        ("objection", [notice.key, objection.key]),
        ("announcement_case", [notice.key]),
        ("applications:uphold_objection", [objection.key]),
    ):
        assert browser.get(reverse(name, args=args)).status_code in (403, 404)


def test_nobody_but_the_leader_upholds(decided, office, readers, client_of):
    row, (first, *_) = decided
    notice = published(row, office, readers)
    objection = objected(notice, first, by=office)
    url = reverse("applications:uphold_objection", args=[objection.key])
    member = UserFactory(roles=["working_group"])
    for person in (office, member, first.applicant):
        assert client_of(person).get(url).status_code == 403
    with pytest.raises((Refused, PermissionDenied)):
        noticing.uphold(objection, answer="a", reason="b", by=member)
    assert statuses([first]) == ["on_notice"]


def test_admission_waits_for_every_objection_and_not_for_those_against_others(decided, office, readers):
    row, (first, second, _) = decided
    notice = published(row, office, readers)
    objection = objected(notice, first, by=office)
    missing = ADMISSION.steps["admit"].missing
    assert "还有 1 件异议没有处理。" in missing(Application.objects.get(pk=first.pk))
    assert not any("异议" in text for text in missing(Application.objects.get(pk=second.pk)))
    objections.dismiss(objection, by=office)
    assert not any("异议" in text for text in missing(Application.objects.get(pk=first.pk)))


def test_one_against_the_whole_is_upheld_only_once_it_is_taken_down(decided, office, readers, leader):
    row, cases = decided
    notice = published(row, office, readers)
    objection = objected(notice, by=office)
    with pytest.raises(Refused, match="涉及整个公示"):
        noticing.uphold(objection, answer="属实。", reason="不适用", by=leader)
    ANNOUNCEMENT.perform(notice, "withdraw_announcement", by=office, data={"reason": "程序有误。"})
    with pytest.raises(Refused, match="上一次公示还有异议没有处理"):
        drafted(row, office)
    noticing.uphold(objection, answer="属实，已撤下。", reason="不适用", by=leader)
    assert statuses(cases[:2]) == ["approved", "approved"]
    drafted(row, office)


def test_an_objection_outlives_the_notice_it_was_made_to(decided, office, readers, leader):
    row, (first, *_) = decided
    notice = published(row, office, readers)
    objection = objected(notice, first, by=office)
    ANNOUNCEMENT.perform(notice, "withdraw_announcement", by=office, data={"reason": "名单有误。"})
    noticing.uphold(objection, answer="属实。", reason="证书不实。", by=leader)
    assert statuses([first]) == ["declined"]
