"""Addresses of studios and life in the park, one file per concept."""

from workshops.urls import fee, studio

app_name = "workshops"

urlpatterns = [*studio.urlpatterns, *fee.urlpatterns]
