"""The records of looking at how the studios run [5.2], one file per concept."""

from assessments.models.cycle import CycleStatus, EvaluationCycle, Grader, Projection
from assessments.models.inspection import (
    Finding,
    FindingProof,
    FindingStatus,
    Inspection,
    InspectionItem,
    InspectionLine,
    InspectionPhoto,
    InspectionPlan,
    InspectionStatus,
    Inspector,
    LineVerdict,
)
from assessments.models.rubric import ItemKind, Rubric, RubricItem
from assessments.models.scorecard import (
    VERIFIER_ROLES,
    Falsification,
    GradeOfYear,
    LineEvidence,
    LineGrade,
    Reconsideration,
    Scorecard,
    ScorecardLine,
    ScorecardStatus,
)

__all__ = [
    "VERIFIER_ROLES",
    "CycleStatus",
    "EvaluationCycle",
    "Falsification",
    "Finding",
    "FindingProof",
    "FindingStatus",
    "GradeOfYear",
    "Grader",
    "Inspection",
    "InspectionItem",
    "InspectionLine",
    "InspectionPhoto",
    "InspectionPlan",
    "InspectionStatus",
    "Inspector",
    "ItemKind",
    "LineEvidence",
    "LineGrade",
    "LineVerdict",
    "Projection",
    "Reconsideration",
    "Rubric",
    "RubricItem",
    "Scorecard",
    "ScorecardLine",
    "ScorecardStatus",
]
