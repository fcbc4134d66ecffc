"""The working group's side: opinions of the member units, the leader's decision, and box 12 after it [3.2.3][A1]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from applications.actions import resolving
from applications.forms.listing import OfficeBoxForm, OpinionsForm, ResolutionForm
from applications.models import ListStatus, MemberOpinion, Status
from applications.permissions import decides_list, fills_office_box, gives_opinions, working_group_seat
from applications.views.listing import entries_of, visible_list
from applications.workflow import ADMISSION, LIST
from park.formkeys import write_once
from park.validators import is_uuid
from park.workflow import Refused

FOLLOWS = {
    "approve": "认定同意，转入公示前准备",
    "waitlist": "列为候补，拟写候补通知，有空余名额时按名次递补",
    "decline": "不予入驻，拟写告知书，由管理办公室审核后发出",
    "return": "退回专家组，重新集中评议和表决；本行办结",
}


def _rows(record, user, entries=None):
    """Rows that still await a word, marked where they concern the person's own unit."""
    seat = working_group_seat(user)
    rows = [e for e in entries or entries_of(record) if e.is_open and e.application.status == Status.LISTED]
    for entry in rows:
        entry.own = resolving.is_own_unit(user, entry.application, seat)
    return rows


def _refuse(request, refusal) -> int:
    for sentence in refusal.sentences:
        messages.error(request, sentence)
    return 409


def give_opinion(request, key):
    """A member unit's stance on every row, open until the leader decides."""
    record = visible_list(request, key)
    if not gives_opinions(request.user, record):
        raise PermissionDenied("只有工作小组的成员单位可以提出意见，且名单上没有本人参与的申报。")
    if record.status != ListStatus.SENT:
        messages.error(request, f"{record}当前是“{record.get_status_display()}”，不能再提意见。")
        return redirect(record)
    rows = _rows(record, request.user)
    given = {o.entry_id: o for o in MemberOpinion.objects.filter(entry__in=rows, member=request.user)}
    form = OpinionsForm(request.POST or None, entries=rows, given=given)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, record, "give_opinion") as write:
                    n = resolving.give_opinions(record, form.opinions(), by=request.user)
                    write.location = record.get_absolute_url()
            except Refused as refusal:
                status = _refuse(request, refusal)
            else:
                messages.success(request, f"已保存对 {n} 件的意见，组长审核认定前可以修改。")
                return redirect(write.location)
    context = {"record": record, "form": form, "seat": working_group_seat(request.user)}
    return render(request, "applications/resolution_opinions.html", context, status=status)


# ── the decision ────────────────────────────────────────────────────────────────────────────────
def resolve(request, key):
    """Row by row, then a preview of what happens to each case, then one confirmed act [3.2.3].

    The preview carries everything that was typed; whoever goes back finds it again.
    """
    record = visible_list(request, key)
    if not decides_list(request.user, record):
        raise PermissionDenied(
            "审核认定由工作小组组长作出；名单的编制人、报送人不能审核认定，名单上有本人参与的申报的也不能。"
        )
    if record.status != ListStatus.SENT:
        messages.error(request, f"{record}当前是“{record.get_status_display()}”，不能审核认定。")
        return redirect(record)
    entries = entries_of(record)
    rows = _rows(record, request.user, entries)
    gone = [e for e in entries if e not in rows]
    form = ResolutionForm(request.POST or None, record=record, rows=rows)
    page = {"record": record, "form": form, "gone": gone, "step": LIST.steps["resolve_list"]}
    if request.method != "POST":
        return render(request, "applications/resolution_form.html", page)
    if not form.is_valid():
        return render(request, "applications/resolution_form.html", page, status=422)
    asked = request.POST.get("stage")
    if asked == "back":
        return render(request, "applications/resolution_form.html", page)
    if asked != "confirm":
        return render(request, "applications/resolution_preview.html", page | {"plan": _plan(form)})
    try:
        with write_once(request, record, "resolve_list") as write:
            record = LIST.perform(record, "resolve_list", by=request.user, data=form.data_for_step())
            write.location = record.get_absolute_url()
    except Refused as refusal:
        status = _refuse(request, refusal)
        return render(request, "applications/resolution_form.html", page, status=status)
    messages.success(request, f"{record}已审核认定，{_counted(record)}。")
    for entry in resolving.skipped(record):
        messages.warning(request, f"第{entry.rank}名{entry.application}：申报人已撤回，没有作决定。")
    return redirect(write.location)


def _plan(form) -> list[dict]:
    """What will happen to each row."""
    plan = []
    for entry in form.entries:
        decision = form.cleaned_data[f"decision_{entry.pk}"]
        step = ADMISSION.steps[resolving.step_for(decision, entry.place)]
        plan.append(
            {
                "entry": entry,
                "decision": dict(form.fields[f"decision_{entry.pk}"].choices)[decision],
                "reason": form.cleaned_data[f"reason_{entry.pk}"],
                "target": ADMISSION.stages[step.target].label,
                "follows": FOLLOWS[step.name],
                "tone": {"approve": "done", "waitlist": "info", "decline": "danger"}.get(step.name, "wait"),
            }
        )
    return plan


def _counted(record) -> str:
    counts = {}
    for entry in record.entries.exclude(decision="").order_by("rank"):
        label = entry.get_decision_display()
        counts[label] = counts.get(label, 0) + 1
    return "，".join(f"{label} {n} 件" for label, n in counts.items()) or "没有作出决定的申报"


# ── box 12 ──────────────────────────────────────────────────────────────────────────────────────
def office_box(request, key):
    """The office's box of the statutory form, of one row or of several at once [A1]."""
    record = visible_list(request, key)
    if not fills_office_box(request.user, record):
        raise PermissionDenied("审批意见由管理办公室填写，且不能填写本人参与的申报。")
    if record.status != ListStatus.RESOLVED:
        messages.error(request, "工作小组还没有审核认定，管理办公室审批意见不能填写。")
        return redirect(record)
    rows = list(resolving.boxes_to_fill(record).select_related("application", "form").order_by("rank"))
    asked = request.GET.get("case", "")
    ticked = {str(e.application.key) for e in rows if not e.office_opinion}
    first = next((e for e in rows if str(e.application.key) == asked), None)
    if first:
        ticked = {asked}
    text = (first and first.office_opinion) or resolving.office_box_text(record)
    form = OfficeBoxForm(request.POST or None, initial={"text": text})
    status = 200
    if request.method == "POST":
        ticked = {k for k in request.POST.getlist("case") if is_uuid(k)}
        status = 422
        if not ticked:
            messages.error(request, "请至少选择一件。")
        elif form.is_valid():
            try:
                with write_once(request, record, "fill_office_box") as write:
                    done = resolving.fill_office_boxes(
                        record, ticked, form.cleaned_data["text"], by=request.user
                    )
                    write.location = record.get_absolute_url()
            except Refused as refusal:
                status = _refuse(request, refusal)
            else:
                messages.success(request, f"已填写 {len(done)} 件审批意见，并出具入驻申报表（审批件）。")
                return redirect(write.location)
    context = {"record": record, "form": form, "rows": rows, "ticked": ticked}
    return render(request, "applications/resolution_office_box.html", context, status=status)
