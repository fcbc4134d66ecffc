"""The roster of one training, and everybody whom a studio trained in a year [A2.11][A2.B1]."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from park import audit, sheets
from park.formkeys import write_once
from park.sheets import import_url
from park.tables import Page
from park.workflow import Refused
from workshops.actions import ledger as acts
from workshops.actions.ledger import standing_print
from workshops.forms.ledger import TraineeForm, tidy_query
from workshops.kinds import lists
from workshops.models import LedgerStatus, Trainee
from workshops.papers.ledger import ROSTER
from workshops.permissions.ledger import may_edit_record
from workshops.sheets.ledger import ROSTER_OUT
from workshops.statistics.ledger import certified_people
from workshops.tables.ledger import year_asked, years_offered
from workshops.views.ledger import kind_or_404, ledger_context, own_only, visible_record
from workshops.views.tabs import visible_studio
from workshops.views.writing import led_back

GRADES = dict(lists.GRADE)


def _training(request, key):
    record = visible_record(request, key)
    if not kind_or_404(record.kind).roster:
        return kind_or_404("")
    return record


def _name_grades(page):
    for row in page.rows:
        row.grade = GRADES.get(row.level, "")


def roster(request, key):
    """Who took part; one more by form, many by sheet."""
    record = _training(request, key)
    context = ledger_context(request, record.studio)
    may_edit = may_edit_record(request.user, record)
    form, status = TraineeForm(request.POST or None), 200
    here = reverse("workshops:ledger_roster", args=[record.key])
    if request.method == "POST":
        own_only(context)
        status = 422
        if form.is_valid():
            try:
                with write_once(request, record, "add_trainee") as write:
                    acts.add_trainee(record, by=request.user, **form.cleaned_data)
                    write.location = here
                messages.success(request, "已登记 1 人。")
                return redirect(here)
            except Refused as refusal:
                status = 409
                messages.error(request, str(refusal))
    rows = Trainee.objects.filter(record=record)
    page = Page.of(rows.order_by("pk"), request.GET.get("page", 1), known_count=record.row_count)
    _name_grades(page)
    context |= {
        "record": record,
        "form": form,
        "may_edit": may_edit,
        "page": page,
        "import_url": import_url("ledger-roster", record.key),
    }
    return render(request, "workshops/ledger_roster.html", context, status=status)


@require_POST
def remove(request, key, pk):
    record = _training(request, key)
    own_only(ledger_context(request, record.studio))
    row = Trainee.objects.select_related("record__studio").filter(record=record, pk=pk).first()
    here = reverse("workshops:ledger_roster", args=[record.key])
    if row is None:
        return led_back(request, Trainee, pk, back=here, sentence="这个人已不在花名册上。")
    try:
        with write_once(request, record, "remove_trainee") as write:
            acts.remove_trainee(row, by=request.user)
            write.location = here
        messages.success(request, "已从花名册删除 1 人。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(here)


def _of_year(studio, year):
    """On a roster of a training of the year, deleted trainings left out."""
    return Trainee.objects.filter(
        studio=studio,
        record__counts_from__lte=f"{year:04}-12-31",
        record__counts_until__gte=f"{year:04}-01-01",
    ).exclude(record__status=LedgerStatus.VOIDED)


@require_safe
def trainees(request, key):
    """Everybody whom the studio trained in one year."""
    studio = visible_studio(request, key)
    year, q = year_asked(request), tidy_query(request.GET.get("q", ""))
    certificate = request.GET.get("certificate", "")
    rows = _of_year(studio, year)
    if q:
        rows = rows.filter(Q(name__contains=q) | Q(unit_name__contains=q) | Q(certificate_no__contains=q))
    if certificate in Trainee.Certificate.values:
        rows = rows.filter(certificate_kind=certificate)
    page = Page.of(rows.order_by("-pk"), request.GET.get("page", 1), related=("record",))
    _name_grades(page)
    context = ledger_context(request, studio) | {
        "year": year,
        "years": years_offered(year),
        "q": q,
        "certificate": certificate,
        "certificates": Trainee.Certificate.choices,
        "page": page,
        "is_filtered": bool(q or certificate),
        "certified": certified_people(year, [studio.pk]).get(studio.pk, 0),
        "paper": standing_print(studio, ROSTER, year),
        "roster_kind": ROSTER,
    }
    return render(request, "workshops/ledger_trainees.html", context)


@require_safe
def trainees_export(request, key):
    """The same people as a sheet; on the trail."""
    studio = visible_studio(request, key)
    ledger_context(request, studio)
    year = year_asked(request)
    rows = _of_year(studio, year).select_related("record").order_by("record__happened_on", "record_id", "pk")
    audit.record("export", studio, by=request.user, note=f"培训花名册 {year}年")
    names = ("name", "unit_name", "certificate_kind", "certificate_no", "certified_on", "level")
    found = (
        (row.record.number, row.record.title, *(getattr(row, name) for name in names))
        for row in rows.iterator(chunk_size=2000)
    )
    return sheets.response(ROSTER_OUT, found, f"培训花名册-{year}.xlsx")
