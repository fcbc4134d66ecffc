"""Another leader [5.4.2][T14]: who may do what when, what moves, what lapses, which papers come of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from park import documents, rules
from park.audit import history_of
from park.formkeys import new_key
from park.invariants import REGISTRY
from park.models import Body, Document, Notification, Role, WorkingGroupMember
from park.workflow import Refused
from tests.factories import UserFactory
from tests.park.upload_samples import pdf as sample_pdf
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops.actions.leader_change import lapse_expired, report_leader_change, window_end
from workshops.models import LeaderChange, LeaderNomination, Studio
from workshops.workflow import LEADER_CHANGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

NAMES = ("leader_change_", "studio_led_by")
FACTS = {
    "birth_year": 1980, "occupation": "钣金工", "skill_level": None, "unit_name": "镇江某汽车制造有限公司", "honours": "",
    "achievements": "革新三项",
}  # fmt: skip
MINUTES = {"minutes_no": "工作小组纪要〔2026〕3号", "minutes_on": date(2026, 1, 5)}


def seat(**fields):
    user = UserFactory(roles=["working_group"])
    WorkingGroupMember.objects.create(user=user, body=Body.objects.first(), **fields)
    return user


@pytest.fixture
def people():
    """Everybody who might touch a change; `own` acts for the studio, `both` too and is an officer."""
    found = {role.value: UserFactory(roles=[role]) for role in Role}
    found |= {
        "own": UserFactory(roles=["applicant"]),
        "both": UserFactory(roles=["office", "applicant"]),
        "group_leader": seat(is_leader=True),
        "group_member": seat(),
    }
    return found


@pytest.fixture
def studio(people):
    return ResidencyFactory(
        active=True, studio=StudioFactory(people=[people["own"], people["both"]], leader_name="周镕喆")
    ).studio


def reported(studio, by, *, days_ago=5, **fields):
    left_on = timezone.localdate() - timedelta(days=days_ago)
    given_ = {"reason_kind": "transferred", "reason": "调往外市", "left_on": left_on} | fields
    return report_leader_change(studio, by=by, **given_)


def nominated(change, by, *, member=None, name="李玥", clauses=("3.1.1a",)):
    claims = [{"clause": clause, "statement": "绝技三项", "proof": None} for clause in clauses]
    data = FACTS | {"member": member, "name": member.name if member else name, "claims": claims}
    return LEADER_CHANGE.perform(change, "nominate_leader", by=by, data=data)


def reviewed(change, by, *, verdict="met"):
    verdicts = {ground.clause: (verdict, "有证书") for ground in change.nomination().grounds.all()}
    data = {"verdicts": verdicts, "opinion": "符合，建议同意。"}
    return LEADER_CHANGE.perform(change, "review_nomination", by=by, data=data)


def approved(change, by, **fields):
    data = MINUTES | {"effective_on": timezone.localdate(), "reason": ""} | fields
    return LEADER_CHANGE.perform(change, "approve_leader", by=by, data=data)


def declined(change, by):
    return LEADER_CHANGE.perform(change, "decline_leader", by=by, data=MINUTES | {"reason": "业绩不足"})


def brought_to(status, studio, people):
    """A change that stands in this status."""
    change = reported(studio, people["own"], days_ago=90 if status == "lapsed" else 5)
    if status == "lapsed":
        lapse_expired(timezone.localdate())
    elif status == "cancelled":
        LEADER_CHANGE.perform(change, "cancel_leader_change", by=people["office"], data={"reason": "误报"})
    elif status != "reported":
        change = nominated(change, people["own"])
        if status != "nominated":
            change = reviewed(change, people["office"])
        if status == "approved":
            approved(change, people["group_leader"])
    change.refresh_from_db()
    assert change.status == status
    return change


def offenders():
    return [i.name for i in REGISTRY if i.name.startswith(NAMES) and i.offenders()]


# ── role × status × step ────────────────────────────────────────────────────────────────────────
OFFICE = {"office", "lead_division"}
# fmt: off
STEPS = {  # step: (who, in which statuses)
    "nominate_leader":      ({"own", "both"}, {"reported"}),
    "return_nomination":    (OFFICE, {"nominated"}),
    "review_nomination":    (OFFICE, {"nominated"}),
    "approve_leader":       ({"group_leader"}, {"reviewed"}),
    "decline_leader":       ({"group_leader"}, {"reviewed"}),
    "cancel_leader_change": (OFFICE, {"reported", "nominated", "reviewed"}),
}
# fmt: on


@pytest.mark.parametrize("status", ["reported", "nominated", "reviewed", "approved", "lapsed", "cancelled"])
def test_steps_offered(studio, people, status):
    change = brought_to(status, studio, people)
    for name, person in people.items():
        expected = {step for step, (who, when) in STEPS.items() if name in who and status in when}
        assert {step.name for step in LEADER_CHANGE.open_to(person, change)} == expected, name


@pytest.mark.parametrize("step", STEPS)
def test_whoever_may_not_is_refused(studio, people, step):
    who, when = STEPS[step]
    change = brought_to(sorted(when)[0], studio, people)
    for name, person in people.items():
        if name not in who:
            with pytest.raises(PermissionDenied):
                LEADER_CHANGE.perform(change, step, by=person, data={})
    with pytest.raises(PermissionDenied):
        LEADER_CHANGE.perform(change, "lapse_leader_change", by=people["office"])


def test_nobody_decides_what_they_checked(studio, people):
    """The same person in the office and at the head of the working group."""
    one = UserFactory(roles=["office", "working_group"])
    WorkingGroupMember.objects.filter(user=people["group_leader"]).update(is_leader=False)
    WorkingGroupMember.objects.create(user=one, body=Body.objects.first(), is_leader=True)
    change = reviewed(nominated(reported(studio, people["own"]), people["own"]), one)
    with pytest.raises(PermissionDenied):
        approved(change, one)
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaderNomination.objects.update(
            outcome="declined", outcome_reason="x", decided_at=timezone.now(), decided_by=one, **MINUTES
        )


# ── the report ──────────────────────────────────────────────────────────────────────────────────
@given(st.dates(date(2015, 10, 8), date(2060, 1, 1)), st.integers(7, 365))
def test_the_window_is_so_many_calendar_days(left_on, days):
    assert (window_end(left_on, days) - left_on).days == days


def test_the_window_is_the_rule_of_the_day(studio, people):
    rules.set_rule("leader_change_days", 30, by=people["office"], reason="缩短")
    change = reported(studio, people["own"])
    rules.set_rule("leader_change_days", 90, by=people["office"], reason="放宽")
    change.refresh_from_db()
    assert (change.window_ends_on - change.left_on).days == 30
    assert change.due_on == change.window_ends_on


def test_one_open_change_per_studio(studio, people):
    first = reported(studio, people["own"])
    with pytest.raises(Refused, match="没有办结的领衔人变更"):
        reported(studio, people["office"])
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaderChange.objects.create(
            studio=studio, leaving=first.leaving, reason_kind="other", reason="x", left_on=first.left_on,
            window_ends_on=first.window_ends_on, reported_by=people["own"],
        )  # fmt: skip


@pytest.mark.parametrize("name", ["own", "both", *Role])
def test_who_reports(client_of, studio, people, name):
    url = reverse("workshops:report_leader_change", args=[studio.key])
    today = timezone.localdate()
    data = {"form_key": new_key(), "reason_kind": "retired", "reason": "到龄退休", "left_on": f"{today}"}
    answer = client_of(people[name]).post(url, data)
    expected = {"own": 302, "both": 302, "office": 302, "lead_division": 302}
    expected |= {"attraction": 403, "logistics": 403, "working_group": 403}
    assert answer.status_code == expected.get(name, 404)
    assert LeaderChange.objects.count() == (answer.status_code == 302)


def test_a_day_that_cannot_be(client_of, studio, people):
    url = reverse("workshops:report_leader_change", args=[studio.key])
    data = {"reason_kind": "retired", "reason": "退休"}
    browser = client_of(people["own"])
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert browser.post(url, data | {"form_key": new_key(), "left_on": f"{tomorrow}"}).status_code == 422
    assert browser.post(url, data | {"form_key": new_key(), "left_on": "2019-12-31"}).status_code == 409


# ── leadership moves ────────────────────────────────────────────────────────────────────────────
def test_approval_moves_the_lead_to_somebody_new(studio, people):
    change = brought_to("approved", studio, people)
    studio.refresh_from_db()
    leader, before = studio.leader(), change.leaving
    before.refresh_from_db()
    assert (studio.leader_name, leader.name, leader.occupation) == ("李玥", "李玥", "钣金工")
    assert (before.left_on, before.left_reason, before.is_leader) == (change.left_on, "调离岗位", True)
    assert history_of(studio).filter(verb="approve_leader").get().after == "李玥"
    assert offenders() == []


def test_a_member_becomes_the_leader_and_keeps_the_day_of_joining(studio, people):
    member = PersonFactory(studio=studio, name="赵喆", joined_on=date(2024, 1, 1))
    change = nominated(reported(studio, people["own"]), people["own"], member=member)
    approved(reviewed(change, people["office"]), people["group_leader"])
    leader = Studio.objects.get(pk=studio.pk).leader()
    assert (leader.pk, leader.joined_on) == (member.pk, date(2024, 1, 1))
    assert offenders() == []


def test_nobody_leads_who_meets_no_condition(studio, people):
    change = nominated(reported(studio, people["own"]), people["own"], clauses=["3.1.1a", "3.1.1c"])
    change = reviewed(change, people["office"], verdict="unmet")
    with pytest.raises(Refused, match="没有一项入驻条件"):
        approved(change, people["group_leader"])
    change = declined(change, people["group_leader"])
    assert (change.status, change.due_on) == ("reported", change.window_ends_on)


def test_a_refused_nomination_stays_and_another_may_follow(studio, people):
    change = declined(brought_to("reviewed", studio, people), people["group_leader"])
    change = nominated(change, people["own"], name="赵喆")
    assert [(n.round, n.name, n.outcome) for n in change.nominations.order_by("round")] == [
        (1, "李玥", "declined"), (2, "赵喆", ""),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        LeaderNomination.objects.filter(round=1).update(name="别人")
    assert offenders() == []


def test_a_nomination_sent_back_takes_its_paper_with_it(studio, people):
    change = nominated(reported(studio, people["own"]), people["own"])
    LEADER_CHANGE.perform(change, "return_nomination", by=people["office"], data={"reason": "证明不清"})
    paper = Document.objects.get(kind="leader_change_application")
    assert paper.state == "withdrawn"


def test_called_off_the_leader_stays(studio, people):
    brought_to("cancelled", studio, people)
    assert studio.leader().name == "周镕喆"
    reported(studio, people["own"])  # and another one may be reported


# ── the window ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("days_ago", "lapses"), [(59, False), (60, False), (61, True)])
def test_it_lapses_after_the_last_day(studio, people, days_ago, lapses):
    change = reported(studio, people["own"], days_ago=days_ago)
    assert lapse_expired(timezone.localdate()) == int(lapses)
    assert lapse_expired(timezone.localdate()) == 0
    change.refresh_from_db()
    assert change.status == ("lapsed" if lapses else "reported")
    assert list(LeaderChange.objects.unfollowed()) == ([change] if lapses else [])


def test_the_office_hears_and_nothing_is_revoked(studio, people):
    reported(studio, people["own"], days_ago=61)
    lapse_expired(timezone.localdate())
    told = Notification.objects.filter(text__contains="应提出取消资格")
    assert {people["office"].pk, people["lead_division"].pk} <= set(told.values_list("user", flat=True))
    assert people["both"].pk not in set(told.values_list("user", flat=True))
    assert studio.standing_residency().status == "active"


def test_nobody_is_named_after_the_window_but_what_came_in_time_is_decided(studio, people):
    late = reported(studio, people["own"], days_ago=61)
    with pytest.raises(Refused, match="届满"):
        nominated(late, people["own"])
    LEADER_CHANGE.perform(late, "cancel_leader_change", by=people["office"], data={"reason": "重报"})
    in_time = reviewed(nominated(reported(studio, people["own"]), people["own"]), people["office"])
    LeaderChange.objects.filter(pk=in_time.pk).update(
        left_on=timezone.localdate() - timedelta(days=70),
        window_ends_on=timezone.localdate() - timedelta(days=10),
    )
    assert lapse_expired(timezone.localdate()) == 0
    assert approved(in_time, people["group_leader"]).status == "approved"


def test_a_lapse_is_answered_by_a_later_approval(studio, people):
    brought_to("lapsed", studio, people)
    brought_to("approved", studio, people)
    assert not LeaderChange.objects.unfollowed().exists()


# ── pages and papers ────────────────────────────────────────────────────────────────────────────
def test_from_the_report_to_the_new_leader_in_pages(client_of, studio, people):
    own, office, leader = (client_of(people[n]) for n in ("own", "office", "group_leader"))
    change = reported(studio, people["own"])
    step = lambda name: reverse("workshops:leader_change_step", args=[change.key, name])  # noqa: E731
    data = {k: v or "" for k, v in FACTS.items()} | {"form_key": new_key(), "member": "", "name": "李玥"}
    bare = own.post(step("nominate_leader"), data)
    assert "接替人应至少符合三项条件之一" in bare.content.decode()
    claim = {
        "form_key": new_key(), "claim_1": "on", "statement_1": "绝技三项",
        "proof_1": SimpleUploadedFile("a.pdf", sample_pdf(), content_type="application/pdf"),
    }  # fmt: skip
    assert own.post(step("nominate_leader"), data | claim).status_code == 302
    ground = change.nomination().grounds.get()
    proof = reverse("workshops:leader_change_proof", args=[change.key, ground.pk])
    served = office.get(proof)
    assert b"".join(served)[:4] == b"%PDF"
    assert served.status_code == 200
    assert client_of(people["expert"]).get(proof).status_code == 404
    data = {"form_key": new_key(), "verdict_1": "met", "reason_1": "证书齐全", "opinion": "符合。"}
    assert office.post(step("review_nomination"), data | {"reason_1": ""}).status_code == 422
    assert office.post(step("review_nomination"), data).status_code == 302
    data = {
        "form_key": new_key(),
        "minutes_no": "3号",
        "minutes_on": "2026-01-05",
        "effective_on": f"{timezone.localdate()}",
    }
    assert leader.post(step("approve_leader"), data).status_code == 302
    assert Studio.objects.get(pk=studio.pk).leader_name == "李玥"
    for browser in (own, office, leader):
        page = browser.get(change.get_absolute_url())
        assert page.status_code == 200
        assert "领衔人变更审核意见" in page.content.decode()
    for paper in Document.objects.all():
        documents.render_document(paper)
    assert set(Document.objects.values_list("kind", "state")) == {
        ("leader_change_application", "issued"), ("leader_change_decision", "issued"),
    }  # fmt: skip


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_same_number_of_times(client_of, people, django_assert_max_num_queries, rows):
    for _ in range(rows):
        reported(ResidencyFactory(active=True).studio, people["office"])
    browser, url = client_of(people["office"]), reverse("workshops:leader_changes")
    browser.get(url)
    with django_assert_max_num_queries(12):
        assert len(browser.get(url).context["page"].rows) == rows


@pytest.mark.parametrize("name", ["own", *Role])
def test_who_sees_the_list(client_of, people, name):
    seen = client_of(people[name]).get(reverse("workshops:leader_changes")).status_code == 200
    assert seen == (name in {"office", "lead_division", "working_group"})


def test_the_desk_says_whose_turn_it_is(client_of, studio, people):
    def titles(name):
        return {section["title"] for section in client_of(people[name]).get("/home/").context["sections"]}

    change = reported(studio, people["own"])
    assert "请提名领衔人接替人" in titles("own")
    change = nominated(change, people["own"])
    assert "待核对的领衔人接替提名" in titles("office")
    assert "待核对的领衔人接替提名" not in titles("both")
    reviewed(change, people["office"])
    assert "待审核的领衔人变更" in titles("group_leader")
    assert "待审核的领衔人变更" not in titles("group_member")
