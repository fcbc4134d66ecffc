"""The records of living in the park, one file per concept."""

from workshops.models.lead import WORKED_ON, AttractionLead, LeadContact, LeadStatus
from workshops.models.leader_change import (
    OPEN_CHANGE,
    LeaderChange,
    LeaderChangeStatus,
    LeaderNomination,
    NominationGround,
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
    "OPEN_CHANGE",
    "READERS",
    "STANDING",
    "WORKED_ON",
    "AttractionLead",
    "LeadContact",
    "LeadStatus",
    "LeaderChange",
    "LeaderChangeStatus",
    "LeaderNomination",
    "NominationGround",
    "Occupancy",
    "Person",
    "RecognitionEvent",
    "Residency",
    "ResidencyStatus",
    "Room",
    "Studio",
    "StudioRecordQuerySet",
]
