"""The pages that span apps or belong to none: 待办, the portal with its public columns, help, the display switch."""

from pathlib import Path

import markdown
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from config import context, selfcheck
from park import rules
from park.models import PrivacyNotice

MANUALS = Path(settings.BASE_DIR) / "docs" / "guide"
PUBLIC_MANUALS = {"applicant"}
YEAR = 60 * 60 * 24 * 365


# ── the desk ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def home(request):
    """待办: what each procedure wants from this person next."""
    return render(request, "config/home.html", {"sections": inboxes(request.user)})


def inboxes(user) -> list[dict]:
    """The inbox sections of every procedure: {title, rows, url, empty}, a row being
    {title, url, status, tone, due, note}."""
    try:
        from applications.workflow import inbox
    except ImportError:
        return []
    return list(inbox(user))


# ── public columns ──────────────────────────────────────────────────────────────────────────────
@login_not_required
@require_safe
def portal(request):
    return render(request, "config/portal.html")


@login_not_required
@require_safe
def guide(request):
    """办事指南 with the elements that inspections of government sites look for (W7)."""
    return render(request, "config/guide.html", {"rules": rules})


@login_not_required
@require_safe
def self_check(request):
    """条件自查 on [3.1]. The answers travel in the address and are kept nowhere."""
    form = selfcheck.SelfCheckForm(request.GET if request.GET else None)
    verdict = form.verdict() if form.is_bound and form.is_valid() else None
    return render(request, "config/self_check.html", {"form": form, "verdict": verdict})


@login_not_required
@require_safe
def regulation(request):
    return render(request, "config/regulation.html")


@login_not_required
@require_safe
def privacy(request):
    notice = PrivacyNotice.current()
    text = mark_safe(markdown.markdown(notice.text)) if notice else ""
    return render(request, "config/privacy.html", {"notice": notice, "text": text})


@login_not_required
@require_safe
def site_map(request):
    return render(request, "config/site_map.html")


# ── help ────────────────────────────────────────────────────────────────────────────────────────
@login_not_required
@require_safe
def help_index(request):
    pages = [{"name": path.stem, "title": _title(path)} for path in _manuals_for(request.user)]
    return render(request, "config/help.html", {"pages": pages})


@login_not_required
@require_safe
def help_page(request, name):
    """One manual. The text is our own file, so its HTML is trusted."""
    page = {path.stem: path for path in _manuals_for(request.user)}.get(name)
    if page is None:
        raise Http404("没有这一篇帮助。")
    heading, _, body = page.read_text(encoding="utf-8").partition("\n")
    reader = markdown.Markdown(extensions=["tables", "toc"], extension_configs={"toc": {"toc_depth": "2-3"}})
    text = mark_safe(reader.convert(body))
    return render(
        request,
        "config/help_page.html",
        {"heading": heading.lstrip("# "), "text": text, "toc": mark_safe(reader.toc)},
    )


def _manuals_for(user) -> list[Path]:
    """The applicants' manual is public; the others are for the people who work here."""
    staff = user.is_authenticated and user.is_park_staff
    return [path for path in sorted(MANUALS.glob("*.md")) if staff or path.stem in PUBLIC_MANUALS]


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as text:
        return text.readline().lstrip("# ").strip()


# ── small machinery ─────────────────────────────────────────────────────────────────────────────
@login_not_required
@require_safe
def display(request):
    """Set the size of text or the contrast for a year, and go back to the page one came from."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("portal")
    response = redirect(back)
    for name, cookie, known in (
        ("size", "text_size", context.SIZES),
        ("contrast", "contrast", context.CONTRASTS),
    ):
        value = request.GET.get(name)
        if value in known:
            response.set_cookie(
                cookie,
                value,
                max_age=YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
            )
    return response


@login_not_required
@require_safe
def healthz(request):
    """For the load balancer: the process answers and the database does too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
