"""From a decided list to what the public reads, and the leader's word on objections [3.2.3]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applications.actions import noticing
from applications.forms.admitting import NoticeForm, UpholdForm
from applications.models import Application, CandidateList
from applications.permissions import compiles_lists, leads_working_group, working_group_seat
from park import rules
from park.formkeys import write_once
from park.models import AnnouncementStatus, Objection
from park.workflow import Refused


def _list(request, key) -> CandidateList:
    row = get_object_or_404(CandidateList.objects.visible_to(request.user), key=key)
    if not compiles_lists(request.user, row):
        raise PermissionDenied("公示由管理办公室起草，参与了名单上申报的人不能起草。")
    return row


def draft_notice(request, key):
    """Who will be shown, who cannot be, and the usual words to begin with."""
    row = _list(request, key)
    approved = noticing.to_be_shown(row)
    missing = noticing.without_consent(approved)
    shown = [a for a in approved if a not in missing]
    initial = {
        "title": f"镇江市技能大师产业创新园拟入驻工作室名单公示（{timezone.localdate():%Y}年）",
        "text": noticing.notice_text(len(shown)),
    }
    going_on = row.announcement is not None and row.announcement.status in noticing.UNENDED
    extra = {
        "heading": "起草公示",
        "days": rules.get("public_notice_days"),
        "is_notice": True,
        "not_needed": not rules.get("public_notice"),
        "going_on": row.announcement if going_on else None,
    }
    return _draft(request, row, noticing.draft_notice, shown, missing, initial, extra)


def draft_final(request, key):
    """The list of the admitted, to be announced."""
    row = _list(request, key)
    admitted = noticing.to_be_listed(row)
    missing = noticing.without_consent(admitted)
    shown = [a for a in admitted if a not in missing]
    initial = {
        "title": f"镇江市技能大师产业创新园入驻工作室名单（{timezone.localdate():%Y}年）",
        "text": noticing.final_text(len(shown)),
    }
    extra = {"heading": "起草入驻名单公告", "is_notice": False}
    return _draft(request, row, noticing.draft_final, shown, missing, initial, extra)


def _draft(request, row, act, shown, missing, initial, extra):
    form = NoticeForm(request.POST or None, record=row, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, row, "draft_notice") as write:
                    made = act(row, by=request.user, **form.cleaned_data)
                    write.location = made.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, f"已起草 {made}，请送审。")
                return redirect(write.location)
    context = {
        "record": row,
        "form": form,
        "columns": noticing.COLUMNS,
        "rows": [[getattr(a, key) for key, _ in noticing.PUBLIC_COLUMNS] for a in shown],
        "missing": missing,
    } | extra
    return render(request, "applications/notice_draft.html", context, status=status)


# ── objections, before the leader of the working group ──────────────────────────────────────────
def _leader(user):
    seat = working_group_seat(user)
    if seat is None or not seat.is_leader:
        raise PermissionDenied("异议成立由工作小组组长认定。")


def _looked_into():
    """Objections with findings, to a 公示 of candidates, decided or not."""
    rows = Objection.objects.filter(announcement__kind=noticing.NOTICE).exclude(findings="")
    return rows.select_related("announcement", "decided_by")


@require_safe
def objections(request):
    """What the office looked into: waiting first, then what was decided lately."""
    _leader(request.user)
    rows = list(_looked_into().filter(outcome="").order_by("pk"))
    decided = list(_looked_into().exclude(outcome="").order_by("-decided_at")[:20])
    return render(request, "applications/objections.html", {"rows": rows, "decided": decided})


@never_cache
def uphold_objection(request, key):
    """One objection without who objects: what was said, what was found, the leader's word."""
    _leader(request.user)
    found = get_object_or_404(_looked_into(), key=key)
    application = Application.objects.filter(key=found.row).first() if found.row else None
    if application is not None and not leads_working_group(request.user, application):
        raise PermissionDenied("您参与了这份申报，不能认定对它的异议。")
    form = UpholdForm(request.POST or None, record=found, initial={"answer": found.answer})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, found, "decide_objection") as write:
                    noticing.uphold(found, by=request.user, **form.cleaned_data)
                    write.location = reverse("applications:uphold_objection", args=[found.key])
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, f"{found}：已认定异议成立。告知书由管理办公室核发。")
                return redirect(write.location)
    context = {
        "objection": found,
        "application": application,
        "form": form,
        "withdrawn": found.announcement.status == AnnouncementStatus.WITHDRAWN,
    }
    return render(request, "applications/objection_uphold.html", context, status=status)
