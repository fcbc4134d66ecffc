"""“2年内免交房租”: who had it already, and the granting of it [4.1][T6]."""

from django.db import IntegrityError, transaction

from park import audit
from park.templatetags.ui import date_zh
from park.workflow import Refused
from workshops.charges.term import rent_free_until
from workshops.models import RentWaiver


def waiver_refusal(studio, namesake_reason="") -> str:
    """Why there is no (second) waiver, in one sentence; "" where there may be one.

    The waiver is for one leader and one studio, once. A leader is known by name; whoever only shares the name is let
    through with a reason.
    """
    if had := RentWaiver.objects.filter(studio=studio).first():
        return (
            f"“{studio.name}”已自{date_zh(had.starts_on)}至{date_zh(had.ends_on)}免交房租，"
            "免租对同一工作室只有一次，不再重新计算。"
        )
    if namesake_reason.strip():
        return ""
    had = RentWaiver.objects.filter(leader_name=studio.leader_name).select_related("studio").first()
    if had:
        return (
            f"领衔人{had.leader_name}在“{had.studio.name}”时已自{date_zh(had.starts_on)}至{date_zh(had.ends_on)}"
            "免交房租，免租对同一领衔人只有一次；确为同名的另一人的，请写明说明。"
        )
    return ""


@transaction.atomic
def grant_waiver(residency, agreement, *, by) -> RentWaiver | None:
    """What the agreement promises, from now on; None where it promises nothing. Call it under the residency's lock.

    Raises Refused when studio or leader had it already; the database refuses as well.
    """
    if agreement.rent_free_from is None:
        return None
    studio = residency.studio
    if sentence := waiver_refusal(studio, agreement.namesake_reason):
        raise Refused(sentence)
    namesakes = RentWaiver.objects.filter(leader_name=studio.leader_name).count()
    try:
        with transaction.atomic():
            waiver = RentWaiver.objects.create(
                residency=residency,
                studio=studio,
                leader_name=studio.leader_name,
                apart=namesakes,
                apart_reason=agreement.namesake_reason if namesakes else "",
                starts_on=agreement.rent_free_from,
                ends_on=rent_free_until(agreement.rent_free_from),
                granted_by=by,
            )
    except IntegrityError:
        raise Refused("这位领衔人或工作室的免租刚刚已由他人登记，请刷新后核对。") from None
    audit.record(
        "grant_waiver",
        residency,
        by=by,
        after=f"{date_zh(waiver.starts_on)}至{date_zh(waiver.ends_on)}",
        clause="4.1",
    )
    return waiver
