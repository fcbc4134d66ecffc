"""What is typed when a paper was served [5.4]: how, when, to whom, and the scan of the signed receipt."""

from django import forms
from django.utils import timezone

from assessments.models import ServiceOfProcess
from park import attachments
from park.forms.fields import DayField, LongText, ShortText
from park.forms.steps import StepForm

Way = ServiceOfProcess.Way
ON_PAPER = [(way.value, way.label) for way in Way if way != Way.ONLINE]


class ServeForm(StepForm):
    """送达. Who cannot be found or refuses is served by 留置 or 公告, and how that was done is written down."""

    way = forms.ChoiceField(label="送达方式", choices=ON_PAPER, widget=forms.RadioSelect)
    served_on = DayField(label="送达日期")
    receiver = ShortText(
        label="签收人",
        max_length=40,
        required=False,
        help_text="直接送达、邮寄送达的，写送达回证上签收的人。",
    )
    remark = LongText(
        label="情况说明",
        max_length=300,
        rows=3,
        required=False,
        help_text="留置送达的，写明拒收的情况和见证人；公告送达的，写明在哪里、公告多久。",
    )
    scan = attachments.UploadField(
        label="送达回证扫描件", help_text="签收的送达回证、邮寄回执或公告的截图，PDF、JPG 或 PNG。"
    )

    def clean_served_on(self):
        day = self.cleaned_data["served_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("“送达日期”不能晚于今天。")
        return day

    def clean(self):
        data = super().clean()
        if data.get("way") in (Way.DIRECT, Way.POST) and not data.get("receiver"):
            self.add_error("receiver", "请填写“签收人”。")
        if data.get("way") in (Way.LEFT, Way.PUBLIC) and not data.get("remark"):
            self.add_error("remark", "留置送达、公告送达的，请写明情况。")
        return data
