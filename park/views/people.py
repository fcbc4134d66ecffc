"""Signing in and out, registering, and what people do with their own account."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from park import actions, audit, passwords, second_factor
from park.formkeys import led_to, write_once
from park.forms import people as forms
from park.models import Consent, Notification, PrivacyNotice
from park.workflow import Refused

BACKEND = "django.contrib.auth.backends.ModelBackend"
SIGN_INS = ("login", "login_failed", "locked_out", "logout", "session_expired", "second_factor_failed")
CONSENT_EFFECTS = {
    Consent.Purpose.PROCESSING: "撤回后须重新同意才能提交申报；撤回前已办理的不受影响，依法须保存的记录继续保存。",
    Consent.Purpose.DISCLOSURE: "撤回后不再继续公开您的姓名、单位、职业（工种）；尚未公示的，将无法完成公示和入驻。",
    Consent.Purpose.MEMBERS_INFORMED: "撤回后请从成员表中删去相关成员，或重新告知后再次确认。",
}


# ── signing in and out ──────────────────────────────────────────────────────────────────────────
class Login(auth_views.LoginView):
    authentication_form = forms.LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        user = form.get_user()
        if passwords.is_expired(user) and not user.must_change_password:
            user.must_change_password = True
            user.save(update_fields=["must_change_password"])
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class Logout(auth_views.LogoutView):
    """By POST; signing out twice is no error."""


class PasswordChange(auth_views.PasswordChangeView):
    form_class = forms.PasswordForm
    success_url = reverse_lazy("password_change_done")

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        audit.record("change_password", self.request.user, by=self.request.user)
        return response


@require_safe
def password_change_done(request):
    messages.success(request, "密码已修改，请用新密码登录其他设备。")
    return redirect("home")


class PasswordReset(auth_views.PasswordResetView):
    success_url = reverse_lazy("password_reset_done")
    extra_email_context = {"site_url": settings.SITE_URL}
    email_template_name = "registration/password_reset_email.txt"
    subject_template_name = "registration/password_reset_subject.txt"


class PasswordResetDone(auth_views.PasswordResetDoneView):
    pass


class PasswordResetConfirm(auth_views.PasswordResetConfirmView):
    form_class = forms.NewPasswordForm
    success_url = reverse_lazy("password_reset_complete")

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        audit.record("reset_password", form.user, by=form.user)
        return response


class PasswordResetComplete(auth_views.PasswordResetCompleteView):
    pass


# ── registering ─────────────────────────────────────────────────────────────────────────────────
@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """A new account for an applicant, signed in at once."""
    if request.user.is_authenticated:
        return redirect("home")
    try:
        notice = actions.current_notice()
    except Refused as refusal:
        return render(request, "park/register.html", {"closed": str(refusal)}, status=503)
    form = forms.RegistrationForm(request.POST or None, notice=notice)
    if request.method == "POST" and form.is_valid():
        try:
            with write_once(request, verb="register") as write:
                user = actions.register_applicant(**form.account())
                write.location = reverse("home")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except IntegrityError:  # the same name or number from two people at the same moment
            form.add_error(None, "这个登录名或手机号码刚刚被使用，请核对后重新提交。")
        else:
            login(request, user, backend=BACKEND)  # rotates the session key
            messages.success(request, "注册成功。您可以开始填写入驻申报表。")
            return redirect(write.location)
    if form.errors and (done := led_to(request)):  # a double click: its first half has made the account
        return redirect(done)
    context = {"form": form, "notice": notice}
    return render(request, "park/register.html", context, status=422 if form.errors else 200)


# ── one's own account ───────────────────────────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    form = forms.ProfileForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with write_once(request, request.user, "change_profile") as write:
                write.location = reverse("profile")
                changed = actions.change_profile(request.user, **form.cleaned_data)
        except (Refused, IntegrityError) as refusal:
            sentence = str(refusal) if isinstance(refusal, Refused) else forms.MOBILE_TAKEN
            form.add_error(None, sentence)
        else:
            messages.success(
                request, f"已更正：{'、'.join(changed)}。" if changed else "没有需要更正的内容。"
            )
            return redirect(write.location)
    return _profile_page(request, form)


def _profile_page(request, form, *, mobile="", status=200):
    sign_ins = audit.history_of(request.user).filter(verb__in=SIGN_INS)[:20]
    context = {
        "form": form,
        "revealed_mobile": mobile,
        "sign_ins": [{"at": e.at, "label": audit.label(e.verb), "address": e.address} for e in sign_ins],
        "is_applicant": request.user.has_role("applicant"),
        "has_second_factor": settings.STAFF_SECOND_FACTOR,
        "phone": second_factor.device_of(request.user),
        "codes_left": second_factor.codes_left(request.user),
    }
    return render(request, "park/profile.html", context, status=422 if form.errors else status)


@never_cache
@require_POST
def reveal_mobile(request):
    """One's own number in full; the trail keeps that it was shown."""
    audit.record("reveal", request.user, by=request.user, note="本人手机")
    return _profile_page(request, forms.ProfileForm(user=request.user), mobile=request.user.mobile)


@never_cache
@require_POST
def export_data(request):
    data = json.dumps(actions.export_own_data(request.user), ensure_ascii=False, indent=2)
    return HttpResponse(
        data,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "no-store"},
    )


@require_POST
def close(request):
    """Close one's own account, confirmed by the password."""
    if not request.user.check_password(request.POST.get("password", "")[:128]):
        messages.error(request, "密码不正确，账号没有注销。")
        return redirect("profile")
    try:
        with write_once(request, request.user, "close_account") as write:
            actions.close_account(request.user)
            write.location = reverse("portal")
    except Refused as refusal:
        for sentence in refusal.sentences:
            messages.error(request, sentence)
        return redirect("profile")
    logout(request)
    messages.success(request, "账号已注销，个人资料已清除。")
    return redirect(write.location)


# ── consents ────────────────────────────────────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request):
    """What was agreed to, when and to which text; each can be taken back, or given again to the text in force."""
    notice = PrivacyNotice.current()
    if request.method == "POST":
        return _change_consent(request, notice)
    rows = list(request.user.consents.select_related("notice"))
    standing = {row.purpose: row for row in reversed(rows) if row.withdrawn_at is None}
    purposes = [
        {
            "code": purpose.value,
            "label": purpose.label,
            "standing": standing.get(purpose),
            "effect": CONSENT_EFFECTS[purpose],
            "outdated": purpose in standing
            and notice is not None
            and standing[purpose].notice_id != notice.pk,
        }
        for purpose in Consent.Purpose
    ]
    return render(request, "park/consents.html", {"purposes": purposes, "rows": rows, "notice": notice})


def _change_consent(request, notice):
    purpose, act = request.POST.get("purpose"), request.POST.get("act")
    try:
        verb = "withdraw_consent" if act == "withdraw" else "give_consent"
        with write_once(request, request.user, verb) as write:
            write.location = reverse("consents")
            if purpose not in Consent.Purpose or act not in ("give", "withdraw"):
                raise Refused("没有这一项同意。")
            if act == "withdraw":
                actions.withdraw_consent(request.user, purpose)
            elif notice is None or not request.POST.get("agreed"):
                raise Refused("请先勾选同意。")
            else:
                actions.record_consents(request.user, [purpose], notice=notice)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已撤回同意。" if act == "withdraw" else "已记录您的同意。")
    return redirect("consents")


# ── messages ────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request):
    mine = Notification.objects.filter(user=request.user)
    if request.method == "POST":
        mine.filter(read_at=None).update(read_at=timezone.now())
        return redirect("notifications")
    page = Paginator(mine, 20).get_page(request.GET.get("page"))
    return render(
        request, "park/notifications.html", {"page": page, "unread_count": mine.filter(read_at=None).count()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def notification_open(request, pk):
    """Mark one as read and go where it points, inside this site only."""
    row = get_object_or_404(Notification, pk=pk, user=request.user)
    Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now())
    local = row.url.startswith("/") and url_has_allowed_host_and_scheme(row.url, allowed_hosts=None)
    return redirect(row.url if local else "notifications")
