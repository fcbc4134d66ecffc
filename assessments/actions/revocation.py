"""The writes of a revocation beside its steps: the proposal, the public note, what a passed day does [5.4]."""

from django.db import transaction
from django.utils import timezone

from assessments.actions.grounds import BEFORE_PROPOSING
from assessments.models import TAKEN_EFFECT, Revocation, RevocationStatus
from assessments.permissions.revocation import manages_revocation, proposes_revocation
from park import attachments, audit, notices, rules, workdays
from park.announcements import drafting
from park.models import AnnouncementStatus, Role, User
from park.models.document import next_number
from park.templatetags.ui import clause_name, date_zh
from park.wording import REGULATION
from park.workflow import Refused, Workflow
from workshops.actions.standing import locked, officers_of, people_of
from workshops.permissions import is_of_studio

NOTE = "revocation_note"  # the kind of announcement
PUBLIC_COLUMNS = (("studio_name", "工作室名称"), ("clause", "依据条款"), ("served_on", "生效日期"))
COLUMNS = [{"key": key, "label": label} for key, label in PUBLIC_COLUMNS]
PROOFS = ("act_proof", "consequence_proof")


# ── proposal ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def propose_revocation(
    residency, *, ground, facts, by, act_proof=None, consequence_proof=None, **of_ground
) -> Revocation:
    """Propose to revoke on one ground with the facts that it asks for; nothing follows yet.

    `of_ground` holds the columns of the ground: recognition; leader_change; act_kind, act, consequence, established_by,
    established_no; order. The proofs are CheckedUploads. Raises Refused with a sentence for everything missing.
    """
    residency = locked(residency.pk, by=by, may=proposes_revocation)
    revocation = Revocation(residency=residency, ground=ground, facts=facts, proposed_by=by, **of_ground)
    revocation.act_proof = attachments.store(act_proof, by=by) if act_proof else None
    revocation.consequence_proof = attachments.store(consequence_proof, by=by) if consequence_proof else None
    problems = [reason for check in BEFORE_PROPOSING if (reason := check(revocation))]
    if not facts.strip():
        problems.append("请写明事实和理由。")
    if problems:
        raise Refused(*problems)
    today = timezone.localdate()
    revocation.due_on = workdays.add_workdays(today, rules.get("revocation_notice_days"))
    revocation.number = next_number("QX", today.year)
    revocation.save()
    audit.record(
        "propose_revocation",
        revocation,
        by=by,
        after=revocation.status,
        note=revocation.get_ground_display(),
        clause=revocation.clause,
    )
    others = officers_of(residency).exclude(pk=by.pk)
    notices.notify(
        others,
        f"{revocation}：已提出取消入驻资格，请出具告知书。",
        url=revocation.get_absolute_url(),
        subject=revocation,
    )
    return revocation


def parties(revocation, role):
    """The studio's people, once they were told; of the working group its leader; of the office all but the studio's."""
    residency = revocation.residency
    if role == Role.APPLICANT:
        return people_of(residency) if revocation.notified_at else User.objects.none()
    if role == Role.WORKING_GROUP:
        leaders = User.objects.with_role(role).exclude(pk__in=residency.studio.people.values("pk"))
        return leaders.filter(working_group_seat__is_leader=True, working_group_seat__left_on=None)
    return officers_of(residency, *(() if role == Role.OFFICE else (role,)))


# ── the public note ─────────────────────────────────────────────────────────────────────────────
def public_row(revocation) -> dict:
    """What everybody may read, and the key that leads back: no reasons, no persons [L6]."""
    return {
        "key": str(revocation.key),
        "studio_name": revocation.studio.name,
        "clause": clause_name(revocation.clause),
        "served_on": date_zh(revocation.served_on),
    }


def note_text() -> str:
    return (
        f"根据{REGULATION}第五部分（四），经镇江市技能大师产业创新园项目工作小组决定，"
        "取消下列工作室入驻镇江市技能大师产业创新园的资格，现予公告。"
    )


@transaction.atomic
def draft_note(revocation, *, title, text, by):
    """Draft the announcement of a served decision; it is read by others before it appears. Raises Refused."""
    row = Revocation.objects.select_for_update(no_key=True).get(pk=revocation.pk)
    if not manages_revocation(by, row):
        raise Refused("公告由管理办公室起草，且不能办理本人所在的工作室。")
    if not rules.get("revocation_public"):
        raise Refused("本园设定取消资格的决定不公告。")
    if row.status not in TAKEN_EFFECT:
        raise Refused("决定书送达以后才能公告。")
    if row.announcement_id and row.announcement.status != AnnouncementStatus.WITHDRAWN:
        raise Refused(f"公告已经起草（{row.announcement}）。")
    row.announcement = drafting.draft(
        NOTE, title=title, text=text, columns=COLUMNS, rows=[public_row(row)], by=by
    )
    row.save(update_fields=["announcement"])
    audit.record("draft_revocation_note", row, by=by, after=row.announcement.number, clause=row.clause)
    return row.announcement


def cases_on(announcement):
    return Revocation.objects.filter(key__in=[row["key"] for row in announcement.rows]).select_related(
        "residency__studio"
    )


def may_announce(user, announcement) -> bool:
    """Nobody announces a studio of their own."""
    return not any(is_of_studio(user, row.studio) for row in cases_on(announcement))


def note_faults(announcement) -> list[str]:
    """What in the records speaks against this announcement now."""
    return [
        f"{row}现在是“{row.get_status_display()}”，不能公告。"
        for row in cases_on(announcement)
        if row.status not in TAKEN_EFFECT
    ]


# ── what a passed day does ──────────────────────────────────────────────────────────────────────
def close_windows(today=None) -> int:
    """The window for 陈述申辩 passed without one: on to the working group; how many."""
    rows = Revocation.objects.filter(
        status=RevocationStatus.DEFENDING, defence_until__lt=today or timezone.localdate()
    )
    return _perform(rows, "close_defence", note="期满未陈述申辩")


def conclude_vacated() -> int:
    """The rooms of a revoked studio were all handed back; how many."""
    return _perform(
        Revocation.objects.filter(status=RevocationStatus.SERVED), "vacate_revocation", note="房间已全部交还"
    )


def end_with_residency(residency_id) -> int:
    """The stay ended in another way: there is nothing left to revoke; how many."""
    rows = Revocation.objects.open().filter(residency=residency_id)
    return _perform(rows, "end_revocation", note="入驻已结束", data={"reason": "入驻已结束"})


def _perform(rows, name, **given) -> int:
    """A step of the system on each row, in its own transaction; one that is not ready is left for another day."""
    count = 0
    for row in rows.order_by("pk"):
        try:
            Workflow.of(row).perform(row, name, by=None, **given)
        except Refused:
            continue
        count += 1
    return count
