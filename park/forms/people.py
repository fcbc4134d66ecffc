"""What people type about themselves: registration, profile, passwords, codes of their phone."""

import re
import unicodedata

from django import forms
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from park import validators
from park.models import Consent, User

NAME_TAKEN = "这个登录名已有人使用，请换一个。"
MOBILE_TAKEN = "这个手机号码不能使用；如果您已有账号，请直接登录或找回密码。"
WRONG_LOGIN = "登录名或密码不正确。"


def name_fields_in_refusals(form):
    """Refusals that name the field, in place of the framework's 这个字段是必填项; a field's own words stay."""
    for field in form.fields.values():
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = f"请填写“{field.label}”。"
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = f"“{field.label}”写得不对，应像 name@example.com 这样。"
        for code, words in (("min_length", "至少"), ("max_length", "最多")):
            if limit := getattr(field, code, None):
                text = f"“{field.label}”{words} {limit} 个字符，现有 %(show_value)d 个。"
                field.error_messages[code] = text


class LoginForm(auth_forms.AuthenticationForm):
    """The same sentence whatever was wrong: nobody learns which names exist."""

    error_messages = {"invalid_login": WRONG_LOGIN, "inactive": WRONG_LOGIN}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "登录名"
        self.fields["password"].label = "密码"
        name_fields_in_refusals(self)


class PersonFields(forms.Form):
    """The part that registration and profile share."""

    real_name = forms.CharField(
        label="姓名",
        max_length=40,
        help_text="填写身份证上的姓名。",
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    mobile = forms.CharField(
        label="手机",
        max_length=30,
        help_text="11 位手机号码，用于联系和找回账号，不会公开。",
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label="电子邮箱",
        required=False,
        help_text="选填；填写后可收到办理进展提醒，并可自行找回密码。",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    unit_name = forms.CharField(
        label="所在单位",
        required=False,
        max_length=80,
        help_text="选填，填写全称。",
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    own_account = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_fields_in_refusals(self)

    def clean_real_name(self):
        return validators.person_name(self.cleaned_data["real_name"])

    def clean_mobile(self):
        if not self.cleaned_data["mobile"]:
            return ""
        number = validators.mobile(self.cleaned_data["mobile"])
        if User.objects.with_mobile(number, besides=self.own_account).exists():
            raise ValidationError(MOBILE_TAKEN, code="taken")
        return number

    def clean_unit_name(self):
        return " ".join(validators.clean_text(self.cleaned_data["unit_name"]).split())


class RegistrationForm(PersonFields):
    """A new applicant. The version of the notice travels along, so that what was shown is what is recorded."""

    username = forms.CharField(
        label="登录名",
        min_length=3,
        max_length=30,
        validators=User._meta.get_field("username").validators,
        help_text="以字母开头，3–30 个字母、数字、点、横线或下划线。",
        widget=forms.TextInput({"autocomplete": "username"}),
    )
    password1 = forms.CharField(
        label="密码",
        strip=False,
        max_length=128,
        help_text="10–128 个字符，包含小写字母、大写字母、数字、其他符号中的至少三类。",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="再次输入密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    processing = forms.BooleanField(
        label=f"我已阅读告知书，同意{Consent.Purpose.PROCESSING.label}",
        error_messages={"required": "须同意处理个人信息才能注册；不同意的，可到管理办公室咨询线下办理。"},
    )
    notice_version = forms.CharField(widget=forms.HiddenInput)

    field_order = [
        "username",
        "password1",
        "password2",
        "real_name",
        "mobile",
        "email",
        "unit_name",
        "processing",
    ]

    def __init__(self, *args, notice, **kwargs):
        self.notice = notice
        super().__init__(*args, **kwargs)
        self.initial["notice_version"] = notice.version

    def clean_username(self):
        name = self.cleaned_data["username"]
        if User.objects.named(name).exists():
            raise ValidationError(NAME_TAKEN, code="taken")
        return name

    def clean_notice_version(self):
        if self.cleaned_data["notice_version"] != self.notice.version:
            raise ValidationError("告知书已经更新，请阅读新的版本后重新勾选。", code="notice")
        return self.notice.version

    def clean(self):
        data = super().clean()
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次输入的密码不一致。")
        elif first:
            person = User(username=data.get("username", ""), real_name=data.get("real_name", ""))
            person.mobile, person.email = data.get("mobile") or "", data.get("email") or ""
            try:
                validate_password(first, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return data

    def account(self) -> dict:
        """The arguments of `actions.register_applicant`."""
        names = ("username", "real_name", "mobile", "email", "unit_name")
        data = {name: self.cleaned_data[name] for name in names}
        return data | {"password": self.cleaned_data["password1"], "notice": self.notice}


class ProfileForm(PersonFields):
    """Correct one's own data. The mobile on record is not sent to the page; empty keeps it."""

    def __init__(self, *args, user, **kwargs):
        self.own_account = user
        initial = {
            "real_name": user.real_name,
            "email": user.email,
            "unit_name": user.unit.name if user.unit else "",
        }
        super().__init__(*args, initial=initial, **kwargs)
        if user.mobile:
            self.fields["mobile"].required = False
            self.fields["mobile"].label = "新的手机"
            self.fields["mobile"].help_text = "不填则不改。"
        if user.is_park_staff:  # a staff account's name is the officer's business
            self.fields["real_name"].disabled = True


class _NotTheOldOne:
    """A new password is a new one, and ends the duty to change it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_fields_in_refusals(self)

    def clean_new_password1(self):
        password = self.cleaned_data.get("new_password1")
        if password and self.user.has_usable_password() and self.user.check_password(password):
            raise ValidationError("新密码不能与原来的密码相同。", code="same")
        return password

    def save(self, commit=True):
        self.user.must_change_password = False
        return super().save(commit)


class PasswordForm(_NotTheOldOne, auth_forms.PasswordChangeForm):
    error_messages = auth_forms.PasswordChangeForm.error_messages | {
        "password_incorrect": "原密码不正确。",
        "password_mismatch": "两次输入的密码不一致。",
    }


class NewPasswordForm(_NotTheOldOne, auth_forms.SetPasswordForm):
    error_messages = {"password_mismatch": "两次输入的密码不一致。"}


class PhoneCodeForm(forms.Form):
    """Six digits from the phone. Spaces, hyphens and full-width digits are forgiven."""

    code = forms.CharField(
        label="6 位验证码",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "请填写手机上显示的 6 位验证码。"},
    )
    pattern, sentence = r"[0-9]{6}", "验证码是 6 位数字。"

    def clean_code(self):
        code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        if not re.fullmatch(self.pattern, code):
            raise ValidationError(self.sentence, code="shape")
        return code


class CodeForm(PhoneCodeForm):
    """The same, or one of the recovery codes."""

    pattern, sentence = r"[0-9]{6}|[0-9]{12}", "验证码是 6 位数字，恢复码是 12 位数字。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "验证码"
        self.fields["code"].help_text = "手机上显示的 6 位数字；手机不在身边的，填一个 12 位恢复码。"
