"""The pages of the ledgers: entered by phone, listed, verified in batches, printed, in and out as sheets."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from park import sheets
from park.audit import history_of
from park.formkeys import new_key
from park.models import Document, Job, Role
from park.sheets import import_url
from tests.factories import UserFactory
from tests.papers import page_texts, tidy
from tests.workshops import ledgers
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.actions.ledger_batch import MOST_ROWS
from workshops.kinds import KINDS
from workshops.models import LedgerRecord, Trainee
from workshops.sheets.ledger import IMPORTS, ROSTER, ROSTER_OUT, export_rows, sheet_of
from workshops.workflow import LEDGER

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def own():
    return UserFactory(roles=["applicant"])


@pytest.fixture
def studio(own):
    return ResidencyFactory(active=True, studio=StudioFactory(people=[own])).studio


def post(browser, url, data=None, **extra):
    return browser.post(url, {"form_key": new_key(), **(data or {}), **extra})


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


# ── who reads what ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", Role)
def test_the_ledgers_are_for_the_studio_and_the_office(client_of, studio, office, role):
    row = ledgers.record(studio)
    browser = client_of(UserFactory(roles=[role]))
    may = role in (Role.OFFICE, Role.LEAD_DIVISION)
    sees_studio = role in (
        Role.OFFICE,
        Role.LEAD_DIVISION,
        Role.ATTRACTION,
        Role.LOGISTICS,
        Role.WORKING_GROUP,
    )
    of_studio = 200 if may else 403 if sees_studio else 404
    for name, arguments in (
        ("ledgers", [studio.key]),
        ("ledger_all", [studio.key]),
        ("ledger_kind", [studio.key, "log"]),
        ("ledger_trainees", [studio.key]),
        ("ledger_export", [studio.key, "log"]),
    ):
        assert browser.get(address(name, *arguments)).status_code == of_studio, name
    assert browser.get(row.get_absolute_url()).status_code == (200 if may else 404)
    assert browser.get(address("ledger_edit", row.key)).status_code == (403 if may else 404)
    assert browser.get(address("ledger_office")).status_code == (200 if may else 403)


def test_an_unknown_kind_is_not_found(client_of, own, studio):
    browser = client_of(own)
    assert browser.get(address("ledger_kind", studio.key, "nothing")).status_code == 404
    assert browser.get(address("ledger_new", studio.key, "nothing")).status_code == 404
    assert browser.get(address("ledger_roster", ledgers.record(studio).key)).status_code == 404


# ── entering ────────────────────────────────────────────────────────────────────────────────────
LOG = {"title": "带徒实训", "happened_on": "2026-03-05", "content": "指导两人", "then": "draft"}


def test_a_draft_needs_a_name_and_a_day_only(client_of, own, studio):
    browser = client_of(own)
    url = address("ledger_new", studio.key, "log")
    answer = post(browser, url, LOG, content="")
    row = LedgerRecord.objects.get()
    assert answer.url == row.get_absolute_url()
    assert (row.status, row.title, row.happened_on) == ("draft", "带徒实训", date(2026, 3, 5))
    refused = post(browser, url, LOG, title="", content="写好的内容")
    assert refused.status_code == 422
    assert "写好的内容" in refused.content.decode()
    assert LedgerRecord.objects.count() == 1


def test_the_same_form_sent_twice_is_one_record(client_of, own, studio):
    browser, key = client_of(own), new_key()
    for _ in range(2):
        answer = browser.post(address("ledger_new", studio.key, "log"), {"form_key": key, **LOG})
        assert answer.status_code == 302
    assert LedgerRecord.objects.count() == 1


def test_a_photo_from_the_phone_and_straight_to_the_office(client_of, own, studio):
    data = {"title": "工作室门牌", "happened_on": "2026-03-05", "photo": ledgers.picture(4), "then": "submit"}
    answer = post(client_of(own), address("ledger_new", studio.key, "sign"), data)
    row = LedgerRecord.objects.get()
    assert answer.url == row.get_absolute_url()
    assert (row.status, row.file_count) == ("submitted", 1)


def test_what_is_missing_leaves_a_draft_and_says_so(client_of, own, studio):
    data = {"title": "工作室门牌", "happened_on": "2026-03-05", "then": "submit"}
    browser = client_of(own)
    answer = browser.post(
        address("ledger_new", studio.key, "sign"), {"form_key": new_key(), **data}, follow=True
    )
    assert LedgerRecord.objects.get().status == "draft"
    assert "已存为草稿，还不能提交：还没有附件作为证明。" in answer.content.decode()


def test_money_is_typed_in_yuan_and_kept_in_fen(client_of, own, studio):
    browser = client_of(own)
    url = address("ledger_new", studio.key, "benefit")
    data = {"title": "节约", "happened_on": "2026-03-05", "amount": "12,345.60", "then": "draft"}
    post(browser, url, data)
    row = LedgerRecord.objects.get()
    assert row.amount_fen == 1_234_560
    assert "12345.60" in browser.get(address("ledger_edit", row.key)).content.decode()
    for wrong in ("1.234", "-5", "一万", "1e30"):
        assert post(browser, url, data, amount=wrong).status_code == 422


@pytest.mark.parametrize(("kind", "wrong"), [
    ("startup", {"credit_code": "123"}),
    ("media", {"link": "javascript:alert(1)"}),
    ("media", {"media_level": "galaxy"}),
    ("training", {"planned": "-1"}),
    ("training", {"planned": "many"}),
    ("log", {"content": "字" * 2001}),
    ("log", {"happened_on": "2026-02-30"}),
    ("log", {"happened_on": "1026-02-03"}),
    ("exchange", {"until_on": "2026-03-01"}),
])  # fmt: skip
def test_what_is_wrong_is_refused_at_its_field(client_of, own, studio, kind, wrong):
    data = {"title": "名称", "happened_on": "2026-03-05", "then": "draft"} | wrong
    answer = post(client_of(own), address("ledger_new", studio.key, kind), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    assert not LedgerRecord.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_form_and_its_pages(client_of, own, studio, kind):
    row = ledgers.record(studio, kind)
    browser = client_of(own)
    for url in (
        address("ledger_new", studio.key, kind),
        address("ledger_new", studio.key, kind) + "?copy=last",
        address("ledger_kind", studio.key, kind),
        address("ledger_edit", row.key),
        row.get_absolute_url(),
    ):
        assert browser.get(url).status_code == 200, url
    shown = browser.get(address("ledger_edit", row.key)).context["form"]
    data = {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, "")}
    answer = post(browser, address("ledger_edit", row.key), data, then="draft")
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.version, row.data) == (1, KINDS[kind].dump(ledgers.VALUES[kind]))  # nothing lost on the way


def test_a_copy_takes_over_all_but_days_papers_and_results(client_of, own, studio):
    row = ledgers.record(studio, "paid_service", day=date(2026, 1, 5))
    form = (
        client_of(own)
        .get(address("ledger_new", studio.key, "paid_service") + f"?copy={row.key}")
        .context["form"]
    )
    assert form["client"].value() == "镇江某机械厂"
    assert form["contract_no"].value() is None
    assert form["happened_on"].value() == timezone.localdate()


def test_a_change_meanwhile_is_a_conflict_and_keeps_what_was_typed(client_of, own, studio):
    row = ledgers.record(studio)
    browser = client_of(own)
    post(browser, address("ledger_edit", row.key), LOG, version="1")
    answer = post(browser, address("ledger_edit", row.key), LOG, version="1", title="第二个窗口写的")
    assert answer.status_code == 409
    assert "第二个窗口写的" in answer.content.decode()


def test_steps_by_the_pages(client_of, own, studio, office):
    row = ledgers.record(studio)
    browser, desk = client_of(own), client_of(office)
    post(browser, address("ledger_step", row.key, "submit_ledger"))
    answer = post(desk, address("ledger_step", row.key, "return_ledger"), reason="")
    assert answer.status_code == 422
    post(desk, address("ledger_step", row.key, "return_ledger"), reason="请写清地点")
    assert "请写清地点" in browser.get(row.get_absolute_url()).content.decode()
    assert "请写清地点" in browser.get(reverse("home")).content.decode()
    post(browser, address("ledger_step", row.key, "submit_ledger"))
    assert row.title in desk.get(reverse("home")).content.decode()
    post(desk, address("ledger_step", row.key, "verify_ledger"))
    row.refresh_from_db()
    assert row.status == "verified"
    assert browser.get(address("ledger_edit", row.key)).status_code == 302
    assert browser.get(address("ledger_step", row.key, "nothing")).status_code == 404


def test_files_come_go_and_are_read_by_those_who_see_the_record(client_of, own, studio, office):
    row = ledgers.record(studio)
    browser = client_of(own)
    post(browser, address("ledger_add_file", row.key), file=ledgers.picture(9), caption="现场")
    stored = row.files.get().stored
    url = address("ledger_file", row.key, stored.key)
    for address_, verbs in ((url + "?inline", 0), (url, 1)):
        answer = client_of(office).get(address_)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
        answer.close()
        assert history_of(row).filter(verb="download_file").count() == verbs
    assert client_of(ledgers.member_of(StudioFactory())).get(url).status_code == 404
    assert post(client_of(office), address("ledger_remove_file", row.key, stored.key)).status_code == 403
    post(browser, address("ledger_remove_file", row.key, stored.key))
    assert browser.get(url).status_code == 404


def test_the_roster_by_the_page(client_of, own, studio, office):
    row = ledgers.record(studio, "training")
    browser, url = client_of(own), address("ledger_roster", row.key)
    post(browser, url, name="王镕", certificate_kind="none")
    refused = post(browser, url, name="李玥", certificate_kind="skill_level")
    assert set(refused.context["form"].errors) == {"certificate_no", "certified_on"}
    refused = post(browser, url, name="李玥", certificate_kind="none", level="L4")
    assert set(refused.context["form"].errors) == {"level"}
    assert post(client_of(office), url, name="李玥", certificate_kind="none").status_code == 403
    person = Trainee.objects.get()
    assert "王镕" in browser.get(address("ledger_trainees", studio.key)).content.decode()
    post(browser, address("ledger_remove_trainee", row.key, person.pk))
    assert not Trainee.objects.exists()


# ── lists ───────────────────────────────────────────────────────────────────────────────────────
def listed(browser, url, **asked):
    return [row["record"].title for row in browser.get(url, asked).context["rows"]]


def test_lists_search_filter_and_sort(client_of, own, studio):
    year = timezone.localdate().year
    for title, day, amount in (("甲", 1, 300), ("乙", 2, 900), ("丙", 3, 600)):
        ledgers.record(studio, "benefit", title=title, day=date(year, 1, day), amount=amount)
    ledgers.record(studio, "benefit", title="往年", day=date(year - 1, 5, 1), benefit_type="startup")
    browser, url = client_of(own), address("ledger_kind", studio.key, "benefit")
    assert listed(browser, url) == ["丙", "乙", "甲"]
    assert listed(browser, url, sort="oldest") == ["甲", "乙", "丙"]
    assert listed(browser, url, sort="amount") == ["乙", "丙", "甲"]
    assert listed(browser, url, year=year - 1) == ["往年"]
    assert listed(browser, url, year="all", category="startup") == ["往年"]
    assert listed(browser, url, q="TZ-0002") == ["乙"]
    assert listed(browser, url, q="机械厂") == ["丙", "乙", "甲"]
    assert listed(browser, url, status="verified") == []
    row = LedgerRecord.objects.get(title="甲")
    LEDGER.perform(row, "void_ledger", by=own)
    assert listed(browser, url) == ["丙", "乙"]
    assert listed(browser, url, status="voided") == ["甲"]
    for nonsense in ("?page=x", "?year=20x6", "?sort=zz", "?page=99", "?category=zz", "?status=zz"):
        assert browser.get(url + nonsense).status_code == 200, nonsense


PAGES = {
    "ledgers": lambda s, r: address("ledgers", s.key),
    "all": lambda s, r: address("ledger_all", s.key),
    "kind": lambda s, r: address("ledger_kind", s.key, "achievement"),
    "record": lambda s, r: r.get_absolute_url(),
    "edit": lambda s, r: address("ledger_edit", r.key),
    "new": lambda s, r: address("ledger_new", s.key, "achievement") + "?copy=last",
    "trainees": lambda s, r: address("ledger_trainees", s.key),
}


@pytest.mark.parametrize("who", ["own", "office"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_asks_more_for_more_rows(client_of, own, studio, office, page, who):
    if who == "office" and page in ("edit", "new"):
        return
    browser = client_of(own if who == "own" else office)
    row = ledgers.record(studio, "achievement", shade=1)
    training = ledgers.record(studio, "training")
    ledgers.trainee(training, "王镕", "Z0")
    few = counted(browser, PAGES[page](studio, row))
    for n in range(29):
        ledgers.record(studio, "achievement", title=f"第{n}项")
        ledgers.trainee(training, "王镕", f"Z{n + 1}")
    many = counted(browser, PAGES[page](studio, row))
    assert many == few <= 12


def counted(browser, url) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_office_list_asks_as_often_for_many(client_of, office, rows):
    for n in range(rows):
        ledgers.in_status(StudioFactory(), "submitted", office=office, kind="log", title=f"{n}")
    browser = client_of(office)
    assert len(browser.get(address("ledger_office")).context["rows"]) == rows
    assert counted(browser, address("ledger_office")) <= 9


# ── the office ──────────────────────────────────────────────────────────────────────────────────
def test_the_office_list_shows_what_waits_and_filters(client_of, office, studio):
    waiting = ledgers.in_status(studio, "submitted", office=office, title="等着")
    ledgers.record(studio, title="草稿")
    done = ledgers.in_status(studio, "verified", office=office, kind="sign", title="好了")
    browser, url = client_of(office), address("ledger_office")
    assert listed(browser, url) == [waiting.title]
    assert listed(browser, url, status="verified") == [done.title]
    assert set(listed(browser, url, status="")) == {waiting.title, done.title}
    assert listed(browser, url, kind="sign") == []
    assert listed(browser, url, studio=studio.name[:4]) == [waiting.title]
    assert listed(browser, url, studio="没有这一家") == []


def test_many_are_verified_at_once_with_a_line_for_each(client_of, office, studio):
    good = ledgers.in_status(studio, "submitted", office=office)
    mine = StudioFactory(people=[office])
    own = ledgers.record(mine, by=office)
    LEDGER.perform(own, "submit_ledger", by=office)
    gone = ledgers.in_status(studio, "verified", office=office, kind="sign")
    browser, url = client_of(office), address("ledger_batch")
    asked = {"step": "verify_ledger", "record": [str(r.key) for r in (good, own, gone)]}
    preview = browser.get(url, asked)
    assert (preview.context["good"], preview.context["bad"]) == (1, 2)
    answer = post(browser, url, asked)
    job = Job.objects.get(kind="ledger_batch")
    assert answer.url == job.get_absolute_url()
    assert sorted((line["label"], line["ok"]) for line in job.result) == sorted(
        [(f"{studio.name} {good.number}", True), (f"{mine.name} {own.number}", False), (f"{studio.name} {gone.number}", False)]
    )  # fmt: skip
    good.refresh_from_db()
    own.refresh_from_db()
    assert (good.status, own.status) == ("verified", "submitted")
    assert browser.get(job.get_absolute_url()).status_code == 200


def test_many_are_returned_with_one_reason(client_of, office, studio):
    rows = [ledgers.in_status(studio, "submitted", office=office, title=f"{n}") for n in range(3)]
    browser, url = client_of(office), address("ledger_batch")
    asked = {"step": "return_ledger", "record": [str(row.key) for row in rows]}
    assert post(browser, url, asked).status_code == 422
    post(browser, url, asked, reason="请写清地点")
    assert set(LedgerRecord.objects.values_list("status", "returned_why")) == {("returned", "请写清地点")}


def test_nothing_chosen_and_no_right(client_of, office, own, studio):
    browser, url = client_of(office), address("ledger_batch")
    assert browser.get(url).url == address("ledger_office")
    row = ledgers.in_status(studio, "submitted", office=office)
    asked = {"step": "void_ledger", "record": str(row.key)}
    assert browser.get(url, asked).url == address("ledger_office")
    assert client_of(own).get(url, {"step": "verify_ledger", "record": str(row.key)}).status_code == 403
    assert MOST_ROWS == 200


@pytest.mark.parametrize("count", [1, 20])
def test_the_preview_asks_as_often_for_many(client_of, office, studio, count):
    rows = [ledgers.in_status(studio, "submitted", office=office, title=f"{n}") for n in range(count)]
    query = "&".join(f"record={row.key}" for row in rows)
    assert counted(client_of(office), f"{address('ledger_batch')}?step=verify_ledger&{query}") <= 9


# ── printed ─────────────────────────────────────────────────────────────────────────────────────
def printed(browser, studio, kind, year, callbacks):
    with callbacks(execute=True):
        post(browser, address("ledger_print", studio.key, kind), year=str(year))
    return Document.objects.order_by("pk").last()


def test_a_ledger_is_printed_with_a_number_and_replaced_by_the_next(
    client_of, own, studio, office, django_capture_on_commit_callbacks
):
    year = timezone.localdate().year
    browser = client_of(own)
    ledgers.record(studio, "benefit", title="草稿不印")
    answer = post(browser, address("ledger_print", studio.key, "benefit"), year=str(year))
    assert answer.status_code == 302
    assert not Document.objects.exists()
    ledgers.in_status(studio, "verified", office=office, kind="benefit", title="校形工装推广")
    first = printed(browser, studio, "benefit", year, django_capture_on_commit_callbacks)
    text = tidy(
        "".join(
            page_texts(
                b"".join(browser.get(address("ledger_paper", studio.key, first.public_id)).streaming_content)
            )
        )
    )
    for word in (
        "工作过程台账",
        studio.name,
        "校形工装推广",
        "560,000.00元",
        "已核验",
        "TZ-0002",
        "附件2加分项目4",
    ):
        assert tidy(word) in text
    assert tidy("草稿不印") not in text
    second = printed(browser, studio, "benefit", year, django_capture_on_commit_callbacks)
    first.refresh_from_db()
    assert (first.state, second.number, second.version) == ("superseded", first.number, 2)
    assert second.number.startswith("TZ-")
    assert (
        client_of(ledgers.member_of(StudioFactory()))
        .get(address("ledger_paper", studio.key, second.public_id))
        .status_code
        == 404
    )


def test_the_roster_is_printed(client_of, own, studio, office, django_capture_on_commit_callbacks):
    training = ledgers.record(studio, "training", title="数控车工短训")
    ledgers.trainee(training, "王镕喆", "ZS-2026-1")
    LEDGER.perform(training, "submit_ledger", by=own)
    browser, year = client_of(own), timezone.localdate().year
    paper = printed(browser, studio, "roster", year, django_capture_on_commit_callbacks)
    text = tidy(
        "".join(
            page_texts(
                b"".join(browser.get(address("ledger_paper", studio.key, paper.public_id)).streaming_content)
            )
        )
    )
    for word in ("培训花名册", "数控车工短训", "王镕喆", "ZS-2026-1", "职业技能等级证书", "1人次"):
        assert tidy(word) in text
    assert paper.number.startswith("HM-")


# ── sheets ──────────────────────────────────────────────────────────────────────────────────────
def imported(browser, kind, into, sheet, rows):
    """Upload, see what would happen, confirm; returns what the check found."""
    upload = SimpleUploadedFile("rows.xlsx", sheets.write(sheet, rows), sheets.writing.XLSX_TYPE)
    answer = post(browser, import_url(kind, into), sheet=upload)
    page = browser.get(answer.url)
    outcome = page.context["outcome"]
    if not outcome["faults"]:
        job = page.context["job"]
        post(browser, reverse("sheet_confirm", args=[job.key]))
    return outcome


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_out_comes_in_again_and_changes_nothing(client_of, own, studio, kind):
    ledgers.record(studio, kind, title="已有的")
    rows = list(export_rows(LedgerRecord.objects.all(), KINDS[kind]))
    browser = client_of(own)
    outcome = imported(browser, f"ledger-{kind}", studio.key, sheet_of(KINDS[kind]), rows)
    assert (outcome["faults"], outcome["counts"]) == ([], {"same": 1})
    assert browser.get(address("ledger_export", studio.key, kind)).status_code == 200


def test_rows_come_in_as_drafts_and_a_number_changes_its_record(client_of, own, studio):
    old = ledgers.record(studio, "log", title="旧的")
    rows = [
        {"number": old.number, "title": "改过的", "happened_on": old.happened_on, "content": "新内容"},
        {"title": "新的一", "happened_on": date(2026, 3, 1), "content": "一"},
        {"title": "新的二", "happened_on": date(2026, 3, 2), "content": "二", "hours": 3},
    ]
    outcome = imported(client_of(own), "ledger-log", studio.key, sheet_of(KINDS["log"]), rows)
    assert outcome["counts"] == {"changed": 1, "new": 2}
    found = LedgerRecord.objects.order_by("serial").values_list(
        "serial", "title", "status", "version", "quantity"
    )
    assert list(found) == [
        (1, "改过的", "draft", 2, None),
        (2, "新的一", "draft", 1, None),
        (3, "新的二", "draft", 1, 3),
    ]


def test_a_bad_row_keeps_all_out(client_of, own, studio, office):
    done = ledgers.in_status(studio, "verified", office=office, kind="log", title="已核验的")
    known = ledgers.record(studio, "log", title="登记过的", day=date(2026, 3, 1))
    rows = [
        {"title": "好的", "happened_on": date(2026, 3, 3), "content": "一"},
        {"number": done.number, "title": "改", "happened_on": date(2026, 3, 4), "content": "一"},
        {"number": "TZ-0999", "title": "没有", "happened_on": date(2026, 3, 5), "content": "一"},
        {"title": known.title, "happened_on": known.happened_on, "content": "一"},
        {"title": "好的", "happened_on": date(2026, 3, 3), "content": "一"},
    ]
    outcome = imported(client_of(own), "ledger-log", studio.key, sheet_of(KINDS["log"]), rows)
    assert [(fault.row, fault.column) for fault in outcome["faults"]] == [
        (3, "编号"),
        (4, "编号"),
        (5, ""),
        (6, ""),
    ]
    assert LedgerRecord.objects.count() == 2


def test_a_roster_comes_in_and_completes_certificates(client_of, own, studio):
    training = ledgers.record(studio, "training")
    ledgers.trainee(training, "王镕")
    rows = [
        {"name": "王镕", "certificate_kind": "skill_level", "certificate_no": "ZS-1", "certified_on": date(2026, 3, 1), "level": "L4"},
        {"name": "李玥", "unit_name": "某厂"},
    ]  # fmt: skip
    outcome = imported(client_of(own), "ledger-roster", training.key, ROSTER, rows)
    assert outcome["counts"] == {"changed": 1, "new": 1}
    training.refresh_from_db()
    assert training.row_count == 2
    assert set(Trainee.objects.values_list("name", "certificate_no", "level")) == {
        ("王镕", "ZS-1", "L4"),
        ("李玥", "", ""),
    }
    bad = [{"name": "张三丰", "certificate_kind": "skill_level"}, {"name": "李玥", "unit_name": "某厂"}, {"name": "李玥", "unit_name": "某厂"}]  # fmt: skip
    outcome = imported(client_of(own), "ledger-roster", training.key, ROSTER, bad)
    assert [(fault.row, fault.column) for fault in outcome["faults"]] == [
        (2, "证书编号"),
        (2, "发证日期"),
        (4, ""),
    ]


def test_only_the_studio_imports(client_of, own, studio, office):
    training = ledgers.in_status(studio, "verified", office=office, kind="training")
    assert client_of(own).get(import_url("ledger-log", studio.key)).status_code == 200
    assert client_of(office).get(import_url("ledger-log", studio.key)).status_code == 403
    assert (
        client_of(ledgers.member_of(StudioFactory())).get(import_url("ledger-log", studio.key)).status_code
        == 404
    )
    assert client_of(own).get(import_url("ledger-roster", training.key)).status_code == 403
    assert len(IMPORTS) == len(KINDS) + 1


def test_the_people_trained_go_out(client_of, own, studio):
    training = ledgers.record(studio, "training")
    ledgers.trainee(training, "王镕", "ZS-1")
    answer = client_of(own).get(address("ledger_trainees_export", studio.key))
    read = sheets.read(io.BytesIO(b"".join(answer.streaming_content)), ROSTER_OUT)
    assert [(row["number"], row["name"], row["certificate_no"]) for row in read.rows] == [
        (training.number, "王镕", "ZS-1")
    ]
