"""What must be true before a leader is followed by another [5.4.2]."""

from django.utils import timezone

from park.templatetags.ui import date_zh


def window_open(change):
    """Named in time; what was named in time may be decided later."""
    if change.window_is_open():
        return ""
    return f"接替期限已于{date_zh(change.window_ends_on)}届满，不能再提名。"


def window_over(change):
    if change.window_ends_on < timezone.localdate():
        return ""
    return f"接替期限到{date_zh(change.window_ends_on)}为止，还没有届满。"


def a_condition_is_met(change):
    """3.1.1 asks for one of the three."""
    nomination = change.nomination()
    if nomination is not None and nomination.grounds.filter(verdict="met").exists():
        return ""
    return "核对结论中没有一项入驻条件为“符合”，接替人不符合要求，不能同意变更。"


def successor_still_there(change):
    """A member who left meanwhile cannot lead."""
    nomination = change.nomination()
    if nomination is None or nomination.member is None or nomination.member.left_on is None:
        return ""
    return f"提名的{nomination.name}已于{date_zh(nomination.member.left_on)}离开工作室。"
