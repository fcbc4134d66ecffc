"""The records of the ground floor, one file per concept."""

from park.models.announcement import (
    Announcement,
    AnnouncementFile,
    AnnouncementReview,
    AnnouncementStatus,
    Objection,
)
from park.models.attachment import StoredFile
from park.models.audit import AuditEntry, AuditHead
from park.models.case import Case
from park.models.codes import (
    CraftField,
    District,
    Education,
    Ethnicity,
    Gender,
    Occupation,
    Origin,
    PoliticalStatus,
    RecognitionLevel,
    SkillLevel,
    UnitKind,
)
from park.models.document import Document, DocumentState, NumberSequence
from park.models.formkey import FormKey
from park.models.job import Job
from park.models.notification import Notification
from park.models.organisation import Body, Unit, WorkingGroupMember
from park.models.people import STAFF_ROLES, WATCHERS, Consent, PrivacyNotice, Role, RoleHolder, User
from park.models.rule import Rule, RuleChange
from park.models.second_factor import SecondFactor
from park.models.workday import Workday

__all__ = [
    "STAFF_ROLES",
    "WATCHERS",
    "Announcement",
    "AnnouncementFile",
    "AnnouncementReview",
    "AnnouncementStatus",
    "AuditEntry",
    "AuditHead",
    "Body",
    "Case",
    "Consent",
    "CraftField",
    "District",
    "Document",
    "DocumentState",
    "Education",
    "Ethnicity",
    "FormKey",
    "Gender",
    "Job",
    "Notification",
    "NumberSequence",
    "Objection",
    "Occupation",
    "Origin",
    "PoliticalStatus",
    "PrivacyNotice",
    "RecognitionLevel",
    "Role",
    "RoleHolder",
    "Rule",
    "RuleChange",
    "SecondFactor",
    "SkillLevel",
    "StoredFile",
    "Unit",
    "UnitKind",
    "User",
    "Workday",
    "WorkingGroupMember",
]
