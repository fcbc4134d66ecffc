"""House rules [5.3]: published by the office, read and confirmed by the studios, breaches recorded and answered."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from park import attachments, audit
from park.audit import history_of, timeline
from park.formkeys import write_once
from park.tables import Page
from park.workflow import Refused
from workshops.actions import house_ruling as acts
from workshops.forms.house_rule import BreachForm, RuleForm, StatementForm, StrikeForm
from workshops.models import Breach, HouseRule, HouseRuleVersion, ReadReceipt, Studio
from workshops.models.house_rule import readers_in_park
from workshops.permissions import is_of_studio, is_office, is_officer, reads_registers
from workshops.views.answering import write_form
from workshops.views.tabs import tab_context, visible_studio

NAMES_SHOWN = 200


def _is_reader(user) -> bool:
    return reads_registers(user) or Studio.objects.of(user).exists()


def _may_read(user):
    if not _is_reader(user):
        raise PermissionDenied("规章制度供园区工作人员和工作室查看。")


@require_safe
def house_rules(request):
    """The texts in force, and which of them this person has still to read."""
    if not _is_reader(request.user):
        return redirect("workshops:mine")
    versions = list(HouseRuleVersion.objects.in_force())
    read = set(
        ReadReceipt.objects.filter(user=request.user, version__in=versions).values_list("version", flat=True)
    )
    must = readers_in_park().filter(user=request.user).exists()
    context = {
        "rows": [(v, v.pk in read) for v in versions],
        "must_read": must,
        "may_publish": is_office(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "workshops/house_rules.html", context)


@require_safe
def house_rule(request, key):
    """One text with its versions; to the office also who has not read it."""
    _may_read(request.user)
    rule = get_object_or_404(HouseRule, key=key)
    versions = list(rule.versions.select_related("published_by", "stored"))
    if not versions:
        raise Http404
    current, user = versions[0], request.user
    receipt = current.receipts.filter(user=user).first()
    context = {
        "rule": rule,
        "version": current,
        "versions": versions,
        "receipt": receipt,
        "must_read": receipt is None and readers_in_park().filter(user=user).exists(),
        "may_publish": is_office(user),
    }
    if is_office(user):
        unread = list(acts.unread_rows(current)[: NAMES_SHOWN + 1])
        context |= {
            "unread_rows": unread[:NAMES_SHOWN],
            "is_cut": len(unread) > NAMES_SHOWN,
            "read": current.receipts.count(),
        }
    return render(request, "workshops/house_rule.html", context)


def publish_rule(request, key=None):
    """A new regulation, or the next version of one."""
    if not is_office(request.user):
        raise PermissionDenied("规章制度由管理办公室发布。")
    rule = get_object_or_404(HouseRule, key=key) if key else None
    posted = request.POST if request.method == "POST" else None
    last = rule.versions.first() if rule else None
    initial = {"title": rule.title, "text": last.text} if last else {}
    form = RuleForm(posted, request.FILES if posted is not None else None, initial=initial, rule=rule)
    return write_form(
        request, form, write=lambda data: acts.publish_rule(rule=rule, by=request.user, **data), verb="publish_rule",
        template="workshops/house_rule_publish.html", context={"rule": rule}, done="已发布，在园工作室人员已收到阅读通知。",
    )  # fmt: skip


def _act(request, key, act, verb, done):
    """A button on the page of a text: carried out once on its newest version."""
    rule = get_object_or_404(HouseRule, key=key)
    version = rule.versions.first()
    try:
        with write_once(request, version, verb) as write:
            write.location = rule.get_absolute_url()
            act(version, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(rule)


@require_POST
def confirm_reading(request, key):
    _may_read(request.user)
    return _act(request, key, acts.confirm_reading, "confirm_reading", "已记录您的阅读确认。")


@require_POST
def remind_readers(request, key):
    if not is_office(request.user):
        raise PermissionDenied("提醒由管理办公室发出。")
    return _act(request, key, acts.remind_readers, "remind_readers", "提醒已发出。")


@require_safe
def house_rule_file(request, key, number):
    _may_read(request.user)
    version = get_object_or_404(
        HouseRuleVersion.objects.select_related("stored"), rule__key=key, number=number
    )
    if version.stored is None:
        raise Http404
    return attachments.serve(version.stored, inline="inline" in request.GET, filename=f"规章制度第{number}版")


# ── breaches ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def breaches(request):
    """All breaches for the office, the own ones for a studio."""
    if not is_office(request.user) and not Studio.objects.of(request.user).exists():
        raise PermissionDenied("违规记录供管理办公室和工作室本身查看。")
    rows = Breach.objects.visible_to(request.user).order_by("-happened_on", "-pk")
    context = {
        "page": Page.of(rows, request.GET.get("page", 1), related=("studio", "rule")),
        "may_record": is_office(request.user),
    }
    return render(request, "workshops/breaches.html", context)


def record_breach(request):
    if not is_office(request.user):
        raise PermissionDenied("违规由管理办公室登记。")
    posted = request.POST if request.method == "POST" else None
    studios = Studio.objects.resident().exclude(people=request.user).order_by("name")
    form = BreachForm(posted, request.FILES if posted is not None else None, studios=studios)
    return write_form(
        request, form, write=lambda data: acts.record_breach(by=request.user, **data), verb="record_breach",
        template="workshops/breach_record.html", context={}, done="违规记录已登记，工作室可作出说明。",
    )  # fmt: skip


def breach(request, key):
    """One record: facts, measure, and the studio's words; it states its side, the office strikes out an error."""
    rows = Breach.objects.visible_to(request.user).select_related("studio", "rule", "recorded_by", "proof")
    row = get_object_or_404(rows, key=key)
    states = is_of_studio(request.user, row.studio) and row.stated_at is None and row.struck_at is None
    strikes = is_officer(request.user, row.studio) and row.struck_at is None
    posted = request.POST if request.method == "POST" else None
    as_studio = is_of_studio(request.user, row.studio)
    form = (StatementForm if as_studio else StrikeForm)(posted)
    act, verb = (acts.state_breach, "state_breach") if as_studio else (acts.strike_breach, "strike_breach")
    context = {
        "breach": row,
        "may_state": states,
        "may_strike": strikes,
        "history": timeline(history_of(row).filter(result="ok")[:20]),
    }
    return write_form(
        request, form, write=lambda data: act(row, by=request.user, **data), verb=verb,
        template="workshops/breach.html", context=context, done="已登记。", subject=row,
        closed="" if states or strikes else "这条违规记录已经说明或者撤销，没有改动。",
    )  # fmt: skip


@require_safe
def breach_proof(request, key):
    row = get_object_or_404(Breach.objects.visible_to(request.user).select_related("proof"), key=key)
    if row.proof is None:
        raise Http404
    audit.record("download_file", row, by=request.user, note=f"sha256 {row.proof.sha256}")
    return attachments.serve(row.proof, inline="inline" in request.GET, filename=f"违规证明-{row.pk}")


@require_safe
def studio_conduct(request, key):
    """What one studio has read, signed and broken."""
    studio = visible_studio(request, key)
    rows = Breach.objects.visible_to(request.user).filter(studio=studio).order_by("-happened_on", "-pk")
    context = tab_context(request, studio, "workshops:studio_conduct") | {
        "page": Page.of(rows, request.GET.get("page", 1), related=("studio", "rule")),
        "versions": HouseRuleVersion.objects.in_force(),
        "read": ReadReceipt.objects.filter(user__in=studio.people.all()).select_related("user", "version"),
    }
    return render(request, "workshops/studio_conduct.html", context)
