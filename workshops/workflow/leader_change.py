"""From the departure of a leader to the next one, or to the proposal that ends the residency [5.4.2][T14]."""

from park.models import Role, User
from park.permissions import is_system
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.conditions import leader_change as c
from workshops.effects import leader_change as e
from workshops.forms import leader_change as f
from workshops.forms.studio import ReasonForm
from workshops.models import LeaderChange
from workshops.models import LeaderChangeStatus as S
from workshops.permissions.leader_change import decides, nominates, reviews

# fmt: off
STAGES = {
    #                     staff read              public sentence                                              whose turn
    S.REPORTED:  Stage("待提名接替人",   "请在接替期限内提名符合入驻条件的接替人。",                   Role.APPLICANT, next="管理办公室对照入驻条件核对接替人。"),
    S.NOMINATED: Stage("待核对条件",     "接替人已提名，管理办公室正在对照入驻条件核对。",             Role.OFFICE, clock="leader_review_days", next="工作小组审核。"),
    S.REVIEWED:  Stage("待工作小组审核", "接替人的条件已核对，等待工作小组审核。",                     Role.WORKING_GROUP, clock="leader_decision_days", next="作出审核决定。"),
    S.APPROVED:  Stage("同意变更",       "领衔人变更已获同意。"),
    S.LAPSED:    Stage("逾期无人接替",   "接替期限已届满，没有符合要求的人员接替，将按规定研究是否取消入驻资格。"),
    S.CANCELLED: Stage("已撤销",         "本次领衔人变更已撤销，原领衔人不变。"),
}
OPEN = {S.REPORTED, S.NOMINATED, S.REVIEWED}

LEADER_CHANGE = Workflow.table(
    "领衔人变更",
    # step                     button                from             to            who may     requires                                        effects                   form             clause
    T("nominate_leader",       "提名接替人",         {S.REPORTED},    S.NOMINATED,  nominates,  [c.window_open],                                [e.nominate],             f.NominateForm,  "3.1.1"),
    T("return_nomination",     "退回重新提名",       {S.NOMINATED},   S.REPORTED,   reviews,    [],                                             [e.give_back],            ReasonForm,      "3.1.1"),
    T("review_nomination",     "核对条件，报工作小组", {S.NOMINATED}, S.REVIEWED,   reviews,    [],                                             [e.judge],                f.JudgeForm,     "3.1.1"),
    T("approve_leader",        "同意变更",           {S.REVIEWED},    S.APPROVED,   decides,    [c.a_condition_is_met, c.successor_still_there], [e.approve],             f.ApproveForm,   "5.4.2", tells=Role.OFFICE),
    T("decline_leader",        "不同意变更",         {S.REVIEWED},    S.REPORTED,   decides,    [],                                             [e.decline],              f.DeclineForm,   "5.4.2", tells=Role.OFFICE, danger=True),
    T("cancel_leader_change",  "撤销本次变更",       OPEN,            S.CANCELLED,  reviews,    [],                                             [e.call_off],             ReasonForm,      "5.4.2", tells=Role.APPLICANT, danger=True),
    T("lapse_leader_change",   "接替期限届满",       {S.REPORTED},    S.LAPSED,     is_system,  [c.window_over],                                [e.propose_revocation],   None,            "5.4.2", tells=Role.APPLICANT),
    stages=STAGES,
    model=LeaderChange,
    parties=lambda change, role: parties(change, role),
)
# fmt: on


def parties(change, role):
    """The studio's people; of the working group its leader; of the office everybody but the studio's own."""
    people = change.studio.people.values("pk")
    if role == Role.APPLICANT:
        return User.objects.filter(pk__in=people, is_active=True)
    found = User.objects.exclude(pk__in=people)
    if role == Role.WORKING_GROUP:
        return found.with_role(role).filter(
            working_group_seat__is_leader=True, working_group_seat__left_on=None
        )
    return found.with_role(Role.OFFICE, Role.LEAD_DIVISION)
