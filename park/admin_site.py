"""Who enters the admin, and what trail does every change in it leave?

The site accepts the models of our own apps only, and mixes the trail into each of their admin classes, so no
page can be added without it. Signing in and out and passwords stay with the site's own pages.
"""

from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse

from park import audit
from park.models import Role

APPS = {"park", "workshops", "applications", "assessments"}
ADMIN_ROLES = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.OFFICE, Role.LEAD_DIVISION)


class Audited:
    """What a ModelAdmin of this site does besides: every change, export and import is an audit entry."""

    list_per_page = 50
    show_full_result_count = False

    def log_addition(self, request, obj, message):
        super().log_addition(request, obj, message)
        audit.record("admin_add", obj, by=request.user)

    def log_change(self, request, obj, message):
        super().log_change(request, obj, message)
        audit.record("admin_change", obj, by=request.user, note=_names(message))

    def log_deletions(self, request, queryset):
        super().log_deletions(request, queryset)
        for obj in queryset:
            audit.record("admin_delete", obj, by=request.user)

    def get_export_data(self, file_format, request, queryset, **kwargs):
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        self.record_export(request, queryset.count(), file_format.get_extension())
        return data

    def record_export(self, request, rows: int, kind: str):
        chosen = request.META.get("QUERY_STRING", "")
        note = f"{rows} 行，{kind}" + (f"，筛选：{chosen[:500]}" if chosen else "")
        audit.record("export", self.opts.verbose_name, by=request.user, note=note)

    def process_result(self, result, request):
        totals = result.totals
        note = f"新增 {totals['new']} 行，更新 {totals['update']} 行，跳过 {totals['skip']} 行"
        audit.record("import", self.opts.verbose_name, by=request.user, note=note)
        return super().process_result(result, request)


def _names(message) -> str:
    """The labels of the changed fields, never their values."""
    if isinstance(message, str):
        return message[:500]
    return "、".join(name for part in message for name in part.get("changed", {}).get("fields", []))[:500]


class ParkAdminSite(admin.AdminSite):
    site_header = "镇江市技能大师产业创新园 · 后台管理"
    site_title = "产业创新园后台"
    index_title = "基础数据与设定"
    enable_nav_sidebar = True
    empty_value_display = "—"

    def register(self, model_or_iterable, admin_class=None, **options):
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in APPS]
        base = admin_class or admin.ModelAdmin
        if ours and not issubclass(base, Audited):
            base = type(base.__name__, (Audited, base), {"__module__": base.__module__})
        if ours:
            super().register(ours, base, **options)

    def has_permission(self, request):
        user = request.user
        return user.is_active and user.is_staff and (user.is_superuser or user.has_role(*ADMIN_ROLES))

    @login_not_required
    def login(self, request, extra_context=None):
        """The site's own login page; somebody signed in without rights here is led to their own desk."""
        if request.user.is_authenticated:
            return redirect("home")
        return redirect(f"{reverse('login')}?{urlencode({'next': request.GET.get('next', request.path)})}")

    def logout(self, request, extra_context=None):
        logout(request)
        return redirect("portal")

    def password_change(self, request, extra_context=None):
        return redirect("password_change")

    def password_change_done(self, request, extra_context=None):
        return redirect("password_change_done")
