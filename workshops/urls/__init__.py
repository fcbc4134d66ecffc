"""Addresses of studios and life in the park, one file per concept."""

from workshops.urls import attendance, fee, lead, leader_change, person, residency, studio

app_name = "workshops"

urlpatterns = [
    *studio.urlpatterns,
    *attendance.urlpatterns,
    *fee.urlpatterns,
    *lead.urlpatterns,
    *leader_change.urlpatterns,
    *person.urlpatterns,
    *residency.urlpatterns,
]
