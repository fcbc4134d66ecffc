"""政策库 [4][H3][T7]: the documents that benefits rest on, and the amounts they grant."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from park import attachments, audit
from park.models import Role
from park.tables import Page
from workshops.actions import policy as acts
from workshops.forms.policy import FACTS, AmountForm, PolicyForm, facts_of
from workshops.models import READERS, Policy, PolicyAmount
from workshops.permissions.benefit import keeps_policies
from workshops.tables.benefit import PolicyFilter
from workshops.views.acting import act_page
from workshops.views.writing import post_once


def _readers_only(user):
    if not user.has_role(*READERS, Role.APPLICANT):
        raise PermissionDenied("政策库供工作室、管理办公室和工作小组成员单位查阅。")


def _keepers_only(user):
    if not keeps_policies(user):
        raise PermissionDenied("政策库由管理办公室登记和修改。")


def _policy(request, key) -> Policy:
    _readers_only(request.user)
    return get_object_or_404(Policy.objects.select_related("file"), key=key)


@require_safe
def policies(request):
    """All policies, searched and filtered."""
    _readers_only(request.user)
    found = PolicyFilter(request.GET, queryset=Policy.objects.all())
    rows = found.qs if found.is_valid() else Policy.objects.all()
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "page": Page.of(rows.order_by("clause", "-issued_on", "document_no"), request.GET.get("page", 1)),
        "keeps": keeps_policies(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "workshops/policies.html", context)


@require_safe
def policy(request, key):
    return _policy_page(request, _policy(request, key), AmountForm())


def _policy_page(request, row, form, status=200):
    context = {
        "policy": row,
        "holds": row.holds_on(timezone.localdate()),
        "amounts": row.amounts.all(),
        "keeps": keeps_policies(request.user),
        "form": form,
    }
    return render(request, "workshops/policy.html", context, status=status)


def add(request):
    """One more policy."""
    _keepers_only(request.user)
    form = PolicyForm(request.POST or None, request.FILES or None)

    def act(data):
        return acts.add_policy(by=request.user, file=data["file"], **facts_of(data)).get_absolute_url()

    return act_page(
        request, form, act, record=None, verb="add_policy", title="登记政策", done="已登记到政策库。",
        back=reverse("workshops:policies"), clause="4", button="登记",
    )  # fmt: skip


def change(request, key):
    """Correct what is known of a policy, or say that it ended."""
    row = _policy(request, key)
    _keepers_only(request.user)
    initial = {name: getattr(row, name) for name in FACTS} | {"version": row.version}
    form = PolicyForm(request.POST or None, request.FILES or None, initial=initial)

    def act(data):
        acts.change_policy(
            row, version=data["version"] or 0, by=request.user, file=data["file"], **facts_of(data)
        )

    return act_page(
        request, form, act, record=row, verb="change_policy", title="修改政策", done="已修改。",
        back=row.get_absolute_url(), clause="4", button="保存",
    )  # fmt: skip


@require_POST
def add_amount(request, key):
    """A line of the amount table."""
    row = _policy(request, key)
    _keepers_only(request.user)
    form = AmountForm(request.POST)
    if not form.is_valid():
        return _policy_page(request, row, form, status=422)
    data = form.cleaned_data
    return post_once(
        request,
        lambda: acts.add_policy_amount(row, by=request.user, **data),
        subject=row,
        verb="add_policy_amount",
        done="标准已登记，审核时可以选用。",
        back=row.get_absolute_url(),
    )


@require_POST
def retire_amount(request, key, row):
    parent = _policy(request, key)
    _keepers_only(request.user)
    line = get_object_or_404(PolicyAmount.objects.filter(policy=parent), pk=row)
    return post_once(
        request,
        lambda: acts.retire_policy_amount(line, by=request.user),
        subject=parent,
        verb="retire_policy_amount",
        done="标准已停用，已经作出的决定不受影响。",
        back=parent.get_absolute_url(),
    )


@require_safe
def policy_file(request, key):
    row = _policy(request, key)
    if row.file is None:
        raise Http404
    audit.record("download_file", row, by=request.user, note=f"sha256 {row.file.sha256}")
    return attachments.serve(row.file, inline="inline" in request.GET)
