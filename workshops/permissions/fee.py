"""Who reads and who writes what the studios owe [5.3]? Logistics and the office; a studio reads its own."""

from park.models import Role
from park.permissions import has_role
from workshops.models import FEE_READERS
from workshops.permissions import is_logistics_officer, is_of_studio

# Meters, readings, rates: of the park and not of a studio.
keeps_fees = has_role(*FEE_READERS)
reads_fee_totals = has_role(*FEE_READERS, Role.WORKING_GROUP)


def bills_studio(user, studio) -> bool:
    """Issues its bills and enters its payments; never those of a studio of one's own."""
    return is_logistics_officer(user, studio)


def charges_residency(user, residency) -> bool:
    """Charges it something once, and takes that back."""
    return bills_studio(user, residency.studio)


def handles_bill(user, bill) -> bool:
    return bills_studio(user, bill.residency.studio)


def reads_fees_of(user, studio) -> bool:
    """The account of one studio: for those who keep it and for the studio."""
    return keeps_fees(user) or is_of_studio(user, studio)
