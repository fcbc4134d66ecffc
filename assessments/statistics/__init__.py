"""What looking at the studios adds to the statistics of the park [5.2]. One file per concept."""

from assessments.statistics import evaluation, inspection
from workshops.statistics import park


def register() -> None:
    park.register("年度考核", evaluation.tables)
    park.register("定期检查", inspection.tables)
