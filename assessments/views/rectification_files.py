"""Papers, proofs and pictures of a rectification [5.4.4]."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import rectification as acts
from assessments.models import RectificationProof, ServiceOfProcess
from assessments.papers.rectification import papers_of
from assessments.papers.service import with_receipts
from assessments.permissions.rectification import manages_rectification
from assessments.views.rectification import visible
from park import attachments, audit
from park.models import StoredFile
from park.views.fieldwork import remove_photo, take_photos
from park.views.paper import serve_paper
from workshops.permissions import is_of_studio


@require_safe
def paper(request, key, public_id):
    """The notice, the opinion, or the receipt that goes with one of them."""
    order = visible(request, key)
    return paper_of(request, order, papers_of(order), public_id)


def paper_of(request, record, papers, public_id):
    """One of the papers of a record, or the blank receipt of one; 404 for any other."""
    found = {row.public_id: row for row in with_receipts(papers)}
    document = found.get(public_id)
    if document is None:
        document = get_object_or_404(papers.none(), public_id=public_id)
    return serve_paper(request, document, back=record.get_absolute_url())


@require_safe
def file(request, key, file_key):
    """A proof, a picture of the re-check (to the studio once it is made), or the scan of a signed receipt."""
    order = visible(request, key)
    keys = list(RectificationProof.objects.filter(item__order=order).values_list("stored", flat=True))
    if order.rechecked_at or not is_of_studio(request.user, order.studio):
        keys += order.photos.filter(removed_at=None).values_list("stored", flat=True)
    keys += scans_of(papers_of(order))
    return serve_file(request, order, keys, file_key)


def scans_of(papers) -> list[int]:
    """The scans of the receipts of these papers."""
    rows = ServiceOfProcess.objects.filter(document__in=papers).exclude(scan=None)
    return list(rows.values_list("scan", flat=True))


def serve_file(request, record, keys, file_key):
    """One of these files; a download is on the trail."""
    stored = get_object_or_404(StoredFile.objects.filter(pk__in=keys), key=file_key)
    if "inline" not in request.GET:
        audit.record("download_file", record, by=request.user, note=f"sha256 {stored.sha256}")
    return attachments.serve(stored, inline="inline" in request.GET)


@require_POST
def photos(request, key):
    """Pictures from the camera or the album."""
    order = visible(request, key)
    if not manages_rectification(request.user, order):
        raise PermissionDenied("只有管理办公室可以上传复查照片，且不能办理本人所在的工作室。")
    return take_photos(
        request,
        order,
        add=lambda checked, **about: acts.add_photo(order, checked, by=request.user, **about),
        verb="add_rectification_photo",
        back=order.get_absolute_url() + "#photos",
    )


@require_POST
def photo_remove(request, key, file_key):
    """Take a picture out of the re-check."""
    order = visible(request, key)
    photo = get_object_or_404(order.photos.select_related("stored"), stored__key=file_key)
    if not manages_rectification(request.user, order):
        raise PermissionDenied("只有管理办公室可以删除复查照片，且不能办理本人所在的工作室。")
    back = reverse("assessments:rectification", args=[order.key]) + "#photos"
    return remove_photo(
        request,
        order,
        lambda: acts.remove_photo(photo, by=request.user),
        verb="remove_rectification_photo",
        back=back,
    )
