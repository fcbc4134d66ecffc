"""What is typed about a studio: entered, corrected, struck off; who acts for it [1]."""

from django import forms
from django.utils import timezone

from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.models import CraftField, District, Origin
from park.validators import person_name
from workshops.models import Studio

FACTS = (
    "name", "occupation", "craft_field", "unit_name", "district", "origin", "founded_on", "address", "phone", "intro",
)  # fmt: skip


class StepForm(PlainForm):
    """A form of a step: it knows the record that it moves."""

    def __init__(self, *args, record=None, **kwargs):
        self.record = record
        super().__init__(*args, **kwargs)


def _one_of(model, label, **kwargs):
    return forms.ModelChoiceField(
        model.objects.offered(), label=label, required=False, empty_label="未填写", **kwargs
    )


def not_in_future(day, what):
    if day and day > timezone.localdate():
        raise forms.ValidationError(f"“{what}”不能晚于今天。")
    return day


class StudioForm(PlainForm):
    """All facts of a studio, for the office."""

    name = ShortText(label="工作室名称", max_length=60)
    occupation = ShortText(label="职业（工种）", max_length=60, required=False)
    craft_field = _one_of(CraftField, "专业领域")
    unit_name = ShortText(label="所在单位", max_length=80, required=False)
    district = _one_of(District, "属地")
    origin = _one_of(Origin, "来源")
    founded_on = DayField(label="成立日期", required=False)
    address = ShortText(label="地址", max_length=120, required=False)
    phone = ShortText(
        label="办公电话", max_length=30, required=False, help_text="请填办公电话，不填个人手机。"
    )
    intro = LongText(label="工作室简介", max_length=2000, required=False, rows=6)

    def clean_founded_on(self):
        return not_in_future(self.cleaned_data["founded_on"], "成立日期")


class NewStudioForm(StudioForm):
    """An affiliated studio comes on the register with its leader."""

    leader_name = ShortText(label="领衔人姓名", max_length=30)
    leader_since = DayField(label="领衔人任职日期")

    field_order = ["name", "leader_name", "leader_since"]

    def clean_leader_name(self):
        return person_name(self.cleaned_data["leader_name"])

    def clean_leader_since(self):
        return not_in_future(self.cleaned_data["leader_since"], "领衔人任职日期")


class ChangeStudioForm(StudioForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class PublicFactsForm(PlainForm):
    """What the studio's own people correct: where it is, how to reach it, what it is."""

    address = StudioForm.base_fields["address"]
    phone = StudioForm.base_fields["phone"]
    intro = StudioForm.base_fields["intro"]
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def facts_of(form) -> dict:
    """The cleaned facts by the names of the model's fields."""
    return {name: form.cleaned_data[name] for name in FACTS if name in form.cleaned_data}


def initial_of(studio, version: int) -> dict:
    return {name: getattr(studio, name) for name in FACTS} | {"version": version}


class ReasonForm(StepForm):
    """Why: kept on the trail."""

    reason = LongText(label="原因", max_length=200, rows=3)


class PublicDisplayForm(PlainForm):
    """Whether the portal shows the studio, and on which ground."""

    display = forms.ChoiceField(
        label="公开展示", choices=Studio.PublicDisplay.choices, widget=forms.RadioSelect
    )
    basis = LongText(
        label="依据", max_length=200, rows=3, required=False,
        help_text="设为公开的，写明领衔人同意的凭证或已经公布的认定文件；设为不公开的，写明原因。",
    )  # fmt: skip

    def clean(self):
        data = super().clean()
        if data.get("display") in ("shown", "hidden") and not data.get("basis"):
            self.add_error("basis", "请写明公开或不公开的依据。")
        return data


class AccountForm(PlainForm):
    username = ShortText(
        label="登录名", max_length=30, help_text="对方须已注册申报人账号；请向本人核对登录名。"
    )
