"""A session of the panel in the making: when and where, what is on its agenda, the invitation that says so."""

from django.db import transaction
from django.utils import timezone

from applications.actions import recusing
from applications.models import (
    AgendaItem,
    Application,
    BallotRound,
    PanelSession,
    PanelStatus,
    Status,
    Voting,
)
from applications.permissions import is_officer
from park import audit, documents, notices, rules
from park.models import Document
from park.models.document import next_number
from park.workflow import Refused

CLAUSE = "3.2.2"
SESSION_RULES = {  # column of the session: setting it is copied from
    "voting": "ballot_voting",
    "quorum": "ballot_quorum",
    "threshold": "ballot_threshold",
    "min_voters": "ballot_min_voters",
    "reballot_on": "reballot_on",
    "reballot_max": "reballot_max",
    "assent": "opinion_assent",
}
COLUMNS = ("title", "meets_on", "meets_at", "place", "seats_wanted", "means")
IN_PREPARATION = (PanelStatus.PLANNING, PanelStatus.CONVENED)


def locked(session, *statuses) -> PanelSession:
    """The session, fresh and locked first of all; Refused where it is in none of these statuses."""
    row = PanelSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    if row.status not in statuses:
        raise Refused(f"{row}现在是“{row.get_status_display()}”，不能再办理这件事。")
    return row


def apply_rules(session):
    """The rules of the ballot as the park has decided them today, for this session. Raises Refused where they do
    not go with the means of voting."""
    values = rules.get_many(SESSION_RULES.values())
    for column, key in SESSION_RULES.items():
        setattr(session, column, values[key])
    _check_means(session)


def _check_means(session):
    if session.voting == Voting.OPEN and session.means == "paper":
        raise Refused("本园设定为记名投票，只能在线进行，请把投票手段改为在各自手机或电脑上表决。")


@transaction.atomic
def create_panel(*, by, fields=(), **values) -> PanelSession:
    """A session that is being prepared."""
    session = PanelSession(created_by=by, **{name: values[name] for name in COLUMNS})
    _check_day(session)
    apply_rules(session)
    session.number = next_number("PH", timezone.localdate().year)
    session.save()
    session.fields.set(fields)
    audit.record("create_panel", session, by=by, after=session.meets_on, clause=CLAUSE)
    return session


@transaction.atomic
def change_panel(session, *, by, fields=(), **values) -> PanelSession:
    """New arrangements; once the invitation is out a new one replaces it and everybody is told."""
    session = locked(session, *IN_PREPARATION)
    changed = [name for name in COLUMNS if getattr(session, name) != values[name]]
    if set(session.fields.all()) != set(fields):
        changed.append("fields")
    if not changed:
        return session
    if values["seats_wanted"] < session.seats.taken().count():
        raise Refused("现有席位多于新的专家组人数，请先撤换专家。")
    if session.status == PanelStatus.CONVENED and "seats_wanted" in changed:
        raise Refused("会议通知发出后，专家组人数不再变动。")
    for name in COLUMNS:
        setattr(session, name, values[name])
    if "meets_on" in changed:
        _check_day(session)
    _check_means(session)
    session.save(update_fields=COLUMNS)
    session.fields.set(fields)
    labels = [str(PanelSession._meta.get_field(name).verbose_name) for name in changed]
    audit.record("change_panel", session, by=by, after="、".join(labels), clause=CLAUSE)
    if {"meets_on", "meets_at", "place"} & set(changed):
        renew_invitation(session, by=by, why="会议安排有变动")
    return session


def _check_day(session):
    if session.meets_on < timezone.localdate():
        raise Refused("会议日期已经过去。")


# ── the invitation ──────────────────────────────────────────────────────────────────────────────
def standing_invitation(session):
    """The 评议会通知 that holds, if one was sent."""
    papers = Document.objects.about(session).filter(kind="panel_invitation")
    return papers.filter(state__in=["pending", "issued", "failed"]).order_by("-version").first()


def renew_invitation(session, *, by, why):
    """Where the invitation is out: a new one in its place, and word of it to the panel."""
    former = standing_invitation(session)
    if session.status != PanelStatus.CONVENED or former is None:
        return
    documents.issue("panel_invitation", session, by=by, supersedes=former, reason=why)
    people = [
        seat.expert.user
        for seat in session.seats.taken().select_related("expert__user")
        if seat.expert.user_id and seat.expert.user_id != by.pk
    ]
    notices.notify(people, f"{session}：{why}，请查看。", url=session.get_absolute_url(), subject=session)


# ── the agenda ──────────────────────────────────────────────────────────────────────────────────
def waiting_cases():
    """Cases that wait for a panel and are on no other agenda."""
    taken = AgendaItem.objects.filter(is_open=True)
    return Application.objects.filter(status=Status.DELIBERATION).exclude(pk__in=taken.values("application"))


@transaction.atomic
def put_on_agenda(session, applications, *, by) -> list[AgendaItem]:
    """Cases at the end of the agenda; conflicts of those already seated are proposed with them."""
    session = locked(session, *IN_PREPARATION)
    rows = Application.objects.select_for_update(no_key=True).filter(pk__in=[a.pk for a in applications])
    items = []
    for application in rows.order_by("pk"):
        if not is_officer(by, application):
            raise Refused(f"{application}没有列入：您参与了这份申报，不能经办。")
        if not waiting_cases().filter(pk=application.pk).exists():
            raise Refused(f"{application}没有列入：已不在集中评议阶段，或已在另一次会议的议程上。")
        order = session.agenda.filter(is_open=True).count() + 1
        item = session.agenda.filter(application=application).first()
        if item is None:
            item = AgendaItem.objects.create(session=session, application=application, order=order)
        elif item.rounds.exists():
            raise Refused(f"{application}在本次会议上已经表决过，须由另一次会议评议。")
        else:
            item.is_open, item.order = True, order
            item.save(update_fields=["is_open", "order"])
        items.append(item)
        audit.record("put_on_agenda", session, by=by, after=f"第{order}项 {application}", clause=CLAUSE)
    recusing.propose(session)
    renew_invitation(session, by=by, why="议程有变动")
    return items


@transaction.atomic
def move_item(session, item, *, up: bool, by):
    """One place up or down; the agenda is numbered anew from 1."""
    session = locked(session, *IN_PREPARATION)
    items = list(session.agenda.filter(is_open=True).order_by("order", "pk"))
    at = next((n for n, row in enumerate(items) if row.pk == item.pk), None)
    if at is None:
        raise Refused("这一项已不在议程上。")
    to = at - 1 if up else at + 1
    if not 0 <= to < len(items):
        return
    items[at], items[to] = items[to], items[at]
    _number(items)
    audit.record("change_panel", session, by=by, after="议程顺序", clause=CLAUSE)


@transaction.atomic
def take_off_agenda(item, *, reason, by):
    """The case waits for another session. While the meeting sits only before its first ballot."""
    session = locked(item.session, *IN_PREPARATION, PanelStatus.SITTING)
    item = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if not item.is_open:
        raise Refused("这一项已不在议程上。")
    if BallotRound.objects.filter(item=item).exists():
        raise Refused("这一项已经开始表决，不能移出议程。")
    before = f"第{item.order}项 {item.application}"
    if session.status == PanelStatus.PLANNING:
        item.delete()
    else:
        item.is_open = False
        item.save(update_fields=["is_open"])
        if session.current_item_id == item.pk:
            session.current_item = None
            session.save(update_fields=["current_item"])
    if session.status != PanelStatus.SITTING:
        _number(session.agenda.filter(is_open=True).order_by("order", "pk"))
    # After the rows, for the end of the trail is locked last: a studio that withdraws holds its row of the agenda.
    audit.record("take_off_agenda", session, by=by, before=before, note=reason, clause=CLAUSE)
    renew_invitation(session, by=by, why="议程有变动")


def _number(items):
    for order, row in enumerate(items, 1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])
