"""Repairs."""

from django.urls import path

from workshops.views import repair

urlpatterns = [
    path("repairs/", repair.repairs, name="repairs"),
    path("repairs/new/", repair.report_repair, name="report_repair"),
    path("repairs/<uuid:key>/", repair.repair, name="repair"),
    path("repairs/<uuid:key>/steps/<slug:name>/", repair.repair_step, name="repair_step"),
    path("repairs/<uuid:key>/photos/<uuid:file_key>/", repair.repair_photo, name="repair_photo"),
    path("<uuid:key>/repairs/", repair.studio_repairs, name="studio_repairs"),
]
