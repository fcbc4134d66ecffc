"""What is typed while the panel deliberates and votes: opinion, notes, a vote, the figures of paper slips."""

from django import forms

from applications.forms.base import SectionForm
from applications.models import Choice
from park import attachments


class VoteForm(forms.Form):
    """One of three. The form is never shown again with what was chosen in it."""

    choice = forms.ChoiceField(
        choices=Choice.choices,
        error_messages={
            "required": "请选择同意、不同意或弃权，再投票。",
            "invalid_choice": "请选择同意、不同意或弃权，再投票。",
        },
    )


class OpinionForm(SectionForm):
    """专家组评估意见, box 11 of the application form [A1]."""

    opinion = forms.CharField(
        label="专家组评估意见",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "data-counter": ""}),
        help_text="印入申报表第 11 栏。修改后，已表示同意的专家须重新同意。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(SectionForm):
    """An expert's own record of one case."""

    text = forms.CharField(
        label="个人评议记录",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class VoidForm(SectionForm):
    """Why a round is stopped without being counted."""

    reason = forms.CharField(label="作废理由", max_length=200, widget=forms.TextInput)


class PaperCountForm(SectionForm):
    """The four piles on the table."""

    approve = forms.IntegerField(label="同意", min_value=0, max_value=99)
    oppose = forms.IntegerField(label="不同意", min_value=0, max_value=99)
    abstain = forms.IntegerField(label="弃权", min_value=0, max_value=99)
    invalid = forms.IntegerField(
        label="无效票", min_value=0, max_value=99, help_text="空白、多选、涂改不能辨认的。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["inputmode"] = "numeric"
            field.error_messages |= {
                "invalid": f"“{field.label}”请填写张数，没有的填 0。",
                "min_value": f"“{field.label}”不能小于 0。",
                "max_value": f"“{field.label}”不能多于 99。",
            }
            field.widget.attrs["id"] = f"id_{name}"


class CountSheetForm(SectionForm):
    """The 计票单 with its signatures."""

    scan = attachments.UploadField(
        label="签字的计票单",
        help_text="监票人、计票人和组长签字后的扫描件或照片，PDF、JPG 或 PNG。",
        error_messages={"required": "请上传签字的计票单。"},
    )
