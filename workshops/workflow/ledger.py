"""One ledger record, whole [5.3][A2.10]: written by the studio, verified by the office, frozen from then on."""

from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.conditions import ledger as c
from workshops.effects import ledger as e
from workshops.forms.ledger import ReasonForm
from workshops.models import LedgerRecord
from workshops.models import LedgerStatus as S
from workshops.permissions.ledger import keeps_record, verifies_record

# fmt: off
STAGES = {
    #                     staff read          public sentence                                    whose turn
    S.DRAFT:     Stage("草稿",     "还没有提交，填好后请提交核验。",                     Role.APPLICANT),
    S.SUBMITTED: Stage("待核验",   "已提交，等管理办公室核验。",                         Role.OFFICE,    clock="ledger_verify_days"),
    S.RETURNED:  Stage("退回修改", "管理办公室已退回，请按原因修改后重新提交。",         Role.APPLICANT),
    S.VERIFIED:  Stage("已核验",   "已核验，计入考核。"),
    S.VOIDED:    Stage("已删除",   "已删除，可以恢复。"),
}

LEDGER = Workflow.table(
    "工作室台账",
    # step               button            from                                    to            who may           requires                                    effects               form         clause
    T("submit_ledger",   "提交核验",       {S.DRAFT, S.RETURNED},                  S.SUBMITTED,  keeps_record,     [c.filled_in, c.has_proof, c.has_roster],   [e.mark_submitted],   None,        "5.3"),
    T("withdraw_ledger", "撤回",           {S.SUBMITTED},                          S.DRAFT,      keeps_record,     [],                                         [],                   None,        "5.3"),
    T("void_ledger",     "删除",           {S.DRAFT, S.RETURNED, S.SUBMITTED},     S.VOIDED,     keeps_record,     [],                                         [],                   None,        "5.3"),
    T("restore_ledger",  "恢复",           {S.VOIDED},                             S.DRAFT,      keeps_record,     [],                                         [],                   None,        "5.3"),
    T("verify_ledger",   "核验通过",       {S.SUBMITTED},                          S.VERIFIED,   verifies_record,  [c.filled_in, c.has_proof, c.has_roster],   [e.mark_verified],    None,        "5.3"),
    T("return_ledger",   "退回修改",       {S.SUBMITTED},                          S.RETURNED,   verifies_record,  [],                                         [e.keep_reason],      ReasonForm,  "5.3"),
    T("reopen_ledger",   "退回更正",       {S.VERIFIED},                           S.RETURNED,   verifies_record,  [],                                         [e.keep_reason],      ReasonForm,  "5.3"),
    stages=STAGES,
    model=LedgerRecord,
    parties=lambda record, role: parties(record, role),
)
# fmt: on


def parties(record, role):
    """The studio hears of what came back to it. A message per record would bury everybody else: the office works from
    its list."""
    if role == Role.APPLICANT and record.status == S.RETURNED:
        return User.objects.filter(studios=record.studio_id, is_active=True)
    return User.objects.none()
