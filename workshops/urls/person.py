"""The people of a studio."""

from django.urls import path

from workshops.views import person

urlpatterns = [
    path("<uuid:key>/persons/", person.persons, name="persons"),
    path("<uuid:key>/persons/new/", person.add_person, name="add_person"),
    path("<uuid:key>/persons/<uuid:person>/", person.change_person, name="change_person"),
    path("<uuid:key>/persons/<uuid:person>/leave/", person.leave_studio, name="leave_studio"),
]
