"""The pages of the yearly evaluation: who gets which, what they say, what a refused form keeps, how often they ask."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.actions import reminding
from assessments.actions import scorecard as acts
from assessments.models import EvaluationCycle, Grader, LineEvidence, Scorecard, ScorecardLine
from assessments.statistics.evaluation import last_results, ranks, tables
from config import desk
from park.formkeys import new_key
from park.models import Notification
from tests.assessments import evaluation as make
from tests.pictures import jpeg
from tests.workshops import ledgers
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.duties import Scope, collect
from workshops.statistics.period import Period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

HOUSE = {"office", "lead_division", "inspector", "other_logistics", "attraction", "working_group"}
MANAGERS = {"office", "lead_division", "officer_of_studio"}
JSON = {"Accept": "application/json"}


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


@pytest.fixture
def year(people, residency):
    """The running year with the expert in its panel; `card(status)` is the card of the studio of `owner`."""
    cycle = make.cycle_in(by=people["office"])
    Grader.objects.create(cycle=cycle, user=people["expert"], is_leader=True, added_by=people["office"])

    def card(status="open", **kwargs):
        defaults = {
            "owner": people["owner"], "by": people["inspector"], "residency": residency, "cycle": cycle,
        }  # fmt: skip
        made = make.card_in(status, **(defaults | kwargs))
        if status in ("open", "self_assessed"):
            Scorecard.objects.filter(pk=made.pk).update(due_on=timezone.localdate() + timedelta(days=9))
        return Scorecard.objects.get(pk=made.pk)

    return SimpleNamespace(cycle=cycle, card=card, people=people, residency=residency)


def status_of(client, address) -> int:
    """Of a page or a file, which is read to its end."""
    answer = client.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code


def line_of(card, code) -> ScorecardLine:
    return card.lines.select_related("item").get(item__code=code)


# ── who ─────────────────────────────────────────────────────────────────────────────────────────
def test_who_gets_which_page(year, client_of):
    people = year.people
    people["own_expert"] = people["officer_of_studio"]
    own = {"owner", "officer_of_studio", "own_expert"}
    opened, running = year.card(), year.card("self_assessed", residency=ResidencyFactory(active=True))
    others_house = HOUSE | {"officer_of_studio", "own_expert"}
    verifiers = others_house - {"working_group"}
    pages = {
        "cycles": (url("cycles"), others_house | {"expert"}),
        "open": (url("open_cycle"), MANAGERS | {"own_expert"}),
        "cycle": (year.cycle.get_absolute_url(), others_house),
        "graders": (url("cycle_graders", year.cycle.key), MANAGERS | {"own_expert"}),
        "settings": (url("cycle_settings", year.cycle.key), others_house | {"expert"}),
        "grading": (url("grading", year.cycle.key), MANAGERS | {"own_expert", "expert"}),
        "card": (opened.get_absolute_url(), others_house | own),
        "self": (url("self_assessment", opened.key), own),
        "evidence": (url("line_evidence", opened.key, line_of(opened, "A2.1").pk), own),
        "verification": (url("verification", running.key), verifiers),
        "grade": (url("grade_card", running.key), MANAGERS | {"own_expert", "expert"}),
        "falsify": (url("falsify", running.key), MANAGERS | {"own_expert"}),
        "tab": (url("studio_scorecards", year.residency.studio.key), others_house | own),
    }
    got = {
        page: {name for name, who in people.items() if client_of(who).get(address).status_code == 200}
        for page, (address, _) in pages.items()
    }
    assert got == {page: who for page, (_, who) in pages.items()}


def test_an_expert_sees_only_what_is_to_be_graded(year, client_of):
    studio, office = year.residency.studio, year.people["office"]
    on = date(make.YEAR, 5, 1)
    benefit = ledgers.in_status(studio, "verified", office=office, kind="benefit", day=on, shade=3)
    training = ledgers.in_status(studio, "verified", office=office, kind="exchange", day=on)
    card = year.card("self_assessed")
    for code, record in (("A2.B4", benefit), ("A2.13", training)):
        line = line_of(card, code)
        line.finding = {"proofs": [{"key": str(record.key), "number": "1", "title": "", "on": ""}]}
        line.save(update_fields=["finding"])
    expert = client_of(year.people["expert"])
    assert expert.get(card.get_absolute_url()).url == url("grade_card", card.key)
    page = expert.get(url("grade_card", card.key)).content.decode()
    assert ("560,000.00 元" in page, "工作室标识" in page) == (True, False)
    file = benefit.files.get().stored.key
    got = [
        status_of(expert, address)
        for address in (
            url("card_record", card.key, benefit.key),
            url("card_record_file", card.key, benefit.key, file),
            url("card_record", card.key, training.key),
            benefit.get_absolute_url(),
        )
    ]
    assert got == [200, 200, 404, 404]


# ── the office: a year ──────────────────────────────────────────────────────────────────────────
def test_a_year_is_opened_and_a_refusal_keeps_what_was_typed(people, residency, client_of, user, clock):
    clock(f"{timezone.localdate().year}-12-01")
    this, client = timezone.localdate().year, client_of(people["office"])
    experts = [people["expert"], user("expert"), user("expert")]
    page = client.get(url("open_cycle"))
    assert [stay.residency for stay, _ in page.context["stays"]] == [residency]
    typed = {
        "form_key": new_key(), "year": this, "rubric": make.edition().pk, "note": "重点核对带徒协议。",
        "graders": [experts[0].pk], "leader": experts[0].pk,
    }  # fmt: skip
    refused = client.post(url("open_cycle"), typed)
    assert (refused.status_code, "至少3人（本园设定），现在选了1人" in refused.content.decode()) == (
        409,
        True,
    )
    assert "重点核对带徒协议。" in refused.content.decode()
    assert refused.context["form"]["leader"].value() == str(experts[0].pk)
    typed |= {"graders": [e.pk for e in experts]}
    for _ in range(2):  # a double click
        done = client.post(url("open_cycle"), typed)
    cycle = EvaluationCycle.objects.get(year=this)
    assert (done.status_code, done.url) == (302, cycle.get_absolute_url())
    assert (cycle.cards.count(), cycle.graders.count()) == (1, 3)
    again = client.post(url("open_cycle"), typed | {"form_key": new_key()})
    assert (again.status_code, f"{this}年度考核已经启动" in again.content.decode()) == (409, True)


def test_the_cards_of_a_year_are_filtered_in_the_address(year, client_of):
    rows = {
        name: year.card(status, residency=ResidencyFactory(active=True, studio=StudioFactory(name=name)), **more)
        for name, status, more in (
            ("甲工作室", "final", {}), ("乙工作室", "final", {"points": {"A2.3": 0, "A2.2": 0, "A2.11": 0}}),
            ("丙工作室", "open", {}), ("丁工作室", "self_assessed", {}),
        )
    }  # fmt: skip
    Scorecard.objects.filter(pk=rows["丙工作室"].pk).update(due_on=date(2020, 1, 1))
    client = client_of(year.people["office"])

    def found(**asked):
        page = client.get(year.cycle.get_absolute_url(), asked).context["page"]
        return "".join(card.studio.name[0] for card in page.rows)

    assert {
        "all": found(),
        "status": found(status="final"),
        "grade": found(grade="fail"),
        "overdue": found(overdue="on"),
        "q": found(q="丁"),
        "total": found(sort="total", status="final"),
        "nonsense": found(status="x", sort="y", page="z"),
    } == {
        "all": "丁丙乙甲",
        "status": "乙甲",
        "grade": "乙",
        "overdue": "丙",
        "q": "丁",
        "total": "甲乙",
        "nonsense": "丁丙乙甲",
    }


def test_a_year_is_announced_and_closed_with_its_papers(year, client_of, clock):
    card, client = year.card("verified"), client_of(year.people["office"])
    step = lambda name: url("cycle_step", year.cycle.key, name)  # noqa: E731
    page = client.get(step("announce_results")).content.decode()
    assert "132.3" in page  # what will be said, before it is said
    assert client.post(step("announce_results"), {"form_key": new_key()}).status_code == 422
    done = client.post(step("announce_results"), {"form_key": new_key(), "checked": "on"})
    assert done.status_code == 302
    card.refresh_from_db()
    assert (card.status, card.grade) == ("provisional", "excellent")
    early = client.post(step("close_cycle"), {"form_key": new_key(), "checked": "on"})
    assert (early.status_code, "期满后才能办结" in early.content.decode()) == (409, True)
    clock(f"{card.due_on + timedelta(days=1)}")
    client = client_of(year.people["office"])
    assert client.post(step("close_cycle"), {"form_key": new_key(), "checked": "on"}).status_code == 302
    card.refresh_from_db()
    assert card.status == "final"
    sheet = client.get(url("cycle_export", year.cycle.key))
    assert b"".join(sheet.streaming_content)[:2] == b"PK"
    issued = client.post(url("cycle_issue", year.cycle.key, "evaluation_summary"), {"form_key": new_key()})
    assert issued.status_code == 302
    page = client.get(year.cycle.get_absolute_url()).content.decode()
    assert ("年度考核结果汇总表" in page, "起草结果公告" in page) == (True, True)
    drafted = client.post(
        url("announce_cycle", year.cycle.key), {"form_key": new_key(), "title": "结果", "text": "现予公布。"}
    )
    assert drafted.status_code == 302


def test_others_grade(year, client_of, user):
    experts, client = [user("expert") for _ in range(3)], client_of(year.people["office"])
    address = url("cycle_graders", year.cycle.key)
    typed = {"form_key": new_key(), "graders": [e.pk for e in experts], "leader": year.people["expert"].pk}
    refused = client.post(address, typed)
    assert (refused.status_code, "请从所选专家中确定组长" in refused.content.decode()) == (409, True)
    assert client.post(address, typed | {"leader": experts[1].pk}).status_code == 302
    assert set(year.cycle.graders.values_list("user", flat=True)) == {e.pk for e in experts}


# ── the studio ──────────────────────────────────────────────────────────────────────────────────
def self_form(card, client, **typed):
    """What the page of the self-assessment sends: nothing said of any line, but what is typed by code of the item."""
    page = client.get(url("self_assessment", card.key))
    data = {"form_key": new_key(), "version": page.context["version"]}
    for code, (answer, claimed, words) in typed.pop("lines", {}).items():
        prefix = f"line-{line_of(card, code).pk}"
        data |= {f"{prefix}-answer": answer, f"{prefix}-claimed": claimed, f"{prefix}-words": words}
    return data | typed


def test_the_self_assessment_is_kept_line_by_line(year, client_of):
    card, client = year.card(), client_of(year.people["owner"])
    address = url("self_assessment", card.key)
    lines = {"A2.1": ("agreed", "", ""), "A2.14": ("contested", "5", ""), "A2.13": ("", "3", "另有一次。")}
    refused = client.post(address, self_form(card, client, lines=lines))
    page = refused.content.decode()
    assert (refused.status_code, "请说明理由" in page, "其余各项已经保存" in page) == (422, True, True)
    assert refused.context["rows"][13].form["claimed"].value() == "5"  # nothing is lost
    said = {code: line_of(card, code) for code in lines}
    assert [(line.answer, line.claimed_points) for line in said.values()] == [
        ("agreed", None),
        ("", None),
        ("contested", Decimal("3")),
    ]
    lines = {"A2.14": ("contested", "5", "7月进社区。"), "A2.13": ("contested", "3", "另有一次。")}
    done = client.post(address, self_form(card, client, lines=lines, agree_rest="1"), headers=JSON)
    assert (done.status_code, done.json()["ok"]) == (200, True)
    assert sorted(card.lines.values_list("answer", flat=True)) == ["agreed"] * 16 + ["contested"] * 2
    handed = client.post(
        url("scorecard_step", card.key, "hand_in_self_assessment"),
        {"form_key": new_key(), "checked": "on", "statement": "全年工作正常。"},
    )
    card.refresh_from_db()
    assert (handed.status_code, card.status, card.self_by) == (302, "self_assessed", "online")
    assert client.get(address).status_code == 302


def test_two_at_the_same_self_assessment_lose_nothing(year, client_of):
    card, client = year.card(), client_of(year.people["owner"])
    old = self_form(card, client, lines={"A2.1": ("contested", "0", "标识在修。")})
    client.post(url("self_assessment", card.key), self_form(card, client, lines={"A2.1": ("agreed", "", "")}))
    stale = client.post(url("self_assessment", card.key), old)
    page = stale.content.decode()
    assert (stale.status_code, line_of(card, "A2.1").answer) == (409, "agreed")
    assert "内容已经变化" in page
    assert "标识在修。" in page


def test_proof_is_cited_or_sent_and_taken_away(year, client_of):
    studio, office = year.residency.studio, year.people["office"]
    on = date(make.YEAR, 6, 1)
    row = ledgers.in_status(
        studio, "submitted", office=office, kind="media", day=on, shade=5, title="日报专访"
    )
    card, client = year.card(), client_of(year.people["owner"])
    line, other = line_of(card, "A2.B2"), line_of(card, "A2.B3")
    address = url("line_evidence", card.key, line.pk)
    found = client.get(address, {"q": "专访"}).context["records"]
    assert [one["record"] for one in found] == [row]
    assert client.get(address, {"q": "别的"}).context["records"] == []
    assert client.post(address, {"form_key": new_key(), "record": str(row.key)}).status_code == 302
    twice = client.post(
        url("line_evidence", card.key, other.pk), {"form_key": new_key(), "record": str(row.key)}
    )
    assert (twice.status_code, "不能用于两个加分项目" in twice.content.decode()) == (409, True)
    assert client.post(address, {"form_key": new_key(), "caption": "剪报"}).status_code == 422
    sent = client.post(address, {"form_key": new_key(), "caption": "剪报", "file": jpeg()})
    assert sent.status_code == 302
    file = LineEvidence.objects.get(stored__isnull=False)
    assert status_of(client, url("evidence_file", card.key, file.stored.key)) == 200
    client.post(url("evidence_remove", card.key, file.pk), {"form_key": new_key(), "back": "line"})
    assert client.get(url("evidence_file", card.key, file.stored.key)).status_code == 404


def test_recomputing_says_what_moved_and_asks_again(year, client_of, monkeypatch):
    card, client = year.card(), client_of(year.people["owner"])
    client.post(
        url("self_assessment", card.key), self_form(card, client, lines={"A2.14": ("agreed", "", "")})
    )
    ledgers.in_status(
        card.studio, "verified", office=year.people["office"], kind="service", day=date(make.YEAR, 7, 1)
    )
    page = client.post(
        url("refresh_scorecard", card.key), {"form_key": new_key(), "back": "self"}, follow=True
    ).content.decode()
    assert "第14项0→5分" in page
    assert line_of(card, "A2.14").answer == ""


def test_the_studio_reads_points_once_they_are_announced(year, client_of):
    client = client_of(year.people["owner"])
    verified = year.card("verified", points={"A2.1": 0})
    before = client.get(verified.get_absolute_url()).content.decode()
    assert "现场核验与记录不一致" not in before
    told = year.card("provisional", points={"A2.1": 0}, cycle=make.cycle_in("announced", year=make.YEAR - 1))
    after = client.get(told.get_absolute_url()).content.decode()
    assert ("现场核验与记录不一致" in after, told.grade_basis in after) == (True, True)


def test_reconsideration_is_asked_once_and_answered_by_another(year, client_of, user):
    people = year.people
    card = year.card("provisional", by=people["office"])
    Scorecard.objects.filter(pk=card.pk).update(due_on=timezone.localdate() + timedelta(days=3))
    step = lambda name: url("scorecard_step", card.key, name)  # noqa: E731
    typed = {"form_key": new_key(), "reason": "第14项7月有一次。", "proof": jpeg()}
    assert client_of(people["owner"]).post(step("ask_reconsideration"), typed).status_code == 302
    line = line_of(card, "A2.14")
    answer = {"form_key": new_key(), "reply": "经查属实。", f"points_{line.pk}": "5", f"reason_{line.pk}": ""}
    assert client_of(people["office"]).get(step("answer_reconsideration")).status_code == 302  # verified it
    second = client_of(people["lead_division"])
    refused = second.post(step("answer_reconsideration"), answer)
    assert (refused.status_code, "经查属实。" in refused.content.decode()) == (422, True)
    assert (
        second.post(step("answer_reconsideration"), answer | {f"reason_{line.pk}": "补查。"}).status_code
        == 302
    )
    card.refresh_from_db()
    assert (card.status, card.base, card.reconsideration.outcome) == (
        "provisional",
        Decimal("92.3"),
        "changed",
    )
    page = client_of(people["owner"]).get(card.get_absolute_url()).content.decode()
    assert "经查属实。" in page


# ── those who verify ────────────────────────────────────────────────────────────────────────────
def judge(client, line, headers=None, **typed):
    prefix = f"line-{line.pk}"
    data = {"form_key": new_key(), f"{prefix}-version": line.version}
    data |= {
        f"{prefix}-{name}" if name in ("points", "reason") else name: value for name, value in typed.items()
    }
    return client.post(url("judge", line.card.key, line.pk), data, headers=headers)


def test_a_tap_confirms_and_another_value_needs_a_reason(year, client_of):
    card, client = year.card("self_assessed"), client_of(year.people["inspector"])
    line = line_of(card, "A2.2")
    line.card = card
    done = judge(client, line, JSON, confirm="1")
    assert (done.status_code, done.json()["version"]) == (200, 1)
    assert "还有17项" in done.json()["saved_at"]
    line = line_of(card, "A2.1")
    line.card = card
    bare = judge(client, line, points="0")
    assert (bare.status_code, "改定得分的，请写明理由" in bare.content.decode()) == (422, True)
    odd = judge(client, line, points="3", reason="标识褪色。")
    assert (odd.status_code, "标识褪色。" in odd.content.decode()) == (409, True)
    assert judge(client, line, points="0", reason="标识没有了。").status_code == 302
    line.refresh_from_db()
    assert (line.points, line.basis, line.judged_by) == (0, "overridden", year.people["inspector"])
    assert judge(client, line, take_back="1").status_code == 302
    assert line_of(card, "A2.1").points is None


def test_a_second_verifier_sees_the_newest_and_loses_nothing(year, client_of):
    card = year.card("self_assessed")
    line = line_of(card, "A2.3")
    line.card = card
    first, second = client_of(year.people["inspector"]), client_of(year.people["office"])
    judge(first, line, points="5", reason="规划没有实质内容。")
    late = judge(second, line, points="0", reason="没有看到规划。")
    page = late.content.decode()
    assert (late.status_code, "规划没有实质内容。" in page, "没有看到规划。" in page) == (409, True, True)
    lost = judge(first, line, JSON, points="5", reason="规划没有实质内容。")  # the answer did not arrive
    assert (lost.status_code, lost.json()["ok"]) == (200, True)
    assert line_of(card, "A2.3").points == 5


def test_pictures_of_the_place_are_proof_of_a_line(year, client_of):
    card, client = year.card("self_assessed"), client_of(year.people["inspector"])
    line, key = line_of(card, "A2.4"), str(uuid.uuid4())
    for _ in range(2):
        client.post(
            url("line_photos", card.key, line.pk), {"client_key": key, "caption": "展示栏", "photo": jpeg()}
        )
    row = LineEvidence.objects.get()
    assert (row.given_by, row.caption) == ("verifier", "展示栏")
    assert (
        client_of(year.people["owner"]).get(url("evidence_file", card.key, row.stored.key)).status_code == 404
    )


def test_the_panel_grades_and_the_office_sums_up(year, client_of, user):
    card, cycle = year.card("self_assessed"), year.cycle
    others = [user("expert") for _ in range(2)]
    for expert in others:
        Grader.objects.create(cycle=cycle, user=expert, added_by=year.people["office"])
    line, office = line_of(card, "A2.B4"), client_of(year.people["office"])
    address, settle = url("grade_card", card.key), url("settle_panel", card.key, line.pk)
    first = client_of(year.people["expert"])
    typed = {"form_key": new_key(), "line": line.pk, f"line-{line.pk}-note": "有财务证明。"}
    assert first.post(address, typed).status_code == 422
    assert first.post(address, typed | {f"line-{line.pk}-grade": "good"}).status_code == 302
    assert "有财务证明。" in first.get(address).content.decode()
    early = office.post(settle, {"form_key": new_key()}, follow=True).content.decode()
    assert "现在1人已评" in early
    for expert, grade in zip(others, ("good", "fair"), strict=True):
        data = {"form_key": new_key(), "line": line.pk, f"line-{line.pk}-grade": grade}
        client_of(expert).post(address, data)
    assert "有财务证明。" not in client_of(others[0]).get(address).content.decode()
    assert office.get(url("grading", cycle.key)).context["rows"][0]["given"] == 3
    done = office.post(settle, {"form_key": new_key()}, follow=True).content.decode()
    assert "3位专家评等，评为“良”：2人评此等，为多数" in done
    assert line_of(card, "A2.B4").points == 30


def test_falsification_is_found_with_proof_and_lifted(year, client_of):
    card, client = year.card("self_assessed"), client_of(year.people["office"])
    facts = {"form_key": new_key(), "facts": "花名册中的三人并未参加培训。"}
    assert client.post(url("falsify", card.key), facts).status_code == 422
    assert client.post(url("falsify", card.key), facts | {"proof": jpeg()}).status_code == 302
    page = client_of(year.people["owner"]).get(card.get_absolute_url()).content.decode()
    assert "花名册中的三人并未参加培训。" in page
    proof = url("scorecard_file", card.key, card.falsifications.get().proof.key)
    assert status_of(client_of(year.people["owner"]), proof) == 200
    done = client.post(
        url("lift_falsification", card.key), {"form_key": new_key(), "reason": "三人在另一期补训。"}
    )
    assert done.status_code == 302
    assert not card.falsifications.filter(lifted_at=None).exists()


# ── what comes round ────────────────────────────────────────────────────────────────────────────
def test_reminders_three_days_before_one_before_and_on_the_day(year, clock):
    card = year.card()
    Scorecard.objects.filter(pk=card.pk).update(due_on=date(2026, 3, 12))  # a Thursday
    told = []
    for day in range(5, 15):
        clock(f"2026-03-{day:02}")
        told += [(day, reminding.remind_of_self_assessment()), (day, reminding.remind_of_self_assessment())]
    assert [day for day, count in told if count] == [9, 11, 12]
    texts = Notification.objects.filter(user=year.people["owner"]).values_list("text", flat=True)
    assert ["今天到期" in text for text in texts].count(True) == 1


def test_the_morning_computes_open_cards_anew(year):
    card = year.card()
    assert reminding.refresh_open_cards() == 1  # the factory's points are not those of the records
    assert reminding.refresh_open_cards() == 0
    assert acts.last_change(card).by is None


def test_desks_and_the_duty_calendar_name_what_is_due(year):
    people, own = year.people, year.card()
    other = year.card("self_assessed", residency=ResidencyFactory(active=True))
    asked = year.card("reconsidering", residency=ResidencyFactory(active=True))
    titles = {
        who: {s["title"] for s in desk.sections_for(people[who])}
        for who in ("owner", "office", "inspector", "expert")
    }
    assert "请自评的年度考核" in titles["owner"]
    assert {"待核验的年度考核", "待答复的复核"} <= titles["office"]
    assert "待核验的年度考核" in titles["inspector"]
    assert "待评等的工作室" in titles["expert"]
    due = collect(Scope(people["office"]))
    mine = {
        duty.url for duty in due if duty.kind.code in ("self_assessment", "verification", "reconsideration")
    }
    assert mine == {card.get_absolute_url() for card in (own, other, asked)}


def test_results_rank_recommendations_and_the_next_inspections(people, client_of):
    cycle = make.cycle_in("closed", year=timezone.localdate().year - 1)
    good, bad = (ResidencyFactory(active=True) for _ in range(2))
    make.card_in("final", cycle=cycle, residency=good, place=1)
    make.card_in("final", cycle=cycle, residency=bad, points={"A2.2": 0, "A2.3": 0, "A2.11": 0}, place=2)
    found = ranks([good.studio_id, bad.studio_id], timezone.localdate().year)
    assert {key: rank.place for key, rank in found.items()} == {good.studio_id: 1, bad.studio_id: 2}
    assert found[good.studio_id].basis == f"{cycle.year}年度考核总分132.3分，第1名，优秀"
    assert ranks([good.studio_id], cycle.year - 1) == {}
    assert last_results([bad.studio_id])[bad.studio_id].grade == "fail"
    plan = client_of(people["office"]).get(reverse("assessments:plan_inspections"))
    assert [row for row, _ in plan.context["rows"]] == [bad, good]
    assert "建议先查" in plan.content.decode()
    grades, points = tables(Period(timezone.localdate().year))
    assert grades.rows == [(f"{cycle.year}年", 1, 0, 0, 1, 0)]
    assert points.rows[0][1:] == (Decimal("68.65"), Decimal("45"))


# ── how often the database is asked ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", ["announced", "closed"])
def test_a_year_that_is_told_asks_no_more(year, client_of, django_assert_max_num_queries, status):
    cycle = make.cycle_in(status, year=make.YEAR - 1, graders=3)
    for number in range(8):
        of = "final" if status == "closed" else ("provisional", "reconsidering")[number % 2]
        card = year.card(of, cycle=cycle, residency=ResidencyFactory(active=True))
        if status == "announced":
            Scorecard.objects.filter(pk=card.pk).update(due_on=timezone.localdate())
    client = client_of(year.people["office"])
    client.get(cycle.get_absolute_url())
    with django_assert_max_num_queries(12):
        assert client.get(cycle.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_lists_ask_the_database_the_same_number_of_times(
    year, client_of, django_assert_max_num_queries, rows
):
    for _ in range(rows):
        year.card("self_assessed", residency=ResidencyFactory(active=True))
    for who, address in (
        ("office", url("cycles")),
        ("office", year.cycle.get_absolute_url()),
        ("office", url("grading", year.cycle.key)),
        ("expert", url("grading", year.cycle.key)),
    ):
        client = client_of(year.people[who])
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("status", ["verified", "provisional", "reconsidering", "final", "excluded"])
def test_the_card_page_asks_at_most_twelve_times_in_every_status(
    year, client_of, django_assert_max_num_queries, status
):
    cycle = {"provisional": "announced", "reconsidering": "announced", "final": "closed"}.get(status, "open")
    card = year.card(status, cycle=make.cycle_in(cycle, year=make.YEAR - 1, graders=3))
    for who in ("owner", "office", "inspector"):
        client = client_of(year.people[who])
        client.get(card.get_absolute_url())
        with django_assert_max_num_queries(12):
            assert client.get(card.get_absolute_url()).status_code == 200


def test_pages_of_a_card_ask_at_most_twelve_times(year, client_of, django_assert_max_num_queries):
    running = year.card("self_assessed", residency=ResidencyFactory(active=True))
    final = year.card("final", cycle=make.cycle_in("closed", year=make.YEAR - 1))
    opened = year.card()
    for who, address in (
        ("owner", opened.get_absolute_url()),
        ("owner", url("self_assessment", opened.key)),
        ("owner", final.get_absolute_url()),
        ("owner", url("studio_scorecards", opened.studio.key)),
        ("office", running.get_absolute_url()),
        ("office", url("verification", running.key)),
        ("expert", url("grade_card", running.key)),
    ):
        client = client_of(year.people[who])
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200, address
