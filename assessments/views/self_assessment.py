"""自评 [5.2]: the studio says of every item whether the proposed points are right, and puts its proof beside it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.actions import scorecard as acts
from assessments.forms.scorecard import EvidenceForm, LineAnswerForm
from assessments.models import LineEvidence, ScorecardLine, ScorecardStatus
from assessments.permissions import scorecard as may
from assessments.views.card_lines import rows_of
from assessments.views.scorecard import sums_of, whole
from park.formkeys import AlreadyDone, led_to, write_once
from park.tables import Page
from park.validators import is_uuid
from park.views.fieldwork import wants_json
from park.workflow import Conflict, Refused
from workshops.models import LedgerRecord, LedgerStatus
from workshops.tables.ledger import row_of

Answer = ScorecardLine.Answer
S = ScorecardStatus
CITED = (LedgerStatus.VERIFIED, LedgerStatus.SUBMITTED)


def self_assessment(request, key):
    """All items of the card in one form; kept any number of times until it is handed in."""
    card = whole(request, key)
    if not may.assesses_self(request.user, card):
        raise PermissionDenied("自评由工作室办理。")
    if request.method == "POST":
        return _save(request, card)
    if card.status != S.OPEN:
        messages.info(request, f"自评已经提交，现在是“{card.get_status_display()}”。")
        return redirect(card)
    return _page(request, card)


def _save(request, card):
    """What is right is kept even where something else is not: nothing of it has to be typed again."""
    lines = list(card.lines.select_related("item").order_by("order"))
    forms = {line.pk: LineAnswerForm(request.POST, line=line) for line in lines}
    good = {pk: form.typed() for pk, form in forms.items() if form.is_valid()}
    if "agree_rest" in request.POST:
        good |= {pk: (Answer.AGREED, None, words) for pk, (answer, _, words) in good.items() if not answer}
    bad = {pk: form for pk, form in forms.items() if pk not in good}
    there = _leads_to(request, card) if not bad else ""
    try:
        with write_once(request, card, "answer_lines") as write:
            write.location = there or reverse("assessments:self_assessment", args=[card.key])
            acts.answer_lines(card, good, by=request.user, version=request.POST.get("version", ""))
    except Conflict as conflict:
        return _answer(request, card, 409, forms, str(conflict), theirs=_differences(card, good))
    except Refused as refusal:
        return _answer(request, card, 409, forms, str(refusal))
    except AlreadyDone:
        if not wants_json(request):
            raise
    if bad:
        text = "其余各项已经保存。" if good else ""
        return _answer(request, card, 422, bad, text)
    if wants_json(request):
        at = timezone.localtime().strftime("%H:%M")
        version = acts.answers_version(card.lines.order_by("order"))
        stays = there == reverse("assessments:self_assessment", args=[card.key])
        answer = {"ok": True, "version": version, "saved_at": at, "location": there}
        if stays and "agree_rest" not in request.POST:
            answer["location"] = ""
        return JsonResponse(answer)
    messages.success(request, "自评已保存，还没有提交。")
    return redirect(there)


def _leads_to(request, card) -> str:
    """Where a button of the form goes on to after saving."""
    if "hand_in" in request.POST:
        return reverse("assessments:scorecard_step", args=[card.key, "hand_in_self_assessment"])
    if (pk := request.POST.get("evidence", "")).isdecimal():
        return reverse("assessments:line_evidence", args=[card.key, int(pk)])
    return reverse("assessments:self_assessment", args=[card.key])


def _differences(card, typed) -> list[dict]:
    """What is saved and reads otherwise than what was typed."""
    words = dict(Answer.choices)
    say = lambda answer, points, text: "　".join(  # noqa: E731
        filter(None, (words.get(answer, "未自评"), f"{points}分" if points is not None else "", text))
    )
    found = []
    for line in card.lines.select_related("item").order_by("order"):
        saved = (line.answer, line.claimed_points, line.words)
        if line.pk in typed and typed[line.pk] != saved:
            label = f"第{acts.number(line)}项 {line.item.content}"
            found.append({"label": label, "theirs": say(*saved), "mine": say(*typed[line.pk])})
    return found


def _answer(request, card, status, forms, text, *, theirs=None):
    """Why not everything was kept; what was typed stays."""
    if wants_json(request):
        return JsonResponse({"ok": False, "conflict": theirs is not None, "message": text}, status=status)
    if text and theirs is None:
        (messages.error if status == 409 else messages.info)(request, text)
    return _page(request, card, forms=forms, status=status, theirs=theirs)


def _page(request, card, *, forms=None, status=200, theirs=None):
    rows, forms = rows_of(card, request.user), forms or {}
    for row in rows:
        line = row.line
        row.form = forms.get(line.pk) or LineAnswerForm(
            line=line, initial={"answer": line.answer, "claimed": line.claimed_points, "words": line.words}
        )
    changed = acts.last_change(card)
    context = {
        "card": card,
        "cycle": card.cycle,
        "studio": card.studio,
        "rows": rows,
        "proposed": sums_of(rows, lambda line: line.proposed_points),
        "claimed": sums_of(
            rows, lambda line: line.proposed_points if line.claimed_points is None else line.claimed_points
        ),
        "open_lines": [row for row in rows if not row.line.answer],
        "version": acts.answers_version([row.line for row in rows]),
        "changed": changed,
        "theirs": theirs,
        "is_typed": bool(forms),
        "problems": [
            {"anchor": field.auto_id, "text": f"第{row.number}项：{text}"}
            for row in rows
            for field in row.form
            for text in field.errors
        ],
    }
    return render(request, "assessments/self_assessment.html", context, status=status)


# ── proof beside one line ───────────────────────────────────────────────────────────────────────
def line_evidence(request, key, pk):
    """Choose a record of the ledgers, or send a file: the studio while it assesses, the verifiers while they verify."""
    card = whole(request, key)
    line = get_object_or_404(card.lines.select_related("item"), pk=pk)
    line.card = card
    studio = card.status == S.OPEN and may.assesses_self(request.user, card)
    if not studio and not (card.status == S.SELF_ASSESSED and may.verifies(request.user, card)):
        raise PermissionDenied("自评期间由工作室补充证明，核验期间由核验人员补充。")
    here = reverse("assessments:line_evidence", args=[card.key, line.pk])
    citing = "record" in request.POST
    posted = request.method == "POST" and not citing
    form = EvidenceForm(request.POST if posted else None, request.FILES if posted else None)
    status = 200
    if request.method == "POST":
        if citing or form.is_valid():
            try:
                with write_once(request, card, "add_evidence") as write:
                    write.location = here
                    _add(request, line, form, citing)
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, "证明已添加。")
                return redirect(here)
        elif where := led_to(request):
            return redirect(where)
        else:
            status = 422
    [row] = rows_of(card, request.user, only={"pk": line.pk})
    context = {
        "card": card,
        "row": row,
        "form": form,
        "back": _page_of(card, studio) + f"#line-{line.pk}",
        "may_cite": studio or may.manages_card(request.user, card),
        "side": LineEvidence.Of.STUDIO if studio else LineEvidence.Of.VERIFIER,
    }
    if context["may_cite"]:
        context |= _ledger(request, card, {e.record_id for e in row.evidence})
    return render(request, "assessments/line_evidence.html", context, status=status)


def _page_of(card, studio) -> str:
    return reverse("assessments:self_assessment" if studio else "assessments:verification", args=[card.key])


def _add(request, line, form, citing):
    if citing:
        key = request.POST["record"]
        rows = LedgerRecord.objects.visible_to(request.user).filter(studio=line.card.studio_id)
        record = rows.filter(key=key).first() if is_uuid(key) else None
        if record is None:
            raise Refused("没有找到这条台账，请重新选择。")
        acts.add_evidence(line, by=request.user, record=record)
    else:
        data = form.cleaned_data
        acts.add_evidence(line, by=request.user, checked=data["file"], caption=data["caption"])


def _ledger(request, card, cited) -> dict:
    """The studio's own records of the year, searched."""
    q = " ".join(request.GET.get("q", "").split())[:60]
    rows = LedgerRecord.objects.filter(studio=card.studio, status__in=CITED).of_year(card.year)
    rows = rows.exclude(kind="log")
    if q:
        rows = rows.filter(Q(title__contains=q) | Q(partner__contains=q) | Q(certificate_no__contains=q))
    page = Page.of(rows.order_by("-happened_on", "-pk"), request.GET.get("page", 1), size=20)
    found = [row_of(record) | {"is_cited": record.pk in cited} for record in page.rows]
    return {"page": page, "records": found, "q": q}


@require_POST
def evidence_remove(request, key, pk):
    """Take one proof away again."""
    card = whole(request, key)
    row = get_object_or_404(card.evidence.select_related("line__item"), pk=pk)
    studio = row.given_by == LineEvidence.Of.STUDIO
    back = _page_of(card, studio)
    if request.POST.get("back") == "line":
        back = reverse("assessments:line_evidence", args=[card.key, row.line_id])
    else:
        back += f"#line-{row.line_id}"
    try:
        with write_once(request, card, "remove_evidence") as write:
            acts.remove_evidence(row, by=request.user)
            write.location = back
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "证明已删去。")
    return redirect(back)
