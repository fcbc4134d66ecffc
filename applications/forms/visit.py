"""Forms of the site visit [3.2.2]: the plan, the record at the place, its steps."""

from django import forms
from django.utils import timezone

from applications.forms.filing import StepForm
from applications.models import SiteVisit
from park import attachments, documents
from park.forms.fields import DayField, Several, ShortText
from park.models import Document
from park.validators import clean_text

DAY = {"type": "date"}
CLOCK = {"type": "time"}
WRONG_DAY = {"required": "请选择考察日期。", "invalid": "考察日期写得不对，应像 2026-03-05 这样。"}
WRONG_TIME = {"invalid": "到达时间写得不对，应像 09:30 这样。"}


def _day(**kwargs):
    return DayField(
        label="考察日期",
        error_messages=WRONG_DAY,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        **kwargs,
    )


def _clock(label="到达时间"):
    return forms.TimeField(
        label=label,
        required=False,
        error_messages=WRONG_TIME,
        widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"),
    )


def _not_past(day):
    if day < timezone.localdate():
        raise forms.ValidationError("考察日期不能早于今天。")
    return day


class _Plain(forms.Form):
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class VisitorsField(Several):
    """People with accounts, each with what they are here and where from."""

    def __init__(self, **kwargs):
        super().__init__(
            None,
            label="考察人员",
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "请选择考察人员。",
                "invalid_choice": "所选考察人员中有已停用的账号。",
            },
            **kwargs,
        )

    def label_from_instance(self, user):
        about = [*user.role_labels, *([user.unit.name] if user.unit else [])]
        return f"{user}（{'，'.join(about)}）"


def with_people(form, people):
    form.fields["visitors"].queryset = people
    return form


class PlanForm(_Plain):
    """What all visits of one day share."""

    visit_on = _day()
    visitors = VisitorsField()
    preparation = forms.CharField(
        label="请工作室准备",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        initial="请领衔人到场，并备好设备清单、管理制度、经费凭证、工作计划和在研项目资料。",
        help_text="印在现场考察通知上。",
    )
    short_notice = ShortText(
        label="通知不足期限的理由",
        max_length=300,
        required=False,
        help_text="考察日期离今天不足规定的提前通知期限时必填，会印在通知上。",
    )

    def clean_visit_on(self):
        return _not_past(self.cleaned_data["visit_on"])


class StopForm(_Plain):
    """One studio on the route of the day."""

    chosen = forms.BooleanField(label="列入本次考察", required=False)
    place = ShortText(label="考察地点", max_length=120, required=False)
    meet_at = _clock()
    route_order = forms.IntegerField(
        label="路线顺序",
        min_value=1,
        max_value=99,
        required=False,
        error_messages={"invalid": "路线顺序请填整数。", "min_value": "路线顺序从 1 起。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean(self):
        data = super().clean()
        if data.get("chosen") and not data.get("place"):
            self.add_error("place", "请填写考察地点。")
        return data


class VisitorsForm(_Plain):
    visitors = VisitorsField()


class VisitFilter(_Plain):
    """The filters of the list, kept in the address."""

    q = ShortText(label="搜索", max_length=60, required=False)
    since = DayField(label="从", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    until = DayField(label="到", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    mine = forms.BooleanField(label="只看我参加的", required=False)


# ── the record ──────────────────────────────────────────────────────────────────────────────────
class PlaceLineForm(_Plain):
    """One line at the place. `line` is of applications.checklist."""

    verdict = forms.ChoiceField(
        label="现场情况",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "请从所列情况中选择。"},
    )
    note = ShortText(label="说明", max_length=500, required=False)

    def __init__(self, *args, line, **kwargs):
        self.line = line
        super().__init__(*args, prefix=line.item.replace(".", "_"), **kwargs)
        self.fields["verdict"].choices = list(line.verdicts.items())
        if line.demanded:
            self.fields["note"].help_text = "不是“符合”的，完成记录前须写明。"


class RecordForm(_Plain):
    findings = forms.CharField(
        label="综合考察情况",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="看到了什么、问了谁、现场与申报材料是否一致。",
        error_messages={"max_length": "“综合考察情况”最多 3000 字，现有 %(show_value)d 字。"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    saved_from = forms.UUIDField(widget=forms.HiddenInput)

    def clean_findings(self):
        return clean_text(self.cleaned_data["findings"])


# ── steps ───────────────────────────────────────────────────────────────────────────────────────
class PostponeForm(StepForm):
    visit_on = _day()
    meet_at = _clock()
    reason = forms.CharField(
        label="改期原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="印在新的通知上。",
        error_messages={"required": "请写明改期原因。"},
    )

    def clean_visit_on(self):
        return _not_past(self.cleaned_data["visit_on"])

    def clean(self):
        data = super().clean()
        same = (data.get("visit_on"), data.get("meet_at")) == (self.record.visit_on, self.record.meet_at)
        if same and "visit_on" not in self.errors:
            self.add_error("visit_on", "日期和到达时间都没有变。")
        return data


class FinishForm(StepForm):
    outcome = forms.ChoiceField(
        label="考察结论",
        choices=SiteVisit.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择考察结论。", "invalid_choice": "请从所列结论中选择。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="印在现场考察记录表上，工作室确认时可以看到。",
        error_messages={"required": "请写明理由。"},
    )


class ConfirmForm(StepForm):
    """The studio says whether the facts are right; the outcome is the visitors' own."""

    answer = forms.ChoiceField(
        label="考察记录中的事实",
        choices=[("online", "属实，予以确认"), ("refused", "有出入，不予确认")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否确认。", "invalid_choice": "请从所列选项中选择。"},
    )
    remark = forms.CharField(
        label="意见",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不予确认的，请写明哪些内容有出入。",
    )

    def clean(self):
        data = super().clean()
        if data.get("answer") == "refused" and not data.get("remark", "").strip():
            self.add_error("remark", "不予确认的，请写明哪些内容有出入。")
        return data


class SignedSheetForm(StepForm):
    scan = attachments.UploadField(
        label="签字的记录表",
        read_qr=True,
        help_text="考察人员和工作室签字后的扫描件或照片，PDF、JPG 或 PNG。",
        error_messages={"required": "请上传签字的记录表。"},
    )
    remark = forms.CharField(
        label="工作室写在表上的意见", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    same_sheet = forms.BooleanField(
        label="已核对：扫描件就是本系统打印的最新记录表",
        required=False,
        help_text="二维码无法识别时须人工确认。",
    )

    def clean(self):
        data = super().clean()
        if not data.get("scan"):
            return data
        sheet = Document.objects.about(self.record).filter(kind="visit_sheet").first()
        codes = {code for text in data["scan"].qr_texts if (code := documents.code_in(text))}
        if codes and (sheet is None or sheet.check_code not in codes):
            self.add_error("scan", "扫描件上的二维码不是这份记录表的最新版本，请核对后重新上传。")
        elif not codes and not data.get("same_sheet"):
            self.add_error("same_sheet", "没有识别出二维码，请核对后勾选确认。")
        return data
