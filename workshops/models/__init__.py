"""The records of living in the park, one file per concept."""

from workshops.models.agreement import Agreement, RentWaiver
from workshops.models.attendance import AttendanceSheet, CheckIn, Leave, LeaveStatus, ParkClosure
from workshops.models.benefit import (
    OPEN_BENEFIT,
    Benefit,
    BenefitDelivery,
    BenefitFile,
    BenefitForm,
    BenefitKind,
    BenefitStatus,
)
from workshops.models.bill import FEE_READERS, Bill, BillLine, BillStatus, Charge, FeeStatement, Reminder
from workshops.models.departure import Departure, EndWarning
from workshops.models.fee import BY_AREA, METERED, FeeKind, FeeRate
from workshops.models.handover import Handover, HandoverItem
from workshops.models.house_rule import Breach, HouseRule, HouseRuleVersion, ReadReceipt
from workshops.models.lead import WORKED_ON, AttractionLead, LeadContact, LeadStatus
from workshops.models.leader_change import (
    OPEN_CHANGE,
    LeaderChange,
    LeaderChangeStatus,
    LeaderNomination,
    NominationGround,
)
from workshops.models.ledger import (
    EDITABLE,
    LedgerFile,
    LedgerPrint,
    LedgerRecord,
    LedgerStatus,
    Trainee,
    person_key,
)
from workshops.models.meter import Meter, MeterKind, Reading
from workshops.models.one_off import OneOffCharge
from workshops.models.payment import Payment
from workshops.models.policy import Policy, PolicyAmount
from workshops.models.repair import RepairPhoto, RepairStatus, RepairTicket
from workshops.models.residency import IN_PARK, STANDING, Occupancy, Residency, ResidencyStatus, Room
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
from workshops.models.safety import (
    Hazard,
    HazardStatus,
    Incident,
    SafetyCheck,
    SafetyItem,
    SafetyLetter,
    SafetyLine,
)
from workshops.models.studio import READERS, Person, RecognitionEvent, Studio, StudioRecordQuerySet

__all__ = [
    "BY_AREA",
    "EDITABLE",
    "FEE_READERS",
    "FILLING",
    "IN_PARK",
    "METERED",
    "OPEN_BENEFIT",
    "OPEN_CHANGE",
    "READERS",
    "REPORTED",
    "STANDING",
    "WORKED_ON",
    "Agreement",
    "AttendanceSheet",
    "AttractionLead",
    "Benefit",
    "BenefitDelivery",
    "BenefitFile",
    "BenefitForm",
    "BenefitKind",
    "BenefitStatus",
    "Bill",
    "BillLine",
    "BillStatus",
    "Breach",
    "Charge",
    "CheckIn",
    "Departure",
    "EndWarning",
    "FeeKind",
    "FeeRate",
    "FeeStatement",
    "FigureKind",
    "Handover",
    "HandoverItem",
    "Hazard",
    "HazardStatus",
    "HouseRule",
    "HouseRuleVersion",
    "Incident",
    "LeadContact",
    "LeadStatus",
    "LeaderChange",
    "LeaderChangeStatus",
    "LeaderNomination",
    "Leave",
    "LeaveStatus",
    "LedgerFile",
    "LedgerPrint",
    "LedgerRecord",
    "LedgerStatus",
    "Meter",
    "MeterKind",
    "NominationGround",
    "Occupancy",
    "OneOffCharge",
    "ParkClosure",
    "Payment",
    "PeriodKind",
    "Person",
    "Policy",
    "PolicyAmount",
    "ReadReceipt",
    "Reading",
    "RecognitionEvent",
    "Reminder",
    "RentWaiver",
    "RepairPhoto",
    "RepairStatus",
    "RepairTicket",
    "Residency",
    "ResidencyStatus",
    "ReturnDefinition",
    "ReturnFigure",
    "ReturnQuestion",
    "ReturnStatus",
    "ReturnValue",
    "Room",
    "SafetyCheck",
    "SafetyItem",
    "SafetyLetter",
    "SafetyLine",
    "StatisticalReturn",
    "Studio",
    "StudioRecordQuerySet",
    "Trainee",
    "person_key",
]
