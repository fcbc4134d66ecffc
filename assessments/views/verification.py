"""核验 [5.2][A2]: item by item, on the phone at the place or at the desk; two at once lose nothing."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments.actions import scorecard as acts
from assessments.forms.scorecard import JudgeForm
from assessments.models import LineEvidence, Scorecard, ScorecardLine, ScorecardStatus
from assessments.permissions import scorecard as may
from assessments.views.card_lines import rows_of
from assessments.views.scorecard import step_url, sums_of, whole
from assessments.workflow import SCORECARD
from park import rules
from park.formkeys import AlreadyDone, write_once
from park.points import shown
from park.views.fieldwork import take_photos, wants_json
from park.views.steps import step_buttons
from park.workflow import Conflict, Refused

S = ScorecardStatus


def _verifying(request, key) -> Scorecard:
    card = whole(request, key)
    if not may.verifies(request.user, card):
        raise PermissionDenied("核验由管理办公室和园区服务单位办理，不能核验本人所在的工作室。")
    return card


def verification(request, key):
    """Every item with its proof and what the studio says; one tap confirms it."""
    card = _verifying(request, key)
    if card.status != S.SELF_ASSESSED:
        messages.info(request, f"{card}现在是“{card.get_status_display()}”，不在核验期间。")
        return redirect(card)
    return _page(request, card)


def _page(request, card, *, typed=None, status=200, text=""):
    """`typed`: the form that was refused, with what was typed in it."""
    rows = rows_of(card, request.user, with_grades=True)
    needed = int(card.cycle.rules["panel_graders"])
    for row in rows:
        row.form = _form_of(row.line)
        row.is_bad = typed is not None and typed.line.pk == row.line.pk
        if row.is_bad:
            row.form = typed
            row.text = text
        row.photo_key = uuid.uuid4()
        row.needed = max(needed - len(row.grades), 0)
        row.own_files = [e for e in row.evidence if e.given_by == LineEvidence.Of.VERIFIER]
        row.studio_files = [e for e in row.evidence if e.given_by == LineEvidence.Of.STUDIO]
    left = [row for row in rows if not row.is_judged]
    context = {
        "card": card,
        "cycle": card.cycle,
        "studio": card.studio,
        "rows": rows,
        "left": left,
        "judged": sums_of(rows, lambda line: line.points),
        "proposed": sums_of(rows, lambda line: line.proposed_points),
        "max_mb": rules.get("upload_max_mb"),
        "is_manager": may.manages_card(request.user, card),
        "closing": [
            button
            for button in step_buttons(
                request.user, SCORECARD, card, url=lambda name: step_url(card, name)
            )
            if button["step"].name in ("close_verification", "send_back_self_assessment")
        ],
        "problems": [
            {"anchor": field.auto_id if not field.is_hidden else "", "text": f"第{acts.number(typed.line)}项：{error}"}
            for field in (typed or ())
            for error in field.errors
        ],
    }  # fmt: skip
    return render(request, "assessments/verification.html", context, status=status)


def _form_of(line) -> JudgeForm:
    return JudgeForm(
        line=line, initial={"points": line.points, "reason": line.reason, "version": line.version}
    )


@require_POST
def judge(request, key, pk):
    """One item: confirmed, another value with a reason, or taken back."""
    card = _verifying(request, key)
    line = get_object_or_404(card.lines.select_related("item"), pk=pk)
    line.card = card
    form = JudgeForm(_posted(request, line), line=line)
    taking_back = "take_back" in request.POST
    if not form.is_valid() and not (taking_back and form["version"].data):
        return _refuse(request, card, form, 422)
    data = form.cleaned_data
    points = None if taking_back else data.get("points")
    back = reverse("assessments:verification", args=[card.key]) + f"#line-{line.pk}"
    try:
        with write_once(request, card, "judge_line") as write:
            write.location = back
            saved = acts.judge_line(
                line,
                points=points,
                reason="" if taking_back else data["reason"],
                version=data.get("version", -1),
                by=request.user,
            )
    except Conflict as conflict:
        saved = ScorecardLine.objects.select_related("item").get(pk=line.pk)
        if not _is_mine(saved, points, data.get("reason", ""), request.user):
            return _refuse(request, card, _newest(form, saved, points, data), 409, str(conflict), saved)
    except Refused as refusal:
        return _refuse(request, card, form, 409, str(refusal))
    except AlreadyDone:
        if not wants_json(request):
            raise
        saved = ScorecardLine.objects.select_related("item").get(pk=line.pk)
    left = card.lines.filter(points=None).count()
    text = f"第{acts.number(line)}项{'已撤回' if saved.points is None else f'{shown(saved.points)}分'}，" + (
        f"还有{left}项。" if left else "全部核验完了。"
    )
    if wants_json(request):
        return JsonResponse({"ok": True, "version": saved.version, "saved_at": text, "location": ""})
    messages.success(request, text)
    return redirect(back)


def _posted(request, line):
    """The button “按记录确认” stands for the proposed points and no reason."""
    data = request.POST.copy()
    if "confirm" in data:
        data[f"line-{line.pk}-points"], data[f"line-{line.pk}-reason"] = shown(line.proposed_points), ""
    return data


def _is_mine(saved, points, reason, user) -> bool:
    """The answer to the first try was lost on the way: what is sent again is there already."""
    return (saved.points, saved.reason, saved.judged_by_id) == (points, reason, user.pk)


def _newest(form, saved, points, data) -> JudgeForm:
    """What was typed, now against what is saved: sending it once more is then meant."""
    prefix = f"line-{saved.pk}"
    return JudgeForm(
        {
            f"{prefix}-points": shown(points),
            f"{prefix}-reason": data.get("reason", ""),
            f"{prefix}-version": saved.version,
        },
        line=saved,
    )


def _refuse(request, card, form, status, text="", newest=None):
    """Why it was not kept, with the newest beside what was typed."""
    faults = text or "".join(error for errors in form.errors.values() for error in errors)
    if wants_json(request):
        return JsonResponse({"ok": False, "conflict": newest is not None, "message": faults}, status=status)
    if newest is not None:
        form.newest = newest
        form.is_valid()
    elif text:
        messages.error(request, text)
    if card.lines.filter(pk=form.line.pk, card__status=S.SELF_ASSESSED).exists():
        return _page(request, card, typed=form, status=status, text=text)
    messages.error(request, text or faults)
    return redirect(card)


@require_POST
def line_photos(request, key, pk):
    """Pictures of the place as proof of a line."""
    card = _verifying(request, key)
    line = get_object_or_404(card.lines.select_related("item"), pk=pk)
    line.card = card
    return take_photos(
        request,
        card,
        photos=line.evidence,
        add=lambda checked, **about: acts.add_evidence(line, by=request.user, checked=checked, **about),
        verb="add_evidence",
        back=reverse("assessments:verification", args=[card.key]) + f"#line-{line.pk}",
    )
