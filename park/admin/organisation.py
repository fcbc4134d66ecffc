"""Organs of the park [5.1], units, and the notice on personal data."""

from django.contrib import admin
from import_export.admin import ImportExportModelAdmin
from simple_history.admin import SimpleHistoryAdmin

from park.models import Body, PrivacyNotice, Role, Unit, User, WorkingGroupMember
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


@admin.register(WorkingGroupMember)
class WorkingGroupMemberAdmin(SimpleHistoryAdmin):
    """Who speaks for which unit, and who leads [5.1]. Somebody who left is given a date and stays on record."""

    list_display = ["user", "body", "is_leader", "left_on"]
    list_select_related = ["user", "body"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.with_role(Role.WORKING_GROUP).order_by("real_name")
        if db_field.name == "body":
            kwargs["queryset"] = Body.objects.filter(valid_until=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False
