"""Rectifications [5.4.4]."""

from django.urls import path

from assessments.views import rectification, rectification_files

urlpatterns = [
    path("rectifications/", rectification.rectifications, name="rectifications"),
    path("residencies/<uuid:key>/rectify/", rectification.issue, name="issue_rectification"),
    path("rectifications/<uuid:key>/", rectification.rectification, name="rectification"),
    path("rectifications/<uuid:key>/steps/<slug:name>/", rectification.step, name="rectification_step"),
    path(
        "rectifications/<uuid:key>/papers/<uuid:public_id>/",
        rectification_files.paper,
        name="rectification_paper",
    ),
    path(
        "rectifications/<uuid:key>/files/<uuid:file_key>/",
        rectification_files.file,
        name="rectification_file",
    ),
    path("rectifications/<uuid:key>/photos/", rectification_files.photos, name="rectification_photos"),
    path(
        "rectifications/<uuid:key>/photos/<uuid:file_key>/remove/",
        rectification_files.photo_remove,
        name="rectification_photo_remove",
    ),
    path(
        "studios/<uuid:key>/rectifications/",
        rectification.studio_rectifications,
        name="studio_rectifications",
    ),
]
