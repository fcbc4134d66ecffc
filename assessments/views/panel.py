"""评等 [A2.B4][S14][S17]: what an expert sees and grades, who has graded, and the sum of the sheets."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import scorecard as acts
from assessments.forms.scorecard import GradeForm
from assessments.models import EvaluationCycle, LineGrade, Scorecard, ScorecardLine, ScorecardStatus
from assessments.permissions import scorecard as may
from assessments.views.card_lines import rows_of
from assessments.views.proof import GRADED
from assessments.views.scorecard import visible
from park.formkeys import write_once
from park.money import yuan
from park.workflow import Refused
from workshops.models import LedgerRecord
from workshops.permissions import is_of_studio

S = ScorecardStatus
BEGUN = [status for status in S if status not in (S.OPEN, S.EXCLUDED)]


@require_safe
def grading(request, key):
    """The cards of a year that are to be graded: to an expert with one's own sheet, to the office who has graded."""
    cycle = get_object_or_404(
        EvaluationCycle.objects.visible_to(request.user).select_related("rubric"), key=key
    )
    user = request.user
    manages = may.manages_evaluation(user)
    seats = list(cycle.graders.select_related("user__unit"))
    is_grader = any(seat.user_id == user.pk for seat in seats) and may.is_expert(user)
    if not (manages or is_grader):
        raise PermissionDenied("评等由本年度的评审专家和管理办公室办理。")
    cards = Scorecard.objects.visible_to(user).filter(cycle=cycle, status__in=BEGUN)
    lines = ScorecardLine.objects.filter(card__in=cards, item__kind="grade").order_by(
        "card__studio__name", "order"
    )
    lines = list(lines.select_related("card__studio", "item"))
    sheets: dict[int, dict[int, LineGrade]] = {}
    for sheet in LineGrade.objects.filter(line__in=[line.pk for line in lines]):
        sheets.setdefault(sheet.line_id, {})[sheet.grader_id] = sheet
    rows, needed = [], int(cycle.rules["panel_graders"])
    for line in lines:
        given = sheets.get(line.pk, {})
        count = sum(1 for seat in seats if seat.user_id in given)
        words = {code: said for code, said, _ in line.item.parameters["grades"]}
        mine = given.get(user.pk)
        rows.append(
            {
                "line": line,
                "card": line.card,
                "mine": words.get(mine.grade) if mine else "",
                "given": count,
                "lacking": max(needed - count, 0),
                "missing": [seat.user for seat in seats if seat.user_id not in given],
                "settled": line.points is not None,
                "is_open": line.card.status == S.SELF_ASSESSED and line.points is None,
            }
        )
    context = {
        "cycle": cycle,
        "rows": rows,
        "seats": seats,
        "manages": manages,
        "is_grader": is_grader,
        "needed": needed,
        "todo": sum(1 for row in rows if row["is_open"] and not row["mine"]),
    }
    return render(request, "assessments/grading.html", context)


def grade_card(request, key):
    """One card: the records that the grade rests on, one's own sheet; to the office all sheets and the sum."""
    card, user = visible(request, key), request.user
    grades, manages = may.grades(user, card), may.manages_card(user, card)
    if not (grades or manages):
        raise PermissionDenied("评等由本年度的评审专家办理，不评与本人有关的工作室。")
    if card.status not in BEGUN:
        if grades and not manages:
            messages.info(request, f"{card}现在是“{card.get_status_display()}”，提交自评后再评等。")
            return redirect("assessments:grading", card.cycle.key)
        raise Http404
    rows = rows_of(card, user, only={"item__kind": "grade"}, with_grades=True)
    bound, status = None, 200
    if request.method == "POST":
        if not grades:
            raise PermissionDenied("评等由本年度的评审专家办理。")
        row = next((row for row in rows if str(row.line.pk) == request.POST.get("line", "")), None)
        if row is None:
            raise Http404
        bound = GradeForm(request.POST, line=row.line)
        status = 422
        if bound.is_valid():
            row.line.card = card
            try:
                with write_once(request, card, "grade_line") as write:
                    acts.grade_line(row.line, by=user, **bound.cleaned_data)
                    write.location = reverse("assessments:grading", args=[card.cycle.key])
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, f"{card.studio}：评等已保存，汇总前可以修改。")
                return redirect(write.location)
    for row in rows:
        row.mine = next((sheet for sheet in row.grades if sheet.grader_id == user.pk), None)
        row.form = bound if bound is not None and bound.line.pk == row.line.pk else GradeForm(
            line=row.line,
            initial={"grade": row.mine.grade, "note": row.mine.note} if row.mine else {},
        )  # fmt: skip
        if not manages and not row.is_judged:
            row.grades = []  # one grades without knowing how the others did
        row.is_open = card.status == S.SELF_ASSESSED and not row.is_judged
    records = LedgerRecord.objects.filter(studio=card.studio, kind__in=GRADED).verified().of_year(card.year)
    records = list(records.order_by("happened_on", "pk").prefetch_related("files__stored"))
    for record in records:
        record.shown_files = [file for file in record.files.all() if file.removed_at is None]
    seats = list(card.cycle.graders.select_related("user"))
    context = {
        "card": card,
        "cycle": card.cycle,
        "studio": card.studio,
        "rows": rows,
        "records": records,
        "amount": yuan(sum(record.amount_fen or 0 for record in records)),
        "grades": grades,
        "manages": manages,
        "seats": seats,
        "needed": int(card.cycle.rules["panel_graders"]),
        "own": is_of_studio(user, card.studio),
    }
    return render(request, "assessments/grade_card.html", context, status=status)


@require_POST
def settle(request, key, pk):
    """The sheets become one grade."""
    card = visible(request, key)
    if not may.manages_card(request.user, card):
        raise PermissionDenied("评等由管理办公室汇总。")
    line = get_object_or_404(card.lines.select_related("item"), pk=pk)
    line.card = card
    there = {"verification": reverse("assessments:verification", args=[card.key]) + f"#line-{line.pk}"}
    back = there.get(request.POST.get("back", ""), reverse("assessments:grading", args=[card.cycle.key]))
    try:
        with write_once(request, card, "settle_panel") as write:
            line = acts.settle_panel(line, by=request.user)
            write.location = back
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{card.studio}：{line.reason}")
    return redirect(back)
