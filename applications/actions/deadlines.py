"""What does the passing of time ask for? Reminders of corrections, and drafts that nobody goes on with [3.2.2][L5].

Safe to repeat: each act leaves a mark that keeps it from being done again.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from applications.actions.filling import erase_unfiled
from applications.models import Application, Correction, Status
from park import audit, notices, rules, workdays
from park.models import AuditEntry

WARNING_DAYS = 7  # natural days between the word about a forgotten draft and its removal


def remind_of_corrections() -> int:
    """Tell the studio, once, that a correction ends within `correction_reminder_days` working days."""
    today = timezone.localdate()
    last = workdays.add_workdays(today, rules.get("correction_reminder_days"))
    count = 0
    for row in Correction.objects.filter(closed_at=None, reminded_at=None, due_on__range=(today, last)):
        with transaction.atomic():
            application = Application.objects.select_for_update(no_key=True).get(pk=row.application_id)
            mine = Correction.objects.filter(pk=row.pk, closed_at=None, reminded_at=None)
            if not mine.update(reminded_at=timezone.now()):
                continue
            _tell(application, f"{application}：补正期限是 {row.due_on:%Y年%m月%d日}，请在当日之前提交补正。")
            audit.record("remind_correction", application, by=None, after=row.due_on, clause="3.2.2")
            count += 1
    return count


def overdue_corrections() -> list[Application]:
    """Applications whose correction was due before today, for the step `lapse`; none where the rule leaves it."""
    if not rules.get("correction_lapse"):
        return []
    return list(Application.objects.filter(status=Status.CORRECTION).overdue().order_by("pk"))


def warn_of_forgotten_drafts() -> int:
    """Tell the studio, a week before, that a paper which was never filed will be removed."""
    days = rules.get("draft_retention_days")
    count = 0
    for draft in never_filed(untouched_for=days - WARNING_DAYS):
        if _warned_at(draft) is None:
            with transaction.atomic():
                _tell(
                    draft,
                    f"您有一份入驻申报已 {days - WARNING_DAYS} 天没有修改，再过 {WARNING_DAYS} 天仍未修改或提交将被清除。",
                )
                audit.record("warn_forgotten_draft", draft, by=None, note=f"{days} 天未修改将清除")
            count += 1
    return count


def erase_forgotten_drafts() -> int:
    """Remove what was never filed, nor touched for `draft_retention_days`, and was announced a week before."""
    long_enough = timezone.now() - timedelta(days=WARNING_DAYS)
    count = 0
    for draft in never_filed(untouched_for=rules.get("draft_retention_days")):
        warned = _warned_at(draft)
        if warned is not None and warned <= long_enough:
            erase_unfiled(draft, by=None, reason="逾期未修改也未提交，按本园设定清除")
            count += 1
    return count


def never_filed(*, untouched_for: int):
    """Applications that were never handed in (drafts, and drafts withdrawn) and not touched for so many days."""
    touched = Greatest(
        "created_at",
        "status_since",
        Coalesce(Max("sections__saved_at"), "created_at"),
        Coalesce(Max("files__added_at"), "created_at"),
        Coalesce(Max("files__removed_at"), "created_at"),
        Coalesce(Max("stamp_copies__made_at"), "created_at"),
    )
    rows = Application.objects.filter(number=None).annotate(touched=touched)
    return rows.filter(touched__lt=timezone.now() - timedelta(days=untouched_for)).order_by("pk")


def _warned_at(draft):
    """When this draft was announced for removal, if nobody touched it since."""
    entry = AuditEntry.objects.filter(
        subject_model=draft._meta.label_lower,
        subject_id=str(draft.pk),
        verb="warn_forgotten_draft",
        at__gte=draft.touched,
    ).first()
    return entry and entry.at


def _tell(application, text):
    people = [row.user for row in application.collaborators.select_related("user") if row.user.is_active]
    notices.notify(people, text, url=application.get_absolute_url(), subject=application)
