"""What follows from the steps of a site visit [3.2.2]."""

from django.db.models import Max
from django.utils import timezone

from applications.actions.visiting import people_of, tell
from applications.checklist import outcome_contradicts, place_lines
from applications.models import SiteVisit, VisitStatus
from applications.papers.visit import record_hash
from park import attachments, documents
from park.templatetags.ui import date_zh
from park.workflow import Refused


def reject_after_visit(application, *, by, data):
    """The application ends here [3.2.2]: clause and reason stay with the visit that they rest on, and go out as a
    letter."""
    visits = SiteVisit.objects.select_for_update(no_key=True).filter(application=application)
    visit = visits.exclude(status=VisitStatus.CANCELLED).order_by("-round").first()
    visit.refusal_clause, visit.refusal_reason = data["clause"], data["reason"]
    visit.refused_at, visit.refused_by = timezone.now(), by
    visit.save(update_fields=["refusal_clause", "refusal_reason", "refused_at", "refused_by"])
    documents.issue("visit_rejection", visit, by=by)


def postpone(visit, *, by, data):
    """Another day for the same visit; on a new day it comes last on the route."""
    if data["visit_on"] != visit.visit_on:
        others = SiteVisit.objects.filter(visit_on=data["visit_on"]).exclude(status=VisitStatus.CANCELLED)
        visit.route_order = (others.aggregate(last=Max("route_order"))["last"] or 0) + 1
    visit.postponed_from, visit.postponed_why = visit.visit_on, data["reason"]
    visit.visit_on, visit.meet_at = data["visit_on"], data["meet_at"]
    visit.postponed += 1
    visit.save(
        update_fields=["visit_on", "meet_at", "route_order", "postponed", "postponed_from", "postponed_why"]
    )


def renew_notice(visit, *, by, data):
    """The notice in its next version; the one sent before no longer stands."""
    former = documents.standing(visit, "visit_notice")
    documents.issue("visit_notice", visit, by=by, supersedes=former, reason="考察安排有变化")


def withdraw_notice(visit, *, by, data):
    """A visit that is called off has no papers that stand; those who were to go hear of it."""
    why = data.get("reason") or "申报已撤回"
    visit.cancelled_why = why
    visit.save(update_fields=["cancelled_why"])
    for kind in ("visit_notice", "visit_sheet"):
        if paper := documents.standing(visit, kind):
            documents.withdraw(paper, by=by, reason="现场考察已取消")
    tell(people_of(visit), visit, f"{visit}已取消，原定{date_zh(visit.visit_on)}。", by=by)


def finish_record(visit, *, by, data):
    """What was found becomes the record; the outcome has to rest on it."""
    lines = place_lines(visit.application.latest_submission().data)
    rows = {row.item: row for row in visit.lines.all()}
    silent = [
        line.text
        for line in lines
        if line.demanded and rows[line.item].verdict != "met" and not rows[line.item].note
    ]
    if silent:
        raise Refused("下列各项不是“符合”，请先在考察记录中写明说明：" + "；".join(silent) + "。")
    verdicts = {item: row.verdict for item, row in rows.items()}
    if reason := outcome_contradicts(data["outcome"], lines, verdicts):
        raise Refused(reason)
    visit.outcome, visit.reason = data["outcome"], data["reason"]
    visit.recorded_at, visit.recorded_by = timezone.now(), by
    visit.save(update_fields=["outcome", "reason", "recorded_at", "recorded_by"])


def print_sheet(visit, *, by, data):
    """The 现场考察记录表; once the studio has answered, the same sheet with its answer."""
    documents.issue(
        "visit_sheet",
        visit,
        by=by,
        content_hash=record_hash(visit),
        supersedes=documents.standing(visit, "visit_sheet"),
        reason="工作室已在线答复",
    )


def reopen_record(visit, *, by, data):
    """The record is open again; the sheet that was printed from it no longer stands."""
    visit.outcome = visit.reason = ""
    visit.recorded_at = visit.recorded_by = None
    # its status, changed by the engine already, goes with it: the constraint reads both
    visit.save(update_fields=["outcome", "reason", "recorded_at", "recorded_by", "status"])
    if paper := documents.standing(visit, "visit_sheet"):
        documents.withdraw(paper, by=by, reason="考察记录退回修改")


def confirm_online(visit, *, by, data):
    """The studio's own answer: the facts are right, or which are not."""
    _confirm(visit, data["answer"], data["remark"], by)


def confirm_on_paper(visit, *, by, data):
    """The sheet signed on paper, as a scan."""
    visit.signed_sheet = attachments.store(data["scan"], by=by)
    visit.save(update_fields=["signed_sheet"])
    _confirm(visit, SiteVisit.Confirmation.PAPER, data["remark"], by)


def _confirm(visit, way, remark, by):
    visit.confirmation, visit.studio_remark = way, remark
    visit.confirmed_at, visit.confirmed_by = timezone.now(), by
    visit.save(update_fields=["confirmation", "studio_remark", "confirmed_at", "confirmed_by"])
