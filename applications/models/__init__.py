"""The records of entering the park, one file per concept."""

from applications.models.application import (
    DECIDED,
    ON_THE_ROAD,
    OPEN,
    TOLD_BY_LETTER,
    Application,
    Batch,
    Collaborator,
    Status,
)
from applications.models.ballot import BallotRound, Choice, OpenVote, PaperCount, RollMark, RoundOutcome, Slip
from applications.models.expert import Expert, ExpertAbsence
from applications.models.letter import Letter
from applications.models.listing import CandidateList, ListEntry, ListStatus, MemberOpinion
from applications.models.panel import (
    AgendaItem,
    Assent,
    Conflict,
    ExpertNote,
    Means,
    PanelDraw,
    PanelSession,
    PanelStatus,
    Seat,
    Voting,
)
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
from applications.models.visit import SiteVisit, VisitLine, Visitor, VisitPhoto, VisitStatus

__all__ = [
    "DECIDED",
    "ON_THE_ROAD",
    "OPEN",
    "TOLD_BY_LETTER",
    "AgendaItem",
    "Application",
    "ApplicationFile",
    "Assent",
    "BallotRound",
    "Batch",
    "CandidateList",
    "CaseNote",
    "Choice",
    "Collaborator",
    "Conflict",
    "Correction",
    "CorrectionItem",
    "Expert",
    "ExpertAbsence",
    "ExpertNote",
    "Letter",
    "ListEntry",
    "ListStatus",
    "Means",
    "MemberOpinion",
    "OpenVote",
    "PanelDraw",
    "PanelSession",
    "PanelStatus",
    "PaperCount",
    "Recommendation",
    "RecommendationLink",
    "RecommendationMode",
    "ReviewDecision",
    "ReviewLine",
    "RollMark",
    "RoundOutcome",
    "Seat",
    "SectionDraft",
    "SiteVisit",
    "Slip",
    "StampCopy",
    "Status",
    "Submission",
    "SubmissionFile",
    "Verdict",
    "VisitLine",
    "VisitPhoto",
    "VisitStatus",
    "Visitor",
    "Voting",
]
