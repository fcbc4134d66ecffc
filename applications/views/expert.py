"""The pool of experts: the list, one entry, new ones by hand and from xlsx [3.2.2 有关专家]."""

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.actions import pooling
from applications.forms.expert import AbsenceForm, AccountForm, ExpertForm, LeaveForm, SheetForm
from applications.forms.filing import RevealForm
from applications.models import Expert, PanelSession, PanelStatus, Seat
from applications.resources import RowFault, check_experts, experts_template, read_experts
from applications.tables import PoolFilter
from applications.views.case import timeline
from park import audit
from park.formkeys import write_once
from park.models import AuditEntry
from park.permissions import is_office
from park.tables import Page
from park.validators import number_in
from park.workflow import Refused

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT, HOURS = "applications.import_experts", 2  # a checked sheet waits so long for its confirmation


def _office_only(user):
    if not is_office(user):
        raise PermissionDenied("只有管理办公室可以管理专家库。")


@require_safe
def experts(request):
    """Everybody of the pool, searched and filtered."""
    _office_only(request.user)
    found = PoolFilter(request.GET, queryset=Expert.objects.visible_to(request.user))
    rows = found.qs if found.is_valid() else Expert.objects.visible_to(request.user)
    page = Page.of(rows.order_by("name", "unit_name", "pk"), request.GET.get("page", 1), related=("user",))
    prefetch_related_objects(page.rows, "fields")
    today = timezone.localdate()
    away = Expert.objects.filter(absences__starts_on__lte=today, absences__ends_on__gte=today)
    context = {
        "filter": found,
        "page": page,
        "away": set(away.filter(pk__in=[row.pk for row in page.rows]).values_list("pk", flat=True)),
        "is_filtered": any(request.GET.get(name) for name in found.filters),
    }
    return render(request, "applications/experts.html", context)


def expert_new(request):
    _office_only(request.user)
    form = ExpertForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, verb="add_expert") as write:
                    row = pooling.add_expert(by=request.user, **_values(form))
                    write.location = row.get_absolute_url()
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, f"{row.name}已入库。")
                return redirect(write.location)
    return render(request, "applications/expert_new.html", {"form": form}, status=status)


def _values(form) -> dict:
    data = dict(form.cleaned_data)
    return data | {"fields": data.pop("fields_")}


def _visible(request, key) -> Expert:
    return get_object_or_404(Expert.objects.visible_to(request.user).select_related("user__unit"), key=key)


@require_safe
def expert(request, key):
    """One entry: to the office all of it, to the expert their own data, days away and sessions."""
    return _page(request, _visible(request, key))


def _page(request, row, *, forms=None, status=200):
    officer, forms = is_office(request.user), forms or {}
    sessions = PanelSession.objects.visible_to(request.user).exclude(status=PanelStatus.PLANNING)
    seats = Seat.objects.filter(expert=row, session__in=sessions).select_related("session")
    context = {
        "expert": row,
        "fields": list(row.fields.all()),
        "is_officer": officer,
        "is_self": row.user_id == request.user.pk,
        "absences": row.absences.order_by("-starts_on"),
        "today": timezone.localdate(),
        "seats": seats.order_by("-session__meets_on")[:50],
        "edit_form": forms.get("edit") or ExpertForm(expert=row, initial=_initial(row)),
        "absence_form": forms.get("absence") or AbsenceForm(prefix="absence"),
        "leave_form": forms.get("leave") or LeaveForm(prefix="leave"),
        "account_form": forms.get("account") or AccountForm(offered=pooling.free_accounts()),
        "reveal_form": forms.get("reveal") or RevealForm(),
        "open_form": next(iter(forms), ""),
        "history": timeline(AuditEntry.objects.filter(subject=f"专家 {row.key}").order_by("-sequence")[:50])
        if officer
        else [],
    }
    return render(request, "applications/expert.html", context, status=status)


def _initial(row) -> dict:
    """What the form starts with; the mobile is typed anew or left as it is."""
    values = {name: getattr(row, name) for name in pooling.COLUMNS}
    return values | {"mobile": "", "fields_": row.fields.all()}


@require_POST
def expert_act(request, key, name):
    """Edit, leave or return, account, days away. The expert enters only the days away."""
    row, user = _visible(request, key), request.user
    forms = {
        "edit": lambda: ExpertForm(request.POST, expert=row),
        "leave": lambda: LeaveForm(request.POST, prefix="leave"),
        "account": lambda: AccountForm(request.POST, offered=pooling.free_accounts()),
        "absence": lambda: AbsenceForm(request.POST, prefix="absence"),
    }
    verbs = {
        "edit": "change_expert",
        "leave": "leave_pool",
        "account": "link_expert",
        "absence": "add_absence",
    }
    verbs |= {"return": "return_to_pool", "present": "remove_absence"}
    if name not in verbs:
        raise Http404
    if not is_office(user) and name not in ("absence", "present"):
        raise PermissionDenied("专家信息由管理办公室修改；您可以登记不能参加的日期。")
    form = forms[name]() if name in forms else None
    if form is not None and not form.is_valid():
        return _page(request, row, forms={name: form}, status=422)
    data = form.cleaned_data if form is not None else {}
    if name == "edit":
        data["mobile"] = data["mobile"] or row.mobile
    acts = {
        "edit": lambda: pooling.change_expert(row, by=user, **_values(form)),
        "leave": lambda: pooling.leave_pool(row, reason=data["reason"], by=user),
        "return": lambda: pooling.return_to_pool(row, by=user),
        "account": lambda: pooling.link_account(row, data["account"], by=user),
        "absence": lambda: pooling.add_absence(row, by=user, **data),
        "present": lambda: pooling.remove_absence(row, number_in(request.POST.get("absence")), by=user),
    }
    try:
        with write_once(request, f"专家 {row.key}", verbs[name]) as write:
            acts[name]()
            write.location = row.get_absolute_url()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, _visible(request, key), forms={name: form} if form else None, status=409)
    messages.success(request, "已保存。")
    return redirect(write.location)


@require_POST
def reveal_mobile(request, key):
    """The expert's mobile in full, once, with a reason on the trail (L5)."""
    _office_only(request.user)
    row, form = _visible(request, key), RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, row, forms={"reveal": form}, status=422)
    reason = form.cleaned_data["reason"]
    audit.record("reveal", f"专家 {row.key}", by=request.user, note=reason, after="手机")
    response = render(request, "applications/expert_mobile.html", {"expert": row, "mobile": row.mobile})
    response["Cache-Control"] = "no-store"
    return response


# ── from xlsx ───────────────────────────────────────────────────────────────────────────────────
def import_experts(request):
    """A dry run first: every bad row is listed and nothing is written; a clean sheet is shown and then confirmed."""
    _office_only(request.user)
    if request.method == "POST" and "confirmed" in request.POST:
        return _write_import(request)
    form, rows, faults, status = SheetForm(request.POST or None, request.FILES or None), [], [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            upload = form.cleaned_data["sheet"].content
            upload.seek(0)
            rows, faults = read_experts(upload)
            status = 422 if faults else 200
    context = {
        "form": form,
        "rows": [] if faults else rows,
        "faults": faults,
        "read": len(rows),
        "sealed": signing.dumps(rows, salt=SALT, compress=True) if rows and not faults else "",
    }
    return render(request, "applications/experts_import.html", context, status=status)


def _write_import(request):
    try:
        rows = signing.loads(request.POST["confirmed"], salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        messages.error(request, "没有导入：检查结果已过期，请重新上传表格。")
        return redirect("applications:import_experts")
    checked, faults = check_experts(list(enumerate(rows, 2)))
    try:
        with write_once(request, verb="import_experts") as write:
            if faults:
                raise Refused(f"没有导入：{faults[0].text}请重新上传表格检查。")
            count = pooling.import_experts(checked, by=request.user)
            write.location = reverse("applications:experts")
    except Refused as refusal:
        messages.error(request, str(refusal))
        context = {"form": SheetForm(), "faults": faults or [RowFault(1, str(refusal))], "read": len(rows)}
        return render(request, "applications/experts_import.html", context, status=409)
    messages.success(request, f"已导入 {count} 位专家。")
    return redirect(write.location)


@require_safe
def experts_sheet(request):
    """The xlsx to fill in."""
    _office_only(request.user)
    response = HttpResponse(experts_template(), content_type=XLSX_TYPE)
    response["Content-Disposition"] = 'attachment; filename="experts-template.xlsx"'
    return response
