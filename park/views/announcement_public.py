"""What everybody reads of the park's announcements, and where everybody may object, without an account."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from park import attachments, documents, workdays
from park.announcements import objections
from park.announcements.effects import standing_print
from park.announcements.forms import ObjectionForm
from park.announcements.papers import cells, paragraphs, period
from park.formkeys import write_once
from park.middleware import address_of
from park.models import Announcement, AnnouncementStatus, Objection
from park.tables import Page
from park.workflow import Refused

TRIES_AN_HOUR = 30  # posts of the objection form from one address, files are examined for each
TAKEN_AN_HOUR = 5  # objections from one address: an office behind one address may have several
HOUR = 60 * 60


def public_row(announcement, calendar=None) -> dict:
    """One line of a public list: what it is, since when, and how long one may object."""
    is_open = announcement.takes_objections
    today = timezone.localdate()
    return {
        "announcement": announcement,
        "is_open": is_open,
        "days_left": workdays.workdays_between(today, announcement.ends_on, calendar) if is_open else None,
    }


def newest(count: int) -> list[dict]:
    """The newest lines for the portal."""
    calendar = workdays.whole_calendar()
    return [public_row(row, calendar) for row in Announcement.objects.standing()[:count]]


@login_not_required
@require_safe
def announcements(request):
    """通知公告: newest first, with a search in the titles kept in the address."""
    asked = request.GET.get("q", "").strip()[:40]
    rows = Announcement.objects.standing()
    if asked:
        rows = rows.filter(title__contains=asked)
    page = Page.of(rows.order_by("-published_at", "-pk"), request.GET.get("page", 1), size=20)
    calendar = workdays.whole_calendar()
    context = {"page": page, "rows": [public_row(row, calendar) for row in page.rows], "q": asked}
    return render(request, "park/announcements.html", context)


def _public(key) -> Announcement:
    return get_object_or_404(Announcement.objects.public(), key=key)


@login_not_required
@require_safe
def announcement(request, key):
    """One announcement: exactly its public columns, the days left, the way to object."""
    row = _public(key)
    withdrawn = row.status == AnnouncementStatus.WITHDRAWN
    context = public_row(row) | {
        "withdrawn": withdrawn,
        "paragraphs": paragraphs(row.text),
        "rows": [] if withdrawn else cells(row),
        "files": [] if withdrawn else row.files.select_related("stored"),
        "period": period(row),
        "print": None if withdrawn else standing_print(row),
    }
    return render(request, "park/announcement.html", context)


@login_not_required
@require_safe
def printed(request, key):
    """The paper of it as PDF."""
    row = _public(key)
    paper = standing_print(row)
    if paper is None:
        raise Http404
    try:
        content = documents.read(paper)
    except documents.NotPrinted as pending:
        return HttpResponse(str(pending), content_type="text/plain; charset=utf-8", status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{documents.file_name(paper)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_not_required
@require_safe
def file(request, key, file_key):
    row = get_object_or_404(Announcement.objects.standing(), key=key)
    found = get_object_or_404(row.files.select_related("stored"), stored__key=file_key)
    return attachments.serve(found.stored, filename=found.title)


# ── objecting ───────────────────────────────────────────────────────────────────────────────────
def _counted(request, what: str, most: int) -> bool:
    """Whether this address is past its share of the hour; counts this time."""
    key = f"objections:{what}:{address_of(request)}"
    if cache.add(key, 1, HOUR):
        return most < 1
    try:
        return cache.incr(key) > most
    except ValueError:  # its hour ended in this very moment
        return False


@login_not_required
def object_to(request, key):
    """The form for a named objection. What was typed stays, whatever was wrong with it."""
    row = _public(key)
    context = public_row(row) | {"form": None}
    if not row.takes_objections:
        return render(request, "park/announcement_object.html", context, status=410)
    if request.method != "POST":
        chosen = request.GET.get("row", "")
        form = ObjectionForm(record=row, initial={"row": chosen})
        return render(request, "park/announcement_object.html", context | {"form": form})
    if _counted(request, "tries", TRIES_AN_HOUR):
        form = ObjectionForm(record=row, initial=request.POST.dict())
        said = "提交过于频繁，请一小时后再提交；所填内容还在下面，附件需要重新选择。"
        return render(
            request, "park/announcement_object.html", context | {"form": form, "said": said}, status=429
        )
    # Whoever is signed in objects as the person they name: neither the used key nor the trail may join the two.
    request.user = AnonymousUser()
    form = ObjectionForm(request.POST, request.FILES, record=row)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            with write_once(request, verb="receive_objection") as write:
                if _counted(request, "taken", TAKEN_AN_HOUR):
                    raise Refused("从同一网络提交的异议过多，请一小时后再提交，或者直接与管理办公室联系。")
                taken = objections.receive(
                    row,
                    row=data["row"],
                    name=data["name"],
                    contact=data["contact"],
                    text=data["text"],
                    checked=data["file"],
                    by=request.user,
                )
                write.location = reverse("objection_receipt", args=[taken.key])
            return redirect(write.location)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return render(request, "park/announcement_object.html", context | {"form": form}, status=status)


@login_not_required
@require_safe
def receipt(request, key):
    """The number of an objection and, once it is decided, the answer; whoever has the address may read it.
    Nothing on it says who objected, or what."""
    objection = get_object_or_404(Objection.objects.select_related("announcement"), key=key)
    response = render(request, "park/objection_receipt.html", {"objection": objection})
    response["Cache-Control"] = "private, no-store"
    return response
