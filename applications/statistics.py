"""How do applications fare [3.2]: how many come how far, how long does each stage take, why are they refused?

Counted are the cases first filed in the batch, year or period that is asked for (a cohort), as they stand now. How far
a case came is read from the audit trail, because its status forgets where it came from once it has ended. One pass
over cases and entries, a constant number of queries.
"""

import math
import statistics as arithmetic
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

import tablib
from django.db.models import CharField, Max, Min
from django.db.models.functions import Cast
from django.utils import timezone

from applications.models import Application, Letter, ReviewDecision, Status
from applications.workflow import STAGES
from park import rules, workdays
from park.models import AuditEntry, District
from park.templatetags.ui import clause_name

# The stages of the funnel, and how far each step brings a case. The last of these steps counts, not the farthest: a
# case that was returned by the working group has been voted on, but is no candidate any more until it is carried anew.
FUNNEL = ("提交申报", "初审通过", "考察通过", "完成表决", "列为候选", "认定同意", "确定入驻")
LEVEL_AFTER = {
    "submit": 1, "pass_review": 2, "pass_visit": 3, "void_ballot": 3, "not_carry": 4, "carry": 5, "return": 4,
    "list": 5, "unlist": 5, "waitlist": 5, "decline": 5, "approve": 6, "promote": 6, "put_on_notice": 6,
    "take_off_notice": 6, "uphold_objection": 6, "admit": 7,
}  # fmt: skip
# For a case without a trail (taken over from elsewhere): what its status proves.
LEVEL_OF_STATUS = {
    Status.SITE_VISIT: 2, Status.DELIBERATION: 3, Status.BALLOT: 3, Status.CANDIDATE: 5, Status.LISTED: 5,
    Status.WAITLISTED: 5, Status.APPROVED: 6, Status.ON_NOTICE: 6, Status.ADMITTED: 7, Status.NOT_SELECTED: 4,
    Status.DECLINED: 5,
}  # fmt: skip
# The stages whose time is counted, in order of the road.
TIMED = (
    Status.SUBMITTED, Status.CORRECTION, Status.SITE_VISIT, Status.DELIBERATION, Status.BALLOT, Status.CANDIDATE,
    Status.LISTED, Status.WAITLISTED, Status.APPROVED, Status.ON_NOTICE,
)  # fmt: skip
# The steps that end a case by a refusal, and the stage it came from.
REFUSALS = {
    "reject": "材料初审", "reject_visit": "现场考察", "not_carry": "投票表决", "decline": "审核认定",
    "end_waitlist": "候补", "uphold_objection": "公示",
}  # fmt: skip
REFUSED = (Status.REJECTED, Status.NOT_SELECTED, Status.DECLINED)
OTHER, WHOLE_ROAD = "其他步骤", "提交到办结"
STEPS = {*LEVEL_AFTER, *REFUSALS, "resubmit", "request_correction", "withdraw", "lapse", "open_ballot"}
MOST_CRAFTS = 15


@dataclass(frozen=True)
class Cohort:
    """Which cases are counted: first filed in this batch, this year, this period (both days included)."""

    batch: object = None
    year: int | None = None
    since: date | None = None
    until: date | None = None

    def of(self, queryset):
        if self.batch is not None:
            queryset = queryset.filter(batch=self.batch)
        first = max(filter(None, [self.since, self.year and date(self.year, 1, 1)]), default=None)
        last = min(filter(None, [self.until, self.year and date(self.year, 12, 31)]), default=None)
        if first:
            queryset = queryset.filter(submitted_at__gte=_midnight(first))
        if last:
            queryset = queryset.filter(submitted_at__lt=_midnight(last + timedelta(days=1)))
        return queryset

    @property
    def words(self) -> str:
        """The conditions in words, for the export and the trail."""
        parts = [str(self.batch) if self.batch else "", f"{self.year}年" if self.year else ""]
        if self.since or self.until:
            parts.append(f"{self.since or '最早'} 至 {self.until or '今天'} 提交")
        return "，".join(filter(None, parts)) or "全部申报"

    @property
    def is_all(self) -> bool:
        return not (self.batch or self.year or self.since or self.until)


def _midnight(day: date):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day))


@dataclass(frozen=True)
class StageTime:
    """How long the cases that have left a stage spent in it, in working days, repeats added up."""

    label: str
    cases: int
    median: float | None
    slow: int | None  # the slowest tenth took at least this long
    limit: int | None  # the park's own time limit
    over: int | None  # cases beyond it


@dataclass
class Figures:
    """Everything on the page. `total` 0 means that there is nothing to show."""

    cohort: Cohort
    total: int = 0
    funnel: list[tuple[str, int]] = field(default_factory=list)
    on_the_road: int = 0
    withdrawn: int = 0
    refused: int = 0
    times: list[StageTime] = field(default_factory=list)
    reasons: list[tuple[str, str, str, int]] = field(
        default_factory=list
    )  # stage, clause code, its name, cases
    crafts: list[tuple[str, int, int]] = field(default_factory=list)  # label, filed, admitted
    districts: list[tuple[str, int, int]] = field(default_factory=list)


class Calendar:
    """Working days between two days in constant time: the same count as `park.workdays.workdays_between`."""

    def __init__(self):
        self._exceptions = workdays.whole_calendar()
        self._origin = date(2000, 1, 1)
        self._sums = [0]

    def _up_to(self, day: date) -> int:
        """Working days after the origin, up to and including the day."""
        n = (day - self._origin).days
        while len(self._sums) <= n:
            on = self._origin + timedelta(days=len(self._sums))
            self._sums.append(self._sums[-1] + self._exceptions.get(on, on.weekday() < 5))
        return self._sums[n]

    def between(self, start: date, end: date) -> int:
        return self._up_to(end) - self._up_to(start)


def figures(user, cohort: Cohort) -> Figures:
    """Count everything for the cases that this person may see."""
    cases = cohort.of(Application.objects.visible_to(user).filed())
    rows = {
        str(pk): (status, occupation, district, submitted_at)
        for pk, status, occupation, district, submitted_at in cases.order_by().values_list(
            "pk", "status", "occupation", "district_id", "submitted_at"
        )
    }
    found = Figures(cohort, total=len(rows))
    if not rows:
        return found
    trail = _trail(cases, cohort, rows)
    found.funnel = _funnel(rows, trail)
    statuses = Counter(status for status, *_ in rows.values())
    found.withdrawn = statuses[Status.WITHDRAWN]
    found.refused = sum(statuses[status] for status in REFUSED)
    found.on_the_road = found.total - found.withdrawn - found.refused - statuses[Status.ADMITTED]
    found.times = _times(rows, trail)
    found.reasons = _reasons(cases, rows, trail)
    admitted = {key for key, row in rows.items() if row[0] == Status.ADMITTED}
    found.crafts = _shares(rows, admitted, lambda row: row[1] or "未填写")
    if len(found.crafts) > MOST_CRAFTS:
        rest = found.crafts[MOST_CRAFTS:]
        more = (f"其他 {len(rest)} 个职业（工种）", sum(r[1] for r in rest), sum(r[2] for r in rest))
        found.crafts = [*found.crafts[:MOST_CRAFTS], more]
    districts = dict(District.objects.values_list("pk", "label"))
    found.districts = _shares(rows, admitted, lambda row: districts.get(row[2], "未填写"))
    return found


def _trail(cases, cohort, rows) -> dict[str, list]:
    """key of a case → its steps in order: (verb, day, status before, status after, clause)."""
    entries = AuditEntry.objects.filter(
        subject_model=Application._meta.label_lower, result="ok", verb__in=STEPS
    )
    if not cohort.is_all:
        keys = cases.order_by().annotate(text=Cast("pk", CharField())).values("text")
        entries = entries.filter(subject_id__in=keys)
    trail = defaultdict(list)
    fields = ("subject_id", "verb", "at", "before", "after", "clause", "sequence")
    zone = timezone.get_current_timezone()
    for key, verb, at, before, after, clause, sequence in (
        entries.order_by().values_list(*fields).iterator(5000)
    ):
        if key in rows:
            trail[key].append((sequence, verb, at.astimezone(zone).date(), before, after, clause))
    for steps in trail.values():
        steps.sort()
    return trail


def _funnel(rows, trail) -> list[tuple[str, int]]:
    reached = Counter()
    for key, (status, *_) in rows.items():
        last = next(
            (s[1] for s in reversed(trail.get(key, ())) if s[1] in LEVEL_AFTER and s[1] != "submit"), ""
        )
        reached[LEVEL_AFTER[last] if last else max(1, LEVEL_OF_STATUS.get(status, 1))] += 1
    return [
        (label, sum(n for level, n in reached.items() if level >= wanted))
        for wanted, label in enumerate(FUNNEL, 1)
    ]


def _times(rows, trail) -> list[StageTime]:
    calendar, spent, whole = Calendar(), {status: [] for status in TIMED}, []
    for key, (status, _, _, submitted_at) in rows.items():
        stays, entered, last = {}, None, None
        for _, _, day, before, after, _ in trail.get(key, ()):
            if entered is not None and before != after and before in spent:
                stays[before] = stays.get(before, 0) + calendar.between(entered, day)
            if before != after:
                entered = day
            last = day
        for stage, days in stays.items():
            if stage != status:  # still in it: its time is not over
                spent[stage].append(days)
        if last is not None and (status in REFUSED or status == Status.ADMITTED):
            whole.append(calendar.between(timezone.localdate(submitted_at), last))
    limits = rules.get_many([STAGES[status].clock for status in TIMED if STAGES[status].clock])
    made = [
        _stage_time(STAGES[status].label, spent[status], limits.get(STAGES[status].clock))
        for status in TIMED
        if spent[status]
    ]
    return [*made, _stage_time(WHOLE_ROAD, whole, None)] if whole else made


def _stage_time(label, days, limit) -> StageTime:
    days = sorted(days)
    return StageTime(
        label=label,
        cases=len(days),
        median=arithmetic.median(days) if days else None,
        slow=days[math.ceil(0.9 * len(days)) - 1] if days else None,
        limit=limit,
        over=sum(d > limit for d in days) if limit is not None else None,
    )


def _reasons(cases, rows, trail) -> list[tuple[str, str, str, int]]:
    """Refused cases by the stage they failed in and the clause that was named to the studio."""
    decided = dict(
        ReviewDecision.objects.filter(
            application__in=cases, outcome=ReviewDecision.Outcome.REJECTED
        ).values_list("application", "clause")
    )
    written = dict(
        Letter.objects.filter(application__in=cases, kind=Letter.Kind.NOT_ADMITTED)
        .order_by("pk")
        .values_list("application", "clause")
    )
    counted = Counter()
    for key, (status, *_) in rows.items():
        if status not in REFUSED:
            continue
        step = next((s for s in reversed(trail.get(key, ())) if s[1] in REFUSALS), None)
        stage = REFUSALS[step[1]] if step else OTHER
        of_step = step[5] if step else ""
        pk = int(key)
        clause = (decided.get(pk) if stage == "材料初审" else written.get(pk)) or of_step
        counted[stage, clause] += 1
    order = [*REFUSALS.values(), OTHER]
    return [
        (stage, clause, clause_name(clause) if clause else "—", n)
        for (stage, clause), n in sorted(
            counted.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])
        )
    ]


def _shares(rows, admitted, label_of) -> list[tuple[str, int, int]]:
    filed, taken = Counter(), Counter()
    for key, row in rows.items():
        label = label_of(row)
        filed[label] += 1
        taken[label] += key in admitted
    return [
        (label, n, taken[label]) for label, n in sorted(filed.items(), key=lambda item: (-item[1], item[0]))
    ]


def years_filed(user) -> list[int]:
    """From the year of the last filing back to that of the first."""
    span = (
        Application.objects.visible_to(user)
        .filed()
        .aggregate(first=Min("submitted_at"), last=Max("submitted_at"))
    )
    if span["first"] is None:
        return []
    first, last = timezone.localtime(span["first"]).year, timezone.localtime(span["last"]).year
    return list(range(last, first - 1, -1))


def as_workbook(found: Figures) -> bytes:
    """The tables of the page as xlsx, one sheet each; no names of people in it."""
    first = found.total or 1
    book = tablib.Databook(
        [
            _sheet(
                "说明",
                ["项目", "内容"],
                [
                    ("统计范围", found.cohort.words),
                    ("统计时间", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
                    ("申报件数", found.total),
                    ("正在办理", found.on_the_road),
                    ("未通过", found.refused),
                    ("撤回", found.withdrawn),
                    ("用时口径", "工作日；同一环节多次办理的累加；尚在该环节的不计入"),
                ],
            ),
            _sheet(
                "各环节件数",
                ["环节", "件数", "占提交的比例"],
                [(n, c, f"{c / first:.1%}") for n, c in found.funnel],
            ),
            _sheet(
                "办理用时",
                [
                    "环节",
                    "件数",
                    "中位数（工作日）",
                    "最慢的十分之一不少于（工作日）",
                    "期限（本园设定）",
                    "超过期限的件数",
                ],
                [
                    (t.label, t.cases, t.median, t.slow, _or_dash(t.limit), _or_dash(t.over))
                    for t in found.times
                ],
            ),
            _sheet(
                "未通过的理由", ["环节", "条款", "件数"], [(s, name, n) for s, _, name, n in found.reasons]
            ),
            _sheet("职业（工种）", ["职业（工种）", "申报", "入驻"], found.crafts),
            _sheet("属地", ["属地", "申报", "入驻"], found.districts),
        ]
    )
    return book.export("xlsx", escape=True)


def _sheet(title, headers, rows):
    return tablib.Dataset(*rows, headers=headers, title=title)


def _or_dash(value):
    return "—" if value is None else value
