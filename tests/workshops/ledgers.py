"""Ledger records for tests: one whole record of each kind, and records in each status."""

import io
from datetime import date
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from park import attachments
from tests.factories import UserFactory
from workshops.actions import ledger as acts
from workshops.kinds import KINDS
from workshops.workflow import LEDGER

# fmt: off
# What a whole record of each kind says, besides its name and days.
VALUES = {
    "sign": {"place": "创新楼201室门口"},
    "showcase": {"place": "创新楼201室"},
    "equipment": {"model": "CK6140", "quantity": 2, "state": "in_use", "value": 12_800_000},
    "rules": {"rule_type": "general"},
    "wall": {"place": "创新楼201室"},
    "plan": {"plan_type": "year", "goals": "培训 60 人，完成攻关 1 项。"},
    "log": {"content": "工装调试，指导徒弟两人。"},
    "training": {"mode": "short", "audience": "school", "planned": 2, "teacher": "周镕喆"},
    "apprenticeship": {"apprentice": "李玥", "master": "周镕喆", "unit": "镇江某机械厂"},
    "project": {"project_type": "tackle", "commissioner": "enterprise", "commissioner_name": "镇江某机械厂", "difficulty": "曲轴磨削振纹。"},
    "exchange": {"exchange_type": "meeting", "people_count": 45, "content": "钣金校形交流。"},
    "service": {"service_type": "community", "people_count": 60, "content": "义务维修。"},
    "contest": {"contest_level": "province", "contestant": "李玥", "result": "一等奖"},
    "method": {"method_type": "operation", "content": "四步校形。"},
    "media": {"media_type": "press", "media_level": "city", "outlet": "镇江日报"},
    "achievement": {"achievement_type": "patent", "achievement_level": "national", "patent_type": "utility", "owner": "周镕喆", "certificate_no": "ZL202620000001"},
    "benefit": {"benefit_type": "service", "amount": 56_000_000, "unit": "镇江某机械厂", "basis": "节约工时费。"},
    "paid_service": {"service_type": "guidance", "client": "镇江某机械厂", "amount": 8_000_000, "contract_no": "HT-01"},
    "engagement": {"post": "consultant", "who": "周镕喆", "client": "镇江某机械厂"},
    "cooperation": {"cooperation_type": "topic", "enterprise": "镇江某机械厂", "school": "镇江技师学院"},
    "coaching": {"coaching_type": "marketing", "content": "产品定价。"},
    "startup": {"credit_code": "91110000600037341L"},
}
# fmt: on


def picture(shade=0, name="photo.png"):
    """A small picture as a browser uploads it; another shade is another file."""
    out = io.BytesIO()
    Image.new("RGB", (24, 18), (shade % 256, 90, 140)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@cache
def checked(shade=0) -> attachments.CheckedUpload:
    """The same picture, examined once per process: the examination is a process of its own."""
    return attachments.check(picture(shade))


def member_of(studio):
    """Somebody who acts for the studio."""
    person = studio.people.first()
    if person is None:
        person = UserFactory(roles=["applicant"])
        studio.people.add(person)
    return person


def record(studio, kind="log", *, day=None, by=None, shade=None, title="", **changes):
    """A whole draft; `shade` attaches a picture of that shade."""
    files = [checked(shade)] if shade is not None else []
    day = day or timezone.localdate()
    common = {"until_on": changes.pop("until_on", None)}
    if KINDS[kind].until_required and common["until_on"] is None:
        common["until_on"] = date(day.year, 12, 31)
    return acts.create_record(
        studio,
        KINDS[kind],
        title=title or KINDS[kind].title,
        happened_on=day,
        values=VALUES[kind] | changes,
        files=files,
        by=by or member_of(studio),
        **common,
    )


def proven(studio, kind="log", *, shade=7, **kwargs):
    """A whole record with what its kind wants as proof and with its roster."""
    row = record(studio, kind, shade=shade if KINDS[kind].proof != "none" else None, **kwargs)
    if KINDS[kind].roster:
        trainee(row)
    return row


def trainee(training, name="王镕", number="", **fields):
    certificate = (
        {"certificate_kind": "skill_level", "certificate_no": number, "certified_on": training.happened_on}
        if number
        else {}
    )
    return acts.add_trainee(training, name=name, by=member_of(training.studio), **(certificate | fields))


def in_status(studio, status, *, office, kind="log", **kwargs):
    """A record that went the way to this status."""
    row, person = proven(studio, kind, **kwargs), member_of(studio)
    ways = {
        "draft": [],
        "submitted": [("submit_ledger", person)],
        "verified": [("submit_ledger", person), ("verify_ledger", office)],
        "returned": [("submit_ledger", person), ("return_ledger", office)],
        "voided": [("void_ledger", person)],
    }
    for name, by in ways[status]:
        row = LEDGER.perform(row, name, by=by, data={"reason": "请补充附件"})
    return row
