"""Lists of ledger records: searched, filtered and sorted by what has an index, everything kept in the address."""

import re
from functools import cache
from uuid import UUID

import django_filters
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from park.tables import QuickSelect
from workshops.forms.ledger import tidy_query
from workshops.kinds import KINDS, in_groups
from workshops.models import LedgerRecord, LedgerStatus

TONES = {
    "draft": "neutral",
    "submitted": "wait",
    "verified": "done",
    "returned": "danger",
    "voided": "neutral",
}
NUMBER = re.compile(r"(?:TZ-?)?(\d{1,6})", re.IGNORECASE)
ORDERS = {
    "": ("最近发生", ("-happened_on", "-pk")),
    "oldest": ("最早发生", ("happened_on", "pk")),
    "amount": ("金额从大到小（只列有金额的）", ("-amount_fen", "-happened_on", "-pk")),
}
OFFICE_ORDERS = {
    "": ("等候最久", ("status_since", "pk")),
    "newest": ("最近发生", ("-happened_on", "-pk")),
}
YEARS_BACK = 10


def year_asked(request) -> int:
    """The year in the address, else this one."""
    asked, today = request.GET.get("year", ""), timezone.localdate().year
    return int(asked) if re.fullmatch(r"20\d\d", asked) else today


def years_offered(chosen: int) -> list[int]:
    today = timezone.localdate().year
    return sorted({*range(today - YEARS_BACK, today + 2), chosen}, reverse=True)


def kind_choices() -> list:
    """Kinds in their groups, for a drop-down."""
    return [(kind.code, kind.title) for _, kinds in in_groups() for kind in kinds]


class LedgerFilter(django_filters.FilterSet):
    """Records of one studio or of all. `kind` offers the list of its categories."""

    q = django_filters.CharFilter(label="搜索", method="search")
    kind = django_filters.ChoiceFilter(
        label="种类", empty_label="全部种类", choices=kind_choices, widget=QuickSelect
    )
    status = django_filters.ChoiceFilter(
        label="状态", empty_label="全部状态", choices=LedgerStatus.choices, widget=QuickSelect
    )
    category = django_filters.ChoiceFilter(label="类别", empty_label="全部类别", widget=QuickSelect)
    level = django_filters.ChoiceFilter(label="级别", empty_label="全部", widget=QuickSelect)

    class Meta:
        model = LedgerRecord
        fields = ["q", "kind", "status", "category", "level"]

    def __init__(self, *args, kind=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("category", "level"):
            field = kind.column_field(name) if kind else None
            if field is None or not field.choices:
                del self.filters[name]
            else:
                self.filters[name].extra["choices"] = field.choices
                self.filters[name].label = field.label
                self.filters[name].extra["empty_label"] = f"全部{field.label}"
        if kind is not None:
            del self.filters["kind"]

    def search(self, queryset, name, value):
        value = tidy_query(value)
        if not value:
            return queryset
        if match := NUMBER.fullmatch(value):
            return queryset.filter(Q(serial=int(match[1])) | Q(certificate_no__contains=value))
        return queryset.filter(
            Q(title__contains=value)
            | Q(partner__contains=value)
            | Q(person__contains=value)
            | Q(people__contains=value)
            | Q(certificate_no__contains=value)
        )


def row_of(record) -> dict:
    """What a list says about one record, in words."""
    kind = KINDS[record.kind]
    about = []
    for column in ("category", "level"):
        field = kind.column_field(column)
        if field and field.choices and (code := getattr(record, column)):
            about.append(field.label_of(code))
    about += [text for text in (record.person, record.partner) if text]
    return {
        "record": record,
        "kind": kind,
        "about": "　".join(about),
        "url": f"{_base()}{record.key}/",
        "tone": TONES[record.status],
    }


@cache
def _base() -> str:
    """Where the pages of records lie; asked for once and not for every row."""
    nobody = UUID(int=0)
    return reverse("workshops:ledger_record", args=[nobody]).removesuffix(f"{nobody}/")
