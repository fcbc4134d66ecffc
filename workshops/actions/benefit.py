"""Benefits outside their own procedure [4]: entered for a studio, and ended with its residency."""

from django.db import transaction
from django.utils import timezone

from park import audit, notices
from park.models import User
from park.models.document import next_number
from park.workflow import Refused, Workflow
from workshops.models import Benefit, BenefitStatus, Residency, Studio
from workshops.permissions import is_of_studio
from workshops.permissions.benefit import absence_of, suspension_of

GIVEN_UP = (BenefitStatus.DECLINED, BenefitStatus.WITHDRAWN, BenefitStatus.ENDED)
FACTS = ("form", "year", "target", "statement", "milestone")


def name_company(benefit):
    """The firm as the milestone names it, kept with the case whatever becomes of the record."""
    record = benefit.milestone
    if record is not None:
        benefit.company, benefit.credit_code = record.title, record.certificate_no[:18]
        benefit.registered_on = record.happened_on


@transaction.atomic
def propose_benefit(studio, *, kind, by, **facts) -> Benefit:
    """A draft that waits to be asked for. Raises Refused where the studio is not in the park or under rectification,
    and for a second startup subsidy [4.2]."""
    studio = Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)
    residency = Residency.objects.select_for_update(no_key=True).standing().filter(studio=studio).first()
    if residency is None:
        raise Refused("工作室没有入驻园区，优惠政策只适用于入驻的工作室。")
    if reason := absence_of(residency) or suspension_of(residency):
        raise Refused(reason)
    benefit = Benefit(
        studio=studio,
        residency=residency,
        kind=kind,
        leader_name=studio.leader_name,
        created_by=by,
        **{name: facts[name] for name in FACTS if name in facts},
    )
    if kind == "startup_subsidy" and (
        other := studio.benefits.filter(kind=kind).exclude(status__in=GIVEN_UP).first()
    ):
        raise Refused(
            f"创业补贴每个工作室只能享受一次，已有 {other.number}（{other.get_status_display()}）。"
        )
    name_company(benefit)
    benefit.number = next_number("YH", timezone.localdate().year)
    benefit.save()
    audit.record("propose_benefit", benefit, by=by, after=benefit.status, clause=benefit.clause)
    if not is_of_studio(by, studio):
        notices.notify(
            User.objects.filter(is_active=True, pk__in=studio.people.values("pk")),
            f"{benefit}：管理办公室登记了可以享受的优惠政策，请补充材料后提出申请。",
            url=benefit.get_absolute_url(),
            subject=benefit,
        )
    return benefit


@transaction.atomic
def end_benefits(residency, reason: str, by) -> int:
    """The residency is over or revoked [5.4]: what is not settled yet ends with it; how many.

    `by` is who ended the residency; the right to end it was asked for there. What was paid, appointed or recommended
    stays as it is.
    """
    count = 0
    for benefit in Benefit.objects.filter(residency=residency).open().order_by("pk"):
        try:
            Workflow.of(benefit).perform(
                benefit, "end_benefit", by=None, note=reason[:200], data={"reason": reason}
            )
        except Refused:  # settled in this very moment
            continue
        count += 1
    if count:
        audit.record("end_benefits", residency, by=by, after=f"{count} 项", note=reason[:200], clause="4")
    return count
