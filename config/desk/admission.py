"""What does the way into the park want from this person next [3.2]?"""

from dataclasses import replace
from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from applications.actions import noticing
from applications.models import (
    DECIDED,
    OPEN,
    Application,
    CandidateList,
    Letter,
    ListStatus,
    PanelSession,
    PanelStatus,
    Seat,
    SiteVisit,
    VisitStatus,
)
from applications.permissions import working_group_seat
from applications.workflow import ADMISSION, LIST, PANEL, VISIT, inbox
from applications.workflow.admission import studio_stage
from applications.workflow.listing import expired_waitlist
from config.desk.rows import Row, Section
from park.models import Announcement, AnnouncementStatus, Objection, Role

RESULT_SHOWN = timedelta(days=90)  # how long a result stays on the desk of its studio


def sections_for(user) -> list[Section]:
    """The sections of applications, visits, panels, lists and announcements."""
    found = []
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        found += _of_office(user)
    if user.has_role(Role.EXPERT):
        found += _of_expert(user)
    if user.has_role(Role.WORKING_GROUP):
        found += _of_working_group(user)
    if user.has_role(Role.APPLICANT):
        found += _of_studio(user)
    visits = SiteVisit.objects.filter(visitors__user=user, status=VisitStatus.PLANNED)
    found.append(
        Section("我要参加的现场考察", visits.select_related("application"), _visit, "applications:visits")
    )
    return found


# ── who keeps which lists ───────────────────────────────────────────────────────────────────────
def _of_office(user):
    own = Application.objects.filter(
        collaborators__user=user
    )  # not theirs to handle, nor to know before the letter
    cases = inbox(user).exclude(pk__in=own).order_by(F("due_on").asc(nulls_last=True), "pk")
    announcements = Announcement.objects.filter(
        status__in=[AnnouncementStatus.DRAFTING, AnnouncementStatus.REVIEWING, AnnouncementStatus.PUBLISHED]
    ).exclude(status=AnnouncementStatus.PUBLISHED, notice_days=0)
    sessions = PanelSession.objects.filter(
        status__in=[PanelStatus.PLANNING, PanelStatus.CONVENED, PanelStatus.SITTING]
    )
    return [
        Section(
            "我经办的申报",
            cases.filter(officer=user),
            _case,
            "applications:queue",
            query="?officer=me",
            empty="没有等您办理的申报。",
        ),
        Section(
            "尚未分派的申报",
            cases.filter(officer=None),
            _case,
            "applications:queue",
            query="?officer=none",
            empty="没有尚未分派的申报。",
        ),
        Section("候补已过有效期", expired_waitlist(), _case, "applications:lists"),
        Section("专家评议会", sessions.order_by("meets_on", "pk"), _panel, "applications:panels"),
        Section(
            "编制中的候选名单",
            CandidateList.objects.filter(status=ListStatus.DRAFTING),
            _list,
            "applications:lists",
        ),
        Section("公告公示", announcements, _announcement, "announcement_cases"),
        Section(
            "待发出的办理结果",
            Letter.objects.filter(sent_at=None, dropped_at=None)
            .exclude(application__in=own)
            .select_related("application")
            .order_by("pk"),
            _letter,
            "applications:letters",
        ),
    ]


def _of_expert(user):
    sessions = PanelSession.objects.visible_to(user).filter(
        status__in=[PanelStatus.CONVENED, PanelStatus.SITTING]
    )
    unanswered = Q(seats__expert__user=user, seats__response=Seat.Response.PENDING)
    return [
        Section(
            "请答复的会议邀请",
            sessions.filter(unanswered).order_by("meets_on"),
            _panel,
            "applications:panels",
        ),
        Section(
            "我参加的评议会",
            sessions.exclude(unanswered).order_by("meets_on"),
            _panel,
            "applications:panels",
            empty="没有等您参加的评议会。收到会议通知后会出现在这里。",
        ),
    ]


def _of_working_group(user):
    lists = CandidateList.objects.visible_to(user).filter(status=ListStatus.SENT)
    return [
        Section(
            "待审核认定的候选名单",
            lists.order_by("due_on", "pk"),
            _list,
            "applications:lists",
            empty="没有等您审核认定的候选名单。",
        ),
        Section("等您认定的异议", _objections(user), _objection, "applications:objections"),
    ]


def _objections(user):
    """What the office looked into and only the leader may find for."""
    seat = working_group_seat(user)
    rows = Objection.objects.filter(announcement__kind=noticing.NOTICE, outcome="").exclude(findings="")
    rows = rows.select_related("announcement").order_by("pk")
    return rows if seat is not None and seat.is_leader else rows.none()


def _of_studio(user):
    mine = Application.objects.visible_to(user).filter(collaborators__user=user)
    to_do = mine.filter(
        status__in=[s for s, stage in ADMISSION.stages.items() if stage.turn == Role.APPLICANT]
    )
    visits = SiteVisit.objects.filter(application__collaborators__user=user)
    return [
        Section(
            "等您办理",
            to_do.order_by(F("due_on").asc(nulls_last=True), "pk"),
            _own_case,
            "applications:list",
            empty="没有等您办理的申报。要申报入驻，请从“我的申报”开始。",
        ),
        Section(
            "请确认的考察记录",
            visits.filter(status=VisitStatus.RECORDED).select_related("application"),
            _visit,
            "applications:list",
        ),
        Section(
            "办理结果",
            mine.filter(result_told_at__gte=timezone.now() - RESULT_SHOWN).order_by("-result_told_at"),
            _own_case,
            "applications:list",
        ),
        Section(
            "正在办理",
            mine.filter(Q(status__in=OPEN) | Q(status__in=DECIDED, result_told_at=None))
            .exclude(pk__in=to_do)
            .order_by("-submitted_at"),
            _own_case,
            "applications:list",
            empty="没有正在办理的申报。",
        ),
    ]


# ── how a record reads as one row ───────────────────────────────────────────────────────────────
def _case(case, stage=None, public="") -> Row:
    stage = stage or ADMISSION.stage(case)
    return Row(
        case.get_absolute_url(),
        case.studio_name or "尚未填写名称的申报",
        case.number or "",
        case.leader_name,
        stage.label,
        public,
        case.due_on,
    )


def _own_case(case) -> Row:
    stage = studio_stage(case)
    row = _case(case, stage, stage.public)
    return replace(row, due=None) if case.is_untold else row


def _visit(visit) -> Row:
    case = visit.application
    label = VISIT.stage(visit).label
    return Row(
        visit.get_absolute_url(), case.studio_name, case.number, case.leader_name, label, on=visit.visit_on
    )


def _panel(session) -> Row:
    return Row(
        session.get_absolute_url(),
        session.title,
        session.number,
        label=PANEL.stage(session).label,
        on=session.meets_on,
    )


def _list(row) -> Row:
    return Row(row.get_absolute_url(), row.title, row.number, label=LIST.stage(row).label, due=row.due_on)


def _announcement(row) -> Row:
    return Row(
        row.get_absolute_url(),
        row.title,
        row.number,
        label=row.get_status_display(),
        due=row.ends_on,
    )


def _objection(row) -> Row:
    return Row(reverse("applications:uphold_objection", args=[row.key]), row.announcement.title, row.number)


def _letter(letter) -> Row:
    case = letter.application
    return Row(
        reverse("applications:letters"),
        case.studio_name,
        case.number,
        case.leader_name,
        letter.get_kind_display(),
    )
