"""Signing in, leave, closures, and what the office enters for a studio [A2.2]."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from park.forms.fields import DayField, LongText, PlainForm, ShortText

LONGEST_LEAVE = 366


class CheckInForm(PlainForm):
    """The code of the day, where the park asks for it."""

    code = ShortText(
        label="当日签到码",
        max_length=10,
        help_text="6 位数字，显示在园区入口的屏幕上，每天更换。",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, asks_code, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_code:
            del self.fields["code"]


class SpanForm(PlainForm):
    """From one day to another, both included."""

    starts_on = DayField(label="从")
    ends_on = DayField(label="至")

    def clean(self):
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "“至”不能早于“从”。")
        elif start and end and (end - start).days > LONGEST_LEAVE:
            self.add_error("ends_on", "一次最长一年，请分次填写。")
        return data


class LeaveForm(SpanForm):
    reason = LongText(label="事由", rows=3, max_length=300)


class ClosureForm(SpanForm):
    reason = ShortText(label="原因", max_length=120, help_text="如：国庆假期闭园、电力检修。")


class AnswerForm(PlainForm):
    """A few words with an approval, if there are any."""

    reason = LongText(label="批复", rows=2, max_length=300, required=False)

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, **kwargs)


class RefusalForm(AnswerForm):
    reason = LongText(label="理由", rows=3, max_length=300)


class EnterDayForm(PlainForm):
    """A day that the office enters for somebody of the studio."""

    person = forms.ModelChoiceField(None, label="到园人", empty_label=None)
    day = DayField(label="日期")
    note = ShortText(label="依据", max_length=200, help_text="如：纸质签到表第 3 行。")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["person"].label_from_instance = lambda person: person.name

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError("还没有到这一天，不能登记。")
        return day


class VoidForm(PlainForm):
    reason = ShortText(label="作废原因", max_length=200)


def month_asked(text: str) -> date:
    """The first day of the month in the address (2026-03); this month for anything else."""
    today = timezone.localdate()
    try:
        first = date.fromisoformat(f"{str(text)[:7]}-01")
    except ValueError:
        return today.replace(day=1)
    return min(max(first, date(2010, 1, 1)), today.replace(day=1))
