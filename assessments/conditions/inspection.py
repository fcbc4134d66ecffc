"""An inspection counts when its day has come, every line has a verdict and enough people were there [5.2]."""

from django.utils import timezone

from park import rules
from park.templatetags.ui import date_zh
from workshops.models import IN_PARK


def still_in_the_park(inspection):
    return "" if inspection.residency.status in IN_PARK else "入驻已经结束，检查不能改期。"


def day_has_come(inspection):
    if inspection.inspect_on <= timezone.localdate():
        return ""
    return f"检查日期是{date_zh(inspection.inspect_on)}，当天起才能完成记录。"


def lines_finished(inspection):
    count = inspection.lines.filter(verdict="").count()
    return f"检查项目还有 {count} 项没有结论。" if count else ""


def problems_described(inspection):
    count = inspection.lines.filter(verdict="not_met", note="").count()
    return f"有 {count} 项“不符合”还没有写明问题。" if count else ""


def enough_inspectors(inspection):
    wanted, count = rules.get("inspection_min_inspectors"), inspection.inspectors.count()
    return "" if count >= wanted else f"检查至少{wanted}人（本园设定），现在登记了{count}人。"


def answer_is_late(inspection):
    if inspection.due_on and inspection.due_on < timezone.localdate():
        return ""
    return f"工作室核对的期限是{date_zh(inspection.due_on)}，逾期没有答复才能按记录办理。"


def nothing_left_open(inspection):
    count = inspection.findings.unsettled().count()
    return f"还有 {count} 个问题没有整改到位。" if count else ""
