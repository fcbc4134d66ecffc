"""What do repairs, safety and house rules want from this person next [5.3]?"""

from config.desk.rows import Row, Section
from park.models import Role
from park.permissions import is_office
from workshops.models import (
    Breach,
    Hazard,
    HazardStatus,
    HouseRuleVersion,
    Incident,
    RepairStatus,
    RepairTicket,
    SafetyLetter,
    Studio,
)
from workshops.models.house_rule import readers_in_park
from workshops.permissions import is_logistics
from workshops.workflow import HAZARD, REPAIR

MENDING = [RepairStatus.REPORTED, RepairStatus.ACCEPTED, RepairStatus.WORKING, RepairStatus.REOPENED]
TO_FIX = [HazardStatus.OPEN, HazardStatus.REOPENED]


def sections_for(user) -> list[Section]:
    repairs = RepairTicket.objects.select_related("studio").order_by("due_on", "pk")
    hazards = Hazard.objects.select_related("studio").order_by("due_on", "pk")
    found = []
    if is_logistics(user):
        found += [
            Section("等您维修的报修", repairs.filter(status__in=MENDING), _repair, "workshops:repairs"),
            Section(
                "公共部位的隐患", hazards.filter(studio=None, status__in=TO_FIX), _hazard, "workshops:safety"
            ),
        ]
    if is_office(user):
        public = repairs.filter(studio=None, status=RepairStatus.DONE)
        found += [
            Section("请确认的维修", public, _repair, "workshops:repairs", query="?status=done"),
            Section(
                "逾期未消除的隐患", hazards.overdue(), _hazard, "workshops:safety", query="?status=overdue"
            ),
        ]
    if is_office(user) or is_logistics(user):
        fixed = hazards.filter(status=HazardStatus.FIXED).exclude(answered_by=user)
        incidents = Incident.objects.filter(settled_at=None).select_related("studio").order_by("happened_at")
        found += [
            Section("待复查的隐患", fixed, _hazard, "workshops:safety", query="?status=fixed"),
            Section("处理中的安全事件", incidents, _incident, "workshops:safety", query="?view=incidents"),
        ]
    if user.has_role(Role.APPLICANT):
        found += _of_studio(user, repairs, hazards)
    return found


def _of_studio(user, repairs, hazards):
    own = Studio.objects.of(user).values("pk")
    unread = HouseRuleVersion.objects.in_force().exclude(receipts__user=user)
    if not readers_in_park().filter(user=user).exists():
        unread = unread.none()
    letters = SafetyLetter.objects.filter(residency__studio__in=own, received_at=None)
    breaches = Breach.objects.standing().filter(studio__in=own, stated_at=None).select_related("studio")
    return [
        Section(
            "请确认的维修",
            repairs.filter(studio__in=own, status=RepairStatus.DONE),
            _repair,
            "workshops:repairs",
            query="?status=done",
        ),
        Section(
            "请消除的安全隐患", hazards.filter(studio__in=own, status__in=TO_FIX), _hazard, "workshops:safety"
        ),
        Section("请阅读的规章制度", unread, _version, "workshops:house_rules"),
        Section(
            "请签订的安全责任书",
            letters.select_related("residency__studio").order_by("due_on", "pk"),
            _letter,
            "workshops:safety_letters",
        ),
        Section("可以说明的违规记录", breaches.order_by("state_by", "pk"), _breach, "workshops:breaches"),
    ]


def _leader(row) -> str:
    return row.studio.leader_name if row.studio else ""


def _repair(row) -> Row:
    stage = REPAIR.stage(row)
    number = f"{row.number}　{row.studio or '公共部位'}"
    return Row(row.get_absolute_url(), row.place, number, _leader(row), stage.label, stage.public, row.due_on)


def _hazard(row) -> Row:
    stage = HAZARD.stage(row)
    where = str(row.studio or row.place)
    title = row.problem[:40]
    return Row(row.get_absolute_url(), title, where, _leader(row), stage.label, stage.public, row.due_on)


def _incident(row) -> Row:
    return Row(row.get_absolute_url(), row.place, row.number, label=row.get_kind_display())


def _version(row) -> Row:
    return Row(row.get_absolute_url(), str(row), label="待阅读", due=row.read_by)


def _letter(row) -> Row:
    return Row(row.get_absolute_url(), str(row), label="待交回", due=row.due_on)


def _breach(row) -> Row:
    studio = row.studio
    return Row(
        row.get_absolute_url(), row.provision, studio.name, studio.leader_name, "待说明", due=row.state_by
    )
