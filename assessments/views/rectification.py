"""限期整改 [5.4.4]: the list, the order, one order with its report and re-check, a studio's own page."""

import uuid

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.actions import rectification as acts
from assessments.forms.rectification import BLANK_ITEMS, MAX_ROWS, ItemForm, OrderForm
from assessments.models import OrderStatus, RectificationOrder, Revocation
from assessments.papers.rectification import ground_words, papers_of
from assessments.papers.service import services_of, with_receipts
from assessments.permissions.rectification import (
    manages_rectification,
    orders_rectification,
    reads_rectifications,
)
from assessments.permissions.revocation import reads_revocations
from assessments.tables.rectification import RectificationFilter
from assessments.workflow import RECTIFICATION
from park import rules
from park.audit import history_of, timeline
from park.permissions import is_office
from park.tables import Page
from park.views.steps import step_buttons, take_step
from workshops.charges.term import corresponding_day
from workshops.models import Residency
from workshops.permissions import is_of_studio
from workshops.views.acting import act_page
from workshops.views.tabs import tab_context, visible_studio

LABELS = ("发出通知", "整改并报告", "复查", "办结")
CLERKS = ["add_rectification_photo", "remove_rectification_photo"]  # not for the studio's history
LOADED = (
    "residency__studio", "card__cycle", "falsification__card__cycle", "issued_by", "extended_by", "rechecked_by",
)  # fmt: skip


def visible(request, key) -> RectificationOrder:
    """The order, if this person may see it; else 404."""
    rows = RectificationOrder.objects.visible_to(request.user).select_related(*LOADED)
    return get_object_or_404(rows, key=key)


def stage_bar(order) -> list[dict]:
    """The road with where this order stands, or stopped."""
    S = OrderStatus
    here, state, note = {
        S.ISSUED: (1, "current", ""),
        S.REPORTED: (2, "current", ""),
        S.PASSED: (3, "done", "复查合格"),
        S.FAILED: (3, "refused", "复查不合格"),
        S.WITHDRAWN: (1, "ended", "已撤销"),
    }[order.status]
    return [
        {
            "label": label,
            "state": "done" if n < here else state if n == here else "next",
            "note": note if n == here else "",
        }
        for n, label in enumerate(LABELS)
    ]


# ── list ────────────────────────────────────────────────────────────────────────────────────────
@require_safe
def rectifications(request):
    """All orders, and above them whose card asks for one."""
    if not reads_rectifications(request.user):
        raise PermissionDenied("限期整改清单供管理办公室和工作小组成员单位查看；工作室请在“整改”页查看。")
    found = RectificationFilter(request.GET, queryset=RectificationOrder.objects.visible_to(request.user))
    rows = found.qs if found.is_valid() else found.queryset
    office = is_office(request.user)
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "page": Page.of(
            rows.order_by("-issued_at", "-pk"), request.GET.get("page", 1), related=("residency__studio",)
        ),
        "cards": acts.cards_to_rectify()[:20] if office else [],
        "findings": acts.falsifications_to_rectify()[:20] if office else [],
    }
    return render(request, "assessments/rectifications.html", context)


# ── order ───────────────────────────────────────────────────────────────────────────────────────
def issue(request, key):
    """Order a studio to put things right: why, what, by when."""
    rows = Residency.objects.visible_to(request.user).select_related("studio")
    residency = get_object_or_404(rows, key=key)
    if not orders_rectification(request.user, residency):
        raise PermissionDenied("限期整改由管理办公室通知，且不能办理本人所在的工作室。")
    grounds = _grounds(residency)
    chosen = next(
        (g for g in grounds if g["key"] == request.GET.get("ground")), grounds[0] if grounds else None
    )
    posted = request.POST if request.method == "POST" else None
    today, months = timezone.localdate(), rules.get("rectification_months")
    form = OrderForm(posted, initial={"issued_on": today})
    proposed = _short_lines(chosen["card"]) if chosen else []
    count = _count(posted) if posted is not None else min(len(proposed) + BLANK_ITEMS, MAX_ROWS)
    items = [
        ItemForm(posted, prefix=f"item-{n}", initial=proposed[n] if n < len(proposed) else None)
        for n in range(count)
    ]

    def act(data):
        given = {chosen["name"]: chosen["record"]} if chosen else {}
        meant = [row.cleaned_data for row in items if row.is_meant]
        return acts.issue_order(residency, items=meant, by=request.user, **given, **data).get_absolute_url()

    return act_page(
        request,
        form,
        act,
        record=residency.studio,
        verb="issue_rectification",
        title="发出限期整改通知",
        done="通知已发出，入驻转为“限期整改”。",
        back=reverse("assessments:rectifications"),
        clause="5.4.4",
        button="发出通知",
        template="assessments/rectification_issue.html",
        also_valid=lambda: [row.is_valid() for row in items].count(False) == 0,  # every row says its faults
        extra={
            "residency": residency,
            "grounds": grounds,
            "chosen": chosen,
            "proposed": items[: len(proposed)],
            "proposed_count": len(proposed),
            "more": items[len(proposed) :],
            "rows": count,
            "months": months,
            "deadline": corresponding_day(today, months),
        },
    )


def _grounds(residency) -> list[dict]:
    """What this residency can be ordered for: {key, name of the argument, record, card, words}."""
    found = []
    for card in acts.cards_to_rectify().filter(residency=residency):
        words = f"{card.cycle}最终结果不合格（基础分{card.base.normalize():f}分）"
        found.append({"key": str(card.key), "name": "card", "record": card, "card": card, "words": words})
    for row in acts.falsifications_to_rectify().filter(card__residency=residency):
        words = f"{row.card.cycle}中经查实弄虚作假"
        found.append(
            {"key": str(row.key), "name": "falsification", "record": row, "card": row.card, "words": words}
        )
    return found


def _short_lines(card) -> list[dict]:
    """What the card fell short of among the base items, as a beginning."""
    rows = []
    for line in card.lines.filter(is_bonus=False).exclude(points=None).select_related("item"):
        if line.points < line.max_points:
            text = f"{line.item.content}：得{line.points.normalize():f}分（分值{line.max_points.normalize():f}分）"
            said = "；".join(str(reason) for reason in (line.finding or {}).get("reasons", []))
            problem = f"{text}。{line.reason or said}"[:500]
            rows.append({"clause": line.item.code, "problem": problem, "demand": ""})
    return rows[:MAX_ROWS]


def _count(posted) -> int:
    """How many rows the page showed."""
    typed = posted.get("rows", "")
    return min(int(typed), MAX_ROWS) if typed.isdecimal() and len(typed) < 4 else BLANK_ITEMS


# ── one order ───────────────────────────────────────────────────────────────────────────────────
@require_safe
def rectification(request, key):
    """What has to be put right, what was reported, what was found; buttons, papers, history."""
    order = visible(request, key)
    user, of_studio = request.user, is_of_studio(request.user, order.studio)
    history = history_of(order)
    if of_studio:
        history = history.filter(result="ok").exclude(verb__in=CLERKS)
    papers = list(papers_of(order))
    is_open = order.status in (OrderStatus.ISSUED, OrderStatus.REPORTED)
    may_manage = manages_rectification(user, order)
    reports = list(order.reports.select_related("made_by", "returned_by").prefetch_related("answers"))
    said = {answer.item_id: answer.done for answer in reports[0].answers.all()} if reports else {}
    items = order.items.prefetch_related("proofs__stored", "proofs__report")
    context = {
        "order": order,
        "studio": order.studio,
        "stage": RECTIFICATION.stage(order),
        "stage_bar": stage_bar(order),
        "why": ground_words(order),
        "of_studio": of_studio,
        "items": [(item, said.get(item.pk, "")) for item in items],
        "reports": reports,
        "recheckers": order.recheckers.all() if order.rechecked_at else [],
        "photos": order.photos.filter(removed_at=None).select_related("stored")
        if order.rechecked_at or not of_studio
        else [],
        "may_photograph": is_open and may_manage,
        "photo_key": uuid.uuid4(),
        "max_mb": rules.get("upload_max_mb"),
        "steps": step_buttons(
            user,
            RECTIFICATION,
            order,
            url=lambda name: reverse("assessments:rectification_step", args=[order.key, name]),
        ),
        "may_propose": may_manage and order.status == OrderStatus.FAILED and not _is_followed(order),
        "revocations": Revocation.objects.visible_to(user).filter(order=order)
        if of_studio or reads_revocations(user)
        else [],
        "papers": with_receipts(papers),
        "services": services_of(papers).values(),
        "history": timeline(history[:100]),
    }
    return render(request, "assessments/rectification.html", context)


def _is_followed(order) -> bool:
    """A revocation on it is open or has taken effect, or was decided against."""
    return Revocation.objects.filter(order=order).exclude(ended_as__in=["dropped", "over"]).exists()


def step(request, key, name):
    """The page of one step."""
    order = visible(request, key)
    of_studio = is_of_studio(request.user, order.studio)
    extra = {
        "order": order,
        "items": order.items.prefetch_related("proofs__stored", "answers"),
        "report": order.report(),
    }
    return take_step(
        request,
        RECTIFICATION,
        order,
        name,
        template="assessments/rectification_step.html",
        plain=of_studio,
        extra=extra,
    )


# ── the studio's own page ───────────────────────────────────────────────────────────────────────
@require_safe
def studio_rectifications(request, key):
    """What one studio had to put right, and whether its right to be here is in question."""
    studio = visible_studio(request, key)
    user = request.user
    context = tab_context(request, studio, "assessments:studio_rectifications") | {
        "orders": RectificationOrder.objects.visible_to(user)
        .filter(residency__studio=studio)
        .select_related("residency__studio"),
        "revocations": Revocation.objects.visible_to(user)
        .filter(residency__studio=studio)
        .select_related("residency__studio"),
        "standing": studio.standing_residency(),
    }
    context["may_propose"] = context["standing"] is not None and orders_rectification(
        user, context["standing"]
    )
    return render(request, "assessments/studio_rectifications.html", context)
