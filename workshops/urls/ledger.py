"""The ledgers of a studio, one record with its files and roster, and the office's verification."""

from django.urls import path

from workshops.views import ledger, ledger_entry, ledger_office, ledger_papers, ledger_roster

urlpatterns = [
    path("ledgers/", ledger_office.verification, name="ledger_office"),
    path("ledgers/batch/", ledger_office.batch, name="ledger_batch"),
    path("<uuid:key>/ledgers/", ledger.ledgers, name="ledgers"),
    path("<uuid:key>/ledgers/all/", ledger.records, name="ledger_all"),
    path("<uuid:key>/ledgers/trainees/", ledger_roster.trainees, name="ledger_trainees"),
    path("<uuid:key>/ledgers/trainees/export/", ledger_roster.trainees_export, name="ledger_trainees_export"),
    path("<uuid:key>/ledgers/print/<slug:kind>/", ledger_papers.print_one, name="ledger_print"),
    path("<uuid:key>/ledgers/papers/<uuid:public_id>/", ledger_papers.paper, name="ledger_paper"),
    path("<uuid:key>/ledgers/<slug:kind>/", ledger.records, name="ledger_kind"),
    path("<uuid:key>/ledgers/<slug:kind>/new/", ledger_entry.new, name="ledger_new"),
    path("<uuid:key>/ledgers/<slug:kind>/export/", ledger_papers.export, name="ledger_export"),
    path("ledger/<uuid:key>/", ledger.record, name="ledger_record"),
    path("ledger/<uuid:key>/edit/", ledger_entry.edit, name="ledger_edit"),
    path("ledger/<uuid:key>/steps/<slug:name>/", ledger.step, name="ledger_step"),
    path("ledger/<uuid:key>/files/add/", ledger_entry.add_file, name="ledger_add_file"),
    path("ledger/<uuid:key>/files/<uuid:file_key>/", ledger_entry.file, name="ledger_file"),
    path("ledger/<uuid:key>/files/<uuid:file_key>/remove/", ledger_entry.remove_file, name="ledger_remove_file"),
    path("ledger/<uuid:key>/roster/", ledger_roster.roster, name="ledger_roster"),
    path("ledger/<uuid:key>/roster/<int:pk>/remove/", ledger_roster.remove, name="ledger_remove_trainee"),
]  # fmt: skip
