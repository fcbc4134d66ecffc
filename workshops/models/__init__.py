"""The records of living in the park, one file per concept."""

from workshops.models.agreement import Agreement, RentWaiver
from workshops.models.attendance import AttendanceSheet, CheckIn, Leave, LeaveStatus, ParkClosure
from workshops.models.bill import FEE_READERS, Bill, BillLine, BillStatus, Charge, FeeStatement, Reminder
from workshops.models.departure import Departure, EndWarning
from workshops.models.fee import BY_AREA, METERED, FeeKind, FeeRate
from workshops.models.handover import Handover, HandoverItem
from workshops.models.lead import WORKED_ON, AttractionLead, LeadContact, LeadStatus
from workshops.models.leader_change import (
    OPEN_CHANGE,
    LeaderChange,
    LeaderChangeStatus,
    LeaderNomination,
    NominationGround,
)
from workshops.models.meter import Meter, MeterKind, Reading
from workshops.models.payment import Payment
from workshops.models.residency import IN_PARK, STANDING, Occupancy, Residency, ResidencyStatus, Room
from workshops.models.studio import READERS, Person, RecognitionEvent, Studio, StudioRecordQuerySet

__all__ = [
    "BY_AREA",
    "FEE_READERS",
    "IN_PARK",
    "METERED",
    "OPEN_CHANGE",
    "READERS",
    "STANDING",
    "WORKED_ON",
    "Agreement",
    "AttendanceSheet",
    "AttractionLead",
    "Bill",
    "BillLine",
    "BillStatus",
    "Charge",
    "CheckIn",
    "Departure",
    "EndWarning",
    "FeeKind",
    "FeeRate",
    "FeeStatement",
    "Handover",
    "HandoverItem",
    "LeadContact",
    "LeadStatus",
    "LeaderChange",
    "LeaderChangeStatus",
    "LeaderNomination",
    "Leave",
    "LeaveStatus",
    "Meter",
    "MeterKind",
    "NominationGround",
    "Occupancy",
    "ParkClosure",
    "Payment",
    "Person",
    "Reading",
    "RecognitionEvent",
    "Reminder",
    "RentWaiver",
    "Residency",
    "ResidencyStatus",
    "Room",
    "Studio",
    "StudioRecordQuerySet",
]
