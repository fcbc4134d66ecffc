"""The pages of the second factor: binding a phone, entering its code, recovery codes, unbinding."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from park import pdf, second_factor
from park.formkeys import write_once
from park.forms import people as forms
from park.workflow import Refused


def page(view):
    """A page of this module: never cached, and absent where the second factor is switched off."""

    @never_cache
    @sensitive_post_parameters("code")
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request):
        if not settings.STAFF_SECOND_FACTOR:
            raise Http404("本站没有启用动态验证码。")
        return view(request)

    return guarded


def _next(request) -> str:
    """Where the person wanted to go, inside this site only."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local else reverse("home")


def _try(request, form, act, *, failed, done):
    """Carry out `act(code)` -> sentence once; a redirect, or None with the sentence on the form."""
    try:
        with write_once(request, request.user, "second_factor_failed") as write:
            problem = act(form.cleaned_data["code"])
            write.location = failed if problem else done
    except Refused as refusal:
        problem = str(refusal)
    if not problem:
        return redirect(done)
    form.add_error("code", problem)
    form.data = form.data.dict() | {"code": ""}  # it is of no use any more: leave the field empty
    return None


@page
def verify(request):
    """After the password: the code of the phone, or a recovery code."""
    if second_factor.page_due(request.user, request.session) != "second_factor":
        return redirect(_next(request))

    def act(code):
        problem = second_factor.check(request.user, code)
        if not problem:
            second_factor.pass_session(request.user, request.session)
            if len(code) != 6:
                left = second_factor.codes_left(request.user)
                messages.warning(
                    request,
                    f"您用了一个恢复码，还剩 {left} 个。手机遗失的，请在“个人资料”里解除绑定后重新绑定。",
                )
        return problem

    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        led = _try(request, form, act, failed=request.get_full_path(), done=_next(request))
        if led:
            return led
    context = {"form": form, "next": _next(request), "issuer": second_factor.ISSUER}
    return render(request, "registration/second_factor.html", context, status=422 if form.errors else 200)


@page
def enrol(request):
    """Bind a phone: QR code, the secret as text, one code to confirm."""
    user, session = request.user, request.session
    if second_factor.device_of(user) is not None:
        return redirect("profile")
    form = forms.PhoneCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        led = _try(
            request,
            form,
            lambda code: second_factor.enrol(user, session, code),
            failed=reverse("second_factor_enrol"),
            done=reverse("second_factor_codes"),
        )
        if led:
            return led
    secret = second_factor.pending_secret(user, session)
    context = {
        "form": form,
        "qr": pdf.qr_png(second_factor.address_for_phone(user, secret)),
        "secret": second_factor.secret_text(secret),
        "issuer": second_factor.ISSUER,
    }
    return render(
        request, "registration/second_factor_enrol.html", context, status=422 if form.errors else 200
    )


@page
def codes(request):
    """The recovery codes just made, until the person says that they are written down."""
    if request.method == "POST":
        second_factor.forget_fresh_codes(request.session)
        messages.success(request, "恢复码不再显示。遗失时可在“个人资料”里重新生成。")
        return redirect("home")
    fresh = second_factor.fresh_codes(request.user, request.session)
    if not fresh:
        return redirect("profile")
    return render(request, "registration/recovery_codes.html", {"codes": fresh})


@page
def manage(request):
    """New recovery codes, or unbinding the phone; both against a fresh code."""
    user, session = request.user, request.session
    if second_factor.device_of(user) is None:
        return redirect("second_factor_enrol")
    unbind = request.POST.get("act") == "unbind"

    def act(code):
        problem = second_factor.check(user, code)
        if not problem and unbind:
            second_factor.remove(user, by=user, reason="本人解除绑定")
        elif not problem:
            second_factor.renew_codes(user, session)
        return problem

    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = reverse("profile" if unbind else "second_factor_codes")
        led = _try(request, form, act, failed=reverse("second_factor_manage"), done=done)
        if led:
            return led
    context = {"form": form, "codes_left": second_factor.codes_left(user)}
    return render(request, "park/second_factor_manage.html", context, status=422 if form.errors else 200)
