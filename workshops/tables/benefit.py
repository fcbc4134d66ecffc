"""Benefits as a list, the order of who is recommended, and the library of policies [4]."""

import django_filters
from django.db.models import F, Q
from django.utils import timezone

from park.tables import QuickSelect
from workshops.models import Benefit, BenefitForm, BenefitKind, BenefitStatus, Policy
from workshops.ranking import ranks_of


def _years():
    """What may be chosen: every year that has a benefit."""
    found = Benefit.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(year, f"{year} 年") for year in found]


class BenefitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="搜索", method="search")
    kind = django_filters.ChoiceFilter(
        label="种类", choices=BenefitKind.choices, empty_label="全部种类", widget=QuickSelect
    )
    status = django_filters.ChoiceFilter(
        label="状态", choices=BenefitStatus.choices, empty_label="全部状态", widget=QuickSelect
    )
    year = django_filters.ChoiceFilter(
        label="年度", choices=_years, empty_label="全部年度", widget=QuickSelect
    )

    class Meta:
        model = Benefit
        fields = ["q", "kind", "status", "year"]

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(studio__name__contains=value)
            | Q(leader_name__contains=value)
            | Q(number__contains=value.upper())
            | Q(target__contains=value)
        )


class RegisterFilter(django_filters.FilterSet):
    """The register of appointments or of recommendations."""

    q = django_filters.CharFilter(label="搜索", method="search")
    year = django_filters.ChoiceFilter(
        label="年度", choices=_years, empty_label="全部年度", widget=QuickSelect
    )
    form = django_filters.ChoiceFilter(
        label="事项", choices=BenefitForm.choices, empty_label="全部事项", widget=QuickSelect
    )

    class Meta:
        model = Benefit
        fields = ["q", "year", "form"]

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["form"].extra["choices"] = kind.forms

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(studio__name__contains=value) | Q(leader_name__contains=value) | Q(target__contains=value)
        )


def ranked(rows) -> list:
    """Recommendations in the order of 择优: by year, then what ranks studios, then what was typed, unranked last.

    Each row gets `place` and `place_basis`.
    """
    rows = list(rows)
    for year in {row.year for row in rows}:
        known = ranks_of({row.studio_id for row in rows if row.year == year}, year)
        for row in (r for r in rows if r.year == year):
            given = known.get(row.studio_id)
            row.place = given.place if given else row.rank
            row.place_basis = given.basis if given else row.rank_basis
    rows.sort(key=lambda r: (-r.year, r.form, r.place is None, r.place or 0, r.pk))
    return rows


def appointments(rows):
    """The register of appointments, latest first."""
    return rows.filter(kind="priority_appointment", status=BenefitStatus.APPOINTED).order_by(
        F("delivery__on").desc(), "-pk"
    )


class PolicyFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="搜索", method="search")
    clause = django_filters.ChoiceFilter(
        label="对应条款",
        choices=[(value, label) for value, label in Policy.Clause.choices if value],
        empty_label="全部条款",
        widget=QuickSelect,
    )
    state = django_filters.ChoiceFilter(
        label="效力",
        choices=[("holds", "现行"), ("over", "已失效")],
        empty_label="全部",
        widget=QuickSelect,
        method="by_state",
    )

    class Meta:
        model = Policy
        fields = ["q", "clause", "state"]

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(
            Q(title__contains=value)
            | Q(document_no__contains=value)
            | Q(issuing_organ__contains=value)
            | Q(summary__contains=value)
        )

    def by_state(self, queryset, name, value):
        today = timezone.localdate()
        return queryset.in_force(today) if value == "holds" else queryset.filter(valid_until__lt=today)
