"""The admission procedure, whole: who moves an application, when, on what condition, with what effect [3.2]."""

from django.urls import reverse

from applications.conditions import admitting as ca
from applications.conditions import ballot as cb
from applications.conditions import filing as c
from applications.conditions import listing as cl
from applications.conditions import visit as cv
from applications.effects import admitting as ea
from applications.effects import ballot as eb
from applications.effects import filing as e
from applications.effects import listing as el
from applications.effects import visit as ev
from applications.forms import admitting as fa
from applications.forms import filing as f
from applications.models import ON_THE_ROAD, Application, Conflict, Seat
from applications.models import Status as S
from applications.permissions import (
    is_applicant,
    is_officer,
    is_system,
    leads_working_group,
    may_preside,
)
from park.models import Role, User
from park.workflow import Stage, Workflow
from park.workflow import Step as T

CAN_WITHDRAW = {S.DRAFT, *ON_THE_ROAD} - {S.BALLOT}


def _panel(application):
    """The session that has the case before it."""
    item = application.agenda_items.filter(is_open=True).select_related("session").first()
    return (
        reverse("applications:panel_live", args=[item.session.key])
        if item
        else reverse("applications:panels")
    )


def _list(application):
    """The list that has the case on it, or where lists are compiled."""
    entry = application.list_entries.filter(is_open=True).select_related("list").first()
    return entry.list.get_absolute_url() if entry else reverse("applications:lists")


def _notice(application):
    """The 公示 that has the case on it, or where one is drafted."""
    entry = application.list_entries.filter(is_open=True).select_related("list", "notice").first()
    if entry is None:
        return reverse("applications:lists")
    drafting = reverse("applications:draft_notice", args=[entry.list.key])
    return entry.notice.get_absolute_url() if entry.notice_id else drafting


# fmt: off
STAGES = {
    #                           staff read                public sentence                                                         whose turn           clock                  pauses       what comes next
    S.DRAFT:        Stage("填写中",           "申报表还没有提交。",                                               Role.APPLICANT,                                                      next="填完各部分，取得推荐意见后提交。"),
    S.SUBMITTED:    Stage("材料初审",         "申报表已提交，管理办公室正在进行材料初审。",                       Role.OFFICE,         "initial_review_days",                          next="初审通过后安排现场考察；材料不全的会一次性告知补正。"),
    S.CORRECTION:   Stage("补正中",           "申报材料需要补正，请按一次性告知书逐项修改后重新提交。",           Role.APPLICANT,      "correction_days",      pauses=True,            next="补正提交后继续初审，初审时限从暂停处接着计算。"),
    S.SITE_VISIT:   Stage("现场考察",         "材料初审已通过，正在安排和进行现场考察。",                         Role.OFFICE,         "site_visit_days",                              next="现场考察通过后，提交专家组集中评议和投票表决。"),
    S.DELIBERATION: Stage("集中评议",         "现场考察已通过，等待专家组集中评议。",                             Role.OFFICE,         "deliberation_days",                            next="专家组评议后投票表决，确定候选名单。"),
    S.BALLOT:       Stage("投票表决",         "专家组正在评议和表决。",                                           Role.EXPERT,                                                         next="表决后确定候选名单，报工作小组审核认定。"),
    S.CANDIDATE:    Stage("表决通过，待列名单", "专家组评议已结束，正在办理候选名单。",                           Role.OFFICE,         "listing_days",                                 next="候选名单报项目工作小组审核认定。"),
    S.LISTED:       Stage("待审核认定",       "候选名单已报项目工作小组审核认定。",                               Role.WORKING_GROUP,  "resolution_days",                              next="审核认定后公示，公示无异议的确定入驻。"),
    S.WAITLISTED:   Stage("候补",             "经审核认定列为候补，有空余名额时依次递补。",                       Role.OFFICE,                                                         next="有空余名额时按名次递补，递补后公示。"),
    S.APPROVED:     Stage("待公示",           "项目工作小组审核认定已结束，正在办理公示。",                       Role.OFFICE,         "notice_preparation_days",                      next="公示期满无异议，或异议处理完毕后，确定入驻。"),
    S.ON_NOTICE:    Stage("公示中",           "拟入驻名单正在公示。",                                             Role.OFFICE,                                                         next="公示期满无异议，或异议处理完毕后，确定入驻。"),
    S.ADMITTED:     Stage("确定入驻",         "已确定入驻，请按入驻通知书办理入驻协议。"),
    S.REJECTED:     Stage("不予通过",         "申报未通过，理由见告知书。"),
    S.NOT_SELECTED: Stage("未入选",           "未入选，理由见告知书。"),
    S.DECLINED:     Stage("不予入驻",         "未能入驻，理由见告知书。"),
    S.WITHDRAWN:    Stage("已撤回",           "申报已撤回，可以重新申报。"),
}
# What the studio reads while the decision is taken and its letter has not gone out.
UNDER_DECISION = Stage("审核认定中", "申报正在评议、表决和审核认定，结果将书面告知。", next="结果以书面通知为准。")
AFTER_NOTICE = Stage("公示后办理中", "公示后的办理正在进行，结果将书面告知。", next="结果以书面通知为准。")

ADMISSION = Workflow.table(
    "入驻申报",
    # step                   button                      from                                to                who may              requires                                                                                     effects                                                                                form               clause
    T("submit",             "提交申报",                 {S.DRAFT},                          S.SUBMITTED,      is_applicant,        [c.intake_is_open, ca.may_apply_again, ca.not_barred, c.sections_finished, c.recommendation_fits, c.leader_has_no_other], [e.freeze_submission, e.record_submission_consents, e.close_links],       f.SubmitForm,      "3.2.1"),
    T("resubmit",           "提交补正",                 {S.CORRECTION},                     S.SUBMITTED,      is_applicant,        [c.consent_stands, c.sections_finished, c.recommendation_fits, c.leader_has_no_other, c.something_changed], [e.freeze_submission, e.close_correction, e.carry_findings_over, e.close_links], f.ResubmitForm, "3.2.2"),
    T("withdraw",           "撤回申报",                 CAN_WITHDRAW,                       S.WITHDRAWN,      is_applicant,        [],                                                                                          [ea.leave_the_road, e.close_correction, e.drop_unissued_correction, e.close_links, e.withdraw_papers], f.WithdrawForm, "3.2.1", tells=Role.OFFICE, danger=True),
    T("request_correction", "发出一次性告知书",         {S.SUBMITTED},                      S.CORRECTION,     is_officer,          [c.correction_prepared, c.correction_allowed],                                               [e.issue_correction],                                                                  None,              "3.2.2"),
    T("pass_review",        "初审通过，转现场考察",     {S.SUBMITTED},                      S.SITE_VISIT,     is_officer,          [c.checklist_finished, c.conditions_met],                                                    [e.record_pass, e.drop_unissued_correction],                                           f.PassForm,        "3.2.2", tells=Role.APPLICANT),
    T("reject",             "初审不予通过",             {S.SUBMITTED},                      S.REJECTED,       is_officer,          [c.checklist_finished, c.some_condition_fails],                                              [e.record_rejection, e.drop_unissued_correction],                                      f.RejectForm,      "3.1",   tells=Role.APPLICANT, danger=True),
    T("lapse",              "逾期未补正，视为撤回",     {S.CORRECTION},                     S.WITHDRAWN,      is_system,           [c.correction_overdue],                                                                      [e.close_correction, e.close_links, e.withdraw_papers],                                None,              "3.2.2", tells=Role.APPLICANT),
    # 现场考察
    T("pass_visit",         "考察通过，转集中评议",     {S.SITE_VISIT},                     S.DELIBERATION,   is_officer,          [cv.visit_settled, cv.visit_passed],                                                         [],                                                                                    None,              "3.2.2", tells=Role.APPLICANT),
    T("reject_visit",       "考察不予通过",             {S.SITE_VISIT},                     S.REJECTED,       is_officer,          [cv.visit_settled, cv.visit_failed],                                                         [ev.reject_after_visit],                                                               f.RejectForm,      "3.2.2", tells=Role.APPLICANT, danger=True),
    # 集中评议、投票表决: on the panel's live page
    T("open_ballot",        "开始投票",                 {S.DELIBERATION},                   S.BALLOT,         may_preside,         [cb.session_sits, cb.conflicts_settled, cb.opinion_agreed, cb.round_allowed, cb.enough_present], [eb.open_round],                                                                   None,              "3.2.2", page=_panel),
    T("carry",              "表决通过",                 {S.BALLOT},                         S.CANDIDATE,      may_preside,         [cb.came_to_passed],                                                                         [eb.settle_item],                                                                      None,              "3.2.2", page=_panel),
    T("not_carry",          "表决不通过",               {S.BALLOT},                         S.NOT_SELECTED,   may_preside,         [cb.came_to_failed],                                                                         [eb.settle_item, ea.prepare_letter_after_ballot],                                      None,              "3.2.2", tells=Role.OFFICE, page=_panel),
    T("void_ballot",        "本轮无结果，继续评议",     {S.BALLOT},                         S.DELIBERATION,   may_preside,         [cb.came_to_nothing],                                                                        [],                                                                                    None,              "3.2.2", page=_panel),
    # 候选名单、审核认定: on the page of the list
    T("list",               "列入候选名单报送",         {S.CANDIDATE},                      S.LISTED,         is_officer,          [cl.on_a_list],                                                                              [],                                                                                    None,              "3.2.2", page=_list),
    T("unlist",             "候选名单撤回",             {S.LISTED},                         S.CANDIDATE,      is_officer,          [],                                                                                          [el.close_entry],                                                                      None,              "3.2.2", page=_list),
    T("approve",            "审核认定同意",             {S.LISTED},                         S.APPROVED,       leads_working_group, [cl.resolved_as_approved],                                                                   [],                                                                                    None,              "3.2.3", page=_list),
    T("waitlist",           "审核认定列为候补",         {S.LISTED},                         S.WAITLISTED,     leads_working_group, [cl.resolved_as_waitlisted],                                                                 [ea.prepare_letter_of_waitlist],                                                       None,              "3.2.3", page=_list),
    T("decline",            "审核认定不同意",           {S.LISTED},                         S.DECLINED,       leads_working_group, [cl.resolved_as_declined],                                                                   [ea.prepare_letter_after_resolution, el.close_entry],                                  None,              "3.2.3", page=_list),
    T("return",             "退回复议",                 {S.LISTED},                         S.DELIBERATION,   leads_working_group, [cl.resolved_as_returned],                                                                   [el.close_entry],                                                                      None,              "3.2.2", page=_list),
    T("promote",            "候补递补",                 {S.WAITLISTED},                     S.APPROVED,       is_officer,          [cl.place_is_free, cl.is_next_in_line],                                                      [ea.prepare_letter_of_promotion],                                                      None,              "3.2.3", page=_list),
    T("end_waitlist",       "候补终止",                 {S.WAITLISTED},                     S.NOT_SELECTED,   is_officer,          [],                                                                                          [ea.prepare_letter_after_waitlist, el.close_entry],                                    fa.EndWaitlistForm, "3.2.3", danger=True),
    # 公示、确定入驻
    T("put_on_notice",      "公示",                     {S.APPROVED},                       S.ON_NOTICE,      is_officer,          [ca.notice_is_published],                                                                    [],                                                                                    None,              "3.2.3", tells=Role.APPLICANT, page=_notice),
    T("take_off_notice",    "公示撤下",                 {S.ON_NOTICE},                      S.APPROVED,       is_officer,          [ca.notice_is_withdrawn],                                                                    [],                                                                                    None,              "3.2.3", page=_notice),
    T("uphold_objection",   "异议成立，不予入驻",       {S.APPROVED, S.ON_NOTICE},          S.DECLINED,       leads_working_group, [ca.objection_upheld],                                                                       [ea.prepare_letter_after_objection, el.close_entry],                                   None,              "3.2.3", tells=Role.OFFICE, danger=True, page=lambda application: reverse("applications:objections")),
    T("admit",              "确定入驻",                 {S.APPROVED, S.ON_NOTICE},          S.ADMITTED,       is_officer,          [ca.notice_concluded, ca.objections_decided, ca.office_box_filled],                          [ea.begin_residency, ea.prepare_letter_of_admission],                                  None,              "3.2.3"),
    stages=STAGES,
    model=Application,
    parties=lambda application, role: parties(application, role),
)
# fmt: on


def studio_stage(application) -> Stage:
    """Where the studio reads that it stands: a decision is told by letter, not by a change of colour."""
    if not application.is_untold:
        return STAGES[application.status]
    was_shown = application.list_entries.filter(notice__published_at__isnull=False)
    if application.status in (S.ADMITTED, S.DECLINED) and was_shown.exists():
        return AFTER_NOTICE
    return UNDER_DECISION


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
    if role == Role.WORKING_GROUP:
        return User.objects.none()  # the list as a whole tells them, once
    if role == Role.EXPERT:
        from_panel = application.agenda_items.filter(is_open=True)
        seats = Seat.objects.taken().filter(session__in=from_panel.values("session"))
        away = Conflict.objects.standing().filter(item__in=from_panel)
        return User.objects.filter(
            expert__seats__in=seats.exclude(pk__in=away.values("seat")), is_active=True
        ).distinct()
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
