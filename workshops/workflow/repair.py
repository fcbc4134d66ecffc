"""A repair, whole [5.3]: reported, mended by the logistics, confirmed by whoever reported it."""

from park.forms.steps import ReasonForm
from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.effects import repair as e
from workshops.forms import repair as f
from workshops.models import RepairStatus as S
from workshops.models import RepairTicket
from workshops.permissions.repair import accepts_result, mends, reported

# fmt: off
REPAIR = Workflow.table(
    "报修",
    # step            button        from                        to            who              requires  effects            form           clause
    T("accept_repair",   "受理",       {S.REPORTED},               S.ACCEPTED,   mends,           [], [e.promise],       f.AcceptForm,  "5.3", tells=Role.APPLICANT),
    T("refuse_repair",   "不予受理",   {S.REPORTED},               S.REFUSED,    mends,           [], [e.refuse],        ReasonForm,    "5.3", tells=Role.APPLICANT, danger=True),
    T("withdraw_repair", "撤回报修",   {S.REPORTED},               S.WITHDRAWN,  reported,        [], [],                ReasonForm,    "5.3", tells=Role.LOGISTICS),
    T("start_repair",    "开始维修",   {S.ACCEPTED, S.REOPENED},   S.WORKING,    mends,           [], [e.keep_promise],  None,          "5.3", tells=Role.APPLICANT),
    T("finish_repair",   "维修完成",   {S.ACCEPTED, S.WORKING},    S.DONE,       mends,           [], [e.finish],        f.DoneForm,    "5.3", tells=Role.APPLICANT),
    T("confirm_repair",  "确认修好",   {S.DONE},                   S.CONFIRMED,  accepts_result,  [], [e.confirm],       None,          "5.3", tells=Role.LOGISTICS),
    T("reopen_repair",   "没有修好",   {S.DONE},                   S.REOPENED,   accepts_result,  [], [e.reopen],        f.AgainForm,   "5.3", tells=Role.LOGISTICS),
    stages={
        S.REPORTED:  Stage("待受理",   "已报修，等待后勤受理。",           Role.LOGISTICS, clock="repair_response_days"),
        S.ACCEPTED:  Stage("已受理",   "后勤已受理，将按约定日期维修。",   Role.LOGISTICS),
        S.WORKING:   Stage("维修中",   "正在维修。",                       Role.LOGISTICS),
        S.DONE:      Stage("待确认",   "维修已完成，请确认是否修好。",     Role.APPLICANT, clock="repair_confirm_days"),
        S.CONFIRMED: Stage("已确认",   "已确认修好。"),
        S.REOPENED:  Stage("返修",     "已通知后勤返修。",                 Role.LOGISTICS, clock="repair_response_days"),
        S.REFUSED:   Stage("不予受理", "后勤没有受理，原因见处理说明。"),
        S.WITHDRAWN: Stage("已撤回",   "报修已撤回。"),
    },
    model=RepairTicket,
    parties=lambda ticket, role: parties(ticket, role),
)
# fmt: on


def parties(ticket, role):
    if role == Role.APPLICANT:
        if ticket.studio_id:
            return User.objects.filter(studios=ticket.studio, is_active=True)
        return User.objects.filter(pk=ticket.reported_by_id, is_active=True)
    return User.objects.with_role(role)
