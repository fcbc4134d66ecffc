"""Revocations as a list, searched and filtered in the address [5.4]."""

import django_filters
from django.db.models import Q

from assessments.models import Revocation, RevocationStatus
from park.tables import QuickSelect


class RevocationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="搜索", method="search")
    status = django_filters.ChoiceFilter(
        label="状态", choices=RevocationStatus.choices, empty_label="全部状态", widget=QuickSelect
    )
    ground = django_filters.ChoiceFilter(
        label="情形", choices=Revocation.Ground.choices, empty_label="全部情形", widget=QuickSelect
    )

    class Meta:
        model = Revocation
        fields = ["q", "status", "ground"]

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(residency__studio__name__contains=value)
            | Q(residency__studio__leader_name__contains=value)
            | Q(number__contains=value.upper())
        )
