"""Addresses of looking at the studios, one file per concept."""

from assessments.urls import evaluation, inspection

app_name = "assessments"

urlpatterns = [*inspection.urlpatterns, *evaluation.urlpatterns]
