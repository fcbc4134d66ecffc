"""The pages that span apps or belong to none: 待办, the portal with its public columns, help, the display switch."""

import re
from datetime import timedelta
from pathlib import Path

import markdown
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from applications.forms.sections import CLAIMS
from applications.models import Batch
from config import context, desk, selfcheck
from park import notices, rules, workdays
from park.models import PrivacyNotice, Role
from park.permissions import NoLongerShown, is_office
from park.templatetags import ui
from park.views.announcement_public import newest

MANUALS = Path(settings.BASE_DIR) / "docs" / "guide"
CITED = re.compile(rf"〔({ui.CLAUSE.pattern})〕")
# In the order of the road; what is not named comes after. The studios are no staff, so theirs is as public as the form's.
MANUAL_ORDER = (
    "applicant", "studio", "office", "office_road", "office_park", "office_evaluation", "office_revocation", "expert", "working-group", "logistics", "attraction",
)  # fmt: skip
PUBLIC_MANUALS = {"applicant", "studio"}
GUIDE_RULES = (
    "intake_mode",
    "originals_copies",
    "unit_recommendation_modes",
    "initial_review_days",
    "correction_days",
    "correction_rounds",
    "correction_lapse",
    "draft_retention_days",
    "upload_max_mb",
    "office_place",
    "office_phone",
    "office_hours",
)
CALENDAR_AHEAD = 60  # days: the longest deadlines given out today
YEAR = 60 * 60 * 24 * 365
NEWS = 5  # announcements on the portal


# ── the desk ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def home(request):
    """待办: what each procedure wants from this person next."""
    context = {
        "sections": desk.sections_for(request.user),
        "calendars": desk.calendars_of(request.user),
        "notifications": notices.unread_of(request.user)[:5],
        "calendar_warning": _calendar_warning(request.user),
        "duties": [text for role, text in DUTIES.items() if request.user.has_role(role)],
    }
    return render(request, "config/home.html", context)


# What those find here who have no list of their own yet.
DUTIES = {
    Role.ATTRACTION: "到了约定日期、该联系的大师会列在这里；全部线索在“招引线索”。",
    Role.LOGISTICS: "报修、抄表、账单和房间交接有事要办时，会列在这里。",
    Role.SYSADMIN: "账号的建立和停用，在“基础数据与设定”中办理。",
    Role.SECADMIN: "角色的授予和收回，在“基础数据与设定”中办理。",
    Role.AUDITOR: "审计记录，在“基础数据与设定”中查阅。",
}


def _calendar_warning(user) -> str:
    """To the office, which keeps the calendar: deadlines are about to leave the years it covers."""
    if not is_office(user):
        return ""
    return workdays.warning_if_uncovered(timezone.localdate() + timedelta(days=CALENDAR_AHEAD))


# ── public columns ──────────────────────────────────────────────────────────────────────────────
@login_not_required
@require_safe
def portal(request):
    office = rules.get_many(["office_place", "office_phone", "office_hours"])
    return render(request, "config/portal.html", {"rules": office, "news": newest(NEWS)})


@login_not_required
@require_safe
def guide(request):
    """办事指南 with the elements that inspections of government sites look for (W7)."""
    values = rules.get_many(GUIDE_RULES)
    modes = rules.REGISTRY["unit_recommendation_modes"].choices
    substitutes = [
        words for mode, words in modes if mode in values["unit_recommendation_modes"] and mode != "employer"
    ]
    return render(
        request,
        "config/guide.html",
        {"rules": values, "substitutes": substitutes, "claims": CLAIMS, "batch": Batch.open_now()},
    )


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
    """The notice in force. Its text is edited in the admin, so HTML in it is shown, not obeyed."""
    return render(request, "config/privacy.html", {"notice": PrivacyNotice.current()})


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
    """One manual, its cited clauses linked. The text is our own file, so its HTML is trusted."""
    page = {path.stem: path for path in _manuals_for(request.user)}.get(name)
    if page is None:
        raise Http404("没有这一篇帮助。")
    heading, _, body = page.read_text(encoding="utf-8").partition("\n")
    reader = markdown.Markdown(extensions=["tables", "toc"], extension_configs={"toc": {"toc_depth": "2-3"}})
    link = rf'<a href="{reverse("regulation")}#c-\1">\g<0></a>'
    text = mark_safe(CITED.sub(link, reader.convert(body)))
    return render(
        request,
        "config/help_page.html",
        {"heading": heading.lstrip("# "), "text": text, "toc": mark_safe(CITED.sub("", reader.toc))},
    )


def _manuals_for(user) -> list[Path]:
    """The manuals of applicants and studios are public; the others are for the people who work here."""
    staff = user.is_authenticated and user.is_park_staff
    rank = {name: place for place, name in enumerate(MANUAL_ORDER)}
    found = sorted(MANUALS.glob("*.md"), key=lambda path: (rank.get(path.stem, len(rank)), path.stem))
    return [path for path in found if staff or path.stem in PUBLIC_MANUALS]


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
    response = HttpResponseRedirect(back)  # `redirect` would look for a page of that name
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


@require_safe
def session(request):
    """Somebody is typing: the request itself keeps the session (park.middleware.SessionLimits)."""
    return HttpResponse(status=204)


@login_not_required
@require_safe
def healthz(request):
    """For load balancers: the process answers and the database does too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def not_found(request, exception):
    """404: what is not there and what somebody may not see look the same, but for an old message of one's own."""
    sentence = str(exception) if isinstance(exception, NoLongerShown) else ""
    return render(request, "404.html", {"sentence": sentence}, status=404)
