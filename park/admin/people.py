"""Accounts for the system administrator, roles for the security officer: neither does the other's work."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from park import actions, crypto, second_factor, validators
from park.models import Role, RoleHolder, User
from park.permissions import may_grant_roles, may_manage_accounts
from park.workflow import Refused


class AccountForm(forms.ModelForm):
    """An account without any right. The mobile on record is shown masked; typing one replaces it."""

    new_mobile = forms.CharField(label="手机", required=False, max_length=30)
    unit_name = forms.CharField(label="单位", required=False, max_length=80, help_text="填写全称。")

    class Meta:
        model = User
        fields = ["username", "real_name", "email", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.unit:
            self.initial["unit_name"] = self.instance.unit.name
        if self.instance.pk and self.instance.mobile:
            masked = crypto.mask(self.instance.mobile, head=3, tail=4)
            self.fields["new_mobile"].help_text = f"现为 {masked}；不填则不改。"

    def clean_username(self):
        name = self.cleaned_data["username"]
        if name.lower() != (self.instance.username or "").lower() and User.objects.named(name).exists():
            raise forms.ValidationError("这个登录名已有人使用，请换一个。")
        return name

    def clean_real_name(self):
        return validators.person_name(self.cleaned_data["real_name"])

    def clean_new_mobile(self):
        if not self.cleaned_data["new_mobile"]:
            return ""
        number = validators.mobile(self.cleaned_data["new_mobile"])
        if User.objects.with_mobile(number, besides=self.instance).exists():
            raise forms.ValidationError("这个手机号码已登记在另一个在用账号上。")
        return number

    def clean_unit_name(self):
        return " ".join(validators.clean_text(self.cleaned_data["unit_name"]).split())

    def _post_clean(self):
        super()._post_clean()
        if self.cleaned_data.get("new_mobile"):
            self.instance.mobile = self.cleaned_data["new_mobile"]


class TemporaryPasswordForm(forms.Form):
    """The officer types or takes the proposed password and tells the person, who must change it at once."""

    password = forms.CharField(
        label="临时密码", max_length=128, strip=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]


class RemoveSecondFactorForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=200, help_text="例如手机遗失，已当面核对本人；写入审计记录。"
    )


@admin.register(User)
class AccountAdmin(admin.ModelAdmin):
    form = AccountForm
    list_display = ["username", "real_name", "unit", "is_active", "must_change_password", "last_login"]
    list_filter = ["is_active", "must_change_password"]
    list_select_related = ["unit"]
    search_fields = ["username", "real_name"]
    readonly_fields = ["must_change_password", "password_changed_at", "last_login", "date_joined"]
    change_form_template = "admin/park/account_change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(is_superuser=False)

    def get_fieldsets(self, request, obj=None):
        typed = ["username", "real_name", "new_mobile", "email", "unit_name", "is_active"]
        rows = [("账号", {"fields": typed})]
        return [*rows, ("登录", {"fields": self.readonly_fields})] if obj else rows

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else []

    def save_model(self, request, obj, form, change):
        """A new account cannot be used until a temporary password has been set for it."""
        if not change:
            obj.set_unusable_password()
            obj.must_change_password = True
        obj.unit = actions.unit_named(form.cleaned_data["unit_name"])
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return HttpResponseRedirect(reverse("admin:park_user_temporary_password", args=[obj.pk]))

    def get_urls(self):
        page = self.admin_site.admin_view(self.temporary_password)
        removal = self.admin_site.admin_view(self.remove_second_factor)
        return [
            path("<int:pk>/password/", page, name="park_user_temporary_password"),
            path("<int:pk>/second-factor/", removal, name="park_user_remove_second_factor"),
            *super().get_urls(),
        ]

    def remove_second_factor(self, request, pk):
        """For a lost phone: the person binds another one at the next login."""
        user = self.get_object(request, str(pk))
        if not self.has_change_permission(request, user) or user is None:
            raise PermissionDenied("您不能解除这个账号的动态验证码。")
        form = RemoveSecondFactorForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                second_factor.remove(user, by=request.user, reason=form.cleaned_data["reason"])
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, f"已解除 {user} 的动态验证码，本人下次登录时重新绑定。")
            return HttpResponseRedirect(reverse("admin:park_user_change", args=[user.pk]))
        context = {**self.admin_site.each_context(request), "form": form, "account": user, "opts": self.opts}
        return TemplateResponse(
            request, "admin/park/remove_second_factor.html", context | {"title": "解除动态验证码"}
        )

    def temporary_password(self, request, pk):
        user = self.get_object(request, str(pk))
        if not self.has_change_permission(request, user) or user is None:
            raise PermissionDenied("您不能设置这个账号的密码。")
        form = TemporaryPasswordForm(
            request.POST or None, user=user, initial={"password": actions.temporary_password()}
        )
        if request.method == "POST" and form.is_valid():
            actions.set_temporary_password(user, form.cleaned_data["password"], by=request.user)
            messages.success(request, f"已为 {user} 设置临时密码，首次登录时必须修改。")
            return HttpResponseRedirect(reverse("admin:park_user_changelist"))
        context = {**self.admin_site.each_context(request), "form": form, "account": user, "opts": self.opts}
        return TemplateResponse(
            request, "admin/park/temporary_password.html", context | {"title": "设置临时密码"}
        )

    def has_view_permission(self, request, obj=None):
        return may_manage_accounts(request.user)

    def has_change_permission(self, request, obj=None):
        return may_manage_accounts(request.user, obj)

    def has_module_permission(self, request):
        return may_manage_accounts(request.user)

    def has_add_permission(self, request):
        return may_manage_accounts(request.user)

    def has_delete_permission(self, request, obj=None):
        return False


class RolesForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(
        label="角色", choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label="授权依据", max_length=200, help_text="例如任命文件的文号；写入审计记录。")

    class Meta:
        model = RoleHolder
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["roles"] = sorted(self.instance.role_names)

    def clean_roles(self):
        roles = self.cleaned_data["roles"]
        if conflict := actions.role_conflict(roles):
            raise forms.ValidationError(conflict)
        return roles


@admin.register(RoleHolder)
class RoleHolderAdmin(admin.ModelAdmin):
    form = RolesForm
    fields = ["username", "real_name", "roles", "reason"]
    readonly_fields = ["username", "real_name"]
    list_display = ["real_name", "username", "role_list", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["username", "real_name"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(is_superuser=False).prefetch_related("groups")

    @admin.display(description="角色")
    def role_list(self, holder):
        names = {group.name for group in holder.groups.all()}
        return "、".join(role.label for role in Role if role in names) or "（无）"

    def save_model(self, request, obj, form, change):
        person = User.objects.get(pk=obj.pk)
        try:
            actions.set_roles(
                person, form.cleaned_data["roles"], by=request.user, reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:  # somebody else granted a role in between
            messages.error(request, str(refusal))

    def log_change(self, request, obj, message):
        """The grants themselves are on the trail already, one entry each."""

    def has_view_permission(self, request, obj=None):
        return may_grant_roles(request.user)

    def has_change_permission(self, request, obj=None):
        return may_grant_roles(request.user) and (obj is None or obj.pk != request.user.pk)

    def has_module_permission(self, request):
        return may_grant_roles(request.user)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


# Groups are the roles of the code: nobody edits them by hand.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)
