"""Importing a sheet: dry run, every fault, preview, confirmation; all or nothing, once, and nobody else's."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from park import jobs, sheets
from park.formkeys import new_key
from park.models import AuditEntry, District, Job, Unit, UnitKind, User
from park.permissions import is_office
from park.sheets import Column, ModelImport, Sheet, kinds, running
from tests import sheets_samples as samples

pytestmark = pytest.mark.django_db


class UnitImport(ModelImport):
    """Units by name; `key` in the address is the code of a kind of unit."""

    code, title, model, key = "units", "导入单位", Unit, ("name",)
    attributes = {"district": "district_id"}
    sheet = Sheet(
        "units",
        "单位",
        (
            Column("name", "单位名称", required=True, max_length=80),
            Column("credit_code", "信用代码", max_length=18),
            Column(
                "district",
                "属地",
                "choice",
                choices=lambda: dict(District.objects.values_list("label", "pk")),
            ),
        ),
        max_rows=2000,
    )

    def context(self, user, key):
        if not key:
            return None
        found = UnitKind.objects.filter(code=key).first()
        if found is None:
            raise Http404
        return found

    def may(self, user, context):
        return is_office(user)

    def fixed(self, context, by):
        return {"kind": context} if context else {}

    def faults_of(self, row, record, context):
        return [("单位名称", "不能叫这个名字。")] if row["name"] == "无名" else []

    def back(self, context):
        return "/home/", "5.1"


HEAD = ["单位名称", "信用代码", "属地"]
GOOD = [HEAD, ["镇江一厂", "", "京口区"], ["镇江二厂", "", None]]


@pytest.fixture(autouse=True)
def unit_import(db, monkeypatch):
    District.objects.bulk_create(District(code=str(n), label=n) for n in ("京口区", "丹徒区"))
    UnitKind.objects.create(code="10", label="企业", edition="x")
    monkeypatch.setattr(kinds, "KINDS", {})
    sheets.register(UnitImport())
    return kinds.KINDS["units"]


@pytest.fixture
def officer(user):
    return user("office")


@pytest.fixture
def browser(officer, client_of):
    return client_of(officer)


def upload(browser, content, name="单位.xlsx", key="", into=""):
    data = {"sheet": samples.upload(content, name), "form_key": key or new_key()}
    return browser.post(sheets.import_url("units", into), data, follow=True)


def last_job() -> Job:
    return Job.objects.order_by("-pk").first()


def confirm(browser, job=None, key=""):
    job = job or last_job()
    return browser.post(reverse("sheet_confirm", args=[job.key]), {"form_key": key or new_key()}, follow=True)


def text_of(response) -> str:
    return response.content.decode()


def left_over() -> list[str]:
    return sorted(
        name.rpartition(".")[2]
        for folder in jobs._listed("jobs", 0)
        for name in jobs._listed(f"jobs/{folder}", 1)
    )


@pytest.fixture(autouse=True)
def _empty_storage():
    for folder in jobs._listed("jobs", 0):
        for name in jobs._listed(f"jobs/{folder}", 1):
            default_storage.delete(f"jobs/{folder}/{name}")


# ── the way through ─────────────────────────────────────────────────────────────────────────────
def test_upload_preview_confirm(browser, officer):
    page = text_of(upload(browser, samples.xlsx(GOOD)))
    assert "没有发现问题，还没有写入" in page
    assert ("写入 2 行" in page, "镇江二厂" in page, Unit.objects.count()) == (True, True, 0)
    page = text_of(confirm(browser))
    assert "新增 2 行，更改 0 行，不变 0 行。" in page
    assert list(Unit.objects.values_list("name", "district__label")) == [
        ("镇江一厂", "京口区"),
        ("镇江二厂", None),
    ]
    entry = AuditEntry.objects.get(verb="import")
    assert (entry.by, entry.note) == (officer, "units 新增 2 行，更改 0 行，不变 0 行")
    assert Unit.history.count() == 2
    assert [h.history_user for h in Unit.history.all()] == [officer] * 2
    assert left_over() == ["outcome"]  # no upload and no cells


def test_the_second_import_changes_what_changed(browser):
    Unit.objects.create(name="镇江一厂", district=District.objects.get(label="丹徒区"))
    Unit.objects.create(name="镇江二厂")
    Unit.objects.create(name="镇江三厂")
    page = text_of(upload(browser, samples.xlsx([*GOOD, ["镇江四厂", "", ""]])))
    assert ("属地 丹徒区 → 京口区" in page, "写入 2 行" in page) == (True, True)
    assert "新增 1 行，更改 1 行，不变 1 行。" in text_of(confirm(browser))
    assert Unit.objects.get(name="镇江一厂").district.label == "京口区"
    assert Unit.objects.count() == 4
    assert Unit.history.filter(history_type="~").count() == 1


def test_what_is_the_same_needs_no_writing(browser):
    Unit.objects.create(name="镇江二厂")
    page = text_of(upload(browser, samples.xlsx([HEAD, GOOD[2]])))
    assert ("完全相同，不需要写入" in page, "sheet_confirm" in page) == (True, False)


def test_csv_of_an_old_excel(browser):
    content = samples.csv([HEAD, ["镇江一厂", "", "京口区"]], encoding="gb18030")
    upload(browser, content, "单位.csv")
    assert "新增 1 行" in text_of(confirm(browser))


def test_rows_go_into_what_the_address_names(browser):
    kind = UnitKind.objects.first()
    upload(browser, samples.xlsx(GOOD), into=kind.code)
    confirm(browser)
    assert {unit.kind for unit in Unit.objects.all()} == {kind}
    assert AuditEntry.objects.get(verb="import").subject_model == "park.unitkind"
    assert browser.get(sheets.import_url("units", "nonsense")).status_code == 404


def test_one_bad_row_in_500_writes_nothing(browser):
    rows = [HEAD] + [[f"镇江{n}厂", "", ""] for n in range(500)]
    rows[321] = ["", "x" * 19, "月球"]
    rows[400] = ["无名", "", ""]
    rows[450] = ["镇江1厂", "", ""]
    response = upload(browser, samples.xlsx(rows))
    page = text_of(response)
    assert "没有写入：表格有 5 处问题" in page
    assert [(f.row, f.column) for f in response.context["page"]] == [
        (322, "单位名称"), (322, "信用代码"), (322, "属地"), (401, "单位名称"), (451, ""),
    ]  # fmt: skip
    assert "与第 3 行重复。" in page
    assert "确认" not in [b.strip() for b in page.split("button")]
    answer = browser.get(reverse("sheet_faults", args=[last_job().key]))
    assert "attachment" in answer["Content-Disposition"]
    listed = sheets.read(
        samples.upload(b"".join(answer.streaming_content)),
        Sheet("f", "问题清单", (Column("row", "表格行号", "int"), Column("c", "列"), Column("t", "问题"))),
    )
    assert [row["row"] for row in listed.rows] == [322, 322, 322, 401, 451]
    assert confirm(browser).status_code == 409
    assert Unit.objects.count() == 0
    assert left_over() == ["outcome"]


def test_a_file_that_cannot_be_read_says_so(browser):
    assert "已损坏，无法打开" in text_of(upload(browser, b"PK\x03\x04xxxx"))
    assert "这是空文件" in text_of(upload(browser, b""))
    response = browser.post(sheets.import_url("units"), {"form_key": new_key()})
    assert (response.status_code, "请选择填好的表格。" in text_of(response)) == (422, True)


def test_a_record_that_stands_twice_is_not_guessed(browser):
    Unit.objects.create(name="镇江一厂")
    Unit.objects.create(name="镇江一厂")
    assert "系统里有几条这样的记录" in text_of(upload(browser, samples.xlsx(GOOD)))


# ── once, and only what was promised ────────────────────────────────────────────────────────────
def test_a_double_click_uploads_and_writes_once(browser):
    key = new_key()
    for _ in range(2):
        upload(browser, samples.xlsx(GOOD), key=key)
    assert Job.objects.count() == 1
    key = new_key()
    check = last_job()
    for _ in range(2):
        page = text_of(confirm(browser, check, key))
    assert "已写入" in page
    assert (Job.objects.count(), Unit.objects.count()) == (2, 2)


def test_two_tabs_confirm_once(browser):
    upload(browser, samples.xlsx(GOOD))
    check = last_job()
    confirm(browser, check)
    response = confirm(browser, check)
    assert (response.status_code, "已经确认过，不会写入两次" in text_of(response)) == (409, True)
    assert Unit.objects.count() == 2
    assert AuditEntry.objects.filter(verb="import", result="refused").count() == 1


@pytest.mark.parametrize("change", ["row added", "row changed"])
def test_what_changed_meanwhile_stops_it(browser, change):
    Unit.objects.create(name="镇江一厂")
    upload(browser, samples.xlsx(GOOD))
    if change == "row added":
        Unit.objects.create(name="镇江二厂")
    else:
        Unit.objects.filter(name="镇江一厂").update(district=District.objects.get(label="丹徒区"))
    page = text_of(confirm(browser))
    assert "没有写入：检查之后情况有了变化" in page
    assert Unit.objects.filter(district__label="京口区").count() == 0


def test_a_write_that_fails_half_way_leaves_nothing_and_can_be_tried_again(browser, officer, monkeypatch):
    upload(browser, samples.xlsx(GOOD))
    check = last_job()

    def broken():
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(UnitImport, "write", lambda self, *a: (ModelImport.write(self, *a), broken()))
        page = text_of(confirm(browser, check))
    job = last_job()
    assert "处理中出错（RuntimeError）" in page
    assert (job.state, job.result, Unit.objects.count()) == ("failed", [], 0)
    jobs.retry(job, by=officer)
    jobs.run(job.key)
    jobs.run(job.key)
    assert Unit.objects.count() == 2
    Job.objects.filter(pk=job.pk).update(state="waiting")  # its worker died before it said that it was done
    jobs.run(job.key)
    job.refresh_from_db()
    assert (job.state, Unit.objects.count(), AuditEntry.objects.filter(verb="import").count()) == (
        "done",
        2,
        1,
    )


def test_a_day_later_it_is_too_late(browser, monkeypatch):
    upload(browser, samples.xlsx(GOOD))
    check = last_job()
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(running.Refused):
        running.confirm(check, check.by)
    jobs.purge()
    assert left_over() == []
    assert running.outcome_of(check) is None


# ── whose ───────────────────────────────────────────────────────────────────────────────────────
def test_nobody_else_sees_or_confirms_it(browser, user, client_of):
    upload(browser, samples.xlsx(GOOD))
    key = last_job().key
    for other in (client_of(user("office")), client_of(user("applicant"))):
        assert other.get(reverse("sheet_run", args=[key])).status_code == 404
        assert other.post(reverse("sheet_confirm", args=[key]), {"form_key": new_key()}).status_code == 404


def test_who_may_not_import_gets_no_page(user, client_of):
    other = client_of(user("applicant"))
    for name in ("sheet_import", "sheet_template"):
        assert other.get(reverse(name, args=["units"])).status_code == 403
    assert client_of(user("office")).get(sheets.import_url("nothing")).status_code == 404


def test_who_lost_the_role_cannot_confirm(browser, officer, client_of):
    upload(browser, samples.xlsx(GOOD))
    officer.groups.clear()
    other = client_of(User.objects.get(pk=officer.pk))
    assert other.get(reverse("sheet_run", args=[last_job().key])).status_code == 403
    assert confirm(other).status_code == 403
    assert Unit.objects.count() == 0


def test_jobs_hold_nothing_of_the_sheet(browser):
    upload(browser, samples.xlsx(GOOD), name="王镕喆的单位.xlsx")
    confirm(browser)
    kept = json.dumps([[j.arguments, j.result, j.title] for j in Job.objects.all()], ensure_ascii=False)
    assert [word for word in ("镇江一厂", "王镕喆", "京口") if word in kept] == []


# ── how it looks ────────────────────────────────────────────────────────────────────────────────
def test_a_large_one_runs_in_the_background(browser, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(running, "SMALL", 10)
    with django_capture_on_commit_callbacks() as callbacks:
        page = text_of(upload(browser, samples.xlsx(GOOD)))
    assert ("排队中" in page, 'data-job="2000"' in page) == (True, True)
    seen = []
    monkeypatch.setattr(jobs, "PAUSE", 0)
    monkeypatch.setattr(jobs.Work, "_write", _spy(jobs.Work._write, seen))
    for callback in callbacks:
        callback()
    assert seen == sorted(seen)
    assert {30, 60} <= set(seen)
    job = last_job()
    assert browser.get(job.get_absolute_url()).url == running.page_of(job)
    with django_capture_on_commit_callbacks(execute=True):
        confirm(browser)
    assert Unit.objects.count() == 2


def _spy(write, seen):
    def spying(work):
        seen.append(work.done)
        write(work)

    return spying


def test_the_page_names_the_columns_and_gives_the_template(browser):
    page = text_of(browser.get(sheets.import_url("units")))
    assert all(label in page for label in HEAD)
    answer = browser.get(reverse("sheet_template", args=["units"]))
    assert "attachment" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("n", [2, 300])
def test_queries_do_not_grow_with_rows(officer, n, django_assert_max_num_queries, unit_import):
    rows = [{"_row": i, "name": f"镇江{i}厂", "credit_code": "", "district": None} for i in range(n)]
    with django_assert_max_num_queries(2):  # the records, the words of the list
        prepared, faults = unit_import.check(rows, None, officer)
    assert (len(prepared), faults) == (n, [])
    # PostgreSQL takes all rows at once, SQLite a thousand values.
    written = 4 if connection.vendor == "postgresql" else 6
    with django_assert_max_num_queries(written):
        unit_import.write(prepared, None, officer)
    for row in rows:
        row["district"] = District.objects.first().pk
    prepared, _ = unit_import.check(rows, None, officer)
    with django_assert_max_num_queries(written):
        unit_import.write(prepared, None, officer)
    assert Unit.objects.exclude(district=None).count() == n


def test_two_kinds_of_one_name_are_a_mistake():
    class Other(UnitImport):
        pass

    sheets.register(UnitImport())
    with pytest.raises(ValueError, match="units"):
        sheets.register(Other())
