"""The trail, for the auditor: read, search, take out; nobody changes it."""

import csv

from django.contrib import admin
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.http import StreamingHttpResponse
from django.utils import timezone

from park import audit
from park.admin_site import Audited
from park.models import AuditEntry, Role

COLUMNS = {
    "sequence": "序号",
    "at": "时间",
    "by_name": "操作人",
    "roles": "角色",
    "address": "来源地址",
    "verb": "动作代码",
    "label": "动作",
    "subject_model": "对象类型",
    "subject_id": "对象编号",
    "subject": "对象",
    "result": "结果",
    "before": "之前",
    "after": "之后",
    "clause": "条款",
    "note": "说明",
    "hash": "哈希",
}
RESULTS = {"ok": "成功", "refused": "被拒绝"}


class ByVerb(admin.SimpleListFilter):
    title, parameter_name = "动作", "verb"

    def lookups(self, request, model_admin):
        verbs = AuditEntry.objects.order_by("verb").values_list("verb", flat=True).distinct()
        return sorted(((verb, audit.label(verb)) for verb in verbs), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


class BySubject(admin.SimpleListFilter):
    title, parameter_name = "对象类型", "subject_model"

    def lookups(self, request, model_admin):
        from django.apps import apps  # the labels live in the models of every app

        names = AuditEntry.objects.exclude(subject_model="").values_list("subject_model", flat=True)
        labels = {m._meta.label_lower: m._meta.verbose_name for m in apps.get_models()}
        return [(name, labels.get(name, name)) for name in names.order_by("subject_model").distinct()]

    def queryset(self, request, queryset):
        return queryset.filter(subject_model=self.value()) if self.value() else queryset


class ByResult(admin.SimpleListFilter):
    title, parameter_name = "结果", "result"

    def lookups(self, request, model_admin):
        return list(RESULTS.items())

    def queryset(self, request, queryset):
        return queryset.filter(result=self.value()) if self.value() else queryset


class _Echo:
    def write(self, text):
        return text


def _cell(entry, name):
    value = audit.label(entry.verb) if name == "label" else getattr(entry, name)
    if name == "at":
        value = timezone.localtime(value).isoformat(timespec="seconds")
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" else text  # a spreadsheet must not run what somebody typed


@admin.register(AuditEntry)
class AuditEntryAdmin(Audited, admin.ModelAdmin):
    list_display = [
        "sequence",
        "at",
        "by_name",
        "action_label",
        "subject",
        "result_label",
        "address",
        "clause",
    ]
    list_filter = ["at", ByVerb, ByResult, BySubject, ("by", RelatedOnlyFieldListFilter)]
    search_fields = ["by_name", "verb", "subject", "subject_id", "note", "address"]
    search_help_text = "按操作人、动作、对象、说明或来源地址查找"
    date_hierarchy = "at"
    list_per_page = 100
    actions = ["export_csv"]

    @admin.display(description="动作", ordering="verb")
    def action_label(self, entry):
        return audit.label(entry.verb)

    @admin.display(description="结果", ordering="result")
    def result_label(self, entry):
        return RESULTS.get(entry.result, entry.result)

    @admin.action(description="导出为 CSV", permissions=["view"])
    def export_csv(self, request, queryset):
        entries = queryset.order_by("sequence")
        self.record_export(request, entries.count(), "csv")
        writer = csv.writer(_Echo())

        def lines():
            yield "\ufeff" + writer.writerow(COLUMNS.values())
            for entry in entries.iterator(chunk_size=2000):
                yield writer.writerow([_cell(entry, name) for name in COLUMNS])

        return StreamingHttpResponse(
            lines(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"},
        )

    def has_view_permission(self, request, obj=None):
        return request.user.has_role(Role.AUDITOR)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
