"""The writes of a rectification beside its steps: the order, pictures of the re-check, warnings, the end with the
residency [5.4.4]."""

import uuid

from django.db import transaction
from django.utils import timezone

from assessments.actions.grounds import BEFORE_ORDERING
from assessments.models import (
    OPEN_ORDER,
    Falsification,
    OrderStatus,
    RectificationItem,
    RectificationOrder,
    RectificationPhoto,
    RectificationWarning,
    Revocation,
    Scorecard,
)
from assessments.papers.rectification import NOTICE
from assessments.papers.service import hold_papers, issue_with_receipt
from assessments.permissions.rectification import manages_rectification, orders_rectification
from park import attachments, audit, notices, rules
from park.models import Role
from park.models.document import next_number
from park.templatetags.ui import date_zh
from park.workflow import Refused, Workflow
from workshops.actions.standing import locked, officers_of, people_of
from workshops.charges.term import corresponding_day, days_left, threshold_reached

MAX_PHOTOS = 20
MAX_ITEMS = 20
AFTER = -1  # the threshold of the morning after the last day


# ── what waits for an order ─────────────────────────────────────────────────────────────────────
def cards_to_rectify():
    """Final cards with 不合格 whose studio is still in the park, without an order that stands [5.4.4]; not of a studio
    whose right to be here is being decided."""
    ordered = RectificationOrder.objects.exclude(status=OrderStatus.WITHDRAWN).filter(card__isnull=False)
    return (
        Scorecard.objects.filter(status="final", grade="fail", residency__status="active")
        .exclude(pk__in=ordered.values("card"))
        .exclude(residency__in=_in_question())
        .select_related("studio", "cycle", "residency")
        .order_by("cycle__year", "studio__name", "pk")
    )


def falsifications_to_rectify():
    """Standing findings of 弄虚作假, likewise."""
    ordered = RectificationOrder.objects.exclude(status=OrderStatus.WITHDRAWN).filter(
        falsification__isnull=False
    )
    return (
        Falsification.objects.filter(lifted_at=None, card__residency__status="active")
        .exclude(pk__in=ordered.values("falsification"))
        .exclude(card__residency__in=_in_question())
        .select_related("card__studio", "card__cycle", "card__residency")
        .order_by("pk")
    )


def _in_question():
    return Revocation.objects.open().values("residency")


# ── order ───────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def issue_order(
    residency, *, items, by, card=None, falsification=None, note="", issued_on=None
) -> RectificationOrder:
    """Order the studio to put things right. `items` is [{clause, problem, demand}]; `card` or `falsification` is why.

    The deadline is the corresponding day so many months on [T12] and never moves but by the one extension. The
    residency is suspended, by which benefits pause. Raises Refused with a sentence for everything in the way.
    """
    residency = locked(residency.pk, by=by, may=orders_rectification)
    today, months = timezone.localdate(), rules.get("rectification_months")
    issued_on = issued_on or today
    order = RectificationOrder(
        residency=residency,
        ground=RectificationOrder.Ground.FAILED_CARD if card else RectificationOrder.Ground.FALSIFICATION,
        card=card,
        falsification=falsification,
        note=note,
        issued_on=issued_on,
        months=months,
        issued_by=by,
    )
    order.first_deadline = order.deadline = order.due_on = corresponding_day(issued_on, months)
    problems = [reason for check in BEFORE_ORDERING if (reason := check(order))]
    if issued_on > today:
        problems.append("通知日期不能晚于今天。")
    if not items:
        problems.append("请至少列出一项整改事项。")
    if len(items) > MAX_ITEMS:
        problems.append(f"整改事项最多{MAX_ITEMS}项，请合并。")
    if problems:
        raise Refused(*problems)
    hold_papers(NOTICE)
    order.number = next_number("ZG", today.year)
    order.save()
    RectificationItem.objects.bulk_create(
        RectificationItem(order=order, number=number, **item) for number, item in enumerate(items, 1)
    )
    audit.record(
        "issue_rectification",
        order,
        by=by,
        after=f"{len(items)}项，{order.deadline:%Y-%m-%d}届满",
        note=order.get_ground_display(),
        clause="5.4.4",
    )
    Workflow.of(residency).perform(residency, "suspend", by=by, note=order.number)
    issue_with_receipt(NOTICE, order, by=by, number=order.number)
    text = f"{order}：请在{date_zh(order.deadline)}前完成整改并报告。整改期间暂停办理优惠政策的，见通知书。"
    tell(people_of(residency), order, text, by=by)
    return order


def tell(people, order, text, *, by=None):
    notices.notify([u for u in people if u != by], text, url=order.get_absolute_url(), subject=order)


def parties(order, role):
    """The studio's people; of an office everybody in it but the studio's own."""
    if role == Role.APPLICANT:
        return people_of(order.residency)
    return officers_of(order.residency, *(() if role == Role.OFFICE else (role,)))


# ── pictures of the re-check ────────────────────────────────────────────────────────────────────
def _being_rechecked(order, by) -> RectificationOrder:
    row = RectificationOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    if row.status not in OPEN_ORDER:
        raise Refused(f"这件限期整改现在是“{row.get_status_display()}”，照片不能再改。")
    if not manages_rectification(by, row):
        raise Refused("只有管理办公室可以上传复查照片，且不能办理本人所在的工作室。")
    return row


@transaction.atomic
def add_photo(order, checked, *, client_key: uuid.UUID, by, caption="") -> RectificationPhoto:
    """A picture that passed `attachments.check`, which took its EXIF away. The same key again is the same picture."""
    order = _being_rechecked(order, by)
    if row := order.photos.filter(client_key=client_key).first():
        return row
    if order.photos.filter(removed_at=None).count() >= MAX_PHOTOS:
        raise Refused(f"一次复查最多{MAX_PHOTOS}张照片，请先删除不需要的。")
    row = RectificationPhoto.objects.create(
        order=order,
        client_key=client_key,
        stored=attachments.store(checked, by=by),
        caption=caption,
        added_by=by,
    )
    audit.record("add_rectification_photo", order, by=by, after=f"sha256 {row.stored.sha256}", clause="5.4.4")
    return row


@transaction.atomic
def remove_photo(photo, *, by):
    """Take a picture out of the re-check; its file and row stay."""
    order = _being_rechecked(photo.order, by)
    removed = RectificationPhoto.objects.filter(pk=photo.pk, removed_at=None)
    if removed.update(removed_at=timezone.now(), removed_by=by):
        audit.record(
            "remove_rectification_photo", order, by=by, before=f"sha256 {photo.stored.sha256}", clause="5.4.4"
        )


# ── every morning ───────────────────────────────────────────────────────────────────────────────
def warn_of_deadlines(today=None) -> int:
    """Tell studio and office of deadlines that reach a threshold, and of those that were over yesterday; how many."""
    today = today or timezone.localdate()
    steps = [int(days) for days in rules.get("rectification_warning_days")]
    count = 0
    for order in RectificationOrder.objects.open().select_related("residency__studio").order_by("pk"):
        left = days_left(order.deadline, today)
        threshold = AFTER if left < 0 else threshold_reached(left, steps)
        if threshold is not None and (order.status == OrderStatus.ISSUED or left < 0):
            count += _warn(order, threshold, left)
    return count


@transaction.atomic
def _warn(order, threshold, left) -> bool:
    """Once for this deadline and threshold, whoever asks at the same time: the row is unique."""
    _, is_new = RectificationWarning.objects.get_or_create(
        order=order, deadline=order.deadline, days=threshold
    )
    if is_new:
        day = date_zh(order.deadline)
        when = (
            f"还有{left}天届满（{day}）"
            if left > 0
            else f"今天届满（{day}）"
            if left == 0
            else f"已于{day}届满"
        )
        text = f"{order}（{order.studio}）：整改期限{when}。"
        tell(people_of(order.residency), order, text + ("请报告整改情况。" if left >= 0 else ""))
        tell(officers_of(order.residency), order, text + ("请复查。" if left < 0 else ""))
        audit.record(
            "warn_of_rectification", order, by=None, after=f"{order.deadline:%Y-%m-%d}", clause="5.4.4"
        )
    return is_new


# ── the residency is over ───────────────────────────────────────────────────────────────────────
def end_with_residency(residency_id) -> int:
    """What was still to be put right ends with the stay; how many. Each in its own transaction."""
    count = 0
    for order in RectificationOrder.objects.open().filter(residency=residency_id):
        try:
            Workflow.of(order).perform(
                order, "end_rectification", by=None, note="入驻已结束", data={"reason": "入驻已结束"}
            )
        except Refused:  # somebody was quicker
            continue
        count += 1
    return count
