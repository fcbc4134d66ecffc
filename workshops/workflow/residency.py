"""One residency, whole [4.1][5.3][5.4]: agreement, term, rectification, end.

`suspend`, `resume` and `revoke` are carried out by the evaluation and have no button here: whoever decides there calls
`RESIDENCY.perform(residency, "revoke", by=…, data={"reason": …})`.
"""

from park.models import Role
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.actions.standing import officers_of, people_of
from workshops.conditions import residency as c
from workshops.effects import residency as e
from workshops.effects.benefit import end_with_residency
from workshops.forms import residency as f
from workshops.models import Residency
from workshops.models import ResidencyStatus as S
from workshops.permissions.residency import carries_out_evaluation, manages_residency

# fmt: off
STAGES = {
    #                             staff read        public sentence                                                        whose turn       clock
    S.PENDING_AGREEMENT:   Stage("待签协议",       "已确定入驻，请在期限内签订入驻协议并交接房间。",                      Role.OFFICE,     "agreement_days", next="协议核对、房间交接后正式入驻"),
    S.ACTIVE:              Stage("入驻",           "工作室已入驻园区，请按协议开展工作并报送台账。",                      Role.OFFICE),
    S.UNDER_RECTIFICATION: Stage("限期整改",       "工作室正在限期整改，整改期间仍按协议管理。",                          Role.APPLICANT),
    S.ENDED:               Stage("已退出",         "工作室已退出园区。"),
    S.REVOKED:             Stage("已取消资格",     "工作室的入驻资格已取消，请按通知交还房间。"),
}

RESIDENCY = Workflow.table(
    "入驻",
    # step                button                        from                                           to                     who may                 requires                                                                                effects                                     form         clause
    T("activate_residency", "办理入驻",                 {S.PENDING_AGREEMENT},                         S.ACTIVE,              manages_residency,      [c.agreement_issued, c.agreement_checked, c.rooms_of_agreement, c.room_handed_over],    [e.begin_term],                             None,        "5.3", tells=Role.APPLICANT),
    T("lapse_residency",    "逾期未签协议，终止入驻",   {S.PENDING_AGREEMENT},                         S.ENDED,               manages_residency,      [c.agreement_overdue, c.rooms_handed_back],                                             [e.end_unsigned, e.drop_open_papers, end_with_residency, e.end_the_rest],       f.LapseForm, "5.3", tells=Role.APPLICANT, danger=True),
    T("end_residency",      "办结退出",                 {S.PENDING_AGREEMENT, S.ACTIVE, S.UNDER_RECTIFICATION}, S.ENDED,      manages_residency,      [c.departure_asked, c.rooms_handed_back],                                               [e.conclude_departure, e.drop_open_papers, end_with_residency, e.end_the_rest], f.EndForm,   "5.3", tells=Role.APPLICANT, danger=True),
    T("suspend",            "列入限期整改",             {S.ACTIVE},                                    S.UNDER_RECTIFICATION, carries_out_evaluation, [],                                                                                     [],                                         None,        "5.4.4", tells=Role.OFFICE),
    T("resume",             "整改通过，恢复入驻",       {S.UNDER_RECTIFICATION},                       S.ACTIVE,              carries_out_evaluation, [],                                                                                     [],                                         None,        "5.4.4", tells=Role.APPLICANT),
    T("revoke",             "取消入驻资格",             {S.PENDING_AGREEMENT, S.ACTIVE, S.UNDER_RECTIFICATION}, S.REVOKED,    carries_out_evaluation, [],                                                                                     [e.end_revoked, e.drop_open_papers, end_with_residency, e.end_the_rest],        None,        "5.4", tells=Role.APPLICANT, danger=True),
    stages=STAGES,
    model=Residency,
    parties=lambda residency, role: parties(residency, role),
)
# fmt: on

WITHOUT_BUTTON = ("suspend", "resume", "revoke")


def parties(residency, role):
    """The people of the studio; of an office, everybody in it who is not of the studio."""
    if role == Role.APPLICANT:
        return people_of(residency)
    return officers_of(residency, *({Role.OFFICE, Role.LEAD_DIVISION} if role == Role.OFFICE else {role}))
