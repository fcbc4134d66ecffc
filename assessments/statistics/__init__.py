"""What inspections add to the statistics of the park [5.2]. One file per concept."""

from assessments.statistics import inspection
from workshops.statistics import park


def register() -> None:
    park.register("定期检查", inspection.tables)
