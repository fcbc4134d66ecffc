"""Records of life in the park, as plain as they can be: `ResidencyFactory(active=True)` has a term and no rent."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from workshops.models import Occupancy, Person, Residency, ResidencyStatus, Room, Studio


class StudioFactory(factory.django.DjangoModelFactory):
    """A studio with its leader on the register; `people=[user, …]` act for it."""

    class Meta:
        model = Studio
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"第{n}钣金技能大师工作室")
    leader_name = factory.Sequence(lambda n: f"周镕{chr(0x4E00 + n % 5000)}")
    occupation = "钣金工"
    unit_name = "镇江某汽车制造有限公司"

    @factory.post_generation
    def people(studio, create, users, **kwargs):
        studio.people.set(users or [])
        Person.objects.create(
            studio=studio, name=studio.leader_name, is_leader=True, joined_on=date(2020, 1, 1)
        )


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    studio = factory.SubFactory(StudioFactory)
    name = factory.Sequence(lambda n: f"成员{n}")
    joined_on = date(2024, 1, 1)


class ResidencyFactory(factory.django.DjangoModelFactory):
    """Waits for its agreement; `active=True` is in the park since the first of this month a year ago."""

    class Meta:
        model = Residency

    class Params:
        active = factory.Trait(
            status=ResidencyStatus.ACTIVE,
            term_starts_on=factory.LazyFunction(lambda: _a_year_ago()),
            term_ends_on=factory.LazyAttribute(lambda o: _after_months(o.term_starts_on, 24)),
            rent_free_from=factory.SelfAttribute("term_starts_on"),
            rent_free_until=factory.SelfAttribute("term_ends_on"),
        )

    studio = factory.SubFactory(StudioFactory)
    source = factory.Sequence(lambda n: f"SB-2020-{n:04}")
    admitted_on = factory.LazyFunction(lambda: _a_year_ago() - timedelta(days=10))


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    building = "创新楼"
    floor = 2
    number = factory.Sequence(lambda n: f"{200 + n}")
    area = Decimal("60.00")


class OccupancyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Occupancy

    residency = factory.SubFactory(ResidencyFactory, active=True)
    room = factory.SubFactory(RoomFactory)
    since = factory.LazyFunction(lambda: _a_year_ago())


def _a_year_ago() -> date:
    today = timezone.localdate()
    return date(today.year - 1, today.month, 1)


def _after_months(day, months) -> date:
    """The last day of so many months from the first of a month."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
