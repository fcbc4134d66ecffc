"""What looking at the studios puts into the duty calendar [5.2][5.4]. One file per concept."""

from assessments.duties import evaluation, inspection, rectification
from workshops import duties


def register() -> None:
    duties.register(*inspection.DUTIES, *evaluation.DUTIES, *rectification.DUTIES)
