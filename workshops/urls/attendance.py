"""Signing in, leave, the sheet of a month."""

from django.urls import path

from workshops.views import attendance

urlpatterns = [
    path("attendance/", attendance.park_attendance, name="park_attendance"),
    path("attendance/code/", attendance.code_screen, name="attendance_code"),
    path("attendance/closures/", attendance.close_park, name="close_park"),
    path("attendance/closures/<int:pk>/remove/", attendance.open_park, name="open_park"),
    path("leaves/", attendance.leaves, name="leaves"),
    path("leaves/<uuid:key>/", attendance.leave, name="leave"),
    path("leaves/<uuid:key>/steps/<slug:name>/", attendance.leave_step, name="leave_step"),
    path("<uuid:key>/attendance/", attendance.attendance, name="attendance"),
    path("<uuid:key>/attendance/check-in/", attendance.check_in, name="check_in"),
    path("<uuid:key>/attendance/enter/", attendance.enter_day, name="enter_day"),
    path("<uuid:key>/attendance/<uuid:check_key>/void/", attendance.void_check_in, name="void_check_in"),
    path("<uuid:key>/attendance/leave/", attendance.ask_for_leave, name="ask_for_leave"),
    path("<uuid:key>/attendance/sheet/", attendance.issue_sheet, name="issue_attendance_sheet"),
    path("<uuid:key>/attendance/blank.pdf", attendance.blank_sheet, name="blank_attendance_sheet"),
    path("<uuid:key>/attendance/papers/<uuid:public_id>/", attendance.sheet_paper, name="attendance_paper"),
]
