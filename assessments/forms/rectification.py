"""What is typed about a rectification [5.4.4]: the order with its items, the report, the re-check."""

from django import forms
from django.utils import timezone

from assessments.forms.inspection import InspectorsField
from assessments.models import RectificationItem
from park import attachments, rules
from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.forms.steps import ReasonForm, StepForm
from park.models import User
from park.templatetags.ui import CLAUSE
from workshops.charges.term import corresponding_day

Verdict = RectificationItem.Verdict
BLANK_ITEMS = 4  # rows to write on beside those that the card proposes
MAX_ROWS = 20


class OrderForm(PlainForm):
    """Beside the items."""

    issued_on = DayField(label="通知日期", help_text="整改期限从这一天的次日起算。")
    note = LongText(
        label="总的要求", max_length=500, rows=3, required=False, help_text="印在通知书上，可不填。"
    )

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("“通知日期”不能晚于今天。")
        return day


class ItemForm(PlainForm):
    """One thing to put right; a row left empty is none."""

    clause = ShortText(label="依据条款", max_length=10, required=False, help_text="例如 A2.9。")
    problem = LongText(label="存在的问题", max_length=500, rows=2, required=False)
    demand = LongText(label="整改要求", max_length=500, rows=2, required=False)

    def clean_clause(self):
        code = self.cleaned_data["clause"].upper()
        if code and not CLAUSE.fullmatch(code):
            raise forms.ValidationError("“依据条款”请按 A2.9、A2.B1、5.3 这样填写。")
        return code

    def clean(self):
        data = super().clean()
        if any(data.get(name) for name in ("problem", "demand")):
            for name in ("clause", "problem", "demand"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写“{self.fields[name].label}”。")
        return data

    @property
    def is_meant(self) -> bool:
        return bool(self.cleaned_data.get("problem"))


class ReportForm(StepForm):
    """What was done about every item, with proof; what an earlier report proved need not be sent again."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = list(self.record.items.prefetch_related("proofs")) if self.record else []
        last = self.record.report() if self.record else None
        said = {row.item_id: row.done for row in last.answers.all()} if last else {}
        for item in self.items:
            n, has_proof = item.number, bool(item.proofs.all())
            self.fields[f"done_{n}"] = LongText(
                label=f"第{n}项的整改情况",
                max_length=1000,
                rows=4,
                initial=said.get(item.pk),
                help_text=f"整改要求：{item.demand}",
                error_messages={"required": f"请写明第{n}项的整改情况。"},
            )
            self.fields[f"proof_{n}"] = attachments.UploadField(
                label=f"第{n}项的整改证明",
                required=not has_proof,
                help_text="照片或文件，JPG、PNG 或 PDF。" + ("已有证明的可以不再上传。" if has_proof else ""),
                error_messages={"required": f"请上传第{n}项的整改证明。"},
            )
            self.fields[f"more_{n}"] = attachments.UploadField(
                label=f"第{n}项的整改证明（第二份）", required=False
            )
        self.fields["statement"] = LongText(
            label="总体情况", max_length=2000, rows=4, required=False, initial=last.statement if last else ""
        )
        for field in self.fields.values():
            if limit := getattr(field, "max_length", None):
                field.error_messages["max_length"] = (
                    f"“{field.label}”最多 {limit} 字，现有 %(show_value)d 字。"
                )

    def clean(self):
        data = super().clean()
        data["answers"] = {
            item.number: (
                data.get(f"done_{item.number}"),
                [file for name in ("proof", "more") if (file := data.get(f"{name}_{item.number}"))],
            )
            for item in self.items
        }
        return data


class ExtendForm(ReasonForm):
    until = DayField(label="延长到")
    field_order = ["until", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.record:
            self.last = corresponding_day(
                self.record.first_deadline, rules.get("rectification_extension_months")
            )
            self.fields["until"].initial = self.last

    def clean_until(self):
        day = self.cleaned_data["until"]
        if not self.record.first_deadline < day <= self.last:
            first, last = (f"{d.year}年{d.month}月{d.day}日" for d in (self.record.first_deadline, self.last))
            raise forms.ValidationError(f"延长后的期限应在{first}之后，最晚{last}（本园设定）。")
        return day


class RecheckForm(StepForm):
    """A verdict with its note for each item, who looked, when, and the opinion."""

    all_met = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rechecked_on"] = DayField(label="复查日期", initial=timezone.localdate())
        self.items = list(self.record.items.all()) if self.record else []
        for item in self.items:
            n = item.number
            self.fields[f"verdict_{n}"] = forms.ChoiceField(
                label=f"第{n}项",
                choices=Verdict.choices,
                widget=forms.RadioSelect,
                help_text=f"整改要求：{item.demand}",
                error_messages={"required": f"请选择第{n}项的复查结论。"},
            )
            self.fields[f"note_{n}"] = ShortText(
                label=f"第{n}项的复查情况",
                max_length=300,
                error_messages={"required": f"请写明第{n}项的复查情况。"},
            )
        self.fields["opinion"] = LongText(
            label="复查意见", max_length=1000, rows=4, help_text="印在《限期整改复查意见》上。",
            error_messages={"required": "请写明复查意见。"},
        )  # fmt: skip
        self.fields["recheckers"] = InspectorsField(required=False)
        self.fields["recheckers"].label = "一同复查的人员"
        self.fields["recheckers"].help_text = "您本人不用选。"
        self.fields["recheckers"].queryset = self._people()

    def _people(self):
        if not self.record:
            return User.objects.none()
        roles = ("office", "lead_division", "logistics", "attraction")
        rows = User.objects.with_role(*roles).exclude(pk__in=self.record.studio.people.values("pk"))
        return rows.select_related("unit").order_by("real_name", "pk")

    def clean_rechecked_on(self):
        day = self.cleaned_data["rechecked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("“复查日期”不能晚于今天。")
        if day < self.record.issued_on:
            raise forms.ValidationError("“复查日期”不能早于通知日期。")
        return day

    def clean(self):
        data = super().clean()
        data["verdicts"] = {
            item.number: (data.get(f"verdict_{item.number}"), data.get(f"note_{item.number}"))
            for item in self.items
        }
        unmet = [n for n, (verdict, _) in data["verdicts"].items() if verdict == Verdict.UNMET]
        complete = all(verdict for verdict, _ in data["verdicts"].values())
        if self.all_met and unmet:
            self.add_error(
                f"verdict_{unmet[0]}",
                "还有不达标的事项：期限届满前请退回补充，期限届满后请按“复查不合格”办理。",
            )
        if not self.all_met and complete and not unmet and self.items:
            self.add_error(f"verdict_{self.items[0].number}", "各项都达标，请按“复查合格”办理。")
        return data


class PassForm(RecheckForm):
    all_met = True


class FailForm(RecheckForm):
    def clean_rechecked_on(self):
        day = super().clean_rechecked_on()
        if day <= self.record.deadline:
            raise forms.ValidationError("“复查日期”应在整改期限届满以后。")
        return day
