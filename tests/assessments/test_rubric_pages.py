"""The pages of the editions [A2]: who reads and who prepares them, from the copy to the day of coming into force."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from assessments.actions import rubric as acts
from assessments.models import Rubric
from park.models import AuditEntry, Job
from tests.assessments import evaluation
from tests.assessments.filling import stay

pytestmark = pytest.mark.django_db
OFFICE = ("office", "lead_division", "officer_of_studio")
OTHERS = ("inspector", "attraction", "working_group", "expert", "owner", "auditor", "superuser")


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def shipped(reference_data):
    return Rubric.objects.get()


@pytest.fixture
def draft(shipped, people):
    return acts.copy_rubric(
        shipped, edition="2027", title="新细则", legal_basis="镇人社发〔2026〕9号", by=people["office"]
    )


@pytest.fixture
def post(client_of, people):
    """Sends a form as the office would, and what it answers."""

    def send(address, who="office", **data):
        return client_of(people[who]).post(address, data | {"form_key": str(uuid.uuid4())})

    return send


# ── who reads, who prepares ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("who", [*OFFICE, *OTHERS])
def test_what_holds_is_read_by_all_and_a_draft_by_the_office(shipped, draft, people, client_of, who):
    browser = client_of(people[who])
    listed = browser.get(url("rubrics")).context["rows"]
    assert [row.edition for row in listed] == (["2027", "2015"] if who in OFFICE else ["2015"])
    assert browser.get(url("rubric", shipped.key)).status_code == 200
    hidden = 200 if who in OFFICE else 404
    for page in ("rubric", "export_rubric"):
        assert browser.get(url(page, draft.key)).status_code == hidden
    assert browser.get(url("compare_rubrics") + "?old=2015&new=2027").status_code == hidden
    for asked in ("?old=2015", "", "?old=2015&new=2099"):
        assert browser.get(url("compare_rubrics") + asked).status_code == 404


PREPARING = ["copy_rubric", "change_rubric", "new_rubric_item", "force_rubric", "take_rubric_back"]
BUTTONS = ["drop_rubric", "try_rubric"]


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_prepares(shipped, draft, people, client_of, who):
    browser = client_of(people[who])
    for row in (shipped, draft):
        for page in PREPARING:
            assert browser.get(url(page, row.key)).status_code == 403, page
        for page in PREPARING + BUTTONS:
            answer = browser.post(url(page, row.key), {"form_key": str(uuid.uuid4())})
            assert answer.status_code == 403, page
    assert Rubric.objects.count() == 2


def test_the_whole_form_is_printed_with_how_it_is_counted(shipped, people, client_of):
    text = text_of(client_of(people["owner"]).get(url("rubric", shipped.key)))
    for words in (
        "基础建设 42 分", "加分项目 100 分", "1. 有工作室标识", "无标识不得分", "有即满分，无即零分",
        "每月应到园10天，少一天扣2分", "基础分合计 100 分，附加分合计 100 分", "2015年10月8日 起施行",
    ):  # fmt: skip
        assert words in text, words
    assert "修订" not in text


# ── the road of a new edition ───────────────────────────────────────────────────────────────────
def test_from_the_copy_to_the_day(shipped, people, client_of, post):
    answer = post(
        url("copy_rubric", shipped.key), edition="2027", title="新细则", legal_basis="镇人社发〔2026〕9号"
    )
    new = Rubric.objects.get(edition="2027")
    assert (answer.status_code, answer.url) == (302, new.get_absolute_url())
    page = client_of(people["office"]).get(url("rubric_item", new.key, 4))
    given = {bound.html_name: bound.value() for form in ("printed", "way") for bound in page.context[form]}
    given = {k: v for k, v in given.items() if v} | {"seen": page.context["seen"]}
    assert post(url("rubric_item", new.key, 4), **given | {"max_points": "3"}).status_code == 302
    page = client_of(people["office"]).get(new.get_absolute_url())
    assert "基础分的分值合计101分，应为100分。" in text_of(page)
    assert url("force_rubric", new.key) not in page.content.decode()
    day = timezone.localdate() + timedelta(days=30)
    refused = post(url("force_rubric", new.key), day=day.isoformat(), legal_basis="镇人社发〔2026〕10号")
    assert (refused.status_code, Rubric.objects.get(pk=new.pk).in_force_from) == (409, None)
    page = client_of(people["office"]).get(url("rubric_item", new.key, 4))
    assert post(url("rubric_item", new.key, 4), **given | {"seen": page.context["seen"]}).status_code == 302
    done = post(url("force_rubric", new.key), day=day.isoformat(), legal_basis="镇人社发〔2026〕10号")
    assert (done.status_code, Rubric.objects.get(pk=new.pk).in_force_from) == (302, day)
    assert AuditEntry.objects.filter(verb="bring_rubric_into_force", result="ok").count() == 1
    assert AuditEntry.objects.filter(verb="bring_rubric_into_force", result="refused").count() == 1
    for page in ("change_rubric", "new_rubric_item", "force_rubric"):
        assert client_of(people["office"]).get(url(page, new.key)).status_code == 403
    back = post(url("take_rubric_back", new.key), reason="文件没有印发")
    assert (back.status_code, Rubric.objects.get(pk=new.pk).in_force_from) == (302, None)


def test_an_item_of_another_way_of_counting(draft, people, client_of, post):
    browser = client_of(people["office"])
    address = url("rubric_item", draft.key, 14) + "?kind=bands"
    page = browser.get(address)
    assert (page.context["kind"], [b.name for b in page.context["way"]]) == ("bands", ["edges", "points"])
    given = {bound.html_name: bound.value() for bound in page.context["printed"] if bound.value()}
    given |= {"seen": page.context["seen"], "way-edges": "10、20", "way-points": "1、3、5"}
    assert post(address, **given | {"way-points": "1、3"}).status_code == 422
    assert post(address, **given).status_code == 302
    item = draft.items.get(order=14)
    assert (item.kind, item.parameters) == ("bands", {"edges": [10, 20], "points": [1, 3, 5]})


def test_what_was_typed_stays_when_it_is_refused(draft, post):
    answer = post(
        url("new_rubric_item", draft.key),
        code="A2.1",
        order="19",
        category="新",
        content="新内容",
        max_points="0",
    )
    assert answer.status_code == 422
    assert {"新内容", "“分值”应大于0。", "请填写“评分标准”。"} <= set(
        re.findall(r"新内容|“分值”应大于0。|请填写“评分标准”。", answer.content.decode())
    )


def test_somebody_else_was_faster(draft, people, client_of, post):
    page = client_of(people["office"]).get(url("change_rubric", draft.key))
    acts.change_rubric(draft, seen=page.context["seen"], by=people["office"], title="先保存的")
    answer = post(
        url("change_rubric", draft.key),
        edition="2027",
        title="后保存的",
        legal_basis="测",
        seen=page.context["seen"],
    )
    assert answer.status_code == 409
    assert "后保存的" in answer.content.decode()
    assert Rubric.objects.get(pk=draft.pk).title == "先保存的"


def test_items_and_drafts_go(draft, post):
    assert post(url("remove_rubric_item", draft.key, 4)).status_code == 302
    assert draft.items.count() == 17
    assert post(url("remove_rubric_item", draft.key, 4)).status_code == 302
    assert post(url("drop_rubric", draft.key)).url == url("rubrics")
    assert Rubric.objects.count() == 1


def test_a_trial_is_a_job(draft, post):
    answer = post(url("try_rubric", draft.key))
    assert [str(m) for m in get_messages(answer.wsgi_request)] == [
        f"{timezone.localdate().year - 1}年没有在园的工作室，没有记录可以试算。"
    ]
    stay(f"{timezone.localdate().year - 1}-1-1")
    answer = post(url("try_rubric", draft.key))
    assert answer.url == Job.objects.get().get_absolute_url()


def test_a_used_edition_offers_only_a_copy(shipped, people, client_of, post):
    evaluation.cycle_in()
    page = client_of(people["office"]).get(shipped.get_absolute_url())
    html = page.content.decode()
    assert url("copy_rubric", shipped.key) in html
    for name in ("take_rubric_back", "change_rubric", "drop_rubric", "new_rubric_item"):
        assert url(name, shipped.key) not in html, name
    assert "已用于年度考核，不能修改" in text_of(page)
    assert post(url("take_rubric_back", shipped.key), reason="测").status_code == 409


def test_changes_are_marked_by_signs_and_words(shipped, draft, people, client_of):
    draft.items.filter(code="A2.1").update(content="有醒目的工作室标识")
    draft.items.filter(code="A2.4").delete()
    page = client_of(people["office"]).get(url("compare_rubrics") + "?old=2015&new=2027")
    html = page.content.decode()
    assert page.context["changed"] == 2
    assert "<ins>醒目的</ins>" in html
    assert "2 项有变化" in html


def test_the_sheet_can_be_taken_in_again(shipped, people, client_of):
    answer = client_of(people["owner"]).get(url("export_rubric", shipped.key))
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith(
        "rubric,code,order,category,content,max_points,rule_text,kind,parameters"
    )
    assert len(text.splitlines()) == 19


def test_pages_ask_at_most_twelve_times(shipped, draft, people, client_of, django_assert_max_num_queries):
    browser = client_of(people["office"])
    pages = [
        url("rubrics"),
        draft.get_absolute_url(),
        shipped.get_absolute_url(),
        url("rubric_item", draft.key, 3),
    ]
    for address in [*pages, url("compare_rubrics") + "?old=2015&new=2027"]:
        browser.get(address)
        with django_assert_max_num_queries(12):
            browser.get(address)


# ── in the admin ────────────────────────────────────────────────────────────────────────────────
def test_sheets_come_and_go_in_the_admin(shipped, people, client_of):
    """By the office alone; there is nothing to type there."""
    office = client_of(people["office"])
    for model in ("rubric", "rubricitem"):
        for page, status in (("changelist", 200), ("import", 200), ("export", 200), ("add", 403)):
            assert office.get(reverse(f"admin:assessments_{model}_{page}")).status_code == status, page
    import_page = reverse("admin:assessments_rubric_import")
    assert client_of(people["inspector"]).get(import_page).status_code == 302  # to the login of the admin
