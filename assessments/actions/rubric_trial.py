"""What would another edition have made of a year [A2]? The same facts counted twice, as a job with a sheet at its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from assessments.facts import facts_of, residencies_in, stays_in
from assessments.models import Rubric
from assessments.permissions.rubric import prepares_rubrics
from assessments.projecting import basis_of, sums
from assessments.scoring import CardResult, is_failing, score
from assessments.scoring.parameters import faults
from park import jobs, sheets
from park.points import rounded, shown
from park.sheets import Column, Sheet
from park.workflow import Refused

KIND = "rubric_trial"


@dataclass(frozen=True)
class Counted:
    """One studio by both editions: item code → points."""

    studio: str
    old: dict[str, Decimal]
    new: dict[str, Decimal]
    old_sums: tuple[Decimal, Decimal]
    new_sums: tuple[Decimal, Decimal]
    failing: tuple[bool, bool]


def count_twice(year: int, items, today: date, advance=lambda: None) -> Iterable[Counted]:
    """Every studio of the year by the edition that counts for it, and by these items; facts are read once."""
    basis, stays = basis_of(year), stays_in(year)
    known = facts_of(year, stays, basis.rules, today)
    for stay in stays:
        facts, points, both = known[stay.residency.studio_id], [], []
        for edition in (basis.items, items):
            counted = {item.code: score(item, facts, basis.rules).points for item in edition}
            points.append(counted)
            both.append(sums((item.is_bonus, counted[item.code]) for item in edition))
        failing = tuple(is_failing(CardResult(0, base, bonus), basis.rules) for base, bonus in both)
        yield Counted(stay.residency.studio.name, *points, *both, failing)
        advance()


# ── the job ─────────────────────────────────────────────────────────────────────────────────────
def start_trial(rubric: Rubric, year: int, *, by):
    """Raises Refused where there is nothing to compare."""
    total = residencies_in(year).values("studio").distinct().order_by().count()
    if not total:
        raise Refused(f"{year}年没有在园的工作室，没有记录可以试算。")
    if not basis_of(year).items:
        raise Refused(f"{year}年没有施行的细则，没有可以对照的版本。")
    if wrong := _unusable(rubric):
        raise Refused(*wrong)
    arguments = {"rubric": str(rubric.key), "year": year, "back": rubric.get_absolute_url()}
    return jobs.start(KIND, f"{rubric.edition}版细则按{year}年记录试算", arguments, total, by)


def _unusable(rubric) -> list[str]:
    """Scoring relies on its parameters; sums may still be wrong."""
    return [
        f"第{item.order}项：{words}"
        for item in rubric.items.order_by("order")
        for words in faults(item.kind, item.parameters, item.max_points)
    ]


def carry_out(work: jobs.Work) -> None:
    """A line per item and for the sums, and the sheet per studio."""
    rubric, year = Rubric.objects.get(key=work.arguments["rubric"]), work.arguments["year"]
    if wrong := _unusable(rubric):
        raise jobs.Failed(wrong[0])
    items, today = list(rubric.items.order_by("order")), timezone.localdate()
    rows = list(count_twice(year, items, today, work.advance))
    old_items = basis_of(year).items
    contents = {item.code: item.content for item in (*old_items, *items)}
    for code, content in contents.items():
        work.note(content[:40], text=_said([(row.old.get(code), row.new.get(code)) for row in rows]), n=0)
    for words, place in (("基础分", 0), ("附加分", 1)):
        work.note(words, text=_said([(row.old_sums[place], row.new_sums[place]) for row in rows]), n=0)
    before, after = (sum(row.failing[n] for row in rows) for n in (0, 1))
    work.note("低于合格线的工作室", text=f"{before}个 → {after}个", n=0)
    sheet = _sheet(rubric, year, contents)
    path = work.folder / "trial.xlsx"
    sheets.write(sheet, (_sheet_row(row, contents) for row in rows), path=path)
    work.keep(path, f"{sheet.file_stem}.xlsx")


def _said(pairs) -> str:
    """The means before and after, and for how many it changes."""
    if all(new is None for _, new in pairs):
        return "新版没有这一项"
    if all(old is None for old, _ in pairs):
        return f"新增，平均{_mean([new for _, new in pairs])}分"
    changed = sum(old != new for old, new in pairs)
    more = f"，{changed}个工作室有变化" if changed else "，没有变化"
    return f"平均{_mean([old for old, _ in pairs])}分 → {_mean([new for _, new in pairs])}分{more}"


def _mean(points) -> str:
    return shown(rounded(sum(points, Decimal(0)) / len(points)))


def _sheet(rubric, year, contents) -> Sheet:
    columns = [Column("studio", "工作室", width=36)]
    for code, content in [*contents.items(), ("base", "基础分"), ("bonus", "附加分"), ("total", "总分")]:
        columns += [
            Column(f"{code}-old", f"{content[:20]}（现行，{code}）", "decimal", places=1),
            Column(f"{code}-new", f"{content[:20]}（新版，{code}）", "decimal", places=1),
        ]
    return Sheet("rubric-trial", f"{rubric.edition}版细则试算-{year}年", tuple(columns))


def _sheet_row(row: Counted, contents) -> dict:
    cells = {"studio": row.studio}
    for which, points, both in (("old", row.old, row.old_sums), ("new", row.new, row.new_sums)):
        cells |= {f"{code}-{which}": points.get(code) for code in contents}
        cells |= {f"base-{which}": both[0], f"bonus-{which}": both[1], f"total-{which}": sum(both)}
    return cells


def register() -> None:
    """Make the job known, in `AppConfig.ready`."""
    jobs.register(KIND, carry_out, may=prepares_rubrics)
