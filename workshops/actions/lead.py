"""Masters to win over are noted, corrected, talked to and looked up [5.1][M1.4]."""

from django.db import transaction
from django.utils import timezone

from park import audit
from park.models.document import next_number
from park.workflow import Conflict, Refused
from workshops.models import WORKED_ON, AttractionLead, LeadContact


def _refuse_double(name, unit_name, besides=None):
    found = AttractionLead.objects.filter(name=name, unit_name=unit_name)
    if row := found.exclude(pk=getattr(besides, "pk", None)).first():
        raise Refused(f"这位大师已登记过（{row.number}），请在原线索上记录。")


@transaction.atomic
def add_lead(*, by, mobile="", **facts) -> AttractionLead:
    """Note a master. Raises Refused where the same name and unit are noted already."""
    _refuse_double(facts["name"], facts["unit_name"])
    lead = AttractionLead(number=next_number("ZY", timezone.localdate().year), added_by=by, **facts)
    lead.mobile = mobile
    lead.save()
    audit.record("add_lead", lead, by=by, after=lead.status, clause="5.1")
    return lead


@transaction.atomic
def change_lead(lead, *, version: int, by, mobile="", **facts) -> AttractionLead:
    """Correct what is known; an empty mobile leaves the one on record. Raises Conflict for an outdated `version`."""
    lead = AttractionLead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    if lead.version != version:
        raise Conflict("这条线索刚被他人修改过，没有保存。请核对下面的现有资料后再提交。")
    _refuse_double(facts["name"], facts["unit_name"], besides=lead)
    changed = [field for field, value in facts.items() if getattr(lead, field) != value]
    for field in changed:
        setattr(lead, field, facts[field])
    if mobile and mobile != lead.mobile:
        lead.mobile = mobile
        changed.append("mobile")
    if not changed:
        return lead
    lead.version += 1
    lead.save(update_fields=[*changed, "version"])
    labels = "、".join(str(AttractionLead._meta.get_field(field).verbose_name) for field in changed)
    audit.record("change_lead", lead, by=by, note=labels, clause="5.1")
    return lead


@transaction.atomic
def log_contact(lead, *, on, means, summary, next_contact_on, intent, by) -> LeadContact:
    """One talk, with when to talk next. Raises Refused once the lead has ended."""
    lead = AttractionLead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    if lead.status not in WORKED_ON:
        raise Refused(f"这条线索已是“{lead.get_status_display()}”，不再登记联系。")
    contact = LeadContact.objects.create(lead=lead, on=on, means=means, summary=summary, recorded_by=by)
    lead.next_contact_on, lead.intent = next_contact_on, intent
    lead.version += 1
    lead.save(update_fields=["next_contact_on", "intent", "version"])
    audit.record("log_contact", lead, by=by, note=contact.get_means_display(), clause="5.1")
    return contact


def reveal_mobile(lead, *, reason: str, by) -> str:
    """The number in full, once, with the reason on the trail."""
    audit.record("reveal", lead, by=by, note=reason, after="手机")
    return lead.mobile
