"""What looking at the studios puts into the duty calendar [5.2]. One file per concept."""

from assessments.duties import evaluation, inspection
from workshops import duties


def register() -> None:
    duties.register(*inspection.DUTIES, *evaluation.DUTIES)
