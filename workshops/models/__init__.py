"""The records of living in the park, one file per concept."""

from workshops.models.bill import (
    FEE_READERS,
    Bill,
    BillLine,
    BillStatus,
    Charge,
    FeeStatement,
    Reminder,
)
from workshops.models.fee import BY_AREA, METERED, FeeKind, FeeRate
from workshops.models.meter import Meter, MeterKind, Reading
from workshops.models.payment import Payment
from workshops.models.residency import (
    IN_PARK,
    STANDING,
    Occupancy,
    Residency,
    ResidencyStatus,
    Room,
)
from workshops.models.studio import (
    READERS,
    Person,
    RecognitionEvent,
    Studio,
    StudioRecordQuerySet,
)

__all__ = [
    "BY_AREA",
    "FEE_READERS",
    "IN_PARK",
    "METERED",
    "READERS",
    "STANDING",
    "Bill",
    "BillLine",
    "BillStatus",
    "Charge",
    "FeeKind",
    "FeeRate",
    "FeeStatement",
    "Meter",
    "MeterKind",
    "Occupancy",
    "Payment",
    "Person",
    "Reading",
    "RecognitionEvent",
    "Reminder",
    "Residency",
    "ResidencyStatus",
    "Room",
    "Studio",
    "StudioRecordQuerySet",
]
