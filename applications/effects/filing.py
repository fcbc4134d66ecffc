"""What follows from a step, inside the same database transaction."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from pypinyin import lazy_pinyin

from applications.checklist import WHOLE_FORM, lines_for
from applications.forms.progress import changed_sections, progress_of
from applications.models import ReviewDecision, ReviewLine, Submission, SubmissionFile
from applications.papers.filing import member_total, printed_hash
from park import documents
from park.actions import record_consents
from park.models import Consent, District, Document, PrivacyNotice
from park.models.document import next_number
from park.workflow import Refused


def freeze_submission(application, *, by, data):
    """The next filed version: content, files by hash, the columns for lists, the printed form [A1]."""
    progress = progress_of(application)
    standing = application.standing_recommendation()
    last = application.latest_submission()
    content = progress.frozen() | {
        "filled_on": timezone.localdate().isoformat(),
        "member_total": member_total(progress.frozen()),
        "recommendation": {
            "mode": {"code": standing.mode, "label": standing.get_mode_display()},
            "via": standing.get_via_display(),
            "opinion": standing.opinion,
            "reason": standing.reason,
            "file": standing.stored.sha256,
        },
    }
    submission = Submission.objects.create(
        application=application,
        number=last.number + 1 if last else 1,
        data=content,
        content_hash=documents.hash_of(content),
        changed_sections=_changes(last, content, progress, standing),
        submitted_by=by,
    )
    rows = [row for state in progress.states.values() for row in state.files]
    SubmissionFile.objects.bulk_create(
        [
            SubmissionFile(
                submission=submission,
                section=row.section,
                purpose=row.purpose,
                stored=row.stored,
                note=row.note,
                sha256=row.stored.sha256,
            )
            for row in rows
        ]
        + [
            SubmissionFile(
                submission=submission,
                section="recommendation",
                purpose="stamped_form",
                stored=standing.stored,
                sha256=standing.stored.sha256,
            )
        ]
    )
    _copy_columns(application, content)
    _print(application, submission, last, by=by)


def _changes(last, content, progress, standing) -> list[str]:
    """Sections that differ from the version before, in text or in files."""
    if last is None:
        return []
    changed = set(changed_sections(last.data, content))
    before = {}
    for row in last.files.all():
        before.setdefault(row.section, set()).add(row.stored_id)
    for name, state in progress.states.items():
        if {row.stored_id for row in state.files} != before.get(name, set()):
            changed.add(name)
    if before.get("recommendation") != {standing.stored_id}:
        changed.add("recommendation")
    return [name for name in (*progress.states, "recommendation") if name in changed]


def _copy_columns(application, content):
    leader, unit = content["leader"], content["unit"]
    if application.number is None:
        application.number = next_number("SB", timezone.localdate().year)
        application.submitted_at = timezone.now()
    application.studio_name = leader["studio_name"]
    application.leader_name = leader["leader_name"]
    application.leader_sort_key = " ".join(lazy_pinyin(leader["leader_name"]))[:120]
    application.leader_id_index = application.index_of(leader["leader_id_number"])
    application.occupation = leader["leader_occupation"]
    application.unit_name = unit["unit_name"]
    application.district = District.objects.get(code=unit["unit_district"]["code"])
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:  # somebody filed for the same leader in this very moment
        raise Refused("这位领衔人已有一份正在办理的申报，不能重复提交。") from None


def _print(application, submission, last, *, by):
    former = Document.objects.about(last).filter(kind="annex1").first() if last else None
    documents.issue(
        "annex1",
        submission,
        by=by,
        number=application.number,
        content_hash=printed_hash(submission.data),
        supersedes=former,
    )
    documents.issue("receipt", submission, by=by, content_hash=submission.content_hash)


def record_submission_consents(application, *, by, data):
    """The separate ticks of the submission, in the version shown."""
    given = [purpose for purpose in Consent.Purpose.values if data.get(purpose)]
    if given:
        record_consents(by, given, notice=PrivacyNotice.current())


def close_correction(application, *, by, data):
    application.corrections.filter(issued_at__isnull=False, closed_at=None).update(closed_at=timezone.now())


def drop_unissued_correction(application, *, by, data):
    """A correction in preparation falls when the review ends otherwise."""
    application.corrections.filter(issued_at=None).delete()


def carry_findings_over(application, *, by, data):
    """Findings on the former version stand for the new one; where the text changed they must be confirmed."""
    new = application.latest_submission()
    former = application.submissions.filter(number=new.number - 1).first()
    if former is None:
        return
    items = {line.item: line for line in lines_for(new.data)}
    ReviewLine.objects.bulk_create(
        ReviewLine(
            submission=new,
            item=row.item,
            verdict=row.verdict,
            note=row.note,
            by=row.by,
            at=row.at,
            carried_over=row.verdict != "met"
            or items[row.item].section in new.changed_sections
            or (row.item == WHOLE_FORM and bool(new.changed_sections)),
        )
        for row in former.review_lines.all()
        if row.item in items
    )


def issue_correction(application, *, by, data):
    """The 一次性告知书: items, due date in working days, by when and how."""
    correction = application.corrections.get(closed_at=None)
    correction.issued_at, correction.issued_by, correction.due_on = timezone.now(), by, application.due_on
    correction.submission = application.latest_submission()
    correction.document = documents.issue("correction_notice", correction, by=by)
    correction.save()


def record_pass(application, *, by, data):
    _decide(application, ReviewDecision.Outcome.PASSED, data["opinion"], "", by)


def record_rejection(application, *, by, data):
    decision = _decide(application, ReviewDecision.Outcome.REJECTED, data["reason"], data["clause"], by)
    documents.issue("rejection_letter", decision, by=by)


def _decide(application, outcome, reason, clause, by) -> ReviewDecision:
    decision = ReviewDecision.objects.create(
        application=application,
        submission=application.latest_submission(),
        outcome=outcome,
        reason=reason,
        clause=clause,
        by=by,
    )
    documents.issue("review_opinion", decision, by=by)
    return decision


def withdraw_papers(application, *, by, data):
    """Prints of a form that was taken back no longer stand; whoever checks one is told so."""
    rows = Document.objects.filter(
        kind__in=["annex1", "annex1_stamp", "annex1_approved"], state__in=["pending", "issued", "failed"]
    )
    for subjects in (
        application.submissions.all(),
        application.stamp_copies.all(),
        application.list_entries.all(),
    ):
        label = subjects.model._meta.label_lower
        for paper in rows.filter(subject_model=label, subject_id__in=[str(s.pk) for s in subjects]):
            documents.withdraw(paper, by=by, reason="申报已撤回")


def close_links(application, *, by, data):
    """No recommendation link outlives the filling in."""
    application.recommendation_links.filter(used_at=None, revoked_at=None).update(revoked_at=timezone.now())
