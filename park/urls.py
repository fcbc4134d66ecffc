"""Addresses of the ground floor: signing in, one's own account, messages, the public check of a paper."""

from django.urls import path

from park.views import check, people, second_factor

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
    path("notifications/", people.notifications, name="notifications"),
    path("notifications/<int:pk>/", people.notification_open, name="notification_open"),
    path("check/", check.check_document, name="check_start"),
    path("check/<str:code>/", check.check_document, name="check"),
]
