"""The records of looking at how the studios run [5.2], one file per concept."""

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

__all__ = [
    "Finding",
    "FindingProof",
    "FindingStatus",
    "Inspection",
    "InspectionItem",
    "InspectionLine",
    "InspectionPhoto",
    "InspectionPlan",
    "InspectionStatus",
    "Inspector",
    "LineVerdict",
]
