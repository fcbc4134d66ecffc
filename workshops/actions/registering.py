"""Studios come into the registers: admitted by the procedure, or entered by the office [1]."""

from django.db import transaction
from django.utils import timezone

from park import audit, rules, workdays
from park.workflow import Refused
from workshops.actions.studio import link_by_name
from workshops.models import Person, Residency, Studio


@transaction.atomic
def begin_residency(
    *, source: str, name, leader_name, occupation, unit_name, district, people, admitted_on, by, members=()
) -> Residency:
    """Register an admitted studio with a residency that waits for its agreement [3.2.3].

    `source` is the number of the application; a second residency from the same one is refused by the database.
    A studio of this name that is on the register already is the one that comes in; raises Refused while it is led
    by somebody else. `members`: dicts of `Person` fields.
    """
    studio = Studio.objects.select_for_update(no_key=True).filter(name=name).first()
    if studio is not None and studio.leader_name != leader_name:
        raise Refused(f"名录中已有同名工作室“{name}”，领衔人是{studio.leader_name}，请先核对名录。")
    given = {"occupation": occupation, "unit_name": unit_name, "district": district}
    if studio is None:
        studio = Studio.objects.create(name=name, leader_name=leader_name, **given)
    else:
        for field, value in given.items():
            setattr(studio, field, value)
        studio.save(update_fields=list(given))
    if studio.standing_residency() is not None:
        raise Refused(f"“{name}”已有有效的入驻，不能再次登记。")
    studio.people.add(*people)
    _enter_people(studio, leader_name, occupation, unit_name, members, admitted_on)
    link_by_name(studio, people)
    residency = Residency.objects.create(
        studio=studio,
        source=source,
        admitted_on=admitted_on,
        due_on=workdays.add_workdays(timezone.localdate(), rules.get("agreement_days")),
    )
    audit.record("begin_residency", residency, by=by, after=residency.status, note=source, clause="3.2.3")
    return residency


def _enter_people(studio, leader_name, occupation, unit_name, members, day):
    """Leader and members as the form named them, those not on the register yet."""
    known = set(studio.persons.filter(left_on=None).values_list("name", flat=True))
    rows = [
        {"name": leader_name, "is_leader": True, "occupation": occupation, "unit_name": unit_name},
        *members,
    ]
    for row in rows:
        if row["name"] not in known:
            known.add(row["name"])
            Person.objects.create(studio=studio, joined_on=day or timezone.localdate(), **row)
