"""The demo: valid and fictional values, every state, real acts in the order of their dates, loaded once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications.management.demo.clock import Calendar, travelling
from applications.management.demo.plan import PASSWORD, read_accounts, read_plan
from applications.models import Application, Recommendation, Status
from park import audit, validators
from park.models import AuditEntry, Document, Role, User

PLAN = read_plan()
COVERING = 8  # the first rows of the plan cover every status


def said(section, field):
    return [entry.content[section][field] for entry in PLAN if entry.content[section][field]]


def test_plan_covers_every_status_and_ends_of_each_kind():
    assert len(PLAN) == 30
    assert {entry.ends_as for entry in PLAN} == set(Status)
    assert {entry.ends_as for entry in PLAN[:COVERING]} == set(Status)
    assert Counter(entry.ends_as for entry in PLAN) == {
        Status.SUBMITTED: 11,
        Status.DRAFT: 6,
        Status.CORRECTION: 4,
        Status.SITE_VISIT: 4,
        Status.WITHDRAWN: 3,
        Status.REJECTED: 2,
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
    mobiles += [row["mobile"] for row in read_accounts()]

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


@pytest.mark.django_db
def test_clock_sets_defaults_of_fields_back_and_returns():
    before = timezone.now()

    with travelling(before - timedelta(days=30)) as clock:
        entry = audit.record("login", by=None)
        clock.set(before - timedelta(days=40))  # never back
        later = timezone.now()

    assert before - timedelta(days=30) < entry.at < later < before - timedelta(days=29)
    assert timezone.now() >= before


def test_moments_of_today_lie_in_the_past(db):
    assert Calendar().at(0, 23, 59) < timezone.now()


@pytest.mark.django_db
def test_load_covers_every_status_with_real_traces(reference_data):
    call_command("load_demo", applications=COVERING, verbosity=0)

    assert set(Application.objects.values_list("status", flat=True)) == set(Status)
    assert Application.objects.count() == COVERING
    assert Document.objects.filter(kind="correction_notice").count() == 3
    assert Application.objects.filter(submissions__number=2).count() == 1
    assert set(Recommendation.objects.values_list("matched_by", flat=True)) == {"qr", "hand"}
    times = list(AuditEntry.objects.order_by("sequence").values_list("at", flat=True))
    assert times == sorted(times)
    assert times[-1] < timezone.now()
    assert audit.verify().fault == ""


@pytest.mark.django_db
def test_load_makes_demo_accounts_that_log_in_with_an_acceptable_password(reference_data, client, capsys):
    call_command("load_demo", applications=0, verbosity=0)

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
    call_command("load_demo", applications=1, verbosity=0)
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
