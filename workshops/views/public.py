"""The two registers on the portal [1]: who is in the park, and the city's studios beside it. For everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from park.tables import CAP
from workshops.tables.public import REGISTERS, public_facts, public_recognitions, published
from workshops.tables.studio import StudioFilter

A_PAGE = 24


@login_not_required
@require_safe
def public_studios(request):
    """One register at a time, searched and filtered; everything is kept in the address."""
    asked = request.GET.get("register")
    register = asked if asked in REGISTERS else "resident"
    rows = published(register)
    found = StudioFilter(request.GET, queryset=rows)
    rows = found.qs if found.is_valid() else rows
    page = Page(rows.order_by("name", "pk"), request.GET.get("page", 1))
    context = {
        "register": register,
        "registers": REGISTERS,
        "filter": found,
        "page": page,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
    }
    return render(request, "workshops/public_studios.html", context)


class Page:
    """One page of public facts."""

    def __init__(self, rows, asked):
        asked = str(asked)
        self.count = min(rows.order_by().count(), CAP)
        self.pages = max(1, -(-self.count // A_PAGE))
        self.number = min(max(int(asked) if asked.isdecimal() and len(asked) < 8 else 1, 1), self.pages)
        first = (self.number - 1) * A_PAGE
        self.rows = public_facts(rows[first : first + A_PAGE])
        self.has_previous, self.has_next = self.number > 1, self.number < self.pages
        self.previous_page_number, self.next_page_number = self.number - 1, self.number + 1


@login_not_required
@require_safe
def public_studio(request, key):
    """One studio: the public facts and nothing else."""
    for register, label in REGISTERS.items():
        if found := public_facts(published(register).filter(key=key)):
            context = {"studio": found[0], "register": label, "recognitions": public_recognitions(key)}
            return render(request, "workshops/public_studio.html", context)
    raise Http404("没有这个工作室，或者它没有公开。")
