"""Addresses of applying and reviewing: the studio's pages, the unit's one-time link, the office's desk."""

from django.urls import path

from applications.views import (
    archive,
    batch,
    case,
    listing,
    office,
    recommendation,
    resolution,
    section,
    statistics,
    studio,
    visit,
    visit_record,
)

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
    path("queue/batch/", batch.batch, name="batch"),
    path("queue/dossiers/", archive.archive, name="archive"),
    path("queue/find/", office.find_by_id, name="find_by_id"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/export/", statistics.export_statistics, name="export_statistics"),
    path("<uuid:key>/review/", office.review, name="review"),
    path("<uuid:key>/correction/", office.correction, name="correction"),
    path("<uuid:key>/assign/", office.assign, name="assign"),
    path("<uuid:key>/reveal/", office.reveal, name="reveal"),
    path("<uuid:key>/originals/", office.originals, name="originals"),
    # candidate lists: the office compiles, the working group decides
    path("lists/", listing.lists, name="lists"),
    path("lists/new/", listing.new, name="list_new"),
    path("lists/<uuid:key>/", listing.detail, name="list_detail"),
    path("lists/<uuid:key>/change/", listing.change, name="list_change"),
    path("lists/<uuid:key>/recompute/", listing.recompute, name="list_recompute"),
    path("lists/<uuid:key>/remove/", listing.remove, name="list_remove"),
    path("lists/<uuid:key>/promote/", listing.promote, name="list_promote"),
    path("lists/<uuid:key>/steps/<slug:name>/", listing.step, name="list_step"),
    path("lists/<uuid:key>/papers/<uuid:public_id>/", listing.paper, name="list_paper"),
    path("lists/<uuid:key>/opinions/", resolution.give_opinion, name="give_opinion"),
    path("lists/<uuid:key>/resolve/", resolution.resolve, name="resolve_list"),
    path("lists/<uuid:key>/office-box/", resolution.office_box, name="office_box"),
    # site visits
    path("visits/", visit.visits, name="visits"),
    path("visits/plan/", visit.plan_visits, name="plan_visits"),
    path("visits/day/<slug:day>/", visit.visit_day, name="visit_day"),
    path("visits/<uuid:key>/", visit.visit, name="visit"),
    path("visits/<uuid:key>/steps/<slug:name>/", visit.visit_step, name="visit_step"),
    path("visits/<uuid:key>/move/", visit.visit_move, name="visit_move"),
    path("visits/<uuid:key>/visitors/", visit.visit_visitors, name="visit_visitors"),
    path("visits/<uuid:key>/papers/<uuid:public_id>/", visit.visit_paper, name="visit_paper"),
    path("visits/<uuid:key>/sheet.pdf", visit.visit_sheet, name="visit_sheet"),
    path("visits/<uuid:key>/signed/", visit.visit_signed, name="visit_signed"),
    path("visits/<uuid:key>/record/", visit_record.visit_record, name="visit_record"),
    path("visits/<uuid:key>/photos/", visit_record.visit_photos, name="visit_photos"),
    path("visits/<uuid:key>/photos/<uuid:file_key>/", visit_record.visit_photo, name="visit_photo"),
    path(
        "visits/<uuid:key>/photos/<uuid:file_key>/remove/",
        visit_record.visit_photo_remove,
        name="visit_photo_remove",
    ),
    # everybody who may see the case
    path("<uuid:key>/", case.detail, name="detail"),
    path("<uuid:key>/versions/<int:number>/", case.version, name="version"),
    path("<uuid:key>/steps/<slug:name>/", case.step, name="step"),
    path("<uuid:key>/files/<uuid:file_key>/", case.file, name="file"),
    path("<uuid:key>/papers/<uuid:public_id>/", case.paper, name="paper"),
    path("<uuid:key>/notes/", case.add_note, name="add_note"),
]
