"""What must be true before a step. Each returns "" or one sentence saying what is missing."""

from applications.checklist import demanded, lines_for
from applications.forms.progress import progress_of
from applications.models import ON_THE_ROAD, Application, Batch, Verdict
from applications.papers.filing import printed_hash
from park import rules
from park.actions import has_consent
from park.models import Consent


def intake_is_open(application):
    if rules.get("intake_mode") != "batches" or Batch.open_now():
        return ""
    return "现在不在申报批次的受理时间内，草稿会为您保留。"


def sections_finished(application):
    unfinished = progress_of(application).unfinished()
    return "尚未填完：" + "、".join(s.section.title for s in unfinished) + "。" if unfinished else ""


def recommendation_fits(application):
    """The stamp is on the very text that is filed."""
    progress = progress_of(application)
    standing = application.standing_recommendation()
    if standing is None:
        return "还没有推荐意见：请打印用印稿，盖章后上传扫描件，或请单位在线确认。"
    if progress.unfinished():
        return ""  # said by sections_finished already
    if standing.copy.content_hash != printed_hash(progress.frozen()):
        return f"盖章后申报表内容有修改（盖章的是{standing.copy}），请打印最新的用印稿重新盖章。"
    return ""


HAS_ANOTHER = "这位领衔人已有一份正在办理的申报，不能重复提交。"


def leader_has_no_other(application):
    progress = progress_of(application)
    if progress.states["leader"].problems:
        return ""
    index = Application.index_of(progress.states["leader"].bound.form.cleaned_data["leader_id_number"])
    other = Application.objects.filter(leader_id_index=index, status__in=ON_THE_ROAD).exclude(
        pk=application.pk
    )
    return HAS_ANOTHER if other.exists() else ""


def consent_stands(application):
    """Who took the consent back is asked again before anything more is filed (PIPL 15)."""
    if has_consent(application.applicant, Consent.Purpose.PROCESSING):
        return ""
    return "申报账号已撤回处理个人信息的同意，请先在“个人信息授权”中重新同意，再提交补正。"


def something_changed(application):
    progress = progress_of(application)
    if progress.unfinished():
        return ""
    last = application.latest_submission()
    filed = {k: v for k, v in last.data.items() if k in progress.states}
    files = {row.stored_id for state in progress.states.values() for row in state.files}
    same_files = files == set(
        last.files.exclude(section="recommendation").values_list("stored_id", flat=True)
    )
    standing = application.standing_recommendation()
    same_stamp = standing and last.files.filter(stored=standing.stored_id).exists()
    if filed == progress.frozen() and same_files and same_stamp:
        return "内容和附件与上一版完全相同，请按告知书逐项补正后再提交。"
    return ""


def _verdicts(application):
    submission = application.latest_submission()
    return lines_for(submission.data), {r.item: r for r in submission.review_lines.all()}


def checklist_finished(application):
    lines, found = _verdicts(application)
    open_lines = [line for line in lines if line.item not in found]
    if open_lines:
        return f"审查表还有 {len(open_lines)} 项没有结论。"
    stale = [line for line in lines if found[line.item].carried_over]
    return f"审查表有 {len(stale)} 项沿用上一版结论，相关内容已修改，请重新确认。" if stale else ""


def conditions_met(application):
    """All of 2 and 3, and one of (1)(2)(3) with all its elements [3.1][T2]."""
    lines, found = _verdicts(application)
    met = {item for item, row in found.items() if row.verdict == Verdict.MET}
    failing = [line for line in demanded(lines) if line.item not in met]
    if failing:
        return "下列各项尚未认定“符合”：" + "；".join(line.text for line in failing) + "。"
    claims = {line.clause for line in lines if line.item.startswith("3.1.1")}
    if not any(all(line.item in met for line in lines if line.clause == claim) for claim in claims):
        return "所申报的条件（1）（2）（3）中没有一项的全部要素被认定“符合”〔3.1.1〕。"
    return ""


def some_condition_fails(application):
    """A rejection rests on a finding: without one, correct or pass."""
    return "" if conditions_met(application) else "审查表各项均符合条件，没有不予通过的依据。"


def correction_prepared(application):
    correction = application.corrections.filter(closed_at=None).first()
    return "" if correction and correction.items.exists() else "请先列出需要补正的内容，至少一项。"


def correction_allowed(application):
    rounds, issued = (
        rules.get("correction_rounds"),
        application.corrections.filter(issued_at__isnull=False).count(),
    )
    return "" if issued < rounds else f"补正应一次性告知，本园设定最多 {rounds} 次，已告知 {issued} 次。"


def correction_overdue(application):
    if not rules.get("correction_lapse"):
        return "本园设定：逾期未补正不自动视为撤回。"
    return "" if application.is_overdue else "补正期限还没有到。"
