"""What is typed about masters to win over [5.1]."""

import re

from django import forms
from django.utils import timezone

from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.models import CraftField, Origin
from park.validators import mobile, person_name
from workshops.forms.studio import ReasonForm, StepForm, not_in_future
from workshops.models import AttractionLead, LeadContact

FACTS = (
    "name", "craft", "craft_field", "origin", "province", "city", "unit_name", "honours", "source", "intent",
    "next_contact_on",
)  # fmt: skip
APPLICATION_NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{4,6}")


class MobileField(ShortText):
    def clean(self, value):
        value = super().clean(value)
        return mobile(value) if value else ""


class LeadForm(PlainForm):
    name = ShortText(label="姓名", max_length=30)
    craft = ShortText(label="职业（工种）", max_length=60)
    craft_field = forms.ModelChoiceField(
        CraftField.objects.offered(), label="专业领域", required=False, empty_label="未填写"
    )
    origin = forms.ModelChoiceField(Origin.objects.offered(), label="来源地", empty_label="请选择")
    province = ShortText(label="省份", max_length=20, required=False)
    city = ShortText(label="城市", max_length=20, required=False)
    unit_name = ShortText(label="所在单位", max_length=80, required=False)
    mobile = MobileField(label="手机", max_length=20, required=False)
    honours = ShortText(label="荣誉称号", max_length=300, required=False)
    source = ShortText(label="线索来源", max_length=120, help_text="如：技能大赛、协会推荐、媒体报道。")
    intent = forms.ChoiceField(label="意向程度", choices=AttractionLead.Intent.choices)
    next_contact_on = DayField(label="下次联系日期", required=False)

    def clean_name(self):
        return person_name(self.cleaned_data["name"])


class ChangeLeadForm(LeadForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mobile"].help_text = "不改的留空。"


def facts_of(form) -> dict:
    return {name: form.cleaned_data[name] for name in FACTS}


def initial_of(lead) -> dict:
    """What the form starts with; the mobile is typed anew or left as it is."""
    return {name: getattr(lead, name) for name in FACTS} | {"mobile": "", "version": lead.version}


class ContactForm(PlainForm):
    on = DayField(label="联系日期")
    means = forms.ChoiceField(label="方式", choices=LeadContact.Means.choices)
    summary = LongText(label="联系情况", max_length=1000, rows=4)
    intent = forms.ChoiceField(label="意向程度", choices=AttractionLead.Intent.choices)
    next_contact_on = DayField(label="下次联系日期", required=False)

    def clean_on(self):
        return not_in_future(self.cleaned_data["on"], "联系日期")

    def clean_next_contact_on(self):
        day = self.cleaned_data["next_contact_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("“下次联系日期”不能早于今天。")
        return day


class AppliedForm(StepForm):
    application_number = ShortText(label="申报编号", max_length=20, help_text="如 SB-2026-0001。")

    def clean_application_number(self):
        number = self.cleaned_data["application_number"].strip().upper()
        if not APPLICATION_NUMBER.fullmatch(number):
            raise forms.ValidationError("“申报编号”应像 SB-2026-0001 这样。")
        return number


class GiveUpForm(ReasonForm):
    reason = LongText(label="放弃原因", max_length=300, rows=3)


class ResumeForm(StepForm):
    next_contact_on = DayField(label="下次联系日期")

    def clean_next_contact_on(self):
        day = self.cleaned_data["next_contact_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("“下次联系日期”不能早于今天。")
        return day


class RevealForm(PlainForm):
    reason = ShortText(label="查看原因", max_length=100)
