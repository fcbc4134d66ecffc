"""The writes of a return beside its steps: the figures, the answers, what the system knows by now [5.3]."""

from django.db import transaction
from django.utils import timezone

from park import audit
from park.workflow import Conflict, Refused
from workshops.forms.returns import shown
from workshops.models import FILLING, ReturnQuestion, StatisticalReturn
from workshops.permissions.returns import may_fill, reports_return
from workshops.sources import known_figures

CLAUSE = "5.3"


def lock_return(row) -> StatisticalReturn:
    """The return, locked, with what it belongs to."""
    StatisticalReturn.objects.select_for_update(no_key=True).get(pk=row.pk)
    return StatisticalReturn.objects.select_related("residency__studio", "definition").get(pk=row.pk)


def _open_for(row, by) -> StatisticalReturn:
    """The return, locked, while this person may fill it in. Raises Refused."""
    row = lock_return(row)
    if row.status not in FILLING:
        raise Refused(f"{row}现在是“{row.get_status_display()}”，不能修改。")
    if not may_fill(by, row):
        raise Refused("只有本工作室可以填报，管理办公室可以按纸质报表代录；不能代录自己工作室的报表。")
    return row


@transaction.atomic
def save_values(row, entries, *, by, answers=None, note="", version=None) -> StatisticalReturn:
    """Keep figures and answers; gaps are allowed until it is handed in.

    `entries`: value id → (value, reason), money in fen; `answers`: question id → text, by the studio only.
    Raises Refused, Conflict when another page saved since `version`.
    """
    row = _open_for(row, by)
    if version is not None and row.version != version:
        raise Conflict("这份报表已在另一个页面保存过，您现在写的还没有保存。")
    written, changed = 0, []
    for value in row.values.select_related("figure").filter(pk__in=entries):
        new, reason = entries[value.pk]
        agrees = value.known is None or new is None or new == value.known
        reason = "" if agrees else reason.strip()
        if not agrees and not reason:
            raise Refused(f"“{value.figure.label}”与系统记录不同，请写明更正原因。")
        if (value.value, value.reason) != (new, reason):
            kind = value.figure.kind
            written += 1
            if value.value is not None and value.value != new:
                changed.append((value.figure.label, shown(value.value, kind), shown(new, kind) or "空"))
            value.value, value.reason = new, reason
            value.save(update_fields=["value", "reason"])
    _answer(row, answers or {}, by)
    row.note, row.version = note, row.version + 1
    row.save(update_fields=["note", "version"])
    audit.record(
        "save_return",
        row,
        by=by,
        before="；".join(f"{label} {before}" for label, before, _ in changed),
        after="；".join(f"{label} {after}" for label, _, after in changed),
        note=f"填写 {written} 项" if written else "",
        clause=CLAUSE,
    )
    return row


def _answer(row, answers, by):
    said = {pk: text.strip() for pk, text in answers.items() if text.strip()}
    if not said:
        return
    if not reports_return(by, row):
        raise Refused("对疑问的答复由工作室自己填写。")
    questions = ReturnQuestion.objects.filter(pk__in=said, value__statistical_return=row, answered_at=None)
    for question in questions:
        question.answer, question.answered_at, question.answered_by = said[question.pk], timezone.now(), by
        question.save(update_fields=["answer", "answered_at", "answered_by"])


@transaction.atomic
def refresh_known(row, *, by) -> int:
    """Ask the system again, e.g. after the ledgers were completed; returns how many figures are other now.

    What the studio had confirmed has to be confirmed again where the record is another; a correction stays with its
    reason. Raises Refused.
    """
    row = _open_for(row, by)
    studio = row.residency.studio_id
    values = [value for value in row.values.select_related("figure") if value.figure.source]
    known = known_figures([value.figure.source for value in values], [studio], row.first_on, row.last_on)
    changed = []
    for value in values:
        found = known.get(value.figure.source, {}).get(studio, value.known)
        if found == value.known:
            continue
        if value.value == value.known:
            value.value = None
        elif value.value == found:
            value.reason = ""
        if value.value is not None and value.value != found and not value.reason:
            value.value = None
        value.known = found
        value.save(update_fields=["known", "value", "reason"])
        changed.append(value.figure.label)
    if changed:
        row.version += 1
        row.save(update_fields=["version"])
        audit.record("refresh_return", row, by=by, note="、".join(changed)[:200], clause=CLAUSE)
    return len(changed)
