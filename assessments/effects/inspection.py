"""What follows from the steps of an inspection and of its findings [5.2]."""

from django.db.models import Q
from django.utils import timezone

from assessments.actions.inspection import notice_is_short, people_of, tell
from assessments.models import Finding, FindingProof, Inspection, InspectionStatus
from assessments.papers.inspection import record_hash
from park import attachments, audit, documents, rules, workdays
from park.templatetags.ui import date_zh
from park.workflow import Refused, Workflow

C = Inspection.Confirmation


# ── inspection ──────────────────────────────────────────────────────────────────────────────────
def postpone(inspection, *, by, data):
    """Another day within the period of the plan."""
    day, plan = data["inspect_on"], inspection.plan
    if not plan.starts_on <= day <= plan.ends_on:
        raise Refused(f"改期应在检查周期之内（{date_zh(plan.starts_on)}至{date_zh(plan.ends_on)}）。")
    if notice_is_short(day):
        days = rules.get("inspection_notice_days")
        raise Refused(f"检查应提前{days}个工作日通知（本园设定），请选择更晚的日期。")
    inspection.inspect_on, inspection.postponed_why = day, data["reason"]
    inspection.save(update_fields=["inspect_on", "postponed_why"])
    former = documents.standing(inspection, "inspection_notice")
    documents.issue("inspection_notice", inspection, by=by, supersedes=former, reason="检查改期")
    tell(people_of(inspection), inspection, f"{inspection}改期到{date_zh(day)}。", by=by)


def cancel(inspection, *, by, data):
    """It does not take place: its notice no longer stands, and the studio counts as not inspected."""
    inspection.cancelled_why = data["reason"]
    inspection.save(update_fields=["cancelled_why"])
    if paper := documents.standing(inspection, "inspection_notice"):
        documents.withdraw(paper, by=by, reason="检查已取消")
    tell(people_of(inspection), inspection, f"{inspection}已取消。", by=by)


def call_off_with_residency(residency, *, by, data):
    """A studio that leaves is not inspected any more: what is still ahead is called off, in the same transaction. A
    record that was begun on a day in the park is brought to its end. Whoever finished one in this very moment was
    first: the lock waits for them."""
    reason = f"工作室的入驻于{date_zh(residency.ended_on)}结束，不再检查。"
    ahead = Q(inspect_on__gt=residency.ended_on) | Q(version=0)
    planned = Inspection.objects.filter(ahead, residency=residency, status=InspectionStatus.PLANNED)
    rows = list(planned.select_for_update(no_key=True).order_by("pk"))
    for row in rows:
        Workflow.of(row).perform(row, "call_off_inspection", by=None, note=reason, data={"reason": reason})
    if rows:
        titles = "、".join(row.plan.title for row in rows)
        audit.record("call_off_inspections", residency, by=by, note=f"取消{titles}", clause="5.2")


def finish_record(inspection, *, by, data):
    inspection.recorded_at, inspection.recorded_by = timezone.now(), by
    inspection.save(update_fields=["recorded_at", "recorded_by"])


def reopen_record(inspection, *, by, data):
    """The record is open again. Its status, changed by the engine already, goes with it: a constraint reads both."""
    inspection.recorded_at = inspection.recorded_by = None
    inspection.save(update_fields=["recorded_at", "recorded_by", "status"])


def confirm_online(inspection, *, by, data):
    _confirm(inspection, data["answer"], data["remark"], by)


def confirm_on_paper(inspection, *, by, data):
    """The sheet signed on paper, as a scan."""
    inspection.signed_sheet = attachments.store(data["scan"], by=by)
    inspection.save(update_fields=["signed_sheet"])
    _confirm(inspection, C.PAPER, data["remark"], by)


def confirm_by_silence(inspection, *, by, data):
    _confirm(inspection, C.SILENT, data["reason"], by)


def _confirm(inspection, way, remark, by):
    inspection.confirmation, inspection.studio_remark = way, remark
    inspection.confirmed_at, inspection.confirmed_by = timezone.now(), by
    inspection.save(update_fields=["confirmation", "studio_remark", "confirmed_at", "confirmed_by"])


def open_findings(inspection, *, by, data):
    """Every line that was not met becomes a problem to put right, in working days from today."""
    today = timezone.localdate()
    days = rules.get_many(["finding_days", "finding_days_serious"])
    for number, line in enumerate(inspection.lines.filter(verdict="not_met"), 1):
        severity = line.severity or "minor"
        term = days["finding_days_serious" if severity == "serious" else "finding_days"]
        fix_by = workdays.add_workdays(today, term)
        finding = Finding.objects.create(
            inspection=inspection,
            line=line,
            number=number,
            clause=line.clause,
            problem=line.note,
            severity=severity,
            fix_by=fix_by,
            due_on=fix_by,
        )
        audit.record("open_finding", finding, by=by, after=f"{fix_by:%Y-%m-%d}", clause=line.clause)


def print_sheet(inspection, *, by, data):
    """The 检查记录, once the studio has answered [5.2]."""
    documents.issue("inspection_sheet", inspection, by=by, content_hash=record_hash(inspection))


# ── findings ────────────────────────────────────────────────────────────────────────────────────
def answer_finding(finding, *, by, data):
    """What the studio did, with proof."""
    finding.answer = data["reason"]
    finding.answered_at, finding.answered_by = timezone.now(), by
    finding.save(update_fields=["answer", "answered_at", "answered_by"])
    for name in ("proof", "proof_more"):
        if data.get(name):
            stored = attachments.store(data[name], by=by)
            FindingProof.objects.create(finding=finding, stored=stored, added_by=by)


def recheck(finding, *, by, data):
    finding.recheck = data["reason"]
    finding.rechecked_at, finding.rechecked_by = timezone.now(), by
    finding.save(update_fields=["recheck", "rechecked_at", "rechecked_by"])


def keep_the_day(finding, *, by, data):
    """Sent back, it is due on the day it always was: an overdue problem never slides."""
    finding.due_on = finding.fix_by


def close_inspection_with_the_last(finding, *, by, data):
    """With its last finding the inspection is over. The inspection is locked first, so of two last ones one sees
    the other."""
    inspection = Inspection.objects.select_for_update(no_key=True).get(pk=finding.inspection_id)
    others = inspection.findings.unsettled().exclude(pk=finding.pk)
    if inspection.status == "closing" and not others.exists():
        finding.save(update_fields=["status"])  # the condition of the other procedure reads it
        Workflow.of(inspection).perform(inspection, "close_inspection", by=None)
