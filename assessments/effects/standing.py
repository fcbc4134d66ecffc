"""What a residency and its rectification or revocation mean to each other [5.4]: what stands on its pages, and what ends
with it."""

from assessments.actions import rectification, revocation
from assessments.models import (
    OPEN_ORDER,
    OPEN_REVOCATION,
    OrderStatus,
    RectificationOrder,
    Revocation,
    RevocationStatus,
)
from park.templatetags.ui import date_zh
from workshops.conditions import residency as workshops_conditions
from workshops.conditions.residency import Notice
from workshops.effects import residency as workshops_effects
from workshops.models import STANDING, ResidencyStatus


def notices(residency, user) -> list[Notice]:
    """The open or failed order and the revocation that this person may see."""
    found = []
    orders = RectificationOrder.objects.visible_to(user).filter(
        residency=residency, status__in=[*OPEN_ORDER, OrderStatus.FAILED]
    )
    suspended = residency.status == ResidencyStatus.UNDER_RECTIFICATION
    if suspended and (order := orders.first()):
        if order.status == OrderStatus.FAILED:
            text, grave = f"{order.number}，期限届满，复查仍不达标准，应研究是否取消资格。", True
        elif order.is_expired:
            text, grave = f"{order.number}，整改期限已于{date_zh(order.deadline)}届满，等待复查结论。", True
        else:
            text, grave = f"{order.number}，整改期限到{date_zh(order.deadline)}。", False
        found.append(
            Notice(f"限期整改：{order.get_status_display()}", text, order.get_absolute_url(), "5.4.4", grave)
        )
    rows = Revocation.objects.visible_to(user).filter(
        residency=residency, status__in=[*OPEN_REVOCATION, RevocationStatus.SERVED]
    )
    if row := rows.first():
        day = row.vacate_by if row.status == RevocationStatus.SERVED else row.due_on
        text = f"{row.number}，{row.get_ground_display()}。" + (f"期限{date_zh(day)}。" if day else "")
        found.append(
            Notice(f"取消资格：{row.get_status_display()}", text, row.get_absolute_url(), row.clause, True)
        )
    return found


def end_with_residency(residency_id) -> int:
    """The stay is over: what was still to be put right, or to be decided, ends with it."""
    return rectification.end_with_residency(residency_id) + revocation.end_with_residency(residency_id)


def end_what_is_over() -> int:
    """The same for whatever was missed when it ended; every morning."""
    over = RectificationOrder.objects.open().exclude(residency__status__in=STANDING).values_list("residency")
    more = Revocation.objects.open().exclude(residency__status__in=STANDING).values_list("residency")
    return sum(end_with_residency(key) for (key,) in {*over, *more})


def follow_residencies():
    """Make both known to the lower app; once, in `AppConfig.ready`."""
    if notices not in workshops_conditions.NOTICES:
        workshops_conditions.NOTICES.append(notices)
        workshops_effects.AFTER_END.append(end_with_residency)
