"""What must be true of a candidate list and its rows [3.2.2][3.2.3]."""

from applications.actions.listing import gone_from, sentence_on_gone
from applications.models import ListEntry, ListStatus, Status


def _entry(application):
    return application.list_entries.filter(is_open=True).select_related("list").first()


def on_a_list(application):
    entry = _entry(application)
    return "" if entry and entry.list.status == ListStatus.SENT else "没有列入已报送的候选名单。"


def _resolved(application, decision, place=None):
    entry = _entry(application)
    if entry is None or entry.list.status != ListStatus.RESOLVED:
        return "所在的候选名单还没有审核认定。"
    if entry.decision != decision or (place and entry.place != place):
        return f"审核认定的决定是“{entry.get_decision_display()}（{entry.get_place_display()}）”，与此不符。"
    return ""


def resolved_as_approved(application):
    return _resolved(application, ListEntry.Decision.APPROVE, ListEntry.Place.CANDIDATE)


def resolved_as_waitlisted(application):
    return _resolved(application, ListEntry.Decision.APPROVE, ListEntry.Place.WAITLIST)


def resolved_as_declined(application):
    return _resolved(application, ListEntry.Decision.DECLINE)


def resolved_as_returned(application):
    return _resolved(application, ListEntry.Decision.RETURN)


TAKES_A_PLACE = (Status.APPROVED, Status.ON_NOTICE, Status.ADMITTED)


def free_places(candidate_list) -> int:
    """Places of the list that nobody holds: those approved, on notice and admitted each take one."""
    taken = candidate_list.entries.filter(is_open=True, application__status__in=TAKES_A_PLACE).count()
    return candidate_list.places - taken


def place_is_free(application):
    entry = _entry(application)
    if entry is None:
        return "不在任何候选名单上。"
    return "" if free_places(entry.list) > 0 else "名单上还没有空余的名额。"


def is_next_in_line(application):
    entry = _entry(application)
    if entry is None:
        return ""
    before = entry.list.entries.filter(
        is_open=True, application__status=Status.WAITLISTED, rank__lt=entry.rank
    ).first()
    return "" if before is None else f"应按名次递补，前面还有第{before.rank}名。"


def has_entries(candidate_list):
    return "" if candidate_list.entries.exists() else "名单上还没有申报。"


def places_match(candidate_list):
    count = candidate_list.entries.filter(place=ListEntry.Place.CANDIDATE).count()
    if count > candidate_list.places:
        return f"列为候选的有{count}件，超过可入驻名额{candidate_list.places}个。"
    return ""


def all_still_candidates(candidate_list):
    return sentence_on_gone(gone_from(candidate_list))


def nothing_decided(candidate_list):
    decided = candidate_list.entries.exclude(decision="").exists()
    return "名单上已有决定，不能撤回。" if decided else ""
