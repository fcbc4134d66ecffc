"""What follows from the steps of a revocation [5.4]."""

from datetime import timedelta

from django.utils import timezone

from assessments.actions.service import serve_paper
from assessments.effects.rectification import locked_residency
from assessments.models import Revocation, RevocationFile
from assessments.papers.revocation import DECISION, NOTICE
from assessments.papers.service import issue_with_receipt
from park import attachments, documents, rules, workdays
from park.templatetags.ui import date_zh
from park.workflow import Refused, Workflow
from workshops.models import ResidencyStatus

Defence = Revocation.Defence
Ended = Revocation.Ended
DECIDED_AGAINST = (Ended.DECLINED, Ended.RESCINDED)


# ── 意向告知 ────────────────────────────────────────────────────────────────────────────────────
def notify(revocation, *, by, data):
    """The 告知书, with as many days as the park gives now; from here on the facts are frozen."""
    revocation.notified_at, revocation.notified_by = timezone.now(), by
    revocation.defence_days = rules.get("revocation_defence_days")
    revocation.save(update_fields=["notified_at", "notified_by", "defence_days"])
    issue_with_receipt(NOTICE, revocation, by=by)


def serve_notice(revocation, *, by, data):
    """The window for 陈述申辩 counts from the day after this one."""
    served = serve_paper(documents.standing(revocation, NOTICE), by=by, data=data)
    revocation.notice_served_on = served.served_on
    revocation.defence_until = revocation.due_on = workdays.add_workdays(
        served.served_on, revocation.defence_days
    )
    revocation.save(update_fields=["notice_served_on", "defence_until"])


# ── 陈述申辩 ────────────────────────────────────────────────────────────────────────────────────
def defend(revocation, *, by, data):
    """What the studio says against it, with its files."""
    _hear(revocation, Defence.ONLINE, by, text=data["text"], on=timezone.localdate(), files=data["files"])


def record_defence(revocation, *, by, data):
    """A statement on paper that came within the window, also where that was closed before it was entered."""
    day = data["received_on"]
    if not revocation.notice_served_on <= day <= revocation.defence_until:
        raise Refused(
            f"收到日期应在告知书送达（{date_zh(revocation.notice_served_on)}）以后，"
            f"陈述申辩期限（{date_zh(revocation.defence_until)}）以内。"
        )
    _hear(revocation, Defence.PAPER, by, text=data["text"], on=day, files=data["files"])


def close_window(revocation, *, by, data):
    _hear(revocation, Defence.NONE, by)


def _hear(revocation, way, by, *, text="", on=None, files=()):
    revocation.defence, revocation.defence_text, revocation.defence_on = way, text, on
    revocation.heard_at, revocation.heard_by = timezone.now(), by
    revocation.save(update_fields=["defence", "defence_text", "defence_on", "heard_at", "heard_by"])
    for file in files:
        RevocationFile.objects.create(revocation=revocation, stored=attachments.store(file, by=by))


# ── 决定 ────────────────────────────────────────────────────────────────────────────────────────
def _resolve(revocation, by, data):
    """The resolution of the working group; it answers what the studio said."""
    if revocation.defence in (Defence.ONLINE, Defence.PAPER) and not data["defence_answer"].strip():
        raise Refused("工作室陈述申辩过，请写明对陈述申辩的答复。")
    revocation.defence_answer, revocation.decision_reason = data["defence_answer"], data["reason"]
    revocation.minutes_no, revocation.minutes_on = data["minutes_no"], data["minutes_on"]
    revocation.resolved_at, revocation.resolved_by = timezone.now(), by


def resolve(revocation, *, by, data):
    """To revoke: the 决定书 is printed, to be stamped and served. Until it is served nothing has changed."""
    _resolve(revocation, by, data)
    revocation.vacate_days = rules.get("revocation_vacate_days")
    revocation.save()
    issue_with_receipt(DECISION, revocation, by=by)


def decline(revocation, *, by, data):
    """Not to revoke."""
    locked_residency(revocation)
    _resolve(revocation, by, data)
    _end(revocation, Ended.DECLINED, data["reason"], by)


def drop(revocation, *, by, data):
    _end(revocation, Ended.DROPPED, data["reason"], by)


def rescind(revocation, *, by, data):
    """The working group takes its resolution back before it was served."""
    locked_residency(revocation)
    _end(revocation, Ended.RESCINDED, data["reason"], by)


def end_over(revocation, *, by, data):
    _end(revocation, Ended.OVER, data["reason"], by)


def _end(revocation, how, why, by):
    revocation.ended_as, revocation.ended_why = how, why
    revocation.ended_at, revocation.ended_by = timezone.now(), by
    revocation.save()  # the database asks for status and end at once
    for kind in (NOTICE, DECISION):
        if paper := documents.standing(revocation, kind):
            documents.withdraw(paper, by=by, reason="未取消资格，办理已终止")


def resume_residency(revocation, *, by, data):
    """The working group keeps the studio: where a failed rectification had suspended it, and nothing is left to decide of
    it, it goes on."""
    residency = locked_residency(revocation)
    undecided = residency.rectifications.unmet().exclude(revocations__ended_as__in=DECIDED_AGAINST)
    if residency.status != ResidencyStatus.UNDER_RECTIFICATION or undecided.exists():
        return
    if not residency.rectifications.open().exists():
        Workflow.of(residency).perform(residency, "resume", by=by, note=revocation.number)


# ── 送达、腾退 ──────────────────────────────────────────────────────────────────────────────────
def serve_decision(revocation, *, by, data):
    """The decision takes effect: the residency and its benefits end, the lists for handing the rooms back are opened."""
    served = serve_paper(documents.standing(revocation, DECISION), by=by, data=data)
    if served.served_on < timezone.localdate(revocation.resolved_at):
        raise Refused("送达日期不能早于作出决定的日期。")
    revocation.served_on = served.served_on
    revocation.vacate_by = revocation.due_on = served.served_on + timedelta(days=revocation.vacate_days)
    revocation.save(update_fields=["status", "served_on", "vacate_by"])
    residency = locked_residency(revocation)
    reason = f"取消入驻资格（{revocation.number}）：{revocation.get_ground_display()}"
    Workflow.of(residency).perform(
        residency, "revoke", by=by, note=revocation.number, data={"reason": reason}
    )


def note_vacated(revocation, *, by, data):
    """The day on which the last room came back; without rooms, that of the service."""
    days = revocation.residency.occupancies.exclude(until=None).values_list("until", flat=True)
    revocation.vacated_on = max([*days, revocation.served_on])
    revocation.save(update_fields=["vacated_on"])


def archive(revocation, *, by, data):
    revocation.archived_at, revocation.archived_by = timezone.now(), by
    revocation.archive_no = data["archive_no"]
    revocation.save(update_fields=["archived_at", "archived_by", "archive_no"])
