"""Can votes cast one by one be joined to their voters by whoever has the database and the logs?

Measured: an observer guesses, for each of six voters, whether they approved. Three approve and three oppose, in an
order drawn anew for each ballot, so that guessing at random is right for half of them. The observers use whatever
order, transaction number or row address the databases keep. The same observers, set upon an implementation that
simply adds a slip per vote, are right every time: so they would find a leak if there were one.
"""

import logging
import random
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from applications.actions import balloting, deliberating
from applications.models import AgendaItem, PanelSession, RollMark, Slip, Status
from park.models import AuditEntry, FormKey, Notification
from tests.applications import road
from tests.factories import UserFactory
from tests.reference import load_reference_rows

BALLOTS = 24
VOTERS = 6


# ── a panel that votes ──────────────────────────────────────────────────────────────────────────
def a_sitting(voters=VOTERS, **fields):
    office = UserFactory(roles=["office"])
    experts = [road.expert(n) for n in range(voters)]
    fields = {"seats_wanted": voters + 1 - voters % 2} | fields
    return office, road.session(by=office, experts=experts, **fields)


def an_open_round(session, office, application):
    item = AgendaItem.objects.filter(session=session, application=application).first()
    if item is None:
        item = road.agenda_item(session, application, by=office)
    PanelSession.objects.filter(pk=session.pk).update(current_item=item)
    item.refresh_from_db()
    return balloting.open_round_for(item, by=session.seats.get(is_chair=True).expert.user)


def cast_in_order(round_, dice, cast, watch=lambda: None):
    """Everybody votes once, in an order by lot; returns {seat: choice} in the order of voting."""
    seats = [mark.seat for mark in round_.roll.select_related("seat__expert__user")]
    dice.shuffle(seats)
    choices = list("aaaooo")
    dice.shuffle(choices)
    said = dict(zip(seats, choices, strict=True))
    for seat, choice in said.items():
        cast(round_, seat, choice, by=seat.expert.user)
        watch()
    return said


def naive(round_, seat, choice, *, by):
    """What one writes first: mark, add, audit."""
    from park import audit

    RollMark.objects.filter(round=round_, seat=seat, has_voted=False).update(has_voted=True)
    slip = Slip(row_key=next(_growing), round=round_)
    slip.choice = choice
    slip.save(force_insert=True)
    audit.record("cast_vote", round_, by=by)


def _keys():
    """Keys that grow, as serial numbers and UUIDs of version 7 do."""
    from uuid import UUID

    for n in range(1, 10**6):
        yield UUID(int=(n << 64) | (uuid4().int & (1 << 60)))


_growing = _keys()


# ── what an observer can read ───────────────────────────────────────────────────────────────────
def rows(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def order_of_voters(round_) -> list[int]:
    """From the trail, which says openly who voted when."""
    entries = AuditEntry.objects.filter(verb="cast_vote", subject_id=str(round_.pk)).order_by("sequence")
    by_user = {mark.seat.expert.user_id: mark.seat_id for mark in round_.roll.select_related("seat__expert")}
    return [by_user[entry.by_id] for entry in entries]


def slips_by(round_, order) -> list[str]:
    """The choices, opened with the application's key, in one of the orders that the database keeps."""
    table = "applications_slip"
    expressions = {
        "postgresql": {
            "ctid": "ctid",
            "xmin": "xmin::text::bigint, cmin::text::bigint, ctid",
            "key": "row_key",
        },
        "sqlite": {"rowid": "rowid", "scan": "NULL", "key": "row_key"},
    }[connection.vendor]
    found = rows(f"SELECT row_key FROM {table} WHERE round_id = %s ORDER BY {expressions[order]}", round_.pk)
    slips = {str(slip.row_key).replace("-", ""): slip.choice for slip in Slip.objects.filter(round=round_)}
    return [slips[str(key).replace("-", "")] for (key,) in found]


ORDERS = {"postgresql": ("ctid", "xmin", "key"), "sqlite": ("rowid", "scan", "key")}


def guesses_after(round_):
    """{way: {seat: choice}}: the order of the trail laid beside each order of the slips; and rows of roll and slips
    with the same transaction number."""
    voters = order_of_voters(round_)
    found = {
        order: dict(zip(voters, slips_by(round_, order), strict=True)) for order in ORDERS[connection.vendor]
    }
    if connection.vendor == "postgresql":
        mates = rows(
            "SELECT m.seat_id, p.row_key FROM applications_rollmark m JOIN applications_slip p"
            " ON p.round_id = m.round_id AND p.xmin = m.xmin WHERE m.round_id = %s ORDER BY p.ctid",
            round_.pk,
        )
        opened = {slip.row_key: slip.choice for slip in Slip.objects.filter(round=round_)}
        alone = {}
        for seat, key in mates:
            alone.setdefault(seat, []).append(opened[key])
        found["same transaction"] = {seat: (choices * VOTERS)[:1][0] for seat, choices in alone.items()}
        pairs = rows("SELECT seat_id, xmin::text FROM applications_rollmark WHERE round_id = %s", round_.pk)
        assert len({xmin for _, xmin in pairs}) == 1, (
            "rows of the roll can be told apart by their transactions"
        )
    return found


class Watcher:
    """Copies the plain tables after every vote. Without the key it only sees which rows are new; with every copy it
    notes the new marks and the new slips, and joins them when the ballot has been opened for counting."""

    def __init__(self, round_):
        self.round, self.marks, self.slips, self.joined = round_, set(), {}, {}

    def __call__(self):
        marks = {
            seat for seat, voted in RollMark.objects.filter(round=self.round).values_list("seat", "has_voted") if voted
        }  # fmt: skip
        slips = dict(rows("SELECT row_key, choice FROM applications_slip WHERE round_id = %s", self.round.pk))
        new_marks, new_slips = marks - self.marks, [key for key in slips if slips[key] != self.slips.get(key)]
        assert len({len(token) for token in slips.values()}) == 1, "ciphertexts differ in length"
        for seat in new_marks:
            self.joined[seat] = new_slips
        self.marks, self.slips = marks, slips

    def guesses(self, dice):
        """The slip that came with the voter, opened afterwards; where several came, or it is gone, one by lot."""
        opened = {str(s.row_key).replace("-", ""): s.choice for s in Slip.objects.filter(round=self.round)}
        found = {}
        for seat, keys in self.joined.items():
            known = [opened[k] for k in (str(key).replace("-", "") for key in keys) if k in opened]
            # The last voter's copy holds every slip of the end: no more than the sums, which are public.
            found[seat] = dice.choice(known) if known else dice.choice("ao")
        return found


def hits(guess, said):
    return sum(guess.get(seat.pk) == choice for seat, choice in said.items())


def measure(cast):
    """{way: share of right guesses} over many ballots of one panel."""
    dice = random.Random(20150104)
    office, session = a_sitting()
    right = {}
    for _ in range(BALLOTS):
        application = road.place(road.filed(), Status.DELIBERATION)
        round_ = an_open_round(session, office, application)
        watcher = Watcher(round_)
        said = cast_in_order(round_, dice, cast, watcher)
        found = guesses_after(round_) | {"copies after every vote": watcher.guesses(dice)}
        for way, guess in found.items():
            right.setdefault(way, []).append(hits(guess, said) / VOTERS)
        balloting.void_round(round_, reason="试验", by=session.seats.get(is_chair=True).expert.user)
    return {way: sum(shares) / BALLOTS for way, shares in right.items()}


def test_nobody_is_joined_to_a_vote_better_than_by_chance(db, reference):
    """24 ballots of six: chance is 0.50 with a standard error of 0.046 (drawn without replacement); the bound of
    0.75 is five of them, and 1.00 is what a leak gives."""
    found = measure(balloting.cast)
    assert {way: share for way, share in found.items() if not 0.25 < share < 0.75} == {}


def test_control_a_slip_per_vote_is_joined_every_time(db, reference):
    """The same observers, an honest first implementation: order, row address, key and copies all tell."""
    found = measure(naive_but_open)
    telling = {"postgresql": {"ctid", "key"}, "sqlite": {"rowid", "key"}}[connection.vendor]
    assert {way for way, share in found.items() if share == 1.0} >= telling | {"copies after every vote"}


def naive_but_open(round_, seat, choice, *, by):
    naive(round_, seat, choice, by=by)


# ── transactions of their own ───────────────────────────────────────────────────────────────────
@pytest.fixture
def committed(transactional_db, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    load_reference_rows()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_each_vote_in_its_own_transaction_leaves_no_pair(committed):
    """Votes really committed one by one: one transaction number over all slips, one over the whole roll."""
    dice = random.Random(7)
    office, session = a_sitting()
    right, ways = {}, 0
    for _ in range(12):
        round_ = an_open_round(session, office, road.place(road.filed(), Status.DELIBERATION))
        watcher = Watcher(round_)
        said = cast_in_order(round_, dice, balloting.cast, watcher)
        for table in ("applications_slip", "applications_rollmark"):
            ids = rows(f"SELECT DISTINCT xmin::text FROM {table} WHERE round_id = %s", round_.pk)
            assert len(ids) == 1, table
        found = guesses_after(round_) | {"copies after every vote": watcher.guesses(dice)}
        for way, guess in found.items():
            right.setdefault(way, []).append(hits(guess, said) / VOTERS)
        ways = len(found)
        balloting.void_round(round_, reason="试验", by=session.seats.get(is_chair=True).expert.user)
    shares = {way: sum(s) / len(s) for way, s in right.items()}
    assert ways == 5
    assert {way: share for way, share in shares.items() if not 0.2 < share < 0.8} == {}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_separate_transactions_pair_every_slip_with_its_voter(committed, monkeypatch):
    """Without the rewriting, xmin alone joins all but nobody: each slip has the number of its voter's mark."""
    office, session = a_sitting()
    round_ = an_open_round(session, office, road.place(road.filed(), Status.DELIBERATION))
    from django.db import transaction

    def alone(*args, **kwargs):
        with transaction.atomic():
            naive(*args, **kwargs)

    said = cast_in_order(round_, random.Random(3), alone)
    pairs = rows(
        "SELECT m.seat_id, p.row_key FROM applications_rollmark m JOIN applications_slip p"
        " ON p.round_id = m.round_id AND p.xmin = m.xmin WHERE m.round_id = %s",
        round_.pk,
    )
    opened = {slip.row_key: slip.choice for slip in round_.slips.all()}
    assert {seat: opened[key] for seat, key in pairs} == {seat.pk: choice for seat, choice in said.items()}


# ── nothing else holds a choice ─────────────────────────────────────────────────────────────────
WORDS = ("同意", "不同意", "弃权")


@pytest.fixture
def voted(db, reference, client_of, caplog):
    """Five experts vote by their browsers, each something; what the site answered and logged meanwhile."""
    caplog.set_level(logging.DEBUG)
    office, session = a_sitting(5)
    round_ = an_open_round(session, office, road.place(road.filed(), Status.DELIBERATION))
    url = reverse("applications:panel_vote", args=[session.key])
    said = dict(zip([m.seat for m in round_.roll.select_related("seat__expert__user")], "aoano", strict=True))
    answers, sizes = [], {}
    before = AuditEntry.objects.count(), Notification.objects.count()
    for seat, choice in said.items():
        client = client_of(seat.expert.user)
        data = {"round": round_.key, "choice": choice, "form_key": str(uuid4())}
        answer = client.post(url, data)
        assert answer.status_code == 302
        answers.append(answer)
        sizes.setdefault(choice, set()).add(
            (answer.status_code, len(answer.content), answer.headers["Location"])
        )
    return {
        "office": office, "session": session, "round": round_, "said": said, "answers": answers, "sizes": sizes,
        "before": before, "log": caplog.text,
    }  # fmt: skip


def test_every_answer_is_the_same_whatever_was_voted(voted):
    assert len(set.union(*voted["sizes"].values())) == 1
    assert set(voted["sizes"]) == {"a", "o", "n"}


def test_no_trace_holds_a_choice(voted):
    """Audit entries, form keys, messages, jobs and logs: of the vote they have the voter and the round."""
    entries = AuditEntry.objects.filter(verb="cast_vote")
    assert entries.count() == 5
    for entry in entries:
        assert (entry.subject, entry.before, entry.after, entry.note) == (str(voted["round"]), "", "", "")
    assert set(FormKey.objects.values_list("location", flat=True)) == {
        reverse("applications:panel_seat", args=[voted["session"].key])
    }
    assert Notification.objects.count() == voted["before"][1]
    for word in (*WORDS, "choice"):
        assert word not in "\n".join(line for line in voted["log"].splitlines() if "django.db" not in line)


def test_the_vote_is_in_no_readable_column_of_any_table(voted):
    """Everything that five votes wrote, compared with what the same five would have written voting otherwise: the
    only columns in which a plain letter of a choice could stand are swept, in every table."""
    from django.apps import apps
    from django.db import models

    for model in apps.get_models(include_auto_created=True):
        names = [
            f.attname
            for f in model._meta.concrete_fields
            if isinstance(f, models.CharField | models.TextField) and not f.choices
        ]
        for row in model._base_manager.all():
            for name in names:
                assert row.__dict__.get(name) not in ("a", "o", "n"), (model, name)


def test_pages_show_marks_and_no_choice_before_the_close(voted, client_of):
    session, office = voted["session"], voted["office"]
    for name in ("panel_live_now", "ballot_results"):
        text = client_of(office).get(reverse(f"applications:{name}", args=[session.key])).content.decode()
        assert "不同意" not in text
        assert "弃权" not in text
    for seat in voted["said"]:
        text = client_of(seat.expert.user).get(
            reverse("applications:panel_seat", args=[session.key])
        ).content.decode()  # fmt: skip
        assert "您已投票" in text
        assert "不同意" not in text
        assert "弃权" not in text


def test_before_the_close_all_pages_are_equal_but_for_the_names(db, reference, client_of):
    """The same panel, all approve or all oppose: the screen and the results read letter for letter the same."""
    office, session = a_sitting(5)
    shown = []
    for choice in "ao":
        round_ = an_open_round(session, office, road.place(road.filed(), Status.DELIBERATION))
        for mark in round_.roll.select_related("seat__expert__user"):
            balloting.cast(round_, mark.seat, choice, by=mark.seat.expert.user)
        text = (
            client_of(office).get(reverse("applications:panel_live_now", args=[session.key])).content.decode()
        )
        case = round_.item.application
        for own in (
            case.studio_name,
            case.leader_name,
            case.number,
            case.unit_name,
            f"第 {round_.item.order} 项",
        ):
            text = text.replace(own, "")
        shown.append(text[text.index("</section>") :])
        balloting.void_round(round_, reason="试验", by=session.seats.get(is_chair=True).expert.user)
    assert shown[0] == shown[1]


def test_slips_are_in_no_admin(reference):
    from django.contrib import admin

    from applications.models import BallotRound, OpenVote, PaperCount

    assert not {Slip, RollMark, OpenVote, BallotRound, PaperCount} & set(admin.site._registry)


def test_slips_have_no_history_and_are_in_no_export():
    from import_export import resources

    import applications.resources
    from applications.models import OpenVote

    def below(kind):
        return {kind} | {c for sub in kind.__subclasses__() for c in below(sub)}

    exported = {getattr(getattr(r, "_meta", None), "model", None) for r in below(resources.ModelResource)}
    assert not {Slip, OpenVote, RollMark} & exported
    assert not hasattr(Slip, "history")
    assert applications.resources is not None


def test_a_voided_round_is_never_counted(voted, monkeypatch):
    """Nobody learns a figure of it: its slips are not even opened."""
    from applications.models import BallotRound

    monkeypatch.setattr(BallotRound, "recounted", lambda self: pytest.fail("opened"))
    chair = voted["session"].seats.get(is_chair=True).expert.user
    round_ = balloting.void_round(voted["round"], reason="有专家应当回避", by=chair)
    assert (round_.approve, round_.oppose, round_.abstain) == (0, 0, 0)


def test_new_keys_reseal_open_and_closed_rounds(voted, settings):
    """rotate_field_keys changes the seals and nothing else; the recount agrees afterwards."""
    import base64

    round_ = voted["round"]
    chair = voted["session"].seats.get(is_chair=True).expert.user
    balloting.close_round(round_, by=chair)
    before = dict(rows("SELECT row_key, choice FROM applications_slip"))
    settings.FIELD_KEYS = f"{settings.FIELD_KEYS},fresh:{base64.b64encode(b'n' * 32).decode()}"
    call_command("rotate_field_keys", verbosity=0)
    after = dict(rows("SELECT row_key, choice FROM applications_slip"))
    assert before.keys() == after.keys()
    assert all(token.startswith("fresh$") for token in after.values())
    round_.refresh_from_db()
    assert round_.recounted() == (round_.approve, round_.oppose, round_.abstain) == (2, 2, 1)


def test_experts_can_read_what_is_secret(client_of, db, reference):
    page = client_of(road.expert(1).user).get(reverse("applications:ballot_secrecy"))
    text = page.content.decode()
    assert "您投了什么" in text
    assert "您是否已经投票" in text
    assert "FIELD_KEYS" not in text  # the part for operations stays in docs/


def test_the_note_and_opinion_of_the_case_name_no_vote(voted):
    assert not deliberating.notes_shown(voted["round"].item)
