"""Changes of leaders as a list [5.4.2]."""

import django_filters
from django.db.models import Q

from park.tables import QuickSelect
from workshops.models import LeaderChange, LeaderChangeStatus


class LeaderChangeFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="搜索", method="search")
    status = django_filters.ChoiceFilter(
        label="状态", choices=LeaderChangeStatus.choices, empty_label="全部状态", widget=QuickSelect
    )

    class Meta:
        model = LeaderChange
        fields = ["q", "status"]

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(studio__name__contains=value)
            | Q(leaving__name__contains=value)
            | Q(studio__leader_name__contains=value)
        )
