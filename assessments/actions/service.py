"""A paper reached its studio [5.4]: the one act by which any paper is served."""

from django.utils import timezone

from assessments.models import ServiceOfProcess
from park import attachments
from park.templatetags.ui import date_zh
from park.workflow import Refused

ONLINE = ServiceOfProcess.Way.ONLINE


def serve_paper(document, *, by, data) -> ServiceOfProcess:
    """Record how a paper was served, with the scan of the signed receipt; under the lock of its record.

    Raises Refused for a day that cannot be, and for a paper that was served already.
    """
    day, issued = data["served_on"], timezone.localdate(document.created_at)
    if day > timezone.localdate():
        raise Refused("送达日期不能晚于今天。")
    if day < issued:
        raise Refused(f"送达日期不能早于文书出具的日期{date_zh(issued)}。")
    if ServiceOfProcess.objects.filter(document=document).exists():
        raise Refused("这份文书已经登记过送达。")
    scan = data.get("scan")
    return ServiceOfProcess.objects.create(
        document=document,
        way=data["way"],
        served_on=day,
        receiver=data["receiver"],
        remark=data["remark"],
        scan=attachments.store(scan, by=by) if scan else None,
        recorded_by=by,
    )


def receive_online(document, *, by) -> ServiceOfProcess:
    """The studio itself says that it has the paper."""
    data = {"way": ONLINE, "served_on": timezone.localdate(), "receiver": str(by), "remark": ""}
    return serve_paper(document, by=by, data=data)
