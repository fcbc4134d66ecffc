"""Addresses of the ground floor: signing in, one's own account, messages, the public check of a paper."""

from django.urls import path

from park.views import announcement, announcement_public, check, jobs, people, personal, second_factor, sheets

urlpatterns = [
    path("login/", people.Login.as_view(), name="login"),
    path("logout/", people.Logout.as_view(), name="logout"),
    path("register/", people.register, name="register"),
    path("account/password/", people.PasswordChange.as_view(), name="password_change"),
    path("account/password/done/", people.password_change_done, name="password_change_done"),
    path("account/reset/", people.PasswordReset.as_view(), name="password_reset"),
    path("account/reset/sent/", people.PasswordResetDone.as_view(), name="password_reset_done"),
    path(
        "account/reset/<str:uidb64>/<str:token>/",
        people.PasswordResetConfirm.as_view(),
        name="password_reset_confirm",
    ),
    path("account/reset/done/", people.PasswordResetComplete.as_view(), name="password_reset_complete"),
    path("account/", people.profile, name="profile"),
    path("account/mobile/", people.reveal_mobile, name="profile_reveal"),
    path("account/data/", people.export_data, name="profile_export"),
    path("account/close/", people.close, name="profile_close"),
    path("account/consents/", people.consents, name="consents"),
    path("account/second-factor/", second_factor.verify, name="second_factor"),
    path("account/second-factor/enrol/", second_factor.enrol, name="second_factor_enrol"),
    path("account/second-factor/codes/", second_factor.codes, name="second_factor_codes"),
    path("account/second-factor/manage/", second_factor.manage, name="second_factor_manage"),
    path("personal/", personal.lookup, name="personal_lookup"),
    path("personal/forget/", personal.forget, name="personal_forget"),
    path("notifications/", people.notifications, name="notifications"),
    path("notifications/<int:pk>/", people.notification_open, name="notification_open"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:key>/", jobs.job, name="job"),
    path("jobs/<uuid:key>/file/", jobs.job_file, name="job_file"),
    path("jobs/<uuid:key>/retry/", jobs.job_retry, name="job_retry"),
    # rows in: `into` is the record that they go into
    path("imports/<slug:code>/", sheets.sheet_import, name="sheet_import"),
    path("imports/<slug:code>/template/", sheets.sheet_template, name="sheet_template"),
    path("imports/<slug:code>/into/<slug:key>/", sheets.sheet_import, name="sheet_import_into"),
    path("imports/<slug:code>/into/<slug:key>/template/", sheets.sheet_template, name="sheet_template_into"),
    path("import-runs/<uuid:key>/", sheets.sheet_run, name="sheet_run"),
    path("import-runs/<uuid:key>/faults/", sheets.sheet_faults, name="sheet_faults"),
    path("import-runs/<uuid:key>/confirm/", sheets.sheet_confirm, name="sheet_confirm"),
    # what the park announces: to everybody, and to those who write it
    path("announcements/", announcement_public.announcements, name="announcements"),
    path("announcements/<uuid:key>/", announcement_public.announcement, name="announcement"),
    path("announcements/<uuid:key>/print/", announcement_public.printed, name="announcement_print"),
    path(
        "announcements/<uuid:key>/files/<uuid:file_key>/", announcement_public.file, name="announcement_file"
    ),
    path("announcements/<uuid:key>/object/", announcement_public.object_to, name="object"),
    path("announcements/objections/<uuid:key>/", announcement_public.receipt, name="objection_receipt"),
    path("announcement-cases/", announcement.cases, name="announcement_cases"),
    path("announcement-cases/<uuid:key>/", announcement.case, name="announcement_case"),
    path("announcement-cases/<uuid:key>/edit/", announcement.edit, name="announcement_edit"),
    path("announcement-cases/<uuid:key>/rows/", announcement.renew, name="announcement_rows"),
    path("announcement-cases/<uuid:key>/files/", announcement.files, name="announcement_files"),
    path("announcement-cases/<uuid:key>/draft.pdf", announcement.draft_pdf, name="announcement_draft"),
    path("announcement-cases/<uuid:key>/steps/<slug:name>/", announcement.step, name="announcement_step"),
    path(
        "announcement-cases/<uuid:key>/papers/<uuid:public_id>/",
        announcement.paper,
        name="announcement_paper",
    ),
    path(
        "announcement-cases/<uuid:key>/objections/new/",
        announcement.record_objection,
        name="record_objection",
    ),
    path(
        "announcement-cases/<uuid:key>/objections/<uuid:objection_key>/",
        announcement.objection,
        name="objection",
    ),
    path(
        "announcement-cases/<uuid:key>/objections/<uuid:objection_key>/file/",
        announcement.objection_file,
        name="objection_file",
    ),
    path("check/", check.check_document, name="check_start"),
    path("check/<str:code>/", check.check_document, name="check"),
]
