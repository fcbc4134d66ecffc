"""The records of living in the park, one file per concept."""

from workshops.models.agreement import Agreement, RentWaiver
from workshops.models.departure import Departure, EndWarning
from workshops.models.handover import Handover, HandoverItem
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
    "IN_PARK",
    "READERS",
    "STANDING",
    "Agreement",
    "Departure",
    "EndWarning",
    "Handover",
    "HandoverItem",
    "Occupancy",
    "Person",
    "RecognitionEvent",
    "RentWaiver",
    "Residency",
    "ResidencyStatus",
    "Room",
    "Studio",
    "StudioRecordQuerySet",
]
