"""Addresses of looking at the studios, one file per concept."""

from assessments.urls import inspection, rectification, revocation

app_name = "assessments"

urlpatterns = [*inspection.urlpatterns, *rectification.urlpatterns, *revocation.urlpatterns]
