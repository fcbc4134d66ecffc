"""The pages of the regular inspection: who gets which, what they say, and how often they ask the database."""

import io
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assessments.models import Finding, Inspection, InspectionPhoto, InspectionPlan
from config import desk
from park import attachments
from park.formkeys import new_key
from tests.assessments import factories as make
from tests.pictures import CAMERA, jpeg
from tests.workshops.factories import ResidencyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

LIST = {"office", "lead_division", "inspector", "other_logistics", "attraction"}


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def status_of(client, address) -> int:
    """Of a file: it is closed again."""
    answer = client.get(address)
    answer.close()
    return answer.status_code


def bring(world, status, **recorded):
    people = world.people
    return make.in_status(
        world.inspection, status, inspector=people["office"], owner=people["owner"], **recorded
    )


def test_who_gets_which_page(world, client_of):
    inspection = bring(world, "closing")
    finding = inspection.findings.get()
    pages = {
        "inspections": (url("inspections"), LIST | {"officer_of_studio"}),
        "plan_new": (url("plan_inspections"), {"office", "lead_division", "officer_of_studio"}),
        "plan": (inspection.plan.get_absolute_url(), LIST | {"officer_of_studio"}),
        "inspection": (inspection.get_absolute_url(), LIST | {"owner", "officer_of_studio"}),
        "finding": (finding.get_absolute_url(), LIST | {"owner", "officer_of_studio"}),
        "tab": (
            url("studio_inspections", inspection.studio.key),
            {"office", "lead_division", "owner", "officer_of_studio"},
        ),
    }
    got = {
        page: {name for name, who in world.people.items() if client_of(who).get(address).status_code == 200}
        for page, (address, _) in pages.items()
    }
    assert got == {page: who for page, (_, who) in pages.items()}


def test_the_studio_reads_the_record_only_once_it_is_made(world, client_of):
    make.record(world.inspection, by=world.people["office"])
    owner = client_of(world.people["owner"])
    assert "展示栏没有更新" not in owner.get(world.inspection.get_absolute_url()).content.decode()
    bring(world, "recorded")
    page = owner.get(world.inspection.get_absolute_url()).content.decode()
    assert "展示栏没有更新" in page
    assert "轮到您办理" in page


def test_the_office_plans_for_all_who_are_waiting(world, client_of):
    others = [ResidencyFactory(active=True) for _ in range(2)]
    client = client_of(world.people["office"])
    page = client.get(url("plan_inspections"))
    assert {row.pk for row, _ in page.context["rows"]} == {row.pk for row in others}
    today = timezone.localdate()
    typed = {
        "form_key": new_key(), "title": "第三季度", "starts_on": today, "ends_on": today + timedelta(80),
        "inspect_on": today + timedelta(20), "inspectors": [p.pk for p in world.going],
        "residency": [str(row.key) for row in others], "note": "",
    }  # fmt: skip
    for _ in range(2):  # a double click
        answer = client.post(url("plan_inspections"), typed)
    assert answer.status_code == 302
    assert InspectionPlan.objects.filter(title="第三季度").get().inspections.count() == 2


def record_form(inspection, **typed):
    data = {
        "form_key": new_key(),
        "version": inspection.version,
        "saved_from": str(uuid.uuid4()),
        "summary": "良好",
    }
    for line in inspection.lines.all():
        data |= {f"line-{line.pk}-verdict": "met", f"line-{line.pk}-note": "", f"line-{line.pk}-severity": ""}
    return data | typed


def test_a_phone_saves_and_is_told_the_version(world, client_of):
    client, address = client_of(world.people["inspector"]), url("inspection_record", world.inspection.key)
    typed = record_form(world.inspection)
    answer = client.post(address, typed, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    again = client.post(address, typed, headers={"Accept": "application/json"})  # the answer was lost
    assert (again.status_code, again.json()["version"]) == (200, 1)
    stale = client_of(world.people["office"]).post(address, record_form(world.inspection, summary="别的"))
    assert stale.status_code == 409
    assert "其他人已经保存过" in stale.content.decode()
    long = client.post(address, record_form(world.inspection, summary="长" * 3001))
    assert long.status_code == 422
    assert "现有 3001 字" in long.content.decode()


@pytest.mark.parametrize(
    "who", ["lead_division", "other_logistics", "owner", "officer_of_studio", "stranger"]
)
def test_only_who_goes_records(world, client_of, who):
    address = url("inspection_record", world.inspection.key)
    assert client_of(world.people[who]).post(address, record_form(world.inspection)).status_code in (403, 404)
    assert Inspection.objects.get(pk=world.inspection.pk).version == 0


def test_a_picture_sent_again_is_one_and_has_no_exif(world, client_of):
    client, address = client_of(world.people["inspector"]), url("inspection_photos", world.inspection.key)
    assert CAMERA.encode() in jpeg().read()
    key = str(uuid.uuid4())
    for _ in range(3):
        client.post(address, {"client_key": key, "caption": "展示栏", "photo": jpeg()})
    row = InspectionPhoto.objects.get()
    content = attachments.content_of(row.stored)
    assert CAMERA.encode() not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert dict(picture.getexif()) == {}
    shown = url("inspection_photo", world.inspection.key, row.stored.key)
    assert status_of(client, shown) == 200
    assert client_of(world.people["owner"]).get(shown).status_code == 404  # the record is not made yet
    removed = client.post(
        url("inspection_photo_remove", world.inspection.key, row.stored.key), {"form_key": new_key()}
    )
    assert removed.status_code == 302
    assert client.get(shown).status_code == 404


def test_the_studio_answers_a_problem_with_proof(world, client_of):
    finding = bring(world, "closing").findings.get()
    client, address = client_of(world.people["owner"]), url("finding_step", finding.key, "answer_finding")
    without = client.post(address, {"form_key": new_key(), "reason": "已更新。"})
    assert without.status_code == 422
    assert "请上传“整改证明”" in without.content.decode()
    done = client.post(address, {"form_key": new_key(), "reason": "已更新。", "proof": jpeg()})
    assert done.status_code == 302
    finding.refresh_from_db()
    assert (finding.status, finding.proofs.count()) == ("answered", 1)
    proof = url("finding_proof", finding.key, finding.proofs.get().stored.key)
    assert status_of(client_of(world.people["inspector"]), proof) == 200
    assert client_of(world.people["stranger"]).get(proof).status_code == 404


def test_overdue_problems_stand_in_the_list_and_on_the_desks(world, client_of, clock):
    finding = bring(world, "closing").findings.get()
    clock(f"{finding.fix_by + timedelta(days=1)}")
    page = client_of(world.people["office"]).get(
        url("inspections"), {"view": "findings", "status": "overdue"}
    )
    assert list(page.context["page"].rows) == [finding]
    assert "1 个问题逾期未整改" in page.content.decode()
    titles = {s["title"] for s in desk.sections_for(world.people["office"])}
    assert "逾期未整改的问题" in titles
    assert "请整改的问题" in {s["title"] for s in desk.sections_for(world.people["owner"])}


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("view", ["month", "list", "findings", "plans"])
def test_the_lists_ask_the_database_the_same_number_of_times(
    client_of, people, going, django_assert_max_num_queries, view, rows
):
    residencies = [ResidencyFactory(active=True) for _ in range(rows)]
    plan = make.plan(residencies, by=people["office"], inspectors=going)
    for inspection in plan.inspections.all():
        line = inspection.lines.first()
        Finding.objects.create(
            inspection=inspection, line=line, number=1, clause="A2.1", problem="没有标识", severity="minor",
            fix_by=timezone.localdate(),
        )  # fmt: skip
    client = client_of(people["office"])
    client.get(url("inspections"), {"view": view})
    with django_assert_max_num_queries(12):
        assert client.get(url("inspections"), {"view": view}).status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(plan.get_absolute_url()).status_code == 200
