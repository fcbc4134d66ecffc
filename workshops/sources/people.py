"""How many people does a studio have at the end of a period, and how many came or left?"""

from django.db.models import Count, Q

from workshops.models import Person
from workshops.sources.definition import Source


def _counted(rows) -> dict[int, int]:
    return dict(rows.order_by().values("studio").annotate(n=Count("pk")).values_list("studio", "n"))


def members(studios, first, last):
    """In the studio on the last day, the leader included."""
    here = Q(left_on=None) | Q(left_on__gt=last)
    return _counted(Person.objects.filter(here, studio__in=studios, joined_on__lte=last))


def joined(studios, first, last):
    return _counted(Person.objects.filter(studio__in=studios, joined_on__range=(first, last)))


def left(studios, first, last):
    return _counted(Person.objects.filter(studio__in=studios, left_on__range=(first, last)))


SOURCES = (
    Source("members", "期末人数", "人", "int", members, "期末在室人员，含领衔人"),
    Source("members_joined", "本期加入人数", "人", "int", joined, "本期加入工作室的人员"),
    Source("members_left", "本期离开人数", "人", "int", left, "本期离开工作室的人员"),
)
