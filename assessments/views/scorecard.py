"""One studio's card of one year [A2]: as the studio and the house read it, its steps, papers, files, and all its years."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import scorecard as acts
from assessments.forms.scorecard import FalsificationForm, LiftForm
from assessments.models import Falsification, Scorecard, ScorecardStatus
from assessments.models.scorecard import VERIFIER_ROLES
from assessments.permissions import scorecard as may
from assessments.views.card_lines import ANNOUNCED, rows_of, sees_points
from assessments.workflow import SCORECARD
from park import attachments, audit
from park.audit import history_of, timeline
from park.formkeys import write_once
from park.models import Document, Role
from park.points import shown
from park.tables import Page
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from park.workflow import Refused
from workshops.models import Studio
from workshops.permissions import is_of_studio
from workshops.views.acting import act_page
from workshops.views.tabs import tab_context, visible_studio

S = ScorecardStatus
HOUSE = (*VERIFIER_ROLES, Role.WORKING_GROUP)
# Small acts of those who work on it: not for the studio's history.
CLERKS = ["judge_line", "grade_line", "settle_panel", "add_evidence", "remove_evidence", "refresh_card"]
ROAD = (S.OPEN, S.SELF_ASSESSED, S.VERIFIED, S.PROVISIONAL, S.FINAL)
SUMMED = (S.VERIFIED, *ANNOUNCED)
WITH_LINES = ("hand_in_self_assessment", "close_verification", "ask_reconsideration")


def visible(request, key) -> Scorecard:
    """The card, if this person may see it; else 404."""
    rows = Scorecard.objects.visible_to(request.user).select_related(
        "cycle__rubric", "studio", "self_user", "verified_by", "reconsideration__proof"
    )
    found = Falsification.objects.filter(card=OuterRef("pk"))
    own = Studio.people.through.objects.filter(studio=OuterRef("studio"), user=request.user.pk)
    card = get_object_or_404(rows.annotate(has_falsification=Exists(found), is_own=Exists(own)), key=key)
    card.studio.known_people = {request.user.pk: card.is_own}
    return card


def reads_whole(user, card) -> bool:
    """The studio and the house; an expert reads only what is to be graded."""
    return is_of_studio(user, card.studio) or user.has_role(*HOUSE)


def whole(request, key) -> Scorecard:
    card = visible(request, key)
    if not reads_whole(request.user, card):
        raise PermissionDenied("评等专家只查看需要评等的项目。")
    return card


def stage_bar(card) -> list[dict]:
    """Where the card is on its road."""
    if card.status == S.EXCLUDED:
        return [{"label": card.get_status_display(), "state": "ended", "note": card.excluded_why}]
    at = S.PROVISIONAL if card.status == S.RECONSIDERING else card.status
    here = ROAD.index(at)
    bar = []
    for place, status in enumerate(ROAD):
        state = "done" if place < here else "current" if place == here else "next"
        label = S(card.status).label if place == here else S(status).label
        note = "已确定" if status == S.FINAL and place == here else ""
        bar.append({"label": label, "state": state, "note": note})
    return bar


def sums_of(rows, key) -> dict:
    """基础分, 附加分 and 总分 of one column of the lines; None counts as nothing yet."""
    base = sum(value for row in rows if not row.line.is_bonus and (value := key(row.line)) is not None)
    bonus = sum(value for row in rows if row.line.is_bonus and (value := key(row.line)) is not None)
    return {"base": base, "bonus": bonus, "total": base + bonus}


# ── the card ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def scorecard(request, key):
    """Printed items by 考核项目 with what the records propose, what the studio says, what was found, and the result."""
    card, user = visible(request, key), request.user
    if not reads_whole(user, card):
        return redirect("assessments:grade_card", card.key)
    own = is_of_studio(user, card.studio)
    rows = rows_of(card, user, with_grades=not own and card.status != S.SELF_ASSESSED)
    history = history_of(card)
    shown_history = history.filter(result="ok").exclude(verb__in=CLERKS) if own else history
    shows = sees_points(user, card)
    falsified = _falsified(card, own)
    context = {
        "card": card,
        "cycle": card.cycle,
        "in_house": request.user.has_role(*HOUSE),
        "studio": card.studio,
        "own": own,
        "stage": SCORECARD.stage(card),
        "stages": stage_bar(card),
        "rows": rows,
        "shows_points": shows and any(row.is_judged for row in rows),
        "proposed": sums_of(rows, lambda line: line.proposed_points),
        "has_result": shows and card.status in SUMMED,
        "has_grade": card.status in ANNOUNCED,
        "answered": sum(1 for row in rows if row.line.answer),
        "judged": sum(1 for row in rows if row.is_judged),
        "steps": step_buttons(user, SCORECARD, card, url=lambda name: step_url(card, name)),
        "may_assess": card.status == S.OPEN and may.assesses_self(user, card),
        "may_verify": card.status == S.SELF_ASSESSED and may.verifies(user, card),
        "may_refresh": _may_refresh(user, card),
        "may_falsify": card.status in acts.FALSIFIABLE and may.manages_card(user, card),
        "falsified": falsified,
        "is_falsified": any(row.lifted_at is None for row in falsified),
        "asked": getattr(card, "reconsideration", None),
        "papers": Document.objects.about(card).exclude(state="withdrawn"),
        "history": timeline(shown_history[:100]),
    }
    return render(request, "assessments/scorecard.html", context)


def _falsified(card, own) -> list[Falsification]:
    """What was found, to the house also what was lifted."""
    if not card.has_falsification:
        return []
    rows = card.falsifications.select_related("proof", "found_by").order_by("pk")
    return [row for row in rows if row.lifted_at is None or not own]


def _may_refresh(user, card) -> bool:
    if card.status == S.OPEN:
        return may.assesses_self(user, card) or may.works_on(user, card)
    return card.status == S.SELF_ASSESSED and may.works_on(user, card)


def step_url(card, name) -> str:
    return reverse("assessments:scorecard_step", args=[card.key, name])


def scorecard_step(request, key, name):
    """The page of one step of a card."""
    card = whole(request, key)
    own = is_of_studio(request.user, card.studio)
    extra = {"card": card, "own": own}
    if name in WITH_LINES:
        extra["rows"] = rows_of(card, request.user)
    if name == "answer_reconsideration":
        extra |= {
            "asked": getattr(card, "reconsideration", None),
            "by_line": {row.line.pk: row for row in rows_of(card, request.user)},
        }
    return take_step(
        request, SCORECARD, card, name, template="assessments/scorecard_step.html", plain=own, extra=extra
    )


@require_POST
def refresh_scorecard(request, key):
    """Compute once more from the records, and say what changed."""
    card = whole(request, key)
    back = request.POST.get("back", "")
    pages = {"self": "assessments:self_assessment", "verification": "assessments:verification"}
    there = reverse(pages.get(back, "assessments:scorecard"), args=[card.key])
    before = dict(card.lines.values_list("pk", "proposed_points"))
    try:
        with write_once(request, card, "refresh_card") as write:
            count = acts.refresh_card(card, by=request.user)
            write.location = there
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _what_changed(card, before, count))
    return redirect(there)


def _what_changed(card, before, count) -> str:
    lines = card.lines.select_related("item").order_by("order")
    moved = [
        f"第{acts.number(line)}项{shown(before[line.pk])}→{shown(line.proposed_points)}分"
        for line in lines
        if line.proposed_points != before[line.pk]
    ]
    if moved:
        return f"已按最新记录重新计算，得分有变化：{'、'.join(moved)}。"
    if count:
        return f"已按最新记录重新计算，{count}项的证明有更新，得分没有变化。"
    return "已按最新记录重新计算，没有变化。"


# ── 弄虚作假 ────────────────────────────────────────────────────────────────────────────────────
def falsify(request, key):
    """弄虚作假 is found, with its proof [5.4.4]."""
    card = whole(request, key)
    if not may.manages_card(request.user, card):
        raise PermissionDenied("弄虚作假由管理办公室认定。")
    form = FalsificationForm(request.POST or None, request.FILES or None)

    def act(data):
        acts.find_falsification(card, facts=data["facts"], checked=data["proof"], by=request.user)

    return act_page(
        request, form, act, record=card, verb="find_falsification", title="认定弄虚作假",
        done="已认定并告知工作室。", back=card.get_absolute_url(), clause="5.4.4", danger=True,
        lead="认定后按本园设定计入等次；工作室可以在申请复核时提出异议，认定有误的可以撤销。",
    )  # fmt: skip


def lift_falsification(request, key):
    card = whole(request, key)
    if not may.manages_card(request.user, card):
        raise PermissionDenied("弄虚作假的认定由管理办公室撤销。")
    row = card.falsifications.filter(lifted_at=None).first()
    if row is None:  # pressed twice, or somebody was first
        messages.info(request, "没有需要撤销的认定，可能已经撤销。")
        return redirect(card)
    form = LiftForm(request.POST or None)

    def act(data):
        acts.lift_falsification(row, reason=data["reason"], by=request.user)

    return act_page(
        request, form, act, record=card, verb="lift_falsification", title="撤销弄虚作假认定",
        done="认定已撤销。", back=card.get_absolute_url(), clause="5.4.4", lead=row.facts[:60],
    )  # fmt: skip


# ── files and papers ────────────────────────────────────────────────────────────────────────────
@require_safe
def scorecard_file(request, key, file_key):
    """The proof of a finding or of a request: to the studio and the house."""
    card = whole(request, key)
    found = [row.proof for row in card.falsifications.select_related("proof")]
    asked = getattr(card, "reconsideration", None)
    if asked is not None and asked.proof_id:
        found.append(asked.proof)
    stored = next((stored for stored in found if stored.key == file_key), None)
    if stored is None or stored.purged_at:
        raise Http404
    audit.record("download_file", card, by=request.user, note=f"sha256 {stored.sha256}")
    return attachments.serve(stored, inline="inline" in request.GET)


@require_safe
def scorecard_paper(request, key, public_id):
    """The 考核评分表 or the 考核结果通知."""
    card = whole(request, key)
    document = get_object_or_404(Document.objects.about(card), public_id=public_id)
    return serve_paper(request, document, back=card.get_absolute_url())


# ── all years of one studio ─────────────────────────────────────────────────────────────────────
@require_safe
def studio_scorecards(request, key):
    """The cards of one studio, the newest first."""
    studio = visible_studio(request, key)
    context = tab_context(request, studio, "assessments:studio_scorecards")
    rows = Scorecard.objects.visible_to(request.user).filter(studio=studio).order_by("-cycle__year", "pk")
    page = Page.of(rows, request.GET.get("page", 1), related=("cycle", "reconsideration"))
    context |= {
        "page": page,
        "announced": ANNOUNCED,
        "drawn": [
            (f"{row.cycle.year}年", row.total) for row in page.rows if row.status == S.FINAL and row.total
        ],
    }
    return render(request, "assessments/studio_scorecards.html", context)
