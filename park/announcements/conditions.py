"""What must be true of an announcement before it moves: (announcement) -> "" or what is missing."""

from django.utils import timezone

from park import rules
from park.announcements import checks
from park.announcements.kinds import kind_of
from park.templatetags.ui import date_zh

READINGS = {1: ("终审",), 2: ("初审", "终审"), 3: ("初审", "复审", "终审")}


def readings() -> tuple[str, ...]:
    """The readings that the park asks for, by name."""
    return READINGS[rules.get("announcement_reviews")]


def valid_readings(announcement):
    """Readings of the very text as it stands."""
    return announcement.reviews.filter(text_hash=checks.text_hash(announcement)).order_by("level")


def text_is_complete(announcement):
    if not announcement.text.strip():
        return "正文还没有写。"
    return (
        "名单是空的，没有可以公示的内容。" if kind_of(announcement).notice and not announcement.rows else ""
    )


def nothing_personal(announcement):
    return "".join(checks.personal_data(announcement))


def records_are_ready(announcement):
    return "".join(kind_of(announcement).ready(announcement))


def reading_is_wanted(announcement):
    if valid_readings(announcement).count() < len(readings()):
        return ""
    return "各次审核都已通过，可以发布。"


def read_enough(announcement):
    done, wanted = valid_readings(announcement).count(), readings()
    return "" if done >= len(wanted) else f"还没有通过{'、'.join(wanted[done:])}。"


def is_notice(announcement):
    return "" if announcement.notice_days else "这不是公示，没有公示期。"


def days_are_over(announcement):
    if announcement.ends_on is None:
        return "这不是公示，发布后不需要办结。"
    if timezone.localdate() > announcement.ends_on:
        return ""
    return f"公示期到{date_zh(announcement.ends_on)}截止，次日起才能办结。"


def every_objection_is_decided(announcement):
    left = announcement.objections.filter(outcome="").count()
    return f"还有 {left} 件异议没有处理完。" if left else ""
