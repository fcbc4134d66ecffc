"""What is due of repairs, safety and house rules [5.3]?"""

from django.db.models import DateField, Exists, F, OuterRef, UUIDField, Value
from django.urls import reverse

from park.models import Role
from park.workflow import Stage
from workshops.duties.definition import KEEPERS, DutyKind, Part, text
from workshops.models import (
    Breach,
    Hazard,
    HouseRuleVersion,
    ReadReceipt,
    RepairTicket,
    Residency,
    SafetyLetter,
    Studio,
)
from workshops.workflow import HAZARD, REPAIR


def _repairs(scope):
    """The clock of whoever's turn it is; while it is mended that is the day that was promised once."""
    yield Part(RepairTicket.objects.unfinished(), day=F("due_on"), what=F("place"), state=F("status"))


def _hazards(scope):
    """By the day it had to be removed, also while it waits to be looked at again."""
    yield Part(Hazard.objects.unsettled(), day=F("fix_by"), what=F("problem"), state=F("status"))


def _letters(scope):
    rows = SafetyLetter.objects.filter(received_at=None)
    yield Part(rows, studio="residency__studio", day=F("due_on"), number=F("year"))


def _house_rules(scope):
    """Of each rule in force, the studios where somebody has not confirmed it."""
    for version in HouseRuleVersion.objects.in_force():
        read = ReadReceipt.objects.filter(version=version.pk, user=OuterRef("user"))
        unread = Studio.people.through.objects.filter(studio=OuterRef("studio"), user__is_active=True)
        yield Part(
            Residency.objects.in_park().filter(Exists(unread.filter(~Exists(read)))),
            key=Value(version.rule.key, output_field=UUIDField()),
            day=Value(version.read_by, output_field=DateField()),
            what=text(version.rule.title),
        )


def _breaches(scope):
    yield Part(Breach.objects.standing().filter(stated_at=None), day=F("state_by"), what=F("provision"))


DUTIES = (
    DutyKind(
        "repair", "报修", "5.3", _repairs, REPAIR.stages, lambda line: f"{line.what}报修",
        lambda line, studio: reverse("workshops:repair", args=[line.key]), KEEPERS, common_turn=Role.OFFICE,
    ),
    DutyKind(
        "hazard", "安全隐患", "5.3", _hazards, HAZARD.stages, lambda line: f"消除隐患：{line.what[:40]}",
        lambda line, studio: reverse("workshops:hazard", args=[line.key]), KEEPERS,
    ),
    DutyKind(
        "safety_letter", "安全责任书", "5.3", _letters, {"": Stage("待交回签字盖章件", "", Role.APPLICANT)},
        lambda line: f"签订{line.number}年度安全责任书", lambda line, studio: reverse("workshops:safety_letters"), KEEPERS,
    ),
    DutyKind(
        "house_rule", "阅读规章制度", "5.3", _house_rules, {"": Stage("还有人没有阅读确认", "", Role.APPLICANT)},
        lambda line: f"阅读《{line.what}》", lambda line, studio: reverse("workshops:house_rule", args=[line.key]), KEEPERS,
    ),
    DutyKind(
        "breach", "违规说明", "5.3", _breaches, {"": Stage("待工作室说明", "", Role.APPLICANT)},
        lambda line: f"说明违规情况：{line.what[:40]}", lambda line, studio: reverse("workshops:breach", args=[line.key]),
    ),
)  # fmt: skip
