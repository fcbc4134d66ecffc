"""A ledger record: who may do what in which status, what must be there, what is frozen, what makes one look twice."""

import itertools
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from park import rules
from park.audit import history_of
from park.invariants import REGISTRY
from park.models import Notification, Role
from park.workflow import Conflict, Refused
from tests.answers import answer_to
from tests.factories import UserFactory
from tests.workshops import ledgers
from tests.workshops.factories import StudioFactory
from workshops.actions import ledger as acts
from workshops.conditions.ledger import warnings_for
from workshops.kinds import KINDS
from workshops.models import LedgerFile, LedgerRecord, LedgerStatus, Trainee
from workshops.statistics.ledger import certified_people, proofs_of_year, year_of
from workshops.workflow import LEDGER

pytestmark = pytest.mark.django_db

S = LedgerStatus
STUDIO, OFFICE = {"own"}, {"office", "lead_division"}
# Status → step → who may, retyped from the way a record goes: the studio writes, the office verifies.
MAY = {
    S.DRAFT: {"submit_ledger": STUDIO, "void_ledger": STUDIO},
    S.SUBMITTED: {
        "withdraw_ledger": STUDIO,
        "void_ledger": STUDIO,
        "verify_ledger": OFFICE,
        "return_ledger": OFFICE,
    },
    S.RETURNED: {"submit_ledger": STUDIO, "void_ledger": STUDIO},
    S.VERIFIED: {"reopen_ledger": OFFICE},
    S.VOIDED: {"restore_ledger": STUDIO},
}
OUTSIDERS = ["own", "of_another_studio", "officer_of_studio", "superuser", *(str(role) for role in Role)]


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def studio():
    return StudioFactory(people=[UserFactory(roles=["applicant"])])


def person(who, studio):
    if who == "own":
        return ledgers.member_of(studio)
    if who == "of_another_studio":
        return ledgers.member_of(StudioFactory())
    if who == "officer_of_studio":
        own = UserFactory(roles=["office"])
        studio.people.add(own)
        return own
    if who == "superuser":
        return UserFactory(is_superuser=True)
    return UserFactory(roles=[who])


# ── who may do what ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", S)
def test_steps_offered(studio, office, status):
    row = ledgers.in_status(studio, status, office=office)
    people = {who: person(who, studio) for who in OUTSIDERS}
    offered = {who: {step.name for step in LEDGER.open_to(user, row)} for who, user in people.items()}
    # an officer of the studio acts for it and not in office
    acting = {who: "own" if who == "officer_of_studio" else who for who in OUTSIDERS}
    assert offered == {
        who: {step for step, allowed in MAY[status].items() if acting[who] in allowed} for who in OUTSIDERS
    }
    for who, name in itertools.product(OUTSIDERS, LEDGER.steps):
        if name not in offered[who]:
            assert answer_to(LEDGER, row, name, by=people[who], reason="x"), (who, name)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_sees_it(studio, office, who):
    row = ledgers.record(studio)
    sees = who in {"own", "office", "lead_division", "officer_of_studio"}
    assert (row in LedgerRecord.objects.visible_to(person(who, studio))) == sees


def test_only_its_people_write_and_only_while_it_is_open(studio, office):
    stranger = ledgers.member_of(StudioFactory())
    for by in (stranger, office):
        with pytest.raises(Refused, match="只有本工作室"):
            ledgers.record(studio, by=by)
    row = ledgers.in_status(studio, "submitted", office=office)
    with pytest.raises(Refused, match="待核验"):
        change(row)
    with pytest.raises(Refused, match="待核验"):
        acts.add_file(row, ledgers.checked(3), by=ledgers.member_of(studio))


def change(row, by=None, version=None, **values):
    row = LedgerRecord.objects.get(pk=row.pk)
    return acts.change_record(
        row,
        title=values.pop("title", row.title),
        happened_on=values.pop("happened_on", row.happened_on),
        until_on=values.pop("until_on", row.until_on),
        values=KINDS[row.kind].load(row.data) | values,
        version=row.version if version is None else version,
        by=by or ledgers.member_of(row.studio),
    )


# ── entering ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_goes_the_whole_way(studio, office, kind):
    row = ledgers.in_status(studio, "verified", office=office, kind=kind)
    assert row.status == "verified"
    assert row.verified_by == office
    steps = [entry.verb for entry in history_of(row).order_by("sequence") if entry.verb.endswith("_ledger")]
    assert steps == ["create_ledger", "submit_ledger", "verify_ledger"]
    assert [
        text for name in REGISTRY if name.name.startswith(("ledger", "trainee")) for text in name.offenders()
    ] == []


def test_columns_follow_the_fields(studio):
    row = ledgers.record(studio, "paid_service", day=date(2026, 3, 5))
    assert (row.category, row.partner, row.certificate_no, row.amount_fen) == (
        "guidance", "镇江某机械厂", "HT-01", 8_000_000,
    )  # fmt: skip
    row = change(row, amount=100, client="另一家")
    row.refresh_from_db()
    assert (row.partner, row.amount_fen, row.version) == ("另一家", 100, 2)


def test_numbers_are_of_the_studio_and_never_given_twice(studio):
    first, second = ledgers.record(studio), ledgers.record(studio)
    LEDGER.perform(second, "void_ledger", by=ledgers.member_of(studio))
    third = ledgers.record(studio)
    assert [row.number for row in (first, second, third)] == ["TZ-0001", "TZ-0002", "TZ-0003"]
    assert ledgers.record(StudioFactory()).number == "TZ-0001"


def test_what_another_page_saved_is_not_overwritten(studio):
    row = ledgers.record(studio)
    change(row, title="甲")
    with pytest.raises(Conflict, match="已有人修改"):
        change(row, title="乙", version=1)
    row.refresh_from_db()
    assert row.title == "甲"


def test_an_end_before_the_start_is_refused(studio):
    today = timezone.localdate()
    with pytest.raises(Refused, match="早于"):
        ledgers.record(studio, "exchange", day=today, until_on=today - timedelta(days=1))


# ── what must be there ──────────────────────────────────────────────────────────────────────────
PROOF = [kind.code for kind in KINDS.values() if kind.proof != "none"]


@pytest.mark.parametrize("kind", PROOF)
def test_without_proof_it_is_not_submitted(studio, kind):
    row = ledgers.record(studio, kind)
    with pytest.raises(Refused, match="还没有附件"):
        LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio))


def test_an_address_proves_a_report(studio):
    row = ledgers.record(studio, "media", link="https://www.zjrb.cn/a/1.html")
    assert LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio)).status == "submitted"


def test_the_park_may_go_without_proof(studio, office):
    rules.set_rule("ledger_proof_required", False, by=office, reason="试行")
    row = ledgers.record(studio, "sign")
    assert LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio)).status == "submitted"
    assert "还没有附件作为证明。" in warnings_for([row])[row.pk]


def test_a_training_needs_its_roster(studio):
    row = ledgers.record(studio, "training")
    with pytest.raises(Refused, match="花名册"):
        LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio))


def test_what_is_missing_is_named(studio):
    row = acts.create_record(
        studio, KINDS["plan"], title="年度计划", happened_on=date(2026, 1, 1), values={}, by=ledgers.member_of(studio)
    )  # fmt: skip
    with pytest.raises(Refused, match="计划种类、主要目标、计划期止"):
        LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio))


# ── frozen ──────────────────────────────────────────────────────────────────────────────────────
def frozen(act):
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        act()


def test_what_was_verified_stands_still(studio, office):
    row = ledgers.in_status(studio, "verified", office=office, kind="training")
    rows = LedgerRecord.objects.filter(pk=row.pk)
    for fields in (
        {"title": "别的"},
        {"data": {}},
        {"amount_fen": 5},
        {"happened_on": date(2020, 1, 1)},
        {"row_count": 9},
    ):
        frozen(lambda fields=fields: rows.update(**fields))
    frozen(rows.delete)
    person = Trainee.objects.get(record=row)
    frozen(person.delete)
    frozen(lambda: Trainee.objects.filter(pk=person.pk).update(name="别人"))
    proven = ledgers.in_status(studio, "verified", office=office, kind="sign")
    frozen(lambda: LedgerFile.objects.filter(record=proven).update(caption="x"))


def test_a_correction_goes_back_with_its_reason_and_is_verified_anew(studio, office):
    row = ledgers.in_status(studio, "verified", office=office)
    row = LEDGER.perform(row, "reopen_ledger", by=office, data={"reason": "日期写错"})
    assert (row.status, row.verified_at, row.returned_why) == ("returned", None, "日期写错")
    told = Notification.objects.filter(user=ledgers.member_of(studio)).last()
    assert "退回更正" in told.text
    row = change(row, content="更正后的内容")
    row = LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio))
    assert row.returned_why == ""
    assert LEDGER.perform(row, "verify_ledger", by=office).status == "verified"


def test_a_deleted_record_comes_back(studio, office):
    row = ledgers.in_status(studio, "voided", office=office)
    assert row not in LedgerRecord.objects.standing()
    assert LEDGER.perform(row, "restore_ledger", by=ledgers.member_of(studio)).status == "draft"


def test_submitting_sets_the_clock_and_tells_nobody(studio, office):
    row = ledgers.in_status(studio, "submitted", office=office)
    assert row.due_on > timezone.localdate()
    assert Notification.objects.count() == 0


# ── rosters ─────────────────────────────────────────────────────────────────────────────────────
def test_one_person_is_on_a_roster_once(studio):
    training = ledgers.record(studio, "training")
    ledgers.trainee(training, "王镕", "ZS-1")
    with pytest.raises(Refused, match="已经在"):
        ledgers.trainee(training, "王镕", "zs-1")
    ledgers.trainee(training, "王镕", "ZS-2")
    training.refresh_from_db()
    assert training.row_count == 2
    acts.remove_trainee(training.trainees.first(), by=ledgers.member_of(studio))
    training.refresh_from_db()
    assert training.row_count == 1


def test_a_certificate_is_whole(studio):
    training = ledgers.record(studio, "training")
    frozen(lambda: ledgers.trainee(training, certificate_kind="qualification", certificate_no="1"))


# ── files ───────────────────────────────────────────────────────────────────────────────────────
def test_a_file_comes_once_and_goes(studio):
    row, own = ledgers.record(studio, shade=1), ledgers.member_of(studio)
    with pytest.raises(Refused, match="已经在"):
        acts.add_file(row, ledgers.checked(1), by=own)
    acts.add_file(row, ledgers.checked(2), by=own)
    row.refresh_from_db()
    assert row.file_count == 2
    acts.remove_file(row.files.first(), by=own)
    acts.remove_file(row.files.first(), by=own)
    row.refresh_from_db()
    assert row.file_count == 1


# ── what makes one look twice ───────────────────────────────────────────────────────────────────
def notes(*rows):
    return [warnings_for(rows)[row.pk] for row in rows]


def test_days_that_look_wrong_are_named(studio):
    today = timezone.localdate()
    ahead = ledgers.record(studio, day=today + timedelta(days=3))
    former = ledgers.record(studio, day=date(today.year - 1, 6, 1))
    late = ledgers.record(studio, day=today)
    LedgerRecord.objects.filter(pk=late.pk).update(created_at=timezone.now() + timedelta(days=61))
    late.refresh_from_db()
    assert notes(ahead)[0] == ["日期在今天以后，请核对。"]
    assert notes(former)[0][0] == f"不在本年度，计入 {today.year - 1} 年度考核。"
    assert notes(late)[0] == ["事后 61 天才登记，属于补记。"]


def test_the_same_again_is_named(studio):
    one, two = ledgers.record(studio), ledgers.record(studio)
    other = ledgers.record(StudioFactory())
    assert [len(texts) for texts in notes(one, two, other)] == [1, 1, 0]
    assert "TZ-0002" in notes(one)[0][0]
    LEDGER.perform(two, "void_ledger", by=ledgers.member_of(studio))
    assert notes(one) == [[]]


def test_the_same_certificate_is_named(studio):
    one = ledgers.record(studio, "achievement", title="甲")
    two = ledgers.record(studio, "achievement", title="乙")
    assert "证书或文件编号与 TZ-0001 相同" in notes(two)[0][0]
    assert "TZ-0002" in notes(one)[0][0]


def test_one_proof_for_two_bonus_items_is_named(studio):
    media = ledgers.record(studio, "media", shade=5)
    prize = ledgers.record(studio, "achievement", shade=5)
    base = ledgers.record(studio, "exchange", shade=5)
    assert "不能同时计入两个加分项目" in notes(media)[0][0]
    assert "TZ-0001" in notes(prize)[0][0]
    assert notes(base) == [[]]  # one base and one bonus item may share it
    assert [len(texts) for texts in notes(media, prize, base)] == [1, 1, 0]


@pytest.mark.parametrize("count", [1, 12])
def test_looking_twice_costs_the_same_for_one_and_for_many(studio, django_assert_num_queries, count):
    rows = [ledgers.record(studio, "achievement", shade=n) for n in range(count)]
    with django_assert_num_queries(4):
        warnings_for(rows)


# ── what the scorecard reads ────────────────────────────────────────────────────────────────────
def test_a_year_has_what_happened_in_it_and_what_holds_on(studio):
    sign = ledgers.record(studio, "sign", day=date(2023, 5, 1))
    agreement = ledgers.record(studio, "apprenticeship", day=date(2024, 9, 1), until_on=date(2026, 8, 31))
    training = ledgers.record(studio, "training", day=date(2024, 12, 20), until_on=date(2025, 1, 10))
    log = ledgers.record(studio, "log", day=date(2024, 1, 1))
    years = {
        year: set(LedgerRecord.objects.of_year(year).values_list("pk", flat=True))
        for year in range(2022, 2028)
    }
    assert years == {
        2022: set(),
        2023: {sign.pk},
        2024: {sign.pk, agreement.pk, log.pk},
        2025: {sign.pk, agreement.pk, training.pk},
        2026: {sign.pk, agreement.pk},
        2027: {sign.pk},
    }


def test_only_what_was_verified_proves_anything(studio, office):
    day = date(2026, 4, 1)
    ledgers.in_status(studio, "submitted", office=office, kind="exchange", day=day)
    ledgers.in_status(studio, "verified", office=office, kind="rules", day=day)
    ledgers.in_status(
        studio, "verified", office=office, kind="apprenticeship", day=day, outcome="contest",
        outcome_on=date(2026, 6, 1), outcome_text="省赛一等奖",
    )  # fmt: skip
    found = proofs_of_year(2026)
    assert {item: (p.records, p.outcomes) for item, p in found[studio.pk].items()} == {
        "A2.6": (1, 0), "A2.11": (1, 1),
    }  # fmt: skip
    assert found[studio.pk]["A2.11"].by_level == {("apprenticeship", "contest", ""): 1}
    assert proofs_of_year(2025) == {}
    standing = {item["code"]: (item["is_proven"], item["is_waiting"]) for item in year_of(studio, 2026).items}
    assert standing["A2.13"] == (False, True)
    assert standing["A2.6"] == (True, False)


def test_a_person_with_a_certificate_counts_once(studio, office):
    day = date(2026, 4, 1)
    own = ledgers.member_of(studio)
    for title in ("甲", "乙"):
        training = ledgers.record(studio, "training", day=day, title=title)
        ledgers.trainee(training, "王镕", "ZS-1")
        ledgers.trainee(training, f"李玥{title}", "ZS-2" + title)
        ledgers.trainee(training, "无证")
        ledgers.trainee(training, "往年", "ZS-3", certified_on=date(2025, 12, 31))
        ledgers.trainee(training, "合格证", "HG-1", certificate_kind="training")
        LEDGER.perform(training, "submit_ledger", by=own)
        assert certified_people(2026).get(studio.pk, 0) == (0 if title == "甲" else 2)
        LEDGER.perform(training, "verify_ledger", by=office)
    assert certified_people(2026) == {studio.pk: 3}
    assert certified_people(2025) == {studio.pk: 1}


@pytest.mark.parametrize("count", [1, 8])
def test_the_scorecard_asks_as_often_for_many_studios(office, django_assert_num_queries, count):
    for _ in range(count):
        studio = StudioFactory()
        ledgers.in_status(studio, "verified", office=office, kind="training")
        ledgers.in_status(studio, "verified", office=office, kind="sign")
    year = timezone.localdate().year
    with django_assert_num_queries(3):
        assert len(proofs_of_year(year)) == count
        certified_people(year)
