"""From being entitled to a benefit to having it [4]: asked, reviewed, decided, paid, appointed or recommended."""

from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.conditions import benefit as c
from workshops.effects import benefit as e
from workshops.forms import benefit as f
from workshops.forms.studio import ReasonForm
from workshops.models import OPEN_BENEFIT, Benefit
from workshops.models import BenefitStatus as S
from workshops.permissions import benefit as may

# fmt: off
STAGES = {
    #                  staff read        public sentence                                                     whose turn
    S.DRAFT:     Stage("待提出",         "请补充材料后提出申请。",                                          Role.APPLICANT, next="管理办公室审核。"),
    S.ASKED:     Stage("待审核",         "申请已经提出，管理办公室正在审核。",                              Role.OFFICE, clock="benefit_review_days", next="作出审核决定。"),
    S.REVIEWED:  Stage("待决定",         "申请已经审核，等待作出决定。",                                    Role.WORKING_GROUP, clock="benefit_decision_days", next="作出审核决定。"),
    S.GRANTED:   Stage("同意，待落实",   "已同意，正在落实。",                                              Role.OFFICE, clock="benefit_delivery_days", next="拨付、聘任或推荐。"),
    S.NOMINATED: Stage("已推荐",         "已推荐参评，等待评选结果。",                                      Role.OFFICE, next="登记评选结果。"),
    S.DECLINED:  Stage("不同意",         "没有同意，理由见审核决定。"),
    S.PAID:      Stage("已拨付",         "款项已经拨付。"),
    S.APPOINTED: Stage("已受聘",         "已经受聘，聘任文号见本页。"),
    S.CONCLUDED: Stage("评选已有结果",   "评选结果已经登记。"),
    S.WITHDRAWN: Stage("已撤回",         "申请已经撤回。"),
    S.ENDED:     Stage("已终止",         "办理已经终止，原因见本页。"),
}
AT_WORK = [c.in_park, c.not_suspended]

BENEFIT = Workflow.table(
    "政策兑现",
    # step                         button            from                   to            who may        requires   effects          form             clause
    T("ask_benefit",               "提出申请",       {S.DRAFT},             S.ASKED,      may.asks,      [*AT_WORK, c.milestone_there],   [e.ask],         f.AskForm,       "4"),
    T("return_benefit",            "退回补充",       {S.ASKED},             S.DRAFT,      may.reviews,   [],        [e.give_back],   ReasonForm,      "4"),
    T("review_benefit",            "审核，报决定",   {S.ASKED},             S.REVIEWED,   may.reviews,   [c.in_park, c.milestone_stands], [e.review],    f.ReviewForm,    "4"),
    T("grant_benefit",             "同意",           {S.REVIEWED},          S.GRANTED,    may.decides,   [*AT_WORK, c.milestone_stands],   [e.grant],       f.GrantForm,     "4", tells=Role.APPLICANT),
    T("decline_benefit",           "不同意",         {S.REVIEWED},          S.DECLINED,   may.decides,   AT_WORK,   [e.decline],     f.DeclineForm,   "4", tells=Role.APPLICANT, danger=True),
    T("pay_benefit",               "登记拨付",       {S.GRANTED},           S.PAID,       may.pays,      AT_WORK,   [e.pay],         f.PayForm,       "4", tells=Role.APPLICANT, danger=True),
    T("appoint_benefit",           "登记聘任",       {S.GRANTED},           S.APPOINTED,  may.appoints,  AT_WORK,   [e.appoint],     f.AppointForm,   "4.4", tells=Role.APPLICANT, danger=True),
    T("nominate_benefit",          "登记推荐",       {S.GRANTED},           S.NOMINATED,  may.nominates, AT_WORK,   [e.nominate],    f.NominateForm,  "4.5", tells=Role.APPLICANT, danger=True),
    T("conclude_nomination",       "登记评选结果",   {S.NOMINATED},         S.CONCLUDED,  may.nominates, [],        [e.conclude],    f.ResultForm,    "4.5", tells=Role.APPLICANT),
    T("withdraw_benefit",          "撤回",           {S.DRAFT, S.ASKED},    S.WITHDRAWN,  may.withdraws, [],        [e.withdraw],    None,            "4", danger=True),
    T("end_benefit",               "终止办理",       set(OPEN_BENEFIT),     S.ENDED,      may.ends,      [],        [e.end],         ReasonForm,      "4", tells=Role.APPLICANT, danger=True),
    stages=STAGES,
    model=Benefit,
    parties=lambda benefit, role: parties(benefit, role),
)
# fmt: on


def parties(benefit, role):
    """The studio's people; of the office everybody but the studio's own; who decides, as the park has decided."""
    people = benefit.studio.people.values("pk")
    if role == Role.APPLICANT:
        return User.objects.filter(pk__in=people, is_active=True)
    found = User.objects.exclude(pk__in=people)
    if role == Role.WORKING_GROUP and may.group_decides(benefit):
        return found.with_role(role).filter(
            working_group_seat__is_leader=True, working_group_seat__left_on=None
        )
    return found.with_role(Role.OFFICE, Role.LEAD_DIVISION)
