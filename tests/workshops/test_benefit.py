"""政策兑现 [4]: who may do what when, what stops, what is paid once, what ends with the residency."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from park import documents, rules
from park.invariants import REGISTRY
from park.models import Document, Notification
from park.workflow import Refused
from tests.factories import UserFactory
from tests.workshops.benefits import (
    KINDS,
    LAST,
    a_policy,
    asked,
    brought_to,
    delivered,
    delivery,
    drafted,
    granted,
    milestone_of,
    opinion_on,
    request_of,
    reviewed,
    seat,
)
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops import ranking
from workshops.actions.benefit import end_benefits, propose_benefit
from workshops.charges.benefit import amount_of
from workshops.models import Benefit, BenefitDelivery, BenefitStatus, Residency
from workshops.tables.benefit import ranked
from workshops.workflow import BENEFIT, LEDGER, RESIDENCY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def people(park_people):
    return park_people | {
        "office2": UserFactory(roles=["office"]),
        "group_leader": seat(is_leader=True),
        "group_member": seat(),
    }


@pytest.fixture
def studio(living, people):
    return living.studio


def offenders():
    return [i.name for i in REGISTRY if i.name.startswith("benefit_") and i.offenders()]


# ── role × status × step ────────────────────────────────────────────────────────────────────────
STUDIO = {"owner", "officer_of_studio"}
OFFICE = {"office", "office2", "lead_division"}
NOT_REVIEWER = OFFICE - {"office"}  # `office` reviewed in these tests
# fmt: off
STEPS = {  # step: (who, in which statuses, of which kinds)
    "ask_benefit":         (STUDIO | OFFICE, {"draft"}, KINDS),
    "return_benefit":      (OFFICE, {"asked"}, KINDS),
    "review_benefit":      (OFFICE, {"asked"}, KINDS),
    "pay_benefit":         (OFFICE, {"granted"}, ["startup_subsidy", "performance_award"]),
    "appoint_benefit":     (OFFICE, {"granted"}, ["priority_appointment"]),
    "nominate_benefit":    (OFFICE, {"granted"}, ["priority_nomination"]),
    "conclude_nomination": (OFFICE, {"nominated"}, ["priority_nomination"]),
    "withdraw_benefit":    (STUDIO, {"draft", "asked"}, KINDS),
    "end_benefit":         (OFFICE, {"draft", "asked", "reviewed", "granted"}, KINDS),
}
# fmt: on
DECISIONS = ("grant_benefit", "decline_benefit")


def reached(kind):
    last = {LAST[kind][1]} | ({"concluded"} if kind == "priority_nomination" else set())
    return ["draft", "asked", "reviewed", "granted", "declined", "withdrawn", "ended", *sorted(last)]


@pytest.mark.parametrize(("kind", "status"), [(k, s) for k in KINDS for s in reached(k)])
def test_steps_offered(studio, people, kind, status):
    benefit = brought_to(status, studio, people, kind)
    deciders = NOT_REVIEWER if kind == "priority_appointment" else {"group_leader"}
    for name, person in people.items():
        expected = {
            step for step, (who, when, of) in STEPS.items() if name in who and status in when and kind in of
        }
        if status == "reviewed" and name in deciders:
            expected |= set(DECISIONS)
        assert {step.name for step in BENEFIT.open_to(person, benefit)} == expected, name


@pytest.mark.parametrize("step", [*STEPS, *DECISIONS])
def test_whoever_may_not_is_refused(studio, people, step):
    who, when, kinds = STEPS.get(step, ({"group_leader"}, {"reviewed"}, ["startup_subsidy"]))
    benefit = brought_to(sorted(when)[0], studio, people, kinds[0])
    for name, person in people.items():
        if name not in who:
            with pytest.raises(PermissionDenied):
                BENEFIT.perform(benefit, step, by=person, data={})


def test_the_park_says_who_decides(studio, people):
    benefit = brought_to("reviewed", studio, people)
    rules.set_rule("benefit_group_decides", [], by=people["office"], reason="交由管理办公室")
    with pytest.raises(PermissionDenied):
        granted(benefit, people["group_leader"])
    with pytest.raises(PermissionDenied):  # who reviewed
        granted(benefit, people["office"])
    assert granted(benefit, people["office2"]).status == "granted"


def test_nobody_decides_what_they_asked_for_or_reviewed(studio, people):
    rules.set_rule("benefit_group_decides", [], by=people["office"], reason="交由管理办公室")
    benefit = asked(studio, people["office2"], "priority_appointment")  # the office in place of the studio
    with pytest.raises(PermissionDenied):
        reviewed(benefit, people["office2"])
    benefit = reviewed(benefit, people["office"])
    for name in ("office", "office2", "officer_of_studio"):
        with pytest.raises(PermissionDenied):
            granted(benefit, people[name])
    for by in (people["office"], people["office2"]):
        with pytest.raises(IntegrityError), transaction.atomic():
            Benefit.objects.update(decided_at=timezone.now(), decided_by=by, decision_clause="4.4")
    assert granted(benefit, people["lead_division"]).decided_by == people["lead_division"]


def test_whose_turn_it_is_is_told(studio, people):
    Notification.objects.all().delete()
    benefit = asked(studio, people["owner"])
    told = lambda: set(Notification.objects.values_list("user", flat=True))  # noqa: E731
    assert people["office"].pk in told()
    assert people["officer_of_studio"].pk not in told()
    reviewed(benefit, people["office"])
    assert people["group_leader"].pk in told()
    assert people["group_member"].pk not in told()


# ── entitled ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", ["pending_agreement", "ended", "revoked", None])
def test_only_studios_in_the_park_ask(people, status):
    studio = StudioFactory(people=[people["owner"]])
    if status:
        ResidencyFactory(studio=studio, status=status)
    with pytest.raises(Refused):
        drafted(studio, people["owner"])
    assert not Benefit.objects.exists()


def test_one_startup_subsidy_per_studio(studio, people):
    first = brought_to("paid", studio, people)
    with pytest.raises(Refused, match="只能享受一次"):
        drafted(studio, people["owner"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Benefit.objects.create(
            number="YH-X", studio=studio, residency=first.residency, kind="startup_subsidy", form="venture",
            year=2026, leader_name="周镕喆", created_by=people["owner"],
        )  # fmt: skip


@pytest.mark.parametrize("status", ["declined", "withdrawn", "ended"])
def test_what_came_to_nothing_may_be_asked_for_again(studio, people, status):
    brought_to(status, studio, people)
    assert drafted(studio, people["owner"]).status == "draft"


def test_other_benefits_may_come_every_year(studio, people):
    for _ in range(2):
        brought_to("paid", studio, people, "performance_award")
    assert studio.benefits.count() == 2


@pytest.mark.parametrize(
    ("kind", "match", "given"),
    [
        ("startup_subsidy", "已核验的“升级为技能创业”", {"milestone": None}),
        ("performance_award", "证明材料", {"uploads": []}),
    ],
)
def test_nothing_is_asked_for_without_its_proof(studio, people, kind, match, given):
    benefit = drafted(studio, people["owner"], kind)
    with pytest.raises(Refused, match=match):
        BENEFIT.perform(benefit, "ask_benefit", by=people["owner"], data=request_of(kind, studio, **given))
    if kind == "startup_subsidy":
        Benefit.objects.filter(pk=benefit.pk).update(asked_at=timezone.now(), asked_by=people["owner"])
        assert offenders() == ["benefit_startup_has_registration"]


def test_a_subsidy_rests_on_a_verified_milestone_and_takes_its_firm_and_files(studio, people):
    """[1.1][4.2]: the firm and its licence are those of the ledger; nothing is typed twice."""
    with pytest.raises(Refused, match="还没有核验通过的“升级为技能创业”"):
        BENEFIT.perform(
            propose_benefit(studio, kind="startup_subsidy", by=people["owner"], form="venture", year=2026),
            "ask_benefit",
            by=people["owner"],
            data={"milestone": None},
        )
    Benefit.objects.get()  # the draft stays
    studio.benefits.update(status="withdrawn")
    benefit, record = asked(studio, people["owner"]), milestone_of(studio)
    assert (benefit.milestone, benefit.company, benefit.credit_code, benefit.registered_on) == (
        record, record.title, record.certificate_no, record.happened_on,
    )  # fmt: skip
    assert [file.stored for file in benefit.files.filter(proof="registration")] == [
        file.stored for file in record.files.all()
    ]
    paper = documents.render_html(Document.objects.get(kind="benefit_application"))
    assert f"工作室台账 {record.number}" in paper


def test_a_milestone_of_another_studio_is_none(studio, people):
    milestone_of(studio)
    other = ResidencyFactory(active=True).studio
    benefit = drafted(studio, people["owner"])
    data = request_of("startup_subsidy", studio, milestone=milestone_of(other))
    with pytest.raises(Refused, match="请选择本工作室"):
        BENEFIT.perform(benefit, "ask_benefit", by=people["owner"], data=data)
    with pytest.raises(IntegrityError), transaction.atomic():
        drafted(studio, people["owner"], "performance_award", milestone=milestone_of(studio))


@pytest.mark.parametrize("step", ["review", "grant"])
def test_a_milestone_that_was_sent_back_stops_the_subsidy(studio, people, step):
    benefit = asked(studio, people["owner"])
    if step == "grant":
        benefit = reviewed(benefit, people["office"])
    LEDGER.perform(benefit.milestone, "reopen_ledger", by=people["office2"], data={"reason": "信用代码有误"})
    act = {"review": (reviewed, "office"), "grant": (granted, "group_leader")}[step]
    with pytest.raises(Refused, match="核验通过后再办理"):
        act[0](benefit, people[act[1]])
    LEDGER.perform(benefit.milestone, "submit_ledger", by=people["owner"])
    LEDGER.perform(benefit.milestone, "verify_ledger", by=people["office2"])
    assert act[0](benefit, people[act[1]]).status == {"review": "reviewed", "grant": "granted"}[step]


def test_sent_back_and_asked_again_the_proof_stays(studio, people):
    benefit = asked(studio, people["owner"])
    benefit = BENEFIT.perform(benefit, "return_benefit", by=people["office"], data={"reason": "金额不清"})
    assert (benefit.status, benefit.asked_by) == ("draft", None)
    data = request_of("startup_subsidy", studio, statement="补充说明")
    benefit = BENEFIT.perform(benefit, "ask_benefit", by=people["owner"], data=data)
    papers = Document.objects.filter(kind="benefit_application").order_by("pk")
    assert [paper.state for paper in papers] == ["withdrawn", "pending"]
    assert (benefit.statement, benefit.files.count()) == ("补充说明", 1)


# ── suspension ──────────────────────────────────────────────────────────────────────────────────
RECTIFIED = {  # step -> the status it is taken in; is it stopped by a rectification?
    "ask_benefit": ("draft", True),
    "return_benefit": ("asked", False),
    "review_benefit": ("asked", False),
    "grant_benefit": ("reviewed", True),
    "decline_benefit": ("reviewed", True),
    "pay_benefit": ("granted", True),
    "withdraw_benefit": ("draft", False),
    "end_benefit": ("granted", False),
}


@pytest.mark.parametrize("stops", [True, False])
@pytest.mark.parametrize("step", RECTIFIED)
def test_a_rectification_stops(studio, living, people, step, stops):
    if not stops:
        rules.set_rule("benefits_stop_on_rectification", False, by=people["office"], reason="不暂停")
    status, stopped = RECTIFIED[step]
    benefit = brought_to(status, studio, people)
    RESIDENCY.perform(living, "suspend", by=people["office"])
    benefit = Benefit.objects.get(pk=benefit.pk)
    missing = BENEFIT.steps[step].missing(benefit)
    assert bool(missing) == (stopped and stops)
    assert all("限期整改" in sentence for sentence in missing)
    RESIDENCY.perform(living, "resume", by=people["office"])
    assert BENEFIT.steps[step].missing(Benefit.objects.get(pk=benefit.pk)) == []


@pytest.mark.parametrize("kind", ["priority_appointment", "priority_nomination"])
def test_appointments_and_recommendations_stop_as_well(studio, living, people, kind):
    benefit = brought_to("granted", studio, people, kind)
    RESIDENCY.perform(living, "suspend", by=people["office"])
    with pytest.raises(Refused, match="限期整改"):
        delivered(Benefit.objects.get(pk=benefit.pk), people["office"])


def test_nothing_new_during_a_rectification(studio, living, people):
    RESIDENCY.perform(living, "suspend", by=people["office"])
    with pytest.raises(Refused, match="限期整改"):
        drafted(studio, people["owner"])


@pytest.mark.parametrize("status", reached("startup_subsidy"))
def test_a_revocation_ends_what_is_open(studio, living, people, status):
    benefit = brought_to(status, studio, people)
    RESIDENCY.perform(living, "revoke", by=people["group_leader"], data={"reason": "整改不达标"})
    benefit.refresh_from_db()
    is_open = status in ("draft", "asked", "reviewed", "granted")
    assert benefit.status == ("ended" if is_open else status)
    assert benefit.ended_why == ("整改不达标" if is_open else "重复登记" if status == "ended" else "")
    assert offenders() == []


def test_the_action_counts_and_spares_what_was_given(studio, living, people):
    for status in ("asked", "granted", "paid"):
        brought_to(status, studio, people, "performance_award")
    assert end_benefits(living, "取消入驻资格", people["group_leader"]) == 2
    assert end_benefits(living, "取消入驻资格", people["group_leader"]) == 0
    assert sorted(studio.benefits.values_list("status", flat=True)) == ["ended", "ended", "paid"]


def test_an_open_benefit_of_an_ended_residency_is_an_offence(studio, living, people):
    brought_to("asked", studio, people)
    # What no act does: the row of the residency alone is changed.
    Residency.objects.filter(pk=living.pk).update(status="ended")
    assert offenders() == ["benefit_ends_with_residency"]


# ── amounts ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("unit", "quantity", "cap", "comes_to"),
    [(30_000, 1, None, 30_000), (30_000, 3, 100_000, 90_000), (30_000, 4, 100_000, 100_000), (1, 1, 1, 1)],
)
def test_so_many_times_the_line_up_to_its_cap(unit, quantity, cap, comes_to):
    assert amount_of(unit, quantity, cap) == comes_to


@given(st.integers(1, 10**9), st.integers(1, 9999), st.one_of(st.none(), st.integers(0, 10**12)))
def test_never_more_than_the_cap_nor_than_the_sum(unit, quantity, above):
    cap = None if above is None else unit + above
    found = amount_of(unit, quantity, cap)
    assert unit <= found <= unit * quantity
    assert cap is None or found <= cap


def test_the_amount_is_that_of_the_policy(studio, people):
    _, line = a_policy(people["office"])
    benefit = brought_to("paid", studio, people, line=line)
    assert (benefit.amount, benefit.amount_fen, benefit.delivery.amount_fen) == (line, 3_000_000, 3_000_000)
    assert offenders() == []


@pytest.mark.parametrize("fen", [0, -1])
def test_no_amount_below_one_fen(studio, people, fen):
    benefit = asked(studio, people["owner"])
    with pytest.raises(IntegrityError), transaction.atomic():
        BENEFIT.perform(
            benefit, "review_benefit", by=people["office"], data=opinion_on(benefit, amount_fen=fen)
        )


def test_an_amount_without_a_policy_has_its_reason(studio, people):
    benefit = asked(studio, people["owner"])
    data = opinion_on(benefit, override_reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        BENEFIT.perform(benefit, "review_benefit", by=people["office"], data=data)


def test_what_was_decided_and_paid_never_changes(studio, people):
    benefit = brought_to("paid", studio, people)
    for change in ({"amount_fen": 1}, {"decided_at": None}, {"opinion": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Benefit.objects.filter(pk=benefit.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        BenefitDelivery.objects.update(amount_fen=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        BenefitDelivery.objects.all().delete()


def test_paid_once(studio, people):
    benefit = brought_to("paid", studio, people)
    with pytest.raises(Refused, match="现在已不能办理"):
        delivered(benefit, people["office2"])
    with pytest.raises(IntegrityError), transaction.atomic():
        BenefitDelivery.objects.create(
            benefit=benefit, way="paid", on=timezone.localdate(), amount_fen=1, reference="x",
            recorded_by=people["office"],
        )  # fmt: skip


def test_nothing_is_carried_out_before_it_was_decided(studio, people):
    benefit = brought_to("granted", studio, people)
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(Refused, match="不能早于作出决定"):
        BENEFIT.perform(benefit, "pay_benefit", by=people["office"], data=delivery(on=yesterday))


def test_statuses_are_known(studio, people):
    benefit = brought_to("draft", studio, people)
    assert set(BENEFIT.stages) == set(BenefitStatus)
    with pytest.raises(IntegrityError), transaction.atomic():
        Benefit.objects.filter(pk=benefit.pk).update(status="done")


# ── 择优 [4.5] ──────────────────────────────────────────────────────────────────────────────────
def nominations(people, *ranks):
    found = []
    for rank in ranks:
        residency = ResidencyFactory(active=True, studio=StudioFactory(people=[people["owner"]]))
        row = asked(residency.studio, people["owner"], "priority_nomination")
        found.append(reviewed(row, people["office"], rank=rank, rank_basis="评分") if rank else row)
    return found


def test_the_order_is_that_typed_and_who_has_none_comes_last(people):
    third, none, first = nominations(people, 3, None, 1)
    assert [row.pk for row in ranked([third, none, first])] == [first.pk, third.pk, none.pk]


def test_what_ranks_studios_goes_before_what_was_typed(people, monkeypatch):
    third, none, first = nominations(people, 3, None, 1)
    monkeypatch.setattr(ranking, "SOURCES", [])
    places = {third.studio_id: ranking.Rank(1, "168 分"), none.studio_id: ranking.Rank(2, "150 分")}
    ranking.register(lambda studios, year: {key: places[key] for key in studios if key in places})
    rows = ranked([third, none, first])
    # `first` was typed 1 and stands beside the 1 of the evaluation; its row came later.
    assert [(row.place, row.place_basis) for row in rows] == [(1, "168 分"), (1, "评分"), (2, "150 分")]
