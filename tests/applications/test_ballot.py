"""A case is voted on: opened by the chair, cast once by each, closed with its arithmetic, frozen [3.2.2]."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from applications import papers
from applications.actions import balloting, deliberating, recusing
from applications.invariants import ballot as invariants
from applications.models import (
    AgendaItem,
    Application,
    BallotRound,
    Conflict,
    OpenVote,
    PanelSession,
    RollMark,
    Seat,
    Slip,
    Status,
)
from applications.tally import Counts
from applications.workflow import ADMISSION
from park import attachments, documents, pdf
from park.models import AuditEntry, Document
from park.workflow import Refused
from tests.applications import road
from tests.factories import UserFactory
from tests.park import upload_samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


def sitting(office, *, voters=5, **fields):
    return road.session(by=office, experts=[road.expert(n) for n in range(voters)], **fields)


def case_before(session, office):
    item = road.agenda_item(session, road.place(road.filed(), Status.DELIBERATION), by=office)
    session.current_item = item
    session.save()
    return item


@pytest.fixture
def item(office):
    return case_before(sitting(office), office)


def chair_of(item):
    return item.session.seats.get(is_chair=True).expert.user


def opened(item):
    return balloting.open_round_for(item, by=chair_of(item))


def vote(round_, choices):
    for mark, choice in zip(
        round_.roll.select_related("seat__expert__user").order_by("pk"), choices, strict=False
    ):
        balloting.cast(round_, mark.seat, choice, by=mark.seat.expert.user)


def close(round_):
    return balloting.close_round(round_, by=chair_of(round_.item))


def status_of(item):
    return Application.objects.get(pk=item.application_id).status


def recuse(item, seat, office, state="confirmed"):
    decided = {} if state == "proposed" else {"decided_at": timezone.now(), "decided_by": office}
    return Conflict.objects.create(item=item, seat=seat, basis="reported", state=state, **decided)


# ── opening ─────────────────────────────────────────────────────────────────────────────────────
def test_opening_freezes_who_may_vote(office):
    item = case_before(sitting(office, voters=7), office)
    seats = list(item.session.seats.order_by("pk"))
    recuse(item, seats[3], office)
    Seat.objects.filter(pk=seats[6].pk).update(signed_in_at=None, signed_in_by=None)
    round_ = opened(item)
    assert (round_.seats, round_.present, round_.recused, round_.eligible) == (7, 6, 1, 5)
    assert set(round_.roll.values_list("seat", flat=True)) == {
        s.pk for s in seats if s not in (seats[3], seats[6])
    }
    assert status_of(item) == "ballot"
    assert (round_.number, round_.threshold, round_.voting) == (1, "two_thirds", "secret")


def _not_called(item, office):
    PanelSession.objects.filter(pk=item.session_id).update(current_item=None)


def _not_sitting(item, office):
    PanelSession.objects.filter(pk=item.session_id).update(status="convened")


def _proposed(item, office):
    recuse(item, item.session.seats.order_by("pk")[2], office, state="proposed")


def _no_opinion(item, office):
    AgendaItem.objects.filter(pk=item.pk).update(opinion="")


def _two_left(item, office):
    away = item.session.seats.filter(is_chair=False).values("pk")[:2]
    Seat.objects.filter(pk__in=[row["pk"] for row in away]).update(left_at=timezone.now(), left_by=office)


def _three_recused(item, office):
    for seat in item.session.seats.filter(is_chair=False)[:3]:
        recuse(item, seat, office)


def _four_recused(item, office):
    for seat in item.session.seats.filter(is_chair=False)[:4]:
        recuse(item, seat, office)


# fmt: off
REFUSALS = [
    (_not_called,    "请先开始评议这一项，再开始投票。"),
    (_not_sitting,   "会议不在进行中，不能办理。"),
    (_proposed,      "还有 1 项回避没有处理，请管理办公室先确认或排除。"),
    (_no_opinion,    "还没有起草专家组评估意见。"),
    (_two_left,      "到会人数不足，不能表决：请等专家到会；等不到的请休会，另行安排会议。（实到 3 ＜ ⅔×5＝3⅓）"),
    (_three_recused, "回避后有表决权的专家只有 2 位，少于 3 位，不能表决：请休会，另行组织专家评议这一项。（有表决权 2 ＜ 最少 3）"),
    (_four_recused,  "回避后只有 1 位专家有表决权，不能由一人决定：请休会，另行组织专家评议这一项。（有表决权 1 ＜ 最少 3）"),
]
# fmt: on


@pytest.mark.parametrize(("spoil", "sentence"), REFUSALS, ids=[r[0].__name__ for r in REFUSALS])
def test_a_ballot_is_not_opened(item, office, spoil, sentence):
    spoil(item, office)
    with pytest.raises(Refused) as refusal:
        opened(item)
    assert refusal.value.sentences == [sentence]
    assert (status_of(item), BallotRound.objects.count()) == ("deliberation", 0)


def test_only_the_chair_opens(item, office):
    for person in (
        office,
        item.session.seats.filter(is_chair=False).first().expert.user,
        item.application.applicant,
    ):
        with pytest.raises(PermissionDenied):
            balloting.open_round_for(item, by=person)


def test_the_clerk_opens_for_a_chair_without_account(item, office):
    chair = item.session.seats.get(is_chair=True).expert
    chair.user = None
    chair.save()
    assert balloting.open_round_for(item, by=office).eligible == 5


# ── voting ──────────────────────────────────────────────────────────────────────────────────────
def test_everybody_votes_once(item):
    round_ = opened(item)
    vote(round_, "a")
    with pytest.raises(Refused, match="每人只投一次"):
        vote(round_, "o")
    assert (round_.roll.filter(has_voted=True).count(), round_.slips.count()) == (1, 1)


def test_nobody_votes_for_another(item, office):
    round_ = opened(item)
    one, other = item.session.seats.order_by("pk")[:2]
    for person in (other.expert.user, office):
        with pytest.raises(PermissionDenied, match="不能代投"):
            balloting.cast(round_, one, "a", by=person)


def test_who_came_late_has_no_vote_in_this_round(item, office):
    late = item.session.seats.order_by("pk")[4]
    Seat.objects.filter(pk=late.pk).update(signed_in_at=None, signed_in_by=None)
    round_ = opened(item)
    Seat.objects.filter(pk=late.pk).update(signed_in_at=timezone.now(), signed_in_by=office)
    with pytest.raises(Refused, match="没有表决权"):
        balloting.cast(round_, late, "a", by=late.expert.user)


@pytest.mark.parametrize("choice", ["", "x", "approve", None])
def test_only_the_three_answers(item, choice):
    round_ = opened(item)
    with pytest.raises(Refused, match="请选择"):
        vote(round_, [choice])


def test_after_the_close_nobody_votes(item):
    round_ = opened(item)
    vote(round_, "aaaa")
    close(round_)
    last = item.session.seats.order_by("pk")[4]
    with pytest.raises(Refused, match="已经结束"):
        balloting.cast(round_, last, "a", by=last.expert.user)


def test_there_are_no_figures_before_the_close(item):
    round_ = opened(item)
    vote(round_, "aaaa")
    round_.refresh_from_db()
    assert (round_.approve, round_.oppose, round_.abstain, round_.outcome, round_.arithmetic) == (
        None,
    ) * 3 + ("", "")


def test_an_open_ballot_keeps_names(office):
    item = case_before(sitting(office, voting="open"), office)
    round_ = opened(item)
    vote(round_, "aaaon")
    assert sorted(OpenVote.objects.values_list("choice", flat=True)) == ["a", "a", "a", "n", "o"]
    assert not Slip.objects.exists()
    assert close(round_).arithmetic.startswith("应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 3 ＜")


# ── closing ─────────────────────────────────────────────────────────────────────────────────────
# fmt: off
CLOSINGS = [
    # votes    outcome        the case then     still on the agenda
    ("aaaao",  "passed",      "candidate",      False),
    ("aaaoo",  "failed",      "not_selected",   False),
    ("aaonn",  "failed",      "not_selected",   False),
    ("aaoo",   "tie",         "deliberation",   True),
    ("nnnnn",  "all_abstain", "deliberation",   True),
    ("aaaa",   "passed",      "candidate",      False),
    ("aaa",    "failed",      "not_selected",   False),
]
# fmt: on


@pytest.mark.parametrize(("votes", "outcome", "status", "is_open"), CLOSINGS, ids=[c[0] for c in CLOSINGS])
def test_the_case_moves_by_what_came_out(item, votes, outcome, status, is_open):
    round_ = opened(item)
    vote(round_, votes)
    round_ = close(round_)
    item.refresh_from_db()
    assert (round_.outcome, status_of(item), item.is_open) == (outcome, status, is_open)
    assert (round_.approve, round_.oppose, round_.abstain, round_.invalid) == (
        votes.count("a"), votes.count("o"), votes.count("n"), 0,
    )  # fmt: skip
    assert Document.objects.about(round_).filter(kind="count_sheet").count() == 1
    assert {i.name: i.offenders() for i in invariants.INVARIANTS if i.offenders()} == {}


def test_a_tie_is_voted_on_again_once(item):
    first = opened(item)
    vote(first, "aaoo")
    close(first)
    second = opened(item)
    assert second.number == 2
    vote(second, "aaoo")
    second = close(second)
    assert second.outcome == "failed"
    assert second.arithmetic.endswith("同意与不同意相等，重新投票次数已用完 → 不通过")
    assert status_of(item) == "not_selected"


def test_nobody_voted_is_no_result(item):
    round_ = opened(item)
    with pytest.raises(Refused, match="还没有人投票"):
        close(round_)


def test_only_the_chair_closes(item, office):
    round_ = opened(item)
    vote(round_, "aaaa")
    for person in (office, item.session.seats.filter(is_chair=False).first().expert.user):
        with pytest.raises(PermissionDenied):
            balloting.close_round(round_, by=person)


def test_the_trail_of_a_round(item):
    round_ = opened(item)
    vote(round_, "aaaao")
    close(round_)
    about = AuditEntry.objects.filter(subject_model="applications.ballotround", subject_id=str(round_.pk))
    assert list(about.order_by("sequence").values_list("verb", flat=True)) == ["cast_vote"] * 5 + [
        "close_round"
    ]
    steps = AuditEntry.objects.filter(subject_id=str(item.application_id), verb__in=["open_ballot", "carry"])
    assert list(steps.order_by("sequence").values_list("verb", flat=True)) == ["open_ballot", "carry"]


# ── stepping aside while the ballot is open ─────────────────────────────────────────────────────
def test_who_steps_aside_leaves_the_roll(item, office):
    round_ = opened(item)
    seat = item.session.seats.order_by("pk")[4]
    recusing.report_conflict(item, seat, detail="亲属", by=office)
    round_.refresh_from_db()
    assert (round_.present, round_.recused, round_.eligible, round_.roll.count()) == (5, 1, 4, 4)
    vote(round_, "aaao")
    assert close(round_).arithmetic == "应到 5 · 实到 5 · 回避 1 · 有表决权 4 · 同意 3 ≥ ⅔×4＝2⅔ → 通过"


def test_who_has_voted_cannot_be_struck_off(item, office):
    round_ = opened(item)
    vote(round_, "a")
    seat = item.session.seats.order_by("pk")[0]
    with pytest.raises(Refused, match="票不能收回"):
        recusing.report_conflict(item, seat, detail="亲属", by=office)
    assert not Conflict.objects.exists()


def test_too_few_are_left_in_an_open_round(item, office):
    """Found at the close: no result, back to the deliberation, another session."""
    round_ = opened(item)
    vote(round_, "aa")
    for seat in item.session.seats.order_by("pk")[2:5]:
        recusing.report_conflict(item, seat, detail="亲属", by=office)
    round_ = close(round_)
    assert (round_.outcome, status_of(item)) == ("too_few", "deliberation")
    assert round_.arithmetic == "应到 5 · 实到 5 · 回避 3 · 有表决权 2 · 有表决权 2 ＜ 最少 3 → 不能表决"


def test_a_round_is_voided_without_being_counted(item):
    round_ = opened(item)
    vote(round_, "aaa")
    with pytest.raises(Refused, match="理由"):
        balloting.void_round(round_, reason=" ", by=chair_of(item))
    round_ = balloting.void_round(round_, reason="有专家应当回避", by=chair_of(item))
    assert (round_.outcome, round_.arithmetic) == ("void", "本轮作废，不计票：有专家应当回避")
    assert status_of(item) == "deliberation"
    again = opened(item)  # a voided round is none of the re-ballots
    vote(again, "aaoo")
    assert close(again).outcome == "tie"


# ── paper ───────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def on_paper(office):
    return balloting.open_round_for(case_before(sitting(office, means="paper"), office), by=office)


def test_paper_slips_are_counted_by_two(on_paper, office):
    other, third = UserFactory(roles=["office"]), UserFactory(roles=["office"])
    for mark in on_paper.roll.all()[:4]:
        balloting.mark_paper_voter(on_paper, mark.seat, by=office)
    with pytest.raises(Refused, match="多于名册上已投票的 4 人"):
        balloting.count_paper(on_paper, Counts(5), by=office)
    balloting.count_paper(on_paper, Counts(3, 1), by=office)
    with pytest.raises(Refused, match="已有 1 名"):
        balloting.close_round(on_paper, by=office)
    balloting.count_paper(on_paper, Counts(2, 1, 0, 1), by=other)
    with pytest.raises(Refused, match="不一致"):
        balloting.close_round(on_paper, by=office)
    with pytest.raises(Refused, match="已有两名"):
        balloting.count_paper(on_paper, Counts(3, 1), by=third)
    balloting.count_paper(on_paper, Counts(3, 1), by=other)
    round_ = balloting.close_round(on_paper, by=office)
    assert (round_.approve, round_.oppose, round_.outcome) == (3, 1, "failed")
    with pytest.raises(Refused, match="已经结束"):
        balloting.count_paper(round_, Counts(4), by=office)


def test_an_invalid_slip_counts_as_a_voter(on_paper, office):
    other = UserFactory(roles=["office"])
    for mark in on_paper.roll.all():
        balloting.mark_paper_voter(on_paper, mark.seat, by=office)
    for officer in (office, other):
        balloting.count_paper(on_paper, Counts(4, 0, 0, 1), by=officer)
    round_ = balloting.close_round(on_paper, by=office)
    assert (round_.outcome, round_.invalid) == ("passed", 1)
    assert {i.name: i.offenders() for i in invariants.INVARIANTS if i.offenders()} == {}


def test_on_paper_nobody_votes_online_and_nobody_is_marked_twice(on_paper, office):
    seat = on_paper.roll.first().seat
    with pytest.raises(Refused, match="纸质选票"):
        balloting.cast(on_paper, seat, "a", by=seat.expert.user)
    balloting.mark_paper_voter(on_paper, seat, by=office)
    with pytest.raises(Refused, match="只投一次"):
        balloting.mark_paper_voter(on_paper, seat, by=office)
    with pytest.raises(PermissionDenied):
        balloting.mark_paper_voter(on_paper, seat, by=seat.expert.user)


def test_the_slips_are_one_per_voter_and_all_the_same(on_paper):
    import pypdfium2

    paper = Document.objects.about(on_paper).get(kind="ballot_slip")
    template, context = documents.KINDS["ballot_slip"].build(paper)
    assert context["copies"] == 5
    printed = pdf.render_pdf(documents.page_html(template, context, paper), copies=context["copies"])
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(printed)]
    assert (len(pages), len(set(pages))) == (5, 1)
    assert on_paper.item.application.studio_name in pages[0].replace("\r\n", "")
    for seat in on_paper.item.session.seats.select_related("expert"):
        assert seat.expert.name not in pages[0]


# ── the database refuses ────────────────────────────────────────────────────────────────────────
def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# fmt: off
FORBIDDEN = [
    # what somebody at the database tries                         and how
    ("a figure of a closed round",         "UPDATE applications_ballotround SET approve = 5, oppose = 0 WHERE id = %s"),
    ("an outcome of a closed round",       "UPDATE applications_ballotround SET outcome = 'failed' WHERE id = %s"),
    ("the arithmetic of a closed round",   "UPDATE applications_ballotround SET arithmetic = '' WHERE id = %s"),
    ("opening a closed round again",       "UPDATE applications_ballotround SET closed_at = NULL, closed_by_id = NULL, approve = NULL, oppose = NULL, abstain = NULL, invalid = NULL, outcome = '' WHERE id = %s"),
    ("deleting a closed round's slip",     "DELETE FROM applications_slip WHERE round_id = %s"),
    ("deleting a mark of who voted",       "DELETE FROM applications_rollmark WHERE round_id = %s"),
    ("taking a mark back",                 "UPDATE applications_rollmark SET has_voted = {false} WHERE round_id = %s"),
    ("touching the roll afterwards",       "UPDATE applications_rollmark SET touched = 9 WHERE round_id = %s"),
    ("moving a slip to another key",       "UPDATE applications_slip SET row_key = '11111111111111111111111111111111' WHERE round_id = %s"),
    ("a paper count after the close",      "INSERT INTO applications_papercount (round_id, by_id, at, approve, oppose, abstain, invalid) SELECT id, opened_by_id, opened_at, 1, 0, 0, 0 FROM applications_ballotround WHERE id = %s"),
    ("a slip after the close",             "INSERT INTO applications_slip (row_key, round_id, choice) SELECT '22222222222222222222222222222222', id, 'x' FROM applications_ballotround WHERE id = %s"),
]
# fmt: on


@pytest.mark.parametrize("statement", [row[1] for row in FORBIDDEN], ids=[row[0] for row in FORBIDDEN])
def test_a_closed_round_is_frozen(item, statement):
    round_ = opened(item)
    vote(round_, "aaaao")
    close(round_)
    false = "0" if connection.vendor == "sqlite" else "FALSE"
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement.format(false=false), round_.pk)


def test_the_count_sheet_may_still_be_set(item, office):
    round_ = opened(item)
    vote(round_, "aaaao")
    close(round_)
    scan = attachments.check(upload_samples.upload(upload_samples.pdf(), "计票单.pdf"))
    round_ = balloting.attach_count_sheet(round_, scan, by=office)
    assert round_.count_sheet.original_name == "计票单.pdf"


def test_nobody_stuffs_the_box(item):
    """More slips than marks, a vote of nobody, a second open round: refused by the database itself."""
    round_ = opened(item)
    vote(round_, "aa")
    slip = Slip(round=round_)
    slip.choice = "a"
    with pytest.raises(DatabaseError), transaction.atomic():
        slip.save(force_insert=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        OpenVote.objects.create(round=round_, seat=item.session.seats.order_by("pk")[4], choice="a")
    with pytest.raises(DatabaseError), transaction.atomic():
        RollMark.objects.filter(round=round_, has_voted=True).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        BallotRound.objects.create(
            item=item, number=2, voting="secret", means="online", quorum="all", threshold="two_thirds",
            min_voters=1, seats=5, present=5, recused=0, eligible=5, opened_by=chair_of(item),
        )  # fmt: skip


def _drop_triggers():
    for trigger in invariants.TRIGGERS:
        on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
        sql(f"DROP TRIGGER {trigger.name}{on}")


# fmt: off
TAMPERED = [
    ("ballot_verdict",   "UPDATE applications_ballotround SET arithmetic = '应到 5 → 通过' WHERE id = %s"),
    ("ballot_verdict",   "UPDATE applications_ballotround SET outcome = 'passed' WHERE id = %s"),
    ("slips_and_roll",   "DELETE FROM applications_slip WHERE row_key = (SELECT MIN({text}) FROM applications_slip WHERE round_id = %s){cast}"),
    ("ballot_recount",   "UPDATE applications_ballotround SET oppose = 2, abstain = 0 WHERE id = %s"),
    ("roll_of_round",    "UPDATE applications_ballotround SET present = 4, eligible = 4 WHERE id = %s"),
    ("decided_item_closed", "UPDATE applications_agendaitem SET is_open = {true} WHERE id = (SELECT item_id FROM applications_ballotround WHERE id = %s)"),
]
# fmt: on


@pytest.mark.parametrize(
    ("name", "statement"), TAMPERED, ids=[f"{n}-{i}" for i, (n, _) in enumerate(TAMPERED)]
)
def test_what_was_changed_behind_is_found(item, name, statement):
    round_ = opened(item)
    vote(round_, "aaaon"[:4] if name == "roll_of_round" else "aaaon")
    round_ = close(round_)
    _drop_triggers()
    if connection.vendor == "postgresql":
        statement = statement.format(text="row_key::text", cast="::uuid", true="TRUE")
    else:
        statement = statement.format(text="row_key", cast="", true="1")
    sql(statement, round_.pk)
    assert str(round_) in next(i for i in invariants.INVARIANTS if i.name == name).offenders() or (name in (
        "slips_and_roll", "roll_of_round", "decided_item_closed",
    ) and next(i for i in invariants.INVARIANTS if i.name == name).offenders())  # fmt: skip


# ── by the browser ──────────────────────────────────────────────────────────────────────────────
def act(client, item, name, **data):
    url = reverse("applications:panel_act", args=[item.session.key, name])
    return client.post(url, {"item": item.key, "form_key": str(uuid4())} | data)


def test_a_whole_ballot_by_browser(item, client_of, office):
    chair = client_of(chair_of(item))
    assert act(chair, item, "open", page="seat").status_code == 302
    round_ = BallotRound.objects.get()
    url = reverse("applications:panel_vote", args=[item.session.key])
    for seat in item.session.seats.select_related("expert__user"):
        client = client_of(seat.expert.user)
        assert (
            "确认投票"
            in client.get(reverse("applications:panel_seat", args=[item.session.key])).content.decode()
        )
        data = {"round": round_.key, "choice": "a", "form_key": str(uuid4())}
        assert client.post(url, data).status_code == 302
        assert (
            client.post(url, data).status_code == 302
        )  # the same form again leads back, and votes no second time
        assert client.post(url, data | {"form_key": str(uuid4())}).status_code == 409
    assert act(chair, item, "close", page="seat").status_code == 302
    text = chair.get(reverse("applications:panel_seat", args=[item.session.key])).content.decode()
    assert "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 5 ≥ ⅔×5＝3⅓ → 通过" in text


def test_no_choice_no_vote(item, client_of):
    round_ = opened(item)
    client = client_of(chair_of(item))
    url = reverse("applications:panel_vote", args=[item.session.key])
    answer = client.post(url, {"round": round_.key, "form_key": str(uuid4())})
    assert answer.status_code == 422
    assert "请选择同意、不同意或弃权，再投票。" in answer.content.decode()


def test_who_may_not_is_refused(item, client_of, office):
    expert = item.session.seats.filter(is_chair=False).first().expert.user
    assert act(client_of(office), item, "open").status_code == 403
    assert act(client_of(expert), item, "open").status_code == 403
    assert act(client_of(expert), item, "call").status_code == 403
    assert act(client_of(expert), item, "nonsense").status_code == 404


def test_a_refusal_is_said_on_the_page(item, client_of):
    round_ = opened(item)
    answer = act(client_of(chair_of(item)), item, "close")
    assert answer.status_code == 409
    assert "还没有人投票" in answer.content.decode()
    assert act(client_of(chair_of(item)), item, "void", reason="").status_code == 422
    assert BallotRound.objects.get(pk=round_.pk).closed_at is None


def test_paper_figures_by_browser(on_paper, office, client_of):
    other = UserFactory(roles=["office"])
    item = on_paper.item
    for mark in on_paper.roll.all():
        assert act(client_of(office), item, "mark", seat=mark.seat_id).status_code == 302
    url = reverse("applications:ballot_count", args=[item.session.key, on_paper.key])
    figures = {"approve": 4, "oppose": 1, "abstain": 0, "invalid": 0}
    assert client_of(office).post(url, figures | {"form_key": str(uuid4())}).status_code == 302
    text = client_of(other).get(url).content.decode()
    assert "您登记之后才显示对方的结果" in text
    assert str(office) not in text.partition('id="main"')[2].partition("<form")[0]
    assert (
        client_of(other).post(url, figures | {"approve": "四", "form_key": str(uuid4())}).status_code == 422
    )
    assert client_of(other).post(url, figures | {"form_key": str(uuid4())}).status_code == 302
    assert "清点的结果一致" in client_of(other).get(url).content.decode()
    assert act(client_of(office), item, "close").status_code == 302
    page = (
        client_of(office)
        .get(reverse("applications:ballot_results", args=[item.session.key]))
        .content.decode()
    )
    assert "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 4 ≥ ⅔×5＝3⅓ → 通过" in page
    assert page.count("计票单") > 1


def test_count_sheet_and_minutes_say_what_came_out(item, office):
    round_ = opened(item)
    vote(round_, "aaaao")
    round_ = close(round_)
    paper = Document.objects.about(round_).get(kind="count_sheet")
    _, context = documents.KINDS["count_sheet"].build(paper)
    assert (context["approve"], context["oppose"], context["arithmetic"]) == (4, 1, round_.arithmetic)
    minutes = documents.issue("panel_minutes", item.session, by=office)
    _, context = documents.KINDS["panel_minutes"].build(minutes)
    (row,) = context["items"]
    assert row["opinion"] == item.opinion
    assert row["rounds"] == [
        {
            "number": 1,
            "counts": "同意4票，不同意1票，弃权0票",
            "arithmetic": round_.arithmetic,
            "outcome": "通过",
        }
    ]
    assert (
        papers.papers_of(item.application, for_studio=True).filter(pk__in=[paper.pk, minutes.pk]).count() == 0
    )


@pytest.mark.parametrize("voters", [5, 9])
def test_the_fragments_cost_the_same_for_any_panel(office, client_of, django_assert_max_num_queries, voters):
    item = case_before(sitting(office, voters=voters), office)
    opened(item)
    screen, phone = client_of(office), client_of(chair_of(item))
    for client, name, most in ((screen, "panel_live_now", 12), (phone, "panel_seat_now", 12)):
        url = reverse(f"applications:{name}", args=[item.session.key])
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_the_steps_lead_to_the_live_page(item):
    for name in ("open_ballot", "carry", "not_carry", "void_ballot"):
        step = ADMISSION.steps[name]
        assert step.page(item.application) == reverse("applications:panel_live", args=[item.session.key])


def test_the_opinion_of_the_case_is_kept_for_box_11(item):
    round_ = opened(item)
    vote(round_, "aaaao")
    close(round_)
    item.refresh_from_db()
    assert item.opinion == "技艺精湛，规划可行，建议入驻。"
    with pytest.raises(Refused, match="已经办结"):
        deliberating.write_opinion(item, "改口", version=1, by=chair_of(item))
