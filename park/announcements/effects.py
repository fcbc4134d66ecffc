"""What follows from a step of an announcement, in its transaction: (announcement, *, by, data).

The hooks of the kind ask the database how the announcement stands, so it is saved before they are called.
"""

from django.utils import timezone

from park import documents, workdays
from park.announcements import checks, conditions
from park.announcements.kinds import kind_of
from park.models import Document


def begin_reading(announcement, *, by, data):
    """Readings of another text do not count for this one."""
    announcement.reviews.exclude(text_hash=checks.text_hash(announcement)).delete()


def record_reading(announcement, *, by, data):
    announcement.reviews.create(
        level=conditions.valid_readings(announcement).count() + 1,
        text_hash=checks.text_hash(announcement),
        by=by,
        note=data.get("note", ""),
    )


def publish(announcement, *, by, data):
    """From now on everybody may read it; the days of a 公示 count from tomorrow."""
    announcement.published_at, announcement.published_by = timezone.now(), by
    if announcement.notice_days:
        announcement.ends_on = workdays.add_workdays(timezone.localdate(), announcement.notice_days)
    announcement.save()
    kind_of(announcement).published(announcement, by=by)
    issue_print(announcement, by=by)


def extend(announcement, *, by, data):
    today = timezone.localdate().isoformat()
    announcement.ends_on = data["until"]
    announcement.extensions = [
        *announcement.extensions,
        {"on": today, "until": data["until"].isoformat(), "reason": data["reason"]},
    ]
    announcement.save()
    issue_print(announcement, by=by, reason="公示期延长")


def withdraw(announcement, *, by, data):
    announcement.reason = data["reason"]
    announcement.save()
    if announcement.published_at:
        kind_of(announcement).withdrawn(announcement, by=by)
        if paper := standing_print(announcement):
            documents.withdraw(paper, by=by, reason=data["reason"])


def conclude(announcement, *, by, data):
    announcement.concluded_at = timezone.now()
    announcement.save()
    kind_of(announcement).concluded(announcement, by=by)
    documents.issue("announcement_report", announcement, by=by)


def standing_print(announcement) -> Document | None:
    papers = Document.objects.about(announcement).filter(kind="announcement")
    return papers.exclude(state__in=["superseded", "withdrawn"]).first()


def issue_print(announcement, *, by, reason=""):
    """The paper of it, for the notice board; the former version falls."""
    documents.issue(
        "announcement",
        announcement,
        by=by,
        title=announcement.title,
        number=announcement.number,
        content_hash=checks.text_hash(announcement),
        supersedes=standing_print(announcement),
        reason=reason,
    )
