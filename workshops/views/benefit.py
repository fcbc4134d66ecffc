"""优惠政策 of one studio and one case of them [4]: what one is entitled to, asking, reviewing, deciding, papers."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from park import attachments, audit
from park.audit import history_of, timeline
from park.models import StoredFile
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from workshops.actions.benefit import GIVEN_UP, propose_benefit
from workshops.conditions.benefit import milestone_there
from workshops.forms.benefit import AskForm, ProposeForm
from workshops.models import Benefit, BenefitKind, PolicyAmount
from workshops.papers.benefit import papers_of
from workshops.permissions import benefit as may
from workshops.permissions import is_of_studio, is_office
from workshops.tables.benefit import ranked
from workshops.views.acting import act_page
from workshops.views.tabs import tab_context, visible_studio
from workshops.workflow import BENEFIT

TAB = "workshops:studio_benefits"
WORDS = {
    "startup_subsidy": "由技能大师工作室升级为技能创业的，依据相关政策给予创业补贴等方面政策支持。",
    "performance_award": "在传授技艺、人才培养、竞赛指导等方面业绩突出的，依据相关政策给予专项经费奖励。",
    "priority_appointment": "领衔人可优先受聘为职业院校兼职教师，优先进入职业技能鉴定考评员队伍，承担题库开发、技术服务、职业技能鉴定课题研究等任务，并参加有关学习交流和技能展示等活动。",
    "priority_nomination": "择优推荐参评国家、省技能大师工作室，领衔人优先推荐参与市级以上优秀高技能人才项目评选表彰。",
}


# ── one studio ──────────────────────────────────────────────────────────────────────────────────
@require_safe
def studio_benefits(request, key):
    """By clause: what a studio is entitled to, and where each case stands."""
    studio = visible_studio(request, key)
    context = tab_context(request, studio, TAB)
    residency = studio.standing_residency()
    stop = ""
    if residency is not None:
        stop = may.absence_of(residency) or may.suspension_of(residency)
    rows = list(Benefit.objects.visible_to(request.user).filter(studio=studio).select_related("delivery"))
    today = timezone.localdate()
    lines = {}
    for row in PolicyAmount.objects.offered("4.2", today) | PolicyAmount.objects.offered("4.3", today):
        lines.setdefault(row.policy.clause, []).append(row)
    proposes = may.proposes(request.user, studio)
    kinds = []
    for kind in BenefitKind:
        of_kind = [row for row in rows if row.kind == kind]
        once = kind == BenefitKind.STARTUP_SUBSIDY and any(r.status not in GIVEN_UP for r in of_kind)
        kinds.append(
            {
                "kind": kind,
                "words": WORDS[kind],
                "rows": of_kind,
                "lines": lines.get(kind.clause, []),
                "once": once,
                "may": proposes and residency is not None and not stop and not once,
            }
        )
    context |= {
        "residency": residency,
        "stop": stop,
        "kinds": kinds,
        "rent_free": residency is not None and residency.is_rent_free_on(today),
        "rent_over": residency is not None
        and residency.rent_free_until is not None
        and residency.rent_free_until < today,
        "days_left": (residency.rent_free_until - today).days
        if residency is not None and residency.is_rent_free_on(today)
        else 0,
    }
    return render(request, "workshops/studio_benefits.html", context)


def propose(request, key, kind):
    """The studio asks; or the office enters what the studio is entitled to, and the studio adds its proof."""
    studio = visible_studio(request, key)
    context = tab_context(request, studio, TAB)
    if kind not in BenefitKind.values:
        raise Http404
    if not may.proposes(request.user, studio):
        raise PermissionDenied(
            "优惠政策由工作室提出，管理办公室可以代为登记；不能以管理办公室的身份为自己的工作室登记。"
        )
    own = is_of_studio(request.user, studio)
    unsaved = Benefit(studio=studio, kind=kind, leader_name=studio.leader_name)
    form = (AskForm if own else ProposeForm)(request.POST or None, request.FILES or None, record=unsaved)

    def act(data):
        facts = {name: value for name, value in data.items() if name not in UPLOADS}
        row = propose_benefit(studio, kind=kind, by=request.user, **facts)
        if own:
            row = BENEFIT.perform(row, "ask_benefit", by=request.user, data=data)
        return row.get_absolute_url()

    kind = BenefitKind(kind)
    return act_page(
        request,
        form,
        act,
        record=studio,
        verb="propose_benefit",
        title=f"申请{kind.label}" if own else f"登记{kind.label}",
        done="申请已提出，等管理办公室审核。" if own else "已登记，等工作室补充材料后提出。",
        back=reverse(TAB, args=[studio.key]),
        clause=kind.clause,
        button="提出申请" if own else "登记",
        lead=WORDS[kind],
        template="workshops/benefit_ask.html",
        extra=context | {"missing": milestone_there(unsaved)},
    )


UPLOADS = ("uploads", "proof_1", "proof_2")


# ── one case ────────────────────────────────────────────────────────────────────────────────────
def visible(request, key) -> Benefit:
    """The case, if this person may see it; else 404."""
    rows = Benefit.objects.visible_to(request.user).select_related(
        "studio", "residency", "amount__policy", "delivery__proof", "milestone", "asked_by", "reviewed_by", "decided_by",
        "created_by",
    )  # fmt: skip
    return get_object_or_404(rows, key=key)


@require_safe
def benefit(request, key):
    """One case: request, opinion, decision, what came of it; buttons, papers, history."""
    row = visible(request, key)
    own = is_of_studio(request.user, row.studio)
    history = history_of(row)
    context = {
        "benefit": row,
        "stage": BENEFIT.stage(row),
        "own": own,
        "reads_ledger": own or is_office(request.user),
        "files": row.files.select_related("stored"),
        "steps": step_buttons(
            request.user,
            BENEFIT,
            row,
            url=lambda name: reverse("workshops:benefit_step", args=[row.key, name]),
        ),
        "papers": papers_of(row),
        "history": timeline((history.filter(result="ok") if own else history)[:100]),
    }
    return render(request, "workshops/benefit.html", context)


def benefit_step(request, key, name):
    """The page of one step; who decides sees the whole case above the form, and for a recommendation its rivals."""
    row = visible(request, key)
    rivals, own = [], is_of_studio(request.user, row.studio)
    if row.kind == BenefitKind.PRIORITY_NOMINATION and not own:
        others = Benefit.objects.visible_to(request.user).filter(kind=row.kind, form=row.form, year=row.year)
        rivals = ranked(others.exclude(status__in=["draft", *GIVEN_UP]).select_related("studio"))
    return take_step(
        request,
        BENEFIT,
        row,
        name,
        template="workshops/benefit_step.html",
        plain=own,
        extra={
            "benefit": row,
            "files": row.files.select_related("stored"),
            "rivals": rivals,
            "reads_ledger": own or is_office(request.user),
        },
    )


@require_safe
def benefit_paper(request, key, public_id):
    """The application or the decision."""
    row = visible(request, key)
    document = get_object_or_404(papers_of(row), public_id=public_id)
    return serve_paper(request, document, back=row.get_absolute_url())


@require_safe
def benefit_file(request, key, file_key):
    """A proof of the request, or the voucher of what was carried out."""
    row = visible(request, key)
    keys = list(row.files.values_list("stored", flat=True))
    delivery = getattr(row, "delivery", None)
    if delivery is not None and delivery.proof_id:
        keys.append(delivery.proof_id)
    stored = get_object_or_404(StoredFile.objects.filter(pk__in=keys), key=file_key)
    audit.record("download_file", row, by=request.user, note=f"sha256 {stored.sha256}")
    return attachments.serve(stored, inline="inline" in request.GET)
