"""What is typed in about meters and what they show [5.3]."""

from decimal import Decimal

from django import forms
from django.utils import timezone

from park.forms.fields import DayField, PlainForm, ShortText
from workshops.models import MeterKind, Room


def shown_value(**kwargs):
    """What a meter shows: not negative, two decimals."""
    label = kwargs["label"]
    return forms.DecimalField(
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": f"“{label}”请填数字，最多两位小数。",
            "min_value": f"“{label}”不能小于 0。",
            "max_digits": f"“{label}”过大，请核对。",
            "max_whole_digits": f"“{label}”过大，请核对。",
            "max_decimal_places": f"“{label}”最多两位小数。",
        },
        **kwargs,
    )


def _past(form, name):
    day = form.cleaned_data[name]
    if day > timezone.localdate():
        raise forms.ValidationError(f"“{form.fields[name].label}”不能晚于今天。")
    return day


class MeterForm(PlainForm):
    room = forms.ModelChoiceField(None, label="房间", empty_label="请选择")
    kind = forms.ChoiceField(label="种类", choices=[("", "请选择"), *MeterKind.choices])
    number = ShortText(label="表号", max_length=30)
    factor = forms.DecimalField(
        label="倍率", max_digits=7, decimal_places=2, min_value=Decimal("0.01"), initial=1,
        help_text="直接读数的填 1；经互感器的电表填互感器的倍率。",
    )  # fmt: skip
    installed_on = DayField(label="装表日期")
    value = shown_value(label="装表时的读数")
    note = ShortText(label="说明", max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.all()

    def clean_installed_on(self):
        return _past(self, "installed_on")


class RemovalForm(PlainForm):
    removed_on = DayField(label="拆表日期")
    value = shown_value(label="拆表时的读数")

    def clean_removed_on(self):
        return _past(self, "removed_on")


class ReadingDayForm(PlainForm):
    read_on = DayField(label="抄表日期")

    def clean_read_on(self):
        return _past(self, "read_on")


class ReadingForm(PlainForm):
    """One meter of the round; blank where it was not read."""

    value = shown_value(label="本次读数", required=False)
