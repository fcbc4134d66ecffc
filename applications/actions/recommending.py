"""Box 10 of Annex 1: print for the stamp, take the stamped scan back, or let the unit confirm by a link [A1][A3]."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from applications.forms.progress import Progress
from applications.models import Application, Recommendation, RecommendationLink, StampCopy
from applications.papers.filing import member_total, printed_hash
from applications.permissions import open_sections
from park import attachments, audit, documents, notices, rules
from park.models import Document
from park.workflow import Refused

CHECK_MARK = "/check/"


def _open(application) -> Application:
    application = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if "recommendation" not in open_sections(application):
        raise Refused(f"现在不能修改推荐意见：当前状态是“{application.status_for_studio}”。")
    return application


@transaction.atomic
def print_for_stamp(application, *, by) -> StampCopy:
    """Freeze what is typed now as the next copy for the stamp. Refused while sections are unfinished.

    An unchanged form gives the last copy again.
    """
    application = _open(application)
    progress = Progress(application)
    if unfinished := progress.unfinished():
        raise Refused("请先填完：" + "、".join(s.section.title for s in unfinished) + "。")
    data = progress.frozen()
    data["member_total"] = member_total(data)
    fingerprint = printed_hash(data)
    last = application.stamp_copies.select_related("document").last()
    if last and last.content_hash == fingerprint:
        return last
    copy = StampCopy.objects.create(
        application=application,
        number=last.number + 1 if last else 1,
        data=data,
        content_hash=fingerprint,
        made_by=by,
    )
    copy.document = documents.issue(
        "annex1_stamp", copy, by=by, content_hash=fingerprint, supersedes=last.document if last else None
    )
    copy.save(update_fields=["document"])
    return copy


@transaction.atomic
def receive_scan(application, checked, *, by, mode, opinion, reason, same_copy) -> Recommendation:
    """Take the stamped scan. Its QR code tells which copy was stamped; unreadable, the person confirms it.

    `checked` comes from `attachments.check(…, read_qr=True)`. Raises Refused when the scan is of another copy than the newest.
    """
    application = _open(application)
    copy = application.stamp_copies.select_related("document").last()
    if copy is None:
        raise Refused("请先打印用印稿，盖章后再上传扫描件。")
    match = _match(checked, copy, same_copy=same_copy)
    stored = attachments.store(checked, by=by)
    row = _stand(
        application,
        copy=copy,
        mode=mode,
        via=Recommendation.Via.SCAN,
        opinion=opinion,
        reason=reason,
        stored=stored,
        matched_by=match,
        received_from=by,
    )
    audit.record("receive_recommendation", application, by=by, after=f"{copy}/{match}", clause="A1")
    return row


def _match(checked, copy, *, same_copy) -> str:
    """`qr` when the scan shows the newest copy's code, `hand` when unreadable and confirmed."""
    codes = [t.split(CHECK_MARK)[-1].strip("/") for t in checked.qr_texts if CHECK_MARK in t]
    if copy.document.check_code in codes:
        return Recommendation.Match.QR
    if codes:
        older = Document.objects.filter(check_code__in=codes).first()
        if older and older.subject_model == copy._meta.label_lower:
            stale = StampCopy.objects.filter(pk=older.subject_id, application=copy.application_id).first()
            if stale:
                raise Refused(
                    f"扫描件是{stale}，之后内容有修改，最新的是{copy}。请打印最新的用印稿重新盖章。"
                )
        raise Refused("扫描件上的二维码不是本次申报的用印稿，请核对后重新上传。")
    if not same_copy:
        raise Refused(f"没有识别到扫描件上的二维码。请核对它确是{copy}，勾选“已核对”后再次提交。")
    return Recommendation.Match.HAND


def _stand(application, **fields) -> Recommendation:
    application.recommendations.filter(replaced_at=None).update(replaced_at=timezone.now())
    return Recommendation.objects.create(application=application, **fields)


@transaction.atomic
def make_link(application, *, by) -> tuple[RecommendationLink, str]:
    """A one-time link for the unit, and its token: shown once, kept only as a hash. Older links die."""
    application = _open(application)
    copy = application.stamp_copies.last()
    if copy is None:
        raise Refused("请先生成用印稿，再给单位发确认链接。")
    application.recommendation_links.filter(used_at=None, revoked_at=None).update(revoked_at=timezone.now())
    token = secrets.token_urlsafe(32)
    link = RecommendationLink.objects.create(
        application=application,
        token_hash=hash_token(token),
        copy=copy,
        created_by=by,
        expires_at=timezone.now() + timedelta(days=rules.get("recommendation_link_days")),
    )
    audit.record("make_recommendation_link", application, by=by, after=str(copy))
    return link, token


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def revoke_link(link, *, by):
    """The link no longer works."""
    RecommendationLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    audit.record("revoke_recommendation_link", link.application, by=by)


@transaction.atomic
def confirm_by_link(link, checked, *, opinion, signer_name, signer_post) -> Recommendation:
    """The unit confirms on line; the link is used up."""
    application = Application.objects.select_for_update(no_key=True).get(pk=link.application_id)
    link = RecommendationLink.objects.select_related("copy").get(pk=link.pk)  # under the lock of its parent
    if not link.is_live:
        raise Refused("这个确认链接已经用过、撤销或过期，请向申报人要新的链接。")
    application = _open(application)
    if application.stamp_copies.last() != link.copy:
        raise Refused("申报内容在发出链接之后有修改，请向申报人要新的链接。")
    match = _match(checked, link.copy, same_copy=True)
    stored = attachments.store(checked, by=None)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    row = _stand(
        application,
        copy=link.copy,
        mode="employer",
        via=Recommendation.Via.LINK,
        opinion=opinion,
        stored=stored,
        matched_by=match,
        signer_name=signer_name,
        signer_post=signer_post,
    )
    audit.record(
        "confirm_recommendation", application, by=None, after=str(link.copy), clause="A1", note="单位在线确认"
    )
    notices.notify(
        [application.applicant], "所在单位已在线确认推荐意见。", url=application.get_absolute_url()
    )
    return row
