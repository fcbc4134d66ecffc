"""What must be true between the resolution and the admission, and before a new application [3.2.3]."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from applications.conditions.filing import HAS_ANOTHER
from applications.forms.progress import progress_of
from applications.models import DECIDED, ON_THE_ROAD, Application, Status
from park import rules
from park.models import AnnouncementStatus, Objection
from workshops.conditions.reapplication import revoked_lately


def may_apply_again(application):
    """Not while the result of an earlier one waits for its letter, in the same words as while it is open; after
    that the park may ask for a pause, which by default it does not."""
    progress = progress_of(application)
    if progress.states["leader"].problems:
        return ""
    index = Application.index_of(progress.states["leader"].bound.form.cleaned_data["leader_id_number"])
    waiting = Application.objects.filter(
        leader_id_index=index, status__in=DECIDED, result_told_at=None
    ).exclude(pk=application.pk)
    if waiting.exclude(status__in=ON_THE_ROAD).exists():
        return HAS_ANOTHER
    days = rules.get("reapply_after_days")
    if not days:
        return ""
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


def not_barred(application):
    """Not within the time that the park has set after a revocation [5.4][T15]."""
    leader = progress_of(application).states["leader"]
    if leader.problems:
        return ""
    data = leader.bound.form.cleaned_data
    index = Application.index_of(data["leader_id_number"])
    earlier = (
        Application.objects.filter(leader_id_index=index).exclude(number=None).exclude(pk=application.pk)
    )
    return revoked_lately(
        sources=earlier.values_list("number", flat=True),
        studio_name=data["studio_name"],
        leader_name=data["leader_name"],
        user=application.applicant,
    )


def _notice(application):
    """The 公示 that shows the case."""
    entry = application.list_entries.filter(is_open=True).select_related("notice").first()
    return entry.notice if entry else None


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
    """Those against this row on any 公示, also one that was taken down, and those against the whole of the present."""
    return Objection.objects.filter(
        Q(row=str(application.key)) | Q(row="", announcement=_notice(application), announcement__isnull=False)
    )


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
