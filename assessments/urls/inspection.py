"""Regular inspections, their records and problems."""

from django.urls import path

from assessments.views import inspection, inspection_record

urlpatterns = [
    path("inspections/", inspection.inspections, name="inspections"),
    path("inspections/new/", inspection.plan_inspections, name="plan_inspections"),
    path("inspections/plans/<uuid:key>/", inspection.inspection_plan, name="inspection_plan"),
    path("inspections/<uuid:key>/", inspection.inspection, name="inspection"),
    path("inspections/<uuid:key>/people/", inspection.inspectors, name="inspectors"),
    path("inspections/<uuid:key>/steps/<slug:name>/", inspection.inspection_step, name="inspection_step"),
    path(
        "inspections/<uuid:key>/papers/<uuid:public_id>/",
        inspection.inspection_paper,
        name="inspection_paper",
    ),
    path("inspections/<uuid:key>/sheet.pdf", inspection.inspection_sheet, name="inspection_sheet"),
    path("inspections/<uuid:key>/signed/", inspection.inspection_signed, name="inspection_signed"),
    path("inspections/<uuid:key>/record/", inspection_record.inspection_record, name="inspection_record"),
    path("inspections/<uuid:key>/photos/", inspection_record.inspection_photos, name="inspection_photos"),
    path(
        "inspections/<uuid:key>/photos/<uuid:file_key>/",
        inspection_record.inspection_photo,
        name="inspection_photo",
    ),
    path(
        "inspections/<uuid:key>/photos/<uuid:file_key>/remove/",
        inspection_record.inspection_photo_remove,
        name="inspection_photo_remove",
    ),
    path("findings/<uuid:key>/", inspection.finding, name="finding"),
    path("findings/<uuid:key>/steps/<slug:name>/", inspection.finding_step, name="finding_step"),
    path("findings/<uuid:key>/proofs/<uuid:file_key>/", inspection.finding_proof, name="finding_proof"),
    path("studios/<uuid:key>/inspections/", inspection.studio_inspections, name="studio_inspections"),
]
