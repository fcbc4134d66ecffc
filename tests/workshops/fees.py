"""A park with prices, meters and readings: `Park()` has one studio in one room, whose waiver ended long ago."""

from datetime import date
from decimal import Decimal

from tests.factories import UserFactory
from tests.workshops.factories import OccupancyFactory, ResidencyFactory, RoomFactory, StudioFactory
from workshops.actions import billing, metering, rating
from workshops.models import FeeKind, FeeRate, Meter, Residency
from workshops.workflow import BILL

START = date(2026, 1, 1)
PRICES = {  # fen per unit
    FeeKind.WATER: Decimal("315"),
    FeeKind.ELECTRICITY: Decimal("52.83"),
    FeeKind.PROPERTY: Decimal("150"),
    FeeKind.RENT: Decimal("2000"),
}


def set_prices(by, since=START, prices=None):
    return {
        kind: rating.set_rate(kind=kind, unit_fen=fen, valid_from=since, document_no="园管〔2026〕1号", by=by)
        for kind, fen in (prices or PRICES).items()
    }


def residency(
    *, people=(), starts=date(2025, 1, 1), ends=date(2028, 12, 31), free=None, area="60.00"
) -> Residency:
    """In the park with a room; `free` is the span of the waiver, by default one that is over."""
    first, last = free or (date(2025, 1, 1), date(2025, 12, 31))
    row = ResidencyFactory(
        active=True,
        studio=StudioFactory(people=people),
        term_starts_on=starts,
        term_ends_on=ends,
        rent_free_from=first,
        rent_free_until=last,
    )
    OccupancyFactory(residency=row, room=RoomFactory(area=Decimal(area)), since=starts)
    return row


def room_of(row):
    return row.occupancies.get().room


def hang_meters(row, by, since=START, water=100, power=1000) -> tuple[Meter, Meter]:
    room = room_of(row)
    return tuple(
        metering.add_meter(
            room=room,
            kind=kind,
            number=f"{kind[0].upper()}-{room.number}",
            factor=Decimal(1),
            installed_on=since,
            value=Decimal(value),
            by=by,
        )
        for kind, value in (("water", water), ("electricity", power))
    )


def read(meter, day, value, by):
    return metering.record_readings([metering.Entry("value", meter, day, Decimal(value))], by=by)


def draft(period, by, *rows, issue=False):
    plans = [p for p in billing.plan(period, by=by) if p.is_due and (not rows or p.residency in rows)]
    return billing.draft_bills(
        period, {p.residency.pk: billing.fingerprint(p) for p in plans}, by=by, issue=issue
    )


class Park:
    """An officer of logistics, prices, one studio with its meters read at the ends of January and February 2026."""

    def __init__(self, **given):
        self.officer = UserFactory(roles=["logistics"])
        self.person = UserFactory(roles=["applicant"])
        self.rates = {} if FeeRate.objects.exists() else set_prices(self.officer)  # prices are the park's
        self.residency = residency(people=[self.person], **given)
        self.studio = self.residency.studio
        self.water, self.power = hang_meters(self.residency, self.officer)
        for day, water, power in ((date(2026, 1, 31), 110, 1200), (date(2026, 2, 28), 125, 1500)):
            read(self.water, day, water, self.officer)
            read(self.power, day, power, self.officer)

    def bill(self, period=START, issue=True):
        return draft(period, self.officer, self.residency, issue=issue)[0]

    def step(self, bill, name, **data):
        return BILL.perform(bill, name, by=self.officer, data=data)
