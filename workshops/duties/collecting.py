"""How are the duties of all kinds read at once, and who reads which?"""

from datetime import date

from django.db.models import F

from park.models import Role
from workshops.duties.definition import KINDS, Duty, DutyKind, Line, Scope, text
from workshops.models import Studio
from workshops.permissions import is_of_studio

COLUMNS = tuple(f"duty_{name}" for name in Line._fields)


def collect(scope: Scope, kinds=None) -> list[Duty]:
    """Everything open that this person may read, the earliest day first and what has no day last.

    Four queries at most: what the park decided, the house rules in force, the lines, the studios.
    """
    kinds = readable(scope) if kinds is None else [kind for kind in readable(scope) if kind.code in kinds]
    queries = [_query(kind, part, scope) for kind in kinds for part in kind.parts(scope)]
    if not queries:
        return []
    first, *rest = queries
    lines = [Line(*row) for row in (first.union(*rest, all=True) if rest else first)]
    if scope.studio is not None:
        studios = {scope.studio.pk: scope.studio}
    else:
        studios = Studio.objects.in_bulk({line.studio for line in lines if line.studio})
    found = [_duty(KINDS[line.kind], line, studios.get(line.studio), scope) for line in lines]
    order = list(KINDS)
    return sorted(
        found,
        key=lambda d: (
            d.due or date.max,
            d.studio.name if d.studio else "",
            order.index(d.kind.code),
            d.title,
        ),
    )


def readable(scope: Scope) -> list[DutyKind]:
    """The kinds of this person: all those of their office, and of a studio of their own every one."""
    own = scope.studio is None or is_of_studio(scope.user, scope.studio)
    return [kind for kind in KINDS.values() if own or scope.user.has_role(*kind.readers)]


def _query(kind, part, scope):
    rows = part.rows
    if scope.studio is not None:
        rows = rows.filter(**{part.studio: scope.studio.pk})
    elif not scope.user.has_role(*kind.readers):
        rows = rows.filter(**{f"{part.studio}__in": Studio.objects.of(scope.user).values("pk")})
    said = {
        "duty_kind": text(kind.code),
        "duty_studio": F(part.studio),
        "duty_key": part.key,
        "duty_what": part.what,
        "duty_state": part.state,
    }
    # Counts and first days of a group come last, so that the rest is what they are grouped by.
    rows = rows.order_by().values(**said).annotate(duty_day=part.day, duty_number=part.number)
    return rows.values_list(*COLUMNS)


def _duty(kind, line, studio, scope) -> Duty:
    stage = kind.stages[line.state]
    turn = kind.common_turn if studio is None and stage.turn == Role.APPLICANT else stage.turn
    return Duty(
        kind=kind,
        studio=studio,
        title=kind.title(line),
        due=kind.day(line, scope),
        state=stage.label,
        turn=turn,
        url=kind.url(line, studio),
        today=scope.today,
    )
