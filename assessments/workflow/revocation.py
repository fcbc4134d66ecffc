"""取消入驻资格, whole [5.4][T13]: one road for the four grounds. Nothing is revoked by itself, nothing unheard."""

from assessments.actions.revocation import parties
from assessments.conditions import revocation as c
from assessments.effects import revocation as e
from assessments.forms import revocation as f
from assessments.forms.service import ServeForm
from assessments.models import Revocation
from assessments.models import RevocationStatus as S
from assessments.permissions import revocation as p
from park.forms.steps import ReasonForm
from park.models import Role
from park.permissions import is_system
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# fmt: off
STAGES = {
    #                   staff read          public sentence                                                            whose turn
    S.PROPOSED:  Stage("待出具告知书",    "",                                                                        Role.OFFICE, clock="revocation_notice_days"),
    S.NOTIFIED:  Stage("告知书待送达",    "管理办公室拟提请取消入驻资格，告知书正在送达。",                          Role.OFFICE, clock="revocation_notice_days", next="送达后可以陈述申辩。"),
    S.DEFENDING: Stage("待陈述申辩",      "告知书已经送达，可以在期限内陈述申辩。",                                  Role.APPLICANT, next="工作小组研究决定。"),
    S.HEARD:     Stage("待工作小组决定",  "等待工作小组研究决定。",                                                  Role.WORKING_GROUP, clock="revocation_decision_days", next="作出决定。"),
    S.RESOLVED:  Stage("决定书待送达",    "工作小组已经决定取消入驻资格，决定书正在送达，送达后生效。",              Role.OFFICE, clock="revocation_service_days", next="交还房间。"),
    S.SERVED:    Stage("待腾退",          "入驻资格已经取消，请在腾退期限内办理房间交还。",                          Role.APPLICANT),
    S.VACATED:   Stage("待归档",          "入驻资格已经取消，房间已经交还。",                                        Role.OFFICE),
    S.ARCHIVED:  Stage("已归档",          "入驻资格已经取消，房间已经交还。"),
    S.DROPPED:   Stage("未取消",          "没有取消入驻资格，入驻照旧。"),
}
BEFORE_DECISION = {S.PROPOSED, S.NOTIFIED, S.DEFENDING, S.HEARD}

REVOCATION = Workflow.table(
    "取消资格",
    # step                       button                    from                        to            who may                       requires                                              effects                                form                clause
    T("notify_revocation",      "出具告知书",              {S.PROPOSED},               S.NOTIFIED,   p.manages_revocation,       [c.residency_stands, c.revocation_has_its_facts],     [e.notify],                            None,               "5.4"),
    T("serve_revocation_notice", "登记告知书送达",         {S.NOTIFIED},               S.DEFENDING,  p.manages_revocation,       [],                                                   [e.serve_notice],                      ServeForm,          "5.4"),
    T("defend_revocation",      "陈述申辩",                {S.DEFENDING},              S.HEARD,      p.is_of_concerned_studio,   [c.defence_may_come],                                 [e.defend],                            f.DefenceForm,      "5.4", tells=Role.OFFICE),
    T("record_defence",         "登记书面陈述申辩",        {S.DEFENDING, S.HEARD},     S.HEARD,      p.manages_revocation,       [c.no_defence_yet],                                   [e.record_defence],                    f.PaperDefenceForm, "5.4", tells=Role.APPLICANT),
    T("close_defence",          "期满未陈述申辩",          {S.DEFENDING},              S.HEARD,      p.manages_or_system,        [c.window_is_over],                                   [e.close_window],                      None,               "5.4", tells=Role.APPLICANT),
    T("resolve_revocation",     "决定取消资格",            {S.HEARD},                  S.RESOLVED,   p.decides_revocation,       [c.residency_stands, c.revocation_has_its_facts],     [e.resolve],                           f.ResolutionForm,   "5.4", tells=Role.APPLICANT, danger=True),
    T("decline_revocation",     "决定不取消资格",          {S.HEARD},                  S.DROPPED,    p.decides_revocation,       [c.residency_stands],                                 [e.decline, e.resume_residency],       f.ResolutionForm,   "5.4", tells=Role.APPLICANT),
    T("serve_revocation",       "登记决定书送达，取消资格", {S.RESOLVED},              S.SERVED,     p.manages_revocation,       [c.residency_stands, c.revocation_has_its_facts],     [e.serve_decision],                    ServeForm,          "5.4", tells=Role.LOGISTICS, danger=True),
    T("vacate_revocation",      "腾退完毕",                {S.SERVED},                 S.VACATED,    p.manages_or_system,        [c.rooms_are_back],                                   [e.note_vacated],                      None,               "5.4", tells=Role.APPLICANT),
    T("archive_revocation",     "归档",                    {S.VACATED},                S.ARCHIVED,   p.manages_revocation,       [c.announced],                                        [e.archive],                           f.ArchiveForm,      "5.4"),
    T("drop_revocation",        "终止办理",                BEFORE_DECISION,            S.DROPPED,    p.manages_revocation,       [],                                                   [e.drop],                              ReasonForm,         "5.4", tells=Role.APPLICANT, danger=True),
    T("rescind_revocation",     "撤销决定",                {S.RESOLVED},               S.DROPPED,    p.decides_revocation,       [],                                                   [e.rescind, e.resume_residency],       ReasonForm,         "5.4", tells=Role.APPLICANT, danger=True),
    T("end_revocation",         "入驻结束，终止办理",      {*BEFORE_DECISION, S.RESOLVED}, S.DROPPED, is_system,                 [c.residency_is_over],                                [e.end_over],                          None,               "5.4", tells=Role.OFFICE),
    stages=STAGES,
    model=Revocation,
    parties=parties,
)
# fmt: on
