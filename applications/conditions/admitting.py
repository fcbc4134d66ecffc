"""What must be true between the resolution and the admission, and before a new application [3.2.3]."""

from datetime import timedelta

from django.utils import timezone

from applications.forms.progress import progress_of
from applications.models import Application, Status
from park import rules
from park.models import AnnouncementStatus, Objection


def may_apply_again(application):
    """The park may ask for a pause after a refusal; by default it does not."""
    days = rules.get("reapply_after_days")
    progress = progress_of(application) if days else None
    if not days or progress.states["leader"].problems:
        return ""
    index = Application.index_of(progress.states["leader"].bound.form.cleaned_data["leader_id_number"])
    told = Application.objects.filter(
        leader_id_index=index,
        status__in=[Status.NOT_SELECTED, Status.DECLINED],
        result_told_at__gt=timezone.now() - timedelta(days=days),
    ).order_by("-result_told_at")
    last = told.first()
    if last is None:
        return ""
    again = timezone.localdate(last.result_told_at) + timedelta(days=days)
    return f"这位领衔人的上一次申报未能入驻，本园设定{days}天后可以再次申报，即{again:%Y年%m月%d日}起。"


def _notice(application):
    entry = application.list_entries.filter(is_open=True).select_related("list__announcement").first()
    return entry.list.announcement if entry else None


def _on(notice, application) -> bool:
    return notice is not None and any(row.get("key") == str(application.key) for row in notice.rows)


def notice_is_published(application):
    notice = _notice(application)
    if _on(notice, application) and notice.status == AnnouncementStatus.PUBLISHED:
        return ""
    return "公示还没有发布，或没有列入公示。"


def notice_is_withdrawn(application):
    notice = _notice(application)
    return "" if notice is None or notice.status == AnnouncementStatus.WITHDRAWN else "公示没有撤下。"


def notice_concluded(application):
    if not rules.get("public_notice"):
        return ""
    notice = _notice(application)
    if application.status == Status.ON_NOTICE and notice and notice.status == AnnouncementStatus.CONCLUDED:
        return ""
    return "公示还没有期满办结。"


def _objections(application):
    notice = _notice(application)
    if notice is None:
        return Objection.objects.none()
    return notice.objections.filter(row__in=["", str(application.key)])


def objections_decided(application):
    """An objection that was upheld ends in a refusal, not here."""
    if _objections(application).filter(outcome=Objection.Outcome.UPHELD).exists():
        return "有异议成立，不能确定入驻。"
    open_ones = _objections(application).filter(outcome="").count()
    return f"还有 {open_ones} 件异议没有处理。" if open_ones else ""


def objection_upheld(application):
    upheld = _objections(application).filter(outcome=Objection.Outcome.UPHELD).exists()
    return "" if upheld else "没有成立的异议。"


def office_box_filled(application):
    entry = application.list_entries.filter(is_open=True).first()
    if entry is not None and entry.office_opinion:
        return ""
    return "申报表的“管理办公室审批意见”一栏还没有填写。"
