"""Who signs in, who is excused, and who keeps the records of attendance [A2.2]."""

from park import rules
from workshops.models import Person
from workshops.permissions import is_logistics_officer, is_of_studio, is_officer


def person_of(user, studio) -> Person | None:
    """Whom this account stands for among the people of the studio now."""
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    return studio.persons.filter(user=user, left_on=None).first()


def counts(person) -> bool:
    """Whether this person's days count, as the park has decided [S1]."""
    return person.is_leader or rules.get("attendance_subject") == "members"


def checks_in(user, studio) -> bool:
    """The leader in person, or any member where the park counts them."""
    person = person_of(user, studio)
    return person is not None and counts(person)


def keeps_attendance(user, studio) -> bool:
    """The office and 镇江技师学院 take in sheets and correct mistakes, not for a studio of their own."""
    return is_logistics_officer(user, studio)


def asks_for_leave(user, leave) -> bool:
    return is_of_studio(user, leave.studio)


def decides_leave(user, leave) -> bool:
    return is_officer(user, leave.studio)
