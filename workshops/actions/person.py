"""Who belongs to a studio, from when to when [D2]: entered, corrected, left. The leader changes by procedure only [5.4.2]."""

from django.db import transaction

from park import audit
from park.workflow import Conflict, Refused
from workshops.actions.studio import version_of
from workshops.models import OPEN_CHANGE, LeaderChange, Person, Studio


def _studio(studio) -> Studio:
    return Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)


def _refuse_double(studio, name, besides=None):
    if studio.persons.filter(name=name, left_on=None).exclude(pk=getattr(besides, "pk", None)).exists():
        raise Refused(f"“{name}”已在本工作室的人员名册中。")


@transaction.atomic
def add_person(studio, *, by, **facts) -> Person:
    """A new member. Raises Refused where somebody of this name is a member already."""
    studio = _studio(studio)
    _refuse_double(studio, facts["name"])
    person = Person.objects.create(studio=studio, **facts)
    audit.record("add_person", studio, by=by, after=person.name, note=person.name, clause="2.2")
    return person


@transaction.atomic
def change_person(person, *, version: int, by, **facts) -> Person:
    """Correct what is written about somebody. Raises Conflict when it was changed since `version`.

    A leader keeps the name: another name is another leader, and that is a procedure of its own [5.4.2].
    """
    studio = _studio(person.studio)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if version_of(person) != version:
        raise Conflict("这个人的资料刚被他人修改过，没有保存。请核对下面的现有资料后再提交。")
    if facts.get("name", person.name) != person.name:
        if person.is_leader:
            raise Refused("领衔人的姓名不能在这里改动；换人请办理领衔人变更。")
        _refuse_double(studio, facts["name"], besides=person)
    changed = [field for field, value in facts.items() if getattr(person, field) != value]
    if not changed:
        return person
    for field in changed:
        setattr(person, field, facts[field])
    if person.left_on is not None and person.left_on < person.joined_on:
        raise Refused("加入日期不能晚于离开日期。")
    person.save(update_fields=changed)
    labels = "、".join(str(Person._meta.get_field(field).verbose_name) for field in changed)
    audit.record("change_person", studio, by=by, after=person.name, note=f"{person.name}：{labels}")
    return person


@transaction.atomic
def leave_studio(person, *, left_on, reason: str, by) -> Person:
    """A member leaves, on a day and for a reason; the row stays."""
    studio = _studio(person.studio)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.left_on is not None:
        raise Refused(f"{person.name}已登记离开。")
    if person.is_leader:
        raise Refused("领衔人离任请办理领衔人变更。")
    if left_on < person.joined_on:
        raise Refused("离开日期不能早于加入日期。")
    if LeaderChange.objects.filter(nominations__member=person, status__in=OPEN_CHANGE).exists():
        raise Refused(f"{person.name}是领衔人变更中提名的接替人，请先办结变更。")
    person.left_on, person.left_reason = left_on, reason
    person.save(update_fields=["left_on", "left_reason"])
    audit.record(
        "leave_studio", studio, by=by, before=person.name, note=f"{person.name}：{reason}", clause="2.2"
    )
    return person
