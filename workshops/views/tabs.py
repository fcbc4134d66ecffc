"""Which pages does one studio have, and who is shown which? The tabs above them all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.urls import reverse

from workshops.models import Residency, Studio
from workshops.permissions import is_logistics, is_of_studio, is_office, reads_registers
from workshops.permissions.benefit import reads_benefits_of
from workshops.permissions.fee import reads_fees_of


def everybody_here(user, studio) -> bool:
    """Whoever sees the studio at all."""
    return reads_registers(user) or is_of_studio(user, studio)


def studio_and_keepers(user, studio) -> bool:
    """The studio, the office, and the logistics that serve it [5.1]."""
    return is_office(user) or is_logistics(user) or is_of_studio(user, studio)


def studio_and_office(user, studio) -> bool:
    return is_office(user) or is_of_studio(user, studio)


def keepers(user, studio) -> bool:
    """The studio itself, the office, and 镇江技师学院, which serves the park [5.1]."""
    return is_office(user) or is_logistics(user) or is_of_studio(user, studio)


@dataclass(frozen=True)
class Tab:
    """One page of a studio: `page` is its route, which takes the studio's key."""

    label: str
    page: str
    shown: Callable = studio_and_office
    in_park: bool = True  # only of studios that are or were in the park: the directory has no duties [T17]


IN_PARK_ONCE = Residency.objects.filter(studio=OuterRef("pk"))

# One line per page; the order is that of the day's use.
TABS = (
    Tab("概况", "workshops:studio", everybody_here, in_park=False),
    Tab("待办日历", "workshops:studio_duties", keepers),
    Tab("人员", "workshops:persons", everybody_here, in_park=False),
    Tab("入驻", "workshops:studio_residency", everybody_here, in_park=False),
    Tab("台账", "workshops:ledgers"),
    Tab("到园", "workshops:attendance", keepers),
    Tab("报表", "workshops:studio_returns"),
    Tab("费用", "workshops:studio_fees", reads_fees_of),
    Tab("优惠政策", "workshops:studio_benefits", reads_benefits_of),
    Tab("检查", "assessments:studio_inspections"),
    Tab("年度考核", "assessments:projection", everybody_here),
    Tab("整改", "assessments:studio_rectifications"),
    Tab("考核结果", "assessments:studio_scorecards", everybody_here),
    Tab("报修", "workshops:studio_repairs", studio_and_keepers),
    Tab("守规", "workshops:studio_conduct"),
)


def visible_studio(request, key) -> Studio:
    """The studio, if this person may see it; else 404."""
    mine = Exists(Studio.objects.of(request.user).filter(pk=OuterRef("pk")))
    rows = Studio.objects.visible_to(request.user).annotate(was_in_park=Exists(IN_PARK_ONCE), is_mine=mine)
    row = get_object_or_404(rows.select_related("district", "craft_field", "level", "origin"), key=key)
    row.known_people = {request.user.pk: row.is_mine}
    return row


def with_known_people(studio, user) -> Studio:
    """The studio with the answer to whether this person acts for it; every tab and button asks."""
    studio.known_people = {user.pk: is_of_studio(user, studio)}
    return studio


def tab_context(request, studio, page) -> dict:
    """What every page of a studio knows: the studio and its tabs. `page` is the route of this one."""
    if not hasattr(
        studio, "was_in_park"
    ):  # reached through one of its records, which only the park brings about
        studio.was_in_park = True
    shown = [
        tab for tab in TABS if (studio.was_in_park or not tab.in_park) and tab.shown(request.user, studio)
    ]
    if page not in {tab.page for tab in shown}:
        known = next(tab for tab in TABS if tab.page == page)
        if known.in_park and not studio.was_in_park:
            raise PermissionDenied("这个工作室没有入驻园区，只列入名录，不办理这一事项。")
        raise PermissionDenied("这一页只供工作室本身和管理办公室查看。")
    return {
        "studio": studio,
        "is_own": is_of_studio(request.user, studio),
        "tabs": [
            {"label": tab.label, "url": reverse(tab.page, args=[studio.key]), "current": tab.page == page}
            for tab in shown
        ],
    }
