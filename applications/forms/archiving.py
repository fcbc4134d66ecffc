"""In which form is a whole file taken out, and which cases do the statistics count?"""

from datetime import date

from django import forms

from applications.models import Batch
from park.forms.fields import DayField
from park.tables import QuickSelect


class ArchiveForm(forms.Form):
    """How the files of the chosen cases are wanted."""

    form = forms.ChoiceField(
        label="导出方式",
        choices=[
            ("zip", "压缩包：每件一个文件夹，含全部文书、附件原件、案卷目录和校验清单"),
            ("pdf", "合并成册：每件一个 PDF，按顺序排好、编好页号，用于打印"),
        ],
        widget=forms.RadioSelect,
        initial="zip",
        error_messages={"required": "请选择导出方式。", "invalid_choice": "请从列表中选择导出方式。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class StatisticsFilter(forms.Form):
    """Which cases are counted, kept in the address: those first filed in a batch, a year or a period."""

    batch = forms.ModelChoiceField(
        None, label="批次", required=False, empty_label="全部批次", widget=QuickSelect,
        error_messages={"invalid_choice": "没有这个批次。"},
    )  # fmt: skip
    year = forms.TypedChoiceField(
        label="年度", required=False, coerce=int, empty_value=None, widget=QuickSelect,
        error_messages={"invalid_choice": "没有这个年度。"},
    )  # fmt: skip
    since = DayField(
        label="提交日期从", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请填写日期，如 2026-03-05。"},
    )  # fmt: skip
    until = DayField(
        label="到", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请填写日期，如 2026-03-05。"},
    )  # fmt: skip

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["batch"].queryset = Batch.objects.all()
        self.fields["year"].choices = [("", "全部年度"), *((y, f"{y}年") for y in years)]

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "截止日期早于起始日期。")
        for name in ("since", "until"):
            if data.get(name) and not date(2000, 1, 1) <= data[name] <= date(2100, 1, 1):
                self.add_error(name, "请填写 2000 年以后的日期。")
        return data
