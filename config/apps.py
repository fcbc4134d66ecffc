"""Which site does django.contrib.admin run? Ours: three officers apart, every change on the trail."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "park.admin_site.ParkAdminSite"
