"""What must be true before a benefit is asked for, decided or delivered [4]."""

from workshops.permissions.benefit import absence_of, suspension_of


def in_park(benefit):
    return absence_of(benefit.residency)


def not_suspended(benefit):
    return suspension_of(benefit.residency)


def open_benefits(residency):
    """A hint when a studio leaves: what is not settled ends."""
    count = residency.benefits.open().count()
    return f"还有 {count} 项政策兑现没有办结，退出后终止办理。" if count else ""
