"""The admission procedure as the regulation and the park's settings have it: who, when, on what condition, by when."""

import itertools
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications.models import Application, Status
from applications.workflow import ADMISSION, STAGES, VERBS, inbox, parties
from park import audit, rules
from park.audit import history_of
from park.models import AuditEntry, Notification, Role
from park.workflow import Refused
from tests.answers import answer_to
from tests.applications import filled
from tests.applications.conftest import verbs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_road")]

# ── the procedure, retyped by hand ──────────────────────────────────────────────────────────────
# 凡具备入驻条件的技能大师工作室均可申请入驻 [3.2.1]: the studio's own account files and takes back.
# 材料初审 [3.2.2] is the park office's [5.1]; its head is the head of 职建处. Nobody decides on their own case.
# 现场考察 [3.2.2] is the office's to settle. 集中评议 and 投票表决 [3.2.2] are presided over by the panel's chair.
# The working group under its leader (组长) decides the list [3.2.2][3.2.3][5.1]; the office carries it out.
OWNER, OFFICE, SYSTEM = {"owner"}, {"office", "lead_division"}, {"system"}
CHAIR, LEADER = {"expert"}, {"working_group"}  # this expert chairs the panel, this member leads the group
# fmt: off
MAY = {
    "draft":        {"submit": OWNER, "withdraw": OWNER},
    "submitted":    {"withdraw": OWNER, "request_correction": OFFICE, "pass_review": OFFICE, "reject": OFFICE},
    "correction":   {"resubmit": OWNER, "withdraw": OWNER, "lapse": SYSTEM},
    "site_visit":   {"withdraw": OWNER, "pass_visit": OFFICE, "reject_visit": OFFICE},
    "deliberation": {"withdraw": OWNER, "open_ballot": CHAIR},
    "ballot":       {"carry": CHAIR, "not_carry": CHAIR, "void_ballot": CHAIR},  # nobody leaves while votes are cast
    "candidate":    {"withdraw": OWNER, "list": OFFICE},
    "listed":       {"withdraw": OWNER, "unlist": OFFICE, "approve": LEADER, "waitlist": LEADER, "decline": LEADER, "return": LEADER},
    "waitlisted":   {"withdraw": OWNER, "promote": OFFICE, "end_waitlist": OFFICE},
    "approved":     {"withdraw": OWNER, "put_on_notice": OFFICE, "admit": OFFICE, "uphold_objection": LEADER},
    "on_notice":    {"withdraw": OWNER, "take_off_notice": OFFICE, "uphold_objection": LEADER, "admit": OFFICE},
    "admitted":     {},
    "rejected":     {},
    "not_selected": {},
    "declined":     {},
    "withdrawn":    {},
}
LEADS_TO = {
    "submit": "submitted", "resubmit": "submitted", "withdraw": "withdrawn", "request_correction": "correction",
    "pass_review": "site_visit", "reject": "rejected", "lapse": "withdrawn",
    "pass_visit": "deliberation", "reject_visit": "rejected",
    "open_ballot": "ballot", "carry": "candidate", "not_carry": "not_selected", "void_ballot": "deliberation",
    "list": "listed", "unlist": "candidate", "approve": "approved", "waitlist": "waitlisted", "decline": "declined",
    "return": "deliberation", "promote": "approved", "end_waitlist": "not_selected",
    "put_on_notice": "on_notice", "take_off_notice": "approved", "uphold_objection": "declined", "admit": "admitted",
}
# fmt: on
WHO = ["owner", "collaborator", "officer_of_studio", "superuser", "nobody", "system", *Role.values]


@pytest.mark.parametrize("status", MAY)
def test_steps_offered(fresh, people, status):
    application = fresh(status)
    offered = {who: {s.name for s in ADMISSION.open_to(people.get(who), application)} for who in WHO}
    assert offered == {who: {step for step, allowed in MAY[status].items() if who in allowed} for who in WHO}


@pytest.mark.parametrize("status", MAY)
def test_only_the_right_person_in_the_right_status(fresh, people, status):
    """Everybody tries every step in every status; a wrong person is forbidden, a right one at a wrong time refused."""
    application = fresh(status)
    before = state_of(application)
    answers, expected = {}, {}
    for step, who in itertools.product(LEADS_TO, WHO):
        if who in MAY[status].get(step, ()):
            continue  # the way it is meant to go is tested below
        ever = {name for allowed in MAY.values() for name in allowed.get(step, ())}
        # A chair is a stranger to every case that is not before their panel.
        stranger = ever == CHAIR and status not in ("deliberation", "ballot")
        expected[step, who] = Refused if who in ever and not stranger else PermissionDenied
        answers[step, who] = answer_to(ADMISSION, application, step, by=people.get(who))
    assert answers == expected
    assert state_of(fresh(status)) == before


def state_of(application):
    return (
        Application.objects.filter(pk=application.pk).values().get(),
        history_of(application).count(),
    )


def test_steps_lead_where_the_law_says():
    assert {s.name: s.target for s in ADMISSION.steps.values()} == LEADS_TO
    assert set(MAY) == set(Status.values) == set(STAGES)


def test_every_status_is_reachable():
    assert {s.target for s in ADMISSION.steps.values()} | {Status.DRAFT} == set(Status)


def test_every_open_status_has_an_owner_and_closed_ones_have_none():
    assert {s.value: STAGES[s].turn for s in Status} == {
        "draft": "applicant", "submitted": "office", "correction": "applicant", "site_visit": "office",
        "deliberation": "office", "ballot": "expert", "candidate": "office", "listed": "working_group",
        "waitlisted": "office", "approved": "office", "on_notice": "office",
        "admitted": "", "rejected": "", "not_selected": "", "declined": "", "withdrawn": "",
    }  # fmt: skip
    left = {source for step in ADMISSION.steps.values() for source in step.sources}
    assert left == {s for s in Status if STAGES[s].turn}


@pytest.mark.parametrize("status", Status)
def test_every_stage_speaks_to_the_applicant(status):
    stage = STAGES[status]
    assert stage.public.endswith("。")
    assert (stage.next != "") == (stage.turn != "")
    assert not stage.clock or stage.clock in rules.REGISTRY


@pytest.mark.parametrize("step", ADMISSION.steps.values(), ids=lambda s: s.name)
def test_every_step_names_its_clause_and_is_called_something(step):
    assert step.clause in {"3.1", "3.2.1", "3.2.2", "3.2.3"}
    assert audit.LABELS[step.name] == step.label
    assert step.name not in VERBS


ENDS = {status for status, steps in MAY.items() if not steps}


def test_the_diagram_shows_every_status_and_step():
    drawn = ADMISSION.as_mermaid()
    assert [s.label for s in STAGES.values() if f'"{s.label}"' not in drawn] == []
    assert [s.name for s in ADMISSION.steps.values() if f": {s.label} {s.clause}" not in drawn] == []
    assert drawn.count("-->") == 1 + sum(len(s.sources) for s in ADMISSION.steps.values()) + len(ENDS)


# ── refusals through the page ───────────────────────────────────────────────────────────────────
def post_step(client, application, name, **data):
    from park.formkeys import new_key

    url = reverse("applications:step", args=[application.key, name])
    return client.post(url, {"form_key": new_key(), **data})


@pytest.mark.parametrize("step", ["submit", "withdraw", "resubmit", "lapse"])
def test_a_forbidden_step_is_403_and_on_the_trail(fresh, people, client_of, step):
    application = fresh("submitted")
    response = post_step(client_of(people["office"]), application, step)
    assert response.status_code == 403
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.result, entry.by, entry.subject_id) == (
        step, "refused", people["office"], str(application.pk),
    )  # fmt: skip
    assert fresh("submitted").status == "submitted"


def test_a_stale_page_is_refused_with_a_sentence_and_on_the_trail(fresh, people, client_of):
    application = fresh("submitted")
    ADMISSION.perform(application, "withdraw", by=people["owner"])
    response = post_step(client_of(people["office"]), application, "pass_review", opinion="同意")
    assert response.status_code == 409
    assert "可能已有人先处理" in response.content.decode()
    assert verbs_of(application, result="refused") == ["pass_review"]
    assert fresh("submitted").status == "withdrawn"


def test_unknown_step_is_404(fresh, people, client_of):
    assert post_step(client_of(people["owner"]), fresh("draft"), "explode").status_code == 404


# ── clocks ──────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def officer(people):
    return people["office"]


def ask_for_correction(application, officer, section="profile"):
    from applications.actions import reviewing

    reviewing.add_correction_item(application, section=section, missing="补一", clause="", by=officer)
    return ADMISSION.perform(application, "request_correction", by=officer)


def answer(application, owner):
    from applications.actions import filling

    typed = filled.TYPED["profile"] | {"profile_awards": "江苏省技术能手（2019年）。"}
    filling.save_section(application, "profile", typed, version=1, by=owner)
    filled.recommend(application, by=owner)
    return ADMISSION.perform(application, "resubmit", by=owner)


def test_the_review_clock_stops_during_a_correction_and_goes_on_afterwards(clock, people, officer):
    """Filed on Monday 2 March 2026; 10 working days end on the 16th."""
    owner = people["owner"]
    clock("2026-03-02")
    application = filled.submitted(by=owner, typed=filled.typed_for(70))
    assert (application.due_on, application.days_left) == (date(2026, 3, 16), None)

    clock("2026-03-05")  # 7 of 10 working days are left
    application = ask_for_correction(application, officer)
    assert (application.due_on, application.days_left) == (date(2026, 3, 19), 7)

    clock("2026-03-18")
    application = answer(application, owner)
    assert (application.due_on, application.days_left) == (date(2026, 3, 27), None)


def test_a_late_review_stays_late_after_the_correction(clock, people, officer):
    owner = people["owner"]
    clock("2026-03-02")
    application = filled.submitted(by=owner, typed=filled.typed_for(71))
    clock("2026-03-18")
    assert Application.objects.get(pk=application.pk).is_overdue
    application = ask_for_correction(application, officer)
    assert application.days_left == -2
    application = answer(application, owner)
    assert application.due_on == date(2026, 3, 16)


def test_the_clock_counts_working_days_of_the_calendar(clock, people):
    """Ten working days around the Spring Festival of 2026: 15–23 February off, Saturdays 14 and 28 worked."""
    clock("2026-02-12")
    application = filled.submitted(by=people["owner"], typed=filled.typed_for(72))
    assert application.due_on == date(2026, 3, 4)


def test_an_ended_case_has_no_clock(clock, people, officer):
    clock("2026-03-02")
    for end in ("withdraw", "lapse"):
        application = filled.submitted(by=people["owner"], typed=filled.typed_for(80))
        application = ask_for_correction(application, officer)
        if end == "lapse":
            clock("2026-04-01")
        application = ADMISSION.perform(application, end, by=people["owner"] if end == "withdraw" else None)
        assert (application.due_on, application.days_left) == (None, None)


def test_lapse_waits_for_the_deadline_and_the_rule(clock, people, officer):
    clock("2026-03-02")
    application = filled.submitted(by=people["owner"], typed=filled.typed_for(73))
    application = ask_for_correction(application, officer)
    assert application.due_on == date(2026, 3, 16)

    clock("2026-03-16")  # the last day is the applicant's
    with pytest.raises(Refused, match="补正期限还没有到"):
        ADMISSION.perform(application, "lapse", by=None)

    clock("2026-03-17")
    rules.set_rule("correction_lapse", False, by=officer, reason="试验")
    with pytest.raises(Refused, match="不自动视为撤回"):
        ADMISSION.perform(application, "lapse", by=None)

    rules.set_rule("correction_lapse", True, by=officer, reason="恢复")
    application = ADMISSION.perform(application, "lapse", by=None)
    assert application.status == "withdrawn"
    entry = history_of(application).first()
    assert (entry.verb, entry.by, entry.by_name, entry.before, entry.after) == (
        "lapse", None, "系统", "correction", "withdrawn",
    )  # fmt: skip
    assert not application.corrections.filter(closed_at=None).exists()


# ── whose turn, and who hears of it ─────────────────────────────────────────────────────────────
def test_inboxes(fresh, people):
    status_of = {fresh(s).pk: s for s in MAY}
    seen = {who: {status_of[a.pk] for a in inbox(people[who])} for who in people}
    mine = {"draft", "correction"}
    offices = {s for s in MAY if STAGES[s].turn == "office"}
    assert offices == {
        "submitted", "site_visit", "deliberation", "candidate", "waitlisted", "approved", "on_notice"
    }  # fmt: skip
    assert {who: found for who, found in seen.items() if found} == {
        "owner": mine, "collaborator": mine, "office": offices, "lead_division": offices,
        "officer_of_studio": offices,
    }  # fmt: skip


def test_parties(fresh, people):
    application = fresh("submitted")
    studio = {people["owner"], people["collaborator"], people["officer_of_studio"]}
    assert set(parties(application, Role.APPLICANT)) == studio
    assert set(parties(application, Role.OFFICE)) == {people["office"], people["officer_of_studio"]}
    application.officer = people["lead_division"]
    assert set(parties(application, Role.OFFICE)) == {people["lead_division"]}
    assert set(parties(fresh("draft"), Role.OFFICE)) == set()


def test_whoevers_turn_it_becomes_is_told(fresh, people, officer):
    application = ask_for_correction(fresh("submitted"), officer)
    told = Notification.objects.filter(text__contains="发出一次性告知书").order_by("pk")
    new = [n for n in told if n.url == application.get_absolute_url()]
    assert {n.user for n in new} == {people["owner"], people["collaborator"], people["officer_of_studio"]}
    assert {n.text for n in new} == {f"{application}：发出一次性告知书。{STAGES['correction'].public}"}


def test_withdrawing_a_draft_tells_nobody_of_the_office(fresh, people):
    before = Notification.objects.count()
    ADMISSION.perform(fresh("draft"), "withdraw", by=people["owner"])
    assert Notification.objects.count() == before


# ── the clocks of the later stages, all settings of the park ────────────────────────────────────
@pytest.mark.parametrize(
    ("status", "setting", "days"),
    [
        ("submitted", "initial_review_days", 10),
        ("correction", "correction_days", 10),
        ("site_visit", "site_visit_days", 20),
        ("deliberation", "deliberation_days", 30),
        ("candidate", "listing_days", 10),
        ("listed", "resolution_days", 15),
        ("approved", "notice_preparation_days", 10),
    ],
)
def test_each_stage_that_waits_for_the_house_has_a_clock(status, setting, days):
    assert (STAGES[status].clock, rules.get(setting)) == (setting, days)


def test_the_other_stages_have_no_clock_of_their_own():
    """A ballot takes minutes, a 公示 has its own countdown, 候补 waits for a place."""
    without = {s.value for s in Status if not STAGES[s].clock}
    assert without == {"draft", "ballot", "waitlisted", "on_notice"} | ENDS
