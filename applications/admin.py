"""Batches are master data; applications are looked at here and changed only through the procedure."""

from django.contrib import admin

from applications.models import Application, Batch


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    """Intake windows [T18]; they count only while the park's rule says 分批受理."""

    list_display = ["name", "opens_on", "closes_on"]
    search_fields = ["name"]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (
            obj is None or not obj.application_set.exists()
        )


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    """Read-only. Drafts are the studio's own and do not show."""

    list_display = ["number", "studio_name", "leader_name", "status", "officer", "submitted_at", "due_on"]
    list_filter = ["status", "batch"]
    list_select_related = ["officer"]
    search_fields = ["number", "studio_name", "leader_name"]
    fields = [
        "number", "status", "batch", "studio_name", "leader_name", "occupation", "unit_name", "district",
        "officer", "submitted_at", "status_since", "due_on", "originals_received_at",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
