"""What is typed about somebody of a studio [D2]."""

from django import forms
from django.utils import timezone

from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.models import Education, Gender, SkillLevel
from park.validators import person_name
from workshops.forms.studio import not_in_future

FACTS = (
    "name", "gender", "birth_year", "education", "occupation", "skill_level", "unit_name", "skills", "achievements",
    "honours", "joined_on",
)  # fmt: skip


def _one_of(model, label):
    return forms.ModelChoiceField(model.objects.offered(), label=label, required=False, empty_label="未填写")


def birth_year_field():
    return forms.IntegerField(
        label="出生年份",
        required=False,
        min_value=1900,
        max_value=2100,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"invalid": "“出生年份”请填四位数字，如 1975。"},
    )


def clean_birth_year(year):
    """Somebody of a studio is a grown-up: between 14 and 100."""
    this_year = timezone.localdate().year
    if year is not None and not this_year - 100 <= year <= this_year - 14:
        raise forms.ValidationError(f"“出生年份”应在 {this_year - 100} 至 {this_year - 14} 之间。")
    return year


class PersonForm(PlainForm):
    name = ShortText(label="姓名", max_length=30)
    gender = _one_of(Gender, "性别")
    birth_year = birth_year_field()
    education = _one_of(Education, "学历")
    occupation = ShortText(label="职业（工种）", max_length=60, required=False)
    skill_level = _one_of(SkillLevel, "职业资格等级")
    unit_name = ShortText(label="所在单位", max_length=80, required=False)
    skills = ShortText(label="技能特长", max_length=300, required=False)
    achievements = LongText(label="主要业绩", max_length=1000, required=False, rows=4)
    honours = ShortText(label="荣誉称号", max_length=300, required=False)
    joined_on = DayField(label="加入日期")

    def clean_name(self):
        return person_name(self.cleaned_data["name"])

    def clean_birth_year(self):
        return clean_birth_year(self.cleaned_data["birth_year"])

    def clean_joined_on(self):
        return not_in_future(self.cleaned_data["joined_on"], "加入日期")


class ChangePersonForm(PersonForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def facts_of(form) -> dict:
    return {name: form.cleaned_data[name] for name in FACTS}


def initial_of(person, version: int) -> dict:
    return {name: getattr(person, name) for name in FACTS} | {"version": version}


class LeaveForm(PlainForm):
    left_on = DayField(label="离开日期")
    reason = ShortText(label="离开原因", max_length=200)

    def clean_left_on(self):
        return not_in_future(self.cleaned_data["left_on"], "离开日期")
