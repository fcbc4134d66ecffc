"""Addresses of looking at the studios, one file per concept."""

from assessments.urls import evaluation, inspection, projection, rectification, revocation, rubric

app_name = "assessments"
CONCEPTS = (evaluation, inspection, projection, rectification, revocation, rubric)

urlpatterns = [pattern for concept in CONCEPTS for pattern in concept.urlpatterns]
