"""A studio loses its leader [5.4.2]: reported, and lapsed where nobody followed within the window [T14]."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from park import audit, notices, rules
from park.models import Role, User
from park.workflow import Refused, Workflow
from workshops.models import LeaderChange, LeaderChangeStatus, Studio


def window_end(left_on, days: int):
    """The last day on which a successor may be named; the day of leaving does not count."""
    return left_on + timedelta(days=days)


@transaction.atomic
def report_leader_change(studio, *, reason_kind, reason, left_on, by) -> LeaderChange:
    """The leader has left. Raises Refused while a change is open, where nobody leads, or for an impossible day."""
    studio = Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)
    leader = studio.leader()
    if leader is None:
        raise Refused("名册中没有现任领衔人，无法登记离任，请先与管理办公室核对。")
    if studio.leader_changes.open().exists():
        raise Refused("本工作室已有一件没有办结的领衔人变更。")
    if left_on < leader.joined_on:
        raise Refused("离任日期不能早于领衔人加入工作室的日期。")
    ends_on = window_end(left_on, rules.get("leader_change_days"))
    change = LeaderChange.objects.create(
        studio=studio,
        leaving=leader,
        reason_kind=reason_kind,
        reason=reason,
        left_on=left_on,
        window_ends_on=ends_on,
        due_on=ends_on,
        reported_by=by,
    )
    audit.record(
        "report_leader_change",
        change,
        by=by,
        after=change.status,
        note=change.get_reason_kind_display(),
        clause="5.4.2",
    )
    audit.record("report_leader_change", studio, by=by, note=change.get_reason_kind_display(), clause="5.4.2")
    people = User.objects.filter(is_active=True, pk__in=studio.people.values("pk"))
    office = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).exclude(pk__in=people.values("pk"))
    told = [user for user in (*people, *office) if user != by]
    notices.notify(
        told,
        f"{change}：已报告领衔人离任，请在期限内提名接替人。",
        url=change.get_absolute_url(),
        subject=change,
    )
    return change


def lapse_expired(today=None) -> int:
    """End those whose window passed without a pending nomination; how many. Each in its own transaction."""
    count = 0
    rows = LeaderChange.objects.filter(
        status=LeaderChangeStatus.REPORTED, window_ends_on__lt=today or timezone.localdate()
    )
    for change in rows.order_by("pk"):
        try:
            Workflow.of(change).perform(change, "lapse_leader_change", by=None, note="接替期限届满")
        except Refused:  # somebody was named in this very moment
            continue
        count += 1
    return count
