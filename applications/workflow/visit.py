"""One site visit, whole [3.2.2 现场考察]: planned, recorded at the place, confirmed by the studio."""

from django.db.models import Q

from applications.conditions import visit as c
from applications.effects import visit as e
from applications.forms import visit as f
from applications.forms.filing import ReasonForm
from applications.models import SiteVisit
from applications.models import VisitStatus as S
from applications.permissions import (
    is_of_visited_studio,
    is_system,
    is_visitor,
    plans_visits,
    visits_or_plans,
)
from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# fmt: off
STAGES = {
    #                     staff read                   public sentence                                        whose turn
    S.PLANNED:   Stage("待考察",           "现场考察已安排，请按通知做好准备。",                     Role.OFFICE),
    S.RECORDED:  Stage("待工作室确认",     "现场考察已完成，请核对考察记录中的事实并确认。",         Role.APPLICANT),
    S.SETTLED:   Stage("已办结",           "现场考察已完成。"),
    S.CANCELLED: Stage("已取消",           "本次考察已取消。"),
}

VISIT = Workflow.table(
    "现场考察",
    # step             button                      from            to              who may               requires                          effects                                    form                clause
    T("postpone_visit", "改期",                    {S.PLANNED},    S.PLANNED,      plans_visits,         [],                               [e.postpone, e.renew_notice],              f.PostponeForm,     "3.2.2", tells=Role.APPLICANT),
    T("cancel_visit",   "取消本次考察",            {S.PLANNED},    S.CANCELLED,    plans_visits,         [],                               [e.withdraw_notice],                       ReasonForm,       "3.2.2", tells=Role.APPLICANT, danger=True),
    T("finish_visit",   "完成记录，请工作室确认",  {S.PLANNED},    S.RECORDED,     is_visitor,           [c.day_has_come, c.lines_finished, c.findings_written, c.enough_visitors], [e.finish_record, e.print_sheet], f.FinishForm, "3.2.2", tells=Role.APPLICANT),
    T("reopen_visit",   "退回修改记录",            {S.RECORDED},   S.PLANNED,      is_visitor,           [],                               [e.reopen_record],                         ReasonForm,       "3.2.2"),
    T("confirm_visit",  "核对考察记录",            {S.RECORDED},   S.SETTLED,      is_of_visited_studio, [],                               [e.confirm_online, e.print_sheet],                   f.ConfirmForm,      "3.2.2", tells=Role.OFFICE),
    T("sign_visit",     "登记签字的记录表",        {S.RECORDED},   S.SETTLED,      visits_or_plans,      [],                               [e.confirm_on_paper],                      f.SignedSheetForm,  "3.2.2"),
    T("drop_visit",     "因申报撤回取消考察",      {S.PLANNED, S.RECORDED}, S.CANCELLED, is_system,  [],                             [e.withdraw_notice],                       None,               "3.2.2"),
    stages=STAGES,
    model=SiteVisit,
    parties=lambda visit, role: parties(visit, role),
)
# fmt: on

# Acts beside the steps, as the history calls them.
VERBS = {
    "plan_visit": "安排现场考察",
    "save_visit": "保存考察记录",
    "add_visit_photo": "添加考察照片",
    "remove_visit_photo": "删除考察照片",
    "change_visitors": "调整考察人员",
    "order_route": "调整考察路线",
}


def parties(visit, role):
    """The studio; the visitors and the officer of the case instead of the whole office."""
    if role == Role.APPLICANT:
        return User.objects.filter(pk__in=visit.application.collaborators.values("user"), is_active=True)
    people = Q(pk__in=visit.visitors.values("user")) | Q(
        pk=visit.application.officer_id or visit.planned_by_id
    )
    return User.objects.filter(people, is_active=True)
