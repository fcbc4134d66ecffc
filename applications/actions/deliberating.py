"""What is before the panel, what does it say of the case, who agrees, what does each note down [3.2.2 集中评议]?

Locks: session, agenda item. While the ballot is open nothing of the opinion changes.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from applications.models import (
    AgendaItem,
    Application,
    Assent,
    BallotRound,
    ExpertNote,
    PanelSession,
    PanelStatus,
    Seat,
    Status,
)
from applications.permissions import is_recused, may_preside, presiding_seat, runs_panel, runs_panel_or_chairs
from park import audit
from park.workflow import Conflict, Refused

CLAUSE = "3.2.2"
LONGEST = 2000  # characters of an opinion and of a note


def lock_sitting(session) -> PanelSession:
    """The session, fresh and locked; Refused unless the panel is sitting."""
    row = PanelSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    if row.status != PanelStatus.SITTING:
        raise Refused("会议不在进行中，不能办理。")
    return row


def lock_item(item) -> AgendaItem:
    """The item, fresh and locked; first of all whatever touches its opinion or its ballot."""
    return AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)


def open_item(application) -> AgendaItem | None:
    """The item by which a case is before a panel now."""
    return application.agenda_items.filter(is_open=True).select_related("session").first()


def voters_of(item):
    """Seats in the room that no conflict keeps from the case."""
    away = item.conflicts.model.objects.standing().filter(item=item)
    return item.session.seats.present().exclude(pk__in=away.values("seat"))


# ── the case before the panel ───────────────────────────────────────────────────────────────────
@transaction.atomic
def call_item(item, *, by) -> AgendaItem:
    """Take up a case: whoever has to step aside leaves the room now."""
    session = lock_sitting(item.session)
    if not runs_panel_or_chairs(by, session):
        raise PermissionDenied("只有组长或管理办公室可以安排评议事项。")
    if BallotRound.objects.filter(item__session=session, closed_at=None).exists():
        raise Refused("正在投票，投票结束后才能评议别的事项。")
    item = lock_item(item)
    if item.session_id != session.pk or not item.is_open:
        raise Refused("这一项已经办结，或不在本次会议的议程上。")
    if session.current_item_id != item.pk:
        session.current_item = item
        session.save(update_fields=["current_item"])
        audit.record("call_item", session, by=by, after=f"第{item.order}项", clause=CLAUSE)
    return item


# ── the panel's opinion ─────────────────────────────────────────────────────────────────────────
@transaction.atomic
def write_opinion(item, text, *, version, by) -> AgendaItem:
    """A new text of the 专家组评估意见 in the place of the one numbered `version`. Who agreed to the former has to
    agree again; the seat that presides agrees by writing. Raises Conflict where somebody else wrote meanwhile."""
    item = _lock_deliberated(item)
    if not may_preside(by, item.application):
        raise PermissionDenied(
            "评估意见由主持评议的组长起草；组长没有账号或使用纸质选票的，由管理办公室代录。"
        )
    text = text.strip()
    if not text:
        raise Refused("请填写评估意见。")
    if len(text) > LONGEST:
        raise Refused(f"评估意见最多 {LONGEST} 字，现有 {len(text)} 字。")
    if version != item.opinion_version:
        raise Conflict("评估意见已由他人修改，请核对最新内容后再改。")
    if text == item.opinion:
        return item
    item.opinion, item.opinion_version = text, item.opinion_version + 1
    item.opinion_at, item.opinion_by = timezone.now(), by
    item.save(update_fields=["opinion", "opinion_version", "opinion_at", "opinion_by"])
    chair = presiding_seat(item)
    if chair is not None and voters_of(item).filter(pk=chair.pk).exists():
        Assent.objects.create(item=item, seat=chair, version=item.opinion_version, recorded_by=by)
    audit.record(
        "write_opinion",
        item.session,
        by=by,
        after=f"第{item.order}项 第{item.opinion_version}稿",
        clause=CLAUSE,
    )
    return item


@transaction.atomic
def agree_opinion(item, seat, *, version, by) -> Assent:
    """The seat agrees with the text numbered `version`; the clerk records what an expert said aloud."""
    item = _lock_deliberated(item)
    seat = Seat.objects.select_related("expert").get(pk=seat.pk)
    own = seat.expert.user_id is not None and seat.expert.user_id == by.pk
    if not own and not runs_panel(by, item.session):
        raise PermissionDenied("只能由专家本人表示同意，或由管理办公室记录当场的口头同意。")
    if not voters_of(item).filter(pk=seat.pk).exists():
        raise Refused("这位专家不在场，或对这一项需要回避。")
    if not item.opinion:
        raise Refused("评估意见还没有起草。")
    if version != item.opinion_version:
        raise Conflict("评估意见已有新的文本，请先阅读再表示同意。")
    row, created = Assent.objects.get_or_create(
        item=item, seat=seat, version=version, defaults={"recorded_by": by}
    )
    if created:
        audit.record(
            "agree_opinion", item.session, by=by, after=f"第{item.order}项 第{version}稿 席位{seat.pk}",
            note="" if own else "当场口头同意，由管理办公室记录", clause=CLAUSE,
        )  # fmt: skip
    return row


def assents_missing(item) -> str:
    """What the rule of the session (`assent`) still wants before the ballot; "" where the opinion is agreed."""
    if not item.opinion:
        return "还没有起草专家组评估意见。"
    rule, present = item.session.assent, voters_of(item)
    if rule == "chair":
        return ""
    voters = present.count()
    agreed = item.assents.filter(version=item.opinion_version, seat__in=present).count()
    if rule == "all" and agreed < voters:
        return f"评估意见须全体同意：{voters} 位中已有 {agreed} 位同意。"
    if rule == "majority" and agreed * 2 <= voters:
        return f"评估意见须超过半数同意：{voters} 位中已有 {agreed} 位同意。"
    return ""


def _lock_deliberated(item) -> AgendaItem:
    item = lock_item(item)
    if item.session.status != PanelStatus.SITTING:
        raise Refused("会议不在进行中，不能办理。")
    if not item.is_open:
        raise Refused("这一项已经办结，评估意见不再变动。")
    # Opening the ballot holds the item's lock, so that the status cannot change from here on.
    if Application.objects.get(pk=item.application_id).status != Status.DELIBERATION:
        raise Refused("这一项已经开始投票，评估意见不再变动。")
    return item


# ── private notes ───────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def save_note(item, seat, text, *, by) -> ExpertNote:
    """An expert's own record of the case. It leaves no trail of what was written, nor of every saving."""
    session = PanelSession.objects.get(pk=item.session_id)
    if session.status not in (PanelStatus.CONVENED, PanelStatus.SITTING) or not item.is_open:
        raise Refused("这一项已经办结，个人评议记录不再变动。")
    if seat.session_id != session.pk or seat.expert.user_id != by.pk or is_recused(seat, item):
        raise PermissionDenied("只有参加这一项评议的专家本人可以记录。")
    if len(text) > LONGEST:
        raise Refused(f"个人评议记录最多 {LONGEST} 字，现有 {len(text)} 字。")
    row, created = ExpertNote.objects.update_or_create(
        item=item, seat=seat, defaults={"text": text, "saved_at": timezone.now()}
    )
    if created:
        audit.record("save_expert_note", session, by=by, after=f"第{item.order}项", clause=CLAUSE)
    return row


def notes_shown(item) -> bool:
    """What experts noted down for themselves is the panel's and the office's to read once the case is decided."""
    return item.rounds.filter(outcome__in=["passed", "failed"]).exists()
