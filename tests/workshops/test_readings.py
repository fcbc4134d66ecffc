"""Meters and what they show: typed, imported, exported; they count up [5.3]."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from park import sheets
from park.sheets import CHANGED, NEW, SAME
from tests.workshops.fees import Park, read
from workshops.actions import metering
from workshops.charges.fee import month_of
from workshops.models import Reading
from workshops.sheets.meter import READINGS, ROUND, ReadingImport, round_rows
from workshops.tables.meter import round_of, unread

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 31)


@pytest.fixture
def park(reference):
    return Park()


def test_a_meter_never_runs_back_not_even_behind_the_back_of_the_program(park):
    with pytest.raises(metering.BadReadings):
        read(park.water, MARCH, 124, park.officer)
    for value in (date(2026, 3, 1), 1), (date(2026, 1, 15), 9999):
        with pytest.raises(DatabaseError), transaction.atomic():
            Reading.objects.create(
                meter=park.water, read_on=value[0], value=value[1], entered_by=park.officer
            )


def test_all_of_a_round_or_none(park):
    entries = [
        metering.Entry("w", park.water, MARCH, Decimal(130)),
        metering.Entry("p", park.power, MARCH, Decimal(1)),
    ]
    with pytest.raises(metering.BadReadings) as bad:
        metering.record_readings(entries, by=park.officer)
    assert set(bad.value.faults) == {"p"}
    assert not Reading.objects.filter(read_on=MARCH).exists()


def test_both_readings_of_a_meter_may_be_raised_at_once(park):
    entries = [
        metering.Entry(1, park.water, date(2026, 1, 31), Decimal(126)),
        metering.Entry(2, park.water, date(2026, 2, 28), Decimal(130)),
    ]
    assert metering.record_readings(entries, by=park.officer) == 2


def test_more_than_three_times_the_usual_use_is_marked(park):
    for month, value in ((3, 140), (4, 155), (5, 170)):
        read(park.water, date(2026, month, 28), value, park.officer)
    read(park.water, date(2026, 6, 28), 400, park.officer)
    assert list(park.water.readings.filter(is_unusual=True).values_list("read_on", flat=True)) == [
        date(2026, 6, 28)
    ]


def test_a_reading_outside_the_life_of_the_meter_is_refused(park):
    with pytest.raises(metering.BadReadings, match="需要核对"):
        read(park.water, date(2025, 12, 31), 1, park.officer)


def test_the_round_shows_before_and_now(park):
    assert {m.pk for m in unread(month_of(MARCH))} == {park.water.pk, park.power.pk}
    read(park.water, MARCH, 131, park.officer)
    assert {m.pk for m in unread(month_of(MARCH))} == {park.power.pk}
    (row,) = [m for m in round_of(month_of(MARCH)) if m.kind == "water"]
    assert (row.before, row.now, row.used, row.held_by) == (125, 131, 6, park.studio.name)


# ── by a sheet ──────────────────────────────────────────────────────────────────────────────────
def line(n, kind, number, day, value):
    return {"_row": n, "kind": kind, "number": number, "day": day, "value": Decimal(value)}


def test_a_sheet_adds_corrects_and_leaves_alone(park):
    kind = ReadingImport()
    rows = [
        line(2, "water", park.water.number, MARCH, 131),
        line(3, "water", park.water.number, date(2026, 2, 28), 126),
        line(4, "electricity", park.power.number, date(2026, 2, 28), 1500),
    ]
    prepared, faults = kind.check(rows, None, park.officer)
    assert faults == []
    assert [item.happens for item in prepared] == [NEW, CHANGED, SAME]
    kind.lock(rows, None)
    kind.write(prepared, None, park.officer)
    assert list(park.water.readings.order_by("read_on").values_list("value", flat=True)) == [
        100,
        110,
        126,
        131,
    ]


def test_every_bad_row_of_a_sheet_is_named(park):
    park.bill()
    rows = [
        line(2, "water", "nothing", MARCH, 131),
        line(3, "water", park.water.number, MARCH, 1),
        line(4, "water", park.water.number, date(2026, 1, 31), 111),
        line(5, "electricity", park.power.number, date(2099, 1, 1), 9000),
        line(6, "electricity", park.power.number, MARCH, 1600),
        line(7, "electricity", park.power.number, MARCH, 1601),
    ]
    _, faults = ReadingImport().check(rows, None, park.officer)
    assert [fault.row for fault in faults] == [2, 3, 4, 5, 7]


def test_sheets_go_out_and_come_back(park):
    pytest.importorskip("xlsxwriter")
    rows = [
        (kind, number, MARCH, value)
        for kind, number, value in (("water", "W1", 12.5), ("electricity", "E1", 7))
    ]
    found = sheets.read(io.BytesIO(sheets.write(READINGS, rows)), READINGS)
    assert found.faults == []
    assert [(row["kind"], row["number"], row["day"], row["value"]) for row in found.rows] == [
        ("water", "W1", MARCH, Decimal("12.5")),
        ("electricity", "E1", MARCH, Decimal(7)),
    ]
    assert sheets.write(ROUND, round_rows(round_of(month_of(MARCH))))
