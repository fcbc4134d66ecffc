"""The office keeps the checklist of the regular inspection here, and takes editions of the scorecard in and out as sheets;
inspections and editions themselves are moved by their procedures."""

from django.contrib import admin
from import_export.admin import ImportExportModelAdmin

from assessments.models import InspectionItem, Rubric, RubricItem
from assessments.resources import InspectionItemResource, RubricItemResource, RubricResource
from park.admin.codes import CodeListAdmin
from park.permissions import is_office


@admin.register(InspectionItem)
class InspectionItemAdmin(CodeListAdmin):
    """定期检查项目: what the next plan will check, with its clause."""

    resource_classes = [InspectionItemResource]
    list_display = ["label", "clause", "order", "on_form", "retired_on"]
    list_display_links = ["label"]
    list_filter = ["clause", "on_form"]


class _SheetsOnly(ImportExportModelAdmin):
    """Rows come and go as sheets; what is in force or used is refused by the resource."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_import_permission(self, request):
        return is_office(request.user)

    def has_export_permission(self, request):
        return self.has_view_permission(request)


@admin.register(Rubric)
class RubricAdmin(_SheetsOnly):
    """考核评估细则: the editions."""

    resource_classes = [RubricResource]
    list_display = ["edition", "title", "legal_basis", "in_force_from"]


@admin.register(RubricItem)
class RubricItemAdmin(_SheetsOnly):
    """考核项目: the rows of the editions."""

    resource_classes = [RubricItemResource]
    list_display = ["rubric", "order", "code", "content", "max_points", "kind"]
    list_display_links = ["content"]
    list_filter = ["rubric"]
    list_select_related = ["rubric"]
