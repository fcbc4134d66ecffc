"""The office's queue: search, filters, sort, counts."""

import re

import django_filters
from django import forms
from django.core.cache import cache
from django.db.models import Count, Q

from applications.models import Application, Batch, Status
from park.models import District, Role, User

SORTS = {
    "due": ("期限最近", ["due_on", "pk"]),
    "newest": ("最新提交", ["-submitted_at", "-pk"]),
    "oldest": ("最早提交", ["submitted_at", "pk"]),
    "leader": ("领衔人姓名", ["leader_sort_key", "pk"]),
}
ID_LIKE = re.compile(r"\d{15}|\d{17}[\dXx]")


class QueueFilter(django_filters.FilterSet):
    """Everything is kept in the address except identity numbers, which are looked up by POST."""

    q = django_filters.CharFilter(label="搜索", method="search")
    status = django_filters.ChoiceFilter(
        label="状态", choices=[c for c in Status.choices if c[0] != Status.DRAFT], empty_label="全部状态"
    )
    officer = django_filters.ChoiceFilter(label="经办人", method="by_officer", empty_label="全部经办人")
    district = django_filters.ModelChoiceFilter(
        label="属地", queryset=District.objects.all(), to_field_name="code", empty_label="全部属地"
    )
    batch = django_filters.ModelChoiceFilter(
        label="批次", queryset=Batch.objects.all(), empty_label="全部批次"
    )
    overdue = django_filters.BooleanFilter(
        label="只看超期", method="only_overdue", widget=forms.CheckboxInput
    )

    class Meta:
        model = Application
        fields = ["q", "status", "officer", "district", "batch", "overdue"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        officers = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).order_by("real_name")
        self.filters["officer"].extra["choices"] = [
            ("me", "我经办的"),
            ("none", "未分派"),
            *((str(u.pk), str(u)) for u in officers),
        ]

    def search(self, queryset, name, value):
        value = value.strip()
        if not value or ID_LIKE.fullmatch(value):
            return queryset
        if re.fullmatch(r"(?i)SB-?[\d-]*", value):
            return queryset.filter(number__startswith=value.upper())
        return queryset.filter(
            Q(leader_name__contains=value)
            | Q(studio_name__contains=value)
            | Q(unit_name__contains=value)
            | Q(occupation__contains=value)
        )

    def by_officer(self, queryset, name, value):
        if value == "me":
            return queryset.filter(officer=self.user)
        if value == "none":
            return queryset.filter(officer=None)
        return queryset.filter(officer=int(value))

    def only_overdue(self, queryset, name, value):
        return queryset.overdue() if value else queryset


def status_counts() -> list[tuple[str, str, int]]:
    """(status, label, cases) of everything filed, for the tabs; half a minute old at most."""
    counts = cache.get_or_set(
        "applications:status_counts",
        lambda: dict(Application.objects.filed().order_by().values_list("status").annotate(n=Count("pk"))),
        timeout=30,
    )
    return [(s.value, s.label, counts.get(s.value, 0)) for s in Status if s != Status.DRAFT]
