"""Importing a sheet in a browser, at a desk and on a phone: faults, preview, confirmation, result."""

import pytest

from park import sheets
from park.models import District, Unit
from park.sheets import kinds
from tests import sheets_samples as samples
from tests.park.test_sheet_imports import HEAD, UnitImport

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def places(monkeypatch):
    monkeypatch.setattr(kinds, "KINDS", {})
    sheets.register(UnitImport())
    return list(District.objects.offered().values_list("label", flat=True))


def choose(page, rows):
    page.set_input_files(
        "input[type=file]",
        {"name": "单位.xlsx", "mimeType": "application/octet-stream", "buffer": samples.xlsx(rows)},
    )
    page.get_by_role("button", name="检查表格").click()


def test_faults_then_preview_then_written(open_page, accessible, places, user):
    Unit.objects.create(name="镇江二厂")
    page = open_page(user("office"))
    page.goto(sheets.import_url("units"))
    accessible(page)
    choose(page, [HEAD, ["镇江一厂", "", "月球"], ["", "", ""], ["", "9" * 19, places[0]]])
    page.get_by_role("heading", name="没有写入：表格有 3 处问题").wait_for()
    accessible(page)
    page.get_by_role("link", name="重新上传").click()
    choose(page, [HEAD, ["镇江一厂", "", places[0]], ["镇江二厂", "", places[1]]])
    page.get_by_role("heading", name="没有发现问题，还没有写入").wait_for()
    accessible(page)
    assert Unit.objects.count() == 1
    page.get_by_role("button", name="写入 2 行").click()
    page.get_by_text("新增 1 行，更改 1 行，不变 0 行。").wait_for()
    accessible(page)
    assert {unit.district.label for unit in Unit.objects.select_related("district")} == set(places[:2])
