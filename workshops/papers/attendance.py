"""到园签到表 from the sheet as it was issued [A2.2]."""

from django.utils import timezone

from park.models import Document
from workshops.documents.attendance import attendance_sheet
from workshops.models import AttendanceSheet


def build_attendance_sheet(document: Document):
    sheet = AttendanceSheet.objects.select_related("residency__studio").get(pk=document.subject_id)
    studio = sheet.residency.studio
    return attendance_sheet(
        {
            "studio_name": studio.name,
            "leader_name": studio.leader_name,
            "month": f"{sheet.month:%Y-%m}",
            "issued_on": timezone.localdate(sheet.issued_at),
            **sheet.data,
        },
        print_label=f"第{sheet.version}版",
    )


KINDS = {"attendance_sheet": (build_attendance_sheet, "到园签到表", "QD")}
