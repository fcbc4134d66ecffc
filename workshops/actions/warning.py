"""Which term or waiver nears its end, and who hears of it? Run every morning; each warning goes out once [4.1][T16]."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from park import audit, rules
from park.templatetags.ui import date_zh
from workshops.actions.standing import officers_of, people_of, tell
from workshops.charges.term import days_left, threshold_reached
from workshops.models import EndWarning, Residency, ResidencyStatus

LATE = timedelta(days=30)  # an end longer ago than this is news to nobody
Kind = EndWarning.Kind


def thresholds() -> list[int]:
    return [int(days) for days in rules.get("residency_warning_days")]


def warn_of_endings(today=None) -> int:
    """Warn of waivers and terms that reach a threshold, and of agreements not signed in time; how many were sent."""
    today = today or timezone.localdate()
    steps = thresholds()
    last = today + timedelta(days=max(steps))
    count = 0
    for kind, field in ((Kind.WAIVER, "rent_free_until"), (Kind.TERM, "term_ends_on")):
        near = Residency.objects.in_park().filter(**{f"{field}__range": (today - LATE, last)})
        for residency in near.select_related("studio").order_by("pk"):
            ends_on = getattr(residency, field)
            count += _warn(
                residency, kind, ends_on, threshold_reached(days_left(ends_on, today), steps), today
            )
    late = Residency.objects.filter(status=ResidencyStatus.PENDING_AGREEMENT, due_on__lt=today)
    for residency in late.select_related("studio").order_by("pk"):
        count += _warn(residency, Kind.AGREEMENT, residency.due_on, 0, today)
    return count


@transaction.atomic
def _warn(residency, kind, ends_on, threshold, today) -> bool:
    """Once for this end and threshold, whoever asks at the same time: the row is unique."""
    if threshold is None:
        return False
    _, is_new = EndWarning.objects.get_or_create(
        residency=residency, kind=kind, ends_on=ends_on, days=threshold
    )
    if is_new:
        text = f"{residency.studio}：{sentence(kind, ends_on, today)}"
        tell([*people_of(residency), *officers_of(residency)], residency, text, by=None)
        audit.record("warn_of_end", residency, by=None, after=f"{Kind(kind).label} {ends_on}", clause="4.1")
    return is_new


def sentence(kind, ends_on, today) -> str:
    """What ends, when, and what that means."""
    left, day = days_left(ends_on, today), date_zh(ends_on)
    when = f"还有{left}天（{day}）" if left > 0 else (f"今天（{day}）" if left == 0 else f"已于{day}")
    if kind == Kind.WAIVER:
        return f"免交房租的期限{when}届满，入驻不因此终止，之后按标准交纳房租。"
    if kind == Kind.TERM:
        return f"入驻协议期{when}届满，请及时办理续期或退出。"
    return f"签订入驻协议的期限{when}届满，仍未签订。"
