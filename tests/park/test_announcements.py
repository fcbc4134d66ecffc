"""What the park announces: who drafts, reads, publishes; what is refused; what everybody reads; who objects."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from park import attachments, documents, rules, workdays
from park.announcements import ANNOUNCEMENT, checks, drafting, kinds, objections, register
from park.announcements.forms import ExtendForm, ObjectionForm
from park.formkeys import new_key
from park.models import (
    Announcement,
    AnnouncementStatus,
    AuditEntry,
    Document,
    FormKey,
    Notification,
    Objection,
    Role,
)
from park.workflow import Refused
from tests.answers import answer_to
from tests.applications.conftest import reference  # noqa: F401 - rows loaded once for the module
from tests.factories import UserFactory
from tests.papers import page_texts
from tests.park import upload_samples as samples

pytestmark = pytest.mark.django_db

COLUMNS = [{"key": "studio", "label": "工作室名称"}, {"key": "leader", "label": "领衔人"}]
ROWS = [
    {"key": "k1", "studio": "周镕喆钣金技能大师工作室", "leader": "周镕喆"},
    {"key": "k2", "studio": "李垚焊工技能大师工作室", "leader": "李垚"},
]


@pytest.fixture(autouse=True)
def _kinds(reference, db):  # noqa: F811
    before = dict(kinds.KINDS)
    register("test_notice", title="测试公示", clause="3.2.3", prefix="ZG", notice=True)
    register("test_news", title="测试公告", clause="3.2.3", prefix="ZN")
    yield
    kinds.KINDS.clear()
    kinds.KINDS.update(before)


@pytest.fixture
def people(db):
    people = {role.value: UserFactory(roles=[role]) for role in Role}
    people |= {
        "author": UserFactory(roles=["office"]),
        "nobody": UserFactory(),
        "superuser": UserFactory(is_superuser=True),
        "readers": [UserFactory(roles=["office"]) for _ in range(3)],
    }
    return people


def at(*moment):
    """A moment in Zhenjiang."""
    return datetime(*moment, tzinfo=timezone.get_default_timezone())


def drafted(people, *, kind="test_notice", text="现予公示。", rows=None, days=5, title="拟入驻名单公示"):
    return drafting.draft(
        kind,
        title=title,
        text=text,
        columns=COLUMNS if kind == "test_notice" else (),
        rows=(ROWS if rows is None else rows) if kind == "test_notice" else (),
        notice_days=days if kind == "test_notice" else 0,
        by=people["author"],
    )


def go(announcement, name, by, **data):
    return ANNOUNCEMENT.perform(announcement, name, by=by, note=data.get("reason", ""), data=data)


def in_reading(people, **kwargs):
    return go(drafted(people, **kwargs), "submit_announcement", people["author"])


def read(announcement, people, times=3):
    for reader in people["readers"][:times]:
        announcement = go(announcement, "read_announcement", reader)
    return announcement


def published(people, **kwargs):
    return go(read(in_reading(people, **kwargs), people), "publish_announcement", people["author"])


def in_status(people, status):
    if status == "drafting":
        return drafted(people)
    if status == "reviewing":
        return in_reading(people)
    row = published(people)
    if status == "concluded":
        Announcement.objects.filter(pk=row.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
        return go(row, "conclude_announcement", people["author"])
    if status == "withdrawn":
        return go(row, "withdraw_announcement", people["author"], reason="名单有误。")
    return row


# ── who may do what, retyped by hand ────────────────────────────────────────────────────────────
# The office drafts and publishes [5.1]; each reading is another officer's, never an author's (三审).
OFFICE = {"office", "lead_division", "author"}
# fmt: off
MAY = {
    "drafting":  {"submit_announcement": OFFICE, "withdraw_announcement": OFFICE},
    "reviewing": {"read_announcement": OFFICE - {"author"}, "return_announcement": OFFICE, "publish_announcement": OFFICE, "withdraw_announcement": OFFICE},
    "published": {"extend_announcement": OFFICE, "conclude_announcement": OFFICE, "withdraw_announcement": OFFICE},
    "concluded": {},
    "withdrawn": {},
}
LEADS_TO = {
    "submit_announcement": "reviewing", "read_announcement": "reviewing", "return_announcement": "drafting",
    "publish_announcement": "published", "extend_announcement": "published", "conclude_announcement": "concluded",
    "withdraw_announcement": "withdrawn",
}
# fmt: on


@pytest.mark.parametrize("status", MAY)
def test_steps_offered_to_each_role_in_each_status(people, status):
    row = in_status(people, status)
    for who in ["author", "nobody", "superuser", *Role.values]:
        offered = {s.name for s in ANNOUNCEMENT.open_to(people[who], row)}
        assert offered == {step for step, allowed in MAY[status].items() if who in allowed}, who
    assert {s.name for s in ANNOUNCEMENT.open_to(None, row)} == set()


@pytest.mark.parametrize("status", MAY)
def test_nobody_else_takes_a_step_and_nothing_changes(people, status):
    row = in_status(people, status)
    before = Announcement.objects.filter(pk=row.pk).values().get()
    for step, who in itertools.product(
        LEADS_TO, ["nobody", "superuser", "applicant", "expert", "working_group", "office"]
    ):
        if who in MAY[status].get(step, ()):
            continue
        expected = {Refused if who == "office" else PermissionDenied}
        if step == "read_announcement":
            expected = {Refused, PermissionDenied}
        data = {"reason": "原因", "until": date(2030, 1, 2)}
        assert answer_to(ANNOUNCEMENT, row, step, by=people[who], **data) in expected, (step, who)
    assert Announcement.objects.filter(pk=row.pk).values().get() == before


def test_steps_lead_where_they_should_and_every_status_is_known():
    assert {s.name: s.target for s in ANNOUNCEMENT.steps.values()} == LEADS_TO
    assert set(MAY) == set(AnnouncementStatus.values) == set(ANNOUNCEMENT.stages)


# ── three readings ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_as_many_readings_as_the_park_asks_for_by_different_people(people, wanted):
    if wanted != rules.get("announcement_reviews"):
        rules.set_rule("announcement_reviews", wanted, by=people["office"], reason="测试")
    row = in_reading(people)
    for n in range(wanted):
        with pytest.raises(Refused, match="还没有通过"):
            go(row, "publish_announcement", people["author"])
        go(row, "read_announcement", people["readers"][n])
        with pytest.raises((PermissionDenied, Refused)):
            go(row, "read_announcement", people["readers"][n])  # never twice
    with pytest.raises(Refused, match="可以发布"):
        go(row, "read_announcement", people["office"])
    assert go(row, "publish_announcement", people["author"]).status == "published"
    assert list(row.reviews.values_list("level", "by")) == [
        (n + 1, people["readers"][n].pk) for n in range(wanted)
    ]


def test_who_changed_the_text_never_reads_it(people):
    row = drafted(people)
    drafting.change_text(row, title=row.title, text="改过的正文。", by=people["office"])
    row = go(row, "submit_announcement", people["author"])
    for author in (people["office"], people["author"]):
        with pytest.raises(PermissionDenied):
            go(row, "read_announcement", author)


def test_a_changed_text_is_read_anew(people):
    row = read(in_reading(people), people, times=2)
    row = go(row, "return_announcement", people["readers"][2], reason="日期写错了。")
    drafting.change_text(row, title=row.title, text="另一段正文。", by=people["author"])
    row = go(row, "submit_announcement", people["author"])
    assert row.reviews.count() == 0
    with pytest.raises(Refused, match="还没有通过初审、复审、终审"):
        go(row, "publish_announcement", people["author"])


def test_a_text_changed_behind_the_readings_voids_them(people):
    row = read(in_reading(people), people)
    Announcement.objects.filter(pk=row.pk).update(text="夹带的正文。")
    with pytest.raises(Refused, match="还没有通过初审、复审、终审"):
        go(row, "publish_announcement", people["author"])


def test_only_a_draft_is_changed(people):
    row = in_reading(people)
    with pytest.raises(Refused, match="只有拟稿时可以修改"):
        drafting.change_text(row, title="x", text="y", by=people["author"])


# ── personal data stop it ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("where", "text", "said"),
    [
        ("text", "身份证号321102197501011230。", "正文中有身份证号码"),
        ("text", "联系13812345678。", "正文中有手机号码"),
        ("text", "周某，1975年1月出生。", "正文中有出生日期 1975年"),
        ("text", "出生日期：1975-01-01", "正文中有出生日期"),
        ("title", "公示 13812345678", "标题中有手机号码"),
        ("row", "周镕喆 321102197501011230", "名单第 2 行“领衔人”中有身份证号码"),
    ],
)
def test_numbers_and_birth_dates_are_named_with_their_place_and_refused_twice(people, where, text, said):
    rows = [ROWS[0], ROWS[1] | {"leader": text}] if where == "row" else ROWS
    kwargs = {where: text} if where != "row" else {}
    row = drafted(people, rows=rows, **kwargs)
    with pytest.raises(Refused, match=said) as refusal:
        go(row, "submit_announcement", people["author"])
    assert "321102197501011230" not in str(refusal.value)
    assert "13812345678" not in str(refusal.value)
    assert said in "".join(checks.personal_data(row))


def test_it_is_looked_for_again_at_the_moment_of_publication(people):
    row = read(in_reading(people), people)
    Announcement.objects.filter(pk=row.pk).update(text="电话13812345678")
    row.refresh_from_db()
    row.reviews.update(text_hash=checks.text_hash(row))  # as if somebody had read that
    with pytest.raises(Refused, match="正文中有手机号码"):
        go(row, "publish_announcement", people["author"])


def test_an_attachment_is_searched_too(people):
    row = drafted(people)
    upload = SimpleUploadedFile("名单.pdf", samples.pdf_with_text("13812345678"))
    checked = attachments.check(upload, kinds=attachments.PDF)
    drafting.add_file(row, title="名单", checked=checked, by=people["author"])
    with pytest.raises(Refused, match="附件“名单”中有手机号码"):
        go(row, "submit_announcement", people["author"])


@pytest.mark.parametrize(
    "text",
    [
        "2015年9月成立。",
        "1998年1月生产线改造。",
        "2026年3月5日公示。",
        "电话0511-84412345",
        "产量13812345678900件",
    ],
)
def test_ordinary_dates_and_telephones_pass(text):
    assert attachments.personal_data_in(text) == []


def test_rows_hold_the_public_columns_and_nothing_else(people):
    with pytest.raises(ValueError, match="public columns"):
        drafted(people, rows=[ROWS[0] | {"mobile": "x"}])


# ── the days ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("day", "days", "last"),
    [
        ("2026-03-02", 5, date(2026, 3, 9)),  # over a weekend
        ("2026-03-06", 1, date(2026, 3, 9)),  # a Friday
        ("2026-09-28", 5, date(2026, 10, 10)),  # over the National Day, with its working Saturday
        ("2026-02-13", 5, date(2026, 2, 27)),  # over the Spring Festival
    ],
)
def test_the_last_day_is_counted_in_working_days_from_the_day_after(people, monkeypatch, day, days, last):
    moment = at(*map(int, day.split("-")), 10)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    row = published(people, days=days)
    assert row.ends_on == last
    assert workdays.workdays_between(date.fromisoformat(day), last) == days


def test_the_countdown_is_on_the_public_pages(people, client, monkeypatch):
    moment = at(2026, 3, 2, 10)  # a Monday
    monkeypatch.setattr(timezone, "now", lambda: moment)
    row = published(people)
    page = client.get(reverse("announcement", args=[row.key])).content.decode()
    assert "还有 <strong>5</strong> 个工作日" in page
    assert "2026年3月3日至2026年3月9日" in page
    for name in ("announcements", "portal"):
        assert "还有 5 个工作日" in client.get(reverse(name)).content.decode()
    later = at(2026, 3, 9, 23)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "今天截止" in client.get(reverse("announcement", args=[row.key])).content.decode()
    after = at(2026, 3, 10, 0, 30)
    monkeypatch.setattr(timezone, "now", lambda: after)
    page = client.get(reverse("announcement", args=[row.key])).content.decode()
    assert "公示已截止" in page
    assert "实名提出异议" not in page


def test_it_is_concluded_only_after_the_last_day_and_without_open_objections(people):
    row = published(people)
    with pytest.raises(Refused, match="次日起才能办结"):
        go(row, "conclude_announcement", people["author"])
    objection = objected(row, people)
    Announcement.objects.filter(pk=row.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="还有 1 件异议没有处理完"):
        go(row, "conclude_announcement", people["author"])
    decided(objection, people)
    row = go(row, "conclude_announcement", people["author"])
    assert row.status == "concluded"
    assert Document.objects.about(row).filter(kind="announcement_report").count() == 1


def test_an_extension_is_shown_with_its_reason_and_reissues_the_paper(people, client):
    row = published(people)
    until = workdays.add_workdays(row.ends_on, 3)
    row = go(row, "extend_announcement", people["author"], until=until, reason="补充名单说明。")
    assert row.ends_on == until
    page = client.get(reverse("announcement", args=[row.key])).content.decode()
    assert f"公示期延长至 {until.isoformat()}，原因：补充名单说明。" in page
    assert [d.version for d in Document.objects.about(row).filter(kind="announcement")] == [2, 1]


def test_the_new_end_is_a_later_working_day(people):
    row = published(people)
    sunday = row.ends_on + timedelta(days=(6 - row.ends_on.weekday()) % 7 or 7)
    for until, said in [(row.ends_on, "晚于"), (sunday, "工作日")]:
        form = ExtendForm({"until": until.isoformat(), "reason": "原因"}, record=row)
        assert said in form.errors["until"][0]
    form = ExtendForm({"until": "2030-01-02", "reason": "电话13812345678"}, record=row)
    assert "手机号码" in form.errors["reason"][0]


def test_what_was_taken_down_shows_only_that_and_why(people, client):
    row = go(published(people), "withdraw_announcement", people["author"], reason="名单有误，另行公示。")
    page = client.get(reverse("announcement", args=[row.key])).content.decode()
    assert "名单有误，另行公示。" in page
    assert "周镕喆" not in page
    assert client.get(reverse("announcement_print", args=[row.key])).status_code == 404
    assert row.title not in client.get(reverse("announcements")).content.decode()
    paper = Document.objects.about(row).get(kind="announcement")
    assert paper.state == "withdrawn"


# ── what everybody reads ────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", ["drafting", "reviewing"])
def test_nothing_is_public_before_its_publication(people, client, status):
    row = in_status(people, status)
    for name in ("announcement", "object", "announcement_print"):
        assert client.get(reverse(name, args=[row.key])).status_code == 404
    for name in ("announcements", "portal"):
        assert row.title not in client.get(reverse(name)).content.decode()


def test_the_public_page_and_paper_have_the_columns_the_text_and_nothing_of_the_house(people, client):
    row = published(people)
    page = client.get(reverse("announcement", args=[row.key])).content.decode()
    for words in ("周镕喆钣金技能大师工作室", "李垚", "工作室名称", "现予公示。"):
        assert words in page
    for reader in people["readers"]:
        assert reader.username not in page
    response = client.get(reverse("announcement_print", args=[row.key]))
    text = "".join(page_texts(b"".join(response)))
    assert "周镕喆钣金技能大师工作室" in text
    assert "公示期:" in text


def test_the_list_costs_the_same_with_one_and_with_thirty(people, client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("announcements"))
        return len(queries)

    first = published(people)
    one = cost()
    for n in range(29):
        Announcement.objects.create(
            kind="test_notice", number=f"ZG-2026-9{n:03}", status="published", title=f"公示{n}", text="正文",
            notice_days=5, drafted_by=people["author"], published_at=timezone.now(),
            published_by=people["author"], ends_on=first.ends_on,
        )  # fmt: skip
    assert cost() <= one + 1  # more than one page is counted


def test_the_search_is_kept_in_the_address(people, client):
    published(people, title="第一批公示")
    published(people, title="第二批公示")
    page = client.get(reverse("announcements"), {"q": "第二"}).content.decode()
    assert "第二批公示" in page
    assert "第一批公示" not in page
    assert 'value="第二"' in page
    assert "没有找到" in client.get(reverse("announcements"), {"q": "无此"}).content.decode()


# ── objections ──────────────────────────────────────────────────────────────────────────────────
TYPED = {
    "row": "k1",
    "name": "举报人甲",
    "contact": "0511-84412345",
    "text": "该工作室的获奖证书与事实不符，请核查原件。",
    "agreed": "on",
}


def objected(announcement, people, *, row="k1"):
    return objections.receive(
        announcement, row=row, name="举报人甲", contact="0511-84412345", text=TYPED["text"],
        by=people["office"], recorded=True,
    )  # fmt: skip


def decided(objection, people):
    objections.save_findings(
        objection, row="k1", findings="查看了原件，属实。", answer="经核查，证书属实。", by=people["office"]
    )
    return objections.dismiss(objection, by=people["office"])


def post(client, notice, **data):
    return client.post(reverse("object", args=[notice.key]), {"form_key": new_key()} | TYPED | data)


def test_anybody_objects_by_name_and_gets_a_number(people, client, django_capture_on_commit_callbacks):
    row = published(people)
    response = post(client, row)
    objection = Objection.objects.get()
    assert response.url == reverse("objection_receipt", args=[objection.key])
    assert (objection.name, objection.row, objection.recorded_by) == ("举报人甲", "k1", None)
    page = client.get(response.url).content.decode()
    assert objection.number in page
    assert "举报人甲" not in page
    assert TYPED["text"] not in page
    told = Notification.objects.filter(text__contains=objection.number)
    assert {n.user for n in told} >= {people["office"], people["author"]}
    assert people["applicant"] not in {n.user for n in told}


def test_name_contact_and_text_are_ciphertext_in_the_database_and_nowhere_on_the_trail(people, client):
    row = published(people)
    post(client, row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact, text FROM park_objection")
        stored = "".join(cursor.fetchone())
    assert "举报人" not in stored
    assert "84412345" not in stored
    said = "".join(f"{e.subject}{e.note}{e.before}{e.after}{e.by_name}" for e in AuditEntry.objects.all())
    assert "举报人" not in said
    assert "84412345" not in said
    assert "证书" not in said
    mails = "".join(Notification.objects.values_list("text", flat=True))
    assert "举报人" not in mails


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "请填写“您的姓名”"),
        ("name", "甲", "真实姓名"),
        ("contact", "没有", "电话号码或者电子邮箱"),
        ("text", "不行", "至少 10 个字"),
        ("row", "k9", "从公示名单中选择"),
        ("agreed", "", "勾选同意"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(people, client, field, value, said):
    row = published(people)
    response = post(client, row, **{field: value})
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    if field != "text":
        assert TYPED["text"] in page
    assert Objection.objects.count() == 0


def test_a_bad_file_is_refused_and_a_good_one_kept(people, client):
    row = published(people)
    bad = SimpleUploadedFile("证据.pdf", b"MZ" + b"\0" * 100)
    assert post(client, row, file=bad).status_code == 422
    good = SimpleUploadedFile("证据.png", samples.picture("PNG"))
    assert post(client, row, file=good).status_code == 302
    assert Objection.objects.get().stored.kind == "image"


def test_the_same_form_sent_twice_is_one_objection(people, client):
    row = published(people)
    data = {"form_key": new_key()} | TYPED
    first = client.post(reverse("object", args=[row.key]), data)
    again = client.post(reverse("object", args=[row.key]), data)
    assert Objection.objects.count() == 1
    assert (first.url, again.url) == (again.url, first.url)


def test_one_address_has_its_share_of_the_hour(people, client):
    row = published(people)
    codes = [post(client, row).status_code for _ in range(6)]
    assert codes == [302] * 5 + [409]
    page = post(client, row)
    assert TYPED["text"] in page.content.decode()
    assert Objection.objects.count() == 5


def test_too_many_tries_are_stopped_before_their_files_are_examined(people, client, monkeypatch):
    from park.views import announcement_public

    monkeypatch.setattr(announcement_public, "TRIES_AN_HOUR", 2)
    row = published(people)
    assert [post(client, row, agreed="").status_code for _ in range(3)] == [422, 422, 429]
    assert TYPED["text"] in post(client, row).content.decode()


def test_no_objection_after_the_last_day(people, client):
    row = published(people)
    Announcement.objects.filter(pk=row.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert post(client, row).status_code == 410
    assert objected(row, people).number  # what came on paper is still written down


def test_an_upload_is_not_asked_for_news(people, client):
    row = published(people, kind="test_news")
    assert client.get(reverse("object", args=[row.key])).status_code == 410
    assert ANNOUNCEMENT.steps["conclude_announcement"].missing(row) == ["这不是公示，发布后不需要办结。"]


def test_it_is_decided_only_with_findings_and_answer_and_once(people):
    objection = objected(published(people), people)
    with pytest.raises(Refused, match="核查情况和答复"):
        objections.dismiss(objection, by=people["office"])
    assert decided(objection, people).outcome == "dismissed"
    with pytest.raises(Refused, match="已经处理"):
        objections.dismiss(objection, by=people["office"])


def test_the_answer_is_on_the_page_of_the_number(people, client):
    objection = decided(objected(published(people), people), people)
    page = client.get(reverse("objection_receipt", args=[objection.key])).content.decode()
    assert "经核查，证书属实。" in page
    assert "查看了原件" not in page  # the findings are the office's


def test_only_the_office_opens_an_objection_and_that_is_on_the_trail(people, client_of):
    row = published(people)
    objection = objected(row, people)
    url = reverse("objection", args=[row.key, objection.key])
    page = client_of(people["office"]).get(url)
    assert "举报人甲" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert AuditEntry.objects.filter(verb="open_objection", by=people["office"]).count() == 1
    for who in ("applicant", "expert", "working_group", "auditor", "superuser", "nobody"):
        assert client_of(people[who]).get(url).status_code in (302, 403, 404), who


def test_an_officer_of_a_studio_on_it_sees_no_objection(people, client_of, monkeypatch):
    own = people["office"]
    register(
        "test_notice", title="测试公示", clause="3.2.3", prefix="ZG", notice=True,
        may=lambda user, announcement: user != own,
    )  # fmt: skip
    row = published(people)
    objection = objections.receive(
        row, row="k1", name="举报人甲", contact="0511-84412345", text=TYPED["text"], by=people["author"],
        recorded=True,
    )  # fmt: skip
    browser = client_of(own)
    assert browser.get(reverse("objection", args=[row.key, objection.key])).status_code == 403
    page = browser.get(reverse("announcement_case", args=[row.key])).content.decode()
    assert objection.number not in page
    assert not Notification.objects.filter(user=own, text__contains=objection.number).exists()


def test_the_report_counts_the_objections_and_names_nobody(people):
    row = published(people)
    decided(objected(row, people), people)
    Announcement.objects.filter(pk=row.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    row = go(row, "conclude_announcement", people["author"])
    paper = Document.objects.about(row).get(kind="announcement_report")
    text = "".join(page_texts(documents.read(paper)))
    for words in ("共收到异议1件", "异议成立0件", "异议不成立", "书面或当面反映", "周镕喆钣金技能大师工作室"):
        assert words in text
    for secret in ("举报人甲", "84412345", "获奖证书"):
        assert secret not in text


# ── the office's pages ──────────────────────────────────────────────────────────────────────────
def test_the_whole_way_through_the_pages(people, client_of):
    author, readers = client_of(people["author"]), [client_of(r) for r in people["readers"]]
    row = drafted(people)

    def step(browser, name, **data):
        url = reverse("announcement_step", args=[row.key, name])
        return browser.post(url, {"form_key": new_key()} | data, follow=True)

    edit = reverse("announcement_edit", args=[row.key])
    bad = author.post(edit, {"form_key": new_key(), "title": "", "text": "保留的文字"})
    assert bad.status_code == 422
    assert "保留的文字" in bad.content.decode()
    author.post(edit, {"form_key": new_key(), "title": "新标题", "text": "新正文。"})
    step(author, "submit_announcement")
    assert "起草和修改过文稿的人不审核" in author.get(row.get_absolute_url()).content.decode()
    for browser in readers:
        step(browser, "read_announcement", note="同意。")
    page = step(author, "publish_announcement")
    row.refresh_from_db()
    assert row.status == "published"
    assert "已发布" in page.content.decode()
    assert step(author, "extend_announcement", until="2020-01-01", reason="原因").status_code == 422
    page = author.get(row.get_absolute_url()).content.decode()
    assert all(str(reader) in page for reader in people["readers"])


@pytest.mark.parametrize("who", ["applicant", "expert", "working_group", "attraction", "nobody", "superuser"])
def test_the_list_and_cases_are_the_offices(people, client_of, who):
    row = published(people)
    browser = client_of(people[who])
    assert browser.get(reverse("announcement_cases")).status_code in (302, 403)
    assert browser.get(row.get_absolute_url()).status_code in (302, 403)


def test_the_list_of_cases_costs_the_same_with_one_and_with_thirty(people, client_of):
    browser = client_of(people["office"])
    drafted(people)
    url = reverse("announcement_cases")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        return len(queries)

    browser.get(url)
    one = cost()
    for _ in range(29):
        drafted(people)
    assert cost() == one


def test_the_form_for_an_officer_speaks_of_the_person(people):
    row = published(people)
    assert ObjectionForm(record=row, recorded=True)["name"].label == "异议人姓名"


def test_the_account_of_somebody_signed_in_is_not_joined_to_what_they_object(people, client_of):
    """Neither by the used one-time key, which remembers where it led, nor by the trail."""
    row = published(people)
    insider = people["office"]
    assert post(client_of(insider), row).status_code == 302
    assert row.objections.count() == 1
    assert not FormKey.objects.filter(user=insider).exists()
    assert not AuditEntry.objects.filter(by=insider, verb="receive_objection").exists()
