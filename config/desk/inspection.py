"""What do the regular inspections want from this person next [5.2]?"""

from django.db.models import F

from assessments.models import Finding, FindingStatus, Inspection, InspectionStatus
from assessments.permissions.inspection import may_inspect
from assessments.workflow import FINDING, INSPECTION
from config.desk.rows import Row, Section
from park.models import Role
from park.permissions import is_office
from workshops.models import Studio

TO_ANSWER = [FindingStatus.OPEN, FindingStatus.REOPENED]


def sections_for(user) -> list[Section]:
    found = []
    inspections = Inspection.objects.select_related("residency__studio", "plan")
    findings = Finding.objects.select_related("inspection__residency__studio")
    page = "assessments:inspections"
    if may_inspect(user):
        mine = inspections.filter(inspectors__user=user).order_by("inspect_on", "pk")
        found.append(
            Section("我要参加的定期检查", mine.filter(status=InspectionStatus.PLANNED), _inspection, page)
        )
        rows = findings.filter(status=FindingStatus.ANSWERED)
        if not is_office(user):
            rows = rows.filter(inspection__inspectors__user=user)
        own = Studio.objects.of(user)
        rows = rows.exclude(inspection__residency__studio__in=own).order_by("due_on", "pk")
        found.append(Section("待复查的问题", rows, _finding, page, query="?view=findings&status=answered"))
    if is_office(user):
        found += [
            Section(
                "逾期未整改的问题",
                findings.overdue().filter(status__in=TO_ANSWER).order_by("fix_by", "pk"),
                _finding,
                page,
                query="?view=findings&status=overdue",
            ),
            Section(
                "待工作室核对的检查记录",
                inspections.filter(status=InspectionStatus.RECORDED).order_by("due_on", "pk"),
                _inspection,
                page,
                query="?view=list&status=recorded",
            ),
        ]
    if user.has_role(Role.APPLICANT):
        own = Studio.objects.of(user).values("pk")
        to_confirm = inspections.filter(residency__studio__in=own, status=InspectionStatus.RECORDED)
        to_fix = findings.filter(inspection__residency__studio__in=own, status__in=TO_ANSWER)
        coming = inspections.filter(residency__studio__in=own, status=InspectionStatus.PLANNED)
        found += [
            Section("请核对的检查记录", to_confirm.order_by("due_on", "pk"), _inspection, "workshops:mine"),
            Section("请整改的问题", to_fix.order_by(F("fix_by"), "pk"), _finding, "workshops:mine"),
            Section("即将进行的检查", coming.order_by("inspect_on", "pk"), _inspection, "workshops:mine"),
        ]
    return found


def _inspection(row) -> Row:
    stage = INSPECTION.stage(row)
    planned = row.status == InspectionStatus.PLANNED
    return Row(
        row.get_absolute_url(),
        row.residency.studio.name,
        row.plan.title,
        row.residency.studio.leader_name,
        stage.label,
        stage.public,
        row.due_on,
        row.inspect_on if planned else None,
    )


def _finding(row) -> Row:
    stage = FINDING.stage(row)
    studio = row.inspection.residency.studio
    return Row(
        row.get_absolute_url(),
        row.problem[:40],
        studio.name,
        studio.leader_name,
        stage.label,
        stage.public,
        row.due_on,
    )
