"""Addresses of studios and life in the park, one file per concept."""

from workshops.urls import house_rule, repair, safety, studio

app_name = "workshops"

urlpatterns = [
    *studio.urlpatterns,
    *repair.urlpatterns,
    *safety.urlpatterns,
    *house_rule.urlpatterns,
]
