"""The registers as sheets: a row is a studio, a row is a person; every bad row is named and nothing is written."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from park import sheets
from park.formkeys import new_key
from park.models import RecognitionLevel, Role
from park.sheets import CHANGED, NEW, SAME
from tests.factories import UserFactory
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops.models import Person, RecognitionEvent, Studio
from workshops.sheets.person import PERSONS, PersonImport, person_rows
from workshops.sheets.studio import STUDIOS, StudioImport, studio_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


def blank(sheet):
    return {column.name: column.blank for column in sheet.columns}


def a_studio(row=2, **fields):
    return blank(STUDIOS) | {"_row": row, "name": f"第{row}行工作室", "leader_name": "李玥"} | fields


def a_person(row=2, **fields):
    given = {"_row": row, "studio": "竹编工作室", "name": f"成员{chr(0x4E00 + row)}", "is_leader": False}
    return blank(PERSONS) | given | {"joined_on": date(2024, 1, 1)} | fields


def carried_out(kind, rows, by):
    prepared, faults = kind.check(rows, None, by)
    assert faults == []
    kind.write([item for item in prepared if item.happens != SAME], None, by)
    return [item.happens for item in prepared]


def paper(code="city"):
    level = RecognitionLevel.objects.get(code=code)
    return {"level": level.pk, "document_no": "A1", "authority": "市人社局", "decided_on": date(2020, 1, 1)}


# ── studios ─────────────────────────────────────────────────────────────────────────────────────
def test_a_new_row_brings_studio_leader_and_recognition(office):
    assert carried_out(StudioImport(), [a_studio(occupation="竹编工", **paper())], office) == [NEW]
    studio = Studio.objects.affiliated().get()
    assert (studio.leader().name, studio.level.code, studio.history.count()) == ("李玥", "city", 2)
    assert studio.recognitions.get().recorded_by == office


def test_a_known_row_changes_what_it_says_and_leaves_what_it_does_not(office):
    StudioFactory(name="第2行工作室", leader_name="李玥", unit_name="原单位")
    assert carried_out(StudioImport(), [a_studio(address="新地址")], office) == [CHANGED]
    studio = Studio.objects.get()
    assert (studio.address, studio.unit_name, studio.history.count()) == ("新地址", "原单位", 2)


# What is wrong with a row, and what is said about it.
@pytest.mark.parametrize(
    ("fields", "label", "sentence"),
    [
        ({"leader_name": "别人"}, "领衔人", "换人请办理领衔人变更"),
        ({"document_no": "A1"}, "认定机关", "请填写“认定机关”"),
        ({"founded_on": date(2999, 1, 1)}, "成立日期", "不能晚于今天"),
        ({"name": "本人的工作室"}, "工作室名称", "本人的工作室"),
    ],
)
def test_bad_rows_of_studios(office, fields, label, sentence):
    StudioFactory(name="第2行工作室", leader_name="李玥")
    StudioFactory(name="本人的工作室", leader_name="李玥", people=[office])
    _, faults = StudioImport().check([a_studio(**fields)], None, office)
    assert any(f.row == 2 and f.column == label and sentence in f.text for f in faults)


def test_every_bad_row_is_listed(office):
    rows = [a_studio(2), a_studio(3, name="第2行工作室"), a_studio(4, document_no="A")]
    _, faults = StudioImport().check(rows, None, office)
    assert {fault.row for fault in faults} == {3, 4}


# ── people ──────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def studio():
    return StudioFactory(name="竹编工作室", leader_name="李玥")


def test_members_come_change_and_leave(studio, office):
    member = PersonFactory(studio=studio, name="赵喆", joined_on=date(2024, 1, 1))
    rows = [
        a_person(2),
        a_person(3, name="赵喆", skills="编篮", left_on=date(2025, 1, 1), left_reason="调离"),
        a_person(4, name="李玥", is_leader=True, joined_on=date(2020, 1, 1)),
    ]
    assert carried_out(PersonImport(), rows, office) == [NEW, CHANGED, SAME]
    member.refresh_from_db()
    assert (member.skills, member.left_on) == ("编篮", date(2025, 1, 1))
    assert carried_out(PersonImport(), rows, office) == [SAME, SAME, SAME]


@pytest.mark.parametrize(
    ("fields", "label", "sentence"),
    [
        ({"studio": "没有的工作室"}, "工作室名称", "名录中没有"),
        ({"name": "别人", "is_leader": True}, "身份", "换人请办理领衔人变更"),
        ({"name": "李玥", "is_leader": False}, "身份", "在名册中是领衔人"),
        ({"name": "李玥", "is_leader": True, "left_on": date(2025, 1, 1), "left_reason": "退休"}, "离开日期", "领衔人变更"),
        ({"left_on": date(2025, 1, 1)}, "离开原因", "请写明离开原因"),
        ({"left_on": date(2023, 1, 1), "left_reason": "调离"}, "离开日期", "不能早于加入日期"),
        ({"birth_year": 2025}, "出生年份", "应在"),
    ],
)  # fmt: skip
def test_bad_rows_of_people(studio, office, fields, label, sentence):
    _, faults = PersonImport().check([a_person(**fields)], None, office)
    assert any(f.row == 2 and f.column == label and sentence in f.text for f in faults)


# ── both ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", [StudioImport(), PersonImport()])
def test_the_same_number_of_queries_for_1_and_100_rows(studio, office, kind):
    make = a_studio if kind.code == "studios" else a_person
    counts = []
    for first, rows in ((10, 1), (100, 100)):
        extra = {"level": RecognitionLevel.objects.get(code="city").pk} if kind.code == "studios" else {}
        more = [
            make(
                n,
                **extra
                and extra | {"document_no": f"N{n}", "authority": "市", "decided_on": date(2020, 1, 1)},
            )
            for n in range(first, first + rows)
        ]
        with CaptureQueriesContext(connection) as seen:
            carried_out(kind, more, office)
        # Writes go out in batches, which SQLite keeps small; what is read must not grow.
        counts.append(sum(query["sql"].startswith("SELECT") for query in seen.captured_queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 16


def test_what_goes_out_comes_back_unchanged(office):
    carried_out(
        StudioImport(),
        [a_studio(n, address=f"{n}号", **paper() | {"document_no": f"N{n}"}) for n in range(2, 6)],
        office,
    )
    first = Studio.objects.first()
    PersonFactory(studio=first, name="赵喆", left_on=date(2025, 1, 1), left_reason="调离")
    PersonFactory(studio=first, name="钱喆")
    studios = [
        blank(STUDIOS) | row | {"_row": n} for n, row in enumerate(studio_rows(Studio.objects.all()), 2)
    ]
    people = [
        blank(PERSONS) | row | {"_row": n} for n, row in enumerate(person_rows(Studio.objects.all()), 2)
    ]
    assert len(people) == 6
    assert set(carried_out(StudioImport(), studios, office)) == {SAME}
    assert set(carried_out(PersonImport(), people, office)) == {SAME}


def test_one_bad_row_in_a_file_writes_nothing_and_a_clean_file_all(client_of, office):
    browser = client_of(office)

    def upload(rows):
        file = SimpleUploadedFile("register.xlsx", sheets.write(STUDIOS, rows))
        url = sheets.import_url("studios")
        return browser.post(url, {"form_key": new_key(), "sheet": file}, follow=True)

    bad = upload([a_studio(2), a_studio(3, leader_name="Li")])
    assert bad.context["outcome"]["faults"][0].row == 3
    good = upload([a_studio(2, craft_field_id=None), a_studio(3)])
    assert not Studio.objects.exists()
    confirm = reverse("sheet_confirm", args=[good.context["job"].key])
    browser.post(confirm, {"form_key": new_key()})
    assert Studio.objects.affiliated().count() == 2
    assert Person.objects.filter(is_leader=True).count() == 2


@pytest.mark.parametrize("role", Role)
def test_only_the_office_imports_and_exports(client_of, role):
    ResidencyFactory(active=True)
    browser, office = client_of(UserFactory(roles=[role])), role in (Role.OFFICE, Role.LEAD_DIVISION)
    for url in (
        sheets.import_url("studios"), sheets.import_url("persons"), reverse("workshops:imports"),
        reverse("workshops:export", args=["studios"]), reverse("workshops:export", args=["persons"]),
    ):  # fmt: skip
        answer = browser.get(url)
        b"".join(answer)
        assert answer.status_code == (200 if office else 403), url
    assert RecognitionEvent.objects.count() == 0
