"""What follows from a decision for the studio: its letter, its place [3.2.3]."""

from django.utils import timezone

from applications.actions.admitting import drop_waiting, prepare
from applications.models import Letter, ListEntry
from park import rules
from park.models import Education, Gender, SkillLevel, User
from park.workflow import Workflow
from workshops.actions import registering

K = Letter.Kind


def leave_the_road(application, *, by, data):
    """Whoever withdraws frees their place on agenda and list; a letter that waits is dropped, a visit called off."""
    application.agenda_items.filter(is_open=True).update(is_open=False)
    application.list_entries.filter(is_open=True).update(is_open=False)
    drop_waiting(application)
    # Locked while they are read: one that is settled in this very moment is no longer among them. This comes first
    # of all effects, for those after it write to the trail, whose end is locked last.
    for visit in application.visits.unfinished().select_for_update(no_key=True):
        Workflow.of(visit).perform(visit, "drop_visit", by=None, note="申报已撤回")


def prepare_letter_after_ballot(application, *, by, data):
    """The studio reads that it fell short, not by how much: single votes are nobody's to tell."""
    prepare(
        application,
        K.NOT_ADMITTED,
        stage="投票表决",
        clause="3.2.2",
        reason="经专家组集中评议、投票表决，未达到通过票数要求。",
    )


def _open_entry(application) -> ListEntry:
    return application.list_entries.filter(is_open=True).select_related("list").get()


def prepare_letter_of_waitlist(application, *, by, data):
    entry = _open_entry(application)
    # Its neighbours may be decided a moment later in the same resolution: the place follows from the rank alone.
    ahead = entry.list.entries.filter(place=ListEntry.Place.WAITLIST, rank__lt=entry.rank, is_open=True)
    number = ahead.exclude(decision__in=[ListEntry.Decision.DECLINE, ListEntry.Decision.RETURN]).count() + 1
    prepare(
        application,
        K.WAITLISTED,
        stage="审核认定",
        clause="3.2.3",
        reason=(
            f"经项目工作小组审核认定，列为候补第{number}名。有空余名额时按名次依次递补，"
            f"候补自审核认定之日起{rules.get('waitlist_months')}个月内有效。"
        ),
    )


def prepare_letter_after_resolution(application, *, by, data):
    prepare(
        application,
        K.NOT_ADMITTED,
        stage="审核认定",
        clause="3.2.3",
        reason=_open_entry(application).reason,
    )


def prepare_letter_of_promotion(application, *, by, data):
    after = "递补后予以公示，公示无异议的确定入驻。" if rules.get("public_notice") else "接着办理确定入驻。"
    prepare(
        application,
        K.PROMOTED,
        stage="候补递补",
        clause="3.2.3",
        reason=f"有空余名额，按名次由候补递补为拟入驻。{after}",
    )


def prepare_letter_after_waitlist(application, *, by, data):
    prepare(
        application,
        K.NOT_ADMITTED,
        stage="候补",
        clause="3.2.3",
        reason=data.get("reason") or "候补有效期内没有空余名额，候补终止。",
    )


def prepare_letter_after_objection(application, *, by, data):
    prepare(
        application,
        K.NOT_ADMITTED,
        stage="公示",
        clause="3.2.3",
        reason=data.get("reason") or "公示期间收到异议，经核查认定成立。",
    )


def begin_residency(application, *, by, data):
    """Exactly one: the step happens once, and the application's number is unique among residencies."""
    registering.begin_residency(
        source=application.number,
        name=application.studio_name,
        leader_name=application.leader_name,
        occupation=application.occupation,
        unit_name=application.unit_name,
        district=application.district,
        people=User.objects.filter(pk__in=application.collaborators.values("user"), is_active=True),
        admitted_on=timezone.localdate(),
        members=_members(application),
        by=by,
    )


def _members(application) -> list[dict]:
    """Row 9 of [A1] as filed, for the register of the studio's people; an age becomes a year of birth."""
    submission = application.latest_submission()
    rows = submission.data.get("members", {}).get("members", []) if submission else []
    lists = {"gender": Gender, "education": Education, "skill_level": SkillLevel}
    known = (
        {name: {row.code: row for row in model.objects.all()} for name, model in lists.items()}
        if rows
        else {}
    )
    filed_in = timezone.localdate(submission.submitted_at).year if rows else 0
    return [
        {
            "name": row["name"],
            "birth_year": filed_in - row["age"] if row.get("age") else None,
            "occupation": row.get("occupation") or "",
            "skills": row.get("skills") or "",
            "achievements": row.get("achievements") or "",
            **{name: known[name].get((row.get(name) or {}).get("code")) for name in lists},
        }
        for row in rows
    ]


def prepare_letter_of_admission(application, *, by, data):
    prepare(
        application,
        K.ADMITTED,
        stage="确定入驻",
        clause="3.2.3",
        reason="经项目工作小组审核认定，"
        + ("公示期满，" if rules.get("public_notice") else "")
        + "确定入驻镇江市技能大师产业创新园。",
    )
