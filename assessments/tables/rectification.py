"""Rectifications as a list, searched and filtered in the address [5.4.4]."""

import django_filters
from django.db.models import Q
from django.utils import timezone

from assessments.models import OrderStatus, RectificationOrder
from park.tables import QuickSelect


class RectificationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="搜索", method="search")
    status = django_filters.ChoiceFilter(
        label="状态", choices=OrderStatus.choices, empty_label="全部状态", widget=QuickSelect
    )
    ground = django_filters.ChoiceFilter(
        label="事由", choices=RectificationOrder.Ground.choices, empty_label="全部事由", widget=QuickSelect
    )
    term = django_filters.ChoiceFilter(
        label="期限",
        choices=[("over", "已届满"), ("running", "未届满")],
        empty_label="不限",
        widget=QuickSelect,
        method="by_term",
    )

    class Meta:
        model = RectificationOrder
        fields = ["q", "status", "ground", "term"]

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(residency__studio__name__contains=value)
            | Q(residency__studio__leader_name__contains=value)
            | Q(number__contains=value.upper())
        )

    def by_term(self, queryset, name, value):
        """Of those that are open."""
        if value == "over":
            return queryset.expired()
        return queryset.open().filter(deadline__gte=timezone.localdate())
