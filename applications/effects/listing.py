"""What follows from sending and deciding a candidate list [3.2.2][3.2.3].

The list is locked by the engine, then its cases in the order of their keys, then the trail. The engine writes the
new status at the end; the conditions of the cases read it from the database, so it is written here before them.
"""

from django.utils import timezone

from applications.actions import listing, resolving
from applications.models import Status
from park import documents
from park.models import Document
from park.models.document import DocumentState
from park.workflow import Refused, Workflow


def close_entry(application, *, by, data):
    """The case has left the list: for another panel, or for good."""
    application.list_entries.filter(is_open=True).update(is_open=False)


def list_candidates(candidate_list, *, by, data):
    """Every case on the list is now before the working group. One that was withdrawn meanwhile is named."""
    applications = listing.lock_applications(candidate_list.entries.values_list("application", flat=True))
    if gone := listing.gone_from(candidate_list):
        raise Refused(listing.sentence_on_gone(gone))
    candidate_list.sent_at, candidate_list.sent_by = timezone.now(), by
    candidate_list.save(update_fields=["status", "sent_at", "sent_by"])
    for application in applications:
        Workflow.of(application).perform(application, "list", by=by, note=str(candidate_list))


def issue_list(candidate_list, *, by, data):
    documents.issue("candidate_list", candidate_list, by=by, number=candidate_list.number)


def unlist_candidates(candidate_list, *, by, data):
    """The cases wait for another list."""
    rows = candidate_list.entries.filter(is_open=True)
    for application in listing.lock_applications(rows.values_list("application", flat=True)):
        if application.status == Status.LISTED:
            Workflow.of(application).perform(application, "unlist", by=by, note=str(candidate_list))


def withdraw_list_paper(candidate_list, *, by, data):
    papers = Document.objects.about(candidate_list).filter(kind="candidate_list")
    for paper in papers.exclude(state__in=[DocumentState.SUPERSEDED, DocumentState.WITHDRAWN]):
        documents.withdraw(paper, by=by, reason=f"候选名单撤回：{data.get('reason', '')}"[:200])


def free_entries(candidate_list, *, by, data):
    """The cases of a list that was never sent may go on another one."""
    rows = candidate_list.entries.filter(is_open=True)
    listing.lock_applications(rows.values_list("application", flat=True))
    rows.update(is_open=False)


def record_resolution(candidate_list, *, by, data):
    """Minutes, text and the decision on every row [3.2.3]."""
    resolving.record_decisions(candidate_list, by=by, data=data)
    candidate_list.minutes_no, candidate_list.minutes_on = data["minutes_no"], data["minutes_on"]
    candidate_list.resolution = data["resolution"]
    candidate_list.resolved_at, candidate_list.resolved_by = timezone.now(), by
    candidate_list.save(
        update_fields=["status", "minutes_no", "minutes_on", "resolution", "resolved_at", "resolved_by"]
    )


def carry_out(candidate_list, *, by, data):
    resolving.carry_out_decisions(candidate_list, by=by)


def issue_resolution(candidate_list, *, by, data):
    documents.issue("resolution", candidate_list, by=by, number=f"RD{candidate_list.number[2:]}")
