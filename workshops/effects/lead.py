"""What follows from the steps of a lead [5.1]."""

from park.workflow import Refused
from workshops.models import AttractionLead


def _save(lead, *fields):
    lead.version += 1
    lead.save(update_fields=[*fields, "version"])


def note_application(lead, *, by, data):
    """The number under which the master applied; one application comes from one lead."""
    number = data["application_number"]
    if other := AttractionLead.objects.filter(application_number=number).exclude(pk=lead.pk).first():
        raise Refused(f"申报 {number} 已记在{other}上。")
    lead.application_number = number
    _save(lead, "application_number")


def note_entry(lead, *, by, data):
    """In the park: nobody has to be called any more."""
    lead.next_contact_on = None
    _save(lead, "next_contact_on")


def note_end(lead, *, by, data):
    lead.given_up_why, lead.next_contact_on = data["reason"], None
    _save(lead, "given_up_why", "next_contact_on")


def note_resumption(lead, *, by, data):
    """Taken up again; why it was once given up stays readable."""
    lead.next_contact_on = data["next_contact_on"]
    _save(lead, "next_contact_on")
