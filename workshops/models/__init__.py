"""The records of living in the park."""

from workshops.models.studio import Residency, ResidencyStatus, Studio

__all__ = ["Residency", "ResidencyStatus", "Studio"]
