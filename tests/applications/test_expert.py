"""The pool of experts: entries, accounts, days away, and a sheet of them read whole or not at all [3.2.2 有关专家]."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.actions import pooling
from applications.models import Expert
from applications.resources import EXPERT_COLUMNS, experts_template, read_experts
from park.formkeys import new_key
from park.models import AuditEntry, CraftField, Role
from park.workflow import Refused
from tests.applications import road

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office(user):
    return user("office")


@pytest.fixture
def field():
    return CraftField.objects.get(code="HJ")


@pytest.fixture
def expert(office, field):
    return pooling.add_expert(
        by=office, fields=[field], name="赵昇堃", unit_name="镇江技师学院", title="高级技师", craft="焊工",
        expertise="厚板焊接", mobile="13900001111",
    )  # fmt: skip


def verbs(expert):
    rows = AuditEntry.objects.filter(subject=f"专家 {expert.key}", result="ok").order_by("sequence")
    return list(rows.values_list("verb", flat=True))


# ── entries ─────────────────────────────────────────────────────────────────────────────────────
def test_an_entry_is_made_changed_left_and_taken_back(expert, office, field):
    values = {name: getattr(expert, name) for name in pooling.COLUMNS}
    pooling.change_expert(expert, by=office, fields=[field], **values)  # nothing new
    pooling.change_expert(expert, by=office, fields=[field], **values | {"title": "正高级工程师"})
    pooling.leave_pool(expert, reason="工作调动", by=office)
    assert not Expert.objects.available_on(timezone.localdate()).exists()
    pooling.return_to_pool(expert, by=office)
    assert verbs(expert) == ["add_expert", "change_expert", "leave_pool", "return_to_pool"]
    assert [row.title for row in expert.history.order_by("history_id")][:2] == ["高级技师", "正高级工程师"]


def test_what_cannot_be_done_twice(expert, office):
    with pytest.raises(Refused, match="已有"):
        pooling.add_expert(by=office, fields=[], name=expert.name, unit_name=expert.unit_name)
    with pytest.raises(Refused, match="已在库"):
        pooling.return_to_pool(expert, by=office)
    pooling.leave_pool(expert, reason="工作调动", by=office)
    with pytest.raises(Refused, match="已经出库"):
        pooling.leave_pool(expert, reason="工作调动", by=office)


def test_the_trail_has_no_names_and_no_mobile(expert):
    texts = " ".join(str(vars(row)) for row in AuditEntry.objects.all())
    assert expert.name not in texts
    assert expert.mobile not in texts


# ── accounts ────────────────────────────────────────────────────────────────────────────────────
def test_an_account_is_linked_once(expert, office, user):
    mine, other = user("expert"), user("expert")
    pooling.link_account(expert, mine, by=office)
    assert verbs(expert)[-1] == "link_expert"
    with pytest.raises(Refused, match="已关联"):
        pooling.link_account(expert, other, by=office)
    second = pooling.add_expert(by=office, fields=[], name="李明", unit_name="江苏大学")
    with pytest.raises(Refused, match="不能关联"):
        pooling.link_account(second, mine, by=office)


@pytest.mark.parametrize("roles", [[], ["applicant"], ["office"], ["expert", "office"], ["auditor"]])
def test_only_accounts_of_experts_who_are_not_of_the_office(expert, office, user, roles):
    """Who works in the office sees every case; a recusal could not keep them from one."""
    with pytest.raises(Refused):
        pooling.link_account(expert, user(*roles), by=office)


# ── days away ───────────────────────────────────────────────────────────────────────────────────
def test_days_away_are_entered_without_overlap(expert, office):
    day = timezone.localdate()
    row = pooling.add_absence(expert, starts_on=day, ends_on=day + timedelta(days=3), reason="", by=office)
    with pytest.raises(Refused, match="重叠"):
        pooling.add_absence(
            expert, starts_on=day + timedelta(days=3), ends_on=day + timedelta(days=9), reason="", by=office
        )
    away = [n for n in range(6) if not Expert.objects.available_on(day + timedelta(days=n)).exists()]
    assert away == [0, 1, 2, 3]
    pooling.remove_absence(expert, row.pk, by=office)
    assert Expert.objects.available_on(day).exists()


def act(client, expert, deed, /, **data):
    url = reverse("applications:expert_act", args=[expert.key, deed])
    return client.post(url, {"form_key": new_key(), **data})


def test_an_expert_enters_their_own_days_away_and_nothing_else(expert, office, user, client_of):
    account = user("expert")
    pooling.link_account(expert, account, by=office)
    browser, day = client_of(account), timezone.localdate() + timedelta(days=5)
    page = browser.get(expert.get_absolute_url())
    assert page.status_code == 200
    assert "13900001111" not in page.content.decode()
    answer = act(browser, expert, "absence", **{"absence-starts_on": day, "absence-ends_on": day})
    assert answer.status_code == 302
    assert [row.starts_on for row in expert.absences.all()] == [day]
    for name in ("edit", "leave", "return", "account"):
        assert act(browser, expert, name).status_code == 403, name
    wrong = act(browser, expert, "absence", **{"absence-starts_on": day, "absence-ends_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "不能早于" in wrong.content.decode()


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.OFFICE, Role.LEAD_DIVISION)])
def test_the_pool_is_the_offices(expert, user, client_of, role):
    browser = client_of(user(role))
    for name in ("experts", "expert_new", "import_experts", "experts_sheet"):
        assert browser.get(reverse(f"applications:{name}")).status_code == 403, name
    assert browser.get(expert.get_absolute_url()).status_code == 404
    assert act(browser, expert, "edit").status_code == 404


# ── pages ───────────────────────────────────────────────────────────────────────────────────────
def test_an_expert_is_entered_and_changed_by_the_pages(office, client_of, field):
    browser = client_of(office)
    typed = {"name": "李 玥", "unit_name": "江苏科技大学", "fields_": [field.pk], "mobile": "139-0000-1111"}
    made = browser.post(reverse("applications:expert_new"), typed | {"form_key": new_key()})
    row = Expert.objects.get()
    assert (made.url, row.name, row.mobile) == (row.get_absolute_url(), "李玥", "13900001111")
    again = browser.post(reverse("applications:expert_new"), typed | {"form_key": new_key()})
    assert again.status_code == 409
    assert act(browser, row, "edit", **typed | {"title": "教授", "mobile": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.mobile) == ("教授", "13900001111")
    bad = act(browser, row, "edit", name="Li", unit_name="留在页面上的单位")
    assert bad.status_code == 422
    assert "留在页面上的单位" in bad.content.decode()


def test_the_mobile_is_masked_until_asked_for_with_a_reason(expert, office, client_of):
    browser, url = client_of(office), reverse("applications:expert_mobile", args=[expert.key])
    assert "139****1111" in browser.get(expert.get_absolute_url()).content.decode()
    assert browser.post(url, {"reason": ""}).status_code == 422
    shown = browser.post(url, {"reason": "通知会议"})
    assert "13900001111" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert verbs(expert)[-1] == "reveal"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"赵昇堃", "李玥"}),
        ({"q": "技师学院"}, {"赵昇堃"}),
        ({"q": "厚板"}, {"赵昇堃"}),
        ({"field": "HJ"}, {"赵昇堃"}),
        ({"field": "nonsense"}, {"赵昇堃", "李玥", "张出库"}),
        ({"account": "yes"}, {"李玥"}),
        ({"account": "no"}, {"赵昇堃"}),
        ({"active": "left"}, {"张出库"}),
        ({"active": "all"}, {"赵昇堃", "李玥", "张出库"}),
        ({"q": "没有这样的"}, set()),
    ],
)
def test_finding_experts(expert, office, client_of, query, found):
    road.expert(2, name="李玥")
    pooling.leave_pool(road.expert(3, name="张出库", user=None), reason="x", by=office)
    page = client_of(office).get(reverse("applications:experts"), query)
    assert {row.name for row in page.context["page"].rows} == found


def test_the_pool_costs_the_same_for_one_and_thirty(office, client_of, field):
    counts = []
    for n in (range(1, 2), range(2, 31)):
        for m in n:
            road.expert(m).fields.add(field)
        browser = client_of(office)
        browser.get(reverse("applications:experts"))
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse("applications:experts"))
        counts.append(len(queries))
    assert len(page.context["page"].rows) == 30
    assert counts[0] == counts[1] <= 14


def test_an_empty_pool_says_what_to_do(office, client_of):
    page = client_of(office).get(reverse("applications:experts")).content.decode()
    assert "专家库还是空的" in page
    assert reverse("applications:import_experts") in page


# ── from xlsx ───────────────────────────────────────────────────────────────────────────────────
ROW = {
    "姓名": "李玥",
    "所在单位": "江苏科技大学",
    "专业领域": "焊接与金属成形、船舶与海工",
    "手机": 13900001111,
}


def sheet(*rows, head=None):
    book = openpyxl.Workbook()
    head = head or list(EXPERT_COLUMNS)
    book.active.append(head)
    for row in rows:
        book.active.append([row.get(label) for label in head])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def faults_of(*rows, **kwargs):
    return [(fault.row, fault.text) for fault in read_experts(sheet(*rows, **kwargs))[1]]


def test_the_template_has_the_columns_that_are_read():
    book = openpyxl.load_workbook(io.BytesIO(experts_template()))
    assert [cell.value for cell in book["专家"][1]] == list(EXPERT_COLUMNS)
    assert [row[0].value for row in book["可选项"].iter_rows(min_row=2)] == list(
        CraftField.objects.offered().values_list("label", flat=True)
    )


def test_every_bad_row_is_listed(expert):
    found = faults_of(
        ROW,
        ROW,
        ROW | {"姓名": "Li", "专业领域": "魔法"},
        ROW | {"姓名": "张三", "专业领域": None},
        ROW | {"姓名": "张三", "手机": "123"},
        ROW | {"姓名": "张三", "职称（职务）": "字" * 61},
        ROW | {"姓名": expert.name, "所在单位": expert.unit_name},
        ROW | {"姓名": "张四", "专长": "=1+1"},
        ROW | {"姓名": "张五", "所在单位": '=HYPERLINK("http://x","x")'},
    )
    assert found == [
        (3, "与第 2 行是同一个单位的同名专家。"),
        (4, "“专业领域”写的是“魔法”，请从模板的可选项中选择。"),
        (5, "请填写“专业领域”。"),
        (6, "手机号码应为11位，现在是3位。"),
        (7, "“职称（职务）”最多 60 字，现有 61 字。"),
        (8, "专家库里已有这个单位的同名专家。"),
        (9, "单元格里是公式，请改成文字后再上传。"),
        (10, "单元格里是公式，请改成文字后再上传。"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (io.BytesIO(b"no sheet"), "无法读取"),
        (sheet(ROW, head=["姓名", "单位"]), "第一行缺少列"),
        (sheet(), "没有专家"),
    ],
    ids=["bytes", "head", "empty"],
)
def test_sheets_that_cannot_be_read(content, words):
    rows, faults = read_experts(content)
    assert rows == []
    assert [words in fault.text for fault in faults] == [True]


def upload(client, content):
    file = SimpleUploadedFile("专家.xlsx", content.read())
    return client.post(reverse("applications:import_experts"), {"sheet": file})


def test_a_clean_sheet_is_shown_first_and_written_on_confirmation(office, client_of):
    browser = client_of(office)
    shown = upload(browser, sheet(ROW, ROW | {"姓名": "钱玥垚"}))
    assert (shown.status_code, Expert.objects.count()) == (200, 0)
    assert "139****1111" in shown.content.decode()
    data = {"confirmed": shown.context["sealed"], "form_key": new_key()}
    done = browser.post(reverse("applications:import_experts"), data)
    assert (done.status_code, done.url) == (302, reverse("applications:experts"))
    assert {(e.name, e.mobile, e.fields.count()) for e in Expert.objects.all()} == {
        ("李玥", "13900001111", 2), ("钱玥垚", "13900001111", 2),
    }  # fmt: skip
    assert AuditEntry.objects.get(verb="import_experts").note == "2 行"


def test_one_bad_row_and_nothing_is_written(office, client_of):
    answer = upload(client_of(office), sheet(ROW, ROW | {"姓名": "x"}))
    assert (answer.status_code, Expert.objects.count()) == (422, 0)
    assert answer.context["sealed"] == ""


def test_all_or_nothing_also_at_the_last_moment(office, client_of, field):
    """Somebody else enters one of them between the check and the confirmation."""
    browser = client_of(office)
    shown = upload(browser, sheet(ROW | {"姓名": "钱玥垚"}, ROW))
    pooling.add_expert(by=office, fields=[field], name="李玥", unit_name="江苏科技大学")
    data = {"confirmed": shown.context["sealed"], "form_key": new_key()}
    assert browser.post(reverse("applications:import_experts"), data).status_code == 409
    assert Expert.objects.count() == 1


@pytest.mark.parametrize("sealed", ["", "nonsense", "eyJ4IjoxfQ:1abc:xyz"])
def test_rows_that_were_not_checked_here_are_refused(office, client_of, sealed):
    answer = client_of(office).post(
        reverse("applications:import_experts"), {"confirmed": sealed, "form_key": new_key()}
    )
    assert (answer.status_code, Expert.objects.count()) == (302, 0)
