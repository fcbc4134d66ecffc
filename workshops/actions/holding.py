"""What do the records of the park hold about a person, when must it stay, and what goes? (PIPL 45, 47)

An account reads what is certainly its own: the person that it stands for, and that person in the rosters of the same
studio. A name alone proves nobody, so people without an account turn to the office, which looks them up.
"""

from django.db import transaction
from django.db.models import Q

from park import audit
from park.personal_data import Found, Holding, Subject
from park.workflow import Refused
from workshops.models import (
    AttractionLead,
    CheckIn,
    LedgerRecord,
    LedgerStatus,
    Person,
    Residency,
    Studio,
    Trainee,
)

ON_REGISTER = "在册人员是园区依法保存的办理记录，保存期内不能删除；离开的，请工作室登记离开。"
VERIFIED = "已核验的台账是绩效评估的依据，保存期内不能删除；登记有误的，请工作室申请退回更正。"
NOT_VERIFIED = "台账还没有核验，请工作室自行更正或删除。"
LED_TO_FILE = "线索已转为申报，随申报记录保存。"
PAIRS = {"apprenticeship": ("apprentice", "带徒协议中的徒弟"), "contest": ("contestant", "竞赛指导的选手")}


# ── people of studios ───────────────────────────────────────────────────────────────────────────
def _person(row) -> dict:
    return {
        "工作室": row.studio.name,
        "姓名": row.name,
        "身份": "领衔人" if row.is_leader else "成员",
        "性别": str(row.gender or ""),
        "出生年份": row.birth_year,
        "学历": str(row.education or ""),
        "职业（工种）": row.occupation,
        "职业资格等级": str(row.skill_level or ""),
        "所在单位": row.unit_name,
        "技能特长": row.skills,
        "主要业绩": row.achievements,
        "荣誉称号": row.honours,
        "加入日期": row.joined_on.isoformat(),
        "离开日期": row.left_on.isoformat() if row.left_on else None,
        "离开原因": row.left_reason,
    }


def _persons():
    return Person.objects.select_related("studio", "gender", "education", "skill_level").order_by("pk")


def _export_people(user) -> dict:
    """The person that the account stands for, the days in the park, the studios for which it acts."""
    days = CheckIn.objects.standing().filter(person__user=user).order_by("day")
    return {
        "本人": [_person(row) for row in _persons().filter(user=user)],
        "到园日期": [day.isoformat() for day in days.values_list("day", flat=True)],
        "可以办理的工作室": list(Studio.objects.of(user).order_by("name").values_list("name", flat=True)),
    }


def _keeps_people(user) -> str:
    """Whoever is on a studio's register, or acts for a studio in the park, is needed there."""
    here = Q(persons__user=user, persons__left_on=None)
    acting = Q(people=user, pk__in=Residency.objects.standing().values("studio"))
    names = Studio.objects.filter(here | acting).distinct().order_by("name").values_list("name", flat=True)
    if not names:
        return ""
    return f"您还是{'、'.join(names[:3])}的在册人员或办理人，请先由工作室登记离开、由管理办公室移除办理账号。"


def _erase_people(user):
    """The account no longer stands for anybody; what was registered about the person stays a record of the park."""
    Person.objects.filter(user=user).update(user=None)
    for studio in Studio.objects.of(user):
        studio.people.remove(user)


def _find_people(subject: Subject) -> list[Found]:
    rows = _persons().filter(name=subject.name)
    rows = rows.filter(unit_name=subject.unit_name) if subject.unit_name else rows
    return [Found(f"{row.key}", _person(row), ON_REGISTER) for row in rows[: Subject.MOST]]


# ── rosters, apprentices, contestants ───────────────────────────────────────────────────────────
def _trainee(row) -> dict:
    return {
        "工作室": row.studio.name,
        "培训": f"{row.record.number} {row.record.title}",
        "姓名": row.name,
        "单位": row.unit_name,
        "证书种类": row.get_certificate_kind_display(),
        "证书编号": row.certificate_no,
        "发证日期": row.certified_on.isoformat() if row.certified_on else None,
    }


def _pair(row) -> dict:
    return {
        "工作室": row.studio.name,
        "台账": f"{row.number} {row.title}",
        "姓名": row.data[PAIRS[row.kind][0]],
        "身份": PAIRS[row.kind][1],
        "单位": row.partner,
        "日期": row.happened_on.isoformat(),
    }


def _trainees():
    return Trainee.objects.exclude(record__status=LedgerStatus.VOIDED).select_related("studio", "record")


def _paired(name):
    named = Q()
    for kind, (field, _) in PAIRS.items():
        named |= Q(kind=kind, **{f"data__{field}": name})
    return LedgerRecord.objects.standing().filter(named).select_related("studio").order_by("pk")


def _export_ledger(user) -> list:
    """Where the person that the account stands for is on a roster of the same studio."""
    found = []
    for studio, name in Person.objects.filter(user=user).values_list("studio", "name"):
        found += [_trainee(row) for row in _trainees().filter(studio=studio, name=name)]
        found += [_pair(row) for row in _paired(name).filter(studio=studio)]
    return found


def _find_in_ledger(subject: Subject) -> list[Found]:
    rows, pairs = _trainees().filter(name=subject.name), _paired(subject.name)
    if subject.unit_name:
        rows, pairs = rows.filter(unit_name=subject.unit_name), pairs.filter(partner=subject.unit_name)
    if subject.number:
        rows, pairs = rows.filter(certificate_no__iexact=subject.number), pairs.none()
    found = [(row.record.status, f"trainee-{row.pk}", _trainee(row)) for row in rows[: Subject.MOST]]
    found += [(row.status, f"{row.key}", _pair(row)) for row in pairs[: Subject.MOST]]
    return [
        Found(key, facts, VERIFIED if status == LedgerStatus.VERIFIED else NOT_VERIFIED)
        for status, key, facts in found
    ]


# ── masters to win over ─────────────────────────────────────────────────────────────────────────
def _lead(row) -> dict:
    return {
        "编号": row.number,
        "姓名": row.name,
        "职业（工种）": row.craft,
        "所在单位": row.unit_name,
        "手机": "已登记" if row.mobile else "",
        "荣誉称号": row.honours,
        "线索来源": row.source,
        "状态": row.get_status_display(),
        "登记时间": row.added_at.isoformat(),
    }


def _export_leads(user) -> list:
    """The lead that led to the studio for which the account acts: nothing else ties a lead to an account for certain."""
    numbers = Residency.objects.filter(studio__in=Studio.objects.of(user)).values("source")
    rows = AttractionLead.objects.exclude(application_number="").filter(application_number__in=numbers)
    return [_lead(row) for row in rows.filter(name=user.real_name).order_by("pk")]


def _find_leads(subject: Subject) -> list[Found]:
    rows = AttractionLead.objects.filter(name=subject.name).order_by("pk")
    rows = rows.filter(unit_name=subject.unit_name) if subject.unit_name else rows
    return [
        Found(f"{row.key}", _lead(row), LED_TO_FILE if row.application_number else "")
        for row in rows[: Subject.MOST]
        if subject.number in ("", row.mobile)
    ]


@transaction.atomic
def _forget_lead(key, *, by, reason):
    """A master who does not want to be on the list: what names the person goes, that there was a lead stays. Raises
    Refused where it has led to an application."""
    row = AttractionLead.objects.select_for_update(no_key=True).get(key=key)
    if row.application_number:
        raise Refused(LED_TO_FILE)
    row.name, row.unit_name = "已删除", row.number
    row.mobile = row.honours = row.province = row.city = ""
    row.next_contact_on, row.version = None, row.version + 1
    fields = ["name", "unit_name", "mobile", "honours", "province", "city", "next_contact_on", "version"]
    row.save(update_fields=fields)
    audit.record("forget_lead", row, by=by, note=reason, clause="5.1")


HOLDINGS = (
    Holding("工作室人员", _export_people, keeps=_keeps_people, erase=_erase_people, find=_find_people),
    Holding("培训花名册、带徒和竞赛指导", _export_ledger, find=_find_in_ledger),
    Holding("招引线索", _export_leads, find=_find_leads, forget=_forget_lead),
)
