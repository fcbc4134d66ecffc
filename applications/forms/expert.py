"""What the office writes about an expert of the pool, and when an expert cannot come."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from applications.forms.base import SectionForm
from park import attachments, validators
from park.forms.fields import DayField, LongText, Several, ShortText
from park.models import CraftField

MAX_TITLE, MAX_CRAFT, MAX_EXPERTISE = 60, 60, 300


def _day(label, **kwargs):
    return DayField(
        label=label,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": f"“{label}”请按 2026-03-05 这样填写。"},
        **kwargs,
    )


class ExpertForm(SectionForm):
    """One expert. `expert` keeps retired fields of theirs on offer."""

    name = ShortText(label="姓名", max_length=40)
    unit_name = ShortText(label="所在单位", max_length=80, help_text="填写全称，用于提示回避。")
    title = ShortText(label="职称（职务）", max_length=MAX_TITLE, required=False)
    craft = ShortText(label="职业（工种）", max_length=MAX_CRAFT, required=False)
    expertise = LongText(label="专长", rows=3, max_length=MAX_EXPERTISE, required=False)
    fields_ = Several(
        None,
        label="专业领域",
        widget=forms.CheckboxSelectMultiple,
        help_text="随机抽取时，只抽取与会议所需领域有相同项的专家。",
    )
    mobile = ShortText(
        label="手机", max_length=30, required=False, help_text="选填，只供管理办公室联系，加密保存。"
    )

    def __init__(self, *args, expert=None, **kwargs):
        super().__init__(*args, **kwargs)
        kept = Q(pk__in=expert.fields.values("pk")) if expert is not None else Q(pk__in=[])
        current = Q(pk__in=CraftField.objects.offered().values("pk"))
        self.fields["fields_"].queryset = CraftField.objects.filter(current | kept)

    def clean_name(self):
        return validators.person_name(self.cleaned_data["name"])

    def clean_unit_name(self):
        return " ".join(self.cleaned_data["unit_name"].split())

    def clean_mobile(self):
        number = self.cleaned_data["mobile"]
        return validators.mobile(number) if number else ""


class AbsenceForm(SectionForm):
    """From when to when an expert is away."""

    starts_on = _day("从")
    ends_on = _day("至")
    reason = ShortText(label="原因", max_length=100, required=False, help_text="选填，如“外出授课”。")

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on"):
            if data["ends_on"] < data["starts_on"]:
                self.add_error("ends_on", "结束日期不能早于开始日期。")
            elif data["ends_on"] < timezone.localdate():
                self.add_error("ends_on", "这段日期已经过去。")
        return data


class LeaveForm(SectionForm):
    reason = ShortText(label="出库原因", max_length=200, help_text="如“本人申请”“工作调动”。")


class AccountForm(SectionForm):
    """Which account is this expert's. `offered` are accounts of experts that are nobody's yet."""

    account = forms.ModelChoiceField(None, label="登录账号", empty_label="请选择")

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = offered
        self.fields["account"].label_from_instance = lambda user: f"{user.real_name}（{user.username}）"


class SheetForm(SectionForm):
    """The filled template of experts."""

    sheet = attachments.UploadField(label="填好的表格", kinds=attachments.XLSX)
