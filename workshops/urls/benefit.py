"""Benefits of a studio, of the park, and their registers [4]."""

from django.urls import path

from workshops.views import benefit as views
from workshops.views import benefit_lists as lists

urlpatterns = [
    path("<uuid:key>/benefits/", views.studio_benefits, name="studio_benefits"),
    path("<uuid:key>/benefits/<slug:kind>/", views.propose, name="propose_benefit"),
    path("benefits/", lists.benefits, name="benefits"),
    path("benefits/export/", lists.export, name="export_benefits"),
    path("benefits/totals/", lists.benefit_totals, name="benefit_totals"),
    path("benefits/appointments/", lists.appointment_register, name="appointments"),
    path("benefits/nominations/", lists.nomination_register, name="nominations"),
    path("benefits/<uuid:key>/", views.benefit, name="benefit"),
    path("benefits/<uuid:key>/<slug:name>/", views.benefit_step, name="benefit_step"),
    path("benefits/<uuid:key>/papers/<uuid:public_id>/", views.benefit_paper, name="benefit_paper"),
    path("benefits/<uuid:key>/files/<uuid:file_key>/", views.benefit_file, name="benefit_file"),
]
