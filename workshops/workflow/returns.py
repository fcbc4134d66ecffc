"""One statistical return, whole [5.3]: opened at the end of a period, reported, asked about, accepted."""

from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.conditions import returns as c
from workshops.effects import returns as e
from workshops.forms.returns import QueryForm, ReturnReasonForm
from workshops.models import ReturnStatus as S
from workshops.models import StatisticalReturn
from workshops.permissions.returns import checks_return, reports_return

# fmt: off
STAGES = {
    #                     staff read          public sentence                                            whose turn
    S.OPEN:      Stage("待报送",   "请核对系统已有的数据，补充其余指标后报送。",                 Role.APPLICANT),
    S.SUBMITTED: Stage("待审核",   "已报送，等管理办公室审核。",                                 Role.OFFICE,    clock="return_check_days"),
    S.QUERIED:   Stage("待答复",   "管理办公室对部分数据有疑问，请答复或更正后重新报送。",       Role.APPLICANT, clock="return_answer_days"),
    S.ACCEPTED:  Stage("已审核",   "已审核，统计报表已生成。"),
    S.WAIVED:    Stage("免予报送", "本期免予报送。"),
}
FILLING = {S.OPEN, S.QUERIED}

RETURN = Workflow.table(
    "统计报表",
    # step                button          from          to            who may          requires                                 effects                            form               clause
    T("submit_return",    "报送",         FILLING,      S.SUBMITTED,  reports_return,  [c.filled_in, c.questions_answered],     [e.mark_submitted],                None,              "5.3"),
    T("register_return",  "按纸质报表登记报送", FILLING, S.SUBMITTED, checks_return,   [c.filled_in, c.questions_answered],     [e.mark_submitted],                ReturnReasonForm,  "5.3"),
    T("accept_return",    "审核通过",     {S.SUBMITTED}, S.ACCEPTED,  checks_return,   [c.filled_in],                           [e.mark_accepted, e.print_return], None,              "5.3", tells=Role.APPLICANT),
    T("query_return",     "提出疑问",     {S.SUBMITTED}, S.QUERIED,   checks_return,   [],                                      [e.ask],                           QueryForm,         "5.3"),
    T("reopen_return",    "退回更正",     {S.ACCEPTED}, S.QUERIED,    checks_return,   [],                                      [e.ask],                           QueryForm,         "5.3"),
    T("waive_return",     "免予报送",     FILLING,      S.WAIVED,     checks_return,   [],                                      [e.waive],                         ReturnReasonForm,  "5.3", tells=Role.APPLICANT),
    T("restore_return",   "恢复报送",     {S.WAIVED},   S.OPEN,       checks_return,   [],                                      [e.restore],                       None,              "5.3"),
    stages=STAGES,
    model=StatisticalReturn,
    parties=lambda row, role: parties(row, role),
)
# fmt: on


def parties(row, role):
    """The people of the studio. The office works from its list and its desk: thirty messages a quarter would bury it."""
    if role == Role.APPLICANT:
        return User.objects.filter(studios=row.residency.studio_id, is_active=True)
    return User.objects.none()
