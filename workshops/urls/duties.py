"""The duty calendar of the park and of a studio."""

from django.urls import path

from workshops.views import duties

urlpatterns = [
    path("duties/", duties.duties, name="duties"),
    path("<uuid:key>/duties/", duties.studio_duties, name="studio_duties"),
]
