"""What follows from the steps of a change of leader [5.4.2]."""

from django.utils import timezone

from park import attachments, audit, documents, notices
from park.models import Role, User
from park.workflow import Refused
from workshops.actions.studio import link_by_name
from workshops.models import LeaderNomination, NominationGround, Person, Studio

Outcome = LeaderNomination.Outcome
FACTS = ("name", "birth_year", "occupation", "skill_level", "unit_name", "honours", "achievements")


def _pending(change) -> LeaderNomination:
    return change.nominations.select_for_update(no_key=True).get(outcome="")


def nominate(change, *, by, data):
    """The nomination with the conditions it claims and their proof; printed for signature and seal."""
    last = change.nomination()
    nomination = LeaderNomination.objects.create(
        change=change,
        round=last.round + 1 if last else 1,
        member=data["member"],
        nominated_by=by,
        **{name: data[name] for name in FACTS},
    )
    for claim in data["claims"]:
        NominationGround.objects.create(
            nomination=nomination,
            clause=claim["clause"],
            statement=claim["statement"],
            proof=attachments.store(claim["proof"], by=by) if claim["proof"] else None,
        )
    documents.issue("leader_change_application", nomination, by=by)


def give_back(change, *, by, data):
    """Back to the studio: the same or another person may be named while the window is open."""
    _close(_pending(change), Outcome.RETURNED, data["reason"], by)
    change.due_on = change.window_ends_on


def judge(change, *, by, data):
    """One verdict with its reason for each claimed condition, and the opinion."""
    nomination = _pending(change)
    grounds = {ground.clause: ground for ground in nomination.grounds.all()}
    if set(grounds) != set(data["verdicts"]):
        raise Refused("每一项所列条件都要有结论，请刷新页面后重新核对。")
    for clause, (verdict, reason) in data["verdicts"].items():
        grounds[clause].verdict, grounds[clause].verdict_reason = verdict, reason
        grounds[clause].save(update_fields=["verdict", "verdict_reason"])
    nomination.opinion, nomination.reviewed_at, nomination.reviewed_by = data["opinion"], timezone.now(), by
    nomination.save(update_fields=["opinion", "reviewed_at", "reviewed_by"])


def approve(change, *, by, data):
    """Leadership moves: the old leader's row ends, the successor's begins or becomes the leader's."""
    studio = Studio.objects.select_for_update(no_key=True).get(pk=change.studio_id)
    nomination = _pending(change)
    if data["effective_on"] < change.left_on:
        raise Refused("接任日期不能早于原领衔人的离任日期。")
    nomination.effective_on = data["effective_on"]
    _decide(nomination, Outcome.APPROVED, data, by)
    leaving = Person.objects.select_for_update(no_key=True).get(pk=change.leaving_id)
    leaving.left_on, leaving.left_reason = change.left_on, change.get_reason_kind_display()
    leaving.save(update_fields=["left_on", "left_reason"])
    if nomination.member_id:
        successor = Person.objects.select_for_update(no_key=True).get(pk=nomination.member_id)
        successor.is_leader = True
        successor.save(update_fields=["is_leader"])
    else:
        if studio.persons.filter(name=nomination.name, left_on=None).exists():
            raise Refused(f"{nomination.name}已在人员名册中，请退回后从室内成员中提名。")
        facts = {name: getattr(nomination, name) for name in FACTS}
        Person.objects.create(studio=studio, is_leader=True, joined_on=data["effective_on"], **facts)
    link_by_name(studio, studio.people.filter(is_active=True))
    studio.leader_name = nomination.name
    studio.save(update_fields=["leader_name"])
    audit.record(
        "approve_leader", studio, by=by, before=change.leaving.name, after=nomination.name, clause="5.4.2"
    )
    documents.issue("leader_change_decision", nomination, by=by)


def decline(change, *, by, data):
    """Back to the studio, with what the working group said."""
    nomination = _pending(change)
    _decide(nomination, Outcome.DECLINED, data, by)
    change.due_on = change.window_ends_on
    documents.issue("leader_change_decision", nomination, by=by)


def call_off(change, *, by, data):
    """Reported by mistake, or the leader stays after all; a paper that waits for a decision falls with it."""
    change.ended_why = data["reason"]
    change.save(update_fields=["ended_why"])
    nomination = change.nominations.select_for_update(no_key=True).filter(outcome="").first()
    if nomination is not None:
        _close(nomination, Outcome.DROPPED, data["reason"], by)


def propose_revocation(change, *, by, data):
    """Nobody followed in time. Nothing is revoked by itself: the office hears that [5.4.2] asks for a proposal."""
    audit.record("lapse_leader_change", change.studio, by=by, note="应提出取消资格", clause="5.4.2")
    if change.studio.standing_residency() is None:
        return
    office = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION)
    office = office.exclude(pk__in=change.studio.people.values("pk"))
    text = f"{change.studio}领衔人离任，接替期限已届满，没有符合要求的人员接替，应提出取消资格。"
    notices.notify(office, text, url=change.get_absolute_url(), subject=change)


def _decide(nomination, outcome, data, by):
    nomination.minutes_no, nomination.minutes_on = data["minutes_no"], data["minutes_on"]
    _close(nomination, outcome, data["reason"], by)


def _close(nomination, outcome, reason, by):
    nomination.outcome, nomination.outcome_reason = outcome, reason
    nomination.decided_at, nomination.decided_by = timezone.now(), by
    nomination.save()
    if outcome in (Outcome.RETURNED, Outcome.DROPPED) and (
        paper := documents.standing(nomination, "leader_change_application")
    ):
        documents.withdraw(paper, by=by, reason="提名已退回或撤销")
