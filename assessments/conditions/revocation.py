"""What must be true before a revocation takes its next step [5.4]."""

from django.utils import timezone

from assessments.actions.grounds import residency_stands, revocation_has_its_facts
from park import rules
from park.models import AnnouncementStatus
from park.templatetags.ui import date_zh
from workshops.conditions.residency import held_rooms
from workshops.models import STANDING

__all__ = [
    "announced",
    "defence_may_come",
    "no_defence_yet",
    "residency_is_over",
    "residency_stands",
    "revocation_has_its_facts",
    "rooms_are_back",
    "window_is_over",
]


def defence_may_come(revocation):
    """The last day of the window still counts."""
    if timezone.localdate() <= revocation.defence_until:
        return ""
    return f"陈述申辩的期限已于{date_zh(revocation.defence_until)}届满。"


def no_defence_yet(revocation):
    """A paper that came in time may be recorded after the window was closed; a defence stands as it was made."""
    if revocation.defence in ("", revocation.Defence.NONE):
        return ""
    return "工作室已经陈述申辩。"


def window_is_over(revocation):
    if revocation.defence_until < timezone.localdate():
        return ""
    return f"陈述申辩的期限到{date_zh(revocation.defence_until)}为止，还没有届满。"


def residency_is_over(revocation):
    return "" if revocation.residency.status not in STANDING else "入驻还没有结束。"


def rooms_are_back(revocation):
    """Every room that the studio held was handed back, with its list."""
    still = held_rooms(revocation.residency)
    return f"还没有办完交还的房间：{'、'.join(str(o.room) for o in still)}。" if still else ""


def announced(revocation):
    """Where the park announces revocations, it has done so before the case is closed."""
    if not rules.get("revocation_public"):
        return ""
    note = revocation.announcement
    if note is not None and note.status in (
        AnnouncementStatus.PUBLISHED,
        AnnouncementStatus.CONCLUDED,
        AnnouncementStatus.WITHDRAWN,
    ):
        return ""
    return "公告还没有发布（本园设定取消资格的决定应公告）。"
