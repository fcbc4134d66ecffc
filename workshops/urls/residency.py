"""Residencies, their agreements, rooms and hand-overs."""

from django.urls import path

from workshops.views import agreement, handover, residency, room

urlpatterns = [
    path("<uuid:key>/residency/", residency.studio_residency, name="studio_residency"),
    path("residencies/", residency.residencies, name="residencies"),
    path("residencies/<uuid:key>/", residency.residency, name="residency"),
    path("residencies/<uuid:key>/steps/<slug:name>/", residency.residency_step, name="residency_step"),
    path("residencies/<uuid:key>/leave/", residency.leave, name="residency_leave"),
    path("residencies/<uuid:key>/stay/", residency.withdraw_departure, name="residency_stay"),
    path("residencies/<uuid:key>/agreement/", agreement.agreement_draft, name="agreement_draft"),
    path("residencies/<uuid:key>/rooms/assign/", room.room_assign, name="room_assign"),
    path("residencies/<uuid:key>/rooms/<int:pk>/release/", room.room_release, name="room_release"),
    path("residencies/<uuid:key>/rooms/<int:pk>/hand-back/", room.room_hand_back, name="room_hand_back"),
    path("residencies/<uuid:key>/rooms/<int:pk>/swap/", room.room_swap, name="room_swap"),
    path("agreements/<uuid:key>/paper/", agreement.agreement_paper, name="agreement_paper"),
    path("agreements/<uuid:key>/signed/", agreement.agreement_scan, name="agreement_scan"),
    path("agreements/<uuid:key>/<slug:act>/", agreement.agreement_act, name="agreement_act"),
    path("handovers/<uuid:key>/", handover.handover, name="handover"),
    path("handovers/<uuid:key>/edit/", handover.handover_edit, name="handover_edit"),
    path("handovers/<uuid:key>/paper/", handover.handover_paper, name="handover_paper"),
    path("handovers/<uuid:key>/signed/", handover.handover_signed, name="handover_signed"),
    path("handovers/<uuid:key>/<slug:act>/", handover.handover_act, name="handover_act"),
    path("rooms/", room.rooms, name="rooms"),
    path("rooms/new/", room.room_new, name="room_new"),
    path("rooms/<uuid:key>/", room.room, name="room"),
    path("rooms/<uuid:key>/edit/", room.room_edit, name="room_edit"),
]
