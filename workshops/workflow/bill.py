"""One bill, whole [5.3 按时缴纳水电、物业管理等相关费用]: drawn up, issued, paid or cancelled."""

from park.models import Role, User
from park.permissions import is_system
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.conditions import bill as c
from workshops.effects import bill as e
from workshops.forms.fee import ReasonForm
from workshops.models import Bill
from workshops.models import BillStatus as S
from workshops.permissions.fee import handles_bill

# fmt: off
STAGES = {
    #                    staff read    public sentence                                whose turn
    S.DRAFT:     Stage("待签发",     "账单正在核对，还没有签发。",                      Role.LOGISTICS),
    S.ISSUED:    Stage("待缴",       "账单已签发，请在缴费期限前缴清。",                Role.APPLICANT),
    S.PAID:      Stage("已缴清",     "账单已缴清。"),
    S.CANCELLED: Stage("已作废",     "这份账单已作废，不需要缴纳；需要重出的，会另行通知。"),
}

BILL = Workflow.table(
    "费用账单",
    # step           button              from                   to            who may        requires                effects        form         clause
    T("issue_bill",  "签发账单",         {S.DRAFT},             S.ISSUED,     handles_bill,  [c.readings_stand],     [e.issue],     None,        "5.3"),
    T("cancel_bill", "作废账单",         {S.DRAFT, S.ISSUED},   S.CANCELLED,  handles_bill,  [c.nothing_paid],       [e.cancel],    ReasonForm,  "5.3", tells=Role.APPLICANT, danger=True),
    T("settle_bill", "缴清",             {S.ISSUED},            S.PAID,       is_system,     [c.whole_amount_paid],  [],            None,        "5.3", tells=Role.APPLICANT),
    T("reopen_bill", "冲正后恢复待缴",   {S.PAID},              S.ISSUED,     is_system,     [],                     [],            None,        "5.3"),
    stages=STAGES,
    model=Bill,
    parties=lambda bill, role: parties(bill, role),
)
# fmt: on


def parties(bill, role):
    """The people of the studio once the bill was issued; who drew it up instead of everybody at logistics."""
    if role == Role.APPLICANT:
        people = bill.residency.studio.people.filter(is_active=True)
        return people if bill.number else people.none()
    return User.objects.filter(pk=bill.drafted_by_id, is_active=True)
