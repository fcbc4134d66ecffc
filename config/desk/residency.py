"""What do residencies, agreements and rooms want from this person next [5.3]?"""

from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from config.desk.rows import Row, Section
from park.models import Role
from workshops.models import Agreement, Departure, Handover, Residency, ResidencyStatus
from workshops.tables.residency import SOON
from workshops.workflow import RESIDENCY


def sections_for(user) -> list[Section]:
    """The sections of residencies, dues and records."""
    return [*_residencies(user)]


# ── residency, agreement, rooms ─────────────────────────────────────────────────────────────────
def _residencies(user):
    found = []
    own = Q(studio__people=user)
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        found += _residencies_of_office(user, own)
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS):
        rows = Handover.objects.filter(office_confirmed_at=None, day__lte=_in_a_week())
        rows = rows.exclude(occupancy__residency__studio__people=user)
        found.append(Section("待填写的房间交接清单", _handovers(rows), _handover, "workshops:rooms"))
    if user.has_role(Role.APPLICANT):
        found += _residencies_of_studio(user, own)
    return found


def _residencies_of_office(user, own):
    rows = Residency.objects.exclude(own).select_related("studio")
    today = timezone.localdate()
    ending = rows.in_park().filter(
        Q(term_ends_on__lte=today + timedelta(days=SOON))
        | Q(rent_free_until__range=(today, today + timedelta(days=SOON)))
    )
    departures = Departure.objects.open().exclude(residency__studio__people=user)
    scans = Agreement.objects.open().exclude(received_at=None).exclude(residency__studio__people=user)
    return [
        Section(
            "待核对的签字协议",
            scans.select_related("residency__studio", "document").order_by("received_at"),
            _agreement,
            "workshops:residencies",
        ),
        Section(
            "待签协议的入驻",
            rows.filter(status=ResidencyStatus.PENDING_AGREEMENT).order_by(
                F("due_on").asc(nulls_last=True), "pk"
            ),
            _residency,
            "workshops:residencies",
            query="?status=pending_agreement",
        ),
        Section(
            "正在办理的退出",
            departures.select_related("residency__studio").order_by("leaves_on"),
            _departure,
            "workshops:residencies",
            query="?ending=leaving",
        ),
        Section(
            "免租期、协议期将满",
            ending.order_by("term_ends_on", "pk"),
            _ending,
            "workshops:residencies",
            query="?ending=term",
        ),
    ]


def _residencies_of_studio(user, own):
    offered = Handover.objects.filter(
        occupancy__residency__studio__people=user, studio_confirmed_at=None
    ).exclude(office_confirmed_at=None)
    unsigned = Agreement.objects.open().filter(
        residency__studio__people=user, issued_at__isnull=False, received_at=None
    )
    waiting = Residency.objects.filter(own, status=ResidencyStatus.PENDING_AGREEMENT)
    return [
        Section(
            "请签订的协议",
            unsigned.select_related("residency__studio", "document"),
            _agreement,
            "workshops:mine",
        ),
        Section("请核对的房间交接清单", _handovers(offered), _handover, "workshops:mine"),
        Section("待签协议的入驻", waiting.select_related("studio"), _own_residency, "workshops:mine"),
    ]


def _in_a_week():
    return timezone.localdate() + timedelta(days=7)


def _handovers(rows):
    return rows.select_related("occupancy__room", "occupancy__residency__studio").order_by("day", "pk")


def _handover(row):
    studio = row.occupancy.residency.studio
    url = reverse("workshops:handover", args=[row.key])
    return Row(url, f"{row}：{studio.name}", who=studio.leader_name, label=row.state, on=row.day)


def _agreement(row):
    residency = row.residency
    number = row.document.number if row.document_id else ""
    return Row(
        residency.get_absolute_url(),
        str(row),
        number=number,
        who=residency.studio.leader_name,
        label=row.state,
        due=residency.due_on,
    )


def _residency(row):
    return Row(
        row.get_absolute_url(),
        row.studio.name,
        number=row.source,
        who=row.studio.leader_name,
        label=row.get_status_display(),
        due=row.due_on,
    )


def _own_residency(row):
    return Row(
        row.get_absolute_url(),
        row.studio.name,
        number=row.source,
        who=row.studio.leader_name,
        label=row.get_status_display(),
        public=RESIDENCY.stage(row).public,
        due=row.due_on,
    )


def _ending(row):
    today = timezone.localdate()
    waiver_first = row.rent_free_until and today <= row.rent_free_until < row.term_ends_on
    label = "免租期将满" if waiver_first else ("协议期已满" if row.term_ends_on < today else "协议期将满")
    day = row.rent_free_until if waiver_first else row.term_ends_on
    return Row(row.get_absolute_url(), row.studio.name, who=row.studio.leader_name, label=label, on=day)


def _departure(row):
    studio = row.residency.studio
    return Row(
        row.residency.get_absolute_url(),
        studio.name,
        who=studio.leader_name,
        label=row.get_ground_display(),
        on=row.leaves_on,
    )
