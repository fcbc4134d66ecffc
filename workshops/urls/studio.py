"""The registers and the page of one studio."""

from django.urls import path

from workshops.views import studio

urlpatterns = [
    path("", studio.studios, name="studios"),
    path("mine/", studio.mine, name="mine"),
    path("<uuid:key>/", studio.studio, name="studio"),
]
