"""The office keeps the register [1]: enters, corrects, strikes off, puts back; who acts for a studio; the exports."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from park import audit, sheets
from park.validators import is_uuid, number_in
from park.workflow import Conflict
from workshops.actions import studio as acts
from workshops.forms.studio import (
    AccountForm,
    ChangeStudioForm,
    NewStudioForm,
    PublicDisplayForm,
    PublicFactsForm,
    ReasonForm,
    facts_of,
    initial_of,
)
from workshops.models import Studio
from workshops.permissions import is_of_studio, is_office, is_officer
from workshops.sheets.person import PERSONS, person_rows
from workshops.sheets.studio import STUDIOS, studio_rows
from workshops.tables.public import why_public
from workshops.tables.studio import register_of
from workshops.views.tabs import tab_context, visible_studio
from workshops.views.writing import form_page, post_once


def office_only(user):
    if not is_office(user):
        raise PermissionDenied("名录由管理办公室登记和修改。")


def add_studio(request):
    """A studio of the city comes on the register."""
    office_only(request.user)
    form = NewStudioForm(request.POST or None)

    def write(data):
        studio = acts.add_studio(
            leader_name=data["leader_name"],
            leader_since=data["leader_since"],
            by=request.user,
            **facts_of(form),
        )
        return studio.get_absolute_url()

    return form_page(
        request,
        "workshops/studio_new.html",
        form,
        write,
        verb="add_studio",
        done="已登记，列入全市名录。",
        context={},
    )


def change_studio(request, key):
    """The office corrects every fact, the studio's own people those that the public reads."""
    row = visible_studio(request, key)
    officer = is_officer(request.user, row)
    if not officer and not is_of_studio(request.user, row):
        raise PermissionDenied("只有管理办公室和工作室本身可以修改资料。")
    kind = ChangeStudioForm if officer else PublicFactsForm
    version = acts.version_of(row)
    form = kind(request.POST or None, initial=initial_of(row, version))

    def write(data):
        acts.change_studio(row, version=data["version"], by=request.user, **facts_of(form))
        return row.get_absolute_url()

    def fresh(refusal):
        """After a conflict the form goes on from what is there now; what was typed stays in it."""
        if not isinstance(refusal, Conflict):
            return {}
        now = visible_studio(request, key)
        typed = request.POST.copy()
        typed["version"] = acts.version_of(now)
        shown = [
            {"label": field.label, "value": getattr(now, field.name)} for field in form if not field.is_hidden
        ]
        return {"form": kind(typed, initial=initial_of(now, acts.version_of(now))), "present": shown}

    context = tab_context(request, row, "workshops:studio") | {"is_officer": officer}
    return form_page(
        request,
        "workshops/studio_edit.html",
        form,
        write,
        subject=row,
        verb="change_studio",
        done="资料已保存。",
        context=context,
        fresh=fresh,
    )


REGISTER_ACTS = {
    "strike-off": (acts.strike_off, "strike_off_studio", "移出全市名录", "已移出全市名录。"),
    "put-back": (acts.put_back, "put_back_studio", "列入全市名录", "已列入全市名录。"),
}


def register_act(request, key, name):
    """Off the register, or onto it, for a reason."""
    row = visible_studio(request, key)
    if name not in REGISTER_ACTS:
        raise Http404
    if not is_officer(request.user, row):
        raise PermissionDenied("名录由管理办公室登记和修改，且不能办理本人工作室的事项。")
    act, verb, label, done = REGISTER_ACTS[name]
    form = ReasonForm(request.POST or None)

    def write(data):
        act(row, reason=data["reason"], by=request.user)
        return row.get_absolute_url()

    context = tab_context(request, row, "workshops:studio") | {
        "label": label, "danger": name == "strike-off", "clause_code": "1",
    }  # fmt: skip
    return form_page(
        request,
        "workshops/studio_act.html",
        form,
        write,
        subject=row,
        verb=verb,
        done=done,
        context=context,
    )


def public_display(request, key):
    """Whether the portal shows the studio."""
    row = visible_studio(request, key)
    if not is_officer(request.user, row):
        raise PermissionDenied("公开展示由管理办公室设定，且不能办理本人工作室的事项。")
    form = PublicDisplayForm(
        request.POST or None, initial={"display": row.public_display, "basis": row.public_basis}
    )

    def write(data):
        acts.set_public_display(row, data["display"], basis=data["basis"], by=request.user)
        return row.get_absolute_url()

    context = tab_context(request, row, "workshops:studio") | {
        "label": "设定公开展示",
        "clause_code": "1",
        "about": why_public(row)[1],
    }
    return form_page(
        request,
        "workshops/studio_act.html",
        form,
        write,
        subject=row,
        verb="set_public_display",
        done="已设定。",
        context=context,
    )


# ── who acts for a studio ───────────────────────────────────────────────────────────────────────
def accounts(request, key):
    """The accounts that act for the studio: the studio sees them, the office adds and removes."""
    row = visible_studio(request, key)
    officer = is_officer(request.user, row)
    if not officer and not is_of_studio(request.user, row):
        raise PermissionDenied("办理账号只供工作室本身和管理办公室查看。")
    if request.method == "POST" and not officer:
        raise PermissionDenied("办理账号由管理办公室增加和移除。")
    form = AccountForm(request.POST or None)

    def write(data):
        acts.add_account(row, data["username"], by=request.user)
        return reverse("workshops:accounts", args=[row.key])

    context = tab_context(request, row, "workshops:studio") | {
        "is_officer": officer,
        "accounts": _accounts_of(row),
        "persons": row.persons.filter(left_on=None),
    }
    return form_page(
        request,
        "workshops/accounts.html",
        form,
        write,
        subject=row,
        verb="add_studio_account",
        done="账号已可办理本工作室的事项。",
        context=context,
    )


def _accounts_of(studio) -> list:
    """The accounts, each with the person it stands for."""
    accounts = list(studio.people.order_by("real_name", "pk"))
    standing = {row.user_id: row for row in studio.persons.filter(left_on=None, user__in=accounts)}
    for account in accounts:
        account.stands_for = standing.get(account.pk)
    return accounts


@require_POST
def say_whose_account(request, key):
    """Which person of the studio an account stands for."""
    row = visible_studio(request, key)
    if not is_officer(request.user, row):
        raise PermissionDenied("账号代表谁由管理办公室登记。")
    person = request.POST.get("person", "")
    return post_once(
        request,
        lambda: acts.say_whose_account(
            row,
            number_in(request.POST.get("account")),
            person if is_uuid(person) else "",
            by=request.user,
        ),
        subject=row,
        verb="say_whose_account",
        done="已登记。",
        back=reverse("workshops:accounts", args=[row.key]),
    )


@require_POST
def remove_account(request, key):
    row = visible_studio(request, key)
    if not is_officer(request.user, row):
        raise PermissionDenied("办理账号由管理办公室增加和移除。")
    return post_once(
        request,
        lambda: acts.remove_account(row, number_in(request.POST.get("account")), by=request.user),
        subject=row,
        verb="remove_studio_account",
        done="账号已移除。",
        back=reverse("workshops:accounts", args=[row.key]),
    )


# ── exports ─────────────────────────────────────────────────────────────────────────────────────
EXPORTS = {"studios": (STUDIOS, studio_rows), "persons": (PERSONS, person_rows)}


@require_safe
def export(request, what):
    """The register as it is filtered, or the people of its studios."""
    office_only(request.user)
    if what not in EXPORTS:
        raise Http404
    sheet, rows_of = EXPORTS[what]
    register, found = register_of(request.GET, Studio.objects.visible_to(request.user))
    audit.record("export", sheet.title, by=request.user, note=register)
    return sheets.response(sheet, rows_of(found), f"{sheet.file_stem}.xlsx")


@require_safe
def imports(request):
    """Which sheets there are, and in which order they go in."""
    office_only(request.user)
    kinds = [
        {"title": title, "text": text, "url": sheets.import_url(code)}
        for code, title, text in (
            ("studios", "工作室", "先导入：工作室、领衔人和认定文件，一行一个工作室，按工作室名称对应。"),
            ("persons", "工作室人员", "后导入：领衔人和成员，一行一人，按工作室名称和姓名对应。"),
        )
    ]
    return render(request, "workshops/imports.html", {"kinds": kinds})
