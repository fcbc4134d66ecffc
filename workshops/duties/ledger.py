"""What is due of the ledgers: what came back, what waits for the office, and the plans of a year [A2.3][A2.9][5.3]?"""

from datetime import date, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef
from django.urls import reverse

from park.models import Role
from park.workflow import Stage
from workshops.duties.definition import NO_KEY, DutyKind, Part, text
from workshops.models import LedgerRecord, LedgerStatus, Residency
from workshops.workflow import LEDGER

KEPT = (LedgerStatus.SUBMITTED, LedgerStatus.VERIFIED)


def _records(status):
    """One line per studio, with the earliest day of its records; there may be thousands."""

    def parts(scope):
        yield Part(
            LedgerRecord.objects.filter(status=status),
            key=NO_KEY,
            state=text(status),
            day=Min("due_on"),
            number=Count("pk"),
        )

    return parts


def _without_plan(category, **counting):
    return ~Exists(
        LedgerRecord.objects.filter(
            studio=OuterRef("studio"), kind="plan", category=category, status__in=KEPT, **counting
        )
    )


def _year_plans(scope):
    year = scope.today.year
    inside = {"counts_from__lte": date(year, 12, 31), "counts_until__gte": date(year, 1, 1)}
    rows = Residency.objects.in_park().filter(
        _without_plan("year", **inside), term_starts_on__lte=scope.today
    )
    yield Part(rows, day=F("term_starts_on"))


def _year_plan_by(line, scope) -> date:
    """Counted from the beginning of the year, or from that of the term where it is later."""
    begin = max(line.day, date(scope.today.year, 1, 1))
    return begin + timedelta(days=scope.rules["year_plan_days"])


def _development_plans(scope):
    rows = Residency.objects.in_park().filter(_without_plan("development"), term_starts_on__lte=scope.today)
    yield Part(rows, day=F("term_starts_on"))


def _plan_page(line, studio) -> str:
    return reverse("workshops:ledger_kind", args=[studio.key, "plan"])


MISSING = {"": Stage("还没有登记", "", Role.APPLICANT)}
DUTIES = (
    DutyKind(
        "ledger_returned", "台账退回修改", "5.3", _records(LedgerStatus.RETURNED), LEDGER.stages,
        lambda line: f"修改退回的台账 {line.number} 条",
        lambda line, studio: reverse("workshops:ledger_all", args=[studio.key]) + "?status=returned",
    ),
    DutyKind(
        "ledger_verify", "台账核验", "5.3", _records(LedgerStatus.SUBMITTED), LEDGER.stages,
        lambda line: f"核验台账 {line.number} 条",
        lambda line, studio: reverse("workshops:ledger_all", args=[studio.key]) + "?status=submitted",
    ),
    DutyKind(
        "year_plan", "年度工作计划", "A2.9", _year_plans, MISSING, lambda line: "登记本年度工作计划", _plan_page,
        day=_year_plan_by, rules=("year_plan_days",),
    ),
    DutyKind(
        "development_plan", "发展规划", "A2.3", _development_plans, MISSING, lambda line: "登记入驻后的发展规划",
        _plan_page, rules=("development_plan_days",),
        day=lambda line, scope: line.day + timedelta(days=scope.rules["development_plan_days"]),
    ),
)  # fmt: skip
