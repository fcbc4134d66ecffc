"""One year's evaluation, whole [5.2][A2]: the year, and the card of each studio in it."""

from assessments.conditions import scorecard as c
from assessments.effects import scorecard as e
from assessments.forms import scorecard as f
from assessments.models import CycleStatus, EvaluationCycle, Scorecard
from assessments.models import ScorecardStatus as S
from assessments.permissions import scorecard as p
from park.forms.steps import ReasonForm
from park.models import Role, User
from park.permissions import is_system
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# fmt: off
SCORECARD = Workflow.table(
    "考核评分",
    # step                        button                        from                          to                 who may              requires                                    effects                                        form                 clause
    T("hand_in_self_assessment",  "提交自评",                   {S.OPEN},                     S.SELF_ASSESSED,   p.assesses_self,     [c.every_line_answered],                    [e.hand_in],                                   f.HandInForm,        "5.2", tells=Role.OFFICE),
    T("take_silence",             "逾期未自评，按记录核验",     {S.OPEN},                     S.SELF_ASSESSED,   p.manages_card,      [c.self_window_is_over],                    [e.take_silence],                              None,                "5.2", tells=Role.APPLICANT, danger=True),
    T("send_back_self_assessment", "退回重新自评",              {S.SELF_ASSESSED},            S.OPEN,            p.manages_card,      [],                                         [e.send_back],                                 ReasonForm,          "5.2", tells=Role.APPLICANT),
    T("close_verification",       "完成核验",                   {S.SELF_ASSESSED},            S.VERIFIED,        p.verifies,          [c.every_line_judged, c.panel_has_graded],  [e.close_verification],                        f.CloseForm,         "A2",  tells=Role.OFFICE),
    T("reopen_verification",      "退回重新核验",               {S.VERIFIED},                 S.SELF_ASSESSED,   p.manages_card,      [],                                         [e.open_verification],                         ReasonForm,          "A2"),
    T("announce_result",          "告知初步结果",               {S.VERIFIED},                 S.PROVISIONAL,     is_system,           [],                                         [e.send_result],                               None,                "5.2", tells=Role.APPLICANT),
    T("ask_reconsideration",      "申请复核",                   {S.PROVISIONAL},              S.RECONSIDERING,   p.assesses_self,     [c.not_reconsidered_yet, c.window_is_open], [e.ask_again],                                 f.AskForm,           "5.2", tells=Role.OFFICE),
    T("answer_reconsideration",   "答复复核",                   {S.RECONSIDERING},            S.PROVISIONAL,     p.reconsiders,       [],                                         [e.answer_request, e.keep_the_window_closed],  f.AnswerForm,        "5.2", tells=Role.APPLICANT),
    T("finalise_result",          "确定最终结果",               {S.PROVISIONAL},              S.FINAL,           is_system,           [],                                         [e.make_final],                                None,                "5.2", tells=Role.APPLICANT),
    T("leave_out",                "不参加本年度考核",           {S.OPEN, S.SELF_ASSESSED, S.VERIFIED}, S.EXCLUDED, p.manages_card,    [],                                         [e.leave_out],                                 ReasonForm,          "5.2", tells=Role.APPLICANT, danger=True),
    stages={
        #                      staff read            public sentence                                                       whose turn
        S.OPEN:          Stage("自评中",           "年度考核已启动，请逐项核对得分、补充证明并提交自评。",              Role.APPLICANT, clock="self_assessment_days", next="管理办公室核验。"),
        S.SELF_ASSESSED: Stage("核验中",           "自评已提交，管理办公室正在核验。",                                  Role.OFFICE, clock="verification_days", next="告知初步结果。"),
        S.VERIFIED:      Stage("已核验",           "核验已完成，等待告知初步结果。",                                    Role.OFFICE),
        S.PROVISIONAL:   Stage("初步结果",         "初步结果已告知，有异议可以在期限内申请复核。",                      Role.APPLICANT, clock="reconsideration_days", next="确定最终结果。"),
        S.RECONSIDERING: Stage("复核中",           "复核申请已提交，管理办公室正在复核。",                              Role.OFFICE, clock="reconsideration_answer_days"),
        S.FINAL:         Stage("最终结果",         "年度考核结果已确定。"),
        S.EXCLUDED:      Stage("不参加本年度考核", "工作室不参加本年度考核。"),
    },
    model=Scorecard,
    parties=lambda card, role: parties(card, role),
)

Y = CycleStatus
CYCLE = Workflow.table(
    "年度考核",
    T("announce_results", "告知初步结果", {Y.OPEN},      Y.ANNOUNCED, p.manages_evaluation, [c.every_card_verified],                                                [e.announce_cards], f.SureForm, "5.2", danger=True),
    T("close_cycle",      "办结年度考核", {Y.ANNOUNCED}, Y.CLOSED,    p.manages_evaluation, [c.nobody_waits_for_an_answer, c.windows_are_over, c.sums_are_right],    [e.finalise_cards], f.SureForm, "5.2", danger=True),
    stages={
        Y.OPEN:      Stage("考核进行中",     "年度考核正在进行。",           Role.OFFICE, next="全部核验后告知初步结果。"),
        Y.ANNOUNCED: Stage("初步结果已告知", "初步结果已告知各工作室。",     Role.OFFICE, next="复核期满后办结。"),
        Y.CLOSED:    Stage("已办结",         "年度考核已办结。"),
    },
    model=EvaluationCycle,
    parties=lambda cycle, role: User.objects.with_role(role),
)
# fmt: on


def parties(card, role):
    """The studio's people; of the office everybody but the studio's own."""
    people = card.studio.people.values("pk")
    if role == Role.APPLICANT:
        return User.objects.filter(pk__in=people, is_active=True)
    return User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).exclude(pk__in=people)
