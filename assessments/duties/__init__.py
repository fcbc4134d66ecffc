"""What inspections, rectifications and revocations put into the duty calendar [5.2][5.4]. One file per concept."""

from assessments.duties import inspection, rectification
from workshops import duties


def register() -> None:
    duties.register(*inspection.DUTIES)
    duties.register(*rectification.DUTIES)
