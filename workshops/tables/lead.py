"""The register of masters to win over [5.1][M1.4]: searched, filtered, who waits for a call."""

from datetime import timedelta

import django_filters
from django.db.models import Q
from django.utils import timezone

from park.models import CraftField, Origin
from park.tables import QuickSelect
from workshops.models import AttractionLead, LeadStatus


class LeadFilter(django_filters.FilterSet):
    """Everything is kept in the address; the mobile is not searched."""

    q = django_filters.CharFilter(label="搜索", method="search")
    status = django_filters.ChoiceFilter(
        label="状态", choices=LeadStatus.choices, empty_label="全部状态", widget=QuickSelect
    )
    origin = django_filters.ChoiceFilter(
        label="来源地", field_name="origin__code", empty_label="全部来源地", widget=QuickSelect
    )
    field = django_filters.ChoiceFilter(
        label="专业领域", field_name="craft_field__code", empty_label="全部领域", widget=QuickSelect
    )
    intent = django_filters.ChoiceFilter(
        label="意向程度", choices=AttractionLead.Intent.choices, empty_label="全部程度", widget=QuickSelect
    )
    contact = django_filters.ChoiceFilter(
        label="下次联系",
        method="by_contact",
        choices=[("overdue", "已过期"), ("week", "七天内"), ("none", "没有约定")],
        empty_label="不限",
        widget=QuickSelect,
    )

    class Meta:
        model = AttractionLead
        fields = ["q", "status", "origin", "field", "intent", "contact"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("origin", Origin), ("field", CraftField)):
            self.filters[name].extra["choices"] = list(model.objects.values_list("code", "label"))

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(name__contains=value)
            | Q(number__contains=value.upper())
            | Q(craft__contains=value)
            | Q(unit_name__contains=value)
            | Q(city__contains=value)
            | Q(honours__contains=value)
        )

    def by_contact(self, queryset, name, value):
        today = timezone.localdate()
        rows = queryset.worked_on()
        if value == "overdue":
            return rows.filter(next_contact_on__lt=today)
        if value == "week":
            return rows.filter(next_contact_on__range=(today, today + timedelta(days=7)))
        return rows.filter(next_contact_on=None)
