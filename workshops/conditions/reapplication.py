"""May a studio, or its leader, come back after the right to be in the park was revoked [5.4][T15]?"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from park import rules
from park.templatetags.ui import date_zh
from workshops.charges.term import corresponding_day
from workshops.models import Residency, ResidencyStatus


def revoked_lately(*, sources=(), studio_name="", leader_name="", user=None) -> str:
    """ "" or one sentence: until when the park takes no application.

    Whose it is, is known by the applications that earlier residencies came from (`sources`: of the same leader), by the
    studio's name, or by the leader's name together with an account that acts for the studio.
    """
    years = rules.get("reapply_bar_years")
    if not years:
        return ""
    same = Q(source__in=list(sources))
    if studio_name:
        same |= Q(studio__name=studio_name)
    if leader_name and user is not None:
        same |= Q(studio__leader_name=leader_name, studio__people=user)
    today = timezone.localdate()
    rows = Residency.objects.filter(same, status=ResidencyStatus.REVOKED, ended_on__isnull=False)
    last = rows.order_by("-ended_on").values_list("ended_on", flat=True).first()
    if last is None or (until := corresponding_day(last, 12 * years)) < today:
        return ""
    return (
        f"这个工作室或这位领衔人的入驻资格已于{date_zh(last)}取消，本园设定{years}年内不能再次申报，"
        f"{date_zh(until + timedelta(days=1))}起可以申报。"
    )
