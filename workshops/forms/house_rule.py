"""Forms of the house rules [5.3]: publishing a text, recording a breach, the studio's statement."""

from django import forms
from django.utils import timezone

from park import attachments
from park.forms.fields import DayField, LongText, PlainForm, ShortText
from workshops.models import Breach, HouseRule, Studio


class RuleForm(PlainForm):
    title = ShortText(label="名称", max_length=60)
    text = LongText(label="正文", max_length=20000, rows=18)
    change = ShortText(label="修订说明", max_length=300, required=False, help_text="新版本必填：改了什么。")
    stored = attachments.UploadField(label="盖章的文件", required=False, kinds=attachments.PDF)

    def __init__(self, *args, rule=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].disabled = rule is not None
        self.fields["change"].required = rule is not None


class BreachForm(PlainForm):
    studio = forms.ModelChoiceField(Studio.objects.none(), label="工作室")
    rule = forms.ModelChoiceField(
        HouseRule.objects.none(), label="规章制度", required=False, empty_label="入驻协议或其他规定"
    )
    provision = ShortText(label="违反的条款", max_length=120, help_text="例如：第六条 下班后切断设备电源。")
    happened_on = DayField(label="发生日期")
    facts = LongText(label="事实", max_length=1000, rows=4)
    measure = forms.ChoiceField(label="处理措施", choices=Breach.Measure.choices)
    proof = attachments.UploadField(label="证明", required=False, help_text="照片或文件。")

    def __init__(self, *args, studios, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["studio"].queryset = studios
        self.fields["rule"].queryset = HouseRule.objects.filter(retired_on=None)

    def clean_happened_on(self):
        if self.cleaned_data["happened_on"] > timezone.localdate():
            raise forms.ValidationError("发生日期不能晚于今天。")
        return self.cleaned_data["happened_on"]


class StatementForm(PlainForm):
    statement = LongText(label="说明", max_length=1000, rows=5)


class StrikeForm(PlainForm):
    reason = LongText(label="撤销原因", max_length=300, rows=3)
