"""The register of studios is kept [1]: entered, corrected, struck off, put back; who acts for a studio."""

from django.db import transaction

from park import audit
from park.models import Role, User
from park.workflow import Conflict, Refused
from workshops.models import Person, Studio


def version_of(row) -> int:
    """The number of the last change of a row with field history: two editors compare it."""
    return row.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def _locked(studio) -> Studio:
    return Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)


@transaction.atomic
def add_studio(*, leader_name, leader_since, by, **facts) -> Studio:
    """Enter a studio of the city that is not in the park [1]. Raises Refused for a name that is taken."""
    if Studio.objects.filter(name=facts["name"]).exists():
        raise Refused(f"名录中已有“{facts['name']}”。")
    studio = Studio.objects.create(leader_name=leader_name, is_affiliated=True, **facts)
    Person.objects.create(
        studio=studio,
        name=leader_name,
        is_leader=True,
        occupation=studio.occupation,
        unit_name=studio.unit_name,
        joined_on=leader_since,
    )
    audit.record("add_studio", studio, by=by, clause="1")
    return studio


@transaction.atomic
def change_studio(studio, *, version: int, by, **facts) -> Studio:
    """Correct facts. Raises Conflict when somebody else changed the row since `version`; Refused for a taken name."""
    studio = _locked(studio)
    if version_of(studio) != version:
        raise Conflict("这个工作室的资料刚被他人修改过，没有保存。请核对下面的现有资料后再提交。")
    name = facts.get("name", studio.name)
    if name != studio.name and Studio.objects.filter(name=name).exists():
        raise Refused(f"名录中已有“{name}”。")
    changed = [field for field, value in facts.items() if getattr(studio, field) != value]
    if not changed:
        return studio
    for field in changed:
        setattr(studio, field, facts[field])
    studio.save(update_fields=changed)
    labels = "、".join(str(Studio._meta.get_field(field).verbose_name) for field in changed)
    audit.record("change_studio", studio, by=by, note=labels, clause="1")
    return studio


@transaction.atomic
def strike_off(studio, *, reason: str, by) -> Studio:
    """Off the city's register, for a reason. A studio in the park leaves by its residency, not by this."""
    studio = _locked(studio)
    if studio.standing_residency() is not None:
        raise Refused("入驻中的工作室不能移出名录，请先办理退出。")
    if not studio.is_affiliated:
        raise Refused("这个工作室已不在全市名录中。")
    studio.is_affiliated = False
    studio.save(update_fields=["is_affiliated"])
    audit.record("strike_off_studio", studio, by=by, note=reason, clause="1")
    return studio


@transaction.atomic
def put_back(studio, *, reason: str, by) -> Studio:
    """Onto the city's register (again): a studio that left the park, or one that was struck off."""
    studio = _locked(studio)
    if studio.is_affiliated:
        raise Refused("这个工作室已在全市名录中。")
    studio.is_affiliated = True
    studio.save(update_fields=["is_affiliated"])
    audit.record("put_back_studio", studio, by=by, note=reason, clause="1")
    return studio


@transaction.atomic
def set_public_display(studio, display: str, *, basis: str, by) -> Studio:
    """Show it on the portal, hide it, or leave it to its register. A leader's withdrawn consent hides it anyway."""
    studio = _locked(studio)
    before = studio.get_public_display_display()
    studio.public_display = display
    studio.public_basis = "" if display == Studio.PublicDisplay.DEFAULT else basis
    studio.save(update_fields=["public_display", "public_basis"])
    after = studio.get_public_display_display()
    audit.record("set_public_display", studio, by=by, before=before, after=after, note=basis, clause="1")
    return studio


@transaction.atomic
def add_account(studio, username: str, *, by) -> User:
    """Let an account act for the studio. Raises Refused for an account that does not exist or is none of a 申报人."""
    studio = _locked(studio)
    user = User.objects.named(username.strip()).first()
    if user is None or not user.is_active:
        raise Refused(f"没有登录名为“{username.strip()}”的在用账号，请核对。")
    if not user.has_role(Role.APPLICANT):
        raise Refused("这个账号不是申报人账号，不能办理工作室的事项。")
    if studio.people.filter(pk=user.pk).exists():
        raise Refused("这个账号已可办理本工作室的事项。")
    studio.people.add(user)
    audit.record("add_studio_account", studio, by=by, after=user.username, note=str(user))
    link_by_name(studio, [user])
    return user


def link_by_name(studio, users) -> None:
    """Accounts whose holder's name is that of somebody of the studio stand for that person, unless the person has an
    account or the account stands for somebody already. Signing in [A2.2] is done by the person in question."""
    taken = set(studio.persons.filter(left_on=None).exclude(user=None).values_list("user", flat=True))
    for user in users:
        person = studio.persons.filter(left_on=None, user=None, name=user.real_name).first()
        if person is not None and user.pk not in taken:
            person.user = user
            person.save(update_fields=["user"])


@transaction.atomic
def say_whose_account(studio, user_key: int, person_key: str, *, by) -> User:
    """The account stands for this person of the studio, or for none (""). Raises Refused."""
    studio = _locked(studio)
    user = studio.people.filter(pk=user_key).first()
    if user is None:
        raise Refused("这个账号已不在列。")
    person = studio.persons.filter(left_on=None, key=person_key).first() if person_key else None
    if person_key and person is None:
        raise Refused("这个人已不在工作室，请刷新页面。")
    if person is not None and person.user_id not in (None, user.pk):
        raise Refused(f"{person.name}已有另一个账号，请先改掉。")
    for other in studio.persons.filter(user=user):
        other.user = None
        other.save(update_fields=["user"])
    if person is not None:
        person.user = user
        person.save(update_fields=["user"])
    after = person.name if person else "不代表在册人员"
    audit.record("say_whose_account", studio, by=by, after=after, note=user.username, clause="A2.2")
    return user


@transaction.atomic
def remove_account(studio, key: int, *, by) -> User:
    """The account no longer acts for the studio; what it did stays."""
    studio = _locked(studio)
    user = studio.people.filter(pk=key).first()
    if user is None:
        raise Refused("这个账号已不在列。")
    studio.people.remove(user)
    for person in studio.persons.filter(user=user):
        person.user = None
        person.save(update_fields=["user"])
    audit.record("remove_studio_account", studio, by=by, before=user.username, note=str(user))
    return user
