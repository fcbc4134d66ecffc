"""Who sits in a session: drawn by lot, invited by hand, replaced, in the chair, answered, in the room."""

import secrets
from collections import Counter

from django.db import transaction
from django.utils import timezone

from applications import conflicts, draw
from applications.actions import recusing
from applications.actions.convening import CLAUSE, IN_PREPARATION, locked
from applications.models import AgendaItem, BallotRound, Expert, PanelDraw, PanelSession, PanelStatus, Seat
from applications.permissions import is_recused
from park import audit, documents, notices, rules
from park.models import Document, Role, User
from park.workflow import Refused

MEETING = (PanelStatus.CONVENED, PanelStatus.SITTING)


# ── the draw ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def draw_experts(session, *, by) -> PanelDraw:
    """Fill the seats still wanted by lot. A second draw goes on in the order of the first; only where nobody is
    left in it a new seed is drawn. Pool, seed and result are kept and never changed."""
    session = locked(session, *IN_PREPARATION)
    wanted = session.seats_wanted - session.seats.taken().count()
    if wanted <= 0:
        raise Refused("席位已满，不需要抽取。")
    cases = recusing.cases_on(session)
    if not cases:
        raise Refused("请先把申报列入议程：抽取时要避开应当回避的专家。")
    terms = _terms(session)
    former = session.draws.order_by("pk").last()
    seed, pool, chosen = "", [], []
    if former is not None:
        first = session.draws.filter(seed=former.seed).order_by("pk").first()
        seed, pool = former.seed, _pool(session, cases, begun_with={row["expert"] for row in first.pool})
        chosen = _choose(seed, pool, wanted, terms)
    if not chosen:
        seed, pool = secrets.token_hex(16), _pool(session, cases)
        chosen = _choose(seed, pool, wanted, terms)
    if not chosen:
        raise Refused("专家库里没有可以抽取的专家：请核对专业领域、日期和回避情形，或指定专家。")
    row = PanelDraw.objects.create(
        session=session, seed=seed, wanted=wanted, pool=pool, terms=terms, chosen=chosen, by=by
    )
    experts = {str(expert.key): expert for expert in Expert.objects.filter(key__in=chosen)}
    for key in chosen:
        _seat(session, experts[key], by_lot=True, by=by)
    audit.record(
        "draw_experts", session, by=by, after=f"抽取 {len(chosen)} 人，尚缺 {wanted - len(chosen)} 人", clause=CLAUSE
    )  # fmt: skip
    recusing.propose(session)
    return row


def _choose(seed, pool, wanted, terms):
    return draw.choose(seed, pool, wanted, max_per_unit=terms["max_per_unit"], seated=terms["seated"])


def recomputed(row: PanelDraw) -> list[str]:
    """The same draw again from what was recorded; equal to `row.chosen` unless somebody changed it."""
    return _choose(row.seed, row.pool, row.wanted, row.terms)


def _terms(session) -> dict:
    values = rules.get_many(["panel_max_per_unit", "panel_avoid_last"])
    units = session.seats.taken().values_list("expert__unit_name", flat=True)
    return {
        "day": session.meets_on.isoformat(),
        "fields": [field.label for field in session.fields.all()],
        "max_per_unit": values["panel_max_per_unit"],
        "avoid_last": values["panel_avoid_last"],
        "seated": dict(Counter(conflicts.normal_unit(name) for name in units)),
    }


def _pool(session, cases, *, begun_with=None) -> list[dict]:
    """Everybody of the pool today, each with why they cannot be drawn. `begun_with`: the keys that were in the
    pool when the order was drawn; who came later waits for another draw."""
    seats = {seat.expert_id: seat for seat in session.seats.all()}
    drawn = {key for row in session.draws.all() for key in row.chosen}
    away = set(
        Expert.objects.filter(is_active=True)
        .exclude(pk__in=Expert.objects.available_on(session.meets_on).values("pk"))
        .values_list("pk", flat=True)
    )
    wanted_fields = set(session.fields.values_list("pk", flat=True))
    last = _sat_last(session) if rules.get("panel_avoid_last") else set()
    rows = []
    for expert in Expert.objects.select_related("user__unit").prefetch_related("fields").order_by("key"):
        seat, key = seats.get(expert.pk), str(expert.key)
        if not expert.is_active:
            reason = "已出库"
        elif seat is not None:
            reason = "不能参加或已撤换" if seat.response == Seat.Response.DECLINED else "已有席位"
        elif key in drawn:
            reason = "抽中后已撤换"
        elif begun_with is not None and key not in begun_with:
            reason = "抽取开始后入库"
        elif expert.pk in away:
            reason = "会议当日不能参加"
        elif wanted_fields and not wanted_fields & {field.pk for field in expert.fields.all()}:
            reason = "没有所需的专业领域"
        elif expert.pk in last:
            reason = "上一次评议会的专家（本园设定）"
        elif found := recusing.found_between(expert, cases):
            labels = dict.fromkeys(f"第{item.order}项：{text}" for item, _, text in found)
            reason = "可能需要回避，" + "；".join(labels)
        else:
            reason = ""
        group = conflicts.normal_unit(expert.unit_name)
        rows.append(
            {"expert": key, "name": expert.name, "unit": expert.unit_name, "group": group, "excluded": reason}
        )
    return rows


def _sat_last(session) -> set:
    held = PanelSession.objects.exclude(pk=session.pk).exclude(
        status__in=[PanelStatus.PLANNING, PanelStatus.CANCELLED]
    )
    last = held.filter(meets_on__lte=session.meets_on).order_by("-meets_on", "-pk").first()
    return set(last.seats.taken().values_list("expert", flat=True)) if last else set()


# ── seats ───────────────────────────────────────────────────────────────────────────────────────
def _seat(session, expert, *, by_lot, by) -> Seat:
    """A seat, or the one they once declined offered again; told where the invitation is out already."""
    seat, _ = Seat.objects.update_or_create(
        session=session,
        expert=expert,
        defaults={
            "by_lot": by_lot,
            "response": Seat.Response.PENDING,
            "response_note": "",
            "responded_at": None,
            "responded_by": None,
        },
    )
    if session.status == PanelStatus.CONVENED and expert.user_id:
        notices.notify(
            [expert.user], f"{session}：请您参加专家评议会，请答复。", url=session.get_absolute_url(), subject=session
        )  # fmt: skip
    return seat


@transaction.atomic
def seat_expert(session, expert, *, reason, by) -> Seat:
    """Invite somebody by hand; the reason why not by lot stays on the trail."""
    session = locked(session, *IN_PREPARATION)
    if session.seats.taken().count() >= session.seats_wanted:
        raise Refused("席位已满，请先撤换专家。")
    if session.seats.taken().filter(expert=expert).exists():
        raise Refused("这位专家已有席位。")
    if not Expert.objects.available_on(session.meets_on).filter(pk=expert.pk).exists():
        raise Refused("这位专家已出库，或会议当日不能参加。")
    seat = _seat(session, expert, by_lot=False, by=by)
    audit.record("seat_expert", session, by=by, after=f"席位{seat.pk}", note=reason, clause=CLAUSE)
    recusing.propose(session)
    return seat


@transaction.atomic
def unseat_expert(seat, *, reason, by):
    """Somebody else is to come instead. The seat of who was invited already stays on record as vacated."""
    session = locked(seat.session, *IN_PREPARATION)
    seat = Seat.objects.taken().filter(pk=seat.pk).first()
    if seat is None:
        raise Refused("这位专家已不在席位上。")
    before = f"席位{seat.pk}"
    if session.status == PanelStatus.PLANNING:
        seat.delete()
    else:
        _vacate(seat, note=f"撤换：{reason}"[:200], by=by)
    audit.record("unseat_expert", session, by=by, before=before, note=reason, clause=CLAUSE)


def _vacate(seat, *, note, by):
    seat.response, seat.response_note = Seat.Response.DECLINED, note
    seat.responded_at, seat.responded_by, seat.is_chair = timezone.now(), by, False
    seat.signed_in_at = seat.signed_in_by = seat.left_at = seat.left_by = None
    seat.save()
    AgendaItem.objects.filter(session=seat.session_id, acting_chair=seat).update(acting_chair=None)


@transaction.atomic
def name_chair(seat, *, by):
    """组长 of the session; one at a time."""
    session = locked(seat.session, *IN_PREPARATION, PanelStatus.SITTING)
    _refuse_while_voting(session)
    if not session.seats.taken().filter(pk=seat.pk).exists():
        raise Refused("这位专家已不在席位上。")
    if session.status == PanelStatus.SITTING and not session.seats.present().filter(pk=seat.pk).exists():
        raise Refused("会议进行中，组长须从在场的专家中指定。")
    session.seats.filter(is_chair=True).update(is_chair=False)
    Seat.objects.filter(pk=seat.pk).update(is_chair=True)
    audit.record("name_chair", session, by=by, after=f"席位{seat.pk}", clause=CLAUSE)


@transaction.atomic
def name_acting_chair(item, seat, *, by):
    """Who presides over one case, elected by those in the room, where the chair has to leave it."""
    session = locked(item.session, *MEETING)
    item = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if not item.is_open:
        raise Refused("这一项已经办结。")
    _refuse_while_voting(session)
    chair = session.seats.taken().filter(is_chair=True).first()
    chair_stays = chair and session.seats.present().filter(pk=chair.pk).exists()
    if chair_stays and not is_recused(chair, item):
        raise Refused("组长在场且对这一项不需要回避，不必推举代行组长。")
    if not session.seats.present().filter(pk=seat.pk).exists():
        raise Refused("代行组长须从在场的专家中推举。")
    if is_recused(seat, item):
        raise Refused("这位专家对这一项需要回避，不能代行组长。")
    item.acting_chair = seat
    item.save(update_fields=["acting_chair"])
    audit.record(
        "name_acting_chair", session, by=by, after=f"第{item.order}项 席位{seat.pk}", clause=CLAUSE
    )  # fmt: skip


def _refuse_while_voting(session):
    if BallotRound.objects.filter(item__session=session, closed_at=None).exists():
        raise Refused("正在投票，投票结束前不能更换主持人。")


# ── answers and attendance ──────────────────────────────────────────────────────────────────────
@transaction.atomic
def answer_invitation(seat, *, coming: bool, note="", by) -> Seat:
    """The expert's answer, or what they told the office. Who declines gives the seat and the chair back."""
    session = locked(seat.session, PanelStatus.CONVENED)
    seat = Seat.objects.select_related("expert").get(pk=seat.pk)
    own = seat.expert.user_id is not None and seat.expert.user_id == by.pk
    if seat.response == Seat.Response.DECLINED:
        raise Refused("已答复不能参加；改变安排的，由管理办公室重新邀请。")
    before = seat.get_response_display()
    if coming:
        seat.response, seat.response_note = Seat.Response.ACCEPTED, note
        seat.responded_at, seat.responded_by = timezone.now(), by
        seat.save()
    else:
        _vacate(seat, note=note, by=by)
        office = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).exclude(pk=by.pk)
        notices.notify(
            office, f"{session}：有专家不能参加，请补抽。", url=session.get_absolute_url(), subject=session
        )  # fmt: skip
    audit.record(
        "answer_invitation", session, by=by, before=f"席位{seat.pk} {before}", after=seat.get_response_display(),
        note="" if own else "电话答复，由管理办公室登记", clause=CLAUSE,
    )  # fmt: skip
    return seat


@transaction.atomic
def sign_in(seat, *, by) -> Seat:
    """In the room, from the day of the meeting on; who had left comes back."""
    session, seat = _at_the_meeting(seat)
    if seat.signed_in_at and not seat.left_at:
        raise Refused("这位专家已经签到。")
    now = timezone.now()
    seat.signed_in_at, seat.signed_in_by = seat.signed_in_at or now, seat.signed_in_by or by
    seat.left_at = seat.left_by = None
    if seat.response == Seat.Response.PENDING:
        seat.response, seat.responded_at, seat.responded_by = Seat.Response.ACCEPTED, now, by
    seat.save()
    audit.record("sign_in", session, by=by, after=f"席位{seat.pk}", clause=CLAUSE)
    return seat


@transaction.atomic
def sign_out(seat, *, by) -> Seat:
    """Left the room."""
    session, seat = _at_the_meeting(seat)
    if not seat.signed_in_at or seat.left_at:
        raise Refused("这位专家不在场。")
    seat.left_at, seat.left_by = timezone.now(), by
    seat.save()
    audit.record("sign_out", session, by=by, after=f"席位{seat.pk}", clause=CLAUSE)
    return seat


@transaction.atomic
def print_sign_in(session, *, by) -> Document:
    """The 评议会签到表 of the seats as they are, for ink; it takes the place of a former one."""
    session = locked(session, *MEETING)
    former = (
        Document.objects.about(session)
        .filter(kind="panel_sign_in", state__in=["pending", "issued", "failed"])
        .order_by("-version")
        .first()
    )
    return documents.issue("panel_sign_in", session, by=by, supersedes=former, reason="席位有变动，重新打印")


def _at_the_meeting(seat):
    session = locked(seat.session, *MEETING)
    if session.meets_on > timezone.localdate():
        raise Refused("会议当日才能签到。")
    seat = Seat.objects.taken().filter(pk=seat.pk).first()
    if seat is None:
        raise Refused("这位专家已不在席位上。")
    return session, seat
