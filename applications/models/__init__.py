"""The records of entering the park, one file per concept."""

from applications.models.application import ON_THE_ROAD, OPEN, Application, Batch, Collaborator, Status
from applications.models.recommendation import (
    Recommendation,
    RecommendationLink,
    RecommendationMode,
    StampCopy,
)
from applications.models.review import (
    CaseNote,
    Correction,
    CorrectionItem,
    ReviewDecision,
    ReviewLine,
    Verdict,
)
from applications.models.section import ApplicationFile, SectionDraft
from applications.models.submission import Submission, SubmissionFile

__all__ = [
    "ON_THE_ROAD",
    "OPEN",
    "Application",
    "ApplicationFile",
    "Batch",
    "CaseNote",
    "Collaborator",
    "Correction",
    "CorrectionItem",
    "Recommendation",
    "RecommendationLink",
    "RecommendationMode",
    "ReviewDecision",
    "ReviewLine",
    "SectionDraft",
    "StampCopy",
    "Status",
    "Submission",
    "SubmissionFile",
    "Verdict",
]
