"""Who plans, makes and answers an inspection [5.2]? Nobody inspects a studio of their own."""

from assessments.models.inspection import INSPECTOR_ROLES
from park.permissions import has_role, is_system
from workshops.permissions import is_of_studio, is_officer

may_inspect = has_role(*INSPECTOR_ROLES)


def plans_inspection(user, inspection) -> bool:
    """The office, which has to inspect regularly [5.2]."""
    return is_officer(user, inspection.studio)


def is_inspector(user, inspection) -> bool:
    """One of those who go, while they still work for the park."""
    return (
        may_inspect(user)
        and inspection.inspectors.filter(user=user).exists()
        and not is_of_studio(user, inspection.studio)
    )


def inspects_or_plans(user, inspection) -> bool:
    return is_inspector(user, inspection) or plans_inspection(user, inspection)


def is_of_inspected_studio(user, inspection) -> bool:
    return is_of_studio(user, inspection.studio)


def answers_with_findings(user, inspection) -> bool:
    """The studio, where something has to be put right afterwards."""
    return is_of_inspected_studio(user, inspection) and has_problems(inspection)


def answers_without_findings(user, inspection) -> bool:
    """The studio, where nothing was found: its answer ends the inspection."""
    return is_of_inspected_studio(user, inspection) and not has_problems(inspection)


def has_problems(inspection) -> bool:
    return inspection.lines.filter(verdict="not_met").exists()


def closes_inspection(user, inspection) -> bool:
    """The last finding closes it by itself; the office does so where there was none."""
    return is_system(user) or inspects_or_plans(user, inspection)


def answers_finding(user, finding) -> bool:
    return is_of_studio(user, finding.studio)


def rechecks_finding(user, finding) -> bool:
    """Whoever inspected, or the office."""
    return inspects_or_plans(user, finding.inspection)
