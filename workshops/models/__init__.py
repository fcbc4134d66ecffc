"""The records of living in the park, one file per concept."""

from workshops.models.attendance import (
    AttendanceSheet,
    CheckIn,
    Leave,
    LeaveStatus,
    ParkClosure,
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
    "IN_PARK",
    "READERS",
    "STANDING",
    "AttendanceSheet",
    "CheckIn",
    "Leave",
    "LeaveStatus",
    "Occupancy",
    "ParkClosure",
    "Person",
    "RecognitionEvent",
    "Residency",
    "ResidencyStatus",
    "Room",
    "Studio",
    "StudioRecordQuerySet",
]
