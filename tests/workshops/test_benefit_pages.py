"""Pages of [4]: asking, deciding, the ledger, its registers, totals and sheet; what is typed wrongly; the papers."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from park import documents
from park.formkeys import new_key
from park.models import Document, Role
from tests.factories import UserFactory
from tests.workshops.benefits import (
    RESULT,
    a_policy,
    asked,
    brought_to,
    drafted,
    milestone_of,
    reviewed,
    seat,
)
from tests.workshops.factories import ResidencyFactory, StudioFactory
from tests.workshops.staying import picture
from workshops.models import Benefit
from workshops.statistics.benefit import totals
from workshops.workflow import BENEFIT, RESIDENCY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def people(park_people):
    return park_people | {
        "office2": UserFactory(roles=["office"]),
        "group_leader": seat(is_leader=True),
        "group_member": seat(),
    }


@pytest.fixture
def studio(living, people):
    return living.studio


def propose_url(studio, kind="startup_subsidy"):
    return reverse("workshops:propose_benefit", args=[studio.key, kind])


def step_url(benefit, name):
    return reverse("workshops:benefit_step", args=[benefit.key, name])


def typed(**more):
    given = {
        "form_key": new_key(), "form": "venture", "year": "2026", "statement": "已注册并营业。",
    }  # fmt: skip
    return given | more


# ── the road in pages ───────────────────────────────────────────────────────────────────────────
def test_from_asking_to_payment_in_pages(client_of, studio, people):
    own, office, leader = (client_of(people[n]) for n in ("owner", "office", "group_leader"))
    _, line = a_policy(people["office"], fen=3_000_000, cap_fen=5_000_000)
    record = milestone_of(studio)
    other = milestone_of(ResidencyFactory(active=True).studio)
    for wrong in "", other.pk:
        without = own.post(propose_url(studio), typed(milestone=wrong))
        assert without.status_code == 422
        assert "依据的台账记录" in without.content.decode()
    assert not Benefit.objects.exists()
    assert own.post(propose_url(studio), typed(milestone=record.pk)).status_code == 302
    benefit = Benefit.objects.get()
    assert (benefit.status, benefit.company) == ("asked", "镇江某技能科技有限公司")

    data = {"form_key": new_key(), "opinion": "建议同意。", "amount": "", "quantity": "2"}
    refused = office.post(step_url(benefit, "review_benefit"), data)
    assert refused.status_code == 422
    assert "请选择执行标准" in refused.content.decode()
    data |= {"amount": line.pk, "override": "1000"}
    refused = office.post(step_url(benefit, "review_benefit"), data)
    assert "请写明理由" in refused.content.decode()
    del data["override"]
    assert office.post(step_url(benefit, "review_benefit"), data).status_code == 302
    benefit.refresh_from_db()
    assert (benefit.amount_fen, benefit.quantity) == (5_000_000, 2)  # twice 30,000 yuan, at most 50,000

    page = leader.get(step_url(benefit, "grant_benefit")).content.decode()
    assert "50,000.00 元" in page
    data = {"form_key": new_key(), "minutes_no": "", "reason": ""}
    assert leader.post(step_url(benefit, "grant_benefit"), data).status_code == 422
    assert leader.post(step_url(benefit, "grant_benefit"), data | {"minutes_no": "3号"}).status_code == 302
    today = timezone.localdate()
    data = {"form_key": new_key(), "on": f"{today - timedelta(days=1)}", "reference": "PZ-1"}
    assert office.post(step_url(benefit, "pay_benefit"), data).status_code == 422
    data |= {"on": f"{today}", "proof": picture()}
    assert office.post(step_url(benefit, "pay_benefit"), data).status_code == 302
    again = {"on": f"{today}", "reference": "PZ-1"}
    twice = office.post(step_url(benefit, "pay_benefit"), again | {"form_key": data["form_key"]})
    assert twice.status_code == 302  # the same form leads where it led
    other = office.post(step_url(benefit, "pay_benefit"), again | {"form_key": new_key()})
    assert other.status_code == 409
    benefit.refresh_from_db()
    assert (benefit.status, benefit.delivery.amount_fen) == ("paid", 5_000_000)

    for browser in (own, office, leader):
        page = browser.get(benefit.get_absolute_url()).content.decode()
        assert "50,000.00 元" in page
        assert "政策兑现审核决定" in page
    for file in (benefit.files.get().stored, benefit.delivery.proof):
        url = reverse("workshops:benefit_file", args=[benefit.key, file.key])
        answer = own.get(url)
        assert answer.status_code == 200
        b"".join(answer)
        assert client_of(people["stranger"]).get(url).status_code == 404
    other = brought_to("asked", studio, people, "performance_award").files.get().stored
    assert own.get(reverse("workshops:benefit_file", args=[benefit.key, other.key])).status_code == 404


def test_the_office_enters_and_the_studio_asks(client_of, studio, people):
    data = {
        "form_key": new_key(),
        "form": "teacher",
        "year": "2026",
        "target": "镇江技师学院",
        "statement": "建议",
    }
    url = propose_url(studio, "priority_appointment")
    assert client_of(people["office"]).post(url, data).status_code == 302
    benefit = Benefit.objects.get()
    assert benefit.status == "draft"
    page = client_of(people["owner"]).get(step_url(benefit, "ask_benefit")).content.decode()
    assert "镇江技师学院" in page  # what the office wrote stands in the form
    data |= {"form_key": new_key(), "target": "镇江高等职业技术学校"}
    assert client_of(people["owner"]).post(step_url(benefit, "ask_benefit"), data).status_code == 302
    benefit.refresh_from_db()
    assert (benefit.status, benefit.target) == ("asked", "镇江高等职业技术学校")


def test_declined_with_reason_and_clause(client_of, studio, people):
    benefit = brought_to("reviewed", studio, people, "performance_award")
    leader, url = client_of(people["group_leader"]), step_url(benefit, "decline_benefit")
    data = {"form_key": new_key(), "clause": "5.3", "minutes_no": "3号", "reason": ""}
    assert leader.post(url, data).status_code == 422
    assert leader.post(url, data | {"reason": "未按时报送统计报表"}).status_code == 302
    benefit.refresh_from_db()
    assert (benefit.status, benefit.decision_clause) == ("declined", "5.3")


def test_a_recommendation_ends_with_its_result(client_of, studio, people):
    benefit = brought_to("nominated", studio, people, "priority_nomination")
    office, url = client_of(people["office"]), step_url(benefit, "conclude_nomination")
    data = {"form_key": new_key(), "result": "won", "result_no": "", "result_on": f"{timezone.localdate()}"}
    assert "请填写结果文号" in office.post(url, data).content.decode()
    assert office.post(url, data | RESULT).status_code == 302
    page = office.get(reverse("workshops:nominations")).content.decode()
    assert "苏人社〔2026〕9号" in page


# ── who sees what ───────────────────────────────────────────────────────────────────────────────
READERS = {
    "office",
    "office2",
    "lead_division",
    "working_group",
    "group_leader",
    "group_member",
    "officer_of_studio",
}


@pytest.mark.parametrize("page", ["benefits", "benefit_totals", "appointments", "nominations"])
def test_who_reads_the_ledger(client_of, studio, people, page):
    brought_to("asked", studio, people)
    for name, person in people.items():
        expected = 200 if name in READERS else 403
        assert client_of(person).get(reverse(f"workshops:{page}")).status_code == expected, name


def test_a_case_is_there_for_the_studio_and_who_deals_with_it(client_of, studio, people):
    benefit = brought_to("asked", studio, people)
    for name, person in people.items():
        expected = 200 if name in READERS | {"owner"} else 404
        assert client_of(person).get(benefit.get_absolute_url()).status_code == expected, name


def test_who_sees_the_page_of_the_studio(client_of, studio, people):
    url = reverse("workshops:studio_benefits", args=[studio.key])
    for name, person in people.items():
        expected = 200 if name in READERS | {"owner"} else 403 if name.startswith(("logi", "attr")) else 404
        assert client_of(person).get(url).status_code == expected, name


@pytest.mark.parametrize("who", ["owner", "office", "officer_of_studio", "group_leader"])
def test_who_proposes(client_of, studio, people, who):
    data = {"form_key": new_key(), "form": "teacher", "year": "2026", "target": "某校", "statement": "理由"}
    answer = client_of(people[who]).post(propose_url(studio, "priority_appointment"), data)
    assert answer.status_code == (403 if who == "group_leader" else 302)
    found = Benefit.objects.first()
    expected = {"owner": "asked", "officer_of_studio": "asked", "office": "draft", "group_leader": None}
    assert (found and found.status) == expected[who]


def test_the_page_says_what_one_is_entitled_to(client_of, studio, living, people):
    own, url = client_of(people["owner"]), reverse("workshops:studio_benefits", args=[studio.key])
    a_policy(people["office"], clause="4.3")
    page = own.get(url).content.decode()
    for clause in ("4.1", "4.2", "4.3", "4.4", "4.5"):
        assert f"#c-{clause}" in page
    assert "免租期内" in page
    assert "30,000.00" in page
    assert "申请创业补贴" in page
    brought_to("asked", studio, people)
    assert "申请创业补贴" not in own.get(url).content.decode()
    RESIDENCY.perform(living, "suspend", by=people["office"])
    page = own.get(url).content.decode()
    assert "整改期间暂停政策兑现" in page
    assert "申请业绩奖励" not in page
    assert own.post(
        propose_url(studio, "priority_appointment"),
        {"form_key": new_key(), "form": "teacher", "year": "2026", "target": "某校", "statement": "理由"},
    ).status_code == 409  # fmt: skip


def test_an_unknown_kind_is_not_there(client_of, studio, people):
    assert client_of(people["owner"]).get(propose_url(studio, "rent_waiver")).status_code == 404


# ── lists, totals, sheet, desk ──────────────────────────────────────────────────────────────────
def test_the_ledger_is_searched_and_filtered(client_of, studio, people):
    mine = brought_to("asked", studio, people)
    other = ResidencyFactory(active=True, studio=StudioFactory(name="别家工作室")).studio
    drafted(other, people["office"], "performance_award", year=2025)
    office, url = client_of(people["office"]), reverse("workshops:benefits")
    for query, expected in (
        ({}, 2), ({"kind": "startup_subsidy"}, 1), ({"status": "draft"}, 1), ({"year": "2025"}, 1),
        ({"q": "别家"}, 1), ({"q": mine.number.lower()}, 1), ({"q": "没有"}, 0),
    ):  # fmt: skip
        assert len(office.get(url, query).context["page"].rows) == expected, query


def test_totals_by_kind_and_year(client_of, studio, people):
    _, line = a_policy(people["office"])
    brought_to("paid", studio, people, line=line)
    brought_to("declined", studio, people, "performance_award")
    brought_to("granted", studio, people, "performance_award")
    brought_to("withdrawn", studio, people, "priority_appointment")
    rows = totals(Benefit.objects.all())
    found = [
        (r["kind"], r["asked"], r["granted"], r["declined"], r["done"], r["granted_fen"], r["paid_fen"])
        for r in rows
    ]
    assert found == [
        ("startup_subsidy", 1, 1, 0, 1, 3_000_000, 3_000_000),
        ("performance_award", 2, 1, 1, 0, 1_000_000, 0),
        ("priority_appointment", 0, 0, 0, 0, 0, 0),
    ]
    page = client_of(people["office"]).get(reverse("workshops:benefit_totals")).content.decode()
    assert "30,000.00" in page
    assert '<svg class="chart"' in page


def test_the_sheet_has_what_the_list_has(client_of, studio, people):
    _, line = a_policy(people["office"])
    benefit = brought_to("paid", studio, people, line=line)
    brought_to("asked", studio, people, "performance_award")
    url = reverse("workshops:export_benefits")
    answer = client_of(people["office"]).get(url, {"kind": "startup_subsidy"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 1
    row = dict(zip(header, rows[0], strict=True))
    assert (row["编号"], row["种类"], row["状态"]) == (benefit.number, "创业补贴", "已拨付")
    assert (row["拨付金额（元）"], row["凭证号或文号"]) == (30000, "PZ-0001")
    assert client_of(people["group_leader"]).get(url).status_code == 403


LISTS = ["benefits", "appointments", "nominations", "benefit_totals"]


@pytest.mark.parametrize("rows", [1, 30])
def test_lists_ask_the_same_number_of_times(client_of, people, django_assert_max_num_queries, rows):
    for _ in range(rows):
        studio = ResidencyFactory(active=True, studio=StudioFactory(people=[people["owner"]])).studio
        for kind in ("priority_appointment", "priority_nomination"):
            status = "appointed" if kind == "priority_appointment" else "nominated"
            brought_to(status, studio, people, kind)
    office = client_of(people["office"])
    for name in LISTS:
        url = reverse(f"workshops:{name}")
        assert office.get(url).status_code == 200
        with django_assert_max_num_queries(12):
            office.get(url)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_studio_and_the_case_ask_the_same_number_of_times(
    client_of, studio, people, django_assert_max_num_queries, rows
):
    for _ in range(rows):
        benefit = brought_to("paid", studio, people, "performance_award")
    own = client_of(people["owner"])
    own.get("/home/")
    with django_assert_max_num_queries(12):
        own.get(reverse("workshops:studio_benefits", args=[studio.key]))
    with django_assert_max_num_queries(12):
        own.get(benefit.get_absolute_url())


def test_the_desk_says_whose_turn_it_is(client_of, studio, people):
    def titles(name):
        return {section["title"] for section in client_of(people[name]).get("/home/").context["sections"]}

    benefit = drafted(studio, people["office"], "priority_appointment")
    assert "可以提出申请的优惠政策" in titles("owner")
    benefit = asked(studio, people["owner"], "performance_award")
    assert "待审核的政策兑现" in titles("office")
    assert "待审核的政策兑现" not in titles("officer_of_studio")
    reviewed(benefit, people["office"])
    assert "待决定的政策兑现" in titles("group_leader")
    assert "待决定的政策兑现" not in titles("group_member")
    assert "待决定的政策兑现" not in titles("office2")
    BENEFIT.perform(benefit, "grant_benefit", by=people["group_leader"], data={"minutes_no": "3号"})
    assert "待落实的政策兑现" in titles("office2")


# ── papers ──────────────────────────────────────────────────────────────────────────────────────
def test_papers_say_what_was_asked_and_decided(client_of, studio, people):
    _, line = a_policy(people["office"])
    benefit = brought_to("granted", studio, people, line=line)
    application, decision = Document.objects.about(benefit).order_by("pk")
    html = documents.render_html(application)
    for words in ("镇江某技能科技有限公司", "营业执照", "（签字）", "第四部分（二）", benefit.number):
        assert words in html, words
    html = documents.render_html(decision)
    for words in ("人民币叁万元整", "30,000.00", "测人社〔2024〕4.2号", "纪要〔2026〕3号", "组长（签字）"):
        assert words in html, words
    for paper in (application, decision):
        assert documents.render_document(paper).state == "issued"
    url = reverse("workshops:benefit_paper", args=[benefit.key, decision.public_id])
    for name in ("owner", "office", "group_leader"):
        answer = client_of(people[name]).get(url)
        assert answer.status_code == 200
        b"".join(answer)
    assert client_of(people["stranger"]).get(url).status_code == 404


def test_a_decision_of_the_office_names_no_working_group(studio, people):
    benefit = brought_to("reviewed", studio, people, "priority_appointment")
    BENEFIT.perform(
        benefit, "decline_benefit", by=people["office2"], data={"clause": "4.4", "reason": "名额已满"}
    )
    html = documents.render_html(Document.objects.get(kind="benefit_decision"))
    assert "名额已满" in html
    assert "组长" not in html
    assert "元" not in html.split("审核决定</th>")[1].split("决定依据")[0]


@pytest.mark.parametrize("role", Role)
def test_the_navigation_leads_there(client_of, people, role):
    page = client_of(UserFactory(roles=[role])).get("/home/").content.decode()
    ledger = role in ("office", "lead_division", "working_group")
    library = ledger or role in ("logistics", "attraction", "applicant")
    assert (f'href="{reverse("workshops:benefits")}"' in page) == ledger
    assert (f'href="{reverse("workshops:policies")}"' in page) == library
