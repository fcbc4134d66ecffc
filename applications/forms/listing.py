"""Forms of the candidate list and its resolution."""

from django import forms
from django.utils import timezone

from applications.forms.filing import StepForm
from applications.models import Batch, ListEntry, MemberOpinion
from park.forms.fields import DayField, ShortText
from park.forms.people import name_fields_in_refusals

MANY = 999  # places; more is a slip of the finger
DECISIONS = [(value, label) for value, label in ListEntry.Decision.choices]
STANCES = [("", "暂不表态"), *MemberOpinion.Stance.choices]


class BatchForm(forms.Form):
    """Which cases are offered for a new list."""

    batch = forms.ModelChoiceField(
        label="申报批次", queryset=Batch.objects.all(), required=False, empty_label="全部批次"
    )


class ListForm(forms.Form):
    """What people decide about a list; which cases stand on it is ticked beside, their order is computed."""

    title = ShortText(label="名单名称", max_length=60)
    places = forms.IntegerField(
        label="可入驻名额",
        min_value=1,
        max_value=MANY,
        help_text="这次可以入驻几家工作室。名次在名额以内的列为候选，其余列为候补。",
        error_messages={
            "min_value": "可入驻名额至少 1 个。",
            "max_value": f"可入驻名额最多 {MANY} 个。",
            "invalid": "可入驻名额请填整数。",
        },
    )
    note = forms.CharField(
        label="编制说明",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="选填，印在候选名单上，例如名额的依据。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        name_fields_in_refusals(self)


class OpinionsForm(forms.Form):
    """A member unit's stance and words on each row of a list."""

    def __init__(self, *args, entries, given, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.entries = entries
        for entry in entries:
            had = given.get(entry.pk)
            self.fields[f"stance_{entry.pk}"] = forms.ChoiceField(
                label=f"第{entry.rank}名的意见",
                choices=STANCES,
                required=False,
                initial=had.stance if had else "",
                error_messages={"invalid_choice": "请从列表中选择意见。"},
            )
            self.fields[f"text_{entry.pk}"] = forms.CharField(
                label=f"第{entry.rank}名的说明",
                required=False,
                max_length=500,
                initial=had.text if had else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        name_fields_in_refusals(self)

    def rows(self):
        """(entry, stance, text) as bound fields, for the page."""
        return [(e, self[f"stance_{e.pk}"], self[f"text_{e.pk}"]) for e in self.entries]

    def clean(self):
        cleaned = super().clean()
        for entry in self.entries:
            stance, text = cleaned.get(f"stance_{entry.pk}"), cleaned.get(f"text_{entry.pk}")
            if stance not in ("", None, MemberOpinion.Stance.APPROVE) and not text:
                self.add_error(f"text_{entry.pk}", f"第{entry.rank}名：不是“建议同意”的，请写明理由。")
            if text and not stance:
                self.add_error(f"stance_{entry.pk}", f"第{entry.rank}名：写了说明，请同时选择意见。")
        return cleaned

    def opinions(self) -> dict:
        """row pk → (stance, text)."""
        data = self.cleaned_data
        return {e.pk: (data[f"stance_{e.pk}"], data[f"text_{e.pk}"]) for e in self.entries}


class ResolutionForm(StepForm):
    """The decision of the leader on every row, with minutes and text. `rows`: entries, each with `own` set where
    the leader speaks for, or works in, the unit that applies."""

    minutes_no = ShortText(
        label="会议纪要文号", max_length=60, help_text="工作小组会议纪要的文号，印在审核认定意见和申报表上。"
    )
    minutes_on = DayField(
        label="会议日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "会议日期请按 2026-03-05 的格式填写。"},
    )
    resolution = forms.CharField(
        label="审核认定意见",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        initial="经项目工作小组会议审核，对候选名单逐项作出认定，认定同意的按规定公示后确定入驻。",
    )

    def __init__(self, *args, rows=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.entries = list(rows)
        for entry in self.entries:
            self.fields[f"decision_{entry.pk}"] = forms.ChoiceField(
                label="决定",
                choices=DECISIONS,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"第{entry.rank}名：请选择决定。",
                    "invalid_choice": f"第{entry.rank}名：请从所列的决定中选择。",
                },
            )
            self.fields[f"reason_{entry.pk}"] = forms.CharField(
                label="理由",
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="不同意、退回复议的必填。",
            )
            if entry.own:
                self.fields[f"own_{entry.pk}"] = forms.BooleanField(
                    label="我已知悉这家申报单位与我所在（所代表）的单位相同或相近，同意在名单和审核认定意见上注明。",
                    error_messages={"required": f"第{entry.rank}名：涉及本单位的，请确认已知悉并同意注明。"},
                )
        name_fields_in_refusals(self)

    def common(self):
        return [self["minutes_no"], self["minutes_on"], self["resolution"]]

    def rows(self):
        """(entry, decision, reason, acknowledgement or None) as bound fields, for the page."""
        return [
            (
                e,
                self[f"decision_{e.pk}"],
                self[f"reason_{e.pk}"],
                self[f"own_{e.pk}"] if e.own else None,
            )
            for e in self.entries
        ]

    def clean_minutes_on(self):
        day = self.cleaned_data["minutes_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("会议日期不能晚于今天。", code="future")
        if self.record.sent_at and day < timezone.localdate(self.record.sent_at):
            raise forms.ValidationError("会议日期不能早于名单报送的日期。", code="before_sending")
        return day

    def clean(self):
        cleaned = super().clean()
        for entry in self.entries:
            decision = cleaned.get(f"decision_{entry.pk}")
            if decision in ("decline", "return") and not cleaned.get(f"reason_{entry.pk}"):
                self.add_error(f"reason_{entry.pk}", f"第{entry.rank}名：不同意、退回复议的，请写明理由。")
        return cleaned

    def data_for_step(self) -> dict:
        """What `resolve_list` takes."""
        data = self.cleaned_data
        return {
            "minutes_no": data["minutes_no"],
            "minutes_on": data["minutes_on"],
            "resolution": data["resolution"],
            "decisions": {
                e.pk: {
                    "decision": data[f"decision_{e.pk}"],
                    "reason": data[f"reason_{e.pk}"],
                    "own_unit": data.get(f"own_{e.pk}", False),
                }
                for e in self.entries
            },
        }


class OfficeBoxForm(forms.Form):
    """Box 12 of [A1], for one case or several at once."""

    text = forms.CharField(
        label="管理办公室审批意见",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="印在申报表的“市技能大师产业创新园管理办公室审批意见”一栏，应引用会议纪要文号；盖章和日期留空。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        name_fields_in_refusals(self)
