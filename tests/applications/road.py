"""Cases further down the statutory road [3.2.2]–[3.2.3], for tests that begin there.

`at(status)` files a real application and then *places* it: rows that the earlier stages would have left are
written directly, the status too (only tests may). The road itself, act by act, is walked by test_journey.py.
"""

from datetime import time, timedelta
from functools import partial

from django.utils import timezone

from applications import tally
from applications.actions import noticing
from applications.models import (
    AgendaItem,
    Application,
    BallotRound,
    CandidateList,
    Collaborator,
    Expert,
    ListEntry,
    PanelSession,
    RollMark,
    Seat,
    SiteVisit,
    Slip,
    Status,
)
from park import rules
from park.models import Announcement, Body, WorkingGroupMember
from park.models.document import next_number
from tests.applications import filled
from tests.factories import UserFactory
from workshops.actions.registering import begin_residency

_serial = iter(range(100, 10_000))


def filed(*, by=None, **leader) -> Application:
    """A filed application of a leader of its own; `leader` overrides fields of that section."""
    n = next(_serial)
    return filled.submitted(by=by, typed=filled.typed_for(n, **leader))


def place(application, status) -> Application:
    """Put it into a status without the steps that lead there."""
    Application.objects.filter(pk=application.pk).update(status=status, status_since=timezone.now())
    return Application.objects.get(pk=application.pk)


def visited(application, *, by, outcome="passed") -> SiteVisit:
    """A settled visit of two days ago."""
    now = timezone.now()
    return SiteVisit.objects.create(
        application=application,
        round=application.visits.count() + 1,
        status="settled",
        visit_on=timezone.localdate() - timedelta(days=2),
        place="镇江市丹徒区工业园",
        planned_by=by,
        findings="设备齐全，制度上墙。",
        outcome=outcome,
        recorded_at=now,
        recorded_by=by,
        confirmation="paper",
        confirmed_at=now,
        confirmed_by=by,
    )


def expert(n: int, **fields) -> Expert:
    """An expert of the pool with an account."""
    user = fields.pop("user", None) or UserFactory(roles=["expert"], real_name=f"专家{n}")
    defaults = {"name": user.real_name, "unit_name": f"镇江第{n}技工学校", "user": user}
    return Expert.objects.create(**defaults | fields)


def session(*, by, experts=(), status="sitting", present=True, **fields) -> PanelSession:
    """A session with these experts seated, the first of them in the chair, and signed in."""
    values = rules.get_many(
        ["ballot_quorum", "ballot_threshold", "ballot_min_voters", "reballot_on", "reballot_max"]
    )
    now = timezone.now()
    row = PanelSession.objects.create(
        **{
            "number": next_number("PH", timezone.localdate().year),
            "title": "集中评议会",
            "status": status,
            "meets_on": timezone.localdate(),
            "meets_at": time(9, 0),
            "place": "镇江市人力资源和社会保障局三楼会议室",
            "seats_wanted": max(3, len(experts)),
            "quorum": values["ballot_quorum"],
            "threshold": values["ballot_threshold"],
            "min_voters": values["ballot_min_voters"],
            "reballot_on": values["reballot_on"],
            "reballot_max": values["reballot_max"],
            "assent": "chair",
            "created_by": by,
            "began_at": now if status == "sitting" else None,
        }
        | fields
    )
    for n, person in enumerate(experts):
        Seat.objects.create(
            session=row,
            expert=person,
            is_chair=n == 0,
            response="accepted",
            responded_at=now,
            responded_by=by,
            signed_in_at=now if present else None,
            signed_in_by=by if present else None,
        )
    return row


def agenda_item(panel, application, *, opinion="技艺精湛，规划可行，建议入驻。", by=None) -> AgendaItem:
    """The case on the agenda, its opinion written."""
    return AgendaItem.objects.create(
        session=panel,
        application=application,
        order=panel.agenda.count() + 1,
        opinion=opinion,
        opinion_version=1,
        opinion_at=timezone.now(),
        opinion_by=by or panel.created_by,
    )


def closed_round(item, *, by, approve=4, oppose=1, abstain=0, seats=5) -> BallotRound:
    """A round that is over, with its roll and slips; what came of it follows from the figures."""
    total = approve + oppose + abstain
    voters = _seated(item.session, total)
    seats = max(seats, total)
    row = BallotRound.objects.create(
        item=item,
        number=item.rounds.count() + 1,
        voting="secret",
        means="online",
        quorum="two_thirds",
        threshold="two_thirds",
        min_voters=3,
        seats=seats,
        present=total,
        recused=0,
        eligible=total,
        opened_by=by,
    )
    RollMark.objects.bulk_create(RollMark(round=row, seat=seat) for seat in voters)
    row.roll.update(has_voted=True)
    slips = []
    for choice in "a" * approve + "o" * oppose + "n" * abstain:
        slip = Slip(round=row)
        slip.choice = choice
        slips.append(slip)
    Slip.objects.bulk_create(slips)
    verdict = tally.verdict(tally.heads_of(row), tally.Counts(approve, oppose, abstain), tally.rules_of(row))
    row.approve, row.oppose, row.abstain, row.invalid = approve, oppose, abstain, 0
    row.outcome, row.arithmetic = verdict.outcome, verdict.arithmetic
    row.closed_at, row.closed_by = timezone.now(), by
    row.save()
    return row


def _seated(session, wanted) -> list[Seat]:
    """So many seats of the session; where it has fewer, experts without an account come to them."""
    seats = list(session.seats.order_by("pk")[:wanted])
    for _ in range(wanted - len(seats)):
        person = Expert.objects.create(name=f"专家{next(_serial)}", unit_name="镇江市职业技能鉴定所")
        seats.append(Seat.objects.create(session=session, expert=person))
    if len(seats) > session.seats_wanted:
        session.seats_wanted = len(seats) + 1 - len(seats) % 2
        session.save(update_fields=["seats_wanted"])
    return seats


def candidate(*, office, owner=None, panel=None, approve=4, oppose=1, **leader) -> Application:
    """A case that the panel carried, not on any list yet."""
    application = filed(by=owner, **leader)
    visited(application, by=office)
    panel = panel or session(by=office, status="closed")
    item = agenda_item(panel, application, by=office)
    closed_round(item, by=office, approve=approve, oppose=oppose)
    AgendaItem.objects.filter(pk=item.pk).update(is_open=False)
    return place(application, Status.CANDIDATE)


def candidate_list(applications, *, by, places=None, status="sent", **fields) -> CandidateList:
    """A list of these cases in this order; those beyond the places are 候补."""
    row = CandidateList.objects.create(
        **{
            "number": next_number("HX", timezone.localdate().year),
            "title": "候选名单",
            "status": status,
            "places": places or len(applications),
            "ranking": rules.get("list_ranking"),
            "compiled_by": by,
            "sent_at": timezone.now() if status != "drafting" else None,
            "sent_by": by if status != "drafting" else None,
        }
        | fields
    )
    for rank, application in enumerate(applications, 1):
        item = application.agenda_items.last()
        round_ = item.rounds.last()
        ListEntry.objects.create(
            list=row,
            application=application,
            item=item,
            round=round_,
            rank=rank,
            place="candidate" if rank <= row.places else "waitlist",
            approve=round_.approve,
            eligible=round_.eligible,
        )
        if status == "sent":
            place(application, Status.LISTED)
    return row


def resolved(applications, *, compiled_by, leader, decisions, places=None) -> CandidateList:
    """A list that the leader of the working group decided, row by row; the cases are placed accordingly."""
    row = candidate_list(applications, by=compiled_by, places=places)
    now = timezone.now()
    CandidateList.objects.filter(pk=row.pk).update(
        status="resolved",
        resolved_at=now,
        resolved_by=leader,
        minutes_no="镇人社纪要〔2026〕8号",
        minutes_on=timezone.localdate(),
        resolution="同意公示。",
    )
    for entry, decision in zip(row.entries.order_by("rank"), decisions, strict=True):
        ListEntry.objects.filter(pk=entry.pk).update(
            decision=decision,
            reason="" if decision == "approve" else "规划尚不成熟。",
            decided_at=now,
            decided_by=leader,
            is_open=decision == "approve",
        )
        after = {
            "approve": Status.APPROVED if entry.place == "candidate" else Status.WAITLISTED,
            "decline": Status.DECLINED,
            "return": Status.DELIBERATION,
        }
        place(entry.application, after[decision])
    row.refresh_from_db()
    return row


def announced(candidate_list, applications, *, by, status="published") -> Announcement:
    """A 公示 of these cases of a resolved list."""
    notice = Announcement.objects.create(
        kind="admission_notice",
        number=next_number("GS", timezone.localdate().year),
        status=status,
        title="拟入驻名单公示",
        text="现予公示。",
        columns=noticing.COLUMNS,
        rows=[noticing.public_row(a) for a in applications],
        notice_days=5,
        drafted_by=by,
        published_at=timezone.now(),
        published_by=by,
        ends_on=timezone.localdate() + timedelta(days=7),
    )
    CandidateList.objects.filter(pk=candidate_list.pk).update(announcement=notice)
    candidate_list.entries.filter(application__in=applications).update(notice=notice)
    return notice


def working_group_leader(user) -> WorkingGroupMember:
    """The mark of the leader (组长) on one member."""
    body = Body.objects.get(code="working_group")
    return WorkingGroupMember.objects.get_or_create(user=user, defaults={"body": body, "is_leader": True})[0]


def beyond_the_visit(people) -> dict[str, int]:
    """status -> key of a case of `people["owner"]`, from 集中评议 on. `people["expert"]` chairs the panel,
    `people["working_group"]` leads the working group."""
    owner, office = people["owner"], people["office"]
    chair = people.get("expert") or UserFactory(roles=["expert"])
    leader = people.get("working_group") or UserFactory(roles=["working_group"])
    working_group_leader(leader)
    seated = [expert(0, user=chair)]
    sitting = session(by=office, experts=seated)
    cases = {}

    deliberated = filed(by=owner)
    visited(deliberated, by=office)
    agenda_item(sitting, deliberated)
    cases["deliberation"] = place(deliberated, Status.DELIBERATION)

    voting = filed(by=owner)
    visited(voting, by=office)
    item = agenda_item(sitting, voting)
    round_ = BallotRound.objects.create(
        item=item, number=1, voting="secret", means="online", quorum="two_thirds", threshold="two_thirds",
        min_voters=1, seats=1, present=1, recused=0, eligible=1, opened_by=chair,
    )  # fmt: skip
    RollMark.objects.create(round=round_, seat=sitting.seats.get())
    cases["ballot"] = place(voting, Status.BALLOT)

    make = partial(
        candidate, office=office, owner=owner, panel=session(by=office, experts=seated, status="closed")
    )
    cases["candidate"] = make()
    refused = make(approve=1, oppose=4)
    cases["not_selected"] = place(refused, Status.NOT_SELECTED)
    listed = make()
    candidate_list([listed], by=office)
    cases["listed"] = listed
    approved, waiting, declined = make(), make(), make()
    resolved(
        [approved, waiting, declined],
        compiled_by=office,
        leader=leader,
        decisions=["approve", "approve", "decline"],
        places=1,
    )
    cases |= {"approved": approved, "waitlisted": waiting, "declined": declined}
    shown, admitted = make(), make()
    done = resolved([shown, admitted], compiled_by=office, leader=leader, decisions=["approve", "approve"])
    announced(done, [shown, admitted], by=office)
    place(shown, Status.ON_NOTICE)
    place(admitted, Status.ADMITTED)
    begin_residency(
        source=admitted.number,
        name=admitted.studio_name,
        leader_name=admitted.leader_name,
        occupation=admitted.occupation,
        unit_name=admitted.unit_name,
        district=admitted.district,
        people=[owner],
        admitted_on=timezone.localdate(),
        by=office,
    )
    cases |= {"on_notice": shown, "admitted": admitted}
    return {status: application.pk for status, application in cases.items()}


def later_statuses(people) -> dict[str, int]:
    """The same with a collaborator and an officer who is one of the studio, as in the earlier statuses."""
    later = beyond_the_visit(people)
    for key in later.values():
        application = Application.objects.get(pk=key)
        for name in ("collaborator", "officer_of_studio"):
            Collaborator.objects.create(application=application, user=people[name], added_by=people["owner"])
    return later


def one_in_each_status(people) -> dict[str, int]:
    """status -> key of a case of `people["owner"]`, in every status there is."""
    cases = filled.one_in_each_status(people) | later_statuses(people)
    assert set(cases) == set(Status.values)
    return cases
