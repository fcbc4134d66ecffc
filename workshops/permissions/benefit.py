"""Who may do what with a benefit [4]; who keeps the library of policies."""

from park import rules
from park.models import Role
from park.permissions import has_role, is_system
from workshops.models import IN_PARK, ResidencyStatus
from workshops.permissions import is_of_studio, is_office, is_officer
from workshops.permissions.leader_change import working_group_seat

reads_benefits = has_role(Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP)
keeps_policies = is_office


def reads_benefits_of(user, studio) -> bool:
    """The studio itself, the office, and the working group, which decides."""
    return reads_benefits(user) or is_of_studio(user, studio)


def proposes(user, studio) -> bool:
    """The studio asks for itself; the office enters what it is entitled to."""
    return is_of_studio(user, studio) or is_officer(user, studio)


def asks(user, benefit) -> bool:
    return proposes(user, benefit.studio)


def withdraws(user, benefit) -> bool:
    """The studio its own, the office what it entered itself."""
    return is_of_studio(user, benefit.studio) or (
        is_officer(user, benefit.studio) and user.pk in (benefit.created_by_id, benefit.asked_by_id)
    )


def reviews(user, benefit) -> bool:
    """The office; nobody what they asked for themselves."""
    return is_officer(user, benefit.studio) and benefit.asked_by_id != user.pk


def group_decides(benefit) -> bool:
    """Whether the park leaves this kind to the leader of the working group."""
    return benefit.kind in rules.get("benefit_group_decides")


def decides(user, benefit) -> bool:
    """The leader of the working group or another officer, as the park has decided; never what they asked for or
    reviewed, nor for a studio of their own."""
    if user is None or user.pk in (benefit.asked_by_id, benefit.reviewed_by_id):
        return False
    if not group_decides(benefit):
        return is_officer(user, benefit.studio)
    seat = working_group_seat(user)
    return seat is not None and seat.is_leader and not is_of_studio(user, benefit.studio)


def pays(user, benefit) -> bool:
    return benefit.kind_of.is_money and is_officer(user, benefit.studio)


def appoints(user, benefit) -> bool:
    return benefit.kind == "priority_appointment" and is_officer(user, benefit.studio)


def nominates(user, benefit) -> bool:
    return benefit.kind == "priority_nomination" and is_officer(user, benefit.studio)


def ends(user, benefit) -> bool:
    """The system when the residency ends, the office for another reason."""
    return is_system(user) or is_officer(user, benefit.studio)


# ── whether the studio is entitled at all ───────────────────────────────────────────────────────
def suspension_of(residency) -> str:
    """Why nothing goes on while a residency is under rectification, or ""."""
    if residency.status == ResidencyStatus.UNDER_RECTIFICATION and rules.get(
        "benefits_stop_on_rectification"
    ):
        return "工作室正在限期整改，整改期间暂停政策兑现（本园设定），整改合格后再办理。"
    return ""


def absence_of(residency) -> str:
    """[4] speaks of studios that are in the park: why this one is not, or ""."""
    if residency.status in IN_PARK:
        return ""
    if residency.status == ResidencyStatus.PENDING_AGREEMENT:
        return "入驻协议还没有签订，签订后才能办理优惠政策。"
    return "工作室已不在园区，不再享受优惠政策。"
