"""What must be true before a lead moves on [5.1]."""

from workshops.models import Residency


def was_contacted(lead):
    return "" if lead.contacts.exists() else "还没有联系记录，请先登记一次联系。"


def is_resident(lead):
    """The application led to a residency that is in the register."""
    if Residency.objects.filter(source=lead.application_number).exists():
        return ""
    return f"申报 {lead.application_number} 还没有确定入驻，登记入驻后才能办理。"
