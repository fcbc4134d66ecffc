"""The site's addresses and the bare views of bench_ballot.py."""

from django.urls import path

from config.urls import urlpatterns as site
from tests.bench.bench_ballot import bare_read, bare_write

urlpatterns = [*site, path("bare/read/", bare_read), path("bare/write/", bare_write)]
