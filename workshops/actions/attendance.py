"""Signing in, entering and voiding a day, leave, closures, and the sheet of a month [A2.2]."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from park import audit, documents, notices, rules
from park.models import AuditEntry, Role, User
from park.workflow import Refused
from workshops import presence
from workshops.models import (
    IN_PARK,
    AttendanceSheet,
    CheckIn,
    LeaderChange,
    LeaderChangeStatus,
    Leave,
    LeaveStatus,
    ParkClosure,
    Person,
    Residency,
    Studio,
)
from workshops.permissions import attendance as may
from workshops.permissions import is_logistics, is_of_studio, is_office

WRONG_CODES = 10  # a day and account; a code of six digits is not to be found by trying
SHEET = "attendance_sheet"


def code_of(day: date) -> str:
    """The six digits that the screen in the park shows on this day."""
    digest = salted_hmac("workshops.attendance.code", day.isoformat(), algorithm="sha256").hexdigest()
    return f"{int(digest[:12], 16) % 1_000_000:06}"


def _residency(studio, day) -> Residency:
    """The residency that the studio has on this day. Raises Refused."""
    row = studio.residencies.filter(status__in=IN_PARK, term_starts_on__lte=day).first()
    if row is None or (row.ended_on and row.ended_on < day):
        raise Refused(f"{day:%Y-%m-%d} 不在工作室的入驻期内，不能登记到园。")
    return row


@transaction.atomic
def check_in(studio, *, by, code="") -> CheckIn:
    """The person behind the account is in the park today. Raises PermissionDenied, Refused."""
    today = timezone.localdate()
    if not may.checks_in(by, studio):
        raise PermissionDenied("到园签到由领衔人本人办理。")
    _residency(studio, today)
    if rules.get("attendance_code") and not constant_time_compare(code.strip(), code_of(today)):
        raise Refused("签到码不对。签到码每天更换，请看园区入口的屏幕。")
    return _enter(studio, may.person_of(by, studio), today, CheckIn.Means.PHONE, by=by)


def tries_left(user) -> int:
    """How often a wrong code may still be typed today."""
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    wrong = AuditEntry.objects.filter(by=user, verb="check_in", result="refused", at__gte=begin).count()
    return max(0, WRONG_CODES - wrong)


@transaction.atomic
def enter_day(studio, person, day, *, note, by) -> CheckIn:
    """A day that the office knows from the paper sheet. Raises PermissionDenied, Refused."""
    if not may.keeps_attendance(by, studio):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以补录到园，且不能为自己所在的工作室补录。")
    if day > timezone.localdate():
        raise Refused("还没有到这一天，不能登记。")
    _residency(studio, day)
    return _enter(studio, person, day, CheckIn.Means.OFFICE, by=by, note=note)


def has_left(person, day) -> str:
    """Why a leader who was reported as leaving no longer counts on this day [5.4.2], or ""."""
    change = LeaderChange.objects.filter(leaving=person).exclude(status=LeaderChangeStatus.CANCELLED)
    if change.filter(left_on__lt=day).exists():
        return f"{person.name}已报告离任，离任日期之后不再计到园。"
    return ""


def _enter(studio, person, day, means, *, by, note="") -> CheckIn:
    if person.studio_id != studio.pk or person.joined_on > day or (person.left_on and person.left_on < day):
        raise Refused(f"{person.name}在 {day:%Y-%m-%d} 不是工作室的在册人员。")
    if gone := has_left(person, day):
        raise Refused(gone)
    try:
        with transaction.atomic():
            row = CheckIn.objects.create(
                studio=studio, person=person, day=day, means=means, entered_by=by, note=note
            )
    except IntegrityError:
        raise Refused(f"{day:%Y-%m-%d} 已经登记过到园，不用重复办理。") from None
    audit.record("check_in", studio, by=by, after=f"{day}", note=row.get_means_display(), clause="A2.2")
    return row


@transaction.atomic
def void_check_in(row, *, reason, by) -> CheckIn:
    """A day that was entered by mistake no longer counts. Raises PermissionDenied, Refused."""
    if not may.keeps_attendance(by, row.studio):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以作废签到，且不能办理自己所在的工作室。")
    row = CheckIn.objects.select_for_update(no_key=True).get(pk=row.pk)
    if row.voided_at:
        raise Refused("这一天的签到已经作废。")
    row.voided_at, row.voided_by, row.void_reason = timezone.now(), by, reason
    row.save(update_fields=["voided_at", "voided_by", "void_reason"])
    audit.record("void_check_in", row.studio, by=by, before=f"{row.day}", note=reason, clause="A2.2")
    return row


@transaction.atomic
def ask_for_leave(studio, *, starts_on, ends_on, reason, by) -> Leave:
    """The studio asks for its leader. Raises PermissionDenied, Refused."""
    if not is_of_studio(by, studio):
        raise PermissionDenied("请假由工作室提出。")
    Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)
    leader = studio.leader()
    if leader is None:
        raise Refused("工作室现在没有领衔人，请先办理领衔人变更。")
    standing = [LeaveStatus.REQUESTED, LeaveStatus.APPROVED]
    if leader.leaves.filter(status__in=standing, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refused("这几天已经有请假，请撤回原来的申请，或改填其他日期。")
    leave = Leave.objects.create(
        studio=studio, person=leader, starts_on=starts_on, ends_on=ends_on, reason=reason
    )
    audit.record("ask_for_leave", leave, by=by, after=f"{starts_on} {ends_on}", note=reason, clause="A2.2")
    notices.notify(
        User.objects.with_role(Role.OFFICE),
        f"{leave}：请批复请假申请。",
        url=leave.get_absolute_url(),
        subject=leave,
    )
    return leave


@transaction.atomic
def close_park(*, starts_on, ends_on, reason, by) -> ParkClosure:
    """Days on which the park is closed to everybody. Raises PermissionDenied."""
    if not (is_office(by) or is_logistics(by)):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以登记园区关闭。")
    row = ParkClosure.objects.create(starts_on=starts_on, ends_on=ends_on, reason=reason, entered_by=by)
    audit.record("close_park", row, by=by, note=reason, clause="A2.2")
    return row


@transaction.atomic
def open_park(row, *, by) -> None:
    """A closure that was entered by mistake. Raises PermissionDenied."""
    if not (is_office(by) or is_logistics(by)):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以取消园区关闭。")
    audit.record("open_park", row, by=by, before=str(row), clause="A2.2")
    row.delete()


# ── what a month comes to ───────────────────────────────────────────────────────────────────────
def counting(studios):
    """Standing check-ins of these studios whose person counts, as the park has decided [S1]."""
    rows = CheckIn.objects.standing().filter(studio__in=studios)
    return rows if rules.get("attendance_subject") == "members" else rows.filter(person__is_leader=True)


def excused_days(studio_ids, first, last) -> dict[int, set[date]]:
    """Days that do not count against each studio (pk), in two queries; none where the park does not excuse [S2b]."""
    if not rules.get("attendance_excuses"):
        return {key: set() for key in studio_ids}
    closed = ParkClosure.objects.filter(starts_on__lte=last, ends_on__gte=first)
    shut = presence.days_between(list(closed.values_list("starts_on", "ends_on")))
    found = {key: set(shut) for key in studio_ids}
    away = Leave.objects.filter(
        studio__in=studio_ids, status=LeaveStatus.APPROVED, starts_on__lte=last, ends_on__gte=first
    )
    for studio, start, end in away.values_list("studio", "starts_on", "ends_on"):
        found[studio] |= presence.days_between([(start, end)])
    return found


def month_records(residencies, month) -> dict[int, presence.MonthRecord]:
    """The month of each residency by the key of its studio, in a constant number of queries.

    `residencies` have their studio's pk and term. Also what the yearly scorecard reads.
    """
    first, last = presence.month_of(month)
    keys = [row.studio_id for row in residencies]
    days: dict[int, set] = {key: set() for key in keys}
    for studio, day in counting(keys).filter(day__range=(first, last)).values_list("studio", "day"):
        days[studio].add(day)
    excused = excused_days(keys, first, last)
    return {
        row.studio_id: presence.month_record(
            first, days[row.studio_id], row.term_starts_on, row.ended_on, excused[row.studio_id]
        )
        for row in residencies
    }


@transaction.atomic
def issue_sheet(residency, month, *, by) -> AttendanceSheet:
    """到园签到表 of a month that is over, with the days as they stand. Raises PermissionDenied, Refused."""
    if not (may.keeps_attendance(by, residency.studio) or is_of_studio(by, residency.studio)):
        raise PermissionDenied("您不能出具这份签到表。")
    first, last = presence.month_of(month)
    if last >= timezone.localdate():
        raise Refused("这个月还没有结束，月底后再出具签到表；需要手写的可先打印空白表。")
    residency = Residency.objects.select_for_update(no_key=True).get(pk=residency.pk)
    record = month_records([residency], first)[residency.studio_id]
    rows = counting([residency.studio_id]).filter(day__range=(first, last)).select_related("person")
    data = {
        "days": [
            {"day": f"{row.day}", "who": row.person.name, "means": row.get_means_display()}
            for row in rows.order_by("day", "pk")
        ],
        "quota": record.quota,
        "present": record.present,
        "short": record.short,
    }
    last_one = residency.attendance_sheets.filter(month=first).first()
    if last_one is not None and last_one.data == data:
        raise Refused("签到情况没有变化，原来的签到表仍然有效。")
    sheet = AttendanceSheet.objects.create(
        residency=residency,
        month=first,
        version=last_one.version + 1 if last_one else 1,
        data=data,
        issued_by=by,
    )
    old = documents.Document.objects.about(last_one).first() if last_one else None
    documents.issue(
        SHEET, sheet, by=by, content_hash=documents.hash_of(data), supersedes=old, reason="签到情况有更正"
    )
    return sheet


def people_who_count(studio):
    """Whose days count now, for the office's form."""
    people = Person.objects.filter(studio=studio, left_on=None)
    return people if rules.get("attendance_subject") == "members" else people.filter(is_leader=True)
