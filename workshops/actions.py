"""What is written about studios and their residencies, by this app and from the admission procedure."""

from django.db import transaction

from park import audit
from workshops.models import Residency, Studio


@transaction.atomic
def begin_residency(
    *, source: str, name, leader_name, occupation, unit_name, district, people, admitted_on, by
) -> Residency:
    """Register an admitted studio with a residency that waits for its agreement [3.2.3].

    `source` is the number of the application; a second residency from the same one is refused by the database.
    """
    studio = Studio.objects.create(
        name=name,
        leader_name=leader_name,
        occupation=occupation,
        unit_name=unit_name,
        district=district,
    )
    studio.people.set(people)
    residency = Residency.objects.create(studio=studio, source=source, admitted_on=admitted_on)
    audit.record("begin_residency", residency, by=by, after=residency.status, note=source, clause="3.2.3")
    return residency
