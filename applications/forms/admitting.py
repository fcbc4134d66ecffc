"""Forms between resolution and admission."""

from django import forms

from applications.forms.filing import StepForm
from park.attachments import personal_data_in
from park.forms.fields import LongText, ShortText


def _public(text: str) -> str:
    """A text that the studio or everybody reads holds no number of anybody."""
    if found := personal_data_in(text):
        raise forms.ValidationError(f"其中有{'、'.join(found)}，请删去。")
    return text


class _ReasonToStudio(StepForm):
    """The reason as the letter will give it."""

    use_required_attribute = False
    reason = LongText(
        label="理由",
        max_length=1000,
        rows=4,
        help_text="写给工作室看，会印在告知书里。",
        error_messages={"required": "请写明理由。"},
    )

    def clean_reason(self):
        return _public(self.cleaned_data["reason"])


class EndWaitlistForm(_ReasonToStudio):
    """Why a place on the waiting list ends."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].initial = "候补有效期内没有空余名额，候补终止。"


class UpholdForm(_ReasonToStudio):
    """The leader of the working group finds that an objection holds."""

    answer = LongText(
        label="给异议人的答复", max_length=2000, rows=4, error_messages={"required": "请写明答复。"}
    )

    field_order = ["answer", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "给工作室的理由"
        self.fields[
            "reason"
        ].help_text = "会印在不予入驻告知书里。不写明谁提出异议，也不写能推知其身份的细节。"
        self.fields["reason"].initial = "公示期间收到异议，经核查认定成立。"


class LetterForm(_ReasonToStudio):
    """The words of a letter before it goes out."""

    def __init__(self, *args, kind_is_refusal=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "理由" if kind_is_refusal else "说明"


class NoticeForm(StepForm):
    """Title and text of a 公示 or 公告 to be drafted from a list."""

    use_required_attribute = False
    title = ShortText(label="标题", max_length=80, error_messages={"required": "请填写标题。"})
    text = LongText(
        label="正文",
        max_length=4000,
        rows=14,
        help_text="空一行另起一段。名单另有表格，不要写在正文里。",
        error_messages={"required": "请填写正文。"},
    )

    def clean_title(self):
        return _public(self.cleaned_data["title"])

    def clean_text(self):
        return _public(self.cleaned_data["text"])
