"""Forms of safety [5.3]: a check on the phone, a hazard, an incident, a signed letter."""

from django import forms
from django.utils import timezone

from park import attachments
from park.forms.fields import DayField, LongText, MomentField, PlainForm, ShortText
from park.forms.steps import StepForm
from workshops.forms.repair import Yuan, picture
from workshops.models import Hazard, Incident, Room, Studio

STATES = [("safe", "正常"), ("hazard", "有隐患"), ("na", "不适用")]


class CheckForm(PlainForm):
    """Where and when; a studio is answerable for what is found, without one the logistics are."""

    studio = forms.ModelChoiceField(
        Studio.objects.none(), label="工作室", required=False, empty_label="公共部位（由后勤整改）"
    )
    room = forms.ModelChoiceField(Room.objects.none(), label="房间", required=False, empty_label="不指定")
    place = ShortText(label="地点", max_length=80, required=False, help_text="公共部位必填，例如：一楼门厅。")
    checked_on = DayField(label="检查日期")
    summary = LongText(label="检查情况", max_length=500, rows=3, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["studio"].queryset = Studio.objects.resident().order_by("name")
        self.fields["room"].queryset = Room.objects.filter(is_active=True)

    def clean_checked_on(self):
        if self.cleaned_data["checked_on"] > timezone.localdate():
            raise forms.ValidationError("检查日期不能晚于今天。")
        return self.cleaned_data["checked_on"]

    def clean(self):
        data = super().clean()
        if not (data.get("studio") or data.get("room") or data.get("place") or "place" in self.errors):
            self.add_error("place", "请选择工作室、房间，或填写地点。")
        return data


class SafetyLineForm(PlainForm):
    """One line of the checklist."""

    state = forms.ChoiceField(label="结果", choices=STATES, widget=forms.RadioSelect)
    note = ShortText(label="隐患或说明", max_length=300, required=False)
    severity = forms.ChoiceField(
        label="程度",
        choices=Hazard.Severity.choices,
        initial="minor",
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, item, **kwargs):
        self.item = item
        super().__init__(*args, prefix=f"item-{item.pk}", **kwargs)
        self.fields["state"].error_messages["required"] = f"“{item.label}”还没有结果。"

    def clean(self):
        data = super().clean()
        if data.get("state") == "hazard" and not data.get("note"):
            self.add_error("note", f"请写明“{self.item.label}”的隐患。")
        return data


class HazardAnswerForm(StepForm):
    reason = LongText(label="整改情况", max_length=500, rows=4)
    proof = picture("整改后照片", required=True)


class HazardRecheckForm(StepForm):
    reason = LongText(label="复查情况", max_length=300, rows=3)


class IncidentForm(PlainForm):
    studio = forms.ModelChoiceField(
        Studio.objects.none(), label="相关工作室", required=False, empty_label="公共部位"
    )
    happened_at = MomentField(label="发生时间")
    place = ShortText(label="地点", max_length=80)
    kind = forms.ChoiceField(label="类别", choices=Incident.Kind.choices)
    injured = forms.IntegerField(
        label="受伤人数", min_value=0, max_value=999, initial=0, widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"invalid": "“受伤人数”请填整数。", "min_value": "“受伤人数”不能小于 0。"},
    )  # fmt: skip
    loss = Yuan(label="财产损失（元）", required=False)
    facts = LongText(
        label="经过", max_length=2000, rows=6, help_text="不要写身份证号码、手机号码等个人信息。"
    )
    measures = LongText(label="已采取的措施", max_length=1000, rows=4, required=False)
    report = attachments.UploadField(label="书面报告或照片", required=False)

    def __init__(self, *args, studios, must_choose, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["studio"].queryset = studios
        self.fields["studio"].required = must_choose

    def clean_happened_at(self):
        if self.cleaned_data["happened_at"] > timezone.now():
            raise forms.ValidationError("“发生时间”不能晚于现在。")
        return self.cleaned_data["happened_at"]


class OutcomeForm(PlainForm):
    outcome = LongText(label="处理结果", max_length=1000, rows=4)


class SignedLetterForm(PlainForm):
    scan = attachments.UploadField(label="签字盖章的安全责任书", help_text="扫描件或照片，PDF、JPG 或 PNG。")
