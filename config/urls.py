"""Which address leads to which app? The pages that span apps, or belong to none, are in config/views.py."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("", views.portal, name="portal"),
    path("home/", views.home, name="home"),
    path("guide/", views.guide, name="guide"),
    path("self-check/", views.self_check, name="self_check"),
    path("regulation/", views.regulation, name="regulation"),
    path("privacy/", views.privacy, name="privacy"),
    path("help/", views.help_index, name="help"),
    path("help/<slug:name>/", views.help_page, name="help_page"),
    path("site-map/", views.site_map, name="site_map"),
    path("display/", views.display, name="display"),
    path("session/", views.session, name="session"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("park.urls")),
    path("applications/", include("applications.urls")),
    path("studios/", include("workshops.urls")),
    path("assessments/", include("assessments.urls")),
]
if settings.ADMIN_PATH:
    urlpatterns.append(path(settings.ADMIN_PATH, admin.site.urls))

handler404 = "config.views.not_found"
