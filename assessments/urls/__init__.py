"""Addresses of looking at the studios, one file per concept."""

from assessments.urls import inspection

app_name = "assessments"

urlpatterns = [*inspection.urlpatterns]
