"""What inspections put into the duty calendar [5.2]. One file per concept."""

from assessments.duties import inspection
from workshops import duties


def register() -> None:
    duties.register(*inspection.DUTIES)
