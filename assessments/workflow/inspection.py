"""A regular inspection, whole [5.2 定期检查], and what becomes of each problem that it found."""

from django.db.models import Q

from assessments.conditions import inspection as c
from assessments.effects import inspection as e
from assessments.forms import inspection as f
from assessments.models import Finding, FindingStatus, Inspection
from assessments.models import InspectionStatus as S
from assessments.permissions import inspection as p
from park.forms.steps import ReasonForm
from park.models import Role, User
from park.permissions import is_system
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# fmt: off
INSPECTION = Workflow.table(
    "定期检查",
    # step                       button                    from          to           who may                      requires                                                                        effects                                            form                clause
    T("postpone_inspection",       "改期",                     {S.PLANNED},  S.PLANNED,   p.plans_inspection,          [c.still_in_the_park],                                                          [e.postpone],                                      f.PostponeForm,     "5.2", tells=Role.APPLICANT),
    T("cancel_inspection",         "取消本次检查",             {S.PLANNED},  S.CANCELLED, p.plans_inspection,          [],                                                                             [e.cancel],                                        ReasonForm,         "5.2", tells=Role.APPLICANT, danger=True),
    T("call_off_inspection",       "因入驻结束取消检查",       {S.PLANNED},  S.CANCELLED, is_system,                   [],                                                                             [e.cancel],                                        None,               "5.2", tells=Role.APPLICANT),
    T("finish_inspection",         "完成记录，请工作室核对",   {S.PLANNED},  S.RECORDED,  p.is_inspector,              [c.day_has_come, c.lines_finished, c.problems_described, c.enough_inspectors],  [e.finish_record],                                 f.FinishForm,       "5.2", tells=Role.APPLICANT),
    T("reopen_inspection",         "退回修改记录",             {S.RECORDED}, S.PLANNED,   p.is_inspector,              [],                                                                             [e.reopen_record],                                 ReasonForm,         "5.2"),
    T("confirm_inspection",        "核对检查记录",             {S.RECORDED}, S.CLOSING,   p.answers_with_findings,     [],                                                                             [e.confirm_online, e.open_findings, e.print_sheet],   f.ConfirmForm,      "5.2", tells=Role.OFFICE),
    T("confirm_clean_inspection",  "核对检查记录",             {S.RECORDED}, S.CLOSED,    p.answers_without_findings,  [],                                                                             [e.confirm_online, e.print_sheet],                 f.ConfirmForm,      "5.2", tells=Role.OFFICE),
    T("sign_inspection",           "登记签字的检查记录",       {S.RECORDED}, S.CLOSING,   p.inspects_or_plans,         [],                                                                             [e.confirm_on_paper, e.open_findings, e.print_sheet], f.SignedForm,       "5.2"),
    T("settle_unanswered",         "逾期未答复，按记录办理",   {S.RECORDED}, S.CLOSING,   p.plans_inspection,          [c.answer_is_late],                                                             [e.confirm_by_silence, e.open_findings, e.print_sheet], ReasonForm,         "5.2", tells=Role.APPLICANT),
    T("close_inspection",          "办结本次检查",             {S.CLOSING},  S.CLOSED,    p.closes_inspection,         [c.nothing_left_open],                                                          [],                                                None,               "5.2", tells=Role.APPLICANT),
    stages={
        #                   staff read              public sentence                                             whose turn
        S.PLANNED:   Stage("待检查",        "已安排定期检查，请按检查项目做好准备。",                 Role.OFFICE),
        S.RECORDED:  Stage("待工作室核对",  "检查已完成，请核对检查记录中的事实。",                   Role.APPLICANT, clock="inspection_confirm_days"),
        S.CLOSING:   Stage("问题整改中",    "请在期限内整改检查发现的问题，逐项答复并附证明。",       Role.APPLICANT),
        S.CLOSED:    Stage("已办结",        "本次检查已办结。"),
        S.CANCELLED: Stage("已取消",        "本次检查已取消。"),
    },
    model=Inspection,
    parties=lambda inspection, role: parties(inspection, role),
)

F = FindingStatus
FINDING = Workflow.table(
    "检查问题整改",
    T("answer_finding", "答复整改情况", {F.OPEN, F.REOPENED}, F.ANSWERED, p.answers_finding,  [], [e.answer_finding],                            f.AnswerForm,  "5.2"),
    T("close_finding",  "复查通过",     {F.ANSWERED},         F.CLOSED,   p.rechecks_finding, [], [e.recheck, e.close_inspection_with_the_last], f.RecheckForm, "5.2", tells=Role.APPLICANT),
    T("reopen_finding", "复查未通过",   {F.ANSWERED},         F.REOPENED, p.rechecks_finding, [], [e.recheck, e.keep_the_day],                   f.RecheckForm, "5.2", danger=True),
    stages={
        F.OPEN:     Stage("待整改",     "请在期限内整改并答复。",         Role.APPLICANT),
        F.ANSWERED: Stage("待复查",     "已答复，等待复查。",             Role.OFFICE, clock="recheck_days"),
        F.REOPENED: Stage("复查未通过", "复查没有通过，请继续整改并答复。", Role.APPLICANT),
        F.CLOSED:   Stage("已整改",     "复查通过，问题已整改。"),
    },
    model=Finding,
    parties=lambda finding, role: parties(finding.inspection, role),
)
# fmt: on


def parties(inspection, role):
    """The studio; those who inspect and the officer who planned it instead of the whole office."""
    if role == Role.APPLICANT:
        return User.objects.filter(studios=inspection.studio, is_active=True)
    people = Q(pk__in=inspection.inspectors.values("user")) | Q(pk=inspection.plan.planned_by_id)
    return User.objects.filter(people, is_active=True)
