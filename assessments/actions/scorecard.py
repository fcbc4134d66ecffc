"""The writes of one card beside its steps: what the studio says, what is found, graded and proved [5.2][A2]."""

import hashlib
import json
import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.actions.evaluation import grade_alone, stay_of
from assessments.actions.issuing import issue_result
from assessments.models import (
    Falsification,
    LineEvidence,
    LineGrade,
    Scorecard,
    ScorecardLine,
    ScorecardStatus,
)
from assessments.permissions import scorecard as may
from assessments.projecting import basis_of, project
from assessments.scoring import agreed_grade
from park import attachments, audit, notices
from park.points import shown
from park.workflow import Conflict, Refused
from workshops.models import LedgerStatus

S = ScorecardStatus
A, B = ScorecardLine.Answer, ScorecardLine.Basis
MAX_EVIDENCE = 20  # files of one line


def locked(card, *statuses) -> Scorecard:
    """The card under its lock, which stands before its lines. Raises Refused in another status."""
    row = (
        Scorecard.objects.select_for_update(no_key=True, of=("self",))
        .select_related("cycle", "studio")
        .get(pk=card.pk)
    )
    if row.status not in statuses:
        raise Refused(f"考核评分表现在是“{row.get_status_display()}”，不能这样办理。")
    return row


# ── what the records propose ────────────────────────────────────────────────────────────────────
@transaction.atomic
def refresh_card(card, *, by) -> int:
    """Compute once more from the records; how many lines changed. Judged lines stay, and so does what the studio
    contested; where it had agreed to another figure it is asked again. Raises PermissionDenied, Refused."""
    card = locked(card, S.OPEN, S.SELF_ASSESSED)
    if by is not None and not (may.assesses_self(by, card) or may.works_on(by, card)):
        raise PermissionDenied("您没有办理这份考核的权限。")
    [now] = project(basis_of(card.year), [stay_of(card)], timezone.localdate())
    changed, moved = [], []
    for line in card.lines.filter(points=None).select_related("item"):
        result = now.results[line.item.code]
        said = result.said()
        if line.proposed_points == result.points and line.finding == said:
            continue
        if line.proposed_points != result.points and line.answer == A.AGREED and card.status == S.OPEN:
            line.answer, line.answered_at, line.answered_by = "", None, None
        if line.proposed_points != result.points:
            moved.append(f"第{number(line)}项{shown(line.proposed_points)}→{shown(result.points)}分")
        line.proposed_points, line.finding = result.points, said
        line.version += 1
        changed.append(line)
    ScorecardLine.objects.bulk_update(
        changed, ["proposed_points", "finding", "answer", "answered_at", "answered_by", "version"]
    )
    card.computed_at = timezone.now()
    card.save(update_fields=["computed_at"])
    if changed:
        after = f"{len(changed)}项有变化"
        audit.record("refresh_card", card, by=by, after=after, note="、".join(moved), clause="A2")
    return len(changed)


def last_change(card):
    """The newest entry of the trail that says which points moved; None where none did."""
    return audit.history_of(card).filter(verb="refresh_card").exclude(note="").first()


# ── self-assessment ─────────────────────────────────────────────────────────────────────────────
def answers_version(lines) -> str:
    """A short sign of what is proposed and answered, so that a form knows whether it shows the newest."""
    said = [
        [line.pk, shown(line.proposed_points), line.answer, shown(line.claimed_points), line.words]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


@transaction.atomic
def answer_lines(card, answers: dict, *, by, version=None) -> int:
    """What the studio says of its lines; `answers` is key of the line -> (answer, claimed points, words). How many
    changed. `version`: what the person saw. Raises PermissionDenied, Refused, Conflict."""
    card = locked(card, S.OPEN)
    if not may.assesses_self(by, card):
        raise PermissionDenied("自评由工作室办理。")
    if version is not None and version != answers_version(card.lines.order_by("order")):
        raise Conflict("其他人保存过自评，或台账有变化重新计算过；您填写的内容还没有保存。")
    now, changed = timezone.now(), []
    for line in card.lines.filter(pk__in=answers).select_related("item"):
        answer, claimed, words = answers[line.pk]
        if answer == A.CONTESTED and not (words.strip() and claimed is not None):
            raise Refused(f"第{number(line)}项有不同意见的，请填写自评得分并说明理由。")
        if answer == A.CONTESTED and not 0 <= claimed <= line.max_points:
            raise Refused(f"第{number(line)}项的自评得分应在0至{shown(line.max_points)}分之间。")
        claimed = claimed if answer == A.CONTESTED else None
        if (line.answer, line.claimed_points, line.words) == (answer, claimed, words):
            continue
        line.answer, line.claimed_points, line.words = answer, claimed, words
        line.answered_at, line.answered_by = (now, by) if answer else (None, None)
        changed.append(line)
    fields = ["answer", "claimed_points", "words", "answered_at", "answered_by"]
    ScorecardLine.objects.bulk_update(changed, fields)
    if changed:
        audit.record("answer_lines", card, by=by, after=f"{len(changed)}项", clause="A2")
    return len(changed)


def number(line) -> str:
    """How people name an item: 11, B2."""
    return line.item.code.rpartition(".")[2]


# ── proof ───────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_evidence(
    line, *, by, record=None, checked=None, caption="", client_key: uuid.UUID | None = None
) -> LineEvidence:
    """A record of the ledgers or a file that passed `attachments.check`, beside a line. The same key again is the same
    row. Raises PermissionDenied, Refused; nothing counts in two bonus items [S18]."""
    card = locked(line.card, S.OPEN, S.SELF_ASSESSED)
    side = _side(card, by)
    key = client_key or uuid.uuid4()
    if row := line.evidence.filter(client_key=key).first():
        return row
    if line.evidence.filter(removed_at=None).count() >= MAX_EVIDENCE:
        raise Refused(f"每一项最多{MAX_EVIDENCE}份证明，请先删去不需要的。")
    if record is not None and record.studio_id != card.studio_id:
        raise Refused("只能引用本工作室的台账。")
    if record is not None and record.status == LedgerStatus.VOIDED:
        raise Refused("这条台账已经删除，不能引用。")
    stored = attachments.store(checked, by=by) if checked is not None else None
    try:
        with transaction.atomic():
            row = LineEvidence.objects.create(
                line=line,
                card=card,
                is_bonus=line.is_bonus,
                given_by=side,
                client_key=key,
                record=record,
                stored=stored,
                caption=caption,
                added_by=by,
            )
    except IntegrityError:
        raise Refused("这条台账已经引用过；同一份证明不能用于两个加分项目。") from None
    note = str(record.number) if record is not None else f"sha256 {stored.sha256}"
    audit.record("add_evidence", card, by=by, after=line.item.code, note=note, clause=line.item.code)
    return row


def _side(card, by) -> str:
    """On whose behalf somebody adds to a card in its present status. Raises PermissionDenied."""
    if card.status == S.OPEN and may.assesses_self(by, card):
        return LineEvidence.Of.STUDIO
    if card.status == S.SELF_ASSESSED and may.verifies(by, card):
        return LineEvidence.Of.VERIFIER
    raise PermissionDenied("自评期间由工作室补充证明，核验期间由核验人员补充。")


@transaction.atomic
def remove_evidence(row, *, by) -> bool:
    """Take it away again; its file and row stay. False where it was away already."""
    card = locked(row.card, S.OPEN, S.SELF_ASSESSED)
    if _side(card, by) != row.given_by:
        raise PermissionDenied("只能删去自己一方补充的证明。")
    removed = LineEvidence.objects.filter(pk=row.pk, removed_at=None)
    if not removed.update(removed_at=timezone.now(), removed_by=by):
        return False
    audit.record("remove_evidence", card, by=by, before=row.line.item.code, clause=row.line.item.code)
    return True


# ── verification ────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def judge_line(line, *, points, reason, version, by) -> ScorecardLine:
    """What one item is worth: the proposal confirmed, or another value with a reason; None takes a judgement back.

    `version` is the one that the person saw. Raises PermissionDenied, Conflict where another verifier was first or the
    records changed meanwhile, Refused without a reason, out of range, or for what only the panel gives.
    """
    card = locked(line.card, S.SELF_ASSESSED)
    if not may.verifies(by, card):
        raise PermissionDenied("您不能核验这份考核。")
    line = card.lines.select_related("item").get(pk=line.pk)
    if line.version != version:
        raise Conflict(f"第{number(line)}项刚刚有人改动过，您的核验没有保存，请看最新的内容。")
    if points is None:
        line.points, line.basis, line.reason, line.judged_at, line.judged_by = None, "", "", None, None
    else:
        if not 0 <= points <= line.max_points:
            raise Refused(f"第{number(line)}项的得分应在0至{shown(line.max_points)}分之间。")
        confirmed = points == line.proposed_points
        if line.item.kind == "grade" and points > 0:
            raise Refused(f"第{number(line)}项由专家评等得出，核验时不能直接给分。")
        if not confirmed and not reason.strip():
            raise Refused(f"第{number(line)}项改定得分的，请写明理由。")
        if line.item.kind in ("choice", "all_or_nothing") and points not in printed_values(line):
            values = "、".join(shown(value) for value in printed_values(line))
            raise Refused(f"第{number(line)}项只有{values}分几种得分。")
        line.points, line.basis, line.reason = points, B.CONFIRMED if confirmed else B.OVERRIDDEN, reason
        line.judged_at, line.judged_by = timezone.now(), by
    line.version += 1
    line.save(update_fields=["points", "basis", "reason", "judged_at", "judged_by", "version"])
    after = "" if points is None else f"{line.item.code} {shown(points)}"
    audit.record("judge_line", card, by=by, after=after, note=line.reason[:200], clause=line.item.code)
    return line


def printed_values(line) -> list:
    """The values that the form names: nothing else is invented [P2]."""
    if line.item.kind == "choice":
        return [value for value, _ in line.item.parameters["values"]]
    half = line.item.parameters.get("partly")
    allowed = [0, line.max_points]
    return sorted({*allowed, line.proposed_points}) if half else allowed


# ── the panel ───────────────────────────────────────────────────────────────────────────────────
def grade_codes(line) -> list[str]:
    return [code for code, _, _ in line.item.parameters["grades"]]


@transaction.atomic
def grade_line(line, *, grade, note, by) -> LineGrade:
    """One expert's sheet; changed until the panel is settled. Raises PermissionDenied, Refused."""
    card = locked(line.card, S.SELF_ASSESSED)
    if not may.grades(by, card):
        raise PermissionDenied("您不是本年度的评等专家，或与该工作室有关。")
    line = card.lines.select_related("item").get(pk=line.pk)
    if line.item.kind != "grade" or grade not in grade_codes(line):
        raise Refused("请从所列的等中选择。")
    if line.points is not None:
        raise Refused("本项评等已经汇总，不能再改。")
    row, made = LineGrade.objects.update_or_create(
        line=line, grader=by, defaults={"grade": grade, "note": note, "graded_at": timezone.now()}
    )
    audit.record("grade_line", card, by=by, after="评等" if made else "改评", clause=line.item.code)
    return row


@transaction.atomic
def settle_panel(line, *, by) -> ScorecardLine:
    """The panel's grade from the sheets of its present experts, with the arithmetic as its reason. Raises
    PermissionDenied, Refused while too few have graded."""
    card = locked(line.card, S.SELF_ASSESSED)
    if not may.manages_card(by, card):
        raise PermissionDenied("评等由管理办公室汇总。")
    line = card.lines.select_related("item").get(pk=line.pk)
    if line.item.kind != "grade":
        raise Refused("这一项不是评等得分的项目。")
    seats = {seat.user_id: seat.is_leader for seat in card.cycle.graders.all()}
    given = dict(line.grades.filter(grader__in=seats).order_by("pk").values_list("grader", "grade"))
    wanted = int(card.cycle.rules["panel_graders"])
    if len(given) < wanted:
        raise Refused(f"评等的专家至少{wanted}人（本园设定），现在{len(given)}人已评。")
    leader = next((user for user, leads in seats.items() if leads), None)
    code, how = agreed_grade(grade_codes(line), given, leader, card.cycle.rules["panel_method"])
    words, points = next((w, p) for c, w, p in line.item.parameters["grades"] if c == code)
    line.points, line.basis = points, B.PANEL
    line.reason = f"{len(given)}位专家评等，评为“{words}”：{how}。"
    line.judged_at, line.judged_by, line.version = timezone.now(), by, line.version + 1
    line.save(update_fields=["points", "basis", "reason", "judged_at", "judged_by", "version"])
    audit.record(
        "settle_panel", card, by=by, after=f"{line.item.code} {words}", note=how, clause=line.item.code
    )
    return line


# ── 弄虚作假 ────────────────────────────────────────────────────────────────────────────────────
FALSIFIABLE = (S.SELF_ASSESSED, S.VERIFIED, S.PROVISIONAL)


@transaction.atomic
def find_falsification(card, *, facts, checked, by) -> Falsification:
    """弄虚作假 is found, with proof [5.4.4]; the studio is told and may ask for reconsideration like of any result.
    Raises PermissionDenied, Refused."""
    card = locked(card, *FALSIFIABLE)
    if not may.manages_card(by, card):
        raise PermissionDenied("弄虚作假由管理办公室认定。")
    if card.falsifications.filter(lifted_at=None).exists():
        raise Refused("这份考核已经认定弄虚作假。")
    row = Falsification.objects.create(
        card=card, facts=facts, proof=attachments.store(checked, by=by), found_by=by
    )
    audit.record("find_falsification", card, by=by, note=facts[:200], clause="5.4.4")
    people = [u for u in card.studio.people.filter(is_active=True) if u != by]
    notices.notify(
        people, f"{card}：认定有弄虚作假，请查看事实和依据。", url=card.get_absolute_url(), subject=card
    )
    _grade_again(card, by)
    return row


def _grade_again(card, by):
    """A result that was told already says what holds now."""
    if card.status == S.PROVISIONAL:
        grade_alone(card)
        issue_result("result_provisional", card, by=by)


@transaction.atomic
def lift_falsification(row, *, reason, by) -> bool:
    """It does not hold after all. False where it was lifted already."""
    card = locked(row.card, *FALSIFIABLE)
    if not may.manages_card(by, card):
        raise PermissionDenied("弄虚作假的认定由管理办公室撤销。")
    standing = Falsification.objects.filter(pk=row.pk, lifted_at=None)
    if not standing.update(lifted_at=timezone.now(), lifted_by=by, lifted_why=reason):
        return False
    audit.record("lift_falsification", card, by=by, note=reason[:200], clause="5.4.4")
    _grade_again(card, by)
    return True
