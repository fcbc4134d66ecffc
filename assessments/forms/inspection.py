"""Forms of the regular inspection [5.2]: the plan, the record at the place, its steps, the answers."""

from django import forms
from django.utils import timezone

from assessments.models import InspectionLine, LineVerdict
from park import attachments, documents
from park.forms.fields import DayField, LongText, PlainForm, Several, ShortText
from park.forms.steps import StepForm
from park.models import Document

NO_CHOICE = {"invalid_choice": "请从所列选项中选择。"}


class InspectorsField(Several):
    """People with accounts, each with what they are here and where from."""

    def __init__(self, **kwargs):
        super().__init__(None, label="检查人员", widget=forms.CheckboxSelectMultiple, **kwargs)
        self.error_messages |= {
            "required": "请选择检查人员。",
            "invalid_choice": "所选人员中有已停用的账号。",
        }

    def label_from_instance(self, user):
        about = [*user.role_labels, *([user.unit.name] if user.unit else [])]
        return f"{user}（{'，'.join(about)}）"


class InspectorsForm(PlainForm):
    inspectors = InspectorsField()

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["inspectors"].queryset = people
        self.fields["inspectors"].error_messages["required"] = "请选择检查人员。"


class PlanForm(InspectorsForm):
    """What the inspections of one plan share."""

    title = ShortText(label="计划名称", max_length=60)
    starts_on = DayField(label="检查周期起")
    ends_on = DayField(label="检查周期止")
    inspect_on = DayField(label="检查日期", help_text="各工作室先按这一天安排，之后可以逐个改期。")
    note = ShortText(
        label="检查重点",
        max_length=300,
        required=False,
        help_text="印在通知上；检查日期离今天不足提前通知期限时必填。",
    )
    field_order = ["title", "starts_on", "ends_on", "inspect_on", "inspectors", "note"]

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "检查周期的止日不能早于起日。")
        return data


class InspectionFilter(PlainForm):
    """The filters of the list, kept in the address."""

    q = ShortText(label="搜索", max_length=60, required=False)
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)


class LineForm(PlainForm):
    """One line at the place."""

    verdict = forms.ChoiceField(
        label="结论",
        required=False,
        choices=LineVerdict.choices,
        widget=forms.RadioSelect,
        error_messages=NO_CHOICE,
    )
    severity = forms.ChoiceField(
        label="问题程度",
        required=False,
        choices=InspectionLine.Severity.choices,
        widget=forms.RadioSelect,
        error_messages=NO_CHOICE,
        help_text="“不符合”时选择；不选按一般问题。",
    )
    note = ShortText(
        label="说明", max_length=500, required=False, help_text="“不符合”的，写明问题，整改按此执行。"
    )

    def __init__(self, *args, line, **kwargs):
        self.line = line
        super().__init__(*args, prefix=f"line-{line.pk}", **kwargs)

    def typed(self) -> tuple:
        """(verdict, severity, note); how bad it is matters only where something is not met."""
        data = self.cleaned_data
        severity = (data["severity"] or "minor") if data["verdict"] == LineVerdict.NOT_MET else ""
        return data["verdict"], severity, data["note"]


class RecordForm(PlainForm):
    summary = LongText(label="总体情况", max_length=3000, rows=5, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    saved_from = forms.UUIDField(widget=forms.HiddenInput)


# ── steps ───────────────────────────────────────────────────────────────────────────────────────
class PostponeForm(StepForm):
    inspect_on = DayField(label="新的检查日期")
    reason = LongText(label="改期原因", max_length=300, rows=3)

    def clean_inspect_on(self):
        day = self.cleaned_data["inspect_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("检查日期不能早于今天。")
        if day == self.record.inspect_on:
            raise forms.ValidationError("检查日期没有变。")
        return day


class FinishForm(StepForm):
    checked = forms.BooleanField(
        label="检查人员已共同核对记录", error_messages={"required": "请先由检查人员共同核对。"}
    )


class ConfirmForm(StepForm):
    """The studio says whether the facts are right."""

    answer = forms.ChoiceField(
        label="检查记录中的事实",
        choices=[("online", "属实，予以确认"), ("refused", "有出入，提出异议")],
        widget=forms.RadioSelect,
    )
    remark = LongText(
        label="意见",
        max_length=500,
        rows=4,
        required=False,
        help_text="有异议的，请写明哪些内容有出入，意见印在检查记录上。",
    )

    def clean(self):
        data = super().clean()
        if data.get("answer") == "refused" and not data.get("remark"):
            self.add_error("remark", "有异议的，请写明哪些内容有出入。")
        return data


class SignedForm(StepForm):
    scan = attachments.UploadField(
        label="签字的检查记录",
        read_qr=True,
        help_text="检查人员和工作室签字后的扫描件或照片，PDF、JPG 或 PNG。",
    )
    remark = LongText(label="工作室写在记录上的意见", max_length=500, rows=3, required=False)

    def clean(self):
        """A code on the scan must not be that of another paper; the draft taken along has none."""
        data = super().clean()
        codes = {
            code for text in getattr(data.get("scan"), "qr_texts", ()) if (code := documents.code_in(text))
        }
        own = set(Document.objects.about(self.record).values_list("check_code", flat=True))
        if codes and not codes & own:
            self.add_error("scan", "扫描件上的二维码不是这次检查的文书，请核对后重新上传。")
        return data


class AnswerForm(StepForm):
    """What the studio did about one problem."""

    reason = LongText(label="整改情况", max_length=1000, rows=5, help_text="做了什么、什么时候完成。")
    proof = attachments.UploadField(label="整改证明", help_text="照片或文件，JPG、PNG 或 PDF。")
    proof_more = attachments.UploadField(label="整改证明（第二份）", required=False)


class RecheckForm(StepForm):
    reason = LongText(label="复查情况", max_length=500, rows=3)
