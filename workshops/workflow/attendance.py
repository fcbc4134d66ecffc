"""Leave, whole: asked for by the studio, answered by the office [A2.2]."""

from django.urls import reverse

from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.effects import attendance as e
from workshops.forms import attendance as f
from workshops.models import Leave
from workshops.models import LeaveStatus as S
from workshops.permissions import attendance as may

STAGES = {
    S.REQUESTED: Stage(
        "待批准", "请假申请已经提交，等管理办公室批复。", turn=Role.OFFICE, clock="leave_days"
    ),
    S.APPROVED: Stage("已批准", "请假已经批准。"),
    S.REFUSED: Stage("未批准", "请假没有批准，理由见批复。"),
    S.WITHDRAWN: Stage("已撤回", "请假申请已经撤回。"),
}


def parties(leave, role):
    if role == Role.APPLICANT:
        return leave.studio.people.filter(is_active=True)
    return User.objects.with_role(role)


# fmt: off
LEAVE = Workflow.table(
    "请假",
    # step               button     from            to            who may              requires effects          form             clause
    T("approve_leave",  "批准请假", {S.REQUESTED}, S.APPROVED,  may.decides_leave,  (), [e.keep_answer], f.AnswerForm,    "A2.2", tells=Role.APPLICANT),
    T("refuse_leave",   "不予批准", {S.REQUESTED}, S.REFUSED,   may.decides_leave,  (), [e.keep_answer], f.RefusalForm,   "A2.2", tells=Role.APPLICANT, danger=True),
    T("withdraw_leave", "撤回申请", {S.REQUESTED}, S.WITHDRAWN, may.asks_for_leave, (), (),              None,            "A2.2"),
    stages=STAGES,
    parties=parties,
    model=Leave,
)
# fmt: on


def leave_step_url(leave, name) -> str:
    return reverse("workshops:leave_step", args=[leave.key, name])
