"""The records of the ground floor, one file per concept."""

from park.models.attachment import StoredFile
from park.models.audit import AuditEntry, AuditHead
from park.models.case import Case
from park.models.codes import (
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
from park.models.document import Document, NumberSequence
from park.models.formkey import FormKey
from park.models.notification import Notification
from park.models.organisation import Body, Unit
from park.models.people import STAFF_ROLES, WATCHERS, Consent, PrivacyNotice, Role, RoleHolder, User
from park.models.rule import Rule, RuleChange
from park.models.second_factor import SecondFactor
from park.models.workday import Workday

__all__ = [
    "STAFF_ROLES",
    "WATCHERS",
    "AuditEntry",
    "AuditHead",
    "Body",
    "Case",
    "Consent",
    "District",
    "Document",
    "Education",
    "Ethnicity",
    "FormKey",
    "Gender",
    "Notification",
    "NumberSequence",
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
]
