"""What do the papers of an announcement say: the notice for the board, the report on a 公示?"""

from datetime import timedelta

from django.utils import timezone

from park import documents, workdays
from park.announcements.kinds import kind_of
from park.models import Announcement

OFFICE = "镇江市技能大师产业创新园管理办公室"


def cells(announcement) -> list[list[str]]:
    """The rows as they print: the columns in order and nothing else."""
    return [[str(row.get(c["key"], "")) for c in announcement.columns] for row in announcement.rows]


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def period(announcement) -> str:
    """From the day after publication to the last day."""
    if not announcement.ends_on:
        return ""
    first = timezone.localtime(announcement.published_at).date() + timedelta(days=1)
    return f"{_day(first)}至{_day(announcement.ends_on)}"


def _day(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def build_announcement(document):
    return announcement_paper(Announcement.objects.get(pk=document.subject_id))


def announcement_paper(announcement):
    """Also of a draft, which has no days yet."""
    return "documents/announcement.html", {
        "heading": announcement.title,
        "number": announcement.number,
        "paragraphs": paragraphs(announcement.text),
        "columns": [column["label"] for column in announcement.columns],
        "rows": cells(announcement),
        "period": period(announcement) if announcement.published_at else "",
        "days": announcement.notice_days,
        "extensions": announcement.extensions,
        "published_on": announcement.published_at
        and _day(timezone.localtime(announcement.published_at).date()),
        "files": [row.title for row in announcement.files.all()],
        "office": OFFICE,
    }


def build_report(document):
    """公示情况报告: period, objections, how each was decided; nobody who objected is named."""
    notice = Announcement.objects.get(pk=document.subject_id)
    first = notice.columns[0]["key"] if notice.columns else "key"
    names = {row["key"]: str(row.get(first, "")) for row in notice.rows}
    started = timezone.localtime(notice.published_at).date()
    objections = [
        {
            "number": row.number,
            "about": names.get(row.row, "整个公示"),
            "received_on": _day(timezone.localtime(row.received_at).date()),
            "way": "书面或当面反映" if row.recorded_by_id else "在线提出",
            "outcome": row.get_outcome_display(),
            "decided_on": _day(timezone.localtime(row.decided_at).date()) if row.decided_at else "",
        }
        for row in notice.objections.order_by("pk")
    ]
    return "documents/announcement_report.html", {
        "heading": notice.title,
        "number": notice.number,
        "kind": kind_of(notice).title,
        "published_on": _day(started),
        "period": period(notice),
        "working_days": workdays.workdays_between(started, notice.ends_on),
        "extensions": notice.extensions,
        "total": len(notice.rows),
        "columns": [column["label"] for column in notice.columns],
        "rows": cells(notice),
        "objections": objections,
        "upheld": sum(o["outcome"] == "异议成立" for o in objections),
        "office": OFFICE,
    }


PAPERS = ("announcement", "announcement_report")


def register():
    """Called once, in `AppConfig.ready`."""
    documents.register("announcement", build_announcement, title="公告公示", prefix="GS")
    documents.register("announcement_report", build_report, title="公示情况报告", prefix="GB")
