"""Filling in the form: start, save a section, put files with it, let colleagues in."""

from django.db import transaction
from django.utils import timezone

from applications.forms.sections import SECTIONS
from applications.models import Application, ApplicationFile, Batch, Collaborator, SectionDraft
from applications.permissions import may_edit_on_behalf, open_sections
from park import attachments, audit, documents, notices
from park.models import Document
from park.workflow import Conflict, Refused

MAX_FILES = 100


@transaction.atomic
def start_application(*, by, based_on=None) -> Application:
    """A new application of this person [3.2.1]: empty, or with the words of an earlier one (its files stay there)."""
    application = Application.objects.create(applicant=by, batch=Batch.open_now())
    Collaborator.objects.create(application=application, user=by, added_by=by)
    if based_on is not None:
        for row in based_on.sections.all():
            save_section(application, row.name, row.data, version=0, by=by)
    audit.record(
        "start", application, by=by, after=application.status, note=str(based_on or ""), clause="3.2.1"
    )
    return application


@transaction.atomic
def save_section(application, name, raw, *, version, by, reason="") -> SectionDraft:
    """Keep one section as typed. `version` is the one the person began from.

    Raises Conflict when somebody saved in between (nothing is written), Refused when the section is closed
    or an officer gives no reason.
    """
    application = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if name not in open_sections(application):
        raise Refused(f"“{SECTIONS[name].title}”现在不能修改：{_why_closed(application)}")
    on_behalf = may_edit_on_behalf(by, application, name)
    if on_behalf and not reason.strip():
        raise Refused("代申报人修改须写明原因，原因对申报人可见。")
    draft, _ = SectionDraft.objects.get_or_create(
        application=application, name=name, defaults={"saved_by": by}
    )
    if draft.version and draft.data == raw:
        return draft  # nothing new, or the same form sent twice
    if draft.version != version:
        who = "您在另一个窗口" if draft.saved_by_id == by.pk else f"{draft.saved_by}"
        raise Conflict(f"“{SECTIONS[name].title}”已由{who}保存过，您现在的修改尚未保存。")
    draft.data, draft.version, draft.saved_by, draft.saved_at = raw, version + 1, by, timezone.now()
    draft.save()
    if name == "leader" and application.number is None:  # once filed, lists show what was filed
        _copy_names(application, raw)
    if on_behalf:
        audit.record("edit_on_behalf", application, by=by, after=SECTIONS[name].title, note=reason)
        notices.notify(
            [c.user for c in application.collaborators.select_related("user")],
            f"{application}：管理办公室代您修改了“{SECTIONS[name].title}”，原因：{reason}",
            url=application.get_absolute_url(),
        )
    return draft


def _copy_names(application, raw):
    application.studio_name, application.leader_name = raw["studio_name"][:60], raw["leader_name"][:30]
    application.save(update_fields=["studio_name", "leader_name"])


def _why_closed(application) -> str:
    if application.status == "correction":
        return "本次补正不涉及这一部分。"
    return f"当前状态是“{application.status_for_studio}”。"


@transaction.atomic
def add_file(application, section, purpose, checked, *, by, note="") -> ApplicationFile:
    """Put a file that passed `attachments.check` with a section. Raises Refused."""
    application = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if section not in open_sections(application):
        raise Refused(f"现在不能上传：{_why_closed(application)}")
    if application.files.standing().count() >= MAX_FILES:
        raise Refused(f"一份申报最多 {MAX_FILES} 个附件，请合并成 PDF 后再上传。")
    again = application.files.standing().filter(
        section=section, purpose=purpose, stored__sha256=checked.sha256
    )
    if row := again.first():
        return row  # the same form sent twice
    stored = attachments.store(checked, by=by)
    row = ApplicationFile.objects.create(
        application=application, section=section, purpose=purpose, stored=stored, note=note, added_by=by
    )
    audit.record("add_file", application, by=by, after=f"{section}/{purpose} {stored.sha256}")
    return row


@transaction.atomic
def remove_file(row: ApplicationFile, *, by):
    """Take a file out of the form; filed versions keep it."""
    application = Application.objects.select_for_update(no_key=True).get(pk=row.application_id)
    if row.section not in open_sections(application):
        raise Refused(f"现在不能删除：{_why_closed(application)}")
    if row.removed_at is None:
        row.removed_at, row.removed_by = timezone.now(), by
        row.save(update_fields=["removed_at", "removed_by"])
        audit.record("remove_file", application, by=by, before=f"{row.section}/{row.purpose}")


@transaction.atomic
def restore_file(row: ApplicationFile, *, by):
    """Undo a removal."""
    application = Application.objects.select_for_update(no_key=True).get(pk=row.application_id)
    if row.section not in open_sections(application):
        raise Refused(f"现在不能恢复：{_why_closed(application)}")
    row.removed_at = row.removed_by = None
    row.save(update_fields=["removed_at", "removed_by"])
    audit.record("restore_file", application, by=by, after=f"{row.section}/{row.purpose}")


@transaction.atomic
def erase_unfiled(application, *, by, reason):
    """Erase an application that was never filed: what was typed, the uploads, the papers printed for the stamp."""
    application = Application.objects.select_for_update(no_key=True).get(pk=application.pk, number=None)
    audit.record("erase_unfiled", application, by=by, note=reason, clause="3.2.1")
    files = [row.stored for row in application.files.select_related("stored")]
    files += [row.stored for row in application.recommendations.select_related("stored")]
    papers = [*Document.objects.about(application)]
    papers += [
        copy.document for copy in application.stamp_copies.exclude(document=None).select_related("document")
    ]
    application.recommendations.all().delete()
    application.recommendation_links.all().delete()
    application.stamp_copies.all().delete()
    application.delete()
    for stored in files:
        attachments.purge(stored, by=by, reason=reason)
    for paper in papers:
        documents.purge(paper, by=by, reason=reason)


@transaction.atomic
def add_collaborator(application, user, *, by) -> Collaborator:
    """Let a colleague fill in the form too."""
    row, created = Collaborator.objects.get_or_create(
        application=application, user=user, defaults={"added_by": by}
    )
    if created:
        audit.record("add_collaborator", application, by=by, after=user.username)
        notices.notify([user], f"{by}邀请您共同填报入驻申报。", url=application.get_absolute_url())
    return row


@transaction.atomic
def remove_collaborator(application, user, *, by):
    """The applicant's own account stays."""
    if user.pk == application.applicant_id:
        raise Refused("申报账号本人不能移出。")
    deleted, _ = Collaborator.objects.filter(application=application, user=user).delete()
    if deleted:
        audit.record("remove_collaborator", application, by=by, before=user.username)
