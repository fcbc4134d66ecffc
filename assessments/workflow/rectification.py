"""限期整改, whole [5.4.4][T11][T12]: from the notice to the re-check, on a day that never slides."""

from assessments.actions.rectification import parties
from assessments.conditions import rectification as c
from assessments.effects import rectification as e
from assessments.forms import rectification as f
from assessments.forms.service import ServeForm
from assessments.models import OrderStatus as S
from assessments.models import RectificationOrder
from assessments.permissions import rectification as p
from park.forms.steps import ReasonForm
from park.models import Role
from park.permissions import is_system
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# fmt: off
STAGES = {
    #                   staff read       public sentence                                                       whose turn
    S.ISSUED:    Stage("整改中",       "请在整改期限内完成整改，逐项报告并附证明。",                         Role.APPLICANT, next="管理办公室复查。"),
    S.REPORTED:  Stage("待复查",       "整改情况已经报告，等待管理办公室复查；复查以前可以补充。",           Role.OFFICE, clock="rectification_recheck_days", next="复查合格的恢复入驻。"),
    S.PASSED:    Stage("复查合格",     "复查合格，入驻照旧。"),
    S.FAILED:    Stage("复查不合格",   "整改期限届满，复查仍不达标准，将按规定研究是否取消入驻资格。"),
    S.WITHDRAWN: Stage("已撤销",       "限期整改已经撤销。"),
}
OPEN = {S.ISSUED, S.REPORTED}

RECTIFICATION = Workflow.table(
    "限期整改",
    # step                          button              from          to           who may                      requires                                     effects                    form            clause
    T("acknowledge_rectification", "签收通知书",       {S.ISSUED},   S.ISSUED,    p.is_of_rectified_studio,  [c.not_served],                              [e.acknowledge],           None,           "5.4.4", tells=Role.OFFICE),
    T("serve_rectification",       "登记送达",         {S.ISSUED},   S.ISSUED,    p.manages_rectification,   [c.not_served],                              [e.serve],                 ServeForm,      "5.4.4"),
    T("report_rectification",      "报告整改情况",     {S.ISSUED},   S.REPORTED,  p.is_of_rectified_studio,  [],                                          [e.report],                f.ReportForm,   "5.4.4"),
    T("amend_rectification",       "补充整改情况",     {S.REPORTED}, S.REPORTED,  p.is_of_rectified_studio,  [],                                          [e.report],                f.ReportForm,   "5.4.4"),
    T("return_rectification",      "退回补充",         {S.REPORTED}, S.ISSUED,    p.manages_rectification,   [c.time_is_left],                            [e.give_back],             ReasonForm,     "5.4.4"),
    T("extend_rectification",      "延长整改期限",     {S.ISSUED},   S.ISSUED,    p.manages_rectification,   [c.time_is_left, c.extension_is_left],       [e.extend],                f.ExtendForm,   "5.4.4", tells=Role.APPLICANT),
    T("pass_rectification",        "复查合格",         {S.REPORTED}, S.PASSED,    p.manages_rectification,   [],                                          [e.recheck, e.resume],     f.PassForm,     "5.4.4", tells=Role.APPLICANT),
    T("fail_rectification",        "复查不合格",       OPEN,         S.FAILED,    p.manages_rectification,   [c.time_is_over],                            [e.recheck],               f.FailForm,     "5.4.4", tells=Role.APPLICANT, danger=True),
    T("withdraw_rectification",    "撤销限期整改",     OPEN,         S.WITHDRAWN, p.manages_rectification,   [],                                          [e.withdraw, e.resume],    ReasonForm,     "5.4.4", tells=Role.APPLICANT, danger=True),
    T("end_rectification",         "入驻结束，不再整改", OPEN,       S.WITHDRAWN, is_system,                 [c.residency_is_over],                       [e.withdraw],              None,           "5.4.4", tells=Role.OFFICE),
    stages=STAGES,
    model=RectificationOrder,
    parties=parties,
)
# fmt: on
