"""What is written between sending and admission: opinions of the member units, decisions, box 12 [3.2.3][A1]."""

from django.db import transaction
from django.utils import timezone

from applications.actions.listing import lock_applications
from applications.conflicts import similar_units
from applications.models import Application, CandidateList, ListEntry, ListStatus, MemberOpinion, Status
from applications.permissions import gives_opinions, working_group_seat
from park import audit, documents
from park.models import Document
from park.models.document import DocumentState
from park.workflow import Refused, Workflow

APPROVED_ON = (Status.APPROVED, Status.ON_NOTICE)  # box 12 may be filled, and corrected, until the admission
WITHDRAWN = "申报人已撤回申报，不作决定。"
STEPS = {
    (ListEntry.Decision.APPROVE, ListEntry.Place.CANDIDATE): "approve",
    (ListEntry.Decision.APPROVE, ListEntry.Place.WAITLIST): "waitlist",
    (ListEntry.Decision.DECLINE, ListEntry.Place.CANDIDATE): "decline",
    (ListEntry.Decision.DECLINE, ListEntry.Place.WAITLIST): "decline",
    (ListEntry.Decision.RETURN, ListEntry.Place.CANDIDATE): "return",
    (ListEntry.Decision.RETURN, ListEntry.Place.WAITLIST): "return",
}


def step_for(decision, place) -> str:
    """The step of the admission procedure that a decision on a row means."""
    return STEPS[(decision, place)]


def is_own_unit(user, application, seat=None) -> bool:
    """The unit that the person speaks for, or works in, looks like the applicant's. A doubt counts as yes."""
    seat = seat or working_group_seat(user)
    names = [seat.body.name if seat else "", str(user.unit or "")]
    return any(similar_units(name, application.unit_name) for name in names if name)


def _sent(candidate_list) -> CandidateList:
    row = CandidateList.objects.select_for_update(no_key=True).get(pk=candidate_list.pk)
    if row.status != ListStatus.SENT:
        raise Refused(f"{row}当前是“{row.get_status_display()}”，不能再提意见。")
    return row


@transaction.atomic
def give_opinions(candidate_list, opinions: dict, *, by) -> int:
    """The word of a member unit on rows of a list: row pk → (stance, text); "" takes one back. Returns how many.

    Open until the list is decided. Raises Refused afterwards.
    """
    row = _sent(candidate_list)
    if not gives_opinions(by, row):
        raise Refused("只有工作小组的成员单位可以提出意见。")
    seat = working_group_seat(by)
    entries = {e.pk: e for e in row.entries.filter(is_open=True).select_related("application")}
    given = 0
    for pk, (stance, text) in opinions.items():
        entry = entries.get(pk)
        if entry is None:  # withdrawn meanwhile
            continue
        if not stance:
            MemberOpinion.objects.filter(entry=entry, member=by).delete()
            continue
        MemberOpinion.objects.update_or_create(
            entry=entry,
            member=by,
            defaults={
                "body": seat.body,
                "stance": stance,
                "text": text,
                "own_unit": is_own_unit(by, entry.application, seat),
                "at": timezone.now(),
            },
        )
        given += 1
    audit.record("give_opinion", row, by=by, after=f"{given}件", clause="5.1")
    return given


def record_decisions(candidate_list, *, by, data):
    """Write the decision on every row; one that its studio took back meanwhile is left without, and says so.

    `data["decisions"]` is row pk → {decision, reason}. The cases are locked before the rows change: whoever
    withdraws at this moment holds their case and then wants their row. Raises Refused for a row without a decision
    and for one of the decider's own unit that was not acknowledged.
    """
    lock_applications(candidate_list.entries.values_list("application", flat=True))
    faults, now = [], timezone.now()
    for entry in candidate_list.entries.select_related("application").order_by("rank"):
        if not entry.is_open or entry.application.status != Status.LISTED:
            ListEntry.objects.filter(pk=entry.pk).update(reason=WITHDRAWN)
            continue
        said = data["decisions"].get(entry.pk)
        if said is None:
            faults.append(f"第{entry.rank}名{entry.application}还没有决定。")
            continue
        own = is_own_unit(by, entry.application)
        if own and not said.get("own_unit"):
            faults.append(f"第{entry.rank}名{entry.application}与您同属一个单位，请确认已知悉并同意记录。")
            continue
        ListEntry.objects.filter(pk=entry.pk).update(
            decision=said["decision"], reason=said["reason"], own_unit=own, decided_at=now, decided_by=by
        )
    if faults:
        raise Refused(*faults)


def carry_out_decisions(candidate_list, *, by):
    """Move each case as decided, in the order of keys; those without a decision stay where they went."""
    entries = candidate_list.entries.exclude(decision="").select_related("application")
    for entry in entries.order_by("application_id"):
        application = entry.application
        flow = Workflow.of(application)
        flow.perform(application, step_for(entry.decision, entry.place), by=by, note=entry.reason)


def skipped(candidate_list) -> list[ListEntry]:
    """Rows of a decided list that were withdrawn before the decision."""
    return list(candidate_list.entries.filter(decision="").select_related("application").order_by("rank"))


# ── box 12 of the statutory form [A1] ───────────────────────────────────────────────────────────
def office_box_text(candidate_list) -> str:
    """What the office writes by default: it cites the resolution it rests on."""
    day = candidate_list.minutes_on
    return (
        f"经项目工作小组审核认定（会议纪要{candidate_list.minutes_no}，"
        f"{day.year}年{day.month}月{day.day}日），同意入驻。"
    )


def boxes_to_fill(candidate_list):
    """Rows whose box 12 is the office's turn: approved, and neither admitted nor ended."""
    return candidate_list.entries.filter(
        is_open=True, decision=ListEntry.Decision.APPROVE, application__status__in=APPROVED_ON
    )


@transaction.atomic
def fill_office_boxes(candidate_list, keys, text, *, by) -> list[ListEntry]:
    """Write box 12 of these cases (keys of applications) and issue each form with boxes 10 to 12.

    A box that was filled before gets the new text, its form a new version. Raises Refused: before the resolution,
    for a case that is not approved or has gone on.
    """
    row = CandidateList.objects.select_for_update(no_key=True).get(pk=candidate_list.pk)
    if row.status != ListStatus.RESOLVED:
        raise Refused("工作小组还没有审核认定，管理办公室审批意见不能填写。")
    if row.minutes_no not in text:
        raise Refused(f"审批意见应引用工作小组会议纪要的文号“{row.minutes_no}”。")
    pks = Application.objects.filter(key__in=keys).values_list("pk", flat=True)
    entries = row.entries.filter(application__in=lock_applications(pks)).select_related("application", "form")
    if len(entries) != len(set(keys)):
        raise Refused("所选的申报不在这份名单上。")
    ready = set(boxes_to_fill(row).values_list("pk", flat=True))
    faults = [
        f"{e.application}现在是“{e.application.get_status_display()}”，不能填写审批意见。"
        for e in entries
        if e.pk not in ready
    ]
    if faults or not entries:
        raise Refused(*(faults or ["请至少选择一件。"]))
    done = []
    for entry in entries.order_by("application_id"):
        entry.office_opinion, entry.office_opinion_at, entry.office_opinion_by = text, timezone.now(), by
        entry.save(update_fields=["office_opinion", "office_opinion_at", "office_opinion_by"])
        entry.form = documents.issue(
            "annex1_approved",
            entry,
            by=by,
            number=f"SP{entry.application.number[2:]}",
            supersedes=_standing(entry.form),
            reason="审批意见已修改",
        )
        entry.save(update_fields=["form"])
        audit.record("fill_office_box", entry.application, by=by, note=f"名单{row}", clause="A1")
        done.append(entry)
    return done


def _standing(form) -> Document | None:
    ended = (DocumentState.SUPERSEDED, DocumentState.WITHDRAWN)
    return form if form is not None and form.state not in ended else None
