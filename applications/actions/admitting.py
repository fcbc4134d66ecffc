"""Letters to the studios: prepared with each decision, read once more in the outbox, sent together [3.2.3]."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from applications.models import Application, Letter, Status
from applications.permissions import is_officer
from park import audit, documents, notices, rules, workdays
from park.attachments import personal_data_in
from park.models import User
from park.models.document import hold_numbers
from park.workflow import Refused

K = Letter.Kind
# Where a case must stand for its letter to be true; one that moved on is not told yesterday's result.
TRUE_IN = {
    K.ADMITTED: {Status.ADMITTED},
    K.NOT_ADMITTED: {Status.NOT_SELECTED, Status.DECLINED},
    K.WAITLISTED: {Status.WAITLISTED},
    K.PROMOTED: {Status.APPROVED, Status.ON_NOTICE},
}
PAPER_OF = {
    K.ADMITTED: "letter_admitted",
    K.NOT_ADMITTED: "letter_not_admitted",
    K.WAITLISTED: "letter_waitlisted",
    K.PROMOTED: "letter_promoted",
}
MOST = 200


def waiting(letters=None):
    """Letters that have been neither sent nor dropped."""
    return (Letter.objects if letters is None else letters).filter(sent_at=None, dropped_at=None)


def drop_waiting(application):
    """A letter that was not sent falls when the case goes on."""
    waiting(application.letters).update(dropped_at=timezone.now())


def prepare(application, kind, *, stage, clause, reason="") -> Letter:
    """Put a letter into the outbox, in the transaction of the decision; until it is sent the studio is told nothing."""
    drop_waiting(application)
    application.result_told_at = None
    application.save(update_fields=["result_told_at"])
    return Letter.objects.create(
        application=application, kind=kind, stage=stage, clause=clause, reason=reason
    )


def dates(letter, today=None) -> dict:
    """The days that the letter names, counted from the day it goes out."""
    today = today or timezone.localdate()
    if letter.kind == K.ADMITTED:
        return {"respond_by": workdays.add_workdays(today, rules.get("agreement_days"))}
    if letter.kind == K.NOT_ADMITTED and (days := rules.get("reapply_after_days")):
        return {"may_apply_from": today + timedelta(days=days)}
    return {}


def _lock(letter) -> tuple[Application, Letter]:
    application = Application.objects.select_for_update(no_key=True).get(pk=letter.application_id)
    return application, Letter.objects.select_for_update(no_key=True).get(pk=letter.pk)


def why_not(letter, application, user) -> str:
    """Why this letter cannot go out now, or ""."""
    if letter.sent_at:
        return "已经发出。"
    if letter.dropped_at:
        return "已经作废：申报又有了进展。"
    if not is_officer(user, application):
        return "您参与了这份申报，不能办理。"
    if application.status not in TRUE_IN[letter.kind]:
        return f"现在是“{application.get_status_display()}”，与这份文书不符，将作废。"
    if found := personal_data_in(letter.reason):
        return f"理由中有{'、'.join(found)}，请先改掉。"
    return ""


@transaction.atomic
def change_reason(letter, reason, *, by) -> Letter:
    """The words that the studio will read, improved before they go out. Raises Refused."""
    application, letter = _lock(letter)
    if letter.sent_at or letter.dropped_at:
        raise Refused(f"{letter}已经发出或作废，不能修改。")
    if not is_officer(by, application):
        raise Refused("您参与了这份申报，不能办理。")
    if letter.kind == K.NOT_ADMITTED and not reason.strip():
        raise Refused("请写明理由。")
    if letter.reason != reason:
        letter.reason = reason
        letter.save(update_fields=["reason"])
        audit.record(
            "change_letter", application, by=by, after=letter.get_kind_display(), clause=letter.clause
        )
    return letter


@transaction.atomic
def send(letter, *, by) -> Letter:
    """Issue the paper, tell the studio, open the result to it: together or not at all. Raises Refused; a letter that
    is no longer true is dropped and says so."""
    application, letter = _lock(letter)
    if refusal := why_not(letter, application, by):
        raise Refused(f"{application}：{refusal}")
    now = timezone.now()
    for name, value in dates(letter).items():
        setattr(letter, name, value)
    letter.sent_at, letter.sent_by = now, by
    letter.save()
    letter.document = documents.issue(PAPER_OF[letter.kind], letter, by=by)
    letter.save(update_fields=["document"])
    application.result_told_at = now
    application.save(update_fields=["result_told_at"])
    audit.record("send_letters", application, by=by, after=letter.get_kind_display(), clause=letter.clause)
    studio = User.objects.filter(pk__in=application.collaborators.values("user"), is_active=True)
    notices.notify(
        studio,
        f"{application}：办理结果已经书面告知，请查看《{letter.get_kind_display()}》。",
        url=application.get_absolute_url(),
        subject=application,
    )
    return letter


@transaction.atomic
def send_many(keys, *, by) -> tuple[list[Letter], list[str]]:
    """Send these letters (pks): those that went out, and a sentence for each that did not. Every row is all or nothing.

    The cases are locked first, in the order of their keys, then the numbers of their papers, before the first entry
    on the trail.
    """
    letters = Letter.objects.filter(pk__in=list(keys)[:MOST]).select_related("application")
    cases = Application.objects.filter(pk__in=letters.values("application"))
    list(cases.order_by("pk").select_for_update(no_key=True))
    letters = list(letters.order_by("application_id"))
    hold_numbers({documents.KINDS[PAPER_OF[row.kind]].prefix for row in letters}, timezone.localdate().year)
    sent, refused = [], []
    for letter in letters:
        try:
            with transaction.atomic():
                sent.append(send(letter, by=by))
        except Refused as refusal:
            refused.append(str(refusal))
            moved_on = letter.application.status not in TRUE_IN[letter.kind]
            if letter.sent_at is None and letter.dropped_at is None and moved_on:
                drop_waiting(letter.application)
    return sent, refused
