"""The pages of an agreement: draft, issue, signed scan, check [4.1][5.3]."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from park import attachments, audit, rules
from park.forms.fields import PlainForm
from park.views.paper import serve_paper
from workshops.actions import agreeing
from workshops.actions.waiving import waiver_refusal
from workshops.charges.term import months_between
from workshops.forms.agreement import AgreementForm, CheckForm, SignedScanForm
from workshops.forms.residency import ReasonForm
from workshops.models import IN_PARK, Agreement, ResidencyStatus
from workshops.permissions.residency import brings_signed_papers, is_of_residency, manages_residency
from workshops.views.acting import act_page
from workshops.views.residency import demand, visible


def agreement_draft(request, key):
    """Draft or change: defaults from the hand-over and from the park's rules."""
    row = visible(request, key)
    demand(request, row, manages_residency)
    draft = row.agreements.open().first()
    if draft is not None and draft.issued_at:
        raise PermissionDenied("协议已经出具；需要修改的，请先作废。")
    if row.status not in (ResidencyStatus.PENDING_AGREEMENT, *IN_PARK):
        raise PermissionDenied("入驻已经结束，不能拟定协议。")
    is_first = row.status == ResidencyStatus.PENDING_AGREEMENT
    had = waiver_refusal(row.studio, namesake_reason="-") if is_first else ""
    form = AgreementForm(
        request.POST or None, is_first=is_first, may_waive=not had, initial=_initial(row, draft)
    )

    def act(data):
        agreeing.prepare_agreement(row, **form.given(), by=request.user)

    return act_page(
        request,
        form,
        act,
        record=row,
        verb="prepare_agreement",
        title="拟定入驻协议" if is_first else "拟定续期补充协议",
        button="保存拟稿",
        done="拟稿已保存，草稿可以打印核对。",
        back=row.get_absolute_url(),
        template="workshops/agreement_draft.html",
        extra={"residency": row, "is_first": is_first, "had": had, "rooms": _rooms(row)},
    )


def _rooms(row):
    return row.occupancies.filter(until=None).select_related("room").order_by("room__number")


def _initial(row, draft) -> dict:
    if draft is not None:
        months = months_between(draft.term_starts_on, draft.term_ends_on)
        return {
            "term_starts_on": draft.term_starts_on,
            "term_months": months,
            "with_waiver": draft.rent_free_from is not None,
            "rent_free_from": draft.rent_free_from,
            "namesake_reason": draft.namesake_reason,
            "no_room_reason": draft.no_room_reason,
            "ground": draft.ground,
            "extra": draft.extra,
            "version": draft.version,
        }
    first = row.occupancies.filter(until=None).order_by("since").first()
    day = first.since if first else timezone.localdate()
    return {
        "term_starts_on": day,
        "term_months": rules.get("agreement_months"),
        "with_waiver": True,
        "rent_free_from": day,
        "version": 0,
    }


def _agreement(request, key) -> Agreement:
    rows = Agreement.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("residency__studio", "document", "scan"), key=key)
    if row.issued_at is None and is_of_residency(request.user, row.residency):
        raise Http404  # a draft is the office's own
    return row


# act -> (who, form, title, what it says when it is done)
ACTS = {
    "issue": (manages_residency, PlainForm, "出具协议", "协议已出具，请打印一式两份，由双方签字盖章。"),
    "scan": (brings_signed_papers, SignedScanForm, "上传签字的协议", "已收到扫描件，由管理办公室核对。"),
    "check": (manages_residency, CheckForm, "核对签字的协议", "协议已核对存档。"),
    "return": (manages_residency, ReasonForm, "退回扫描件", "已退回，请工作室重新上传。"),
    "void": (manages_residency, ReasonForm, "协议作废", "协议已作废，可以重新拟定。"),
}


def agreement_act(request, key, act):
    """One act on an agreement."""
    if act not in ACTS:
        raise Http404
    row = _agreement(request, key)
    who, form_class, title, done = ACTS[act]
    demand(request, row.residency, who)
    files = request.FILES if request.method == "POST" else None
    form = form_class(request.POST if request.method == "POST" else None, files)

    def carry_out(data):
        if act == "issue":
            agreeing.issue_agreement(row, by=request.user)
        elif act == "scan":
            agreeing.receive_agreement(row, data["scan"], same_copy=data["same_copy"], by=request.user)
        elif act == "check":
            agreeing.check_agreement(row, by=request.user)
        elif act == "return":
            agreeing.return_agreement(row, reason=data["reason"], by=request.user)
        else:
            agreeing.void_agreement(row, reason=data["reason"], by=request.user)

    return act_page(
        request,
        form,
        carry_out,
        record=row.residency,
        verb=f"{'receive' if act == 'scan' else act}_agreement",
        title=title,
        done=done,
        back=row.residency.get_absolute_url(),
        danger=act == "void",
        template="workshops/agreement_act.html",
        extra={"agreement": row, "act": act},
    )


@require_safe
def agreement_paper(request, key):
    """The paper itself: the draft for the office, the issued one for both sides."""
    row = _agreement(request, key)
    if row.document is None:
        raise Http404
    return serve_paper(request, row.document, back=row.residency.get_absolute_url())


@require_safe
def agreement_scan(request, key):
    """What both sides signed."""
    row = _agreement(request, key)
    if row.scan is None:
        raise Http404
    audit.record("view_document", row.residency, by=request.user, note="签字的协议扫描件")
    return attachments.serve(row.scan, filename="agreement-signed", inline="inline" in request.GET)
