"""The office defines what is reported [5.3]: a form may change freely until it is used, then in a new version."""

import uuid

from django.db import transaction

from park import audit
from park.workflow import Refused
from workshops.models import ReturnDefinition, ReturnFigure
from workshops.permissions import is_office

CLAUSE = "5.3"
ABOUT = ("title", "guidance", "due_days", "active_from", "active_until")
OF_FIGURE = ("code", "label", "unit", "kind", "source", "help", "is_required")


def _office(by):
    if not is_office(by):
        raise Refused("只有管理办公室可以定义报表。")


@transaction.atomic
def create_definition(*, figures, by, period, **about) -> ReturnDefinition:
    """A new form; `figures` are dicts of `OF_FIGURE` in their order. Raises Refused."""
    _office(by)
    definition = ReturnDefinition.objects.create(
        code=f"r{uuid.uuid4().hex[:10]}", period=period, created_by=by, **about
    )
    _write(definition, figures, known=())
    audit.record("define_return", definition, by=by, after=f"第1版 {len(figures)}项指标", clause=CLAUSE)
    return definition


@transaction.atomic
def change_definition(definition, *, figures, by, **about) -> ReturnDefinition:
    """The form with other words, days or figures; other figures of one in use are its next version. Raises Refused."""
    _office(by)
    old = ReturnDefinition.objects.select_for_update(no_key=True).get(pk=definition.pk)
    if not old.is_current:
        raise Refused(f"{old}已有新版本，请修改新版本。")
    before = [{name: getattr(figure, name) for name in OF_FIGURE} for figure in old.figures.all()]
    known = {figure["code"] for figure in before}
    after = [{**figure, "code": figure["code"] if figure["code"] in known else ""} for figure in figures]
    changed = before != after
    if changed and old.returns.exists():
        old.is_current = False
        old.save(update_fields=["is_current"])
        new = ReturnDefinition.objects.create(
            code=old.code, version=old.version + 1, period=old.period, created_by=by, **about
        )
        _write(new, after, known=_codes_ever(old.code))
    else:
        new = old
        for name in ABOUT:
            setattr(new, name, about[name])
        new.save(update_fields=ABOUT)
        if changed:
            old.figures.all().delete()
            _write(new, after, known=_codes_ever(old.code) | known)
    audit.record(
        "define_return",
        new,
        by=by,
        before=f"第{old.version}版 {len(before)}项指标",
        after=f"第{new.version}版 {len(after)}项指标",
        clause=CLAUSE,
    )
    return new


def _codes_ever(code) -> set[str]:
    """Codes that a figure of any version had: another figure never gets one of them."""
    return set(ReturnFigure.objects.filter(definition__code=code).values_list("code", flat=True))


def _write(definition, figures, *, known):
    taken, number = set(known), 0
    rows = []
    for order, figure in enumerate(figures, 1):
        code = figure["code"]
        while not code or (not figure["code"] and code in taken):
            number += 1
            code = f"f{number}"
        taken.add(code)
        rows.append(ReturnFigure(definition=definition, order=order, **{**figure, "code": code}))
    ReturnFigure.objects.bulk_create(rows)
