"""The procedure of one announcement, whole (W6): who drafts, reads, publishes, extends, takes down, concludes.

It has no clause of its own in the regulation: the kind's clause stands on its pages, the steps carry that of the
公示, [3.2.3].
"""

from park.announcements import conditions as c
from park.announcements import effects as e
from park.announcements import forms as f
from park.announcements.kinds import KINDS
from park.audit import LABELS, history_of
from park.models import Announcement, Role, User
from park.models import AnnouncementStatus as S
from park.permissions import is_office
from park.workflow import Stage, Workflow
from park.workflow import Step as T

# Acts beside the steps, as the history calls them.
VERBS = {
    "draft_announcement": "起草", "change_announcement": "修改文稿", "renew_rows": "更新名单", "add_announcement_file": "添加附件",
    "remove_announcement_file": "删除附件", "receive_objection": "收到异议", "open_objection": "查看异议", "save_findings": "填写异议核查情况",
    "dismiss_objection": "认定异议不成立", "decide_objection": "认定异议成立",
}  # fmt: skip
AUTHORED = (
    "draft_announcement",
    "change_announcement",
    "renew_rows",
    "add_announcement_file",
    "remove_announcement_file",
)
LABELS.update(VERBS)


def handles(user, announcement) -> bool:
    """The office; nobody announces a studio of their own, or learns who objects to it."""
    return is_office(user, announcement) and KINDS[announcement.kind].may(user, announcement)


def wrote(user, announcement) -> bool:
    """Whoever had a hand in the text."""
    if announcement.drafted_by_id == user.pk:
        return True
    return history_of(announcement).filter(verb__in=AUTHORED, by=user).exists()


def may_read(user, announcement) -> bool:
    """Each reading is another person's, and none is the author's (三审)."""
    return (
        handles(user, announcement)
        and not wrote(user, announcement)
        and not c.valid_readings(announcement).filter(by=user).exists()
    )


# fmt: off
STAGES = {
    #                      staff read       the public reads                        whose turn
    S.DRAFTING:  Stage("拟稿",       "",                                      Role.OFFICE),
    S.REVIEWING: Stage("审核中",     "",                                      Role.OFFICE),
    S.PUBLISHED: Stage("已发布",     "正在公示，可以实名提出异议。",          Role.OFFICE),
    S.CONCLUDED: Stage("已办结",     "公示已结束。"),
    S.WITHDRAWN: Stage("已撤下",     "公示已撤下。"),
}

ANNOUNCEMENT = Workflow.table(
    "公告公示",
    # step                      button         from                                      to           who may    requires                                                              effects             form             clause
    T("submit_announcement",   "送审",        {S.DRAFTING},                             S.REVIEWING, handles,   [c.text_is_complete, c.nothing_personal, c.records_are_ready],        [e.begin_reading],  None,            "3.2.3"),
    T("read_announcement",     "审核通过",    {S.REVIEWING},                            S.REVIEWING, may_read,  [c.reading_is_wanted],                                                [e.record_reading], f.ReadingForm,   "3.2.3"),
    T("return_announcement",   "退回修改",    {S.REVIEWING},                            S.DRAFTING,  handles,   [],                                                                   [],                 f.ReasonForm,    "3.2.3"),
    T("publish_announcement",  "发布",        {S.REVIEWING},                            S.PUBLISHED, handles,   [c.read_enough, c.nothing_personal, c.records_are_ready],             [e.publish],        None,            "3.2.3", danger=True),
    T("extend_announcement",   "延长公示",    {S.PUBLISHED},                            S.PUBLISHED, handles,   [c.is_notice],                                                        [e.extend],         f.ExtendForm,    "3.2.3"),
    T("conclude_announcement", "公示办结",    {S.PUBLISHED},                            S.CONCLUDED, handles,   [c.days_are_over, c.every_objection_is_decided],                      [e.conclude],       None,            "3.2.3"),
    T("withdraw_announcement", "撤下",        {S.DRAFTING, S.REVIEWING, S.PUBLISHED},   S.WITHDRAWN, handles,   [],                                                                   [e.withdraw],       f.WithdrawForm,  "3.2.3", danger=True),
    stages=STAGES,
    model=Announcement,
    parties=lambda announcement, role: User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION) if role == Role.OFFICE else User.objects.none(),
)
# fmt: on
