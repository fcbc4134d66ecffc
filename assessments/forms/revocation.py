"""What is typed about a revocation [5.4]: the proposal on one ground, the defence, the resolution, the file."""

from django import forms
from django.utils import timezone

from assessments.models import RectificationOrder, Revocation
from park import attachments
from park.attachments import personal_data_in
from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.forms.steps import StepForm
from park.templatetags.ui import date_zh
from workshops.models import LeaderChange, RecognitionEvent

Ground = Revocation.Ground


class ProposeForm(PlainForm):
    """The facts that every ground needs; each ground adds its own."""

    facts = LongText(
        label="事实和理由",
        max_length=2000,
        rows=8,
        help_text="印在《取消资格告知书》和《取消资格决定书》上，出具告知书后不能修改。",
    )

    def __init__(self, *args, residency, **kwargs):
        super().__init__(*args, **kwargs)
        self.residency = residency


class _Choice(forms.ModelChoiceField):
    """One of the records that prove the ground, in words."""

    def __init__(self, *, words, **kwargs):
        self.words = words
        super().__init__(None, widget=forms.RadioSelect, empty_label=None, **kwargs)

    def label_from_instance(self, row):
        return self.words(row)


class RecognitionForm(ProposeForm):
    recognition = _Choice(
        label="注销或撤销认定的文件",
        words=lambda e: f"{date_zh(e.decided_on)} {e.authority} {e.document_no}（{e.get_kind_display()}）",
    )
    field_order = ["recognition", "facts"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recognition"].queryset = ending_events(self.residency)


class LeaderGoneForm(ProposeForm):
    leader_change = _Choice(
        label="逾期无人接替的领衔人变更",
        words=lambda c: (
            f"{c.leaving.name}，{date_zh(c.left_on)}{c.get_reason_kind_display()}，接替期限{date_zh(c.window_ends_on)}届满"
        ),
    )
    field_order = ["leader_change", "facts"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leader_change"].queryset = lapsed_changes(self.residency)


class MisconductForm(ProposeForm):
    act_kind = forms.ChoiceField(label="行为性质", choices=Revocation.Act.choices, widget=forms.RadioSelect)
    act = LongText(
        label="违法违纪行为或者重大过失的情况", max_length=1000, rows=5, help_text="谁、什么时候、做了什么。"
    )
    act_proof = attachments.UploadField(
        label="行为的证明材料", help_text="PDF、JPG 或 PNG；多份请合成一份 PDF。"
    )
    consequence = LongText(
        label="重大损失和严重后果的情况",
        max_length=1000,
        rows=5,
        help_text="给国家、集体、他人造成了什么损失和后果；行为和后果缺一不可。",
    )
    consequence_proof = attachments.UploadField(
        label="损失和后果的证明材料", help_text="PDF、JPG 或 PNG；多份请合成一份 PDF。"
    )
    established_by = ShortText(
        label="认定机关", max_length=80, help_text="作出认定的司法、行政、纪检监察等机关。"
    )
    established_no = ShortText(label="认定文号", max_length=60)
    field_order = [
        "act_kind", "act", "act_proof", "consequence", "consequence_proof", "established_by", "established_no", "facts",
    ]  # fmt: skip


class UnrectifiedForm(ProposeForm):
    order = _Choice(
        label="复查不合格的限期整改",
        words=lambda o: f"{o.number}，{date_zh(o.deadline)}届满，{date_zh(o.rechecked_on)}复查不合格",
    )
    field_order = ["order", "facts"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = failed_orders(self.residency)


FORMS = {
    Ground.RECOGNITION: RecognitionForm,
    Ground.LEADER_GONE: LeaderGoneForm,
    Ground.MISCONDUCT: MisconductForm,
    Ground.UNRECTIFIED: UnrectifiedForm,
}


# ── what there is to rest on ────────────────────────────────────────────────────────────────────
def ending_events(residency):
    return RecognitionEvent.objects.filter(studio=residency.studio_id, kind__in=RecognitionEvent.ENDING)


def lapsed_changes(residency):
    return LeaderChange.objects.unfollowed().filter(studio=residency.studio_id).select_related("leaving")


def failed_orders(residency):
    return RectificationOrder.objects.unmet().filter(residency=residency)


# ── steps ───────────────────────────────────────────────────────────────────────────────────────
class DefenceForm(StepForm):
    """陈述申辩, once: it stands as it was made."""

    text = LongText(label="陈述申辩", max_length=4000, rows=10, help_text="提交后不能修改，请写全。")
    file_1 = attachments.UploadField(label="证明材料", required=False, help_text="PDF、JPG 或 PNG。")
    file_2 = attachments.UploadField(label="证明材料（第二份）", required=False)
    file_3 = attachments.UploadField(label="证明材料（第三份）", required=False)

    def clean(self):
        data = super().clean()
        data["files"] = [file for n in (1, 2, 3) if (file := data.get(f"file_{n}"))]
        return data


class PaperDefenceForm(DefenceForm):
    """A statement that came on paper; the scan is one of its files."""

    received_on = DayField(label="收到日期", help_text="邮寄的，填邮戳日期。")
    field_order = ["received_on", "text", "file_1", "file_2", "file_3"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = "照书面材料录入，或写明要点。"
        self.fields["file_1"].required = True
        self.fields["file_1"].label = "书面材料扫描件"
        self.fields["file_1"].error_messages["required"] = "请上传“书面材料扫描件”。"

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("“收到日期”不能晚于今天。")
        return day


class ResolutionForm(StepForm):
    """What the working group resolved, by its minutes; the defence is answered in words."""

    minutes_no = ShortText(label="会议纪要文号", max_length=60)
    minutes_on = DayField(label="会议日期")
    reason = LongText(label="决定理由", max_length=500, rows=4)
    defence_answer = LongText(label="对陈述申辩的答复", max_length=2000, rows=6, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_defence = bool(self.record and self.record.defence in ("online", "paper"))
        answer = self.fields["defence_answer"]
        if self.has_defence:
            answer.required = True
            answer.error_messages["required"] = "工作室陈述申辩过，请写明对陈述申辩的答复。"
            answer.help_text = "逐点说明采纳或者不采纳及理由，印在决定书上。"
        else:
            del self.fields["defence_answer"]

    def clean_minutes_on(self):
        day = self.cleaned_data["minutes_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("“会议日期”不能晚于今天。")
        if self.record.notice_served_on and day < self.record.notice_served_on:
            raise forms.ValidationError("“会议日期”不能早于告知书送达的日期。")
        return day

    def clean(self):
        data = super().clean()
        data.setdefault("defence_answer", "")
        return data


class ArchiveForm(StepForm):
    archive_no = ShortText(label="档号", max_length=60, required=False, help_text="由档案室编给，可以留空。")


class NoteForm(PlainForm):
    """The public note: title and text; the row comes from the case."""

    title = ShortText(label="标题", max_length=80)
    text = LongText(
        label="正文", max_length=4000, rows=8, help_text="只写依据和决定，不写事实、理由和个人信息。"
    )

    def clean_text(self):
        text = self.cleaned_data["text"]
        if found := personal_data_in(text):
            raise forms.ValidationError(f"其中有{'、'.join(found)}，这段文字会对外公开，请删去。")
        return text
