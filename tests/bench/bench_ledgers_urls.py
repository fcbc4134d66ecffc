"""The site's addresses and the bare page of bench_ledgers.py."""

from django.urls import path

from config.urls import urlpatterns as site
from tests.bench.bench_ledgers import bare

urlpatterns = [*site, path("bare/<uuid:key>/", bare)]
