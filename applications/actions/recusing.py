"""Who must keep away from which case (回避)? Proposed by comparison, declared, reported; confirmed or dismissed.

While a conflict stands the expert sees nothing of the case (ApplicationQuerySet.visible_to). Locks: session,
agenda item, round.
"""

from django.db import transaction
from django.utils import timezone

from applications import conflicts
from applications.actions import balloting
from applications.models import (
    AgendaItem,
    BallotRound,
    Collaborator,
    Conflict,
    PanelSession,
    PanelStatus,
    Seat,
)
from park import audit, documents, notices, rules
from park.models import Notification, Role, User
from park.workflow import Refused

CLAUSE = "3.2.2"
UNDER_WAY = (PanelStatus.PLANNING, PanelStatus.CONVENED, PanelStatus.SITTING)
State = Conflict.State


# ── proposals ───────────────────────────────────────────────────────────────────────────────────
def case_of(application) -> conflicts.Case:
    """What the comparison needs of a case: the version filed last."""
    data = application.latest_submission().data
    return conflicts.Case(
        leader=application.leader_name,
        unit=application.unit_name,
        credit_code=data.get("unit", {}).get("unit_credit_code", ""),
        members=tuple(m.get("name", "") for m in data.get("members", {}).get("members", [])),
        accounts=frozenset(
            Collaborator.objects.filter(application=application).values_list("user", flat=True)
        ),
    )


def person_of(expert) -> conflicts.Person:
    unit = expert.user.unit if expert.user_id else None
    return conflicts.Person(expert.name, expert.unit_name, unit.credit_code if unit else "", expert.user_id)


def found_between(expert, cases: dict) -> list[tuple]:
    """(item, basis, sentence) for an expert against {item: Case}."""
    by_family_name = rules.get("conflict_family_name")
    return [
        (item, basis, text)
        for item, case in cases.items()
        for basis, text in conflicts.proposals(person_of(expert), case, by_family_name=by_family_name)
    ]


def cases_on(session) -> dict:
    """{item: Case} of what is still open on the agenda."""
    items = session.agenda.filter(is_open=True).select_related("application")
    return {item: case_of(item.application) for item in items}


def propose(session) -> int:
    """Write a proposal for every reason not yet on record; what was decided stays decided. Returns how many."""
    cases = cases_on(session)
    seats = session.seats.taken().select_related("expert__user__unit")
    known = set(Conflict.objects.filter(seat__session=session).values_list("item", "seat", "basis"))
    new = [
        Conflict(item=item, seat=seat, basis=basis, detail=text)
        for seat in seats
        for item, basis, text in found_between(seat.expert, cases)
        if (item.pk, seat.pk, basis) not in known
    ]
    Conflict.objects.bulk_create(new)
    for row in new:
        _forget(row)
    return len(new)


# ── the four acts ───────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def report_conflict(item, seat, *, detail, by) -> Conflict:
    """Somebody says that this expert should step aside: it stands until the office has decided.

    While the case is being voted on only the office may do so, and it confirms at once.
    """
    session, item, seat = _locked(item, seat)
    officer = by.has_role(Role.OFFICE, Role.LEAD_DIVISION)
    voting = _is_voting(item)
    if voting and not officer:
        raise Refused("本项正在投票，请向主持人提出，由管理办公室当场确认。")
    row = _write(item, seat, Conflict.Basis.REPORTED, detail)
    _record("report_conflict", session, row, by=by)
    if voting:
        return _settle(row, State.CONFIRMED, reason="投票中提出，当场确认", by=by)
    _forget(row)
    others = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).exclude(pk=by.pk)
    notices.notify(
        others, f"{session}：有人提出回避，请确认。", url=session.get_absolute_url(), subject=session
    )
    return row


@transaction.atomic
def declare_conflict(item, seat, *, detail, by) -> Conflict:
    """The expert's own 回避声明, or the office notes what an expert declared to it. Effective at once."""
    session, item, seat = _locked(item, seat)
    own = seat.expert.user_id is not None and seat.expert.user_id == by.pk
    row = _write(item, seat, Conflict.Basis.DECLARED, detail)
    row.state, row.decided_at, row.decided_by = State.CONFIRMED, timezone.now(), by
    row.reason = "" if own else "专家向管理办公室声明"
    row.save()
    _take_effect(row)
    _record("declare_conflict", session, row, by=by)
    documents.issue("panel_recusal", row, by=by)
    office = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).exclude(pk=by.pk)
    notices.notify(
        office, f"{session}：有专家声明回避，已生效。", url=session.get_absolute_url(), subject=session
    )
    return row


@transaction.atomic
def confirm_conflict(conflict, *, reason="", by) -> Conflict:
    """The expert has to step aside. Raises Refused where they have voted in the round that is open."""
    _locked(conflict.item, conflict.seat)
    return _settle(_fresh(conflict), State.CONFIRMED, reason=reason, by=by)


@transaction.atomic
def dismiss_conflict(conflict, *, reason, by) -> Conflict:
    """No reason to step aside: the expert sees the case again. Not while it is being voted on."""
    _, item, seat = _locked(conflict.item, conflict.seat)
    people = Collaborator.objects.filter(application=item.application_id)
    if seat.expert.user_id is not None and people.filter(user=seat.expert.user_id).exists():
        raise Refused("这位专家的账号参与填报这份申报，必须回避，不能认定无需回避。")
    if not reason.strip():
        raise Refused("认定无需回避的，请写明理由。")
    if _is_voting(item):
        raise Refused("本项正在投票，投票结束前不能改变回避。")
    return _settle(_fresh(conflict), State.DISMISSED, reason=reason, by=by)


# ── how ─────────────────────────────────────────────────────────────────────────────────────────
def _locked(item, seat):
    session = PanelSession.objects.select_for_update(no_key=True).get(pk=item.session_id)
    item = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    seat = Seat.objects.select_related("expert").get(pk=seat.pk)
    if session.status not in UNDER_WAY:
        raise Refused("会议已经结束，回避事项不再变动。")
    if not item.is_open:
        raise Refused("这一项已经办结，回避事项不再变动。")
    if seat.session_id != session.pk or seat.response == Seat.Response.DECLINED:
        raise Refused("这位专家不在本次会议的席位上。")
    return session, item, seat


def _fresh(conflict) -> Conflict:
    return Conflict.objects.select_for_update(no_key=True).select_related("item", "seat").get(pk=conflict.pk)


def _is_voting(item) -> bool:
    return BallotRound.objects.filter(item=item, closed_at=None).exists()


def _write(item, seat, basis, detail) -> Conflict:
    """The row of this basis; a dismissed one is opened again with the new words."""
    row = Conflict.objects.filter(item=item, seat=seat, basis=basis).first()
    if row is None:
        return Conflict.objects.create(item=item, seat=seat, basis=basis, detail=detail)
    if row.state != State.DISMISSED:
        raise Refused("这一情形已经记录在案。")
    row.state, row.detail, row.reason, row.decided_at, row.decided_by = State.PROPOSED, detail, "", None, None
    row.save()
    return row


def _settle(row, state, *, reason, by) -> Conflict:
    if row.state == state:
        raise Refused(f"这一回避事项已是“{state.label}”。")
    before = row.get_state_display()
    row.state, row.reason, row.decided_at, row.decided_by = state, reason, timezone.now(), by
    row.save()
    if state == State.CONFIRMED:
        _take_effect(row)
    verb = "confirm_conflict" if state == State.CONFIRMED else "dismiss_conflict"
    _record(verb, row.item.session, row, by=by, before=before, note=reason)
    return row


def _record(verb, session, row, *, by, before="", note=""):
    """On the trail of the session: which item, which basis, how decided; the seat by its number only."""
    after = f"第{row.item.order}项 席位{row.seat_id} {row.get_basis_display()}：{row.get_state_display()}"
    audit.record(verb, session, by=by, before=before, after=after, note=note, clause=CLAUSE)


def _take_effect(row):
    """The seat loses the chair of this case, its place on the roll, and what it was told about the case."""
    item = AgendaItem.objects.get(pk=row.item_id)
    if item.acting_chair_id == row.seat_id:
        item.acting_chair = None
        item.save(update_fields=["acting_chair"])
    if _is_voting(item):
        balloting.strike_from_roll(item, row.seat)
    _forget(row)


def _forget(row):
    """Messages in the site that name the case go: they are part of what the expert may no longer see."""
    user, application = row.seat.expert.user_id, row.item.application
    if user is not None and not Collaborator.objects.filter(application=application, user=user).exists():
        Notification.objects.filter(user=user, url__startswith=application.get_absolute_url()).delete()
