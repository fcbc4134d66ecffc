"""The library of policies [4][H3]."""

from django.urls import path

from workshops.views import policy as views

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/new/", views.add, name="add_policy"),
    path("policies/<uuid:key>/", views.policy, name="policy"),
    path("policies/<uuid:key>/edit/", views.change, name="change_policy"),
    path("policies/<uuid:key>/file/", views.policy_file, name="policy_file"),
    path("policies/<uuid:key>/amounts/", views.add_amount, name="add_policy_amount"),
    path("policies/<uuid:key>/amounts/<int:row>/retire/", views.retire_amount, name="retire_policy_amount"),
]
