"""The agreement from draft to signature: drafted, issued, signed in ink, scanned, checked [5.3]."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from park import attachments, audit, documents
from park.templatetags.ui import date_zh
from park.workflow import Conflict, Refused
from workshops.actions.standing import locked, officers_of, people_of, tell
from workshops.actions.waiving import waiver_refusal
from workshops.charges.term import end_of_months, rent_free_until
from workshops.models import IN_PARK, Agreement, ResidencyStatus
from workshops.papers.agreement import KIND, said_by
from workshops.permissions.residency import brings_signed_papers, manages_residency


# ── draft ───────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def prepare_agreement(
    residency,
    *,
    by,
    term_months,
    term_starts_on=None,
    rent_free_from=None,
    namesake_reason="",
    no_room_reason="",
    ground="",
    extra="",
    version=0,
) -> Agreement:
    """Draft the agreement, or change its draft; a draft print goes with it.

    The first agreement of a residency needs the day its term begins; a supplement goes on the day after the old term
    and renews no waiver. The waiver ends by law 24 months on [4.1]. Raises Refused with a sentence for each thing in
    the way, Conflict when another page changed the draft.
    """
    residency = locked(residency.pk, by=by, may=manages_residency)
    kind = _kind_for(residency)
    row = residency.agreements.open().first()
    if row is not None and row.issued_at:
        raise Refused("协议已经出具。需要修改的，请先作废，再重新拟定。")
    if row is not None and row.version != version:
        raise Conflict("这份协议的拟稿已在别处修改过，您现在填的还没有保存。")
    if kind == Agreement.Kind.SUPPLEMENT:
        term_starts_on, rent_free_from = residency.term_ends_on + timedelta(days=1), None
    _refuse_wrong(residency, kind, term_starts_on, rent_free_from, namesake_reason, ground)
    row = row or Agreement(residency=residency, kind=kind)
    row.drafted_at, row.drafted_by, row.version = timezone.now(), by, row.version + 1
    row.term_starts_on, row.term_ends_on = term_starts_on, end_of_months(term_starts_on, term_months)
    row.rent_free_from = rent_free_from
    row.rent_free_until = rent_free_from and rent_free_until(rent_free_from)
    row.namesake_reason = namesake_reason if rent_free_from else ""
    row.no_room_reason, row.extra = no_room_reason, extra
    row.ground = ground if kind == Agreement.Kind.SUPPLEMENT else ""
    row.said = said_by(row)
    row.save()
    _withdraw_paper(row, by=by, reason="拟稿有修改")
    row.document = documents.issue(
        KIND, row, by=by, title=row.get_kind_display(), content_hash=documents.hash_of(row.said), draft=True
    )
    row.save(update_fields=["document"])
    audit.record("prepare_agreement", residency, by=by, after=_term(row), clause="5.3")
    return row


def _kind_for(residency):
    if residency.status == ResidencyStatus.PENDING_AGREEMENT:
        if residency.agreements.filter(checked_at__isnull=False, voided_at=None).exists():
            raise Refused("入驻协议已经签订并核对，请办理入驻。")
        return Agreement.Kind.FIRST
    if residency.status in IN_PARK:
        return Agreement.Kind.SUPPLEMENT
    raise Refused(f"入驻现在是“{residency.get_status_display()}”，不能拟定协议。")


def _refuse_wrong(residency, kind, term_starts_on, rent_free_from, namesake_reason, ground):
    problems = []
    if term_starts_on is None:
        problems.append("请填写协议期起。")
    elif kind == Agreement.Kind.FIRST and term_starts_on < residency.admitted_on:
        problems.append(f"协议期起不能早于确定入驻日期{date_zh(residency.admitted_on)}。")
    if kind == Agreement.Kind.SUPPLEMENT and not ground.strip():
        problems.append("续期须写明依据，例如哪一年度绩效评估合格。")
    if rent_free_from is not None:
        if rent_free_from < residency.admitted_on:
            problems.append(f"免租起不能早于确定入驻日期{date_zh(residency.admitted_on)}。")
        if sentence := waiver_refusal(residency.studio, namesake_reason):
            problems.append(sentence)
    if problems:
        raise Refused(*problems)


def _term(agreement) -> str:
    return f"{date_zh(agreement.term_starts_on)}至{date_zh(agreement.term_ends_on)}"


def _withdraw_paper(agreement, *, by, reason):
    paper = documents.standing(agreement, KIND)
    if paper is not None:
        documents.withdraw(paper, by=by, reason=reason)


# ── issue, sign, check ──────────────────────────────────────────────────────────────────────────
def _open(agreement, *, by, may) -> Agreement:
    """The agreement as it stands under the lock of its residency. Raises Refused once it is done with."""
    residency = locked(agreement.residency_id, by=by, may=may)
    agreement = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    agreement.residency = residency
    if not agreement.is_open:
        raise Refused(f"这份协议{agreement.state}，不能再办理。")
    return agreement


@transaction.atomic
def issue_agreement(agreement, *, by) -> Agreement:
    """The paper both sides sign: what it says stands still from now on."""
    agreement = _open(agreement, by=by, may=manages_residency)
    if agreement.issued_at:
        raise Refused("协议已经出具，请打印后由双方签字。")
    residency = agreement.residency
    has_room = residency.occupancies.filter(until=None).exists()
    if agreement.kind == Agreement.Kind.FIRST and not has_room and not agreement.no_room_reason:
        raise Refused("还没有安排房间。请先安排房间；确定不安排的，请在协议拟稿中写明说明。")
    if agreement.rent_free_from and (sentence := waiver_refusal(residency.studio, agreement.namesake_reason)):
        raise Refused(sentence)
    agreement.said = said_by(agreement)
    _withdraw_paper(agreement, by=by, reason="已出具正式文本")
    agreement.document = documents.issue(
        KIND,
        agreement,
        by=by,
        title=agreement.get_kind_display(),
        content_hash=documents.hash_of(agreement.said),
    )
    agreement.issued_at, agreement.issued_by = timezone.now(), by
    agreement.save(update_fields=["said", "document", "issued_at", "issued_by"])
    audit.record("issue_agreement", residency, by=by, after=agreement.document.number, clause="5.3")
    tell(
        people_of(residency),
        residency,
        f"{residency.studio}：{agreement.get_kind_display()}已出具，请打印一式两份，由领衔人签字。",
        by=by,
    )
    return agreement


@transaction.atomic
def receive_agreement(agreement, checked, *, same_copy, by) -> Agreement:
    """Take the signed scan from the studio or at the counter. `checked` was read with its QR codes.

    Raises Refused when it is a scan of something else, or unreadable and nobody says that it is this paper.
    """
    agreement = _open(agreement, by=by, may=brings_signed_papers)
    if not agreement.issued_at:
        raise Refused("协议还没有出具，草稿不用签字。")
    agreement.matched_by = _match(checked, agreement.document, same_copy=same_copy)
    agreement.scan = attachments.store(checked, by=by)
    agreement.received_at, agreement.received_by = timezone.now(), by
    agreement.returned_reason = ""
    agreement.save(update_fields=["matched_by", "scan", "received_at", "received_by", "returned_reason"])
    residency = agreement.residency
    audit.record("receive_agreement", residency, by=by, after=agreement.matched_by, clause="5.3")
    tell(officers_of(residency), residency, f"{residency.studio}：收到签字的协议扫描件，请核对。", by=by)
    return agreement


def _match(checked, document, *, same_copy) -> str:
    codes = {code for text in checked.qr_texts if (code := documents.code_in(text))}
    if document.check_code in codes:
        return Agreement.Match.QR
    if codes:
        raise Refused("扫描件上的二维码不是这份协议的正式文本，请核对后重新上传。")
    if not same_copy:
        raise Refused(
            f"没有识别到扫描件上的二维码。请核对它确是编号{document.number}的协议，勾选“已核对”后再次提交。"
        )
    return Agreement.Match.HAND


def _received(agreement, *, by) -> Agreement:
    agreement = _open(agreement, by=by, may=manages_residency)
    if not agreement.received_at:
        raise Refused("还没有收到双方签字的扫描件。")
    return agreement


@transaction.atomic
def check_agreement(agreement, *, by) -> Agreement:
    """The office has seen both signatures on the scan. A supplement takes effect: the term goes on, nothing else."""
    agreement = _received(agreement, by=by)
    agreement.checked_at, agreement.checked_by = timezone.now(), by
    agreement.save(update_fields=["checked_at", "checked_by"])
    residency = agreement.residency
    if agreement.kind == Agreement.Kind.SUPPLEMENT:
        if residency.status not in IN_PARK:
            raise Refused(f"入驻现在是“{residency.get_status_display()}”，不能续期。")
        residency.term_ends_on = agreement.term_ends_on
        residency.save(update_fields=["term_ends_on"])
    audit.record("check_agreement", residency, by=by, after=_term(agreement), clause="5.3")
    tell(
        people_of(residency),
        residency,
        f"{residency.studio}：{agreement.get_kind_display()}已核对存档。",
        by=by,
    )
    return agreement


@transaction.atomic
def return_agreement(agreement, *, reason, by) -> Agreement:
    """The scan will not do (a signature missing, unreadable): another one is needed, the paper stands."""
    agreement = _received(agreement, by=by)
    agreement.received_at = agreement.received_by = agreement.scan = None
    agreement.matched_by, agreement.returned_reason = "", reason
    agreement.save(update_fields=["received_at", "received_by", "scan", "matched_by", "returned_reason"])
    residency = agreement.residency
    audit.record("return_agreement", residency, by=by, note=reason, clause="5.3")
    tell(people_of(residency), residency, f"{residency.studio}：协议扫描件需要重新上传。{reason}", by=by)
    return agreement


@transaction.atomic
def void_agreement(agreement, *, reason, by) -> Agreement:
    """Not to be signed, or signed in error: it falls, as long as the residency does not rest on it."""
    residency = locked(agreement.residency_id, by=by, may=manages_residency)
    agreement = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    if agreement.voided_at:
        raise Refused("这份协议已经作废。")
    if agreement.checked_at and residency.status != ResidencyStatus.PENDING_AGREEMENT:
        raise Refused("协议已经签订并生效，不能作废；需要结束入驻的，请办理退出。")
    fell(agreement, by=by, reason=reason)
    audit.record("void_agreement", residency, by=by, note=reason, clause="5.3")
    return agreement


def fell(agreement, *, by, reason):
    """Mark it void and take its paper back; under the lock of the residency."""
    agreement.voided_at, agreement.voided_by, agreement.void_reason = timezone.now(), by, reason[:300]
    agreement.save(update_fields=["voided_at", "voided_by", "void_reason"])
    _withdraw_paper(agreement, by=by, reason=reason)
