"""What every request goes through: garbage refused, idle sessions ended, the second factor asked for, the address known
to the audit trail."""

import contextlib
import ipaddress
import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse

from park import audit, rules, second_factor
from park.formkeys import AlreadyDone
from park.workflow import Refused

STARTED, SEEN = "_started", "_seen"

# All that somebody sees who has given the password but not yet the second factor, beside its own page.
BEFORE_SECOND_FACTOR = {"login", "logout", "admin:logout", "password_change_done", "display", "healthz"}


class BadInput:
    """NUL bytes and broken encodings in address, query or cookies never reach a view (or a database error)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        queried = (text for name, values in request.GET.lists() for text in (name, *values))
        for text in (request.path, *queried, *request.COOKIES.values()):
            if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
                return HttpResponseBadRequest(
                    "网址中含有无法识别的字符。", content_type="text/plain; charset=utf-8"
                )
        return self.get_response(request)


class PrivatePages:
    """What somebody signed in was shown is kept by no browser and no proxy (domain.md §5.2, row 13)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class SessionLimits:
    """A session ends after an idle time (15 minutes for staff, 30 for others) and after 8 hours in any case."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        now, session = time.time(), request.session
        idle = settings.SESSION_IDLE_MINUTES["staff" if request.user.is_park_staff else "others"] * 60
        session.setdefault(STARTED, now)
        if is_over(session, idle=idle):
            user = request.user
            request.session.flush()
            request.user = AnonymousUser()
            audit.record("session_expired", user, by=user)
            if request.method == "GET" and not request.headers.get("HX-Request"):
                messages.info(request, "为保护个人信息，长时间未操作或登录已满 8 小时，请重新登录。")
                return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()})}")
        else:
            if now - session.get(SEEN, 0) > 30:  # one write to the session per half minute is enough
                session[SEEN] = now
            if request.user.must_change_password:
                allowed = {reverse("password_change"), reverse("logout")}
                if request.path not in allowed and not request.path.startswith(
                    f"/{settings.STATIC_URL.strip('/')}/"
                ):
                    messages.info(request, "首次登录或密码到期，请先修改密码。")
                    return redirect("password_change")
        return self.get_response(request)


def is_over(session, *, idle=None) -> bool:
    """A (decoded) session is past its idle or its absolute limit; the longest idle limit where none is given."""
    now = time.time()
    idle = idle or max(settings.SESSION_IDLE_MINUTES.values()) * 60
    return (
        now - session.get(SEEN, now) > idle or now - session.get(STARTED, now) > settings.SESSION_COOKIE_AGE
    )


class SecondFactor:
    """Staff, and whoever has bound a phone, show its code before any other page. Views need not know of it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.STAFF_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        page = request.resolver_match.view_name
        changing = page == "password_change" and request.user.must_change_password
        if page in BEFORE_SECOND_FACTOR or changing:
            return None
        due = second_factor.page_due(request.user, request.session)
        if page == due or not due:
            return None
        wanted = request.get_full_path() if request.method == "GET" else reverse("home")
        return redirect(f"{reverse(due)}?{urlencode({'next': wanted})}")


class Actor:
    """Audit entries written during this request carry its network address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with audit.acting_from(address_of(request)):
            return self.get_response(request)


class RulesReadOnce:
    """A page that only shows reads the park's settings in one query, however many of them it needs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with rules.read_once() if request.method in ("GET", "HEAD") else contextlib.nullcontext():
            return self.get_response(request)


class Refusals:
    """What an act that did not happen answers: sent twice, back to where it led; refused, 403 or 409.

    A refused act is on the trail (domain.md §5.2, row 8), also where `write_once` was not there to record it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, AlreadyDone):  # a double click, or the same form sent again
            return redirect(exception.location)
        if not isinstance(exception, Refused | PermissionDenied):
            return None
        if not getattr(exception, "is_recorded", False):
            match = request.resolver_match
            where = "" if "token" in match.kwargs else request.path  # a live token stays off the trail
            audit.record(match.view_name, where, by=request.user, result="refused", note=str(exception))
        if isinstance(exception, Refused):  # the case changed between the look and the act
            return render(request, "409.html", {"message": str(exception)}, status=409)
        return None


def address_of(request) -> str | None:
    """The peer's address; behind trusted proxies the one that the outermost of them saw."""
    text = request.META.get("REMOTE_ADDR", "")
    hops = [h.strip() for h in request.headers.get("X-Forwarded-For", "").split(",") if h.strip()]
    trusted = settings.AXES_IPWARE_PROXY_COUNT
    if trusted and len(hops) >= trusted:
        text = hops[-trusted]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
        return str(getattr(address, "ipv4_mapped", None) or address)
    except ValueError:
        return None
