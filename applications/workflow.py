"""The admission procedure, whole: who moves an application, when, on what condition, with what effect [3.2]."""

from applications import conditions as c
from applications import effects as e
from applications.forms import filing as f
from applications.models import Application
from applications.models import Status as S
from applications.permissions import is_applicant, is_officer, is_system
from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# fmt: off
STAGES = {
    #                        staff read                public sentence                                                          whose turn       clock                  pauses       what comes next
    S.DRAFT:      Stage("填写中",           "申报表还没有提交。",                                               Role.APPLICANT,                                              next="填完各部分，取得推荐意见后提交。"),
    S.SUBMITTED:  Stage("材料初审",         "申报表已提交，管理办公室正在进行材料初审。",                           Role.OFFICE,     "initial_review_days",              next="初审通过后安排现场考察；材料不全的会一次性告知补正。"),
    S.CORRECTION: Stage("补正中",           "申报材料需要补正，请按一次性告知书逐项修改后重新提交。",               Role.APPLICANT,  "correction_days",     pauses=True, next="补正提交后继续初审，初审时限从暂停处接着计算。"),
    S.SITE_VISIT: Stage("待现场考察",       "材料初审已通过，等待安排现场考察。",                                   Role.OFFICE,                                         next="办公室将通知现场考察的时间，之后是集中评议和投票表决。"),
    S.REJECTED:   Stage("初审不予通过",     "材料初审未通过，理由见不予通过告知。"),
    S.WITHDRAWN:  Stage("已撤回",           "申报已撤回，可以重新申报。"),
}

ADMISSION = Workflow.table(
    "入驻申报",
    # step                   button                      from                                      to             who may       requires                                                                                     effects                                                                                form               clause
    T("submit",             "提交申报",                 {S.DRAFT},                                S.SUBMITTED,  is_applicant, [c.intake_is_open, c.sections_finished, c.recommendation_fits, c.leader_has_no_other],        [e.freeze_submission, e.record_submission_consents, e.close_links],                    f.SubmitForm,      "3.2.1"),
    T("resubmit",           "提交补正",                 {S.CORRECTION},                           S.SUBMITTED,  is_applicant, [c.consent_stands, c.sections_finished, c.recommendation_fits, c.leader_has_no_other, c.something_changed], [e.freeze_submission, e.close_correction, e.carry_findings_over, e.close_links],       f.ResubmitForm,    "3.2.2"),
    T("withdraw",           "撤回申报",                 {S.DRAFT, S.SUBMITTED, S.CORRECTION, S.SITE_VISIT}, S.WITHDRAWN, is_applicant, [],                                                                                  [e.close_correction, e.drop_unissued_correction, e.close_links, e.withdraw_papers],    f.WithdrawForm,    "3.2.1", tells=Role.OFFICE, danger=True),
    T("request_correction", "发出一次性告知书",         {S.SUBMITTED},                            S.CORRECTION, is_officer,   [c.correction_prepared, c.correction_allowed],                                               [e.issue_correction],                                                                  None,              "3.2.2"),
    T("pass_review",        "初审通过，转现场考察",     {S.SUBMITTED},                            S.SITE_VISIT, is_officer,   [c.checklist_finished, c.conditions_met],                                                    [e.record_pass, e.drop_unissued_correction],                                           f.PassForm,        "3.2.2", tells=Role.APPLICANT),
    T("reject",             "初审不予通过",             {S.SUBMITTED},                            S.REJECTED,   is_officer,   [c.checklist_finished, c.some_condition_fails],                                              [e.record_rejection, e.drop_unissued_correction],                                      f.RejectForm,      "3.1",   tells=Role.APPLICANT, danger=True),
    T("lapse",              "逾期未补正，视为撤回",     {S.CORRECTION},                           S.WITHDRAWN,  is_system,    [c.correction_overdue],                                                                      [e.close_correction, e.close_links, e.withdraw_papers],                                None,              "3.2.2", tells=Role.APPLICANT),
    stages=STAGES,
    parties=lambda application, role: parties(application, role),
)
# fmt: on


# Acts beside the steps, as the history calls them.
VERBS = {
    "start": "新建申报", "edit_on_behalf": "代为修改", "add_file": "上传材料", "remove_file": "删除材料",
    "restore_file": "恢复材料", "add_collaborator": "邀请共同填报人", "remove_collaborator": "移出共同填报人",
    "receive_recommendation": "收到推荐意见", "make_recommendation_link": "生成单位确认链接",
    "revoke_recommendation_link": "撤销单位确认链接", "confirm_recommendation": "单位在线确认推荐意见",
    "record_findings": "填写审查意见", "internal_note": "内部备注", "message": "留言", "assign": "分派经办人",
    "reveal": "查看完整证件号码和手机", "receive_originals": "收到纸质原件", "download_file": "下载材料",
    "export_queue": "导出申报清单", "find_by_id": "按身份证号码查询", "remind_correction": "补正到期提醒", "warn_forgotten_draft": "草稿清除前提醒",
    "erase_unfiled": "清除未提交的申报",
}  # fmt: skip


def parties(application, role):
    """The people of one role who deal with this application: the studio; its officer, or the whole office."""
    if role == Role.APPLICANT:
        return User.objects.filter(pk__in=application.collaborators.values("user"), is_active=True)
    if role == Role.OFFICE and application.number is None:
        return User.objects.none()  # never filed: nothing of the office
    if application.officer_id and role == Role.OFFICE:
        return User.objects.filter(pk=application.officer_id, is_active=True)
    return User.objects.with_role(role)


def inbox(user):
    """What waits for this person: the studio's own turn, or the office's."""
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        mine = [status for status, stage in STAGES.items() if stage.turn == Role.OFFICE]
        return Application.objects.filed().filter(status__in=mine)
    mine = [status for status, stage in STAGES.items() if stage.turn == Role.APPLICANT]
    return Application.objects.visible_to(user).filter(status__in=mine)
