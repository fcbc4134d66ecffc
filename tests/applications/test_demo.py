"""The demo: valid and fictional values, every state, real acts in the order of their dates, loaded once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications.management.demo.clock import Calendar, travelling
from applications.management.demo.plan import (
    PASSWORD,
    read_accounts,
    read_experts,
    read_lists,
    read_plan,
    read_sessions,
)
from applications.models import (
    Application,
    BallotRound,
    CandidateList,
    Conflict,
    Expert,
    Letter,
    PanelSession,
    Recommendation,
    SiteVisit,
    Status,
)
from applications.workflow import ADMISSION
from park import audit, validators
from park.invariants import REGISTRY
from park.models import Announcement, AuditEntry, CraftField, Document, Objection, Role, User
from workshops.models import Residency

PLAN = read_plan()
COVERING = 16  # the first rows of the plan cover every status
DECIDED = {  # and told, or to be told, by letter
    Status.ADMITTED: "admitted",
    Status.WAITLISTED: "waitlisted",
    Status.NOT_SELECTED: "not_admitted",
    Status.DECLINED: "not_admitted",
}


def said(section, field):
    return [entry.content[section][field] for entry in PLAN if entry.content[section][field]]


def test_plan_covers_every_status_and_ends_of_each_kind():
    assert len(PLAN) == 53
    assert {entry.ends_as for entry in PLAN} == set(Status)
    assert {entry.ends_as for entry in PLAN[:COVERING]} == set(Status)
    assert Counter(entry.ends_as for entry in PLAN) == {
        Status.SUBMITTED: 11,
        Status.DRAFT: 6,
        Status.CORRECTION: 4,
        Status.SITE_VISIT: 4,
        Status.WITHDRAWN: 3,
        Status.REJECTED: 3,
        Status.DELIBERATION: 5,
        Status.BALLOT: 1,
        Status.CANDIDATE: 2,
        Status.LISTED: 2,
        Status.APPROVED: 1,
        Status.ON_NOTICE: 2,
        Status.WAITLISTED: 2,
        Status.ADMITTED: 3,
        Status.DECLINED: 2,
        Status.NOT_SELECTED: 2,
    }


def test_plan_has_short_and_long_texts_and_none_to_many_members():
    lengths = [len(entry.typed("plan")["plan_or_goals"]) for entry in PLAN]
    members = [len(entry.typed("members")["members"]) for entry in PLAN]

    assert min(n for n in lengths if n) < 60
    assert max(lengths) > 1000
    assert (min(members), max(members)) == (0, 28)


@pytest.mark.parametrize("sign", "镕喆玥垚昇堃珺䶮")
def test_rare_characters_occur_in_names(sign):
    names = [e.content["leader"]["leader_name"] + e.content.get("members_rows", "") for e in PLAN]

    assert any(sign in name for name in names)


def test_identity_numbers_are_valid_distinct_and_of_regions_that_issue_none():
    numbers = said("leader", "leader_id_number")

    assert [validators.resident_id(n) for n in numbers] == numbers
    assert len(set(numbers)) == len(PLAN)
    assert {n[:6] for n in numbers} == {"321100", "320000", "350000"}
    births = {validators.ResidentId.parse(n).birth_date.year // 10 for n in numbers}
    assert births == {195, 196, 197, 198, 199}


def test_mobiles_are_valid_and_of_one_made_up_range():
    mobiles = said("leader", "leader_mobile") + said("unit", "contact_mobile")
    mobiles += [row["mobile"] for row in [*read_accounts(), *read_experts()]]

    assert [validators.mobile(m) for m in mobiles] == mobiles
    assert {m[:8] for m in mobiles} == {"13900000"}


def test_credit_codes_are_valid_and_belong_to_one_unit_each():
    codes = {(e.content["unit"]["unit_credit_code"], e.content["unit"]["unit_name"]) for e in PLAN}
    codes = [code for code, _ in codes if code]

    assert [validators.credit_code(c) for c in codes] == codes
    assert len(set(codes)) == len(codes)
    assert {c[8:12] for c in codes} == {"MADE"}


def test_accounts_cover_every_role():
    assert {role for row in read_accounts() for role in row["roles"]} == set(Role)


def test_tables_of_the_road_name_each_other():
    sessions, lists = {row.name for row in read_sessions()}, {row.name for row in read_lists()}
    experts = {row["name"] for row in read_experts()}

    assert {entry.session for entry in PLAN} - {""} == sessions
    assert {entry.on_list for entry in PLAN} - {""} == lists
    assert {name for row in read_sessions() for name in row.experts} <= experts
    assert {name for entry in PLAN for name in entry.visitors} <= {row["username"] for row in read_accounts()}


def test_pool_is_of_thirty_experts_of_every_field_five_with_accounts():
    rows = read_experts()
    accounts = {row["username"]: row["real_name"] for row in read_accounts()}

    assert len({(row["name"], row["unit_name"]) for row in rows}) == 30
    assert {accounts[row["account"]] for row in rows if row["account"]} == {
        row["name"] for row in rows if row["account"]
    }
    assert sum(1 for row in rows if row["account"]) == 5
    assert (sum(1 for row in rows if row["away"]), sum(1 for row in rows if row["left"])) == (3, 1)


@pytest.mark.django_db
def test_fields_of_experts_are_codes_of_the_reference_table(reference_data):
    assert {code for row in read_experts() for code in row["fields"]} == set(
        CraftField.objects.values_list("code", flat=True)
    )


@pytest.mark.django_db
def test_clock_sets_defaults_of_fields_back_and_returns():
    before = timezone.now()

    with travelling(before - timedelta(days=30)) as clock:
        entry = audit.record("login", by=None)
        clock.set(before - timedelta(days=40))  # never back
        later = timezone.now()

    assert before - timedelta(days=30) < entry.at < later < before - timedelta(days=29)
    assert timezone.now() >= before


def test_clock_never_runs_ahead_of_the_real_one():
    with travelling(timezone.now() - timedelta(milliseconds=5)) as clock:
        seen = [clock.look() for _ in range(5)]

    assert seen == sorted(seen)
    assert seen[-1] <= timezone.now()


@pytest.mark.django_db
@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (0, 12), (8, 30), (23, 59)])
def test_moments_of_today_are_over_and_of_today(monkeypatch, hour, minute):
    """Also a few minutes after midnight: a meeting of today must not be signed in to yesterday."""
    now = timezone.localtime().replace(hour=hour, minute=minute, second=30)
    monkeypatch.setattr(timezone, "now", lambda: now)
    calendar = Calendar()

    assert {calendar.at(0, h, 59) <= now for h in range(24)} == {True}
    assert {timezone.localdate(calendar.at(0, h)) for h in range(24)} == {timezone.localdate()}


@pytest.mark.django_db
def test_load_covers_every_status_with_real_traces(reference_data):
    call_command("load_demo", applications=COVERING, without_living=True, verbosity=0)

    assert set(Application.objects.values_list("status", flat=True)) == set(Status)
    assert Application.objects.count() == COVERING
    assert Document.objects.filter(kind="correction_notice").count() == 1
    assert set(Recommendation.objects.values_list("matched_by", flat=True)) == {"qr", "hand"}
    assert _sound()


def _sound():
    """Nothing contradicts itself, nothing is dated after now or out of order."""
    times = list(AuditEntry.objects.order_by("sequence").values_list("at", flat=True))
    assert times == sorted(times)
    assert times[-1] < timezone.now()
    assert audit.verify().fault == ""
    assert {rule.name: rule.offenders() for rule in REGISTRY if rule.offenders()} == {}
    return True


@pytest.mark.django_db
def test_whole_demo(reference_data):
    """One load, looked at from all sides: it takes most of the time of this file. Life in the park has tests of its own."""
    call_command("load_demo", without_living=True, verbosity=0)

    assert Counter(Application.objects.values_list("status", flat=True)) == Counter(
        entry.ends_as for entry in PLAN
    )
    assert _sound()
    _visits_of_every_kind()
    _live_session_is_ready_to_vote()
    _past_sessions_were_drawn_and_voted_on()
    _lists_and_notices_stand_where_they_should()
    _no_letter_is_missing()
    _papers_are_issued()


def _visits_of_every_kind():
    open_ones = Application.objects.filter(status=Status.SITE_VISIT)
    today = SiteVisit.objects.get(status="planned", visit_on=timezone.localdate())
    on_the_way = set(today.visitors.values_list("user__username", flat=True))

    assert Counter(open_ones.values_list("visits__status", flat=True)) == {
        None: 1,
        "planned": 2,
        "recorded": 1,
    }
    assert SiteVisit.objects.filter(visit_on__gt=timezone.localdate(), status="planned").count() == 1
    assert on_the_way == {"office1", "expert2"}
    assert SiteVisit.objects.filter(outcome="failed").get().application.status == Status.REJECTED


def _live_session_is_ready_to_vote():
    """The chair has only to press 开始投票: five are in the room, one leaves for another case."""
    session = PanelSession.objects.get(status="sitting", means="online")
    first = session.current_item
    chair = User.objects.get(username="expert1")

    assert session.meets_on == timezone.localdate()
    assert set(session.seats.present().values_list("expert__user__username", flat=True)) == {
        f"expert{n}" for n in range(1, 6)
    }
    assert session.seats.get(is_chair=True).expert.user == chair
    assert (session.agenda.filter(is_open=True).count(), first.order) == (3, 1)
    assert first.assents.filter(version=first.opinion_version).count() == 5
    step = next(step for step in ADMISSION.open_to(chair, first.application) if step.name == "open_ballot")
    assert step.missing(first.application) == []
    recusal = Conflict.objects.confirmed().get(item__session=session)
    assert recusal.seat.expert.user.username == "expert3"
    assert not Application.objects.visible_to(recusal.seat.expert.user).filter(pk=recusal.item.application_id)
    other = PanelSession.objects.get(status="sitting", means="paper")
    slips = BallotRound.objects.get(item__session=other, closed_at=None)
    assert (slips.eligible, slips.roll.filter(has_voted=True).count()) == (5, 4)


def _past_sessions_were_drawn_and_voted_on():
    closed = PanelSession.objects.filter(status="closed")
    by_lot = closed.filter(means="paper")
    rounds = BallotRound.objects.filter(item__session__in=closed)
    coming = PanelSession.objects.get(status="convened")

    assert (closed.count(), by_lot.count()) == (3, 2)
    assert Counter(rounds.values_list("outcome", flat=True)) == {"passed": 14, "failed": 2, "tie": 1}
    for session in by_lot:
        assert {draw.seed for draw in session.draws.all()} != {""}
        assert set(session.seats.values_list("by_lot", flat=True)) == {True}
    assert coming.meets_on > timezone.localdate()
    assert set(coming.seats.values_list("response", flat=True)) >= {"pending", "accepted"}
    assert Expert.objects.filter(is_active=False).count() == 1


def _lists_and_notices_stand_where_they_should():
    assert Counter(CandidateList.objects.values_list("status", flat=True)) == {
        "resolved": 3,
        "sent": 1,
        "drafting": 1,
    }
    waiting = CandidateList.objects.get(status="sent")
    assert set(waiting.entries.values_list("opinions__member__username", flat=True)) == {"working2"}
    running = Announcement.objects.get(status="published", notice_days__gt=0)
    assert running.takes_objections
    assert list(Objection.objects.filter(outcome="").values_list("announcement", flat=True)) == [running.pk]
    assert set(Announcement.objects.values_list("kind", "status")) == {
        ("admission_notice", "concluded"),
        ("admission_notice", "published"),
        ("admission_list", "published"),
    }
    assert Residency.objects.count() == 3
    assert not Application.objects.get(status=Status.APPROVED).list_entries.get(is_open=True).office_opinion


def _no_letter_is_missing():
    """Whoever was decided on has one letter; one of them still waits in the outbox."""
    decided = Application.objects.filter(status__in=DECIDED)
    letters = Letter.objects.filter(dropped_at=None)

    assert sorted(letters.values_list("application", "kind")) == sorted(
        (application.pk, DECIDED[application.status]) for application in decided
    )
    waiting = letters.get(sent_at=None)
    assert waiting.application.status == Status.DECLINED
    assert waiting.application.result_told_at is None
    assert set(letters.exclude(pk=waiting.pk).values_list("document__state", flat=True)) == {"pending"}


def _papers_are_issued():
    kinds = Counter(Document.objects.values_list("kind", flat=True))

    assert kinds["correction_notice"] == 8
    assert Application.objects.filter(submissions__number=2).count() == 3
    assert kinds["visit_notice"] == SiteVisit.objects.count()
    assert kinds["count_sheet"] == BallotRound.objects.exclude(closed_at=None).count()
    assert {
        kind: kinds[kind]
        for kind in ("panel_minutes", "candidate_list", "resolution", "annex1_approved", "announcement")
    } == {
        "panel_minutes": 3,
        "candidate_list": 4,
        "resolution": 3,
        "annex1_approved": 5,
        "announcement": 3,
    }
    assert {"ballot_slip", "panel_invitation", "panel_sign_in", "visit_sheet", "visit_rejection"} <= set(
        kinds
    )
    assert {"announcement_report", "letter_admitted", "letter_not_admitted", "letter_waitlisted"} <= set(
        kinds
    )


@pytest.mark.django_db
def test_load_makes_demo_accounts_that_log_in_with_an_acceptable_password(reference_data, client, capsys):
    call_command("load_demo", applications=0, without_living=True, verbosity=0)

    users = {user.username: user for user in User.objects.filter(is_demo=True)}
    assert {name: user.role_names for name, user in users.items()} == {
        row["username"]: frozenset(row["roles"]) for row in read_accounts()
    }
    assert {user.must_change_password for user in users.values()} == {False}
    for user in users.values():
        assert user.check_password(PASSWORD)
        validate_password(PASSWORD, user)
    capsys.readouterr()
    call_command("demo_logins")
    printed = capsys.readouterr().out
    assert all(name in printed for name in users)
    assert PASSWORD in printed


@pytest.mark.django_db
def test_second_load_changes_nothing(reference_data):
    call_command("load_demo", applications=1, without_living=True, verbosity=0)
    entries = AuditEntry.objects.count()

    call_command("load_demo", verbosity=0)

    assert (Application.objects.count(), AuditEntry.objects.count()) == (1, entries)


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["load_demo", "demo_logins"])
def test_commands_refuse_outside_the_demo(reference_data, settings, command):
    settings.DEMO = False

    with pytest.raises(CommandError, match="演示环境"):
        call_command(command)

    assert not User.objects.filter(is_demo=True).exists()


@pytest.mark.django_db
def test_load_needs_reference_data():
    with pytest.raises(CommandError, match="load_reference_data"):
        call_command("load_demo")
