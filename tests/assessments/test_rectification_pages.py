"""The pages of rectification and revocation: who gets which, what they say, and how often they ask the database."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import RectificationOrder, Revocation
from assessments.papers.rectification import papers_of
from assessments.papers.service import with_receipts
from config import desk
from park.formkeys import new_key
from park.models import Announcement
from tests.assessments import holding as make
from tests.pictures import jpeg
from tests.workshops.factories import ResidencyFactory
from workshops.duties import Scope, collect

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

OFFICE = {"office", "lead_division", "officer_of_studio"}
GROUP = {"working_group", "group_leader"}
BODIES = {"inspector", "other_logistics", "attraction"}
STUDIO = {"owner", "officer_of_studio"}


@pytest.fixture
def people(people):
    return people | {"group_leader": make.seat(is_leader=True)}


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def titles(user):
    return {section["title"] for section in desk.sections_for(user)}


def post(client, address, **typed):
    return client.post(address, {"form_key": new_key()} | typed)


def test_who_gets_which_page(people, residency, client_of):
    order = make.ordered(residency, by=people["office"])
    case = make.case_in("defending", residency, people)
    receipt = with_receipts(papers_of(order))[1]
    pages = {
        "orders": (url("rectifications"), OFFICE | GROUP | BODIES),
        "order": (order.get_absolute_url(), OFFICE | GROUP | BODIES | STUDIO),
        "issue": (url("issue_rectification", residency.key), OFFICE - STUDIO),
        "receipt": (
            url("rectification_paper", order.key, receipt.public_id),
            OFFICE | GROUP | BODIES | STUDIO,
        ),
        "cases": (url("revocations"), OFFICE | GROUP),
        "case": (case.get_absolute_url(), OFFICE | GROUP | STUDIO),
        "proof": (url("revocation_file", case.key, case.act_proof.key), OFFICE | GROUP | STUDIO),
        "grounds": (url("revocation_grounds", residency.key), OFFICE - STUDIO),
        "ground": (url("propose_revocation", residency.key, "misconduct"), OFFICE - STUDIO),
        "announce": (url("announce_revocation", case.key), OFFICE - STUDIO),
        "tab": (url("studio_rectifications", residency.studio.key), OFFICE | STUDIO),
    }
    got = {}
    for page, (address, _) in pages.items():
        got[page] = set()
        for name, who in people.items():
            answer = client_of(who).get(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
            if answer.status_code in (200, 202):
                got[page].add(name)
    assert got == {page: who for page, (_, who) in pages.items()}


def test_the_office_orders_from_the_card(people, residency, client_of):
    card = make.card(residency, by=people["office"])
    client, address = client_of(people["office"]), url("issue_rectification", residency.key)
    assert residency.studio.name in client.get(url("rectifications")).content.decode()
    assert "应发出限期整改通知" in titles(people["office"])
    page = client.get(address)
    proposed = [row.initial for row in page.context["proposed"]]
    assert [row["clause"] for row in proposed] == ["A2.4", "A2.9"]  # what fell short
    typed = {"rows": "3", "issued_on": timezone.localdate(), "note": ""}
    half = typed | {"item-0-clause": "A2.4", "item-0-problem": "没有展示栏", "item-0-demand": ""}
    refused = post(client, address, **half)
    assert refused.status_code == 422
    assert "请填写“整改要求”" in refused.content.decode()
    wrong = post(client, address, **half | {"item-0-demand": "设置", "item-0-clause": "乱写"})
    assert "请按 A2.9" in wrong.content.decode()
    done = post(
        client,
        address,
        **half
        | {
            "item-0-demand": "设置展示栏",
            "item-2-clause": "a2.9",
            "item-2-problem": "没有日志",
            "item-2-demand": "建立",
        },
    )
    assert done.status_code == 302
    order = RectificationOrder.objects.get()
    assert (order.card, [i.clause for i in order.items.all()]) == (card, ["A2.4", "A2.9"])
    again = post(client, address, **half | {"item-0-demand": "设置展示栏"})
    assert again.status_code == 409
    assert "已有一件没有办结" in again.content.decode()


def test_the_studio_reports_and_the_office_passes_it_by_the_pages(people, residency, client_of):
    order = make.ordered(residency, by=people["office"])
    owner, office = client_of(people["owner"]), client_of(people["office"])
    step = lambda name: url("rectification_step", order.key, name)  # noqa: E731
    assert "请整改并报告的限期整改" in titles(people["owner"])
    assert post(owner, step("acknowledge_rectification")).status_code == 302
    typed = {"done_1": "已建立", "done_2": "已设置", "statement": ""}
    refused = post(owner, step("report_rectification"), **typed)
    assert "请上传第1项的整改证明" in refused.content.decode()
    assert (
        post(owner, step("report_rectification"), **typed, proof_1=jpeg(), proof_2=jpeg()).status_code == 302
    )
    assert "待复查的限期整改" in titles(people["office"])
    photos = url("rectification_photos", order.key)
    key = "0b8f9a3e-5d5c-4c8e-9d5e-2f2f5c8b9a01"
    for _ in range(2):
        office.post(photos, {"client_key": key, "caption": "展示栏", "photo": jpeg()})
    assert order.photos.count() == 1
    photo = order.photos.get()
    shown = url("rectification_file", order.key, photo.stored.key)
    assert owner.get(shown).status_code == 404  # not before the re-check is made
    typed = {
        "rechecked_on": timezone.localdate(), "verdict_1": "met", "note_1": "看过", "verdict_2": "unmet", "note_2": "没有",
        "opinion": "合格", "recheckers": [people["inspector"].pk],
    }  # fmt: skip
    refused = post(office, step("pass_rectification"), **typed)
    assert "还有不达标的事项" in refused.content.decode()
    assert post(office, step("pass_rectification"), **typed | {"verdict_2": "met"}).status_code == 302
    order.refresh_from_db()
    assert (order.status, list(order.recheckers.all())) == ("passed", [people["inspector"]])
    assert b"".join(owner.get(shown).streaming_content)
    assert post(office, url("rectification_photo_remove", order.key, photo.stored.key)).status_code == 302
    assert order.photos.filter(removed_at=None).count() == 1  # it is settled


def test_the_office_proposes_by_the_page_of_its_ground(people, residency, client_of):
    client = client_of(people["office"])
    page = client.get(url("revocation_grounds", residency.key)).content.decode()
    assert page.count("按这一情形提出") == 1  # only 5.4.3 needs no earlier record
    address = url("propose_revocation", residency.key, "misconduct")
    typed = {
        "act_kind": "negligence", "act": "违规动火", "consequence": "烧毁厂房", "established_by": "消防", "established_no": "1号",
        "facts": "事实",
    }  # fmt: skip
    refused = post(client, address, **typed, act_proof=jpeg())
    assert refused.status_code == 422
    assert "请上传“损失和后果的证明材料”" in refused.content.decode()
    assert post(client, address, **typed, act_proof=jpeg(), consequence_proof=jpeg()).status_code == 302
    row = Revocation.objects.get()
    assert client.get(url("propose_revocation", residency.key, "nonsense")).status_code == 404
    assert client_of(people["owner"]).get(row.get_absolute_url()).status_code == 404
    assert "已有一件没有办结" in client.get(url("revocation_grounds", residency.key)).content.decode()
    assert post(client, address, **typed, act_proof=jpeg(), consequence_proof=jpeg()).status_code == 409


def test_service_is_refused_in_plain_words(people, residency, client_of):
    row = make.case_in("notified", residency, people)
    client, address = client_of(people["office"]), url("revocation_step", row.key, "serve_revocation_notice")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    page = post(client, address, way="left", served_on=tomorrow, receiver="", remark="").content.decode()
    for words in ("留置送达、公告送达的，请写明情况", "不能晚于今天", "请上传“送达回证扫描件”"):
        assert words in page, words
    page = post(client, address, way="online", served_on=timezone.localdate()).content.decode()
    assert "“送达方式”不在可选范围内" in page
    typed = {"way": "direct", "served_on": timezone.localdate(), "receiver": "周某", "remark": ""}
    assert post(client, address, **typed, scan=jpeg()).status_code == 302
    assert "可以陈述申辩的取消资格" in titles(people["owner"])


def test_the_leader_decides_by_the_page_and_the_desk_says_so(people, residency, client_of):
    row = make.case_in("heard", residency, people)
    assert "待决定的取消资格" in titles(people["group_leader"])
    assert "待决定的取消资格" not in titles(people["working_group"])
    client, address = client_of(people["group_leader"]), url("revocation_step", row.key, "resolve_revocation")
    page = client.get(address).content.decode()
    assert "火灾与我室无关" in page
    typed = {"minutes_no": "9号", "minutes_on": timezone.localdate(), "reason": "事实清楚"}
    assert "请写明对陈述申辩的答复" in post(client, address, **typed).content.decode()
    assert post(client, address, **typed, defence_answer="不予采纳").status_code == 302
    for status, title in (("resolved", "待送达的取消资格决定书"), ("served", "取消资格后待腾退")):
        row = make.on_the_road(row, status, people)
        assert title in titles(people["office"])
    assert "请办理腾退" in titles(people["owner"])


def test_the_public_note_is_drafted_from_the_case(people, residency, client_of):
    row = make.case_in("served", residency, people)
    client, address = client_of(people["office"]), url("announce_revocation", row.key)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "起草公告" in page
    refused = post(client, address, title="公告", text="联系人 13812345678")
    assert "这段文字会对外公开" in refused.content.decode()
    assert post(client, address, title="公告", text="现予公告。").status_code == 302
    note = Announcement.objects.get()
    assert [column["key"] for column in note.columns] == ["studio_name", "clause", "served_on"]
    assert "起草公告" not in client.get(row.get_absolute_url()).content.decode()


def test_banners_tab_and_calendar(people, residency, client_of):
    order = make.ordered(residency, by=people["office"])
    case = make.case_in("defending", residency, people)
    owner = client_of(people["owner"])
    for page in (reverse("workshops:studio", args=[residency.studio.key]), residency.get_absolute_url()):
        text = owner.get(page).content.decode()
        assert order.number in text
        assert case.number in text
    duties = {d.kind.code: d for d in collect(Scope(people["owner"], residency.studio))}
    assert (duties["rectification"].due, duties["rectification"].turn) == (order.deadline, "applicant")
    assert (duties["revocation"].due, duties["revocation"].turn) == (case.defence_until, "applicant")


def test_what_is_only_proposed_stands_on_no_calendar(people, residency):
    make.case_in("proposed", residency, people)
    for who in ("owner", "office"):
        assert not [d for d in collect(Scope(people[who], residency.studio)) if d.kind.code == "revocation"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_ask_the_database_the_same_number_of_times(
    people, client_of, django_assert_max_num_queries, rows
):
    office = people["office"]
    for _ in range(rows):
        residency = ResidencyFactory(active=True)
        make.proposed(residency, by=office)
        make.ordered(residency, by=office)
        make.card(ResidencyFactory(active=True), by=office)
    client = client_of(office)
    for name in ("rectifications", "revocations"):
        client.get(url(name))
        with django_assert_max_num_queries(12):
            assert client.get(url(name), {"q": "工作室", "status": ""}).status_code == 200
    assert len(client.get(url("revocations")).context["page"].rows) == rows
