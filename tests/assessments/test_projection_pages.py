"""The page of one studio's year as it stands, and the page of all of them [5.2][A2]: who sees what, in how many queries."""

import csv
import io
import re
from datetime import date

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from assessments.actions.projection import renew
from assessments.models import Projection, Rubric
from config.desk import projection as desk
from park import rules
from park.models import AuditEntry, Job
from tests.assessments import evaluation
from tests.assessments.filling import AFTER, YEAR, Writer, stay
from tests.workshops.factories import StudioFactory

pytestmark = pytest.mark.django_db
READERS = [
    "office",
    "lead_division",
    "inspector",
    "attraction",
    "working_group",
]  # "inspector" is of the logistics


def card_url(studio, year=YEAR):
    return reverse("assessments:projection", args=[studio.key]) + f"?year={year}"


def all_url(year=YEAR, **asked):
    return (
        reverse("assessments:projections") + f"?year={year}" + "".join(f"&{k}={v}" for k, v in asked.items())
    )


def text_of(response) -> str:
    """What is read, without tags and needless blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def here(reference_data, people):
    """A studio that was in the park all year."""
    return stay(studio=StudioFactory(name="甲工作室", people=[people["owner"], people["officer_of_studio"]]))


# ── one studio ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("who", "status"),
    [
        *[(who, 200) for who in [*READERS, "owner", "officer_of_studio"]],
        *[(who, 404) for who in ("stranger", "expert", "auditor", "nobody", "superuser")],
    ],
)
def test_who_sees_the_card_of_a_studio(here, people, client_of, who, status):
    assert client_of(people[who]).get(card_url(here.studio)).status_code == status


def test_a_studio_of_the_directory_has_no_card(reference_data, people, client_of):
    studio = StudioFactory(people=[people["owner"]], is_affiliated=True)
    assert client_of(people["owner"]).get(card_url(studio)).status_code == 403


def test_points_with_what_proves_them_and_what_is_missing(here, people, client_of):
    write = Writer(here)
    write.present_all_year(9)
    report = write.ledger("media", media_level="province")
    write.inspected("6-1", ("A2.4", "not_met"), ("A2.1", "met"))
    page = client_of(people["owner"]).get(card_url(here.studio))
    found = {line.item.code: line for *_, lines in page.context["groups"] for line in lines}
    assert {code: line.points for code, line in found.items() if line.points != "0"} == {
        "A2.1": "5",
        "A2.2": "18",
        "A2.B2": "10",
    }
    assert {name: (points, most) for name, points, most, _ in page.context["groups"]} == {
        "基础建设": (23, 42),
        "制度建设": (0, 12),
        "日常管理": (0, 12),
        "成果产出": (0, 34),
        "加分项目": (10, 100),
    }
    assert (page.context["base"], page.context["bonus"], page.context["total"]) == ("23", "10", "33")
    assert (page.context["lacks"], page.context["marks"]) == ("37", [60, 75, 85])
    text = text_of(page)
    assert "评分标准：少一天扣2分" in text
    assert f"{report.number} {report.title}" in text
    assert f'href="{report.get_absolute_url()}"' in page.content.decode()
    assert "还缺：完成检查问题的整改。" in text
    assert "由谁到园签到（领衔人本人）" in text  # the setting, beside its item
    assert "低于合格线 还差 37 分" in text


def test_a_year_that_is_over_advises_nothing(here, people, client_of):
    page = client_of(people["owner"]).get(card_url(here.studio))
    assert not any(line.steps or line.places for *_, lines in page.context["groups"] for line in lines)
    assert (page.context["still"], page.context["days_left"]) == (False, 0)


def test_what_the_next_record_would_earn(here, people, client_of):
    today = timezone.localdate()
    page = client_of(people["owner"]).get(card_url(here.studio, today.year))
    found = {line.item.code: line for *_, lines in page.context["groups"] for line in lines}
    gained = [(step.words, str(step.gain), url) for step, url in found["A2.13"].steps]
    new = reverse("workshops:ledger_new", args=[here.studio.key, "exchange"])
    assert gained == [("登记交流、研讨、展示", "4.0", new)]
    assert f'<a href="{new}">' in page.content.decode()
    assert page.context["days_left"] == (date(today.year, 12, 31) - today).days
    places = dict(found["A2.10"].places)
    assert places["登记设备"] == reverse("workshops:ledger_new", args=[here.studio.key, "equipment"])
    assert places["到园签到"] == reverse("workshops:attendance", args=[here.studio.key])


def test_others_read_the_advice_without_links(here, people, client_of):
    Writer(here).ledger("media", f"{timezone.localdate().year}-1-1", media_level="province")
    for who, opens in (("office", True), ("inspector", False), ("working_group", False)):
        page = client_of(people[who]).get(card_url(here.studio, timezone.localdate().year))
        html = page.content.decode()
        assert "登记交流、研讨、展示" in html, who
        assert "/new/" not in html, who
        assert ("/studios/ledger/" in html) is opens, who


def test_the_frozen_settings_of_an_opened_year_are_shown(here, people, client_of):
    evaluation.cycle_in(rules={"pass_mark": 20, "attendance_subject": "members"})
    page = client_of(people["owner"]).get(card_url(here.studio))
    text = text_of(page)
    assert page.context["marks"][0] == 20
    assert "由谁到园签到（工作室任何在册人员）" in text
    assert "按启动时的细则和设定计算" in text


def test_the_mark_may_be_held_against_the_total(here, people, client_of):
    rules.set_rule("pass_basis", "total", by=people["office"], reason="试行")
    page = client_of(people["owner"]).get(card_url(here.studio))
    assert (page.context["measured_by"], page.context["most"]) == ("总分", 200.0)


def test_a_short_stay_is_not_graded(reference_data, people, client_of):
    row = stay("2025-9-1", studio=StudioFactory(people=[people["owner"]]))
    page = client_of(people["owner"]).get(card_url(row.studio))
    assert "不满 6个月：计分，不定等次" in text_of(page)
    assert "低于合格线 还差" not in text_of(page)


@pytest.mark.parametrize(
    ("year", "words"),
    [(2014, "这一年没有施行的考核评估细则"), (2023, "这一年没有在园"), ("nonsense", "按今天的记录")],
)
def test_years_without_a_card(here, people, client_of, year, words):
    page = client_of(people["owner"]).get(card_url(here.studio, year))
    assert (page.status_code, words in text_of(page)) == (200, True)


def test_before_any_edition_there_is_none(here, people, client_of):
    Rubric.objects.update(in_force_from=date(2026, 1, 1))
    page = client_of(people["owner"]).get(card_url(here.studio))
    assert "这一年没有施行的考核评估细则" in text_of(page)


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("who", ["owner", "office"])
def test_a_card_asks_at_most_twelve_times(
    here, people, client_of, django_assert_max_num_queries, who, opened
):
    write = Writer(here)
    for n in range(12):
        write.ledger("media", title=f"报道{n}")
    write.inspected("6-1", ("A2.4", "not_met"))
    if opened:
        evaluation.cycle_in()
    browser = client_of(people[who])
    browser.get(card_url(here.studio))
    with django_assert_max_num_queries(12):
        browser.get(card_url(here.studio))


# ── all of them ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("who", "status"),
    [
        *[(who, 200) for who in [*READERS, "officer_of_studio"]],
        *[(who, 403) for who in ("owner", "stranger", "expert", "auditor", "nobody", "superuser")],
    ],
)
def test_who_sees_all_of_them(here, people, client_of, who, status):
    for page in ("assessments:projections", "assessments:export_projections"):
        assert client_of(people[who]).get(reverse(page)).status_code == status


@pytest.mark.parametrize("who", ["lead_division", "inspector", "working_group", "owner", "superuser"])
def test_only_the_office_counts_anew(here, people, client_of, who):
    given = {"year": YEAR, "form_key": "5f2c3a52-8a62-4c5e-9d4e-0d8a1c0f9b11"}
    answer = client_of(people[who]).post(reverse("assessments:renew_projections"), given)
    assert answer.status_code == (302 if who == "lead_division" else 403)
    assert Job.objects.count() == (who == "lead_division")


@pytest.mark.parametrize("year", ["2014", "2099", "nonsense", ""])
def test_a_year_that_cannot_be_counted_is_refused(here, people, client_of, year):
    given = {"year": year, "form_key": "5f2c3a52-8a62-4c5e-9d4e-0d8a1c0f9b11"}
    answer = client_of(people["office"]).post(reverse("assessments:renew_projections"), given)
    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["请选择要计算的年度。"]


def test_the_table_shows_numbers_risk_and_when(here, people, client_of):
    Writer(here).ledger("exchange")
    renew(YEAR, AFTER)
    page = client_of(people["office"]).get(all_url())
    [(row, cells, is_changed, is_ungraded)] = page.context["rows"]
    assert [cell.points for cell in cells][12] == "4"
    assert (row.studio, is_changed, is_ungraded) == (here.studio, False, False)
    text = text_of(page)
    assert "甲工作室 低于合格线 4 0 4" in text
    assert "1 个工作室" in text
    assert "1 个基础分低于合格线（60分）" in text
    Writer(here).ledger("service")
    assert "有新记录" in text_of(client_of(people["office"]).get(all_url())).split("平均")[-2]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"q": "没有这个"}, "没有符合条件的工作室"),
        ({"year": 2024}, "这一年还没有计算"),
        ({"risk": "1"}, "没有符合条件的工作室"),
    ],
)
def test_empty_tables(here, people, client_of, asked, words):
    renew(YEAR, AFTER)
    Projection.objects.update(at_risk=False)
    page = client_of(people["office"]).get(all_url(**({"year": YEAR} | asked)))
    assert words in text_of(page)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_table_asks_the_same_number_of_times(
    reference_data, people, client_of, django_assert_max_num_queries, rows
):
    for _ in range(rows):
        stay()
    renew(YEAR, AFTER)
    browser = client_of(people["office"])
    browser.get(all_url())
    with django_assert_max_num_queries(12):
        assert len(browser.get(all_url()).context["rows"]) == rows


def test_the_sheet_has_what_the_table_has(here, people, client_of):
    Writer(here).ledger("exchange")
    renew(YEAR, AFTER)
    browser = client_of(people["office"])
    url = reverse("assessments:export_projections") + f"?year={YEAR}"
    answer = browser.get(url + "&format=csv")
    [head, row] = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (len(head), head[0], head[-3:]) == (27, "工作室", ["总分", "低于合格线", "计算时间"])
    assert (row[0], row[4 + 12], row[22:26]) == ("甲工作室", "4", ["4.0", "0.0", "4.0", "是"])
    book = openpyxl.load_workbook(io.BytesIO(b"".join(browser.get(url).streaming_content)))
    assert [cell.value for cell in book.active[2]][:1] == ["甲工作室"]
    assert AuditEntry.objects.filter(verb="export").count() == 2


# ── the desk ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("day", "shown"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)])
def test_who_may_fail_stands_on_the_offices_desk_from_july_on(here, people, monkeypatch, day, shown):
    other = stay("2024-1-1", studio=StudioFactory(name="乙工作室"))
    for studio, risk in ((here.studio, True), (other.studio, True), (stay().studio, False)):
        Projection.objects.create(studio=studio, year=2026, base=34, bonus=5, at_risk=risk)
    monkeypatch.setattr(timezone, "localdate", lambda: day)

    def on_desk(who):
        return [row.title for one in desk.sections_for(people[who]) for row in one.drawn()["rows"]]

    assert on_desk("office") == (["甲工作室", "乙工作室"] if shown else [])
    assert on_desk("officer_of_studio") == (["乙工作室"] if shown else [])
    assert on_desk("working_group") == on_desk("owner") == []
