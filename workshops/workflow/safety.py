"""What becomes of a hazard [5.3]: removed by whoever is answerable, closed by a re-check."""

from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.effects import safety as e
from workshops.forms import safety as f
from workshops.models import Hazard
from workshops.models import HazardStatus as S
from workshops.permissions.safety import rechecks_hazard, removes_hazard

# fmt: off
HAZARD = Workflow.table(
    "安全隐患",
    T("answer_hazard", "答复整改情况", {S.OPEN, S.REOPENED}, S.FIXED,    removes_hazard,  [], [e.answer],                  f.HazardAnswerForm,  "5.3"),
    T("close_hazard",  "复查通过",     {S.FIXED},            S.CLOSED,   rechecks_hazard, [], [e.recheck],                 f.HazardRecheckForm, "5.3", tells=Role.APPLICANT),
    T("reopen_hazard", "复查未通过",   {S.FIXED},            S.REOPENED, rechecks_hazard, [], [e.recheck, e.keep_the_day], f.HazardRecheckForm, "5.3", danger=True),
    stages={
        S.OPEN:     Stage("待整改",     "请在期限内消除隐患并答复。",       Role.APPLICANT),
        S.FIXED:    Stage("待复查",     "已答复，等待复查。",               Role.OFFICE, clock="hazard_recheck_days"),
        S.REOPENED: Stage("复查未通过", "复查没有通过，请继续整改并答复。", Role.APPLICANT),
        S.CLOSED:   Stage("已消除",     "复查通过，隐患已消除。"),
    },
    model=Hazard,
    parties=lambda hazard, role: parties(hazard, role),
)
# fmt: on


def parties(hazard, role):
    """Whoever is answerable; for the re-check whoever found it."""
    if role == Role.APPLICANT:
        if hazard.studio_id:
            return User.objects.filter(studios=hazard.studio, is_active=True)
        return User.objects.with_role(Role.LOGISTICS)
    return User.objects.filter(pk=hazard.line.check_row.made_by_id, is_active=True)
