"""What the cards of the running year would say."""

from django.urls import path

from assessments.views import projection

urlpatterns = [
    path("studios/<uuid:key>/projection/", projection.projection, name="projection"),
    path("projections/", projection.projections, name="projections"),
    path("projections/renew/", projection.renew_projections, name="renew_projections"),
    path("projections/export/", projection.export_projections, name="export_projections"),
]
