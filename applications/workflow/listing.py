"""One candidate list, whole [3.2.2][3.2.3]: compiled from verdicts, sent, decided row by row."""

from calendar import monthrange
from datetime import date

from django.utils import timezone

from applications.conditions import listing as c
from applications.effects import listing as e
from applications.forms import listing as f
from applications.forms.filing import ReasonForm
from applications.models import Application, CandidateList, Status
from applications.models import ListStatus as S
from applications.permissions import compiles_lists, decides_list
from park import rules
from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# fmt: off
STAGES = {
    #                    staff read            what the working group reads                       whose turn
    S.DRAFTING: Stage("编制中",        "候选名单正在编制。",                                Role.OFFICE),
    S.SENT:     Stage("待审核认定",    "候选名单已报送，请各成员单位提出意见，组长审核认定。", Role.WORKING_GROUP, "resolution_days"),
    S.RESOLVED: Stage("已审核认定",    "候选名单已审核认定。"),
    S.VOID:     Stage("已作废",        "名单已作废。"),
}

LIST = Workflow.table(
    "候选名单",
    # step          button              from              to            who may          requires                                                   effects                                             form             clause
    T("send_list",    "报工作小组审核认定", {S.DRAFTING},   S.SENT,       compiles_lists,  [c.has_entries, c.places_match, c.all_still_candidates],    [e.list_candidates, e.issue_list],                   None,            "3.2.2"),
    T("recall_list",  "撤回名单",           {S.SENT},       S.VOID,       compiles_lists,  [c.nothing_decided],                                        [e.unlist_candidates, e.withdraw_list_paper],        ReasonForm,    "3.2.2", tells=Role.WORKING_GROUP, danger=True),
    T("void_list",    "作废名单",           {S.DRAFTING},   S.VOID,       compiles_lists,  [],                                                         [e.free_entries],                                    ReasonForm,    "3.2.2", danger=True),
    T("resolve_list", "作出审核认定",       {S.SENT},       S.RESOLVED,   decides_list,    [],                                                         [e.record_resolution, e.carry_out, e.issue_resolution], f.ResolutionForm, "3.2.3", tells=Role.OFFICE, page=lambda record: f"{record.get_absolute_url()}resolve/"),
    stages=STAGES,
    model=CandidateList,
    parties=lambda candidate_list, role: parties(candidate_list, role),
)
# fmt: on

# Acts beside the steps, as the history calls them.
VERBS = {
    "compile_list": "编制候选名单", "change_list": "调整候选名单", "give_opinion": "成员单位意见", "fill_office_box": "填写办公室审批意见",
    "draft_notice": "起草公示", "send_letters": "发出办理结果文书", "change_letter": "修改文书",
    "export_dossier": "导出案卷", "export_statistics": "导出统计",
}  # fmt: skip


def expired_waitlist():
    """Cases that have waited for a place longer than the park's `waitlist_months`, for the office to end."""
    today = timezone.localdate()
    months = today.year * 12 + today.month - 1 - rules.get("waitlist_months")
    year, month = divmod(months, 12)
    since = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    rows = Application.objects.filter(status=Status.WAITLISTED, list_entries__is_open=True)
    return rows.filter(list_entries__list__resolved_at__date__lt=since).order_by("pk")


def parties(candidate_list, role):
    """Everybody of that role."""
    return User.objects.with_role(role)
