"""Who may do what to an application: plain (user, application) -> bool, read by views, table and tests."""

from applications.models import Collaborator, Conflict, Seat, Status
from park.models import Role, WorkingGroupMember


def is_of_studio(user, application) -> bool:
    """The applicant and the people they let in."""
    return (
        user is not None
        and user.is_authenticated
        and user.is_active
        and Collaborator.objects.filter(application=application, user=user).exists()
    )


def is_applicant(user, application) -> bool:
    """The account that began the application: only it files, withdraws and lets others in."""
    return user is not None and user.is_active and application.applicant_id == user.pk


def is_officer(user, application) -> bool:
    """The park office [5.1]; nobody acts in office on an application of their own."""
    return (
        user is not None
        and user.is_authenticated
        and user.has_role(Role.OFFICE, Role.LEAD_DIVISION)
        and not is_of_studio(user, application)
    )


def is_system(user, application) -> bool:
    """No person: a deadline has passed."""
    return user is None


def may_edit_section(user, application, section: str) -> bool:
    """The studio edits its draft, and in a correction only the named sections."""
    if not is_of_studio(user, application):
        return False
    return section in open_sections(application)


def may_edit_on_behalf(user, application, section: str) -> bool:
    """The office may type for the studio during a correction, with a reason that everybody sees."""
    return (
        application.status == Status.CORRECTION
        and is_officer(user, application)
        and section in open_sections(application)
    )


def open_sections(application) -> set[str]:
    """Names of the sections that may be changed now; `recommendation` is one of them."""
    if application.status == Status.DRAFT:
        return {"leader", "unit", "members", "intro", "plan", "profile", "conditions", "recommendation"}
    if application.status == Status.CORRECTION and (correction := application.open_correction()):
        # Box 10 is stamped on the very text, so it may always be renewed in a correction.
        return set(correction.items.values_list("section", flat=True)) | {"recommendation"}
    return set()


def may_read_in_office(user, application) -> bool:
    return is_officer(user, application) and application.status != Status.DRAFT


def audience_of(user, application) -> str:
    """As what somebody who may see a case reads it: `studio`, `office`, or `panel` (its experts and the working
    group, who get the dossier and nothing else)."""
    if is_of_studio(user, application):
        return "studio"
    return "office" if user.has_role(Role.OFFICE, Role.LEAD_DIVISION) else "panel"


# ── site visit ──────────────────────────────────────────────────────────────────────────────────
def plans_visits(user, visit) -> bool:
    """The office arranges visits, not of a studio of one's own."""
    return is_officer(user, visit.application)


def is_visitor(user, visit) -> bool:
    """One of those who go; a person of the studio never visits it."""
    return (
        user is not None
        and user.is_authenticated
        and user.is_park_staff
        and visit.visitors.filter(user=user).exists()
        and not is_of_studio(user, visit.application)
    )


def visits_or_plans(user, visit) -> bool:
    """Who takes in the sheet signed on paper: somebody who was there, or the office."""
    return is_visitor(user, visit) or plans_visits(user, visit)


def is_of_visited_studio(user, visit) -> bool:
    """The studio confirms what was found at its place."""
    return is_of_studio(user, visit.application)


# ── panel and ballot ────────────────────────────────────────────────────────────────────────────
def runs_panel(user, session) -> bool:
    """The office prepares a session and keeps its records; nobody does so for a studio of their own."""
    return (
        user is not None
        and user.is_authenticated
        and user.has_role(Role.OFFICE, Role.LEAD_DIVISION)
        and not Collaborator.objects.filter(application__agenda_items__session=session, user=user).exists()
    )


def seat_of(user, session):
    """The person's seat in a session, unless they declined it; None for everybody else."""
    if user is None or not user.is_authenticated or not user.has_role(Role.EXPERT):
        return None
    return Seat.objects.taken().filter(session=session, expert__user=user).select_related("expert").first()


def runs_panel_or_chairs(user, session) -> bool:
    """The chair, or the clerk of the office on the chair's word."""
    seat = seat_of(user, session)
    return runs_panel(user, session) or (seat is not None and seat.is_chair)


def is_recused(seat, item) -> bool:
    """A conflict stands between this seat and this case: confirmed, or not yet decided."""
    return Conflict.objects.standing().filter(item=item, seat=seat).exists()


def presiding_seat(item):
    """Who presides over one case: the chair, or who acts for them when they have to leave."""
    chair = item.acting_chair or item.session.seats.taken().filter(is_chair=True).first()
    return None if chair is None or is_recused(chair, item) else chair


def may_preside(user, application) -> bool:
    """Who opens and closes the ballot on a case: the presiding expert. Where that expert has no account, or the
    slips are of paper, the clerk does it on their word."""
    item = application.agenda_items.filter(is_open=True).select_related("session", "acting_chair").first()
    if item is None or user is None:
        return False
    chair = presiding_seat(item)
    if chair is None:
        return False
    if chair.expert.user_id is not None and chair.expert.user_id == user.pk:
        return user.is_active and user.has_role(Role.EXPERT)
    on_paper = item.session.means == "paper" or chair.expert.user_id is None
    return on_paper and runs_panel(user, item.session)


# ── candidate list and resolution ───────────────────────────────────────────────────────────────
def compiles_lists(user, candidate_list) -> bool:
    """The office compiles; nobody lists a studio of their own."""
    return (
        user is not None
        and user.is_authenticated
        and user.has_role(Role.OFFICE, Role.LEAD_DIVISION)
        and not has_own_case_on(user, candidate_list)
    )


def working_group_seat(user):
    """The person's standing seat in the working group, with the unit they speak for; None for others."""
    if user is None or not user.is_authenticated or not user.has_role(Role.WORKING_GROUP):
        return None
    return WorkingGroupMember.objects.filter(user=user, left_on=None).select_related("body").first()


def has_own_case_on(user, candidate_list) -> bool:
    """The list names a studio for which the person fills in the form."""
    return Collaborator.objects.filter(application__list_entries__list=candidate_list, user=user).exists()


def gives_opinions(user, candidate_list) -> bool:
    """A member of the working group for the unit they speak for; the leader's word is the decision itself."""
    seat = working_group_seat(user)
    return seat is not None and not seat.is_leader and not has_own_case_on(user, candidate_list)


def decides_list(user, candidate_list) -> bool:
    """The leader of the working group [5.1], never on a list that they compiled or sent, or that has a case of
    a studio of their own on it."""
    seat = working_group_seat(user)
    return (
        seat is not None
        and seat.is_leader
        and user.pk not in (candidate_list.compiled_by_id, candidate_list.sent_by_id)
        and not has_own_case_on(user, candidate_list)
    )


def fills_office_box(user, candidate_list) -> bool:
    """Box 12 of [A1] is the office's, not for a studio of one's own."""
    return compiles_lists(user, candidate_list)


def leads_working_group(user, application) -> bool:
    """The leader of the working group decides on one case, unless it is of a studio of their own."""
    seat = working_group_seat(user)
    return seat is not None and seat.is_leader and not is_of_studio(user, application)
