"""The records of living in the park, one file per concept."""

from workshops.models.ledger import (
    EDITABLE,
    LedgerFile,
    LedgerPrint,
    LedgerRecord,
    LedgerStatus,
    Trainee,
    person_key,
)
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
    "EDITABLE",
    "IN_PARK",
    "READERS",
    "STANDING",
    "LedgerFile",
    "LedgerPrint",
    "LedgerRecord",
    "LedgerStatus",
    "Occupancy",
    "Person",
    "RecognitionEvent",
    "Residency",
    "ResidencyStatus",
    "Room",
    "Studio",
    "StudioRecordQuerySet",
    "Trainee",
    "person_key",
]
