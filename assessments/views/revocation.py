"""取消资格 [5.4]: the list, the proposal on one of four grounds, one case to its end, papers and the public note."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.actions import revocation as acts
from assessments.forms import revocation as forms
from assessments.models import TAKEN_EFFECT, Revocation, RevocationStatus
from assessments.papers.revocation import LOADED, fact_lines, papers_of
from assessments.papers.service import services_of, with_receipts
from assessments.permissions.revocation import manages_revocation, proposes_revocation, reads_revocations
from assessments.tables.revocation import RevocationFilter
from assessments.views.rectification_files import paper_of, scans_of, serve_file
from assessments.workflow import REVOCATION
from park import rules
from park.audit import history_of, timeline
from park.models import AnnouncementStatus
from park.tables import Page
from park.views.steps import step_buttons, take_step
from workshops.models import Handover, Residency
from workshops.permissions import is_logistics, is_of_studio, is_office
from workshops.views.acting import act_page

Ground = Revocation.Ground
S = RevocationStatus
LABELS = ("提出", "告知", "陈述申辩", "工作小组决定", "送达", "腾退", "归档")
AT = {
    S.PROPOSED: 1,
    S.NOTIFIED: 1,
    S.DEFENDING: 2,
    S.HEARD: 3,
    S.RESOLVED: 4,
    S.SERVED: 5,
    S.VACATED: 6,
    S.ARCHIVED: 7,
}
PEOPLE = (
    "proposed_by",
    "notified_by",
    "heard_by",
    "resolved_by",
    "ended_by",
    "act_proof",
    "consequence_proof",
)


def visible(request, key) -> Revocation:
    """The case, if this person may see it; else 404."""
    rows = Revocation.objects.visible_to(request.user).select_related(*LOADED, *PEOPLE)
    return get_object_or_404(rows, key=key)


def stage_bar(revocation) -> list[dict]:
    """The road with where this case stands, or stopped."""
    here, state, note = AT.get(revocation.status), "current", ""
    if here is None:  # dropped
        passed = (revocation.notice_served_on, revocation.defence, revocation.resolved_at)
        here, state, note = 1 + sum(1 for done in passed if done), "ended", revocation.get_ended_as_display()
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
def revocations(request):
    """All cases for the office and the working group; a studio has its own page."""
    if not reads_revocations(request.user):
        raise PermissionDenied("取消资格清单供管理办公室和工作小组查看；工作室请在“整改”页查看。")
    found = RevocationFilter(request.GET, queryset=Revocation.objects.visible_to(request.user))
    rows = found.qs if found.is_valid() else found.queryset
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "page": Page.of(
            rows.order_by("-proposed_at", "-pk"), request.GET.get("page", 1), related=("residency__studio",)
        ),
    }
    return render(request, "assessments/revocations.html", context)


# ── proposal ────────────────────────────────────────────────────────────────────────────────────
def _residency(request, key) -> Residency:
    rows = Residency.objects.visible_to(request.user).select_related("studio")
    residency = get_object_or_404(rows, key=key)
    if not proposes_revocation(request.user, residency):
        raise PermissionDenied("取消资格由管理办公室提出，且不能办理本人所在的工作室。")
    return residency


@require_safe
def grounds(request, key):
    """The four grounds in the words of the regulation, and what of each is on record."""
    residency = _residency(request, key)
    on_record = {
        Ground.RECOGNITION: [
            f"{event.get_kind_display()}：{event.document_no}" for event in forms.ending_events(residency)
        ],
        Ground.LEADER_GONE: [
            f"{change.leaving.name}离任，逾期无人接替" for change in forms.lapsed_changes(residency)
        ],
        Ground.UNRECTIFIED: [f"{order.number}复查不合格" for order in forms.failed_orders(residency)],
    }
    none = {
        Ground.RECOGNITION: "没有登记注销或撤销认定的文件。收到文件的，先在工作室“概况”页登记认定事项。",
        Ground.LEADER_GONE: "没有逾期无人接替的领衔人变更。领衔人离任的，先在工作室“人员”页报告。",
        Ground.UNRECTIFIED: "没有期限届满且复查不合格的限期整改。须先发出限期整改通知并复查。",
    }
    context = {
        "residency": residency,
        "grounds": [
            {
                "ground": ground,
                "records": on_record.get(ground, []),
                "none": "" if ground == Ground.MISCONDUCT or on_record[ground] else none[ground],
            }
            for ground in Ground
        ],
        "open": residency.revocations.open().first(),
    }
    return render(request, "assessments/revocation_grounds.html", context)


def propose(request, key, name):
    """The facts of one ground."""
    residency = _residency(request, key)
    if name not in Ground.values:
        raise Http404
    ground = Ground(name)
    form = forms.FORMS[ground](request.POST or None, request.FILES or None, residency=residency)

    def act(data):
        return acts.propose_revocation(residency, ground=name, by=request.user, **data).get_absolute_url()

    return act_page(
        request,
        form,
        act,
        record=residency.studio,
        verb="propose_revocation",
        title="提出取消资格",
        done="已提出，请出具告知书。",
        back=reverse("assessments:revocation_grounds", args=[residency.key]),
        clause=ground.clause,
        button="提出",
        lead=f"{residency.studio}　{ground.label}",
    )


# ── one case ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def revocation(request, key):
    """The ground with its facts, the defence, the resolution, what came of it; buttons, papers, history."""
    row = visible(request, key)
    user, of_studio = request.user, is_of_studio(request.user, row.studio)
    history = history_of(row)
    if of_studio:
        history = history.filter(result="ok", at__gte=row.notified_at)
    papers = list(papers_of(row))
    taken = row.status in TAKEN_EFFECT
    lists = Handover.objects.filter(occupancy__residency=row.residency_id, kind=Handover.Kind.OUT)
    context = {
        "revocation": row,
        "studio": row.studio,
        "stage": REVOCATION.stage(row),
        "stage_bar": stage_bar(row),
        "facts": fact_lines(row),
        "of_studio": of_studio,
        "files": row.files.select_related("stored"),
        "steps": step_buttons(
            user,
            REVOCATION,
            row,
            url=lambda name: reverse("assessments:revocation_step", args=[row.key, name]),
        ),
        "handovers": lists.select_related("occupancy__room") if taken else [],
        "reads_handovers": of_studio or is_office(user) or is_logistics(user),
        "may_announce": taken and _may_announce(user, row),
        "papers": with_receipts(papers),
        "services": services_of(papers).values(),
        "history": timeline(history[:100]),
        "bar_years": rules.get("reapply_bar_years"),
    }
    return render(request, "assessments/revocation.html", context)


def _may_announce(user, row) -> bool:
    """Its decision is to be announced and has not been drafted, or was taken down."""
    gone = row.announcement is None or row.announcement.status == AnnouncementStatus.WITHDRAWN
    return gone and manages_revocation(user, row) and rules.get("revocation_public")


def step(request, key, name):
    """The page of one step; whoever decides sees facts and defence above the form."""
    row = visible(request, key)
    extra = {"revocation": row, "facts": fact_lines(row), "files": row.files.select_related("stored")}
    return take_step(
        request,
        REVOCATION,
        row,
        name,
        template="assessments/revocation_step.html",
        plain=is_of_studio(request.user, row.studio),
        extra=extra,
    )


def announce(request, key):
    """Draft the public note: these three columns and nothing else."""
    row = visible(request, key)
    if not manages_revocation(request.user, row):
        raise PermissionDenied("公告由管理办公室起草，且不能办理本人所在的工作室。")
    initial = {
        "title": f"取消入驻产业创新园资格的公告（{timezone.localdate():%Y}年）",
        "text": acts.note_text(),
    }
    form = forms.NoteForm(request.POST or None, initial=initial)

    def act(data):
        return acts.draft_note(row, by=request.user, **data).get_absolute_url()

    public = acts.public_row(row) if row.served_on else {}
    return act_page(
        request,
        form,
        act,
        record=row,
        verb="draft_revocation_note",
        title="起草取消资格公告",
        done="已起草，请送审。",
        back=row.get_absolute_url(),
        clause=row.clause,
        button="起草",
        template="assessments/revocation_announce.html",
        extra={"public": [(label, public.get(key, "")) for key, label in acts.PUBLIC_COLUMNS]},
    )


# ── papers and files ────────────────────────────────────────────────────────────────────────────
@require_safe
def paper(request, key, public_id):
    """告知书, 决定书, or the receipt that goes with one of them."""
    row = visible(request, key)
    return paper_of(request, row, papers_of(row), public_id)


@require_safe
def file(request, key, file_key):
    """What proves act and consequence, what the studio brought, the scan of a signed receipt."""
    row = visible(request, key)
    keys = [k for k in (row.act_proof_id, row.consequence_proof_id) if k]
    keys += row.files.values_list("stored", flat=True)
    keys += scans_of(papers_of(row))
    return serve_file(request, row, keys, file_key)
