"""到园签到 [A2.2]: the month of a studio, signing in on the phone, leave; the month of the whole park."""

import calendar
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from park import documents, rules, sheets
from park.audit import history_of, timeline
from park.formkeys import write_once
from park.models import Document
from park.tables import Page
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from park.workflow import Refused
from workshops.actions import attendance as acts
from workshops.documents import attendance as papers
from workshops.forms.attendance import (
    CheckInForm,
    ClosureForm,
    EnterDayForm,
    LeaveForm,
    VoidForm,
    month_asked,
)
from workshops.models import IN_PARK, AttendanceSheet, CheckIn, Leave, ParkClosure, Residency
from workshops.permissions import attendance as may
from workshops.permissions import is_logistics, is_of_studio, is_office
from workshops.presence import month_of
from workshops.views.tabs import tab_context, visible_studio
from workshops.views.writing import led_back, post_once
from workshops.workflow import LEAVE
from workshops.workflow.attendance import leave_step_url

PAGE = "workshops:attendance"


def _keeps_park(user):
    if not (is_office(user) or is_logistics(user)):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以查看全园的到园情况。")


# ── one studio ──────────────────────────────────────────────────────────────────────────────────
@require_safe
def attendance(request, key):
    """The month of one studio: who was there on which day, what is short, leave, sheets."""
    return _month_page(request, visible_studio(request, key))


def _month_page(request, studio, *, forms=None, voiding=None, status=200):
    context = tab_context(request, studio, PAGE)
    forms, user, today = forms or {}, request.user, timezone.localdate()
    month = month_asked(request.GET.get("month", ""))
    first, last = month_of(month)
    residency = _residency_in(studio, first, last)
    rows = CheckIn.objects.filter(studio=studio, day__range=(first, last)).select_related(
        "person", "voided_by"
    )
    rows = list(rows.order_by("day", "pk"))
    standing = [row for row in rows if row.voided_at is None]
    person = may.person_of(user, studio)
    signs = person is not None and may.counts(person)
    keeps = may.keeps_attendance(user, studio)
    record = acts.month_records([residency], first)[studio.pk] if residency else None
    context |= {
        "here": reverse(PAGE, args=[studio.key]),
        "month": first,
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{last + timedelta(days=1):%Y-%m}" if last < today else "",
        "weeks": _weeks(first, standing, today),
        "record": record,
        "to_come": (last - today).days if first <= today <= last else 0,
        "voided": [row for row in rows if row.voided_at],
        "residency": residency,
        "signs": signs,
        "keeps": keeps,
        "is_in_today": person is not None and any(r.day == today and r.person_id == person.pk for r in standing),
        "check_in_form": forms.get("check_in") or CheckInForm(asks_code=rules.get("attendance_code")),
        "leave_form": forms.get("leave") or LeaveForm(prefix="leave"),
        "enter_form": forms.get("enter")
        or (EnterDayForm(people=acts.people_who_count(studio), prefix="enter") if keeps else None),
        "voiding": voiding or {},
        "open_form": next(iter(forms), ""),
        "leaves": studio.leaves.select_related("person")[:20],
        "sheets": _sheets(residency) if residency else [],
        "is_over": last < today,
    }  # fmt: skip
    return render(request, "workshops/attendance.html", context, status=status)


def _residency_in(studio, first, last):
    """The residency that touches the month."""
    rows = studio.residencies.filter(status__in=[*IN_PARK, "ended", "revoked"], term_starts_on__lte=last)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gte=first)).order_by("-term_starts_on").first()


def _weeks(first, rows, today):
    """The month as weeks of days, Monday first, with who was there."""
    by_day = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    return [
        [
            {
                "day": day,
                "rows": by_day.get(day, []) if day.month == first.month else [],
                "in_month": day.month == first.month,
                "is_today": day == today,
            }
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]


def _sheets(residency):
    rows = list(residency.attendance_sheets.all()[:24])
    papers_ = {int(p.subject_id): p for p in Document.objects.about_many(rows)} if rows else {}
    return [{"sheet": row, "paper": papers_.get(row.pk)} for row in rows]


def _after(studio, request):
    month = request.GET.get("month", "")
    return reverse(PAGE, args=[studio.key]) + (f"?month={month[:7]}" if month else "")


def _write(request, studio, verb, act, done, *, forms=None):
    """One write of this page: the act, the sentence afterwards, or the page again with what was typed."""
    try:
        with write_once(request, studio, verb) as write:
            act()
            write.location = _after(studio, request)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _month_page(request, studio, forms=forms, status=409)
    messages.success(request, done)
    return redirect(write.location)


@require_POST
def check_in(request, key):
    """I am here today."""
    studio = visible_studio(request, key)
    form = CheckInForm(request.POST, asks_code=rules.get("attendance_code"))
    if not may.checks_in(request.user, studio):
        raise PermissionDenied("到园签到由领衔人本人办理。")
    if not acts.tries_left(request.user):
        messages.error(request, "今天签到码输错的次数过多，请到管理办公室登记。")
        return _month_page(request, studio, status=409)
    if not form.is_valid():
        return _month_page(request, studio, forms={"check_in": form}, status=422)
    code = form.cleaned_data.get("code", "")
    return _write(
        request, studio, "check_in", lambda: acts.check_in(studio, by=request.user, code=code),
        "已签到，今天计入本月到园天数。", forms={"check_in": form},
    )  # fmt: skip


@require_POST
def enter_day(request, key):
    """The office enters a day from the paper sheet."""
    studio = visible_studio(request, key)
    form = EnterDayForm(request.POST, people=acts.people_who_count(studio), prefix="enter")
    if not may.keeps_attendance(request.user, studio):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以补录到园，且不能为自己所在的工作室补录。")
    if not form.is_valid():
        return _month_page(request, studio, forms={"enter": form}, status=422)
    data = form.cleaned_data
    return _write(
        request, studio, "check_in",
        lambda: acts.enter_day(studio, data["person"], data["day"], note=data["note"], by=request.user),
        f"已补录 {data['day']:%Y-%m-%d} 的到园。", forms={"enter": form},
    )  # fmt: skip


@require_POST
def void_check_in(request, key, check_key):
    """A day entered by mistake."""
    studio = visible_studio(request, key)
    row = get_object_or_404(CheckIn.objects.visible_to(request.user).filter(studio=studio), key=check_key)
    form = VoidForm(request.POST)
    if not form.is_valid():
        for text in form.errors["reason"]:
            messages.error(request, f"没有作废：{text}")
        return _month_page(
            request, studio, voiding={"row": row.pk, "reason": form["reason"].value()}, status=422
        )
    reason = form.cleaned_data["reason"]
    return _write(
        request, studio, "void_check_in",
        lambda: acts.void_check_in(row, reason=reason, by=request.user), "已作废，这一天不再计入。",
    )  # fmt: skip


@require_POST
def issue_sheet(request, key):
    """到园签到表 of a month that is over."""
    studio = visible_studio(request, key)
    month = month_asked(request.GET.get("month", ""))
    residency = _residency_in(studio, *month_of(month))
    if residency is None:
        raise Http404
    return _write(
        request, studio, "issue_document",
        lambda: acts.issue_sheet(residency, month, by=request.user),
        "签到表已出具，正在生成，稍候可在本页下载。",
    )  # fmt: skip


@require_safe
def sheet_paper(request, key, public_id):
    """The sheet as it was issued."""
    studio = visible_studio(request, key)
    tab_context(request, studio, PAGE)
    rows = AttendanceSheet.objects.filter(residency__studio=studio)
    paper = get_object_or_404(
        Document.objects.filter(
            kind=acts.SHEET,
            subject_model=AttendanceSheet._meta.label_lower,
            subject_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)],
        ),
        public_id=public_id,
    )
    return serve_paper(request, paper, back=_after(studio, request))


@require_safe
def blank_sheet(request, key):
    """An empty sheet of the month to sign by hand."""
    studio = visible_studio(request, key)
    tab_context(request, studio, PAGE)
    template, context = papers.attendance_sheet(
        papers.blank(studio, month_asked(request.GET.get("month", "")))
    )
    content = documents.preview_pdf(template, context, title="到园签到表", draft=False)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="attendance-sheet.pdf"'
    return response


# ── leave ───────────────────────────────────────────────────────────────────────────────────────
@require_POST
def ask_for_leave(request, key):
    studio = visible_studio(request, key)
    if not is_of_studio(request.user, studio):
        raise PermissionDenied("请假由工作室提出。")
    form = LeaveForm(request.POST, prefix="leave")
    if not form.is_valid():
        return _month_page(request, studio, forms={"leave": form}, status=422)
    return _write(
        request, studio, "ask_for_leave",
        lambda: acts.ask_for_leave(studio, **form.cleaned_data, by=request.user),
        "请假申请已提交，等管理办公室批复。", forms={"leave": form},
    )  # fmt: skip


def _leave(request, key) -> Leave:
    rows = Leave.objects.visible_to(request.user).select_related("studio", "person")
    return get_object_or_404(rows, key=key)


@require_safe
def leave(request, key):
    """One leave with its buttons and history."""
    row = _leave(request, key)
    context = {
        "leave": row,
        "studio": row.studio,
        "stage": LEAVE.stage(row),
        "is_own": is_of_studio(request.user, row.studio),
        "excuses": rules.get("attendance_excuses"),
        "steps": step_buttons(request.user, LEAVE, row, url=lambda name: leave_step_url(row, name)),
        "history": timeline(history_of(row)),
    }
    return render(request, "workshops/leave.html", context)


def leave_step(request, key, name):
    row = _leave(request, key)
    return take_step(request, LEAVE, row, name, plain=is_of_studio(request.user, row.studio))


@require_safe
def leaves(request):
    """Every leave for the office, what waits for an answer first."""
    if not is_office(request.user):
        raise PermissionDenied("只有管理办公室可以查看全部请假。")
    rows = Leave.objects.visible_to(request.user)
    if request.GET.get("waiting"):
        rows = rows.filter(status="requested")
    page = Page.of(
        rows.order_by("-starts_on", "-pk"), request.GET.get("page", 1), related=("studio", "person")
    )
    return render(request, "workshops/leaves.html", {"page": page, "waiting": request.GET.get("waiting")})


# ── the whole park ──────────────────────────────────────────────────────────────────────────────
@require_safe
def park_attendance(request):
    """Every studio in the park and its days of one month, those who are short first if asked."""
    _keeps_park(request.user)
    return _park_page(request)


def _park_page(request, *, closure_form=None, status=200):
    month = month_asked(request.GET.get("month", ""))
    first, last = month_of(month)
    q = request.GET.get("q", "").strip()[:60]
    rows = Residency.objects.visible_to(request.user).filter(
        status__in=[*IN_PARK, "ended", "revoked"], term_starts_on__lte=last
    )
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=first)).select_related("studio")
    if q:
        rows = rows.filter(Q(studio__name__contains=q) | Q(studio__leader_name__contains=q))
    rows = list(rows.order_by("studio__name", "-term_starts_on")[:500])
    records = acts.month_records(rows, first)
    shown = [{"residency": row, "record": records[row.studio_id]} for row in rows]
    only_short = bool(request.GET.get("short"))
    if only_short:
        shown = [row for row in shown if row["record"].short]
    today = timezone.localdate()
    context = {
        "here": reverse("workshops:park_attendance"),
        "rows": shown,
        "month": first,
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{last + timedelta(days=1):%Y-%m}" if last < today else "",
        "q": q,
        "only_short": only_short,
        "is_filtered": bool(q) or only_short,
        "import_url": sheets.import_url("attendance"),
        "closures": ParkClosure.objects.filter(ends_on__gte=first)[:20],
        "closure_form": closure_form or ClosureForm(prefix="closure"),
    }
    return render(request, "workshops/park_attendance.html", context, status=status)


@require_safe
def code_screen(request):
    """The code of the day, for the screen at the entrance."""
    _keeps_park(request.user)
    today = timezone.localdate()
    response = render(request, "workshops/attendance_code.html", {"code": acts.code_of(today), "day": today})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def close_park(request):
    """Days on which the park is closed."""
    _keeps_park(request.user)
    form = ClosureForm(request.POST, prefix="closure")
    if not form.is_valid():
        return _park_page(request, closure_form=form, status=422)
    try:
        with write_once(request, verb="close_park") as write:
            acts.close_park(**form.cleaned_data, by=request.user)
            write.location = reverse("workshops:park_attendance")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _park_page(request, closure_form=form, status=409)
    messages.success(request, "园区关闭已登记。")
    return redirect(write.location)


@require_POST
def open_park(request, pk):
    """Take a closure back."""
    _keeps_park(request.user)
    here, row = reverse("workshops:park_attendance"), ParkClosure.objects.filter(pk=pk).first()
    if row is None:
        return led_back(request, ParkClosure, pk, back=here, sentence="这一项园区关闭已经取消。")
    return post_once(
        request,
        lambda: acts.open_park(row, by=request.user),
        verb="open_park",
        done="园区关闭已取消。",
        back=here,
    )
