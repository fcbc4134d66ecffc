"""The park at a glance."""

from django.urls import path

from workshops.views import statistics

urlpatterns = [
    path("statistics/", statistics.park_statistics, name="park_statistics"),
    path("statistics/export/", statistics.export_park_statistics, name="export_park_statistics"),
]
