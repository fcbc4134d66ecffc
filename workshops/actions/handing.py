"""The list of a hand-over: filled in by the park, confirmed by both sides, on line or in ink [5.3]."""

from django.db import transaction
from django.utils import timezone

from park import attachments, audit, documents
from park.models import Role
from park.templatetags.ui import date_zh
from park.workflow import Conflict, Refused
from workshops.actions import handing_meters
from workshops.actions.standing import locked, officers_of, people_of, tell
from workshops.models import Handover, HandoverItem
from workshops.papers.handover import KIND, data_of, standing_paper
from workshops.permissions.residency import is_of_residency, serves_residency

SERVING = (Role.LOGISTICS, Role.OFFICE, Role.LEAD_DIVISION)


def _locked(handover, *, by, may) -> Handover:
    """The hand-over under the lock of its residency. Raises Refused once both sides confirmed it."""
    residency = locked(handover.occupancy.residency_id, by=by, may=may)
    handover = (
        Handover.objects.select_for_update(no_key=True, of=["self"])
        .select_related("occupancy__room")
        .get(pk=handover.pk)
    )
    handover.occupancy.residency = residency
    if handover.is_settled:
        raise Refused("双方都已确认，交接清单不能再改。")
    return handover


@transaction.atomic
def save_handover(handover, *, day, remark, items, version, by) -> Handover:
    """Keep what was counted. `items`: dicts of label, unit, is_reading, quantity (None: not counted yet), condition,
    note; rows that are left out are gone. Raises Conflict when another page saved in between, Refused after the
    park has confirmed."""
    handover = _locked(handover, by=by, may=serves_residency)
    if handover.office_confirmed_at:
        raise Refused("清单已经确认并交工作室核对，不能再改；工作室提出异议后可以修改。")
    if handover.version != version:
        raise Conflict("这份清单已在别处保存过，您现在填的还没有保存。")
    if len({row["label"] for row in items}) < len(items):
        raise Refused("清单中有两行项目名称相同，请合并或改名。")
    _refuse_wrong_day(handover, day)
    before = {item.label: item for item in handover.items.select_related("meter")}
    expected = {label: item.expected for label, item in before.items()}
    meters = handing_meters.meters_of(handover.occupancy.room, day)
    items = handing_meters.linked(items, {label: item.meter for label, item in before.items()}, meters)
    handover.items.all().delete()
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, order=order, expected=expected.get(row["label"]), **row)
        for order, row in enumerate(items, 1)
    )
    handover.day, handover.remark, handover.version = day, remark, handover.version + 1
    handover.save(update_fields=["day", "remark", "version"])
    audit.record("save_handover", handover.occupancy.residency, by=by, after=str(handover), clause="5.3")
    return handover


def _refuse_wrong_day(handover, day):
    if handover.kind == Handover.Kind.OUT and day < handover.occupancy.since:
        raise Refused(f"交还日期不能早于交付日期{date_zh(handover.occupancy.since)}。")
    if handover.kind == Handover.Kind.IN and day < handover.occupancy.residency.admitted_on:
        raise Refused("交付日期不能早于确定入驻日期。")


@transaction.atomic
def confirm_handover(handover, *, by) -> Handover:
    """The park says that the list is right; the 交接单 is printed and the studio is asked."""
    handover = _locked(handover, by=by, may=serves_residency)
    if handover.office_confirmed_at:
        raise Refused("园区已经确认，等工作室核对。")
    problems = []
    rows = list(handover.items.all())
    if not rows:
        problems.append("清单里还没有项目。")
    if uncounted := [row.label for row in rows if row.quantity is None]:
        problems.append(f"还没有填写数量或读数：{'、'.join(uncounted)}。")
    silent = [row.label for row in rows if row.condition in ("damaged", "missing") and not row.note]
    if silent:
        problems.append(f"损坏、缺失的请写明说明：{'、'.join(silent)}。")
    if handover.day > timezone.localdate():
        problems.append(f"交接日期是{date_zh(handover.day)}，当天起才能确认。")
    else:
        problems += handing_meters.faults_of(handover, by=by)
    if problems:
        raise Refused(*problems)
    handover.office_confirmed_at, handover.office_confirmed_by = timezone.now(), by
    handover.save(update_fields=["office_confirmed_at", "office_confirmed_by"])
    documents.issue(
        KIND,
        handover,
        by=by,
        title=f"房间交接单（{handover.get_kind_display()}）",
        content_hash=documents.hash_of(data_of(handover)),
        supersedes=standing_paper(handover),
        reason="清单有修改",
    )
    residency = handover.occupancy.residency
    audit.record("confirm_handover", residency, by=by, after=str(handover), clause="5.3")
    tell(people_of(residency), residency, f"{residency.studio}：请核对{handover}的交接清单。", by=by)
    return handover


def _offered(handover, *, by, may) -> Handover:
    handover = _locked(handover, by=by, may=may)
    if not handover.office_confirmed_at:
        raise Refused("园区还没有确认这份清单。")
    return handover


@transaction.atomic
def answer_handover(handover, *, agrees, remark="", by) -> Handover:
    """The studio's answer: the list is right, and the room has changed hands; or what is not right, and the park looks
    at it again."""
    handover = _offered(handover, by=by, may=is_of_residency)
    residency = handover.occupancy.residency
    handover.studio_remark = remark
    if agrees:
        _settle(handover, by=by)
        text = f"{residency.studio}：已确认{handover}。"
    else:
        if not remark.strip():
            raise Refused("请写明哪些项目有出入。")
        handover.office_confirmed_at = handover.office_confirmed_by = None
        handover.save(update_fields=["office_confirmed_at", "office_confirmed_by", "studio_remark"])
        text = f"{residency.studio}：对{handover}的清单有异议。"
    audit.record(
        "answer_handover",
        residency,
        by=by,
        after=f"{handover}：{'属实' if agrees else '有出入'}",
        note=remark,
        clause="5.3",
    )
    tell(officers_of(residency, *SERVING), residency, text, by=by)
    return handover


@transaction.atomic
def sign_handover(handover, checked, *, same_sheet, by) -> Handover:
    """The 交接单 signed by both in ink, as a scan. Raises Refused when it is another paper."""
    handover = _offered(handover, by=by, may=serves_residency)
    paper = standing_paper(handover)
    codes = {code for text in checked.qr_texts if (code := documents.code_in(text))}
    if codes and paper.check_code not in codes:
        raise Refused("扫描件上的二维码不是这份交接单的最新版本，请核对后重新上传。")
    if not codes and not same_sheet:
        raise Refused("没有识别到扫描件上的二维码。请核对后勾选“已核对”，再次提交。")
    handover.signed = attachments.store(checked, by=by)
    _settle(handover, by=by)
    residency = handover.occupancy.residency
    audit.record("sign_handover", residency, by=by, after=str(handover), clause="5.3")
    tell(people_of(residency), residency, f"{residency.studio}：{handover}已凭签字的交接单办结。", by=by)
    return handover


def _settle(handover, *, by):
    """Both sides agree: the room is the studio's from this day, or the park's again, and what the meters showed is
    read. Raises Refused where a reading came between that does not go with it."""
    handing_meters.hold(handover)
    if faults := handing_meters.faults_of(handover, by=by):
        raise Refused(*faults)
    handing_meters.read(handover, by=by)
    handover.studio_confirmed_at, handover.studio_confirmed_by = timezone.now(), by
    handover.save(update_fields=["studio_confirmed_at", "studio_confirmed_by", "studio_remark", "signed"])
    occupancy = handover.occupancy
    if handover.kind == Handover.Kind.IN:
        occupancy.since = handover.day
    else:
        occupancy.until = handover.day
    occupancy.save(update_fields=["since", "until"])
