"""The site's addresses and the bare page of bench_queue.py."""

from django.urls import path

from config.urls import urlpatterns as site
from tests.bench.bench_queue import bare

urlpatterns = [*site, path("bare/", bare)]
