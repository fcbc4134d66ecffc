"""The public pages: reachable without signing in, whole, and saying only what the regulation and the park say."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from config import views
from config.selfcheck import SelfCheckForm
from park import checks, rules
from park.actions import record_consents, withdraw_consent
from park.attachments import personal_data_in
from park.formkeys import new_key
from park.models import Consent, CraftField, District, PrivacyNotice, RecognitionLevel
from park.templatetags.ui import CLAUSE
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops.actions.recognition import record_recognition
from workshops.actions.studio import set_public_display
from workshops.models import Studio
from workshops.tables.public import public_facts

pytestmark = pytest.mark.django_db

PAGES = [
    "portal", "guide", "self_check", "regulation", "privacy", "help", "site_map", "workshops:public_studios",
]  # fmt: skip
ALL = {
    "teaching": ["c_skill", "c_teaching", "c_apprentices"],
    "means": ["startup_intent", "equipment", "funding", "work_rules"],
    "plans": ["planning", "projects"],
}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_public_and_sound(client, name):
    response = client.get(reverse(name))
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert '<html lang="zh-CN"' in html
    assert '<a class="skip" href="#main">' in html
    assert 'id="main"' in html
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", html)  # the policy allows no inline code
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("name", PAGES)
def test_page_takes_no_writes(client, name):
    assert client.post(reverse(name)).status_code == 405


def test_page_ids_are_unique_and_links_inside_it_lead_somewhere(client):
    for name in PAGES:
        html = client.get(reverse(name)).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert sorted(ids) == sorted(set(ids)), name
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids), name


# ── the regulation ──────────────────────────────────────────────────────────────────────────────
def anchors(client):
    return re.findall(r'id="c-([^"]+)"', client.get(reverse("regulation")).content.decode())


def test_regulation_has_every_clause_once(client):
    expected = [
        *("1", "1.1", "1.2", "1.3", "1.4", "2", "2.1", "2.2", "2.3", "2.4"),
        *(
            "3",
            "3.1",
            "3.1.1",
            "3.1.1a",
            "3.1.1b",
            "3.1.1c",
            "3.1.2",
            "3.1.3",
            "3.2",
            "3.2.1",
            "3.2.2",
            "3.2.3",
        ),
        *("4", "4.1", "4.2", "4.3", "4.4", "4.5", "5", "5.1", "5.2", "5.3", "5.4"),
        *("5.4.1", "5.4.2", "5.4.3", "5.4.4", "A1", "A2"),
        *(f"A2.{n}" for n in range(1, 15)),
        *("A2.B1", "A2.B2", "A2.B3", "A2.B4"),
    ]
    assert anchors(client) == expected
    assert all(CLAUSE.fullmatch(code) for code in expected)


def test_every_clause_that_a_template_or_a_setting_names_is_in_the_regulation(client):
    known = set(anchors(client))
    named = {
        code
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for code in re.findall(r'{% clause "([^"]+)" %}', path.read_text(encoding="utf-8"))
    }
    named |= {d.clause for d in rules.DEFINITIONS if re.match(r"[1-5](\.|$)", d.clause)}
    assert named - known == set()


def test_regulation_scores_add_up(client):
    html = client.get(reverse("regulation")).content.decode()
    points = dict(re.findall(r'<tr id="c-A2\.(B?\d+)">.*?<td class="nowrap">(\d+)</td>', html))
    assert sum(int(n) for item, n in points.items() if not item.startswith("B")) == 100
    assert sum(int(n) for item, n in points.items() if item.startswith("B")) == 100


# ── the guide ───────────────────────────────────────────────────────────────────────────────────
def test_guide_has_what_inspections_look_for(client):
    html = client.get(reverse("guide")).content.decode()
    for element in (
        "事项名称",
        "依据",
        "申报条件",
        "申报材料",
        "办理流程",
        "办理时限",
        "办理地点",
        "表格下载",
    ):
        assert element in html
    assert reverse("applications:blank_form") in html


def test_guide_follows_the_settings_of_the_park(client, user):
    rules.set_rule("initial_review_days", 7, by=user("office"), reason="加快办理")
    rules.set_rule("office_phone", "0511-00000000", by=user("office"), reason="公布电话")
    html = client.get(reverse("guide")).content.decode()
    assert "提交次日起 7 个工作日" in html
    assert "0511-00000000" in html


def test_guide_offers_only_the_recommendations_that_the_park_takes(client, user):
    rules.set_rule("unit_recommendation_modes", ["employer"], by=user("office"), reason="只收单位推荐")
    assert "没有工作单位的" not in client.get(reverse("guide")).content.decode()


# ── the self-check [3.1] ────────────────────────────────────────────────────────────────────────
def verdict(**ticked):
    form = SelfCheckForm(ticked)
    assert form.is_valid(), form.errors
    return form.verdict()


def test_self_check_ready_with_one_claim_and_all_of_two_and_three():
    result = verdict(**ALL)
    assert result.ready
    assert result.complete == ["3.1.1c"]


@pytest.mark.parametrize("group", ["means", "plans"])
def test_self_check_names_what_is_missing_with_its_clause(group):
    clause = {"means": "3.1.2", "plans": "3.1.3"}[group]
    result = verdict(**{**ALL, group: ALL[group][1:]})
    assert not result.ready
    assert [d.clause for d in result.missing] == [clause]


def test_self_check_half_a_claim_is_no_claim():
    result = verdict(**{**ALL, "teaching": ["c_skill"]})
    assert not result.ready
    assert [(clause, [d.text for d in demands]) for clause, demands in result.begun] == [
        ("3.1.1c", ["特别注重传艺带徒", "所带徒弟多人成为技能骨干或在各类技能竞赛中取得优异成绩"])
    ]


def test_self_check_half_claim_does_not_matter_beside_a_whole_one():
    assert verdict(**ALL, skill=["a_skill"]).ready


def test_self_check_key_project_is_an_advantage_and_no_condition():
    assert verdict(**ALL).ready
    assert not verdict(key_project="on").ready


def test_self_check_page_answers_in_words(client):
    ready = client.get(reverse("self_check"), {"checked": 1, **ALL}).content.decode()
    assert '<h2 id="result">可以申报</h2>' in ready
    nothing = client.get(reverse("self_check"), {"checked": 1}).content.decode()
    assert '<h2 id="result">还缺以下条件</h2>' in nothing
    assert nothing.count("#c-3.1.2") > client.get(reverse("self_check")).content.decode().count("#c-3.1.2")


def test_self_check_refuses_forged_answers_with_a_sentence(client):
    html = client.get(reverse("self_check"), {"checked": 1, "skill": "nonsense"}).content.decode()
    assert "所选项目不在问卷中，请重新勾选。" in html
    assert 'id="result"' not in html


def test_self_check_keeps_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse("self_check"), {"checked": 1, **ALL})
    assert not response.cookies


# ── the registers [1] ───────────────────────────────────────────────────────────────────────────
REGISTERS = "workshops:public_studios"


@pytest.fixture
def masters(reference_data, user):
    """A resident studio whose leader agreed, an affiliated one that the office shows, and what nobody may read."""
    field, district = CraftField.objects.first(), District.objects.first()
    facts = {
        "craft_field": field, "district": district, "level": RecognitionLevel.objects.first(), "phone": "0511-84441234",
        "intro": "简介里的张三 13812345678", "address": "某路7号",
    }  # fmt: skip
    resident = ResidencyFactory(active=True, studio=StudioFactory(**facts)).studio
    leader = user("applicant")
    resident.people.add(leader)
    resident.persons.update(user=leader, birth_year=1971, honours="江苏工匠")
    PersonFactory(studio=resident, name="不公开的成员")
    record_recognition(
        resident, kind="granted", level=resident.level, document_no="镇人社发〔2024〕7号", authority="市人社局",
        decided_on=date(2024, 5, 6), note="内部备注", scan=None, by=user("office"),
    )  # fmt: skip
    affiliated = StudioFactory(is_affiliated=True, district=District.objects.last())
    notice = PrivacyNotice.objects.create(version="v", text="告知", in_force_from="2020-01-01")
    return {"resident": resident, "affiliated": affiliated, "leader": leader, "notice": notice}


def agree(masters):
    record_consents(masters["leader"], [Consent.Purpose.DISCLOSURE], notice=masters["notice"])


def names(client, **asked):
    return [row["name"] for row in client.get(reverse(REGISTERS), asked).context["page"].rows]


def test_a_resident_studio_is_shown_once_its_leader_agreed_and_until_that_is_taken_back(client, masters):
    page = reverse("workshops:public_studio", args=[masters["resident"].key])
    assert (names(client), client.get(page).status_code) == ([], 404)
    agree(masters)
    assert (names(client), client.get(page).status_code) == ([masters["resident"].name], 200)
    withdraw_consent(masters["leader"], Consent.Purpose.DISCLOSURE)
    assert (names(client), client.get(page).status_code) == ([], 404)
    set_public_display(masters["resident"], "shown", basis="口头同意", by=masters["leader"])
    assert names(client) == []  # the office does not outweigh who took it back


def test_a_studio_of_the_city_is_shown_by_the_office_or_by_the_setting(client, masters, user):
    office, row = user("office"), masters["affiliated"]
    assert names(client, register="affiliated") == []
    set_public_display(row, "shown", basis="领衔人书面同意", by=office)
    assert names(client, register="affiliated") == [row.name]
    set_public_display(row, "default", basis="", by=office)
    rules.set_rule("public_registers", ["affiliated"], by=office, reason="认定名单已公布")
    assert names(client, register="affiliated") == [row.name]
    set_public_display(row, "hidden", basis="领衔人要求", by=office)
    assert names(client, register="affiliated") == []
    agree(masters)
    assert names(client) == []  # the other register is no longer shown by itself


def test_the_public_pages_say_the_public_facts_and_nothing_else(client, masters):
    agree(masters)
    studio = masters["resident"]
    listed = client.get(reverse(REGISTERS)).content.decode()
    page = client.get(reverse("workshops:public_studio", args=[studio.key])).content.decode()
    for fact in (
        studio.name,
        studio.leader_name,
        studio.unit_name,
        "钣金工",
        str(studio.district),
        str(studio.level),
    ):
        assert fact in listed
        assert fact in page
    assert "镇人社发〔2024〕7号" in page
    for html in listed, page:
        main = html.partition("<main")[2].partition("</main")[0]
        assert personal_data_in(re.sub(r"/studios/public/[0-9a-f-]+/", "", main)) == []
        for secret in (
            "不公开的成员",
            "1971",
            "江苏工匠",
            "84441234",
            "张三",
            "某路7号",
            "内部备注",
            "男",
            "汉族",
        ):
            assert secret not in main
    assert set(public_facts(Studio.objects.filter(pk=studio.pk))[0]) == {
        "key", "name", "leader_name", "unit_name", "occupation", "craft_field__label", "district__label", "level__label",
    }  # fmt: skip


def test_the_register_is_searched_and_filtered_by_public_facts_alone(client, masters):
    agree(masters)
    studio = masters["resident"]
    other = District.objects.exclude(pk=studio.district_id).first()
    assert names(client, q=studio.leader_name) == [studio.name]
    assert names(client, field=studio.craft_field.code, district=studio.district.code) == [studio.name]
    assert names(client, district=other.code) == []
    for secret in ("84441234", "张三", "不公开的成员"):
        assert names(client, q=secret) == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_register_asks_the_database_as_often_for_thirty_as_for_one(
    client, masters, user, django_assert_num_queries, count
):
    rules.set_rule("public_registers", ["affiliated"], by=user("office"), reason="认定名单已公布")
    for _ in range(count - 1):
        StudioFactory(is_affiliated=True)
    with django_assert_num_queries(6):
        page = client.get(reverse(REGISTERS), {"register": "affiliated"}).context["page"]
    assert len(page.rows) == min(count, 24)


@pytest.mark.parametrize(
    "asked", [{"register": "former"}, {"page": "x"}, {"page": "999"}, {"level": "nonsense"}]
)
def test_a_forged_address_shows_no_more(client, masters, asked):
    gone = ResidencyFactory(status="ended").studio
    response = client.get(reverse(REGISTERS), asked)
    assert response.status_code == 200
    assert gone.name not in response.content.decode()


def test_the_office_says_whether_a_studio_is_shown_and_reads_why(client_of, masters, user):
    browser, studio = client_of(user("office")), masters["resident"]
    address = reverse("workshops:public_display", args=[studio.key])
    assert "领衔人还没有同意公开" in browser.get(address).content.decode()
    form = {"form_key": new_key(), "display": "hidden", "basis": ""}
    assert browser.post(address, form).status_code == 422
    assert browser.post(address, form | {"basis": "领衔人要求"}).status_code == 302
    assert "管理办公室设为不公开：领衔人要求" in browser.get(studio.get_absolute_url()).content.decode()
    assert client_of(masters["leader"]).post(address, form).status_code == 403


# ── privacy, help ───────────────────────────────────────────────────────────────────────────────
def test_privacy_shows_the_notice_in_force_and_obeys_no_html(client):
    PrivacyNotice.objects.create(version="old", text="旧文", in_force_from="2020-01-01")
    PrivacyNotice.objects.create(
        version="new", text="## 处理者\n\n<script>x</script>", in_force_from="2026-01-01"
    )
    PrivacyNotice.objects.create(version="next", text="将来", in_force_from="2999-01-01")
    html = client.get(reverse("privacy")).content.decode()
    assert "<h2>处理者</h2>" in html
    assert "版本 new" in html
    assert "&lt;script&gt;" in html


@pytest.fixture
def manuals(tmp_path, monkeypatch):
    (tmp_path / "applicant.md").write_text("# 申报人手册\n\n## 注册〔3.2.1〕\n\n先注册。", encoding="utf-8")
    (tmp_path / "office.md").write_text("# 办公室手册\n\n内部说明。", encoding="utf-8")
    monkeypatch.setattr(views, "MANUALS", tmp_path)


def listed(response):
    return [page["name"] for page in response.context["pages"]]


@pytest.mark.usefixtures("manuals")
def test_help_of_the_office_is_for_staff(client, client_of, user):
    assert listed(client.get(reverse("help"))) == ["applicant"]
    assert listed(client_of(user("applicant")).get(reverse("help"))) == ["applicant"]
    assert listed(client_of(user("office")).get(reverse("help"))) == ["applicant", "office"]
    assert client.get(reverse("help_page", args=["office"])).status_code == 404
    assert client_of(user("office")).get(reverse("help_page", args=["office"])).status_code == 200


def test_manuals_stand_in_the_order_of_the_road_and_the_studios_need_no_office(client, client_of, user):
    assert listed(client.get(reverse("help"))) == ["applicant", "studio"]
    assert listed(client_of(user("office")).get(reverse("help"))) == list(views.MANUAL_ORDER)


def test_manuals_cite_clauses_that_the_page_of_the_regulation_has(client):
    anchors = set(re.findall(r'id="c-([^"]+)"', client.get(reverse("regulation")).content.decode()))
    for path in views.MANUALS.glob("*.md"):
        cited = {match[1] for match in views.CITED.finditer(path.read_text(encoding="utf-8"))}
        assert cited - anchors == set(), path.name


@pytest.mark.usefixtures("manuals")
def test_help_page_shows_its_text_with_a_table_of_contents(client):
    html = client.get(reverse("help_page", args=["applicant"])).content.decode()
    assert "<h1>申报人手册</h1>" in html
    assert "先注册。" in html
    assert '注册<a href="/regulation/#c-3.2.1">〔3.2.1〕</a></h2>' in html
    assert ">注册</a></li>" in html  # the table of contents goes without
    assert client.get(reverse("help_page", args=["nothing"])).status_code == 404


# ── display, health, errors ─────────────────────────────────────────────────────────────────────
def test_display_is_remembered_in_a_cookie(client):
    response = client.get(reverse("display"), {"size": "huge", "contrast": "high", "next": "/guide/"})
    assert response.headers["Location"] == "/guide/"
    html = client.get(reverse("guide")).content.decode()
    assert '<html lang="zh-CN" data-size="huge" data-contrast="high">' in html


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_display_leads_nowhere_else(client, target):
    assert client.get(reverse("display"), {"size": "large", "next": target}).headers["Location"] == "/"


def test_display_ignores_values_it_does_not_know(client):
    assert not client.get(reverse("display"), {"size": '"><b>', "contrast": "1"}).cookies
    client.cookies["text_size"] = "evil"
    assert 'data-size="standard"' in client.get("/").content.decode()


def test_healthz_asks_the_database_once(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert client.get(reverse("healthz")).content == b"ok"


def test_unknown_address_gets_our_page(client, client_of, user):
    assert client.get("/nothing/").status_code == 404
    assert "没有这个页面" in client.get("/nothing/").content.decode()
    assert "回到待办" in client_of(user("office")).get("/nothing/").content.decode()


def test_missing_csrf_token_gets_our_page():
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post(reverse("login"), {})
    assert response.status_code == 403
    assert "页面已经过期，请重试" in response.content.decode()


@pytest.mark.parametrize("name", ["400", "500"])
def test_page_of_last_resort_needs_no_context(name):
    from django.template.loader import render_to_string

    assert render_to_string(f"{name}.html").count("<h1>") == 1


# ── the desk ────────────────────────────────────────────────────────────────────────────────────
def test_home_needs_a_person(client):
    assert client.get(reverse("home")).headers["Location"] == "/login/?next=/home/"


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        ("office", ["我经办的申报", "尚未分派的申报"]),
        ("lead_division", ["我经办的申报", "尚未分派的申报"]),
        ("applicant", ["等您办理", "正在办理"]),
        ("auditor", []),
        ("expert", ["我参加的评议会"]),
        ("working_group", ["待审核认定的候选名单"]),
    ],
)
def test_home_has_the_sections_of_the_role(client_of, user, role, titles):
    response = client_of(user(role)).get(reverse("home"))
    assert [section["title"] for section in response.context["sections"]] == titles


def queries_of_home(browser):
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(reverse("home")).status_code == 200
    return len(captured)


def test_home_costs_the_same_with_one_case_and_with_three(client_of, user):
    officer = user("office")
    browser = client_of(officer)
    browser.get(reverse("home"))  # the first page of a session writes its time

    def file(n):
        Application.objects.create(
            number=f"SB-2026-{n:04}",
            status="submitted",
            applicant=officer,
            officer=officer,
            leader_id_index=str(n),
            submitted_at=timezone.now(),
            due_on=timezone.localdate() + timedelta(days=n),
        )

    file(1)
    first = queries_of_home(browser)
    file(2)
    file(3)
    assert queries_of_home(browser) == first
    assert first <= 45  # one for each list that the office keeps


def navigation(client):
    groups = client.get(reverse("home")).context["nav"]()
    return [entry["label"] for _heading, entries in groups for entry in entries]


@pytest.mark.parametrize(
    ("role", "own"),
    [("applicant", ["我的申报"]), ("office", ["申报受理"]), ("auditor", []), ("expert", [])],
)
def test_navigation_follows_the_role(client_of, user, role, own):
    labels = navigation(client_of(user(role)))
    assert [label for label in labels if label in ("我的申报", "申报受理")] == own
    assert labels[0] == "待办"


# ── links ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("role", ["", "applicant", "office"])
def test_every_link_of_the_public_pages_and_the_desk_can_be_opened(client, client_of, user, role):
    """A link is opened by GET, so 405 is as bad as 404; a visitor may be led to the login."""
    browser = client_of(user(role)) if role else client
    pages = [reverse(name) for name in [*PAGES, *(["home"] if role else [])]]
    links = {
        link
        for page in pages
        for link in re.findall(r'href="(/[^"#?]*)', browser.get(page).content.decode())
        if not link.startswith("/static/")
    }
    answers = {link: browser.get(link).status_code for link in links}
    assert {link: code for link, code in answers.items() if code not in (200, 302)} == {}


# ── the foot ────────────────────────────────────────────────────────────────────────────────────
IMPRINT = {
    "host_unit": "主办局",
    "operator": "承办室",
    "contact": "0511-12345",
    "address": "某路1号",
    "icp": "苏ICP备00000000号",
    "police": "苏公网安备00000000号",
    "code": "3211000000",
    "party_mark": "https://mark.example/",
    "error_report": "https://report.example/",
}


def test_footer_shows_every_element_of_a_government_site(client, settings):
    assert IMPRINT.keys() == settings.SITE.keys()
    settings.SITE = IMPRINT
    foot = client.get("/").content.decode().partition("<footer")[2]
    assert [value for value in IMPRINT.values() if value not in foot] == []


def test_footer_hides_what_is_not_set(client, settings):
    settings.SITE = dict.fromkeys(IMPRINT, "")
    foot = client.get("/").content.decode().partition("<footer")[2]
    for word in ("主办单位", "承办单位", "地址：", "联系方式", "网站标识码", "备案", "找错", "党政机关"):
        assert word not in foot


def test_production_is_warned_of_an_empty_imprint(settings):
    settings.DEMO = False
    settings.SITE = {**IMPRINT, "icp": ""}
    assert [found.msg for found in checks.site_has_its_imprint(None)] == ["页脚要素未设置：SITE_ICP。"]
    settings.SITE = IMPRINT
    assert checks.site_has_its_imprint(None) == []
