"""On how many days of a period was a studio in the park [A2.2]? Days on which anybody of it signed in, voided ones apart."""

from django.db.models import Count

from workshops.models import CheckIn
from workshops.sources.definition import Source


def days_open(studios, first, last):
    """Different days; two people on one day are one day."""
    rows = CheckIn.objects.standing().filter(studio__in=studios, day__range=(first, last))
    rows = rows.order_by().values("studio").annotate(n=Count("day", distinct=True))
    return dict(rows.values_list("studio", "n"))


SOURCES = (
    Source("days_open", "到园天数", "天", "int", days_open, "本期有人到园签到的天数，一天几人只计一天"),
)
