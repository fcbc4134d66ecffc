"""Inspections as plain as they can be, brought to a status by their own steps."""

import uuid
from datetime import timedelta

from django.utils import timezone

from assessments.actions import inspection as acts
from assessments.models import Finding, Inspection, InspectionItem
from assessments.workflow import FINDING, INSPECTION
from park import attachments
from tests.pictures import jpeg

ITEMS = (("A2.1", "工作室标识完好"), ("A2.4", "有成果荣誉展示栏"), ("5.3", "按时缴纳费用"))


def items():
    """A short checklist, whatever the installation starts with."""
    InspectionItem.objects.exclude(code__startswith="item").update(on_form=False)
    for order, (clause, label) in enumerate(ITEMS):
        InspectionItem.objects.get_or_create(
            code=f"item{order}",
            defaults={"label": label, "clause": clause, "edition": "本园", "order": order},
        )


def plan(residencies, *, by, inspectors, inspect_on=None, note="抽查", **period):
    """One plan around today; `note` allows any day."""
    items()
    today = timezone.localdate()
    return acts.plan_inspections(
        residencies,
        title="本季度定期检查",
        starts_on=period.get("starts_on", today - timedelta(days=60)),
        ends_on=period.get("ends_on", today + timedelta(days=60)),
        inspect_on=inspect_on or today,
        inspectors=inspectors,
        by=by,
        note=note,
    )


def record(
    inspection,
    *,
    by,
    verdicts=("met", "not_met", "met"),
    note="展示栏没有更新",
    summary="总体良好。",
    **kwargs,
):
    """Every line with its verdict; what is not met is a minor problem with a note."""
    lines = {}
    for line, verdict in zip(inspection.lines.all(), verdicts, strict=True):
        bad = verdict == "not_met"
        lines[line.pk] = (verdict, "minor" if bad else "", note if bad else "")
    inspection = Inspection.objects.get(pk=inspection.pk)
    given = {"version": inspection.version, "saved_from": uuid.uuid4()} | kwargs
    return acts.save_record(inspection, summary=summary, lines=lines, by=by, **given)


def in_status(inspection, status, *, inspector, owner, **recorded):
    """The same inspection brought to a status."""
    if status == "cancelled":
        return INSPECTION.perform(inspection, "cancel_inspection", by=inspector, data={"reason": "天气原因"})
    if status == "planned":
        return inspection
    record(inspection, by=inspector, **recorded)
    inspection = INSPECTION.perform(inspection, "finish_inspection", by=inspector)
    if status == "recorded":
        return inspection
    answer = {"answer": "online", "remark": ""}
    bad = "not_met" in recorded.get("verdicts", ("not_met",))
    name = "confirm_inspection" if bad else "confirm_clean_inspection"
    inspection = INSPECTION.perform(inspection, name, by=owner, data=answer)
    if status == "closed" and bad:
        for finding in inspection.findings.all():
            close(finding, inspector=inspector, owner=owner)
        inspection.refresh_from_db()
    return inspection


def answer(finding, *, owner):
    data = {"reason": "已更新展示栏。", "proof": attachments.check(jpeg())}
    return FINDING.perform(finding, "answer_finding", by=owner, note=data["reason"], data=data)


def close(finding, *, inspector, owner) -> Finding:
    answer(finding, owner=owner)
    return FINDING.perform(finding, "close_finding", by=inspector, data={"reason": "现场查看属实。"})
