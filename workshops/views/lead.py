"""Masters to win over [5.1][M1.4]: the register, one of them with its talks and steps, the export."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from park import audit, sheets
from park.audit import history_of, timeline
from park.tables import Page
from park.views.steps import step_buttons, take_step
from park.workflow import Conflict
from workshops.actions import lead as acts
from workshops.forms.lead import ChangeLeadForm, ContactForm, LeadForm, RevealForm, facts_of, initial_of
from workshops.models import WORKED_ON, AttractionLead
from workshops.permissions.lead import keeps_leads, reads_leads
from workshops.sheets.lead import LEADS, lead_rows
from workshops.tables.lead import LeadFilter
from workshops.views.writing import form_page
from workshops.workflow.lead import LEAD


def _readers_only(user):
    if not reads_leads(user):
        raise PermissionDenied("招引线索供鉴定指导中心和管理办公室查看。")


def _keepers_only(user):
    if not keeps_leads(user):
        raise PermissionDenied("招引线索由鉴定指导中心登记和修改。")


def _found(request):
    rows = AttractionLead.objects.visible_to(request.user)
    found = LeadFilter(request.GET, queryset=rows)
    return found, found.qs if found.is_valid() else rows


@require_safe
def leads(request):
    """The register, searched and filtered; whoever should have been called is marked."""
    _readers_only(request.user)
    found, rows = _found(request)
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "page": Page.of(rows.order_by("-added_at", "-pk"), request.GET.get("page", 1), related=("origin",)),
        "may_edit": keeps_leads(request.user),
        "overdue": AttractionLead.objects.worked_on()
        .filter(next_contact_on__lt=timezone.localdate())
        .count(),
        "query": request.GET.urlencode(),
    }
    return render(request, "workshops/leads.html", context)


@require_safe
def export_leads(request):
    """The register as it is filtered, without mobiles."""
    _readers_only(request.user)
    _, rows = _found(request)
    audit.record("export", LEADS.title, by=request.user, note="不含手机号码")
    return sheets.response(LEADS, lead_rows(rows), f"{LEADS.file_stem}.xlsx")


def add_lead(request):
    _keepers_only(request.user)
    form = LeadForm(request.POST or None)

    def write(data):
        return acts.add_lead(by=request.user, mobile=data["mobile"], **facts_of(form)).get_absolute_url()

    context = {"title": "登记招引线索", "back": reverse("workshops:leads")}
    return form_page(
        request,
        "workshops/lead_form.html",
        form,
        write,
        verb="add_lead",
        done="线索已登记。",
        context=context,
    )


def visible(request, key) -> AttractionLead:
    """The lead, if this person may see it; else 404."""
    rows = AttractionLead.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("origin", "craft_field", "added_by"), key=key)


@require_safe
def lead(request, key):
    return _page(request, visible(request, key))


def _page(request, row, *, reveal=None, status=200):
    may_edit = keeps_leads(request.user)
    context = {
        "lead": row,
        "stage": LEAD.stage(row),
        "may_edit": may_edit,
        "may_contact": may_edit and row.status in WORKED_ON,
        "has_mobile": bool(row.mobile),
        "reveal_form": reveal or RevealForm(),
        "open_reveal": reveal is not None,
        "contacts": row.contacts.select_related("recorded_by"),
        "steps": step_buttons(
            request.user, LEAD, row, url=lambda name: reverse("workshops:lead_step", args=[row.key, name])
        ),
        "history": timeline(history_of(row)[:100]),
    }
    return render(request, "workshops/lead.html", context, status=status)


def change_lead(request, key):
    """Correct what is known; two editors never overwrite each other."""
    row = visible(request, key)
    _keepers_only(request.user)
    form = ChangeLeadForm(request.POST or None, initial=initial_of(row))

    def write(data):
        acts.change_lead(
            row, version=data["version"], mobile=data["mobile"], by=request.user, **facts_of(form)
        )
        return row.get_absolute_url()

    def fresh(refusal):
        if not isinstance(refusal, Conflict):
            return {}
        now = visible(request, key)
        typed = request.POST.copy()
        typed["version"] = now.version
        shown = [
            {"label": field.label, "value": getattr(now, field.name)}
            for field in form
            if not field.is_hidden and field.name != "mobile"
        ]
        return {"form": ChangeLeadForm(typed), "present": shown}

    context = {"title": f"修改{row}", "back": row.get_absolute_url()}
    return form_page(
        request,
        "workshops/lead_form.html",
        form,
        write,
        subject=row,
        verb="change_lead",
        done="线索已保存。",
        context=context,
        fresh=fresh,
    )


def log_contact(request, key):
    """One talk, and when to talk next."""
    row = visible(request, key)
    _keepers_only(request.user)
    initial = {"on": timezone.localdate(), "intent": row.intent}
    form = ContactForm(request.POST or None, initial=initial)

    def write(data):
        acts.log_contact(row, by=request.user, **data)
        return row.get_absolute_url()

    context = {"title": f"登记联系：{row}", "back": row.get_absolute_url()}
    return form_page(
        request,
        "workshops/lead_form.html",
        form,
        write,
        subject=row,
        verb="log_contact",
        done="联系已登记。",
        context=context,
    )


def lead_step(request, key, name):
    """The page of one step."""
    return take_step(request, LEAD, visible(request, key), name)


@require_POST
def reveal_lead_mobile(request, key):
    """The mobile in full, once, with a reason on the trail (L5)."""
    row, form = visible(request, key), RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, row, reveal=form, status=422)
    shown = acts.reveal_mobile(row, reason=form.cleaned_data["reason"], by=request.user)
    response = render(request, "workshops/lead_mobile.html", {"lead": row, "mobile": shown})
    response["Cache-Control"] = "no-store"
    return response
