"""The records of living in the park, one file per concept."""

from workshops.models.house_rule import (
    Breach,
    HouseRule,
    HouseRuleVersion,
    ReadReceipt,
)
from workshops.models.repair import RepairPhoto, RepairStatus, RepairTicket
from workshops.models.residency import (
    IN_PARK,
    STANDING,
    Occupancy,
    Residency,
    ResidencyStatus,
    Room,
)
from workshops.models.safety import (
    Hazard,
    HazardStatus,
    Incident,
    SafetyCheck,
    SafetyItem,
    SafetyLetter,
    SafetyLine,
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
    "Breach",
    "Hazard",
    "HazardStatus",
    "HouseRule",
    "HouseRuleVersion",
    "Incident",
    "Occupancy",
    "Person",
    "ReadReceipt",
    "RecognitionEvent",
    "RepairPhoto",
    "RepairStatus",
    "RepairTicket",
    "Residency",
    "ResidencyStatus",
    "Room",
    "SafetyCheck",
    "SafetyItem",
    "SafetyLetter",
    "SafetyLine",
    "Studio",
    "StudioRecordQuerySet",
]
