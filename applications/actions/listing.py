"""Which cases stand on a candidate list, and in which order [3.2.2]? Computed from the verdicts, never typed."""

from django.db import transaction
from django.utils import timezone

from applications.models import Application, CandidateList, ListEntry, ListStatus, Status
from applications.permissions import is_officer
from applications.ranking import ranked, standings
from park import audit, rules
from park.models.document import next_number
from park.workflow import Refused, Workflow


# ── compiling ───────────────────────────────────────────────────────────────────────────────────
def lock_applications(keys) -> list[Application]:
    """Lock these cases in the order of their keys: before any entry on the trail, whose end is locked last."""
    rows = Application.objects.filter(pk__in=set(keys)).select_for_update(no_key=True)
    return list(rows.order_by("pk"))


def _drafting(candidate_list) -> CandidateList:
    row = CandidateList.objects.select_for_update(no_key=True).get(pk=candidate_list.pk)
    if row.status != ListStatus.DRAFTING:
        raise Refused(f"{row}已不在编制中，当前是“{row.get_status_display()}”，不能再调整。")
    return row


@transaction.atomic
def compile_list(keys, *, title, places, batch=None, note="", by) -> CandidateList:
    """A new list of these cases (keys of applications), ranked by the park's rule of the day. Raises Refused."""
    chosen = lock_applications(Application.objects.filter(key__in=keys).values_list("pk", flat=True))
    row = CandidateList(
        title=title, places=places, batch=batch, note=note, compiled_by=by, ranking=rules.get("list_ranking")
    )
    _check(row, chosen, by=by)
    row.number = next_number("HX", timezone.localdate().year)
    row.save()
    _fill(row, chosen)
    audit.record("compile_list", row, by=by, after=f"{len(chosen)}件，名额{places}个", clause="3.2.2")
    return row


@transaction.atomic
def change_list(candidate_list, keys, *, title, places, note="", by) -> tuple[CandidateList, list[str]]:
    """Other cases, another number of places: everything is ranked anew, by the park's rule of today.

    Returns the list and the numbers of cases that had gone elsewhere meanwhile and were taken off.
    """
    row = _drafting(candidate_list)
    now = set(row.entries.values_list("application", flat=True))
    wanted = set(Application.objects.filter(key__in=keys).values_list("pk", flat=True))
    rows = lock_applications(now | wanted)
    gone = [a for a in rows if a.pk in now and a.status != Status.CANDIDATE]
    chosen = [a for a in rows if a.pk in wanted and a not in gone]
    row.title, row.places, row.note, row.ranking = title, places, note, rules.get("list_ranking")
    _check(row, chosen, by=by)
    row.save(update_fields=["title", "places", "note", "ranking"])
    _fill(row, chosen)
    audit.record(
        "change_list",
        row,
        by=by,
        before=f"{len(now)}件",
        after=f"{len(chosen)}件，名额{places}个",
        note="重新排序",
        clause="3.2.2",
    )
    return row, [str(a) for a in gone]


def recompute(candidate_list, *, by) -> tuple[CandidateList, list[str]]:
    """Rank the same cases anew; those that have gone elsewhere fall off."""
    keys = candidate_list.entries.values_list("application__key", flat=True)
    return _same_but(candidate_list, set(keys), by=by)


def remove_case(candidate_list, key, *, by) -> tuple[CandidateList, list[str]]:
    """Take one case off a list in preparation; the others move up."""
    keys = candidate_list.entries.values_list("application__key", flat=True)
    return _same_but(candidate_list, set(keys) - {key}, by=by)


def _same_but(candidate_list, keys, *, by):
    return change_list(
        candidate_list,
        keys,
        title=candidate_list.title,
        places=candidate_list.places,
        note=candidate_list.note,
        by=by,
    )


def _check(candidate_list, chosen, *, by):
    taken = ListEntry.objects.filter(application__in=chosen, is_open=True).select_related("list")
    elsewhere = {e.application_id: e.list for e in taken if e.list_id != candidate_list.pk}
    faults = [] if chosen else ["请至少选择一件申报。"]
    for application in chosen:
        # The right comes first: where a case of one's own stands is told by letter, not by a refusal.
        if not is_officer(by, application):
            faults.append(f"{by}参与了{application}这份申报，不能编制有这份申报的名单。")
        elif application.status != Status.CANDIDATE:
            faults.append(
                f"{application}现在是“{application.get_status_display()}”，不在“表决通过，待列名单”。"
            )
        elif application.pk in elsewhere:
            faults.append(f"{application}已在名单{elsewhere[application.pk]}上。")
    if faults:
        raise Refused(*faults)


def _fill(candidate_list, chosen):
    """The rows of a list in preparation are made anew: nothing hangs on them yet."""
    carried, faults = standings(chosen, candidate_list.ranking)
    if faults:
        raise Refused(*faults)
    order = ranked(carried, candidate_list.ranking)
    candidate_list.entries.all().delete()
    ListEntry.objects.bulk_create(
        ListEntry(
            list=candidate_list,
            application=one.application,
            item=one.item,
            round=one.round,
            rank=rank,
            place=ListEntry.Place.CANDIDATE if rank <= candidate_list.places else ListEntry.Place.WAITLIST,
            approve=one.round.approve,
            eligible=one.round.eligible,
        )
        for rank, one in enumerate(order, 1)
    )


def gone_from(candidate_list) -> list[Application]:
    """Cases on the list that have gone elsewhere since, so that it cannot be sent with them."""
    rows = candidate_list.entries.select_related("application").order_by("rank")
    return [e.application for e in rows if e.application.status != Status.CANDIDATE or not e.is_open]


def sentence_on_gone(gone) -> str:
    if not gone:
        return ""
    names = "、".join(f"{a}（{a.get_status_display()}）" for a in gone)
    return f"下列申报已不在“表决通过，待列名单”状态，请先移出名单：{names}。"


# ── promotion ───────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def promote(entry, *, by) -> Application:
    """The next 候补 takes a place that fell free. The list is locked first, so that nobody counts places meanwhile.

    Raises Refused where no place is free or others come first, PermissionDenied.
    """
    CandidateList.objects.select_for_update(no_key=True).get(pk=entry.list_id)
    return Workflow.of(entry.application).perform(entry.application, "promote", by=by)
