"""What is typed to end a residency, and the base of the forms that go with a step [5.3]."""

from django import forms
from django.utils import timezone

from park.forms.fields import DayField, LongText, PlainForm
from workshops.models import Departure


class StepForm(PlainForm):
    """Base of the forms that go with a step of a procedure."""

    def __init__(self, *args, record=None, **kwargs):
        self.record = record
        super().__init__(*args, **kwargs)


class ReasonForm(PlainForm):
    """An act that only has to say why."""

    reason = LongText(label="原因", max_length=300, rows=3)


class LapseForm(StepForm):
    reason = LongText(
        label="情况说明", max_length=200, rows=3, help_text="例如几次联系未果、工作室表示放弃。"
    )


class EndForm(StepForm):
    ended_on = DayField(label="退出日期", help_text="不早于房间交还的日期，不晚于今天。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        departure = self.record.departures.open().first()
        if departure:
            self.fields["ended_on"].initial = min(departure.leaves_on, timezone.localdate())


class LeaveForm(PlainForm):
    """The studio asks, or the office decides; the studio has only one ground."""

    ground = forms.ChoiceField(label="情形", choices=Departure.Ground.choices, widget=forms.RadioSelect)
    reason = LongText(label="原因", max_length=300, rows=3)
    leaves_on = DayField(
        label="拟退出日期", help_text="各房间的交还清单按这一天开列，实际交还的日期以双方确认为准。"
    )

    def __init__(self, *args, by_studio, **kwargs):
        super().__init__(*args, **kwargs)
        if by_studio:
            del self.fields["ground"]
