"""The office's writes beside the steps: findings, corrections in preparation, notes, assignment, reveals."""

from django.db import transaction
from django.utils import timezone

from applications.checklist import lines_for
from applications.models import Application, CaseNote, Correction, CorrectionItem, ReviewLine, Status
from applications.permissions import is_officer
from park import audit, notices
from park.models import Role, User
from park.workflow import Refused


def _under_review(application) -> Application:
    application = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if application.status != Status.SUBMITTED:
        raise Refused(f"只有材料初审阶段可以修改审查意见，当前是“{application.get_status_display()}”。")
    return application


@transaction.atomic
def record_findings(application, findings: dict, *, submission, by):
    """Write verdict and note per checklist line; `findings` is item -> (verdict, note), "" takes a verdict back.

    Raises Refused outside initial review or when a newer version was filed meanwhile.
    """
    application = _under_review(application)
    if application.latest_submission() != submission:
        raise Refused("申报人已提交新版本，请在新版本上审查。")
    known = {line.item for line in lines_for(submission.data)}
    for item, (verdict, note) in findings.items():
        if item not in known:
            continue
        if not verdict:
            ReviewLine.objects.filter(submission=submission, item=item).delete()
            continue
        ReviewLine.objects.update_or_create(
            submission=submission,
            item=item,
            defaults={
                "verdict": verdict,
                "note": note,
                "by": by,
                "at": timezone.now(),
                "carried_over": False,
            },
        )
    audit.record(
        "record_findings",
        application,
        by=by,
        after=f"第{submission.number}版 {len(findings)}项",
        clause="3.2.2",
    )


@transaction.atomic
def add_correction_item(application, *, section, missing, clause, by) -> CorrectionItem:
    """Put one more thing on the correction in preparation."""
    application = _under_review(application)
    correction = application.corrections.filter(closed_at=None).first() or Correction.objects.create(
        application=application,
        submission=application.latest_submission(),
        round=application.corrections.count() + 1,
    )
    return CorrectionItem.objects.create(
        correction=correction, section=section, missing=missing, clause=clause
    )


@transaction.atomic
def remove_correction_item(application, item_id, *, by):
    """Take a thing off a correction that has not been issued."""
    application = _under_review(application)
    CorrectionItem.objects.filter(
        pk=item_id, correction__application=application, correction__issued_at=None
    ).delete()


@transaction.atomic
def add_note(application, text, *, internal, by) -> CaseNote:
    """A remark inside the office, or a message that the other side is told of."""
    note = CaseNote.objects.create(application=application, text=text, internal=internal, by=by)
    audit.record("internal_note" if internal else "message", application, by=by)
    if not internal:
        studio = [c.user for c in application.collaborators.select_related("user")]
        office = [application.officer] if application.officer else User.objects.with_role(Role.OFFICE)
        others = studio if by not in studio else (office if application.number else [])
        notices.notify(
            [u for u in others if u != by],
            f"{application}：{by}给您留言。",
            url=application.get_absolute_url(),
        )
    return note


@transaction.atomic
def assign(application, officer, *, by) -> Application:
    """Hand the case to an officer, who is told."""
    application = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if not application.is_open or application.status == Status.DRAFT:
        raise Refused(f"{application}已办结，不能再分派。")
    for person in (by, officer):
        if not is_officer(person, application):
            raise Refused(f"{application}没有分派：{person}参与了这份申报，不能经办。")
    if application.officer_id == officer.pk:
        return application
    before, application.officer = application.officer, officer
    application.save(update_fields=["officer"])
    audit.record("assign", application, by=by, before=before or "", after=officer)
    if officer != by:
        notices.notify([officer], f"{application}分派给您办理。", url=application.get_absolute_url())
    return application


@transaction.atomic
def reveal(application, *, by, reason) -> dict:
    """Identity number and mobile of the leader in full: a reason and an audit entry go first (L5)."""
    audit.record("reveal", application, by=by, note=reason, after="身份证号码、手机")
    leader = application.latest_submission().data["leader"]
    return {"leader_id_number": leader["leader_id_number"], "leader_mobile": leader["leader_mobile"]}


@transaction.atomic
def receive_originals(application, *, by) -> Application:
    """The two signed and stamped originals are here [A1 一式两份]."""
    application = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if application.originals_received_at is None:
        application.originals_received_at, application.originals_received_by = timezone.now(), by
        application.save(update_fields=["originals_received_at", "originals_received_by"])
        audit.record("receive_originals", application, by=by, clause="A1")
    return application
