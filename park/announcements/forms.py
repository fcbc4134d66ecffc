"""What is typed about announcements and objections."""

from django import forms
from django.utils import timezone

from park import attachments, workdays
from park.attachments import personal_data_in
from park.forms.people import name_fields_in_refusals
from park.models import Announcement
from park.models.attachment import FileKind
from park.templatetags.ui import date_zh
from park.validators import clean_text

DOCUMENTS = frozenset({FileKind.PDF, FileKind.DOCX, FileKind.XLSX})  # whose text can be searched


class _Plain(forms.Form):
    """Refusals in the words of the house."""

    use_required_attribute = False

    def __init__(self, *args, record=None, **kwargs):
        self.record = record
        super().__init__(*args, label_suffix="", **kwargs)
        name_fields_in_refusals(self)


def _long(label, limit, *, rows=4, required=True, help_text=""):
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows, "data-counter": "1", "data-max": limit}),
    )


def _no_personal_data(text: str) -> str:
    text = clean_text(text or "").replace("\r\n", "\n")
    if found := personal_data_in(text):
        raise forms.ValidationError(f"其中有{'、'.join(found)}，这段文字会对外公开，请删去。")
    return text


class TextForm(forms.ModelForm):
    """Title and text of a draft. Personal data are named at once, and refused on the way to the public."""

    class Meta:
        model = Announcement
        fields = ["title", "text"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["text"].widget = forms.Textarea({"rows": 14, "data-counter": "1", "data-max": 4000})
        self.fields["text"].help_text = "空一行另起一段。名单另有表格，不要写在正文里。"
        name_fields_in_refusals(self)

    def clean_title(self):
        return " ".join(clean_text(self.cleaned_data["title"]).split())

    def clean_text(self):
        return clean_text(self.cleaned_data["text"]).replace("\r\n", "\n")


class FileForm(_Plain):
    title = forms.CharField(label="附件名称", max_length=80)
    file = attachments.UploadField(
        label="文件",
        kinds=DOCUMENTS,
        help_text="PDF、Word（docx）或 Excel（xlsx）。文件里的身份证号码、手机号码、出生日期会被查出并拒绝发布；扫描件里的文字查不到，请人工核对。",
    )


class ReadingForm(_Plain):
    note = forms.CharField(label="审核意见", max_length=300, required=False, help_text="可不填。")


class ReasonForm(_Plain):
    """Why a draft goes back: said inside the house."""

    reason = _long("原因", 300, rows=3)


class WithdrawForm(_Plain):
    """Why an announcement is taken down: everybody may read it."""

    reason = _long("撤下原因", 300, rows=3, help_text="会显示在公示页面上，请勿写入个人信息。")

    def clean_reason(self):
        return _no_personal_data(self.cleaned_data["reason"])


class ExtendForm(_Plain):
    """A later end, and why: both are shown to everybody."""

    until = forms.DateField(
        label="新的截止日期",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2026-03-05 的格式填写日期。"},
    )
    reason = _long("延长原因", 300, rows=3, help_text="会显示在公示页面上，请勿写入个人信息。")

    def clean_until(self):
        until, ends_on = self.cleaned_data["until"], self.record.ends_on
        if ends_on and until <= ends_on:
            raise forms.ValidationError(f"新的截止日期应晚于现在的截止日期{date_zh(ends_on)}。")
        if until < timezone.localdate():
            raise forms.ValidationError("新的截止日期不能是过去的日期。")
        if not workdays.is_workday(until):
            raise forms.ValidationError("截止日期应是工作日。")
        return until

    def clean_reason(self):
        return _no_personal_data(self.cleaned_data["reason"])


def _rows_of(announcement):
    first = announcement.columns[0]["key"] if announcement.columns else "key"
    rows = [(row["key"], str(row.get(first, ""))) for row in announcement.rows]
    return [("", "整个公示"), *rows]


class ObjectionForm(_Plain):
    """A named objection [实名异议], by the person or written down for them."""

    row = forms.ChoiceField(label="对谁有异议", required=False)
    name = forms.CharField(
        label="您的姓名",
        max_length=40,
        help_text="须实名反映。姓名和联系方式只用于核查和答复，不向工作室透露。",
    )
    contact = forms.CharField(label="联系方式", max_length=80, help_text="手机、固定电话或者电子邮箱。")
    text = _long("异议内容", 2000, rows=8, help_text="请写明事实和依据。")
    file = attachments.UploadField(
        label="证明材料", required=False, kinds=attachments.EVIDENCE, help_text="可不传。PDF、JPG 或 PNG。"
    )
    agreed = forms.BooleanField(
        label="同意管理办公室为核查和答复这件异议使用以上信息。",
        error_messages={"required": "请勾选同意，否则无法核查和答复。"},
    )

    def __init__(self, *args, record, recorded=False, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        self.fields["row"].choices = _rows_of(record)
        self.fields["row"].error_messages["invalid_choice"] = "请从公示名单中选择。"
        if recorded:
            self.fields["name"].label = "异议人姓名"
            self.fields["name"].help_text = "只用于核查和答复，不向工作室透露。"
            self.fields["agreed"].label = "异议人已同意为核查和答复使用以上信息。"

    def clean_name(self):
        name = " ".join(clean_text(self.cleaned_data["name"]).split())
        if len(name) < 2:
            raise forms.ValidationError("请填写真实姓名。")
        return name

    def clean_contact(self):
        contact = clean_text(self.cleaned_data["contact"]).strip()
        if sum(sign.isdigit() for sign in contact) < 7 and "@" not in contact:
            raise forms.ValidationError("请填写能联系到您的电话号码或者电子邮箱。")
        return contact

    def clean_text(self):
        text = clean_text(self.cleaned_data["text"]).replace("\r\n", "\n")
        if len(text) < 10:
            raise forms.ValidationError("请写明事实和依据，至少 10 个字。")
        return text


class FindingsForm(_Plain):
    """What the office found out, and what the objector will be told."""

    row = forms.ChoiceField(label="涉及名单行", required=False)
    findings = _long("核查情况", 2000, rows=5, help_text="内部记录，不写明异议人是谁。")
    answer = _long("答复", 2000, rows=4, help_text="异议人凭受理编号页面可以看到。")

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        self.fields["row"].choices = _rows_of(record)
