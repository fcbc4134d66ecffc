"""The two registers [1]: who is in the park, and the city's studios beside it."""

import django_filters
from django.db.models import Q

from park.models import CraftField, District, RecognitionLevel
from park.tables import QuickSelect
from workshops.models import Studio

REGISTERS = {"resident": "入驻工作室", "affiliated": "全市名录", "former": "已退出"}


class StudioFilter(django_filters.FilterSet):
    """One register, searched by name, leader, craft or unit; everything is kept in the address."""

    q = django_filters.CharFilter(label="搜索", method="search")
    field = django_filters.ChoiceFilter(
        label="专业领域", field_name="craft_field__code", empty_label="全部领域", widget=QuickSelect
    )
    district = django_filters.ChoiceFilter(
        label="属地", field_name="district__code", empty_label="全部属地", widget=QuickSelect
    )
    level = django_filters.ChoiceFilter(
        label="认定级别", field_name="level__code", empty_label="全部级别", widget=QuickSelect
    )

    class Meta:
        model = Studio
        fields = ["q", "field", "district", "level"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("field", CraftField), ("district", District), ("level", RecognitionLevel)):
            self.filters[name].extra["choices"] = list(model.objects.values_list("code", "label"))

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(name__contains=value)
            | Q(leader_name__contains=value)
            | Q(occupation__contains=value)
            | Q(unit_name__contains=value)
        )


def register_of(asked, studios) -> tuple[str, object]:
    """(which register, its rows) as the address asks; what it asks wrongly is left out."""
    register = asked.get("register") if asked.get("register") in REGISTERS else "resident"
    rows = getattr(studios, register)()
    found = StudioFilter(asked, queryset=rows)
    return register, found.qs if found.is_valid() else rows
