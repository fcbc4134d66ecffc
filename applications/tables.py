"""The long lists of the office: the queue and the pool of experts; search, filters, sort, counts."""

import re

import django_filters
from django import forms
from django.core.cache import cache
from django.db.models import Count, F, Q

from applications.models import Application, Batch, Expert, Status
from park.models import CraftField, District, Role, User
from park.tables import QuickSelect

SORTS = {
    "due": ("期限最近", [F("due_on").asc(nulls_last=True), "pk"]),
    "newest": ("最新提交", ["-submitted_at", "-pk"]),
    "oldest": ("最早提交", ["submitted_at", "pk"]),
    "leader": ("领衔人姓名", ["leader_sort_key", "pk"]),
}
NUMBER = re.compile(r"(?i)SB-\d{4}-\d{4,}")
ID_LIKE = re.compile(r"\d{15}|\d{17}[\dXx]")


class QueueFilter(django_filters.FilterSet):
    """Everything is kept in the address except identity numbers, which are looked up by POST."""

    q = django_filters.CharFilter(label="搜索", method="search")
    status = django_filters.ChoiceFilter(
        label="状态", choices=[c for c in Status.choices if c[0] != Status.DRAFT], empty_label="全部状态"
    )
    officer = django_filters.ChoiceFilter(
        label="经办人", method="by_officer", empty_label="全部经办人", widget=QuickSelect
    )
    district = django_filters.ChoiceFilter(
        label="属地", method="by_district", empty_label="全部属地", widget=QuickSelect
    )
    batch = django_filters.ChoiceFilter(label="批次", empty_label="全部批次", widget=QuickSelect)
    overdue = django_filters.BooleanFilter(
        label="只看超期", method="only_overdue", widget=forms.CheckboxInput
    )

    class Meta:
        model = Application
        fields = ["q", "status", "officer", "district", "batch", "overdue"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.offered = offered()
        self.filters["officer"].extra["choices"] = [
            ("me", "我经办的"),
            ("none", "未分派"),
            *self.offered["officers"],
        ]
        self.filters["district"].extra["choices"] = [row[1:] for row in self.offered["districts"]]
        self.filters["batch"].extra["choices"] = self.offered["batches"]

    def search(self, queryset, name, value):
        value = value.strip()
        if not value or ID_LIKE.fullmatch(value):
            return queryset
        if NUMBER.fullmatch(value):
            return queryset.filter(number=value.upper())
        if re.fullmatch(r"(?i)SB-?[\d-]*", value):
            start = value.upper()  # the range is for SQLite, whose LIKE reads no index
            return queryset.filter(number__startswith=start, number__range=(start, start + "9" * 12))
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

    def by_district(self, queryset, name, value):
        return queryset.filter(
            district=next(pk for pk, code, _ in self.offered["districts"] if code == value)
        )

    def only_overdue(self, queryset, name, value):
        return queryset.overdue() if value else queryset


def officers():
    return User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).order_by("real_name")


def offered() -> dict[str, list]:
    """What the filters offer; half a minute old at most."""
    return cache.get_or_set(
        "applications:queue_offered",
        lambda: {
            "officers": [(str(u.pk), str(u)) for u in officers()],
            "districts": list(District.objects.values_list("pk", "code", "label")),
            "batches": [(str(b.pk), b.name) for b in Batch.objects.all()],
        },
        timeout=30,
    )


def status_counts() -> list[tuple[str, str, int]]:
    """(status, label, cases) of everything filed, for the tabs; half a minute old at most."""
    counts = cache.get_or_set(
        "applications:status_counts",
        lambda: dict(Application.objects.filed().order_by().values_list("status").annotate(n=Count("pk"))),
        timeout=30,
    )
    return [(s.value, s.label, counts.get(s.value, 0)) for s in Status if s != Status.DRAFT]


def known_count(asked: dict, counts) -> int | None:
    """How many rows the tabs say there are, where nothing but a status is asked for."""
    if asked.keys() - {"status"}:
        return None
    return sum(n for status, _, n in counts if asked.get("status", status) == status)


class PoolFilter(django_filters.FilterSet):
    """The pool of experts; who has left it is shown when asked for."""

    q = django_filters.CharFilter(label="搜索", method="search")
    field = django_filters.ChoiceFilter(label="专业领域", method="by_field", empty_label="全部领域")
    active = django_filters.ChoiceFilter(
        label="在库", method="by_active", empty_label="在库", choices=[("all", "全部"), ("left", "已出库")]
    )
    account = django_filters.ChoiceFilter(
        label="账号", method="by_account", empty_label="不限", choices=[("yes", "有账号"), ("no", "没有账号")]
    )

    class Meta:
        model = Expert
        fields = ["q", "field", "active", "account"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["field"].extra["choices"] = list(CraftField.objects.values_list("code", "label"))

    def search(self, queryset, name, value):
        value = value.strip()
        asked = Q(name__contains=value) | Q(unit_name__contains=value) | Q(craft__contains=value)
        return queryset.filter(asked | Q(title__contains=value) | Q(expertise__contains=value))

    def by_field(self, queryset, name, value):
        return queryset.filter(fields__code=value)

    def by_active(self, queryset, name, value):
        return queryset if value == "all" else queryset.filter(is_active=False)

    def by_account(self, queryset, name, value):
        return queryset.filter(user__isnull=value == "no")

    @property
    def qs(self):
        found = super().qs
        return found if self.data.get("active") in ("all", "left") else found.filter(is_active=True)
