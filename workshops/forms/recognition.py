"""What is typed about a decision of the recognising authority [5.4.1][T19]."""

from django import forms

from park import attachments
from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.models import RecognitionLevel
from workshops.forms.studio import not_in_future
from workshops.models import RecognitionEvent


class RecognitionForm(PlainForm):
    kind = forms.ChoiceField(label="事项", choices=RecognitionEvent.Kind.choices, widget=forms.RadioSelect)
    level = forms.ModelChoiceField(
        RecognitionLevel.objects.offered().exclude(code="none"),
        label="级别",
        empty_label="请选择",
        help_text="注销、撤销的，填被注销、撤销的级别。",
    )
    document_no = ShortText(label="文号", max_length=60)
    authority = ShortText(label="认定机关", max_length=80)
    decided_on = DayField(label="日期")
    note = LongText(label="说明", max_length=300, required=False, rows=3)
    scan = attachments.UploadField(
        label="文件扫描件", required=False, help_text="PDF、JPG 或 PNG。登记后不能修改，请核对后再提交。"
    )

    def clean_decided_on(self):
        return not_in_future(self.cleaned_data["decided_on"], "日期")
