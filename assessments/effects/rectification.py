"""What follows from the steps of a rectification [5.4.4]."""

from django.utils import timezone

from assessments.actions.service import receive_online, serve_paper
from assessments.models import (
    RectificationAnswer,
    RectificationItem,
    RectificationProof,
    RectificationReport,
)
from assessments.papers.rectification import NOTICE, OPINION, standing_notice
from assessments.papers.service import hold_papers, issue_with_receipt
from park import attachments, documents, rules
from park.templatetags.ui import date_zh
from park.workflow import Refused, Workflow
from workshops.charges.term import corresponding_day
from workshops.models import Residency

Verdict = RectificationItem.Verdict


# ── notice ──────────────────────────────────────────────────────────────────────────────────────
def acknowledge(order, *, by, data):
    receive_online(standing_notice(order), by=by)


def serve(order, *, by, data):
    serve_paper(standing_notice(order), by=by, data=data)


def extend(order, *, by, data):
    """To a day of the office's choice, not later than the park allows from the first deadline; told by a new edition."""
    last = corresponding_day(order.first_deadline, rules.get("rectification_extension_months"))
    if not order.first_deadline < data["until"] <= last:
        raise Refused(
            f"延长后的期限应在{date_zh(order.first_deadline)}之后，最晚{date_zh(last)}（本园设定）。"
        )
    order.deadline = order.due_on = data["until"]
    order.extended_at, order.extended_by, order.extended_why = timezone.now(), by, data["reason"]
    order.save(update_fields=["deadline", "extended_at", "extended_by", "extended_why"])
    issue_with_receipt(NOTICE, order, by=by, supersedes=standing_notice(order), reason="整改期限延长")


# ── report ──────────────────────────────────────────────────────────────────────────────────────
def report(order, *, by, data):
    """What the studio did about every item, with proof; `data["answers"]` is number of the item → (words, files).

    Each report stands as it was sent. Raises Refused where an item has no proof, now or from before.
    """
    items = list(order.items.all())
    if {item.number for item in items} != set(data["answers"]):
        raise Refused("每一项都要写明整改情况，请刷新页面后重新填写。")
    last = order.report()
    row = RectificationReport.objects.create(
        order=order,
        round=last.round + 1 if last else 1,
        statement=data["statement"],
        is_late=order.deadline < timezone.localdate(),
        made_by=by,
    )
    for item in items:
        words, files = data["answers"][item.number]
        RectificationAnswer.objects.create(report=row, item=item, done=words)
        for file in files:
            RectificationProof.objects.create(item=item, report=row, stored=attachments.store(file, by=by))
    bare = [str(item.number) for item in items if not item.proofs.exists()]
    if bare:
        raise Refused(f"第{'、'.join(bare)}项还没有整改证明，请上传照片或文件。")


def give_back(order, *, by, data):
    """Not enough yet, and time is left: due again on the day that it always was."""
    row = order.report()
    row.returned_at, row.returned_by, row.returned_why = timezone.now(), by, data["reason"]
    row.save(update_fields=["returned_at", "returned_by", "returned_why"])
    order.due_on = order.deadline


# ── re-check ────────────────────────────────────────────────────────────────────────────────────
def recheck(order, *, by, data):
    """The verdict on every item, who looked, when; printed as 复查意见."""
    locked_residency(order)
    hold_papers(OPINION)
    items = {item.number: item for item in order.items.select_for_update(no_key=True)}
    if set(items) != set(data["verdicts"]):
        raise Refused("每一项都要有复查结论，请刷新页面后重新填写。")
    unmet = [n for n, (verdict, _) in data["verdicts"].items() if verdict == Verdict.UNMET]
    if order.status == "passed" and unmet:
        raise Refused("还有不达标的事项，不能按复查合格办理。")
    if order.status == "failed" and not unmet:
        raise Refused("各项都达标，请按复查合格办理。")
    day = data["rechecked_on"]
    if not order.issued_on <= day <= timezone.localdate():
        raise Refused("复查日期应在通知日期之后，不能晚于今天。")
    if order.status == "failed" and day <= order.deadline:
        raise Refused(f"复查日期应在整改期限{date_zh(order.deadline)}届满以后。")
    for number, (verdict, note) in data["verdicts"].items():
        items[number].verdict, items[number].verdict_note = verdict, note
        items[number].save(update_fields=["verdict", "verdict_note"])
    order.rechecked_on, order.recheck_note = day, data["opinion"]
    order.rechecked_at, order.rechecked_by = timezone.now(), by
    # The database asks for status and re-check at once.
    order.save(update_fields=["status", "rechecked_on", "recheck_note", "rechecked_at", "rechecked_by"])
    order.recheckers.set(data.get("recheckers") or [])
    issue_with_receipt(OPINION, order, by=by)


def locked_residency(record) -> Residency:
    """The residency under its lock, before anything is written on the trail."""
    return Residency.objects.select_for_update(no_key=True).get(pk=record.residency_id)


def resume(order, *, by, data):
    """The residency goes on as before, and with it the benefits."""
    residency = locked_residency(order)
    Workflow.of(residency).perform(residency, "resume", by=by, note=order.number)


def withdraw(order, *, by, data):
    """Issued in error: the notice no longer stands."""
    locked_residency(order)
    order.withdrawn_at, order.withdrawn_by, order.withdrawn_why = timezone.now(), by, data["reason"]
    order.save(update_fields=["status", "withdrawn_at", "withdrawn_by", "withdrawn_why"])
    if paper := standing_notice(order):
        documents.withdraw(paper, by=by, reason="限期整改已撤销")
