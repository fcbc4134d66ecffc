"""The office keeps the checklist of the regular inspection here; inspections themselves are moved by their procedure."""

from django.contrib import admin

from assessments.models import InspectionItem
from assessments.resources import InspectionItemResource
from park.admin.codes import CodeListAdmin


@admin.register(InspectionItem)
class InspectionItemAdmin(CodeListAdmin):
    """定期检查项目: what the next plan will check, with its clause."""

    resource_classes = [InspectionItemResource]
    list_display = ["label", "clause", "order", "on_form", "retired_on"]
    list_display_links = ["label"]
    list_filter = ["clause", "on_form"]
