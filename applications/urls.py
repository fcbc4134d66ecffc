"""Addresses of applying and reviewing: the studio's pages, the unit's one-time link, the office's desk."""

from django.urls import path

from applications.views import case, office, recommendation, section, studio

app_name = "applications"

urlpatterns = [
    # the applicant
    path("", studio.index, name="list"),
    path("new/", studio.start, name="start"),
    path("blank-form.pdf", case.blank_form, name="blank_form"),
    path("members-template.xlsx", section.members_sheet, name="members_sheet"),
    path("<uuid:key>/sections/<slug:name>/", section.section, name="section"),
    path("<uuid:key>/members/import/", section.import_members, name="import_members"),
    path("<uuid:key>/preview/", studio.preview, name="preview"),
    path("<uuid:key>/preview.pdf", studio.preview_pdf, name="preview_pdf"),
    path("<uuid:key>/people/", studio.people, name="people"),
    path("<uuid:key>/recommendation/", recommendation.recommendation, name="recommendation"),
    path("<uuid:key>/recommendation/print/", recommendation.print_copy, name="print_copy"),
    path("<uuid:key>/recommendation/link/", recommendation.make_link, name="make_link"),
    path("<uuid:key>/recommendation/link/revoke/", recommendation.revoke_link, name="revoke_link"),
    # the unit, by its one-time link
    path("recommend/<slug:token>/", recommendation.unit_confirm, name="unit_confirm"),
    path("recommend/<slug:token>/form.pdf", recommendation.unit_copy, name="unit_copy"),
    # the office
    path("queue/", office.queue, name="queue"),
    path("queue/export/", office.export, name="export"),
    path("queue/assign/", office.assign_many, name="assign_many"),
    path("queue/find/", office.find_by_id, name="find_by_id"),
    path("<uuid:key>/review/", office.review, name="review"),
    path("<uuid:key>/correction/", office.correction, name="correction"),
    path("<uuid:key>/assign/", office.assign, name="assign"),
    path("<uuid:key>/reveal/", office.reveal, name="reveal"),
    path("<uuid:key>/originals/", office.originals, name="originals"),
    # everybody who may see the case
    path("<uuid:key>/", case.detail, name="detail"),
    path("<uuid:key>/versions/<int:number>/", case.version, name="version"),
    path("<uuid:key>/steps/<slug:name>/", case.step, name="step"),
    path("<uuid:key>/files/<uuid:file_key>/", case.file, name="file"),
    path("<uuid:key>/papers/<uuid:public_id>/", case.paper, name="paper"),
    path("<uuid:key>/notes/", case.add_note, name="add_note"),
]
