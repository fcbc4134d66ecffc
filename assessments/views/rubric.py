"""Editions of the scorecard [A2]: all of them, one with how it is counted, two beside each other, and preparing a new one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import rubric as acts
from assessments.actions.rubric_trial import start_trial
from assessments.forms.rubric import BackForm, ForceForm, RubricForm, forms_for, kind_asked
from assessments.models import ItemKind, Rubric, RubricItem
from assessments.permissions.rubric import prepares_rubrics
from assessments.resources import RubricItemResource
from assessments.scoring.edition import edition_faults, sums_of
from assessments.scoring.parameters import in_words
from assessments.tables.rubric import differences
from park import audit
from park.audit import history_of, timeline
from park.formkeys import write_once
from park.workflow import Refused
from workshops.views.writing import form_page, post_once


def visible(request, key) -> Rubric:
    """The edition, if this person may see it; else 404."""
    return get_object_or_404(Rubric.objects.visible_to(request.user), key=key)


def office_only(request):
    if not prepares_rubrics(request.user):
        raise PermissionDenied("只有管理办公室可以修订考核评估细则。")


def open_for(request, key, *, draft=False) -> Rubric:
    """For the office. With `draft`, the form is shown only while the edition may be changed; what is sent all the same
    is refused by its action."""
    office_only(request)
    row = visible(request, key)
    if draft and request.method == "GET" and row.in_force_from:
        raise PermissionDenied(
            f"“{row}”已确定施行日期，不能修改。没有用于年度考核的可以先收回，或复制为新版本。"
        )
    return row


# ── reading ─────────────────────────────────────────────────────────────────────────────────────
@require_safe
def rubrics(request):
    """All editions, the newest first; two of them may be put beside each other."""
    rows = list(Rubric.objects.visible_to(request.user).prefetch_related("cycles"))
    drafts = [row for row in rows if not row.in_force_from]
    context = {
        "rows": drafts + [row for row in rows if row.in_force_from],
        "may_prepare": prepares_rubrics(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "assessments/rubrics.html", context)


@require_safe
def rubric(request, key):
    """The whole printed form, each item with how it is counted in words; for the office also what is left to do."""
    row = visible(request, key)
    items = list(row.items.order_by("order"))
    years = list(row.cycles.order_by("year").values_list("year", flat=True))
    may_prepare = prepares_rubrics(request.user)
    is_draft = not row.in_force_from
    others = Rubric.objects.visible_to(request.user).exclude(pk=row.pk)
    context = {
        "rubric": row,
        "groups": _groups(items),
        "sums": sums_of(items),
        "base": sum(item.max_points for item in items if not item.is_bonus),
        "bonus": sum(item.max_points for item in items if item.is_bonus),
        "years": years,
        "others": others,
        "is_draft": is_draft,
        "may_prepare": may_prepare,
        "may_change": may_prepare and is_draft,
        "may_take_back": may_prepare and not is_draft and not years,
        "faults": edition_faults(items) if may_prepare and is_draft else [],
        "trial_year": timezone.localdate().year - 1,
        "history": timeline(history_of(row)[:50]) if may_prepare else [],
    }
    return render(request, "assessments/rubric.html", context)


def _groups(items) -> list[tuple[str, list]]:
    """(考核项目, [(item, its words)])."""
    groups: dict[str, list] = {}
    for item in items:
        groups.setdefault(item.category, []).append((item, in_words(item.kind, item.parameters)))
    return list(groups.items())


@require_safe
def compare_rubrics(request):
    """Two editions side by side, what differs marked in words and signs."""
    visible_rows = Rubric.objects.visible_to(request.user)
    old, new = (get_object_or_404(visible_rows, edition=request.GET.get(name, "")) for name in ("old", "new"))
    rows = differences(list(old.items.order_by("order")), list(new.items.order_by("order")))
    context = {"old": old, "new": new, "rows": rows, "changed": sum(row.is_changed for row in rows)}
    return render(request, "assessments/rubric_compare.html", context)


@require_safe
def export_rubric(request, key):
    """The items as the csv that the admin takes in."""
    row = visible(request, key)
    content = RubricItemResource().export(row.items.order_by("order")).csv
    audit.record("export", row, by=request.user, note="考核评估细则")
    answer = HttpResponse("\ufeff" + content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rubric-{row.pk}.csv"'
    return answer


# ── preparing ───────────────────────────────────────────────────────────────────────────────────
def copy_rubric(request, key):
    source = open_for(request, key)
    initial = {"title": source.title, "legal_basis": "", "note": ""}
    form = RubricForm(request.POST or None, initial=initial)
    context = {"title": "复制为新版本", "rubric": source, "lead": f"新版本从“{source}”的全部项目开始修改。"}
    return form_page(
        request, "assessments/rubric_form.html", form,
        lambda data: acts.copy_rubric(source, by=request.user, **data).get_absolute_url(),
        subject=source, verb="copy_rubric", done="新版本已建立，修改完成、检查通过后再施行。", context=context,
    )  # fmt: skip


def change_rubric(request, key):
    row = open_for(request, key, draft=True)
    form = RubricForm(request.POST or None, initial={name: getattr(row, name) for name in acts.TEXTS})
    seen = request.POST.get("seen") or acts.rubric_state(row)

    def write(data):
        return acts.change_rubric(row, seen=seen, by=request.user, **data).get_absolute_url()

    context = {"title": "修改名称和依据", "rubric": row, "seen": seen}
    return form_page(
        request, "assessments/rubric_form.html", form, write,
        subject=row, verb="change_rubric", done="已保存。", context=context,
    )  # fmt: skip


@require_POST
def drop_rubric(request, key):
    office_only(request)
    if not Rubric.objects.filter(key=key).exists():  # pressed twice, or somebody was first
        messages.info(request, "这个版本已经删除。")
        return redirect("assessments:rubrics")
    row = open_for(request, key)
    back = reverse("assessments:rubrics")
    return post_once(
        request, lambda: acts.drop_rubric(row, by=request.user), verb="drop_rubric", done="没有施行的版本已删除。", back=back
    )  # fmt: skip


def rubric_item(request, key, number=None):
    """One item, or a new one: what is printed, and the fields of its way of counting."""
    row = open_for(request, key, draft=True)
    item = get_object_or_404(row.items, order=number) if number else None
    kind = kind_asked(request.GET.get("kind", ""), item)
    posted = request.POST if request.method == "POST" else None
    printed, way = forms_for(kind, item, posted, order=row.items.count() + 1)
    seen = (posted or {}).get("seen") or (acts.item_state(item) if item else "")
    status = 200
    if posted is not None:
        status = 422
        if printed.is_valid() & way.told(printed.cleaned_data.get("max_points")):
            values = printed.cleaned_data | {"kind": kind, "parameters": way.parameters()}
            try:
                with write_once(request, row, "save_rubric_item") as write:
                    acts.save_item(row, item, seen=seen, by=request.user, **values)
                    write.location = row.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, f"第{values['order']}项已保存。")
                return redirect(write.location)
    context = {
        "rubric": row, "item": item, "printed": printed, "way": way, "seen": seen,
        "kind": ItemKind(kind), "kinds": [(code, label) for code, label in ItemKind.choices if code != kind],
    }  # fmt: skip
    return render(request, "assessments/rubric_item.html", context, status=status)


@require_POST
def remove_rubric_item(request, key, number):
    row = open_for(request, key)
    item = RubricItem.objects.filter(rubric=row, order=number).first()
    if item is None:  # pressed twice, or somebody was first
        messages.info(request, f"没有第{number}项，可能已经删去。")
        return redirect(row)
    return post_once(
        request, lambda: acts.remove_item(row, item, by=request.user),
        subject=row, verb="remove_rubric_item", done=f"第{number}项已删去。", back=row.get_absolute_url(),
    )  # fmt: skip


# ── coming into force ───────────────────────────────────────────────────────────────────────────
@require_POST
def try_rubric(request, key):
    """Count last year's records by this edition too, as a job."""
    row = open_for(request, key)
    try:
        with write_once(request, row, "start_job") as write:
            job = start_trial(row, timezone.localdate().year - 1, by=request.user)
            write.location = job.get_absolute_url()
    except Refused as refusal:
        for sentence in refusal.sentences:
            messages.error(request, sentence)
        return redirect(row)
    return redirect(write.location)


def force_rubric(request, key):
    row = open_for(request, key, draft=True)
    form = ForceForm(request.POST or None, initial={"legal_basis": row.legal_basis})
    context = {
        "title": "施行",
        "rubric": row,
        "lead": "施行后不能再改；启动年度考核以前可以收回。年度考核采用当年最后一天以前施行的最新版本，本年度已启动的考核不受影响。",
        "faults": edition_faults(list(row.items.order_by("order"))),
    }
    return form_page(
        request, "assessments/rubric_form.html", form,
        lambda data: acts.bring_into_force(row, by=request.user, **data).get_absolute_url(),
        subject=row, verb="bring_rubric_into_force", done="已确定施行日期。", context=context,
    )  # fmt: skip


def take_rubric_back(request, key):
    row = open_for(request, key)
    form = BackForm(request.POST or None)
    context = {"title": "收回施行", "rubric": row, "lead": "收回后可以继续修改。"}
    return form_page(
        request, "assessments/rubric_form.html", form,
        lambda data: acts.take_back(row, by=request.user, **data).get_absolute_url(),
        subject=row, verb="take_rubric_back", done="已收回，可以继续修改。", context=context,
    )  # fmt: skip
