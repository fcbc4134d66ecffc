"""The list of residencies: search, status, what ends soon [4.1][5.3]."""

from datetime import timedelta

import django_filters
from django.db.models import Q
from django.utils import timezone

from park.tables import QuickSelect
from workshops.models import IN_PARK, Departure, Residency, ResidencyStatus

SOON = 90  # days

ENDING = (
    ("waiver", f"{SOON}天内免租期届满"),
    ("term", f"{SOON}天内协议期届满"),
    ("over", "协议期已满"),
    ("unsigned", "逾期未签协议"),
    ("leaving", "正在办理退出"),
)


class ResidencyFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="搜索", method="search")
    status = django_filters.ChoiceFilter(
        label="状态", choices=ResidencyStatus.choices, empty_label="全部状态", widget=QuickSelect
    )
    ending = django_filters.ChoiceFilter(
        label="期限", choices=ENDING, empty_label="不限", widget=QuickSelect, method="near_end"
    )

    class Meta:
        model = Residency
        fields = ["q", "status", "ending"]

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(studio__name__contains=value)
            | Q(studio__leader_name__contains=value)
            | Q(source__contains=value.upper())
        )

    def near_end(self, queryset, name, value):
        today = timezone.localdate()
        soon = (today, today + timedelta(days=SOON))
        if value == "waiver":
            return queryset.filter(status__in=IN_PARK, rent_free_until__range=soon)
        if value == "term":
            return queryset.filter(status__in=IN_PARK, term_ends_on__range=soon)
        if value == "over":
            return queryset.filter(status__in=IN_PARK, term_ends_on__lt=today)
        if value == "unsigned":
            return queryset.filter(status=ResidencyStatus.PENDING_AGREEMENT, due_on__lt=today)
        return queryset.filter(pk__in=Departure.objects.open().values("residency"))
