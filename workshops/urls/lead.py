"""Masters to win over."""

from django.urls import path

from workshops.views import lead

urlpatterns = [
    path("leads/", lead.leads, name="leads"),
    path("leads/export/", lead.export_leads, name="export_leads"),
    path("leads/new/", lead.add_lead, name="add_lead"),
    path("leads/<uuid:key>/", lead.lead, name="lead"),
    path("leads/<uuid:key>/edit/", lead.change_lead, name="change_lead"),
    path("leads/<uuid:key>/contact/", lead.log_contact, name="log_contact"),
    path("leads/<uuid:key>/mobile/", lead.reveal_lead_mobile, name="reveal_lead_mobile"),
    path("leads/<uuid:key>/step/<slug:name>/", lead.lead_step, name="lead_step"),
]
