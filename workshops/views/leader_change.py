"""A studio loses its leader [5.4.2]: the list, the report, one change with its steps, papers and proof."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from park import attachments, audit, rules
from park.audit import history_of, timeline
from park.models import Role
from park.tables import Page
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from workshops.actions.leader_change import report_leader_change
from workshops.forms.leader_change import ReportForm
from workshops.models import LeaderChange, NominationGround
from workshops.papers.leader_change import papers_of
from workshops.permissions import is_of_studio
from workshops.permissions.leader_change import reports_leader_change
from workshops.tables.leader_change import LeaderChangeFilter
from workshops.views.tabs import tab_context, visible_studio
from workshops.views.writing import form_page
from workshops.workflow.leader_change import LEADER_CHANGE


@require_safe
def leader_changes(request):
    """All changes for the office and the working group."""
    if not request.user.has_role(Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP):
        raise PermissionDenied("领衔人变更清单供管理办公室和工作小组查看；工作室请在“人员”页查看。")
    rows = LeaderChange.objects.visible_to(request.user)
    found = LeaderChangeFilter(request.GET, queryset=rows)
    rows = found.qs if found.is_valid() else rows
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "page": Page.of(
            rows.order_by("-reported_at", "-pk"), request.GET.get("page", 1), related=("studio", "leaving")
        ),
        "stages": LEADER_CHANGE.stages,
    }
    return render(request, "workshops/leader_changes.html", context)


def report(request, key):
    """The leader has left: said by the studio, or by the office in its place."""
    studio = visible_studio(request, key)
    if not reports_leader_change(request.user, studio):
        raise PermissionDenied("领衔人离任由工作室或管理办公室报告。")
    form = ReportForm(request.POST or None)

    def write(data):
        return report_leader_change(studio, by=request.user, **data).get_absolute_url()

    context = tab_context(request, studio, "workshops:persons") | {
        "leader": studio.leader(),
        "days": rules.get("leader_change_days"),
    }
    return form_page(
        request,
        "workshops/leader_change_report.html",
        form,
        write,
        subject=studio,
        verb="report_leader_change",
        done="已报告领衔人离任，请在期限内提名接替人。",
        context=context,
    )


def visible(request, key) -> LeaderChange:
    """The change, if this person may see it; else 404."""
    rows = LeaderChange.objects.visible_to(request.user).select_related("studio", "leaving", "reported_by")
    return get_object_or_404(rows, key=key)


@require_safe
def leader_change(request, key):
    """One change: facts, nominations with what was found, buttons, papers."""
    change = visible(request, key)
    of_studio = is_of_studio(request.user, change.studio)
    history = history_of(change)
    nominations = change.nominations.select_related(
        "skill_level", "reviewed_by", "decided_by", "nominated_by"
    )
    context = {
        "change": change,
        "stage": LEADER_CHANGE.stage(change),
        "of_studio": of_studio,
        "is_resident": change.studio.standing_residency() is not None,
        "nominations": nominations.prefetch_related("grounds__proof"),
        "steps": step_buttons(
            request.user,
            LEADER_CHANGE,
            change,
            url=lambda name: reverse("workshops:leader_change_step", args=[change.key, name]),
        ),
        "papers": papers_of(change),
        "history": timeline((history.filter(result="ok") if of_studio else history)[:100]),
    }
    return render(request, "workshops/leader_change.html", context)


def leader_change_step(request, key, name):
    """The page of one step."""
    change = visible(request, key)
    extra = {"change": change, "nomination": change.nomination()}
    return take_step(
        request,
        LEADER_CHANGE,
        change,
        name,
        template="workshops/leader_change_step.html",
        plain=is_of_studio(request.user, change.studio),
        extra=extra,
    )


@require_safe
def leader_change_paper(request, key, public_id):
    """The application or the decision."""
    change = visible(request, key)
    document = get_object_or_404(papers_of(change), public_id=public_id)
    return serve_paper(request, document, back=change.get_absolute_url())


@require_safe
def proof(request, key, ground):
    """The proof of one claimed condition."""
    change = visible(request, key)
    rows = NominationGround.objects.filter(nomination__change=change).exclude(proof=None)
    row = get_object_or_404(rows.select_related("proof"), pk=ground)
    audit.record("download_file", change, by=request.user, note=f"sha256 {row.proof.sha256}")
    return attachments.serve(row.proof, inline="inline" in request.GET)
