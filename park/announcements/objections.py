"""Objections to a 公示 [3.2.3]: taken in, looked into, decided. Who objects is in the office's hands alone."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from park import attachments, audit, notices
from park.announcements.table import handles
from park.models import Announcement, AnnouncementStatus, Objection, Role, User
from park.models.document import next_number
from park.workflow import Refused


@transaction.atomic
def receive(announcement, *, row, name, contact, text, checked=None, by, recorded=False) -> Objection:
    """Give an objection its number. The public form closes with the last day; an officer may write down what
    came on paper until the notice is concluded. Raises Refused."""
    notice = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    open_now = notice.takes_objections or (
        recorded and notice.status == AnnouncementStatus.PUBLISHED and notice.notice_days > 0
    )
    if not open_now:
        raise Refused("公示期已经结束或者公示已撤下，不再在线受理异议；如有情况反映，请与管理办公室联系。")
    objection = Objection(
        announcement=notice,
        number=next_number("YI", timezone.localdate().year),
        row=row,
        stored=attachments.store(checked, by=by if recorded else None) if checked else None,
        recorded_by=by if recorded else None,
    )
    objection.name, objection.contact, objection.text = name, contact, text
    objection.save()
    audit.record("receive_objection", objection, by=by if recorded else None, clause="3.2.3")
    office = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION)
    notices.notify(
        [u for u in office if u != by and handles(u, notice)],
        f"{notice}收到一件异议，受理编号{objection.number}，请核查。",
        url=reverse("objection", args=[notice.key, objection.key]),
    )
    return objection


def undecided(objection) -> Objection:
    """The row, locked, its announcement first. Raises Refused when somebody decided it."""
    Announcement.objects.select_for_update(no_key=True).get(pk=objection.announcement_id)
    row = Objection.objects.select_for_update(no_key=True).get(pk=objection.pk)
    if row.outcome:
        raise Refused(f"{row}已经处理：{row.get_outcome_display()}。")
    return row


@transaction.atomic
def save_findings(objection, *, row, findings, answer, by) -> Objection:
    """What was found out and what will be answered, before the decision."""
    objection = undecided(objection)
    objection.row, objection.findings, objection.answer = row, findings, answer
    objection.save(update_fields=["row", "findings", "answer"])
    audit.record("save_findings", objection, by=by, clause="3.2.3")
    return objection


@transaction.atomic
def dismiss(objection, *, by) -> Objection:
    """The office finds that it does not hold."""
    objection = undecided(objection)
    if not (objection.findings.strip() and objection.answer.strip()):
        raise Refused("请先写明核查情况和答复。")
    decide(objection, Objection.Outcome.DISMISSED, by=by)
    audit.record("dismiss_objection", objection, by=by, after=objection.outcome, clause="3.2.3")
    return objection


def decide(objection, outcome, *, by):
    """Write the outcome on a locked row; who may find for the objector is asked by the app."""
    objection.outcome, objection.decided_at, objection.decided_by = outcome, timezone.now(), by
    objection.save(update_fields=["outcome", "decided_at", "decided_by"])
