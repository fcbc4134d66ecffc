"""Revocations [5.4]."""

from django.urls import path

from assessments.views import revocation as views

urlpatterns = [
    path("revocations/", views.revocations, name="revocations"),
    path("residencies/<uuid:key>/revoke/", views.grounds, name="revocation_grounds"),
    path("residencies/<uuid:key>/revoke/<slug:name>/", views.propose, name="propose_revocation"),
    path("revocations/<uuid:key>/", views.revocation, name="revocation"),
    path("revocations/<uuid:key>/steps/<slug:name>/", views.step, name="revocation_step"),
    path("revocations/<uuid:key>/papers/<uuid:public_id>/", views.paper, name="revocation_paper"),
    path("revocations/<uuid:key>/files/<uuid:file_key>/", views.file, name="revocation_file"),
    path("revocations/<uuid:key>/announce/", views.announce, name="announce_revocation"),
]
