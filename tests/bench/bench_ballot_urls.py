"""The site's addresses and the bare views of bench_ballot.py."""

from django.urls import path

from config.urls import urlpatterns as site
from tests.bench.bench_ballot import bare_page, bare_read, bare_vote

urlpatterns = [
    *site,
    path("bare/read/", bare_read),
    path("bare/page/<uuid:key>/", bare_page),
    path("bare/vote/<uuid:key>/", bare_vote),
]
