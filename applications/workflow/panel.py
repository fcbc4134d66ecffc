"""One session of the expert panel, whole [3.2.2 集中评议]: prepared, convened, sitting, closed."""

from applications.conditions import panel as c
from applications.effects import panel as e
from applications.forms.filing import ReasonForm
from applications.models import PanelSession
from applications.models import PanelStatus as S
from applications.permissions import runs_panel, runs_panel_or_chairs
from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# fmt: off
STAGES = {
    #                     staff read              what an expert reads                                        whose turn
    S.PLANNING:  Stage("筹备中",         "会议正在筹备。",                                              Role.OFFICE),
    S.CONVENED:  Stage("已发通知",       "请答复能否参加，阅读申报材料，如有应当回避的情形请声明。",    Role.EXPERT),
    S.SITTING:   Stage("会议进行中",     "会议正在进行，请在本人页面评议和表决。",                      Role.EXPERT),
    S.CLOSED:    Stage("已结束",         "会议已结束。"),
    S.CANCELLED: Stage("已取消",         "会议已取消。"),
}

PANEL = Workflow.table(
    "专家评议会",
    # step             button            from                       to            who may               requires                                                                 effects                                    form            clause
    T("convene_panel", "发出会议通知",  {S.PLANNING},               S.CONVENED,   runs_panel,           [c.agenda_not_empty, c.seats_filled, c.has_chair],                       [e.copy_rules, e.propose_conflicts, e.issue_invitation], None, "3.2.2"),
    T("begin_panel",   "宣布开会",      {S.CONVENED},               S.SITTING,    runs_panel_or_chairs, [c.day_has_come, c.chair_is_present, c.quorum_is_present],               [e.begin],                                 None,           "3.2.2"),
    T("close_panel",   "宣布散会",      {S.SITTING},                S.CLOSED,     runs_panel_or_chairs, [c.no_round_open, c.every_item_settled],                                 [e.close, e.issue_minutes],                None,           "3.2.2", danger=True),
    T("adjourn_panel", "休会，未决事项另行安排", {S.SITTING},       S.CLOSED,     runs_panel_or_chairs, [c.no_round_open],                                                       [e.release_items, e.close, e.issue_minutes], ReasonForm,  "3.2.2", danger=True),
    T("cancel_panel",  "取消会议",      {S.CONVENED},               S.CANCELLED,  runs_panel,           [],                                                                      [e.release_items, e.withdraw_invitation],  ReasonForm,   "3.2.2", tells=Role.EXPERT, danger=True),
    T("drop_panel",    "取消筹备",      {S.PLANNING},               S.CANCELLED,  runs_panel,           [],                                                                      [e.release_items, e.release_seats],        ReasonForm,   "3.2.2", danger=True),
    stages=STAGES,
    model=PanelSession,
    parties=lambda session, role: parties(session, role),
)
# fmt: on

# Acts beside the steps, as the history calls them.
VERBS = {
    "create_panel": "新建评议会", "change_panel": "修改会议安排", "draw_experts": "随机抽取专家", "seat_expert": "安排专家", "unseat_expert": "撤换专家",
    "name_chair": "指定组长", "name_acting_chair": "推举代行组长", "answer_invitation": "答复邀请", "put_on_agenda": "列入议程", "take_off_agenda": "移出议程",
    "report_conflict": "提出回避", "declare_conflict": "声明回避", "confirm_conflict": "确认回避", "dismiss_conflict": "认定无需回避",
    "sign_in": "签到", "sign_out": "离会", "call_item": "开始评议", "write_opinion": "起草评估意见", "agree_opinion": "同意评估意见",
    "save_expert_note": "个人评议记录", "cast_vote": "已投票", "close_round": "结束投票", "void_round": "本轮作废", "count_paper": "清点纸质选票", "attach_count_sheet": "上传签字的计票单",
    "open_dossier": "阅读申报材料", "add_expert": "专家入库", "change_expert": "修改专家信息", "import_experts": "导入专家",
    "leave_pool": "专家出库", "return_to_pool": "专家重新入库", "link_expert": "关联专家账号", "add_absence": "登记不能参加的日期", "remove_absence": "删除不能参加的日期",
}  # fmt: skip


def parties(session, role):
    """The experts who were invited and have not declined; the whole office."""
    if role == Role.EXPERT:
        return User.objects.filter(expert__seats__in=session.seats.taken(), is_active=True).distinct()
    return User.objects.with_role(role)
