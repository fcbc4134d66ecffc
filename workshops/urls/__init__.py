"""Addresses of studios and life in the park, one file per concept."""

from workshops.urls import lead, leader_change, person, studio

app_name = "workshops"

urlpatterns = [
    *studio.urlpatterns,
    *person.urlpatterns,
    *leader_change.urlpatterns,
    *lead.urlpatterns,
]
