"""What must be true before a benefit is asked for, decided or delivered [4]."""

from workshops.models import BenefitKind, LedgerRecord, LedgerStatus
from workshops.permissions.benefit import absence_of, suspension_of


def in_park(benefit):
    return absence_of(benefit.residency)


def not_suspended(benefit):
    return suspension_of(benefit.residency)


def milestone_there(benefit):
    """[4.2] is for who became a firm: without a verified milestone there is nothing to ask for."""
    if benefit.kind != BenefitKind.STARTUP_SUBSIDY:
        return ""
    if LedgerRecord.objects.milestones().filter(studio=benefit.studio_id).exists():
        return ""
    return "台账中还没有核验通过的“升级为技能创业”记录，创业补贴以它为依据；请先在台账中登记，附营业执照提交核验。"


def milestone_stands(benefit):
    """The record that was named is still verified when the office and whoever decides look at it."""
    if benefit.kind != BenefitKind.STARTUP_SUBSIDY:
        return ""
    record = benefit.milestone
    if record is None:
        return "申请没有写明依据的台账记录“升级为技能创业”，请退回补充。"
    if record.status != LedgerStatus.VERIFIED:
        return f"依据的台账记录 {record.number} 现在是“{record.get_status_display()}”，核验通过后再办理。"
    return ""


def open_benefits(residency):
    """A hint when a studio leaves: what is not settled ends."""
    count = residency.benefits.open().count()
    return f"还有 {count} 项政策兑现没有办结，退出后终止办理。" if count else ""
