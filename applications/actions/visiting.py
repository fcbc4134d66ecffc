"""The writes of a site visit beside its steps: plan, who goes, in what order, the record, the pictures [3.2.2]."""

import uuid
from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone

from applications.checklist import place_lines
from applications.models import (
    Application,
    Collaborator,
    SiteVisit,
    Status,
    VisitLine,
    Visitor,
    VisitPhoto,
    VisitStatus,
)
from applications.models.visit import VISITOR_ROLES
from applications.permissions import is_officer, is_visitor
from park import attachments, audit, documents, notices, rules, workdays
from park.models import User
from park.templatetags.ui import date_zh
from park.workflow import Conflict, Refused

MAX_PHOTOS = 40
UNFINISHED = [VisitStatus.PLANNED, VisitStatus.RECORDED]


# ── who and what may be planned ─────────────────────────────────────────────────────────────────
def possible_visitors():
    """Everybody with an account who may go along."""
    return User.objects.with_role(*VISITOR_ROLES).select_related("unit").order_by("real_name", "pk")


def waiting_for_visit(user):
    """Cases that need a visit: none yet, or the last one found that another is needed or was not agreed to."""
    last = SiteVisit.objects.filter(application=OuterRef("pk")).exclude(status=VisitStatus.CANCELLED)
    last = last.order_by("-round")
    rows = Application.objects.visible_to(user).filter(status=Status.SITE_VISIT)
    rows = rows.exclude(pk__in=Collaborator.objects.filter(user=user).values("application"))
    rows = rows.annotate(
        last_status=Subquery(last.values("status")[:1]),
        last_outcome=Subquery(last.values("outcome")[:1]),
        last_confirmation=Subquery(last.values("confirmation")[:1]),
    )
    return rows.filter(
        Q(last_status=None)
        | Q(last_status=VisitStatus.SETTLED)
        & (Q(last_outcome=SiteVisit.Outcome.AGAIN) | Q(last_confirmation=SiteVisit.Confirmation.REFUSED))
    )


def _cannot_be_visited(application, by) -> str:
    if application.status != Status.SITE_VISIT:
        return f"{application}现在是“{application.get_status_display()}”，不能安排现场考察。"
    if application.visits.unfinished().exists():
        return f"{application}已有一次没有办结的现场考察。"
    if not is_officer(by, application):
        return f"{application}是您本人参与的申报，请由其他经办人安排。"
    if not waiting_for_visit(by).filter(pk=application.pk).exists():
        return f"{application}的现场考察已有结论，不需要再次安排。"
    return ""


def notice_is_short(day) -> bool:
    """The day comes sooner than the park promises its studios (本园设定)."""
    return workdays.workdays_between(timezone.localdate(), day) < rules.get("visit_notice_days")


def earliest_without_reason():
    """The first day that keeps to the notice the park promises."""
    return workdays.add_workdays(timezone.localdate(), rules.get("visit_notice_days"))


@dataclass(frozen=True)
class Stop:
    """One studio on the route of a day."""

    application: Application
    place: str
    meet_at: time | None = None
    route_order: int | None = None


# ── plan ────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def plan_visits(stops, *, visit_on, visitors, by, preparation="", short_notice="") -> list[SiteVisit]:
    """Visits to these studios on one day by the same people, each with its notice. All or none.

    The applications are locked first, in the order of their keys: whoever withdraws meanwhile is before or after,
    never in between. Raises Refused with a sentence for everything that is in the way.
    """
    keys = [stop.application.pk for stop in stops]
    locked = {
        row.pk: row
        for row in Application.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    }
    problems = [text for row in locked.values() if (text := _cannot_be_visited(row, by))]
    problems += _visitors_wrong(visitors, keys)
    if not stops:
        problems.append("请至少选择一个工作室。")
    if visit_on < timezone.localdate():
        problems.append("考察日期不能早于今天。")
    elif notice_is_short(visit_on) and not short_notice.strip():
        days = rules.get("visit_notice_days")
        problems.append(f"考察应提前{days}个工作日通知（本园设定）；确需提前的，请写明理由。")
    if problems:
        raise Refused(*problems)
    last = _of_day(visit_on).aggregate(last=Max("route_order"))["last"] or 0
    order = sorted(stops, key=lambda stop: (stop.route_order or 99, stop.meet_at or time.max))
    return [
        _plan(
            locked[stop.application.pk], stop, last + place, visit_on, visitors, preparation, short_notice, by
        )
        for place, stop in enumerate(order, 1)
    ]


def _plan(application, stop, route_order, visit_on, visitors, preparation, short_notice, by) -> SiteVisit:
    visit = SiteVisit.objects.create(
        application=application,
        round=(application.visits.aggregate(last=Max("round"))["last"] or 0) + 1,
        visit_on=visit_on,
        meet_at=stop.meet_at,
        place=stop.place,
        route_order=route_order,
        preparation=preparation,
        short_notice=short_notice if notice_is_short(visit_on) else "",
        planned_by=by,
    )
    Visitor.objects.bulk_create(Visitor(visit=visit, user=user) for user in visitors)
    documents.issue("visit_notice", visit, by=by)
    audit.record(
        "plan_visit",
        visit,
        by=by,
        after=f"{visit_on:%Y-%m-%d} {len(visitors)}人",
        note=f"通知不足期限：{short_notice}" if visit.short_notice else "",
        clause="3.2.2",
    )
    when = date_zh(visit_on) + (f"{stop.meet_at:%H:%M}" if stop.meet_at else "")
    tell(people_of(visit), visit, f"{visit}定于{when}，请按时参加。", by=by)
    studio = [row.user for row in application.collaborators.select_related("user")]
    tell(studio, visit, f"{application}：现场考察定于{when}，请查看通知并做好准备。", by=by)
    return visit


def _visitors_wrong(visitors, application_keys) -> list[str]:
    """Too few, or one of them is of a studio that is visited. No names: refusals go on the trail."""
    wanted, wrong = rules.get("visit_min_visitors"), []
    if len(visitors) < wanted:
        wrong.append(f"考察至少{wanted}人（本园设定），现在选了{len(visitors)}人。")
    own = Collaborator.objects.filter(application__in=application_keys, user__in=visitors)
    for application in Application.objects.filter(pk__in=own.values("application")):
        wrong.append(f"所选考察人员中有{application}的申报人员，不能考察自己的工作室。")
    return wrong


def people_of(visit) -> list[User]:
    return [row.user for row in visit.visitors.select_related("user")]


def tell(users, visit, text, *, by):
    notices.notify(
        [u for u in users if u != by and u.is_active], text, url=visit.get_absolute_url(), subject=visit
    )


# ── change the plan ─────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def change_visitors(visit, visitors, *, by) -> SiteVisit:
    """Others go; the notice, which names them, is renewed. Raises Refused."""
    visit = _planned(visit)
    before = {row.user_id for row in visit.visitors.all()}
    after = {user.pk for user in visitors}
    if wrong := _visitors_wrong(visitors, [visit.application_id]):
        raise Refused(*wrong)
    if before == after:
        return visit
    visit.visitors.exclude(user__in=after).delete()
    Visitor.objects.bulk_create(Visitor(visit=visit, user_id=pk) for pk in sorted(after - before))
    former = documents.standing(visit, "visit_notice")
    documents.issue("visit_notice", visit, by=by, supersedes=former, reason="考察人员有变化")
    audit.record(
        "change_visitors", visit, by=by, before=f"{len(before)}人", after=f"{len(after)}人", clause="3.2.2"
    )
    tell([u for u in visitors if u.pk not in before], visit, f"{visit}：请参加现场考察。", by=by)
    return visit


def _planned(visit) -> SiteVisit:
    """The visit, locked, while its record is open. Raises Refused."""
    visit = SiteVisit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    if visit.status != VisitStatus.PLANNED:
        raise Refused(f"{visit}现在是“{visit.get_status_display()}”，不能修改。")
    return visit


def _of_day(day):
    return SiteVisit.objects.filter(visit_on=day).exclude(status=VisitStatus.CANCELLED)


@transaction.atomic
def move_on_route(visit, *, up, by):
    """One place earlier or later on the route of its day."""
    rows = list(_of_day(visit.visit_on).select_for_update(no_key=True).order_by("pk"))
    rows.sort(key=lambda row: (row.route_order, row.meet_at or time.max, row.pk))
    here = next((n for n, row in enumerate(rows) if row.pk == visit.pk), None)
    if here is None:
        raise Refused(f"{visit}已不在这一天的路线上。")
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for order, row in enumerate(rows, 1):
        if row.route_order != order:
            row.route_order = order
            row.save(update_fields=["route_order"])
    audit.record(
        "order_route", visit, by=by, before=f"第{here + 1}站", after=f"第{there + 1}站", clause="3.2.2"
    )


# ── record ──────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def save_record(visit, *, findings, lines, version, saved_from, by) -> SiteVisit:
    """Keep what was found so far; `lines` is item -> (verdict, note), "" takes a verdict back.

    `version` is the one the person began from, `saved_from` names the page they write on: a version that this very
    page wrote, whose answer got lost on the way, is its own. Raises Conflict when another page saved in between
    (nothing is written), Refused once the record is closed.
    """
    visit = _planned(visit)
    if not is_visitor(by, visit):
        raise Refused("只有参加本次考察的人员可以记录。")
    known = [line.item for line in place_lines(visit.application.latest_submission().data)]
    wanted = {item: lines[item] for item in known if item in lines and any(lines[item])}
    kept = {row.item: (row.verdict, row.note) for row in visit.lines.all()}
    if visit.findings == findings and kept == wanted:
        return visit  # nothing new, or the same form sent twice
    if visit.version != version and visit.saved_from != saved_from:
        who = "您在另一个页面" if visit.saved_by_id == by.pk else "其他考察人员"
        raise Conflict(f"考察记录已由{who}保存过，您现在写的还没有保存。")
    visit.findings, visit.version = findings, visit.version + 1
    visit.saved_from, visit.saved_at, visit.saved_by = saved_from, timezone.now(), by
    visit.save(update_fields=["findings", "version", "saved_from", "saved_at", "saved_by"])
    visit.lines.exclude(item__in=wanted).delete()
    for item, (verdict, note) in wanted.items():
        if kept.get(item) != (verdict, note):
            VisitLine.objects.update_or_create(
                visit=visit, item=item, defaults={"verdict": verdict, "note": note}
            )
    audit.record("save_visit", visit, by=by, after=f"第{visit.version}次保存", clause="3.2.2")
    return visit


# ── pictures ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_photo(visit, checked, *, client_key: uuid.UUID, by, caption="") -> VisitPhoto:
    """A picture that passed `attachments.check`, which took its EXIF away. The same key again is the same picture."""
    visit = _planned(visit)
    if row := visit.photos.filter(client_key=client_key).first():
        return row
    if not is_visitor(by, visit):
        raise Refused("只有参加本次考察的人员可以上传照片。")
    if visit.photos.filter(removed_at=None).count() >= MAX_PHOTOS:
        raise Refused(f"一次考察最多{MAX_PHOTOS}张照片，请先删除不需要的。")
    row = VisitPhoto.objects.create(
        visit=visit,
        client_key=client_key,
        stored=attachments.store(checked, by=by),
        caption=caption,
        added_by=by,
    )
    audit.record("add_visit_photo", visit, by=by, after=f"sha256 {row.stored.sha256}", clause="3.2.2")
    return row


@transaction.atomic
def remove_photo(photo, *, by):
    """Take a picture out of the record; its file and row stay."""
    visit = _planned(photo.visit)
    if not is_visitor(by, visit):
        raise Refused("只有参加本次考察的人员可以删除照片。")
    if VisitPhoto.objects.filter(pk=photo.pk, removed_at=None).update(
        removed_at=timezone.now(), removed_by=by
    ):
        audit.record(
            "remove_visit_photo", visit, by=by, before=f"sha256 {photo.stored.sha256}", clause="3.2.2"
        )
