"""From hearing of a master to having them in the park, or letting it be [5.1 招引]."""

from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T
from workshops.conditions import lead as c
from workshops.effects import lead as e
from workshops.forms import lead as f
from workshops.models import WORKED_ON, AttractionLead
from workshops.models import LeadStatus as S
from workshops.permissions.lead import keeps_leads

# fmt: off
STAGES = {
    #                     staff read     nobody outside the house reads these   whose turn
    S.FOUND:      Stage("线索",     "",                                    Role.ATTRACTION),
    S.CONTACTING: Stage("接洽中",   "",                                    Role.ATTRACTION),
    S.INTERESTED: Stage("有意向",   "",                                    Role.ATTRACTION),
    S.APPLIED:    Stage("已申报",   "",                                    Role.ATTRACTION),
    S.RESIDENT:   Stage("已入驻",   ""),
    S.GIVEN_UP:   Stage("放弃",     ""),
}
UNDECIDED = {S.FOUND, S.CONTACTING, S.INTERESTED}

LEAD = Workflow.table(
    "招引",
    # step              button           from                             to             who may       requires          effects                 form             clause
    T("contact_lead",   "开始接洽",      {S.FOUND},                       S.CONTACTING,  keeps_leads,  [c.was_contacted], [],                    None,            "5.1"),
    T("mark_interested", "有入驻意向",   {S.FOUND, S.CONTACTING},         S.INTERESTED,  keeps_leads,  [c.was_contacted], [],                    None,            "5.1"),
    T("mark_applied",   "已提交申报",    UNDECIDED,                       S.APPLIED,     keeps_leads,  [],               [e.note_application],   f.AppliedForm,   "3.2.1"),
    T("mark_resident",  "已确定入驻",    {S.APPLIED},                     S.RESIDENT,    keeps_leads,  [c.is_resident],  [e.note_entry],         None,            "3.2.3", tells=Role.OFFICE),
    T("give_up_lead",   "放弃",          set(WORKED_ON),                  S.GIVEN_UP,    keeps_leads,  [],               [e.note_end],           f.GiveUpForm,    "5.1", danger=True),
    T("resume_lead",    "重新接洽",      {S.GIVEN_UP},                    S.CONTACTING,  keeps_leads,  [],               [e.note_resumption],    f.ResumeForm,    "5.1"),
    stages=STAGES,
    model=AttractionLead,
    parties=lambda lead, role: parties(lead, role),
)
# fmt: on


def parties(lead, role):
    """Everybody of the role: there are few of them."""
    return User.objects.with_role(role)
