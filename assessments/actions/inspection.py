"""The writes of an inspection beside its steps: plan, who goes, the record, the pictures [5.2]."""

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments.models import (
    Inspection,
    InspectionItem,
    InspectionLine,
    InspectionPhoto,
    InspectionPlan,
    InspectionStatus,
    Inspector,
)
from assessments.models.inspection import INSPECTOR_ROLES
from assessments.permissions.inspection import is_inspector
from park import attachments, audit, documents, notices, rules, workdays
from park.models import User
from park.permissions import is_office
from park.templatetags.ui import date_zh
from park.workflow import Conflict, Refused
from workshops.models import Residency, Studio

MAX_PHOTOS = 40


# ── whom and when ───────────────────────────────────────────────────────────────────────────────
def period_of(day: date, months: int) -> tuple[date, date]:
    """The first and last day of the period of so many months that `day` lies in; periods of a year begin in
    January, and the last one ends with December."""
    first = (day.month - 1) // months * months + 1
    last = min(first + months - 1, 12)
    starts = date(day.year, first, 1)
    return starts, (date(day.year + last // 12, last % 12 + 1, 1)) - timedelta(days=1)


def possible_inspectors():
    """Everybody with an account who may inspect."""
    return User.objects.with_role(*INSPECTOR_ROLES).select_related("unit").order_by("real_name", "pk")


def waiting_for_inspection(starts_on, ends_on):
    """Residencies in the park that nobody has inspected, or is about to, in these days; affiliated studios are
    never among them [T17]."""
    done = Inspection.objects.filter(
        residency=OuterRef("pk"), inspect_on__range=(starts_on, ends_on)
    ).exclude(status=InspectionStatus.CANCELLED)
    going = Inspection.objects.filter(
        residency=OuterRef("pk"), status__in=[InspectionStatus.PLANNED, InspectionStatus.RECORDED]
    )
    return (
        Residency.objects.in_park()
        .filter(~Exists(done), ~Exists(going))
        .select_related("studio")
        .order_by("studio__name", "pk")
    )


def notice_is_short(day) -> bool:
    return workdays.workdays_between(timezone.localdate(), day) < rules.get("inspection_notice_days")


# ── plan ────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def plan_inspections(
    residencies, *, title, starts_on, ends_on, inspect_on, inspectors, by, note=""
) -> InspectionPlan:
    """A plan with one inspection for each residency, each studio told. All or none.

    The residencies are locked first, in the order of their keys. Raises Refused with a sentence for everything that
    is in the way; `note` has to say why where the studios hear of it later than the park promises.
    """
    if not is_office(by):
        raise Refused("只有管理办公室可以安排定期检查。")
    keys = [row.pk for row in residencies]
    locked = list(
        Residency.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=keys)
        .select_related("studio")
        .order_by("pk")
    )
    waiting = set(waiting_for_inspection(starts_on, ends_on).filter(pk__in=keys).values_list("pk", flat=True))
    problems = [
        f"{row.studio}不在园，或本周期已有检查，不能安排。" for row in locked if row.pk not in waiting
    ]
    problems += _inspectors_wrong(inspectors, [row.studio_id for row in locked])
    items = list(InspectionItem.objects.offered())
    if not locked:
        problems.append("请至少选择一个工作室。")
    if not items:
        problems.append("还没有检查项目，请先在“基础数据与设定”中维护。")
    if not starts_on <= inspect_on <= ends_on:
        problems.append("检查日期应在检查周期之内。")
    if inspect_on < timezone.localdate():
        problems.append("检查日期不能早于今天。")
    elif notice_is_short(inspect_on) and not note.strip():
        days = rules.get("inspection_notice_days")
        problems.append(f"检查应提前{days}个工作日通知（本园设定）；需要提前或抽查的，请在“检查重点”中写明。")
    if problems:
        raise Refused(*problems)
    plan = InspectionPlan.objects.create(
        title=title, starts_on=starts_on, ends_on=ends_on, note=note, planned_by=by
    )
    for residency in locked:
        _plan(plan, residency, inspect_on, inspectors, items, by)
    audit.record("plan_inspections", plan, by=by, after=f"{len(locked)}个工作室", note=note, clause="5.2")
    return plan


def _plan(plan, residency, inspect_on, inspectors, items, by):
    row = Inspection.objects.create(plan=plan, residency=residency, inspect_on=inspect_on)
    Inspector.objects.bulk_create(Inspector(inspection=row, user=user) for user in inspectors)
    InspectionLine.objects.bulk_create(
        InspectionLine(inspection=row, item=item, clause=item.clause, text=item.label, order=place)
        for place, item in enumerate(items, 1)
    )
    documents.issue("inspection_notice", row, by=by)
    audit.record("plan_inspection", row, by=by, after=f"{inspect_on:%Y-%m-%d}", clause="5.2")
    when = date_zh(inspect_on)
    tell(inspectors, row, f"{row}：请于{when}参加检查。", by=by)
    tell(residency.studio.people.all(), row, f"{row}定于{when}，请查看检查项目并做好准备。", by=by)


def _inspectors_wrong(inspectors, studio_keys) -> list[str]:
    """Too few, or one of them is of a studio that is inspected. No names: refusals go on the trail."""
    wanted, wrong = rules.get("inspection_min_inspectors"), []
    if len(inspectors) < wanted:
        wrong.append(f"检查至少{wanted}人（本园设定），现在选了{len(inspectors)}人。")
    own = Studio.objects.filter(pk__in=studio_keys, people__in=inspectors).distinct()
    wrong += [f"所选检查人员中有{studio}的人员，不能检查自己的工作室。" for studio in own]
    return wrong


def people_of(inspection) -> list[User]:
    return [row.user for row in inspection.inspectors.select_related("user")]


def tell(users, inspection, text, *, by):
    notices.notify(
        [u for u in users if u != by and u.is_active],
        text,
        url=inspection.get_absolute_url(),
        subject=inspection,
    )


@transaction.atomic
def change_inspectors(inspection, inspectors, *, by) -> Inspection:
    """Others go; the notice, which names them, is renewed. Raises Refused."""
    inspection = _planned(inspection)
    before = {row.user_id for row in inspection.inspectors.all()}
    after = {user.pk for user in inspectors}
    if wrong := _inspectors_wrong(inspectors, [inspection.studio.pk]):
        raise Refused(*wrong)
    if before == after:
        return inspection
    inspection.inspectors.exclude(user__in=after).delete()
    Inspector.objects.bulk_create(
        Inspector(inspection=inspection, user_id=pk) for pk in sorted(after - before)
    )
    former = documents.standing(inspection, "inspection_notice")
    documents.issue("inspection_notice", inspection, by=by, supersedes=former, reason="检查人员有变化")
    audit.record(
        "change_inspectors",
        inspection,
        by=by,
        before=f"{len(before)}人",
        after=f"{len(after)}人",
        clause="5.2",
    )
    new = [user for user in inspectors if user.pk not in before]
    tell(new, inspection, f"{inspection}：请于{date_zh(inspection.inspect_on)}参加检查。", by=by)
    return inspection


def _planned(inspection) -> Inspection:
    """The inspection, locked, while its record is open. Raises Refused."""
    row = Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    if row.status != InspectionStatus.PLANNED:
        raise Refused(f"这次检查现在是“{row.get_status_display()}”，记录不能修改。")
    return row


# ── record ──────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def save_record(inspection, *, summary, lines, version, saved_from, by) -> Inspection:
    """What was found so far; `lines` is key of the line -> (verdict, severity, note), "" takes a verdict back.

    `version` is the one the person began from, `saved_from` names the page they write on: a version that this very
    page wrote, whose answer got lost on the way, is its own. Raises Conflict when another page saved in between
    (nothing is written), Refused once the record is closed.
    """
    inspection = _planned(inspection)
    if not is_inspector(by, inspection):
        raise Refused("只有参加本次检查的人员可以记录。")
    rows = {row.pk: row for row in inspection.lines.all()}
    changed = []
    for pk, typed in lines.items():
        row = rows[pk]
        if (row.verdict, row.severity, row.note) != typed:
            row.verdict, row.severity, row.note = typed
            changed.append(row)
    if inspection.summary == summary and not changed:
        return inspection  # nothing new, or the same form sent twice
    if inspection.version != version and inspection.saved_from != saved_from:
        who = "您在另一个页面" if inspection.saved_by_id == by.pk else "其他检查人员"
        raise Conflict(f"检查记录已由{who}保存过，您现在写的还没有保存。")
    inspection.summary, inspection.version = summary, inspection.version + 1
    inspection.saved_from, inspection.saved_at, inspection.saved_by = saved_from, timezone.now(), by
    inspection.save(update_fields=["summary", "version", "saved_from", "saved_at", "saved_by"])
    InspectionLine.objects.bulk_update(changed, ["verdict", "severity", "note"])
    audit.record("save_inspection", inspection, by=by, after=f"第{inspection.version}次保存", clause="5.2")
    return inspection


# ── pictures ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_photo(inspection, checked, *, client_key: uuid.UUID, by, caption="") -> InspectionPhoto:
    """A picture that passed `attachments.check`, which took its EXIF away. The same key again is the same picture."""
    inspection = _planned(inspection)
    if row := inspection.photos.filter(client_key=client_key).first():
        return row
    if not is_inspector(by, inspection):
        raise Refused("只有参加本次检查的人员可以上传照片。")
    if inspection.photos.filter(removed_at=None).count() >= MAX_PHOTOS:
        raise Refused(f"一次检查最多{MAX_PHOTOS}张照片，请先删除不需要的。")
    row = InspectionPhoto.objects.create(
        inspection=inspection,
        client_key=client_key,
        stored=attachments.store(checked, by=by),
        caption=caption,
        added_by=by,
    )
    audit.record("add_inspection_photo", inspection, by=by, after=f"sha256 {row.stored.sha256}", clause="5.2")
    return row


@transaction.atomic
def remove_photo(photo, *, by):
    """Take a picture out of the record; its file and row stay."""
    inspection = _planned(photo.inspection)
    if not is_inspector(by, inspection):
        raise Refused("只有参加本次检查的人员可以删除照片。")
    removed = InspectionPhoto.objects.filter(pk=photo.pk, removed_at=None)
    if removed.update(removed_at=timezone.now(), removed_by=by):
        note = f"sha256 {photo.stored.sha256}"
        audit.record("remove_inspection_photo", inspection, by=by, before=note, clause="5.2")
