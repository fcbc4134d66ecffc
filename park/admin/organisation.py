"""Organs of the park [5.1], units, and the notice on personal data."""

from django.contrib import admin
from import_export.admin import ImportExportModelAdmin
from simple_history.admin import SimpleHistoryAdmin

from park.models import Body, PrivacyNotice, Unit
from park.resources import BodyResource, UnitResource


@admin.register(Body)
class BodyAdmin(ImportExportModelAdmin, SimpleHistoryAdmin):
    """Names change over the years, so an organ is retired by date and never deleted [T8]."""

    resource_classes = [BodyResource]
    list_display = ["name", "code", "parent", "clause", "valid_from", "valid_until"]
    search_fields = ["name", "duties"]
    readonly_fields = ["clause"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Unit)
class UnitAdmin(ImportExportModelAdmin, SimpleHistoryAdmin):
    resource_classes = [UnitResource]
    list_display = ["name", "credit_code", "kind", "district"]
    list_filter = ["district", "kind"]
    list_select_related = ["kind", "district"]
    search_fields = ["name", "credit_code"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(admin.ModelAdmin):
    """A text that somebody consented to is never changed: a new text is a new version."""

    list_display = ["version", "in_force_from"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not obj.consent_set.exists())

    def has_delete_permission(self, request, obj=None):
        return False
