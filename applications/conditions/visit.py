"""A site visit counts when it is recorded, confirmed and carried out by enough people [3.2.2]."""

from django.utils import timezone

from applications.checklist import place_lines
from applications.models import SiteVisit, VisitStatus
from park import rules
from park.templatetags.ui import date_zh


def _last(application):
    return application.visits.exclude(status=VisitStatus.CANCELLED).order_by("-round").first()


def visit_settled(application):
    visit = _last(application)
    if visit is None:
        return "还没有安排现场考察。"
    if visit.status == VisitStatus.PLANNED:
        return f"第{visit.round}次现场考察还没有完成记录。"
    if visit.status == VisitStatus.RECORDED:
        return f"第{visit.round}次考察记录还没有经工作室确认或签字。"
    return ""


def visit_passed(application):
    visit = _last(application)
    if visit is None or visit.status != VisitStatus.SETTLED:
        return ""  # said by visit_settled already
    if visit.outcome == SiteVisit.Outcome.PASSED:
        return ""
    return f"最近一次考察的结论是“{visit.get_outcome_display()}”。"


def visit_failed(application):
    visit = _last(application)
    if visit is None or visit.status != VisitStatus.SETTLED:
        return ""  # said by visit_settled already
    if visit.outcome == SiteVisit.Outcome.FAILED:
        return ""
    return f"最近一次考察的结论是“{visit.get_outcome_display()}”，没有不予通过的依据。"


def day_has_come(visit):
    if visit.visit_on <= timezone.localdate():
        return ""
    return f"考察日期是{date_zh(visit.visit_on)}，当天起才能完成记录。"


def lines_finished(visit):
    lines = place_lines(visit.application.latest_submission().data)
    found = set(visit.lines.exclude(verdict="").values_list("item", flat=True))
    open_lines = [line for line in lines if line.item not in found]
    return f"考察项目还有 {len(open_lines)} 项没有结论。" if open_lines else ""


def findings_written(visit):
    return "" if visit.findings.strip() else "还没有填写综合考察情况。"


def enough_visitors(visit):
    wanted, count = rules.get("visit_min_visitors"), visit.visitors.count()
    return "" if count >= wanted else f"考察至少{wanted}人（本园设定），现在登记了{count}人。"
