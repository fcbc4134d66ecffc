"""Repairs, checks and rules as plain as they can be, made by the acts themselves."""

from django.utils import timezone

from park import attachments
from tests.pictures import jpeg
from workshops.actions import house_ruling, keeping_safe, repairing
from workshops.models import Hazard, SafetyItem
from workshops.workflow import HAZARD, REPAIR


def checked():
    return attachments.check(jpeg())


def ticket(*, studio=None, by, urgency="normal", **kwargs):
    given = {"room": None, "place": "北侧窗户", "problem": "玻璃开裂", "photos": []} | kwargs
    return repairing.report_repair(studio=studio, urgency=urgency, by=by, **given)


# How a ticket comes to a status, from that of the line before.
ROAD = ("accept_repair", "start_repair", "finish_repair", "confirm_repair")


def ticket_in(status, *, studio, owner, mender):
    row = ticket(studio=studio, by=owner)
    aside = {"refused": ("refuse_repair", mender), "withdrawn": ("withdraw_repair", owner)}
    if status in aside:
        name, by = aside[status]
        return REPAIR.perform(row, name, by=by, data={"reason": "不属于维修范围。"})
    names = {"accepted": 1, "working": 2, "done": 3, "reopened": 3, "confirmed": 4}.get(status, 0)
    for name in ROAD[:names]:
        row = REPAIR.perform(
            row, name, by=owner if name == "confirm_repair" else mender, data={"reason": "已换。"}
        )
    if status == "reopened":
        row = REPAIR.perform(row, "reopen_repair", by=owner, data={"reason": "仍漏风。"})
    return row


def hazard(*, studio, by, severity="minor") -> Hazard:
    item, _ = SafetyItem.objects.get_or_create(code="t1", defaults={"label": "通道畅通", "edition": "本园"})
    check = keeping_safe.make_safety_check(
        studio=studio, room=None, place="" if studio else "一楼门厅", checked_on=timezone.localdate(), summary="",
        lines=[(item, "hazard", severity, "通道堆物")], by=by,
    )  # fmt: skip
    return Hazard.objects.get(line__check_row=check)


def hazard_in(status, *, studio, owner, keeper):
    row = hazard(studio=studio, by=keeper)
    if status == "open":
        return row
    row = HAZARD.perform(row, "answer_hazard", by=owner, data={"reason": "已清理。", "proof": checked()})
    if status == "fixed":
        return row
    name = "close_hazard" if status == "closed" else "reopen_hazard"
    return HAZARD.perform(row, name, by=keeper, data={"reason": "看过。"})


def rule(*, by, title="园区用电管理办法", **kwargs):
    given = {"text": "第一条 下班切断电源。", "change": "", "stored": None} | kwargs
    return house_ruling.publish_rule(title=title, by=by, **given)


def breach(*, studio, by):
    return house_ruling.record_breach(
        studio=studio, proof=None, by=by, rule=None, provision="第一条", happened_on=timezone.localdate(),
        facts="下班未断电。", measure="warning",
    )  # fmt: skip
