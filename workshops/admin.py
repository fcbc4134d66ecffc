"""Studios and their residencies are looked at here and written only by the procedures."""

from django.contrib import admin

from park.admin.codes import CodeListAdmin
from workshops.models import Residency, Room, SafetyItem, Studio
from workshops.resources import SafetyItemResource


class _ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Studio)
class StudioAdmin(_ReadOnly):
    """技能大师工作室: what it is called and who leads it now."""

    list_display = ["name", "leader_name", "occupation", "unit_name", "registered_at"]
    search_fields = ["name", "leader_name"]
    fields = ["name", "leader_name", "occupation", "unit_name", "district", "registered_at"]


@admin.register(Residency)
class ResidencyAdmin(_ReadOnly):
    """入驻: since when, on which application."""

    list_display = ["studio", "status", "source", "admitted_on"]
    list_filter = ["status"]
    list_select_related = ["studio"]
    search_fields = ["source", "studio__name"]
    fields = ["studio", "status", "source", "admitted_on", "status_since"]


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    """房间: what can be let; who is in it is said by the procedures."""

    list_display = ["building", "floor", "number", "area", "is_active"]
    list_filter = ["building", "is_active"]
    search_fields = ["number"]
    fields = ["building", "floor", "number", "area", "order", "note", "is_active"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(SafetyItem)
class SafetyItemAdmin(CodeListAdmin):
    """安全检查项目: what the next check will ask."""

    resource_classes = [SafetyItemResource]
    list_display = ["label", "order", "on_form", "retired_on"]
    list_display_links = ["label"]
