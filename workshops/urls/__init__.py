"""Addresses of studios and life in the park, one file per concept."""

from workshops.urls import ledger, returns, studio

app_name = "workshops"

urlpatterns = [*studio.urlpatterns, *ledger.urlpatterns, *returns.urlpatterns]
