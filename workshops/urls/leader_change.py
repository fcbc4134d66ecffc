"""Changes of leaders."""

from django.urls import path

from workshops.views import leader_change as views

urlpatterns = [
    path("leader-changes/", views.leader_changes, name="leader_changes"),
    path("<uuid:key>/leader-change/", views.report, name="report_leader_change"),
    path("leader-changes/<uuid:key>/", views.leader_change, name="leader_change"),
    path("leader-changes/<uuid:key>/<slug:name>/", views.leader_change_step, name="leader_change_step"),
    path(
        "leader-changes/<uuid:key>/papers/<uuid:public_id>/",
        views.leader_change_paper,
        name="leader_change_paper",
    ),
    path("leader-changes/<uuid:key>/proof/<int:ground>/", views.proof, name="leader_change_proof"),
]
