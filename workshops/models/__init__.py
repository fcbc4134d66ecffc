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
from workshops.models.returns import (
    FILLING,
    REPORTED,
    FigureKind,
    PeriodKind,
    ReturnDefinition,
    ReturnFigure,
    ReturnQuestion,
    ReturnStatus,
    ReturnValue,
    StatisticalReturn,
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
    "FILLING",
    "IN_PARK",
    "READERS",
    "REPORTED",
    "STANDING",
    "FigureKind",
    "LedgerFile",
    "LedgerPrint",
    "LedgerRecord",
    "LedgerStatus",
    "Occupancy",
    "PeriodKind",
    "Person",
    "RecognitionEvent",
    "Residency",
    "ResidencyStatus",
    "ReturnDefinition",
    "ReturnFigure",
    "ReturnQuestion",
    "ReturnStatus",
    "ReturnValue",
    "Room",
    "StatisticalReturn",
    "Studio",
    "StudioRecordQuerySet",
    "Trainee",
    "person_key",
]
