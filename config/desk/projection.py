"""Who would fail the year as things stand, while there is still time to do something about it [5.2][5.4.4]?"""

from django.urls import reverse
from django.utils import timezone

from assessments.models import Projection
from config.desk.rows import Row, Section
from park import rules
from park.permissions import is_office
from park.points import shown


def sections_for(user) -> list[Section]:
    """For the office, from the month on that the park has decided: before it everybody has few records."""
    today = timezone.localdate()
    if not is_office(user) or today.month < rules.get("risk_from_month"):
        return []
    rows = Projection.objects.filter(year=today.year, at_risk=True).exclude(studio__people=user)
    rows = rows.select_related("studio").order_by("base", "pk")
    return [Section("得分低于合格线的工作室", rows, _studio, "assessments:projections", query="?risk=1")]


def _studio(row) -> Row:
    return Row(
        reverse("assessments:projection", args=[row.studio.key]),
        row.studio.name,
        f"{row.year}年",
        row.studio.leader_name,
        f"基础分 {shown(row.base)}，总分 {shown(row.total)}",
    )
