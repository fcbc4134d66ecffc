"""From the resolution to the public list [3.2.3]: the 公示 of the approved, the final list, objections that hold.

What the public reads of a case comes from PUBLIC_COLUMNS alone [L6].
"""

from django.db import transaction
from django.urls import reverse

from applications.models import Application, CandidateList, Collaborator, ListEntry, ListStatus, Status
from applications.permissions import compiles_lists, leads_working_group
from park import audit, rules
from park.announcements import drafting, objections
from park.models import (
    Announcement,
    AnnouncementStatus,
    Consent,
    Objection,
)
from park.workflow import Refused, Workflow

NOTICE, FINAL = "admission_notice", "admission_list"
PUBLIC_COLUMNS = (
    ("studio_name", "工作室名称"),
    ("leader_name", "领衔人"),
    ("unit_name", "所在单位"),
    ("occupation", "职业（工种）"),
)
COLUMNS = [{"key": key, "label": label} for key, label in PUBLIC_COLUMNS]
BASIS = "《关于镇江市技能大师产业创新园建设管理的意见》（镇人社发〔2015〕104号）"
UNENDED = (AnnouncementStatus.DRAFTING, AnnouncementStatus.REVIEWING, AnnouncementStatus.PUBLISHED)


def public_row(application) -> dict:
    """What everybody may read of one case, and the key that leads back to it."""
    return {"key": str(application.key)} | {key: getattr(application, key) for key, _ in PUBLIC_COLUMNS}


def without_consent(applications) -> list[Application]:
    """Cases whose applicant has not, or no longer, agreed to be shown by name (PIPL 25)."""
    agreed = set(
        Consent.objects.standing()
        .filter(purpose=Consent.Purpose.DISCLOSURE, user__in=[a.applicant_id for a in applications])
        .values_list("user_id", flat=True)
    )
    return [a for a in applications if a.applicant_id not in agreed]


def _sentence_on_consent(application) -> str:
    return f"{application}（{application.studio_name}）没有有效的公开同意，取得同意前不能列入公示。"


# ── who stands on which list ────────────────────────────────────────────────────────────────────
def to_be_shown(candidate_list) -> list[Application]:
    """Approved cases of a decided list that stand on no 公示 still going on, in the order of their rank."""
    entries = candidate_list.entries.filter(is_open=True, application__status=Status.APPROVED)
    entries = entries.exclude(notice__status__in=UNENDED)
    return [e.application for e in entries.select_related("application__applicant").order_by("rank")]


def to_be_listed(candidate_list) -> list[Application]:
    """Admitted cases of a list, in the order of their rank."""
    entries = candidate_list.entries.filter(is_open=True, application__status=Status.ADMITTED)
    return [e.application for e in entries.select_related("application__applicant").order_by("rank")]


def _contacts() -> str:
    values = rules.get_many(["office_phone", "notice_mailbox", "office_place"])
    labels = (("office_phone", "联系电话"), ("notice_mailbox", "电子邮箱"), ("office_place", "地址"))
    return "　".join(f"{label}：{values[key]}" for key, label in labels if values[key])


def notice_text(count: int) -> str:
    """The usual words of a 公示: basis, list, period, how to object, whom to reach (W4)."""
    days = rules.get("public_notice_days")
    return "\n\n".join(
        filter(
            None,
            [
                f"根据{BASIS}第三部分（二），经材料初审、现场考察、专家集中评议和投票表决，报园区项目工作小组审核认定，"
                f"拟确定下列{count}个技能大师工作室入驻镇江市技能大师产业创新园，现予公示。",
                f"公示期自发布次日起{days}个工作日。公示期内，任何单位和个人对公示对象有异议的，可以实名反映，"
                "写明事实和依据，并留下联系方式，以便核查和答复：可在本公示页面在线提出，也可书面或当面向管理办公室提出。"
                "管理办公室对反映人的信息保密。匿名或者没有具体事实的，不予受理。",
                _contacts(),
            ],
        )
    )


def final_text(count: int) -> str:
    return "\n\n".join(
        filter(
            None,
            [
                f"根据{BASIS}第三部分（二），经审核认定"
                + ("并公示" if rules.get("public_notice") else "")
                + f"，确定下列{count}个技能大师工作室入驻镇江市技能大师产业创新园，现予公布。",
                _contacts(),
            ],
        )
    )


# ── drafting ────────────────────────────────────────────────────────────────────────────────────
def _decided(candidate_list, by) -> CandidateList:
    row = CandidateList.objects.select_for_update(no_key=True).get(pk=candidate_list.pk)
    if row.status != ListStatus.RESOLVED:
        raise Refused("候选名单还没有审核认定，不能起草公示。")
    if not compiles_lists(by, row):
        raise Refused("您参与了名单上的申报，不能起草公示。")
    return row


def _lock_cases(candidate_list):
    """The cases before the first entry on the trail, whose end is locked last: whoever withdraws holds their case,
    then wants their row of the list, then the trail."""
    keys = candidate_list.entries.values_list("application", flat=True)
    list(Application.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def _left_open(candidate_list) -> list[Objection]:
    """Objections to a 公示 of this list that was taken down, still without a decision."""
    notices = Announcement.objects.filter(listed__list=candidate_list, status=AnnouncementStatus.WITHDRAWN)
    return list(Objection.objects.filter(announcement__in=notices, outcome=""))


@transaction.atomic
def draft_notice(candidate_list, *, title, text, by) -> Announcement:
    """A 公示 of everybody approved who is on none yet. Whoever has not agreed to be shown is left out.

    Raises Refused when nobody is left, or an objection to an earlier 公示 waits for its decision.
    """
    row = _decided(candidate_list, by)
    if left := _left_open(row):
        raise Refused(f"上一次公示还有异议没有处理：{'、'.join(str(o) for o in left)}。")
    _lock_cases(row)
    approved = to_be_shown(row)
    missing = without_consent(approved)
    shown = [a for a in approved if a not in missing]
    if not shown:
        raise Refused(*(map(_sentence_on_consent, missing) if missing else ["没有待公示的工作室。"]))
    announcement = drafting.draft(
        NOTICE,
        title=title,
        text=text,
        columns=COLUMNS,
        rows=[public_row(a) for a in shown],
        notice_days=rules.get("public_notice_days"),
        by=by,
    )
    row.entries.filter(is_open=True, application__in=shown).update(notice=announcement)
    row.announcement = announcement
    row.save(update_fields=["announcement"])
    audit.record("draft_notice", row, by=by, after=announcement.number, clause="3.2.3")
    return announcement


@transaction.atomic
def draft_final(candidate_list, *, title, text, by) -> Announcement:
    """The list of the admitted as an announcement [3.2.3 最终确定入驻大师工作室名单]."""
    row = _decided(candidate_list, by)
    admitted = to_be_listed(row)
    missing = without_consent(admitted)
    shown = [a for a in admitted if a not in missing]
    if not shown:
        raise Refused(*(map(_sentence_on_consent, missing) if missing else ["还没有确定入驻的工作室。"]))
    announcement = drafting.draft(
        FINAL, title=title, text=text, columns=COLUMNS, rows=[public_row(a) for a in shown], by=by
    )
    audit.record("draft_notice", row, by=by, after=announcement.number, clause="3.2.3")
    return announcement


# ── what the two kinds mean (registered in AppConfig.ready) ─────────────────────────────────────
def cases_on(announcement):
    """The applications whose rows stand on it."""
    return Application.objects.filter(key__in=[row["key"] for row in announcement.rows])


def may_announce(user, announcement) -> bool:
    """Nobody announces a studio of their own, or learns who objects to it."""
    return not Collaborator.objects.filter(application__in=cases_on(announcement), user=user).exists()


def notice_faults(announcement) -> list[str]:
    """What in the records speaks against this 公示 now."""
    cases = list(cases_on(announcement).select_related("applicant").order_by("pk"))
    faults = [
        f"{a}（{a.studio_name}）现在是“{a.get_status_display()}”，不能公示，请退回后更新名单。"
        for a in cases
        if a.status != Status.APPROVED
    ]
    faults += [_sentence_on_consent(a) for a in without_consent(cases)]
    rows = {row["key"]: row for row in announcement.rows}
    faults += [
        f"{a}的公开信息已有变化，请退回后更新名单。" for a in cases if rows[str(a.key)] != public_row(a)
    ]
    return faults


def final_faults(announcement) -> list[str]:
    cases = list(cases_on(announcement).select_related("applicant").order_by("pk"))
    faults = [f"{a}还没有确定入驻。" for a in cases if a.status != Status.ADMITTED]
    return faults + [_sentence_on_consent(a) for a in without_consent(cases)]


def renewed_rows(announcement) -> list[dict]:
    """Who is approved and may be shown now, on the same list."""
    entry = ListEntry.objects.filter(notice=announcement).select_related("list").first()
    if entry is None:
        return announcement.rows
    listed = entry.list
    listed.entries.filter(notice=announcement).update(notice=None)
    approved = to_be_shown(listed)
    missing = without_consent(approved)
    shown = [a for a in approved if a not in missing]
    listed.entries.filter(is_open=True, application__in=shown).update(notice=announcement)
    return [public_row(a) for a in shown]


def _locked(announcement) -> list[Application]:
    """The announcement is locked by its step; its cases follow in the order of their keys, before the trail."""
    return list(cases_on(announcement).order_by("pk").select_for_update(no_key=True))


def put_on_notice(announcement, *, by):
    for application in _locked(announcement):
        Workflow.of(application).perform(application, "put_on_notice", by=by, note=str(announcement))


def take_off_notice(announcement, *, by):
    for application in _locked(announcement):
        if application.status == Status.ON_NOTICE:
            Workflow.of(application).perform(application, "take_off_notice", by=by, note=str(announcement))


def links_of_notice(user, announcement) -> list[tuple[str, str]]:
    """What is done with the list elsewhere."""
    entry = ListEntry.objects.filter(notice=announcement).select_related("list").first()
    if entry is None:
        return []
    links = [(f"候选名单 {entry.list}", entry.list.get_absolute_url())]
    ready = cases_on(announcement).filter(status=Status.ON_NOTICE)
    if announcement.status == AnnouncementStatus.CONCLUDED and (keys := ready.values_list("key", flat=True)):
        query = "&".join(f"case={key}" for key in keys)
        links.append(("办理确定入驻（逐件预览）", f"{reverse('applications:batch')}?act=admit&{query}"))
    return links


# ── objections that hold ────────────────────────────────────────────────────────────────────────
@transaction.atomic
def uphold(objection, *, answer, reason, by) -> Objection:
    """The leader of the working group finds for the objector: the studio is not admitted, and reads why by letter.

    One against the whole 公示 is upheld only once that was taken down: then it concerns no single studio.
    """
    row = objections.undecided(objection)  # locks the announcement first
    if not row.findings.strip():
        raise Refused("管理办公室还没有写明核查情况。")
    application = Application.objects.filter(key=row.row).first() if row.row else None
    if application is None and row.announcement.status != AnnouncementStatus.WITHDRAWN:
        raise Refused(
            "这件异议涉及整个公示。成立的，应先由管理办公室撤下公示，再作认定；只涉及个别工作室的，请先注明名单行。"
        )
    if application is not None:
        application = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
        if not leads_working_group(by, application):
            raise Refused("您参与了这份申报，不能认定。")
    row.answer = answer
    row.save(update_fields=["answer"])
    objections.decide(row, Objection.Outcome.UPHELD, by=by)
    if application is not None and application.status in (Status.APPROVED, Status.ON_NOTICE):
        flow = Workflow.of(application)
        flow.perform(application, "uphold_objection", by=by, data={"reason": reason})
    audit.record("decide_objection", row, by=by, after=row.outcome, clause="3.2.3")
    return row
