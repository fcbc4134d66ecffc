"""What the cards of the year would say today: one studio's, and all of them side by side [5.2][A2]."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.actions.projection import start_renewal
from assessments.facts import residencies_in, stays_of
from assessments.models import RubricItem, Scorecard, ScorecardStatus
from assessments.permissions.inspection import may_inspect
from assessments.permissions.projection import reads_projections, renews_projections
from assessments.projecting import Projected, basis_of, project
from assessments.scoring import Inspected, Next, Result, next_steps
from assessments.sheets.projection import sheet_of
from assessments.tables import projection as tables
from park import audit, rules, sheets
from park.formkeys import write_once
from park.points import shown
from park.rules.evaluation import FROZEN
from park.sheets.writing import attachment
from park.tables import Page
from park.workflow import Refused
from workshops.kinds import KINDS, kinds_proving
from workshops.permissions import is_office
from workshops.tables.ledger import year_asked
from workshops.views.tabs import tab_context, visible_studio

PAGE = "assessments:projection"
YEARS_BACK = 5
PROOFS_SHOWN = 4


# ── one studio ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Line:
    """One item as the page shows it."""

    item: RubricItem
    result: Result
    seen: Inspected | None
    settings: list[tuple]  # (definition, value in words) of what the park has decided about it
    steps: list[tuple[Next, str]]  # with the address where it is done, "" for whoever cannot
    places: list[tuple[str, str]]  # (words, address): where what is missing is entered, if no step says so

    @property
    def points(self) -> str:
        return shown(self.result.points)

    @property
    def seen_is_said(self) -> bool:
        """One of the reasons names the inspection already."""
        return any(self.seen.text in reason for reason in self.result.reasons)

    @property
    def is_full(self) -> bool:
        return self.result.points >= self.item.max_points

    @property
    def proofs(self):
        return self.result.proofs[:PROOFS_SHOWN]

    @property
    def more_proofs(self):
        return self.result.proofs[PROOFS_SHOWN:]


@require_safe
def projection(request, key):
    """Points per item with what proves them, what is missing and what the next record would earn."""
    studio = visible_studio(request, key)
    today, year = timezone.localdate(), year_asked(request)
    context = tab_context(request, studio, PAGE) | {
        "year": year,
        "years": sorted({*range(today.year - YEARS_BACK + 1, today.year + 1), year}, reverse=True),
    }
    basis = basis_of(year)
    card_of = Scorecard.objects.filter(residency=OuterRef("pk"), cycle__year=year)
    card_of = card_of.exclude(status=ScorecardStatus.EXCLUDED).values("key")[:1]
    rows = residencies_in(year).filter(studio=studio).annotate(card_key=Subquery(card_of))
    cards = project(basis, stays_of(year, rows), today) if basis.items else []
    context |= {"basis": basis, "card": None}
    if cards:
        context |= _card_context(cards[0], basis, today, own=context["is_own"])
        context["card_key"] = cards[0].stay.residency.card_key
        # Whoever may not open the records themselves reads their numbers, without links.
        context["may_open"] = context["is_own"] or is_office(request.user)
        context["may_inspect"] = context["is_own"] or may_inspect(request.user)
    return render(request, "assessments/projection.html", context)


def _card_context(card: Projected, basis, today, *, own) -> dict:
    still = basis.year == today.year and today <= card.stay.until
    lines = [_line(item, card, basis.rules, today, still=still, own=own) for item in basis.items]
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.item.category, []).append(line)
    return {
        "card": card,
        "still": still,
        "days_left": (card.stay.until - today).days if still else 0,
        "groups": [(name, *_sum(found), found) for name, found in groups.items()],
        "chart": [
            (f"{name} {shown(points)} / {shown(most)} 分", int(100 * points / most))
            for name, points, most in ((name, *_sum(found)) for name, found in groups.items())
        ],
        "base": shown(card.base),
        "bonus": shown(card.bonus),
        "total": shown(card.total),
        **_measured(card, basis),
    }


def _sum(lines) -> tuple[Decimal, Decimal]:
    points = sum((line.result.points for line in lines), Decimal(0))
    return points, sum((Decimal(line.item.max_points) for line in lines), Decimal(0))


def _measured(card: Projected, basis) -> dict:
    """How far it is from the marks [S15]."""
    by_base = basis.rules["pass_basis"] == "base"
    words, points = ("基础分", card.base) if by_base else ("总分", card.total)
    most = sum(item.max_points for item in basis.items if not (by_base and item.is_bonus))
    marks = [int(basis.rules[name]) for name in ("pass_mark", "good_mark", "excellent_mark")]
    return {
        "measured_by": words,
        "measured": float(points),
        "gauge_title": f"{words}{shown(points)}分，满分{shown(most)}分",
        "most": float(most),
        "marks": marks,
        "lacks": shown(marks[0] - points) if points < marks[0] else "",
        "marks_said": [
            (rules.REGISTRY[name], rules.REGISTRY[name].show(basis.rules[name]))
            for name in (
                "pass_basis", "pass_mark", "good_mark", "excellent_mark", "excellent_quota", "full_months", "falsified_fails"
            )
        ],
    }  # fmt: skip


def _line(item, card, values, today, *, still, own) -> Line:
    result = card.results[item.code]
    steps = next_steps(item, card.facts, values, today) if still else []
    address = (lambda kind: _entry(kind, card.studio)) if own else (lambda kind: "")
    places = _places(item, card) if own and still and not steps else []
    return Line(
        item,
        result,
        card.facts.inspected.get(item.code) if item.parameters.get("inspected") else None,
        [
            (rule, rule.show(rule.from_json(values[rule.key])))
            for rule in map(rules.REGISTRY.get, FROZEN)
            if rule.clause == item.code
        ],
        [(step, address(step.kind)) for step in steps],
        places,
    )


def _entry(kind, studio) -> str:
    """Where a record of a kind is entered; being in the park is signed in."""
    return (
        reverse("workshops:ledger_new", args=[studio.key, kind])
        if kind
        else reverse("workshops:attendance", args=[studio.key])
    )


def _places(item, card) -> list[tuple[str, str]]:
    """Where to go for what is missing: the ledger that is named, else those that prove the item."""
    result, studio = card.results[item.code], card.studio
    if not result.missing:
        return []
    if item.kind == "monthly":
        return [("到园签到", reverse("workshops:attendance", args=[studio.key]))]
    seen = card.facts.inspected.get(item.code)
    if seen and not seen.met and item.parameters.get("inspected"):
        return [("检查发现的问题", reverse("assessments:studio_inspections", args=[studio.key]))]
    titles = {kind.title: kind for kind in KINDS.values()}
    kinds = [titles[word] for word in result.missing if word in titles]
    places = [(f"登记{kind.title}", _entry(kind.code, studio)) for kind in kinds or kinds_proving(item.code)]
    if item.kind == "completeness":
        others = {"到园签到": "workshops:attendance", "费用": "workshops:studio_fees"}
        places += [
            (words, reverse(page, args=[studio.key]))
            for words, page in others.items()
            if any(word.startswith(words) for word in result.missing)
        ]
    return places


# ── all of them ─────────────────────────────────────────────────────────────────────────────────
def _readers_only(user):
    if not reads_projections(user):
        raise PermissionDenied(
            "各工作室的得分对照供管理办公室和工作小组成员单位查看；工作室请看本工作室的“年度考核”。"
        )


@require_safe
def projections(request):
    """Studios × items: how much of each item everybody has, who is at risk. Reads the stored rows."""
    _readers_only(request.user)
    today, year = timezone.localdate(), year_asked(request)
    basis = basis_of(year)
    found, rows = tables.found_for(request.user, request.GET, year)
    sums, sort = tables.sums_of(rows), tables.order_of(request.GET)
    page = Page.of(
        rows.order_by(*tables.ORDERS[sort][1], "pk"),
        request.GET.get("page", 1),
        size=100,
        related=("studio",),
        known_count=sums.count,
    )
    changed = tables.changed_since(page.rows)
    context = {
        "year": year,
        "years": sorted({*range(today.year - YEARS_BACK + 1, today.year + 1), year}, reverse=True),
        "days_left": (today.replace(month=12, day=31) - today).days if year == today.year else 0,
        "basis": basis,
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "sort": sort,
        "sorts": [(code, label) for code, (label, _) in tables.ORDERS.items()],
        "sums": sums,
        "means": [sums.items.get(item.code, "") for item in basis.items],
        "is_stale": year == today.year and tables.is_stale(sums),
        "page": page,
        "rows": [
            (
                row,
                tables.cells_of(row, basis.items),
                row.studio_id in changed,
                tables.is_ungraded(row, basis.rules),
            )
            for row in page.rows
        ],
        "may_renew": renews_projections(request.user),
        "kept": request.GET.urlencode(),
        "mark": rules.REGISTRY["pass_mark"].show(basis.rules["pass_mark"]),
        "measured_by": "基础分" if basis.rules["pass_basis"] == "base" else "总分",
    }
    return render(request, "assessments/projections.html", context)


@require_POST
def renew_projections(request):
    """Count everybody anew, as a job with its progress."""
    if not renews_projections(request.user):
        raise PermissionDenied("只有管理办公室可以重新计算。")
    year = int(request.POST["year"]) if request.POST.get("year", "").isdecimal() else 0
    try:
        with write_once(request, verb="start_job") as write:
            if not 2015 <= year <= timezone.localdate().year:
                raise Refused("请选择要计算的年度。")
            job = start_renewal(year, by=request.user)
            write.location = job.get_absolute_url()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:projections")
    return redirect(write.location)


@require_safe
def export_projections(request):
    """What was found, as a sheet: xlsx, or csv for other programs. Audited."""
    _readers_only(request.user)
    year = year_asked(request)
    basis = basis_of(year)
    _, rows = tables.found_for(request.user, request.GET, year)
    rows = rows.order_by(*tables.ORDERS[tables.order_of(request.GET)][1], "pk")
    sheet = sheet_of(year, basis.items)
    given = list(tables.sheet_rows(rows, basis.items))
    audit.record("export", sheet.title, by=request.user, note=f"{len(given)}个工作室")
    if request.GET.get("format") == "csv":
        answer = attachment(sheets.write_csv(sheet, given), f"{sheet.file_stem}.csv")
        answer["Content-Type"] = "text/csv; charset=utf-8"
        return answer
    return sheets.response(sheet, given, f"{sheet.file_stem}.xlsx")
