"""Statistical returns: those of a studio, one of them, and the office's list, sums and definitions."""

from django.urls import path

from workshops.views import returns, returns_defining, returns_office

urlpatterns = [
    path("returns/", returns_office.overview, name="returns"),
    path("returns/urge/", returns_office.urge, name="returns_urge"),
    path("returns/open/", returns_office.open_period, name="returns_open"),
    path("returns/sums/", returns_office.sums, name="returns_sums"),
    path("returns/export/", returns_office.export, name="returns_export"),
    path("returns/forms/", returns_defining.definitions, name="return_definitions"),
    path("returns/forms/new/", returns_defining.new, name="return_definition_new"),
    path("returns/forms/<uuid:key>/", returns_defining.definition, name="return_definition"),
    path("returns/<uuid:key>/", returns.one, name="return"),
    path("returns/<uuid:key>/fill/", returns.fill, name="return_fill"),
    path("returns/<uuid:key>/refresh/", returns.refresh, name="return_refresh"),
    path("returns/<uuid:key>/steps/<slug:name>/", returns.step, name="return_step"),
    path("returns/<uuid:key>/papers/<uuid:public_id>/", returns.paper, name="return_paper"),
    path("<uuid:key>/returns/", returns.of_studio, name="studio_returns"),
]
