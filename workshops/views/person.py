"""The people of a studio [D2]: leader and members now and before, entered and corrected by the studio or the office."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from park.workflow import Conflict
from workshops.actions import person as acts
from workshops.actions.studio import version_of
from workshops.forms.person import ChangePersonForm, LeaveForm, PersonForm, facts_of, initial_of
from workshops.models import OPEN_CHANGE
from workshops.permissions import is_office
from workshops.permissions.person import keeps_persons
from workshops.views.tabs import tab_context, visible_studio
from workshops.views.writing import form_page

PAGE = "workshops:persons"


@require_safe
def persons(request, key):
    """Everybody, those who left below; with age and years in the studio."""
    studio = visible_studio(request, key)
    today = timezone.localdate()
    found = studio.persons.select_related("skill_level", "education", "gender")
    rows = [row_of(person, today) for person in found.order_by("-is_leader", "joined_on", "pk")]
    context = tab_context(request, studio, PAGE)
    changes = list(studio.leader_changes.visible_to(request.user).select_related("leaving"))
    context |= {
        "now": [row for row in rows if row["person"].left_on is None],
        "left": sorted(
            (row for row in rows if row["person"].left_on), key=lambda r: r["person"].left_on, reverse=True
        ),
        "may_edit": context["is_own"] or is_office(request.user),
        "open_change": next((change for change in changes if change.status in OPEN_CHANGE), None),
        "changes": changes,
    }
    return render(request, "workshops/persons.html", context)


def row_of(person, today) -> dict:
    """Somebody with what is counted: age by the year of birth, whole years from joining to leaving or today."""
    end = person.left_on or today
    years = (
        end.year
        - person.joined_on.year
        - ((end.month, end.day) < (person.joined_on.month, person.joined_on.day))
    )
    return {
        "person": person,
        "age": today.year - person.birth_year if person.birth_year else None,
        "years": max(years, 0),
    }


def _kept(request, key):
    studio = visible_studio(request, key)
    if not keeps_persons(request.user, studio):
        raise PermissionDenied("人员名册由工作室本身和管理办公室登记。")
    return studio


def _person(request, key, person):
    studio = _kept(request, key)
    return studio, get_object_or_404(studio.persons.select_related("studio"), key=person)


def add_person(request, key):
    studio = _kept(request, key)
    here = reverse(PAGE, args=[studio.key])
    form = PersonForm(request.POST or None, initial={"unit_name": studio.unit_name})

    def write(data):
        acts.add_person(studio, by=request.user, **facts_of(form))
        return here

    context = tab_context(request, studio, PAGE) | {"title": "登记成员", "back": here}
    return form_page(
        request, "workshops/person_form.html", form, write,
        subject=studio, verb="add_person", done="成员已登记。", context=context,
    )  # fmt: skip


def change_person(request, key, person):
    """Correct what is written; two editors never overwrite each other."""
    studio, row = _person(request, key, person)
    here = reverse(PAGE, args=[studio.key])
    form = ChangePersonForm(request.POST or None, initial=initial_of(row, version_of(row)))

    def write(data):
        acts.change_person(row, version=data["version"], by=request.user, **facts_of(form))
        return here

    def fresh(refusal):
        if not isinstance(refusal, Conflict):
            return {}
        _, now = _person(request, key, person)
        typed = request.POST.copy()
        typed["version"] = version_of(now)
        shown = [
            {"label": field.label, "value": getattr(now, field.name)} for field in form if not field.is_hidden
        ]
        return {"form": ChangePersonForm(typed), "present": shown}

    context = tab_context(request, studio, PAGE) | {"title": f"修改{row.name}的资料", "back": here}
    return form_page(
        request, "workshops/person_form.html", form, write,
        subject=studio, verb="change_person", done="资料已保存。", context=context, fresh=fresh,
    )  # fmt: skip


def leave_studio(request, key, person):
    """A member leaves; the row stays among the former ones."""
    studio, row = _person(request, key, person)
    here = reverse(PAGE, args=[studio.key])
    if row.left_on is not None:
        messages.info(request, f"{row.name}已登记离开。")
        return redirect(here)
    form = LeaveForm(request.POST or None)

    def write(data):
        acts.leave_studio(row, left_on=data["left_on"], reason=data["reason"], by=request.user)
        return here

    context = tab_context(request, studio, PAGE) | {"title": f"{row.name}离开工作室", "back": here}
    return form_page(
        request, "workshops/person_form.html", form, write,
        subject=studio, verb="leave_studio", done="已登记离开。", context=context,
    )  # fmt: skip
