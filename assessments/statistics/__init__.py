"""What looking at the studios adds to the statistics of the park [5.2][5.4]. One file per concept."""

from assessments.statistics import evaluation, inspection, rectification
from workshops.statistics import park


def register() -> None:
    park.register("年度考核", evaluation.tables)
    park.register("定期检查", inspection.tables)
    park.register("整改和取消资格", rectification.tables)
