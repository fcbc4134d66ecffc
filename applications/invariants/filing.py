"""Is every filed version still what was filed, and do the columns for lists still say the same?

Registered with `park.invariants`; `manage.py check_invariants` evaluates them.
"""

from applications.models import Application, Submission, SubmissionFile
from park import crypto, documents
from park.invariants import Invariant
from park.triggers import Trigger


def _changed_versions() -> list[str]:
    """Filed versions whose content no longer gives its fingerprint, or cannot be read."""
    broken = []
    for version in Submission.objects.select_related("application").iterator(chunk_size=200):
        try:
            same = documents.hash_of(version.data) == version.content_hash
        except crypto.Undecipherable:
            same = False
        if not same:
            broken.append(str(version))
    return broken


def _wrong_columns() -> list[str]:
    """Applications whose columns differ from the version filed last."""
    wrong = []
    for application in Application.objects.filed().select_related("district").iterator(chunk_size=200):
        version = application.latest_submission()
        try:
            content = version.data if version else None
        except crypto.Undecipherable:
            continue  # named by the check of the versions
        if content is None or not _agree(application, content):
            wrong.append(application.number)
    return wrong


def _agree(application, content) -> bool:
    leader, unit = content["leader"], content["unit"]
    district = application.district
    return (
        application.leader_name == leader["leader_name"]
        and application.studio_name == leader["studio_name"]
        and application.leader_id_index == application.index_of(leader["leader_id_number"])
        and application.occupation == leader["leader_occupation"]
        and application.unit_name == unit["unit_name"]
        and district is not None
        and district.code == unit["unit_district"]["code"]
    )


def _exchanged_files() -> list[str]:
    """Files of filed versions whose row no longer has the fingerprint of the day."""
    rows = SubmissionFile.objects.select_related("stored", "submission__application").iterator(chunk_size=500)
    return [f"{row.submission} {row.stored.key}" for row in rows if row.stored.sha256 != row.sha256]


INVARIANTS = (
    Invariant("submission_content", "提交版本的内容与指纹一致", check=_changed_versions),
    Invariant("application_columns", "申报清单各栏与最后提交的版本一致", check=_wrong_columns),
    Invariant("submission_files", "提交版本的附件与登记的指纹一致", check=_exchanged_files),
    Invariant(
        "submission_numbers",
        "每份申报的提交版本从 1 起连续编号",
        "SELECT application_id FROM applications_submission GROUP BY application_id HAVING COUNT(*) <> MAX(number)",
    ),
    Invariant(
        "application_numbers",
        "申报编号在每一年内从 0001 起连续",
        "SELECT SUBSTR(number, 1, 7) FROM applications_application WHERE number LIKE 'SB-%'"
        " GROUP BY SUBSTR(number, 1, 7)"
        " HAVING COUNT(*) <> MAX(CAST(SUBSTR(number, 9) AS INTEGER))",
    ),
    Invariant(
        "correction_open",
        "补正中的申报有且只有一份已告知、未办结的告知书",
        "SELECT a.number FROM applications_application a WHERE (a.status = 'correction') <> EXISTS"
        " (SELECT 1 FROM applications_correction c WHERE c.application_id = a.id AND c.issued_at IS NOT NULL"
        " AND c.closed_at IS NULL)",
    ),
    Invariant(
        "review_decided",
        "初审结论与状态一致，通过的有结论，不予通过的有初审或现场考察的依据",
        "SELECT a.number FROM applications_application a LEFT JOIN applications_reviewdecision d"
        " ON d.application_id = a.id WHERE (a.status = 'site_visit' AND COALESCE(d.outcome, '') <> 'passed')"
        " OR (a.status = 'rejected' AND COALESCE(d.outcome, '') <> 'rejected' AND NOT EXISTS"
        " (SELECT 1 FROM applications_sitevisit v WHERE v.application_id = a.id AND v.refused_at IS NOT NULL))"
        " OR (a.status IN ('draft', 'submitted', 'correction') AND d.id IS NOT NULL)",
    ),
    Invariant(
        "applicant_fills",
        "申报账号本人总在共同填报人之中",
        "SELECT a.key FROM applications_application a WHERE NOT EXISTS (SELECT 1 FROM applications_collaborator c"
        " WHERE c.application_id = a.id AND c.user_id = a.applicant_id)",
    ),
)

TRIGGERS = (
    Trigger("submission_no_delete", "applications_submission", "DELETE", "filed versions stay"),
    Trigger(
        "submission_file_no_update",
        "applications_submissionfile",
        "UPDATE",
        "filed versions do not change",
    ),
    Trigger("submission_file_no_delete", "applications_submissionfile", "DELETE", "filed versions stay"),
    Trigger(
        "submission_frozen",
        "applications_submission",
        "UPDATE",
        "filed versions do not change",
        "OLD.content_hash <> NEW.content_hash OR OLD.number <> NEW.number "
        "OR OLD.application_id <> NEW.application_id OR OLD.submitted_at <> NEW.submitted_at "
        "OR OLD.submitted_by_id <> NEW.submitted_by_id OR OLD.row_key <> NEW.row_key "
        "OR OLD.changed_sections <> NEW.changed_sections",
    ),
)
