"""The agreement and the waiver of rent: two years to the day, once per leader and studio [4.1][5.3]."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from park import invariants
from park.audit import history_of
from park.models import Document
from park.workflow import Conflict, Refused
from tests.factories import UserFactory
from tests.workshops import staying
from tests.workshops.factories import ResidencyFactory, StudioFactory
from tests.workshops.staying import quiet  # noqa: F401
from workshops.actions import agreeing, waiving
from workshops.charges.term import end_of_months, months_between, rent_free_until
from workshops.models import Agreement, RentWaiver
from workshops.workflow import RESIDENCY

DAYS = st.dates(date(2010, 1, 1), date(2090, 12, 31))


# ── dates ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 1, 1), date(2027, 12, 31)),
        (date(2026, 3, 5), date(2028, 3, 4)),
        (date(2026, 3, 1), date(2028, 2, 29)),
        (date(2024, 3, 1), date(2026, 2, 28)),
        (date(2024, 2, 28), date(2026, 2, 27)),
        (date(2024, 2, 29), date(2026, 2, 28)),  # no 29th two years on: the month's last day
        (date(2026, 12, 31), date(2028, 12, 30)),
    ],
)
def test_two_years_without_rent(start, end):
    assert rent_free_until(start) == end


@given(DAYS)
def test_the_waiver_is_two_years_on_every_day_of_the_calendar(start):
    after = rent_free_until(start) + timedelta(days=1)
    if (start.month, start.day) == (2, 29):
        assert after == date(start.year + 2, 3, 1)
    else:
        assert after == start.replace(year=start.year + 2)


@given(DAYS, st.integers(1, 120))
def test_a_term_ends_before_the_corresponding_day_and_is_read_back(start, months):
    end = end_of_months(start, months)
    after = end + timedelta(days=1)
    assert end > start - timedelta(days=1)
    month = start.year * 12 + start.month - 1 + months
    assert after.day == start.day or (after.day == 1 and after.year * 12 + after.month - 1 == month + 1)
    assert end_of_months(start, months_between(start, end)) == end


@given(DAYS, st.integers(1, 120))
def test_a_later_start_never_ends_earlier(start, months):
    assert end_of_months(start, months) <= end_of_months(start + timedelta(days=1), months)


# ── from draft to signature ─────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.usefixtures("quiet")
class TestAgreement:
    @pytest.fixture(autouse=True)
    def _officer(self):
        self.office = staying.officer()

    def test_the_whole_way_gives_term_and_waiver(self):
        person = UserFactory(roles=["applicant"])
        residency = staying.active(by=self.office, people=[person])
        today = timezone.localdate()
        assert residency.status == "active"
        assert (residency.term_starts_on, residency.term_ends_on) == (today, end_of_months(today, 24))
        assert (residency.rent_free_from, residency.rent_free_until) == (today, rent_free_until(today))
        waiver = RentWaiver.objects.get()
        assert (waiver.studio, waiver.leader_name, waiver.ends_on) == (
            residency.studio,
            residency.studio.leader_name,
            rent_free_until(today),
        )
        assert invariant_offenders() == {}

    def test_boundaries_of_the_waiver(self):
        residency = staying.active(by=self.office)
        one = timedelta(days=1)
        assert [
            residency.is_rent_free_on(day)
            for day in (
                residency.rent_free_from - one,
                residency.rent_free_from,
                residency.rent_free_until,
                residency.rent_free_until + one,
            )
        ] == [False, True, True, False]

    def test_a_draft_is_printed_as_a_draft_and_issued_once(self):
        residency = staying.pending()
        draft = agreeing.prepare_agreement(
            residency,
            by=self.office,
            term_starts_on=timezone.localdate(),
            term_months=24,
            no_room_reason="在原单位开展工作",
        )
        first = draft.document
        assert (first.is_draft, first.number) == (True, "")
        issued = agreeing.issue_agreement(draft, by=self.office)
        first.refresh_from_db()
        assert (first.state, issued.document.is_draft, issued.document.version) == ("withdrawn", False, 1)
        assert issued.document.number.startswith("XY-")
        with pytest.raises(Refused, match="已经出具"):
            agreeing.issue_agreement(draft, by=self.office)
        with pytest.raises(Refused, match="请先作废"):
            agreeing.prepare_agreement(
                residency, by=self.office, term_starts_on=timezone.localdate(), term_months=12, version=1
            )

    def test_without_a_room_the_agreement_says_so(self):
        residency = staying.pending()
        draft = agreeing.prepare_agreement(
            residency, by=self.office, term_starts_on=timezone.localdate(), term_months=24
        )
        with pytest.raises(Refused, match="还没有安排房间"):
            agreeing.issue_agreement(draft, by=self.office)

    def test_two_officers_at_one_draft(self):
        residency = staying.pending()
        given = {"term_starts_on": timezone.localdate(), "term_months": 24}
        agreeing.prepare_agreement(residency, by=self.office, **given)
        agreeing.prepare_agreement(residency, by=self.office, version=1, **given)
        with pytest.raises(Conflict):
            agreeing.prepare_agreement(residency, by=self.office, version=1, **given)

    def test_nobody_prepares_the_agreement_of_their_own_studio(self):
        residency = staying.pending(people=[self.office])
        with pytest.raises(PermissionDenied):
            agreeing.prepare_agreement(
                residency, by=self.office, term_starts_on=timezone.localdate(), term_months=24
            )

    def test_an_unreadable_scan_is_confirmed_by_hand_and_may_be_returned(self):
        person = UserFactory(roles=["applicant"])
        residency = staying.pending(people=[person])
        staying.with_room(residency, by=self.office)
        draft = agreeing.prepare_agreement(
            residency, by=self.office, term_starts_on=timezone.localdate(), term_months=24
        )
        issued = agreeing.issue_agreement(draft, by=self.office)
        with pytest.raises(Refused, match="没有识别到"):
            agreeing.receive_agreement(issued, staying.scan(), same_copy=False, by=person)
        received = agreeing.receive_agreement(issued, staying.scan(), same_copy=True, by=person)
        assert received.matched_by == "hand"
        returned = agreeing.return_agreement(received, reason="缺盖章", by=self.office)
        assert (returned.received_at, returned.scan, returned.returned_reason) == (None, None, "缺盖章")
        with pytest.raises(PermissionDenied):
            agreeing.check_agreement(
                agreeing.receive_agreement(issued, staying.scan(), same_copy=True, by=person), by=person
            )

    def test_the_code_on_the_scan_is_that_of_the_issued_paper(self):
        residency = staying.pending()
        staying.with_room(residency, by=self.office)
        draft = agreeing.prepare_agreement(
            residency, by=self.office, term_starts_on=timezone.localdate(), term_months=24
        )
        drafted = draft.document
        issued = agreeing.issue_agreement(draft, by=self.office)
        good, old = staying.scan(), staying.scan()
        object.__setattr__(good, "qr_texts", (issued.document.check_url,))
        object.__setattr__(old, "qr_texts", (drafted.check_url,))
        with pytest.raises(Refused, match="不是这份协议的正式文本"):
            agreeing.receive_agreement(issued, old, same_copy=True, by=self.office)
        assert agreeing.receive_agreement(issued, good, same_copy=False, by=self.office).matched_by == "qr"

    def test_what_was_issued_stands_still_in_the_database(self):
        residency = staying.ready(by=self.office)
        with pytest.raises(DatabaseError), transaction.atomic():
            residency.agreements.update(term_ends_on=date(2050, 1, 1))
        with pytest.raises(DatabaseError), transaction.atomic():
            residency.agreements.all().delete()

    # ── once per leader and studio ──────────────────────────────────────────────────────────────
    def test_a_second_waiver_of_the_studio_is_refused_with_a_sentence(self):
        first = staying.active(by=self.office)
        RESIDENCY.perform(first, "revoke", by=self.office, data={"reason": "第四项"})
        again = ResidencyFactory(studio=first.studio, admitted_on=timezone.localdate())
        with pytest.raises(Refused, match="免租对同一工作室只有一次"):
            staying.agreed(again, by=self.office, no_room_reason="无")
        staying.agreed(again, by=self.office, no_room_reason="无", rent_free_from=None)
        again.refresh_from_db()
        again = RESIDENCY.perform(again, "activate_residency", by=self.office)
        assert (again.status, again.rent_free_from) == ("active", None)

    def test_a_leader_takes_no_second_waiver_to_another_studio(self):
        first = staying.active(by=self.office)
        other = StudioFactory(leader_name=first.studio.leader_name)
        residency = ResidencyFactory(studio=other, admitted_on=timezone.localdate())
        with pytest.raises(Refused, match="免租对同一领衔人只有一次"):
            staying.agreed(residency, by=self.office, no_room_reason="无")
        staying.agreed(residency, by=self.office, no_room_reason="无", namesake_reason="两人工种、单位不同")
        residency.refresh_from_db()
        RESIDENCY.perform(residency, "activate_residency", by=self.office)
        assert list(RentWaiver.objects.order_by("apart").values_list("apart", "apart_reason")) == [
            (0, ""),
            (1, "两人工种、单位不同"),
        ]

    def test_the_database_refuses_a_second_waiver_as_well(self):
        first = staying.active(by=self.office)
        given = {"starts_on": date(2030, 1, 1), "ends_on": date(2031, 12, 31), "granted_by": self.office}
        same_studio = ResidencyFactory(studio=first.studio, status="ended")
        with pytest.raises(IntegrityError), transaction.atomic():
            RentWaiver.objects.create(residency=same_studio, studio=first.studio, leader_name="别人", **given)
        other = ResidencyFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            RentWaiver.objects.create(
                residency=other, studio=other.studio, leader_name=first.studio.leader_name, **given
            )
        with pytest.raises(IntegrityError), transaction.atomic():  # a namesake without a word why
            RentWaiver.objects.create(
                residency=other, studio=other.studio, leader_name=first.studio.leader_name, apart=1, **given
            )

    def test_a_waiver_is_never_changed(self):
        staying.active(by=self.office)
        with pytest.raises(DatabaseError), transaction.atomic():
            RentWaiver.objects.update(ends_on=date(2090, 1, 1))
        with pytest.raises(DatabaseError), transaction.atomic():
            RentWaiver.objects.all().delete()

    def test_a_waiver_granted_meanwhile_stops_the_step(self):
        residency = staying.ready(by=self.office)
        twin = staying.ready(by=self.office)
        twin.studio.leader_name = residency.studio.leader_name
        twin.studio.save()
        RESIDENCY.perform(residency, "activate_residency", by=self.office)
        with pytest.raises(Refused, match="只有一次"):
            RESIDENCY.perform(twin, "activate_residency", by=self.office)
        twin.refresh_from_db()
        assert (twin.status, twin.term_starts_on) == ("pending_agreement", None)

    # ── renewal ─────────────────────────────────────────────────────────────────────────────────
    def test_a_supplement_renews_the_term_and_never_the_waiver(self):
        residency = staying.active(by=self.office)
        before = (residency.rent_free_from, residency.rent_free_until)
        old_end = residency.term_ends_on
        staying.agreed(
            residency, by=self.office, term_months=12, ground="2026年度绩效评估合格", no_room_reason=""
        )
        residency.refresh_from_db()
        assert residency.term_ends_on == end_of_months(old_end + timedelta(days=1), 12)
        assert (residency.rent_free_from, residency.rent_free_until) == before
        supplement = Agreement.objects.get(kind="supplement")
        assert (supplement.term_starts_on, supplement.rent_free_from) == (old_end + timedelta(days=1), None)
        assert RentWaiver.objects.count() == 1

    def test_a_supplement_needs_a_ground_and_the_database_no_waiver(self):
        residency = staying.active(by=self.office)
        with pytest.raises(Refused, match="续期须写明依据"):
            agreeing.prepare_agreement(residency, by=self.office, term_months=12)
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.create(
                residency=residency,
                kind="supplement",
                ground="合格",
                term_starts_on=date(2030, 1, 1),
                term_ends_on=date(2030, 12, 31),
                rent_free_from=date(2030, 1, 1),
                rent_free_until=date(2030, 12, 31),
                drafted_by=self.office,
            )

    def test_the_trail_tells_the_story(self):
        residency = staying.active(by=self.office)
        assert [entry.verb for entry in history_of(residency).order_by("sequence")] == [
            "assign_room",
            "save_handover",
            "confirm_handover",
            "sign_handover",
            "prepare_agreement",
            "issue_agreement",
            "receive_agreement",
            "check_agreement",
            "grant_waiver",
            "activate_residency",
        ]

    def test_the_paper_says_what_the_regulation_says(self):
        from park import documents

        residency = staying.ready(by=self.office)
        html = documents.render_html(residency.agreements.get().document)
        for words in ("2年内免交房租", "入驻不因此终止", "按时缴纳水电", "技能竞赛指导", "一式两份"):
            assert words in html
        assert Document.objects.filter(kind="residency_agreement", is_draft=False).count() == 1

    def test_waiver_refusal_is_silent_for_whoever_had_none(self):
        assert waiving.waiver_refusal(StudioFactory()) == ""


def invariant_offenders():
    names = {
        "waiver_length",
        "waiver_on_residency",
        "term_as_signed",
        "handed_back_room_is_free",
        "ended_keeps_no_room",
    }
    assert names <= {row.name for row in invariants.REGISTRY}
    return {
        row.name: found for row in invariants.REGISTRY if row.name in names and (found := row.offenders())
    }
