"""The page of a hand-over: the list on a phone, both confirmations, the paper [5.3]."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from park import attachments, audit
from park.forms.fields import PlainForm
from park.views.paper import serve_paper
from workshops.actions import handing, handing_meters
from workshops.forms.agreement import SignedScanForm
from workshops.forms.handover import AnswerForm, HandoverForm, ItemFormSet
from workshops.models import Handover
from workshops.papers.handover import plain, standing_paper
from workshops.permissions.residency import is_of_residency, serves_residency
from workshops.views.acting import act_page
from workshops.views.residency import demand


def _handover(request, key) -> Handover:
    rows = Handover.objects.visible_to(request.user).select_related(
        "occupancy__room", "occupancy__residency__studio", "signed"
    )
    return get_object_or_404(rows, key=key)


@require_safe
def handover(request, key):
    """The list with what was counted, what differs, and who has confirmed."""
    row = _handover(request, key)
    residency, user = row.occupancy.residency, request.user
    serves, own = serves_residency(user, residency), is_of_residency(user, residency)
    offered = row.office_confirmed_at is not None and not row.is_settled
    lines = list(row.items.select_related("meter"))
    meters = handing_meters.meters_of(row.occupancy.room, row.day)
    words = handing_meters.words_on(row, lines, meters)
    items = [
        {
            "item": item,
            "quantity": plain(item.quantity),
            "expected": plain(item.expected),
            "difference": item.difference,
            "reading": words.get(item.pk, ""),
        }
        for item in lines
    ]
    context = {
        "handover": row,
        "residency": residency,
        "studio": residency.studio,
        "is_own": own,
        "items": items,
        "has_differences": any(item["difference"] for item in items),
        "unlisted": [] if row.is_settled else words[""],
        "paper": standing_paper(row),
        "may_fill": serves and not row.office_confirmed_at,
        "may_sign": serves and offered,
        "may_answer": own and offered,
    }
    return render(request, "workshops/handover.html", context)


def handover_edit(request, key):
    """Fill in the list."""
    row = _handover(request, key)
    residency = row.occupancy.residency
    demand(request, residency, serves_residency)
    if row.office_confirmed_at:
        raise PermissionDenied("清单已经确认，不能再改；工作室提出异议后可以修改。")
    posted = request.POST if request.method == "POST" else None
    initial = {"day": row.day, "remark": row.remark, "version": row.version}
    form = HandoverForm(posted, initial=initial)
    known = handing_meters.same_day(row)
    lines = [
        {
            "label": item.label,
            "unit": item.unit,
            "quantity": plain(known.get(item.meter_id) if item.quantity is None else item.quantity) or None,
            "condition": item.condition,
            "note": item.note,
        }
        for item in row.items.all()
    ]
    rows = ItemFormSet(posted, prefix="items", initial=lines)
    expected = {
        item.label: f"{plain(item.expected)}{item.unit}"
        for item in row.items.all()
        if item.expected is not None
    }

    def act(data):
        items = [item for line in rows if (item := line.row())]
        handing.save_handover(row, **data, items=items, by=request.user)

    return act_page(
        request,
        form,
        act,
        record=residency,
        verb="save_handover",
        title=f"填写{row}清单",
        button="保存",
        done="清单已保存。核对无误后请确认。",
        back=_address(row),
        template="workshops/handover_edit.html",
        also_valid=rows.is_valid,
        extra={
            "handover": row,
            "rows": [(line, expected.get(line["label"].value() or "", "")) for line in rows],
            "formset": rows,
        },
    )


def _address(row) -> str:
    return reverse("workshops:handover", args=[row.key])


ACTS = {
    "confirm": (serves_residency, PlainForm, "确认交接清单", "已确认，请工作室核对。"),
    "answer": (is_of_residency, AnswerForm, "核对交接清单", "已答复。"),
    "sign": (serves_residency, SignedScanForm, "登记签字的交接单", "交接已办结。"),
}


def handover_act(request, key, act):
    """One act on a hand-over."""
    if act not in ACTS:
        raise Http404
    row = _handover(request, key)
    who, form_class, title, done = ACTS[act]
    demand(request, row.occupancy.residency, who)
    files = request.FILES if request.method == "POST" else None
    form = form_class(request.POST if request.method == "POST" else None, files)

    def carry_out(data):
        if act == "confirm":
            handing.confirm_handover(row, by=request.user)
        elif act == "answer":
            agrees = data["agrees"] == "yes"
            handing.answer_handover(row, agrees=agrees, remark=data["remark"], by=request.user)
        else:
            handing.sign_handover(row, data["scan"], same_sheet=data["same_copy"], by=request.user)

    return act_page(
        request,
        form,
        carry_out,
        record=row.occupancy.residency,
        verb=f"{act}_handover",
        title=title,
        done=done,
        back=_address(row),
        lead=f"{row.occupancy.residency.studio}　{row}",
    )


@require_safe
def handover_paper(request, key):
    """The 交接单 in force."""
    row = _handover(request, key)
    paper = standing_paper(row)
    if paper is None:
        raise Http404
    return serve_paper(request, paper, back=_address(row))


@require_safe
def handover_signed(request, key):
    row = _handover(request, key)
    if row.signed is None:
        raise Http404
    audit.record("view_document", row.occupancy.residency, by=request.user, note="签字的交接单")
    return attachments.serve(row.signed, filename="handover-signed", inline="inline" in request.GET)
