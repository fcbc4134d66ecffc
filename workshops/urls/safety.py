"""Safety: hazards, checks, incidents, letters."""

from django.urls import path

from workshops.views import safety

urlpatterns = [
    path("safety/", safety.safety, name="safety"),
    path("safety/checks/new/", safety.safety_check_new, name="safety_check_new"),
    path("safety/checks/<uuid:key>/", safety.safety_check, name="safety_check"),
    path("safety/hazards/<uuid:key>/", safety.hazard, name="hazard"),
    path("safety/hazards/<uuid:key>/steps/<slug:name>/", safety.hazard_step, name="hazard_step"),
    path("safety/hazards/<uuid:key>/proof/", safety.hazard_proof, name="hazard_proof"),
    path("safety/incidents/new/", safety.report_incident, name="report_incident"),
    path("safety/incidents/<uuid:key>/", safety.incident, name="incident"),
    path("safety/incidents/<uuid:key>/file/", safety.incident_file, name="incident_file"),
    path("safety/letters/", safety.safety_letters, name="safety_letters"),
    path("safety/letters/issue/", safety.issue_safety_letters, name="issue_safety_letters"),
    path("safety/letters/<uuid:key>/receive/", safety.receive_safety_letter, name="receive_safety_letter"),
    path("safety/letters/<uuid:key>/paper/", safety.safety_letter_paper, name="safety_letter_paper"),
    path("safety/letters/<uuid:key>/scan/", safety.safety_letter_scan, name="safety_letter_scan"),
]
