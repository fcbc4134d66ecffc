"""The demo of life in the park: everybody and every state is there, nothing contradicts itself, loading stays quick."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from assessments.models import Scorecard
from park import audit
from park.invariants import REGISTRY
from park.models import AuditEntry, Document, User
from park.workflow import PROCEDURES
from tests.reference import kept_for_the_module, load_reference_rows
from workshops.charges.arrears import band_of, days_over
from workshops.conditions.ledger import warnings_for
from workshops.models import (
    AttractionLead,
    Bill,
    CheckIn,
    EndWarning,
    LeaderChange,
    LedgerRecord,
    Meter,
    ReadReceipt,
    RepairTicket,
    Residency,
    Room,
    SafetyLetter,
    Studio,
    Trainee,
)

MOST_QUERIES = 80_000  # what is many is written in bulk


class Counted:
    """Counts what goes to the database, without keeping it."""

    count = 0

    def __call__(self, execute, *args):
        self.count += 1
        return execute(*args)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """One load for the whole module; how many queries it took."""
    with kept_for_the_module(django_db_blocker):
        with django_db_blocker.unblock():
            load_reference_rows()
            with connection.execute_wrapper(queries := Counted()):
                call_command("load_demo", verbosity=0)
        yield queries.count


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def _ours():
    return [
        flow for flow in PROCEDURES.values() if flow.model._meta.app_label in ("workshops", "assessments")
    ]


# One card of last year failed and waits for the studio's report; a park has few revocations, and the demo tells three.
# The evaluation of last year is over, that of the running one is open: none is in between.
UNTOLD = {
    "考核评分": {"provisional", "reconsidering"},
    "年度考核": {"announced"},
    "限期整改": {"reported", "passed", "failed", "withdrawn"},
    "取消资格": {"proposed", "notified", "defending", "resolved", "vacated", "archived"},
}


def test_every_status_of_every_procedure_has_a_row():
    missing = {
        flow.name: set(flow.stages)
        - set(flow.model._base_manager.values_list("status", flat=True))
        - UNTOLD.get(flow.name, set())
        for flow in _ours()
    }

    assert {name: found for name, found in missing.items() if found} == {}


def test_twelve_residents_and_twenty_affiliated():
    """Nine of its own and the three that the admission demo admits; two have left, one was struck off."""
    assert Studio.objects.resident().count() == 12
    assert Studio.objects.affiliated().count() == 20
    assert Studio.objects.former().count() == 3
    assert Counter(Studio.objects.affiliated().values_list("level__code", flat=True)) == {
        "national": 2,
        "province": 7,
        "city": 11,
    }


def test_nothing_contradicts_itself():
    times = list(AuditEntry.objects.order_by("sequence").values_list("at", flat=True))

    assert times == sorted(times)
    assert times[-1] < timezone.now()
    assert audit.verify().fault == ""
    assert {rule.name: rule.offenders() for rule in REGISTRY if rule.offenders()} == {}


def test_leaders_sign_in_as_themselves():
    for number in range(1, 5):
        user = User.objects.get(username=f"studio{number}")
        assert user.studios.get().leader().user == user


def test_leader_changes_stand_everywhere():
    assert Counter(LeaderChange.objects.values_list("status", flat=True)) == {
        "reported": 1,
        "nominated": 1,
        "reviewed": 1,
        "approved": 2,
        "lapsed": 1,
        "cancelled": 1,
    }
    twice = LeaderChange.objects.annotate(rounds=Count("nominations")).get(rounds=2)
    assert twice.status == "approved"
    reported = LeaderChange.objects.get(status="reported")
    assert (reported.window_ends_on - timezone.localdate()).days == 40


def test_fifteen_masters_two_overdue():
    today = timezone.localdate()

    assert AttractionLead.objects.count() == 15
    assert AttractionLead.objects.worked_on().filter(next_contact_on__lt=today).count() == 2


def test_waivers_end_at_every_distance():
    today = timezone.localdate()
    left = {
        row.studio.people.get().username: (row.rent_free_until - today).days
        for row in Residency.objects.in_park().filter(studio__people__username__startswith="studio")
    }

    assert [left[f"studio{n}"] for n in (1, 2, 3)] == [90, 25, 0]
    assert left["studio4"] < 0
    assert set(EndWarning.objects.values_list("kind", flat=True)) >= {"waiver"}


def test_rooms_on_two_floors_one_closed():
    assert Counter(Room.objects.values_list("floor", flat=True)) == {2: 6, 3: 7}
    assert Room.objects.filter(is_active=False).count() == 1


def test_arrears_in_all_bands():
    today = timezone.localdate()
    overdue = Bill.objects.overdue(today)

    assert {band_of(days_over(bill.pay_by, today)) for bill in overdue} == {
        "30天以内",
        "31至90天",
        "90天以上",
    }
    assert Bill.objects.filter(status="cancelled").count() == 1
    assert Meter.objects.filter(factor=40).count() == 1
    assert Meter.objects.exclude(removed_on=None).count() == 1
    assert Bill.objects.filter(status="paid").count() > 60


def test_ledgers_are_full():
    status = Counter(LedgerRecord.objects.values_list("status", flat=True))
    logs = LedgerRecord.objects.filter(kind="log").values("studio").annotate(n=Count("pk"))

    assert min(row["n"] for row in logs) >= 60
    assert max(row["n"] for row in logs) <= 250
    assert status["verified"] / sum(status.values()) > 0.75
    assert Trainee.objects.count() > 500
    reports = LedgerRecord.objects.filter(kind="media", studio__people__username="studio1")
    media = reports.verified().latest("happened_on")
    assert any("同一份证明" in text for text in warnings_for([media])[media.pk])


def test_the_year_before_was_evaluated_with_every_grade():
    year = timezone.localdate().year
    last = Scorecard.objects.filter(cycle__year=year - 1)
    assert set(last.values_list("status", flat=True)) == {"final"}
    assert set(last.values_list("grade", flat=True)) >= {"excellent", "good", "pass", "fail"}
    failed = last.filter(grade="fail").values_list("studio__people__username", flat=True)
    assert set(failed) == {"studio8", "studio11"}
    assert last.get(reconsideration__outcome="changed").studio.people.get().username == "studio2"
    assert {"missing", "online"} == set(last.values_list("self_by", flat=True))
    now = Scorecard.objects.filter(cycle__year=year)
    assert set(now.values_list("status", flat=True)) == {"open", "self_assessed", "verified", "excluded"}
    half = now.get(studio__people__username="studio3").lines
    assert (half.filter(points=None).count(), half.get(item__code="A2.B4").grades.count()) == (9, 2)


def test_a_year_of_days_repairs_rules_and_letters():
    assert CheckIn.objects.count() > 1000
    assert RepairTicket.objects.count() == 26
    assert ReadReceipt.objects.count() > 20
    assert SafetyLetter.objects.filter(received_at=None).count() == 2
    assert Document.objects.filter(kind="attendance_sheet").count() == 4


def test_loading_asks_a_bounded_number_of_times(loaded):
    assert loaded < MOST_QUERIES
