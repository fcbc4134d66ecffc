"""Safety is written down [5.3]: checks with their hazards, incidents, letters of responsibility."""

from django.db import transaction
from django.utils import timezone

from park import attachments, audit, documents, notices, rules, workdays
from park.models import Role, User
from park.models.document import next_number
from park.workflow import Refused
from workshops.models import Hazard, Incident, Residency, SafetyCheck, SafetyLetter, SafetyLine
from workshops.permissions import is_of_studio, is_office
from workshops.permissions.safety import keeps_safety, settles_incident


@transaction.atomic
def make_safety_check(*, studio, room, place, checked_on, summary, lines, by) -> SafetyCheck:
    """One round, with a hazard for each line that is not safe. `lines`: [(item, state, severity, note)], state is
    safe, hazard or na. Raises Refused where the person may not check here."""
    if not keeps_safety(by) or (studio and is_of_studio(by, studio)):
        raise Refused("安全检查由管理办公室和后勤保障单位进行，不能检查自己的工作室。")
    where = place or (str(room) if room else studio.name)
    check = SafetyCheck.objects.create(
        studio=studio, room=room, place=where[:80], checked_on=checked_on, summary=summary, made_by=by
    )
    days = rules.get_many(["hazard_days", "hazard_days_serious"])
    hazards = []
    for item, state, severity, note in lines:
        safe = {"safe": True, "hazard": False}.get(state)
        line = SafetyLine.objects.create(check_row=check, item=item, text=item.label, is_safe=safe, note=note)
        if safe is False:
            serious = severity == Hazard.Severity.SERIOUS
            term = days["hazard_days_serious" if serious else "hazard_days"]
            fix_by = workdays.add_workdays(timezone.localdate(), term)
            hazards.append(
                Hazard.objects.create(
                    line=line,
                    studio=studio,
                    place=check.place,
                    problem=note,
                    severity=severity or "minor",
                    fix_by=fix_by,
                    due_on=fix_by,
                )
            )
    audit.record("make_safety_check", check, by=by, after=f"{len(hazards)}处隐患", clause="5.3")
    if hazards:
        people = studio.people.all() if studio else User.objects.with_role(Role.LOGISTICS)
        told = [u for u in people if u != by and u.is_active]
        text = f"{check}发现 {len(hazards)} 处隐患，请在期限内整改并答复。"
        notices.notify(told, text, url=check.get_absolute_url(), subject=check)
    return check


@transaction.atomic
def report_incident(*, studio, report, loss, by, **facts) -> Incident:
    """Something happened: office and logistics are told at once. `loss` in fen. Raises Refused for somebody else's
    studio."""
    if not (keeps_safety(by) or (studio and is_of_studio(by, studio))):
        raise Refused("只能报告自己工作室的安全事件。")
    row = Incident.objects.create(
        number=next_number("SG", timezone.localdate().year),
        studio=studio,
        report=attachments.store(report, by=by) if report else None,
        loss=loss or 0,
        reported_by=by,
        **facts,
    )
    audit.record("report_incident", row, by=by, after=row.get_kind_display(), clause="5.3")
    people = User.objects.with_role(Role.OFFICE, Role.LOGISTICS)
    told = [u for u in people if u != by and u.is_active]
    notices.notify(told, f"{row}：{row.place}，请处理。", url=row.get_absolute_url(), subject=row)
    return row


@transaction.atomic
def settle_incident(incident, *, outcome, by) -> Incident:
    row = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    if not settles_incident(by, row):
        raise Refused("安全事件由管理办公室或后勤保障单位办结，本人工作室的除外。")
    if row.settled_at:
        raise Refused("这一安全事件已经办结。")
    row.outcome, row.settled_at, row.settled_by = outcome, timezone.now(), by
    row.save(update_fields=["outcome", "settled_at", "settled_by"])
    audit.record("settle_incident", row, by=by, clause="5.3")
    return row


# ── letters of responsibility ───────────────────────────────────────────────────────────────────
def without_letter(year):
    """Residencies in the park that have no letter for this year."""
    have = SafetyLetter.objects.filter(year=year).values("residency")
    return (
        Residency.objects.in_park()
        .exclude(pk__in=have)
        .select_related("studio")
        .order_by("studio__name", "pk")
    )


@transaction.atomic
def issue_safety_letters(year, *, by) -> int:
    """A letter for everybody in the park who has none for the year; how many. Raises Refused where nobody lacks one."""
    if not is_office(by):
        raise Refused("安全责任书由管理办公室发出。")
    rows = without_letter(year)
    residencies = list(
        Residency.objects.select_for_update(no_key=True).filter(pk__in=rows.values("pk")).order_by("pk")
    )
    if not residencies:
        raise Refused(f"{year}年度的安全责任书已全部发出。")
    due_on = workdays.add_workdays(timezone.localdate(), rules.get("safety_letter_days"))
    for residency in residencies:
        letter = SafetyLetter.objects.create(residency=residency, year=year, due_on=due_on, issued_by=by)
        documents.issue("safety_letter", letter, by=by)
        audit.record("issue_safety_letter", letter, by=by, after=str(year), clause="5.3")
        people = [u for u in residency.studio.people.all() if u.is_active]
        url = letter.get_absolute_url()
        notices.notify(people, f"{letter}已发出，请签字盖章后交回。", url=url, subject=letter)
    return len(residencies)


@transaction.atomic
def receive_safety_letter(letter, scan, *, by) -> SafetyLetter:
    """The signed letter as a scan, once."""
    row = SafetyLetter.objects.select_for_update(no_key=True).get(pk=letter.pk)
    if not is_office(by) or is_of_studio(by, row.residency.studio):
        raise Refused("签字件由管理办公室登记，本人工作室的除外。")
    if row.received_at:
        raise Refused("这份安全责任书已经收到。")
    row.scan, row.received_at, row.received_by = attachments.store(scan, by=by), timezone.now(), by
    row.save(update_fields=["scan", "received_at", "received_by"])
    audit.record("receive_safety_letter", row, by=by, after=f"sha256 {row.scan.sha256}", clause="5.3")
    return row
