"""Returns for tests: a small form with each kind of figure, and returns that went the way to each status."""

import itertools
from datetime import date
from decimal import Decimal

from django.utils import timezone

from tests.factories import UserFactory
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.actions import returns as acts
from workshops.actions import returns_defining, returns_opening
from workshops.kinds.returns import last_ended
from workshops.models import StatisticalReturn
from workshops.workflow import RETURN

_numbers = itertools.count(1)


def figure(label, kind="int", source="", *, code="", required=True, unit="", help=""):
    return {
        "code": code,
        "label": label,
        "unit": unit,
        "kind": kind,
        "source": source,
        "help": help,
        "is_required": required,
    }


# One figure of each kind, with and without a source, required and not.
FIGURES = (
    figure("期末人数", source="members", code="members", unit="人"),
    figure("经费支出", "money", code="funds", unit="元"),
    figure("人均课时", "decimal", code="hours", required=False),
)


def definition(period="quarter", *, figures=FIGURES, by=None, active_from=date(2020, 1, 1), **about):
    return returns_defining.create_definition(
        figures=list(figures),
        by=by or UserFactory(roles=["office"]),
        period=period,
        title=about.pop("title", f"报表{next(_numbers)}"),
        guidance="",
        due_days=about.pop("due_days", None),
        active_from=active_from,
        active_until=about.pop("active_until", None),
        **about,
    )


def member_of(studio):
    person = studio.people.first()
    if person is None:
        person = UserFactory(roles=["applicant"])
        studio.people.add(person)
    return person


def opened(studio=None, form=None, period=None, **kwargs) -> StatisticalReturn:
    """The return of one studio for the period that ended last."""
    studio = studio or StudioFactory()
    residency = studio.standing_residency() or ResidencyFactory(studio=studio, active=True)
    form = form or definition(**kwargs)
    period = period or last_ended(form.period, timezone.localdate())
    returns_opening.open_period(form, period)
    return fresh(residency.returns.get(definition_code=form.code, first_on=period.first))


def fresh(row) -> StatisticalReturn:
    return StatisticalReturn.objects.select_related("residency__studio", "definition").get(pk=row.pk)


def entries(row, **changes) -> dict:
    """What the studio types: the system's figures confirmed, the others by a number; `code=(value, reason)`."""
    usual = {"funds": (Decimal(120_000), ""), "hours": (Decimal("12.50"), "")}
    found = {}
    for value in row.values.select_related("figure"):
        code = value.figure.code
        found[value.pk] = changes.get(code) or usual.get(code) or (value.known or Decimal(0), "")
    return found


def filled(row, by=None, **changes) -> StatisticalReturn:
    acts.save_values(row, entries(row, **changes), by=by or member_of(row.residency.studio))
    return fresh(row)


def question(row, code="funds", text="请核对"):
    return {"questions": {row.values.get(figure__code=code).pk: text}}


def in_status(status, *, office, studio=None, form=None, period=None) -> StatisticalReturn:
    """A return that went the way to this status."""
    row = filled(opened(studio, form, period))
    person = member_of(row.residency.studio)
    ways = {
        "open": [],
        "submitted": ["submit_return"],
        "queried": ["submit_return", "query_return"],
        "accepted": ["submit_return", "accept_return"],
        "waived": ["waive_return"],
    }
    for name in ways[status]:
        by = person if name == "submit_return" else office
        data = {"reason": "已停业整顿"} | (question(row) if name == "query_return" else {})
        row = fresh(RETURN.perform(row, name, by=by, data=data))
    return row
