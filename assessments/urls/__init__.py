"""Addresses of looking at the studios, one file per concept."""

from assessments.urls import inspection, projection, rubric

app_name = "assessments"

urlpatterns = [*inspection.urlpatterns, *projection.urlpatterns, *rubric.urlpatterns]
