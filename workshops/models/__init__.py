"""The records of living in the park, one file per concept."""

from workshops.models.agreement import Agreement, RentWaiver
from workshops.models.attendance import AttendanceSheet, CheckIn, Leave, LeaveStatus, ParkClosure
from workshops.models.departure import Departure, EndWarning
from workshops.models.handover import Handover, HandoverItem
from workshops.models.lead import WORKED_ON, AttractionLead, LeadContact, LeadStatus
from workshops.models.leader_change import (
    OPEN_CHANGE,
    LeaderChange,
    LeaderChangeStatus,
    LeaderNomination,
    NominationGround,
)
from workshops.models.residency import IN_PARK, STANDING, Occupancy, Residency, ResidencyStatus, Room
from workshops.models.studio import READERS, Person, RecognitionEvent, Studio, StudioRecordQuerySet

__all__ = [
    "IN_PARK",
    "OPEN_CHANGE",
    "READERS",
    "STANDING",
    "WORKED_ON",
    "Agreement",
    "AttendanceSheet",
    "AttractionLead",
    "CheckIn",
    "Departure",
    "EndWarning",
    "Handover",
    "HandoverItem",
    "LeadContact",
    "LeadStatus",
    "LeaderChange",
    "LeaderChangeStatus",
    "LeaderNomination",
    "Leave",
    "LeaveStatus",
    "NominationGround",
    "Occupancy",
    "ParkClosure",
    "Person",
    "RecognitionEvent",
    "RentWaiver",
    "Residency",
    "ResidencyStatus",
    "Room",
    "Studio",
    "StudioRecordQuerySet",
]
