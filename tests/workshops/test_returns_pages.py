"""The pages of the returns: who is shown what, filling in, asking, the office's list, sums, sheets and the paper."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from park import documents, sheets
from park.audit import history_of
from park.formkeys import new_key
from park.models import Document, Notification, Role
from tests.factories import UserFactory
from tests.papers import page_texts, tidy
from tests.workshops import returning
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops.actions import returns_opening
from workshops.kinds.returns import last_ended
from workshops.models import ReturnDefinition, ReturnStatus, StatisticalReturn
from workshops.sheets.returns import ReturnImport, import_address
from workshops.workflow import RETURN

pytestmark = pytest.mark.django_db

OFFICE = {Role.OFFICE, Role.LEAD_DIVISION}


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def studio():
    return StudioFactory(people=[UserFactory(roles=["applicant"])])


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


def post(browser, url, data=None, **extra):
    return browser.post(url, {"form_key": new_key(), **(data or {}), **extra})


def typed(row, **changes):
    """The fill-in form as a browser sends it; `code=text`, `code_reason=text`, `code_answer=text`."""
    data = {"version": row.version, "note": ""}
    usual = {"members": "1", "funds": "1200.50", "hours": "12.5"}
    for value in row.values.select_related("figure"):
        code = value.figure.code
        data[f"v{value.pk}"] = changes.get(code, usual[code])
        data[f"r{value.pk}"] = changes.get(f"{code}_reason", "")
        data[f"a{value.pk}"] = changes.get(f"{code}_answer", "")
    return data


# ── who is shown what ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", Role)
def test_pages_of_a_return_are_for_the_studio_and_the_office(client_of, role, studio):
    row = returning.opened(studio)
    browser = client_of(UserFactory(roles=[role]))
    for name in ("return", "return_fill"):
        assert browser.get(address(name, row.key)).status_code == (200 if role in OFFICE else 404)
    for url in ("returns", "returns_sums", "returns_open", "return_definitions", "return_definition_new"):
        assert browser.get(address(url)).status_code == (200 if role in OFFICE else 403)
    listed = browser.get(address("studio_returns", studio.key)).status_code
    readers = {Role.ATTRACTION, Role.LOGISTICS, Role.WORKING_GROUP}
    assert listed == (200 if role in OFFICE else 403 if role in readers else 404)


@pytest.mark.parametrize("status", ReturnStatus)
def test_every_status_is_shown_to_both_sides_with_its_steps(client_of, studio, office, status):
    row = returning.in_status(status, office=office, studio=studio)
    for user in (office, returning.member_of(studio)):
        browser = client_of(user)
        page = browser.get(row.get_absolute_url())
        assert RETURN.stage(row).label in page.text
        for item in page.context["steps"]:
            assert item["step"].label in page.text
            assert browser.get(item["url"]).status_code == 200
        assert browser.get(address("studio_returns", studio.key)).status_code == 200


# ── filling in ──────────────────────────────────────────────────────────────────────────────────
def test_the_studio_confirms_corrects_and_hands_in(client_of, studio):
    row, browser = returning.opened(studio), client_of(returning.member_of(studio))
    here = address("return_fill", row.key)
    page = browser.get(here)
    assert page.context["form"].initial[f"v{row.values.get(figure__code='members').pk}"] == 1
    wrong = post(browser, here, typed(row, members="3", funds="很多"))
    assert wrong.status_code == 422
    assert "请写明更正原因" in wrong.text
    assert "请填数字" in wrong.text
    assert 'value="很多"' in wrong.text
    done = post(browser, here, typed(row, members="3", members_reason="两人手续在办"))
    assert done.url == row.get_absolute_url()
    assert {v.figure.code: (v.value, v.reason) for v in row.values.select_related("figure")} == {
        "members": (3, "两人手续在办"),
        "funds": (120_050, ""),
        "hours": (Decimal("12.50"), ""),
    }
    post(browser, address("return_step", row.key, "submit_return"))
    row = returning.fresh(row)
    assert row.status == "submitted"
    page = browser.get(row.get_absolute_url())
    for text in ("已更正", "两人手续在办", "1,200.50"):
        assert text in page.text


def test_a_page_that_was_left_open_overwrites_nothing(client_of, studio):
    row, browser = returning.opened(studio), client_of(returning.member_of(studio))
    here = address("return_fill", row.key)
    old = typed(row, funds="5")
    post(browser, here, typed(row))
    late = post(browser, here, old)
    assert late.status_code == 409
    assert 'value="5"' in late.text
    assert row.values.get(figure__code="funds").value == 120_050


def test_sent_twice_it_is_saved_once(client_of, studio):
    row, browser = returning.opened(studio), client_of(returning.member_of(studio))
    data = typed(row) | {"form_key": new_key()}
    answers = [browser.post(address("return_fill", row.key), data) for _ in range(2)]
    assert [a.url for a in answers] == [row.get_absolute_url()] * 2
    assert history_of(row).filter(verb="save_return").count() == 1


def test_the_system_is_asked_again_by_a_button(client_of, studio):
    row, browser = returning.opened(studio), client_of(returning.member_of(studio))
    PersonFactory(studio=studio)
    answer = post(browser, address("return_refresh", row.key))
    assert answer.url == address("return_fill", row.key)
    assert row.values.get(figure__code="members").known == 2


def test_asked_and_answered_on_the_pages(client_of, studio, office):
    row = returning.in_status("submitted", office=office, studio=studio)
    funds = row.values.get(figure__code="funds")
    desk, own = client_of(office), client_of(returning.member_of(studio))
    ask = address("return_step", row.key, "query_return")
    assert "报送 1,200.00 元" in desk.get(ask).text
    assert post(desk, ask).status_code == 422
    assert post(desk, ask, {f"q{funds.pk}": "是否含<材料费>？"}).status_code == 302
    page = own.get(address("return_fill", row.key))
    assert "是否含&lt;材料费&gt;？" in page.text
    row = returning.fresh(row)
    post(own, address("return_fill", row.key), typed(row, funds="1300", funds_answer="已加上"))
    post(own, address("return_step", row.key, "submit_return"))
    assert returning.fresh(row).status == "submitted"
    assert "当时报送 1,200.00" in own.get(row.get_absolute_url()).text


def test_the_office_enters_what_came_on_paper(client_of, studio, office):
    row, browser = returning.opened(studio), client_of(office)
    post(browser, address("return_fill", row.key), typed(row))
    step = address("return_step", row.key, "register_return")
    assert post(browser, step).status_code == 422
    post(browser, step, {"reason": "工作室送来盖章的纸质报表"})
    assert returning.fresh(row).submitted_by == office


# ── the office ──────────────────────────────────────────────────────────────────────────────────
def test_the_list_of_a_period_says_who_is_missing_and_reminds_them(client_of, office):
    form = returning.definition("quarter")
    first, second = (returning.opened(form=form) for _ in range(2))
    row = returning.filled(first)
    RETURN.perform(row, "submit_return", by=returning.member_of(first.residency.studio))
    member = returning.member_of(second.residency.studio)
    Notification.objects.all().delete()
    browser = client_of(office)
    where = {"definition": form.code, "period": f"{first.first_on}"}
    page = browser.get(address("returns"), where)
    assert len(page.context["page"].rows) == 2
    missing = browser.get(address("returns"), where | {"state": "missing"})
    assert [r.pk for r in missing.context["page"].rows] == [second.pk]
    for extra in ({"everybody": "1"}, {"return": [str(second.key)]}):  # the second time it was told today
        answer = post(browser, address("returns_urge"), where | extra)
        assert answer.url == address("returns") + f"?definition={form.code}&period={first.first_on}"
    assert [n.user for n in Notification.objects.all()] == [member]
    assert browser.get(address("returns"), where).text.count("催报</span>") == 1


def test_overdue_is_red_on_the_list_and_on_the_desk(client_of, studio, office, monkeypatch):
    row = returning.opened(studio)
    after = timezone.now() + timedelta(days=60)
    monkeypatch.setattr(timezone, "now", lambda: after)
    page = client_of(office).get(address("returns"), {"definition": "all", "state": "overdue"})
    assert [r.pk for r in page.context["page"].rows] == [row.pk]
    assert "due-over" in page.text
    desk = {s["title"]: len(s["rows"]) for s in client_of(office).get(reverse("home")).context["sections"]}
    assert desk["逾期未报的统计报表"] == 1
    own = client_of(returning.member_of(studio)).get(reverse("home"))
    assert {s["title"]: len(s["rows"]) for s in own.context["sections"]}["请报送的统计报表"] == 1


def test_a_period_is_opened_by_hand(client_of, office):
    ResidencyFactory(active=True)
    form, browser = returning.definition("year"), client_of(office)
    period = last_ended("year", timezone.localdate())
    sent = {"definition": form.key, "day": f"{period.last}"}
    assert post(browser, address("returns_open"), sent).status_code == 302
    assert StatisticalReturn.objects.get().first_on == period.first
    refused = post(browser, address("returns_open"), sent | {"day": f"{timezone.localdate()}"})
    assert refused.status_code == 409
    assert "还没有结束" in refused.text


def definition_sent(*labels, **about):
    data = {"title": "季报", "period": "quarter", "active_from": "2026-01-01"} | about
    data |= {"figures-TOTAL_FORMS": len(labels), "figures-INITIAL_FORMS": 0}
    for n, label in enumerate(labels):
        data |= {f"figures-{n}-label": label, f"figures-{n}-kind": "int", f"figures-{n}-order": n + 1}
    return data


def test_the_office_defines_a_form(client_of, office):
    browser, new = client_of(office), address("return_definition_new")
    assert post(browser, new, definition_sent()).status_code == 422
    assert "指标重复" in post(browser, new, definition_sent("甲", "甲")).text
    money = definition_sent("效益") | {"figures-0-source": "benefit"}
    assert "类型应为" in post(browser, new, money).text
    done = post(browser, new, definition_sent("甲", "", "乙"))
    form = ReturnDefinition.objects.get()
    assert done.url == form.get_absolute_url()
    assert [f.label for f in form.figures.all()] == ["甲", "乙"]
    page = browser.get(form.get_absolute_url())
    assert page.context["lines"].initial_form_count() == 2


def test_sums_are_shown(client_of, office):
    form = returning.definition("quarter")
    browser = client_of(office)
    row = returning.in_status("accepted", office=office, form=form)
    page = browser.get(address("returns_sums"), {"definition": form.code, "period": f"{row.first_on}"})
    for text in ("全园合计", "按专业领域", "按属地", "1,200.00"):
        assert text in page.text


QUERIES = {"returns": 10, "returns_sums": 12, "returns_export": 11, "return_definitions": 6}


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_ask_the_database_the_same_number_of_times(client_of, office, rows):
    form = returning.definition("quarter")
    for _ in range(rows):
        ResidencyFactory(active=True)
    row = returning.opened(form=form)
    browser = client_of(office)
    where = {"definition": form.code, "period": f"{row.first_on}"}
    for name, queries in QUERIES.items():
        browser.get(address(name), where)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address(name), where).status_code == 200
        assert len(asked) == queries, name


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_a_studio_asks_the_same_number_of_times(client_of, studio, rows):
    own = returning.member_of(studio)
    period = last_ended("month", timezone.localdate())
    form = returning.definition("month")
    ResidencyFactory(studio=studio, active=True)
    type(studio.standing_residency()).objects.update(term_starts_on="2020-01-01")
    for _ in range(rows):
        row = returning.opened(studio, form, period)
        period = period.before
    browser = client_of(own)
    browser.get(address("studio_returns", studio.key))
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(address("studio_returns", studio.key))
    assert len(page.context["page"].rows) == rows
    assert len(asked) == 8
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(row.get_absolute_url()).status_code == 200
    assert len(asked) == 12


def test_opening_asks_the_same_number_of_times_for_any_number_of_studios():
    counts = []
    for rows in (1, 30):
        form = returning.definition("quarter")
        for _ in range(rows):
            ResidencyFactory(active=True)
        with CaptureQueriesContext(connection) as asked:
            returns_opening.open_period(form, last_ended("quarter", timezone.localdate()))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# ── sheets ──────────────────────────────────────────────────────────────────────────────────────
def test_export_has_a_row_per_studio_and_a_column_per_figure(client_of, office):
    form = returning.definition("quarter")
    row = returning.in_status("accepted", office=office, form=form)
    returning.opened(form=form)
    where = {"definition": form.code, "period": f"{row.first_on}"}
    answer = client_of(office).get(address("returns_export"), where)
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    lines = [list(line) for line in book.active.iter_rows(values_only=True)]
    assert lines[0][-3:] == ["期末人数（人）", "经费支出（元）", "人均课时"]
    mine = next(line for line in lines if line[0] == row.residency.studio.name)
    assert (mine[4], mine[-3:]) == ("已审核", [1, 1200, 12.5])
    assert len(lines) == 3
    assert history_of(form).filter(verb="export").count() == 1


def imported(browser, form, row, rows):
    """Upload, see what would happen, confirm; returns what the check found."""
    kind, key = ReturnImport(), f"{form.code}_{row.first_on}"
    sheet = kind.sheet_for(kind.context(UserFactory(roles=["office"]), key))
    upload = SimpleUploadedFile("报表.xlsx", sheets.write(sheet, rows))
    answer = post(browser, import_address(form.code, row.first_on), sheet=upload)
    page = browser.get(answer.url)
    outcome = page.context["outcome"]
    if not outcome["faults"]:
        post(browser, reverse("sheet_confirm", args=[page.context["job"].key]))
    return outcome


def test_figures_come_in_by_sheet_after_a_dry_run(client_of, office):
    form = returning.definition("quarter")
    row, other = returning.opened(form=form), returning.opened(form=form)
    names = [r.residency.studio.name for r in (row, other)]
    browser = client_of(office)
    wrong = [{"studio": names[0], "f_members": 9}, {"studio": names[0], "f_members": 1}]
    texts = [fault.text for fault in imported(browser, form, row, wrong)["faults"]]
    assert ["系统记录是 1 人" in texts[0], "与第 2 行重复" in texts[1]] == [True, True]
    rows = [
        {"studio": names[0], "f_members": 1, "f_funds": 500_000},
        {"studio": names[1], "f_members": 4, "reason": "外聘三人"},
    ]
    assert imported(browser, form, row, rows)["counts"] == {"changed": 2}
    assert row.values.get(figure__code="funds").value == 500_000
    assert other.values.get(figure__code="members").reason == "外聘三人"
    assert returning.fresh(row).status == "open"
    assert imported(browser, form, row, rows)["counts"] == {"same": 2}


def test_only_the_office_imports(client_of, studio):
    row = returning.opened(studio)
    url = import_address(row.definition_code, row.first_on)
    assert client_of(returning.member_of(studio)).get(url).status_code == 403
    assert client_of(UserFactory(roles=["office"])).get(url[:-11] + "2001-01-01/").status_code == 404


def test_nobody_enters_figures_of_a_studio_of_their_own_by_sheet(studio, office):
    row = returning.opened(studio)
    studio.people.add(office)
    kind = ReturnImport()
    context = kind.context(office, f"{row.definition_code}_{row.first_on}")
    line = {"_row": 2, "studio": studio.pk, "f_members": 1, "f_funds": 1, "f_hours": None, "reason": ""}
    assert ["自己工作室" in f.text for f in kind.check([line], context, office)[1]] == [True]


# ── the paper ───────────────────────────────────────────────────────────────────────────────────
def test_the_paper_says_what_was_accepted_and_leaves_room_for_the_seal(client_of, studio, office):
    row = returning.opened(studio)
    row = returning.filled(row, members=(Decimal(3), "两人手续在办"))
    row = RETURN.perform(row, "submit_return", by=returning.member_of(studio))
    row = RETURN.perform(row, "accept_return", by=office)
    paper = Document.objects.about(row).get()
    text = tidy("".join(page_texts(documents.read(paper))))
    for part in (
        row.period_label,
        studio.name,
        "期末人数",
        "1,200.00",
        "两人手续在办",
        "（盖章）",
        paper.number,
    ):
        assert tidy(part) in text
    url = address("return_paper", row.key, paper.public_id)
    assert client_of(returning.member_of(studio)).get(url).status_code == 200
    assert client_of(returning.member_of(StudioFactory())).get(url).status_code == 404
