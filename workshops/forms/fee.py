"""What is typed in about prices, bills and payments [5.3]: yuan in, fen out; months as 2026-03."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils import timezone

from park.forms.fields import DayField, MoneyField, PlainForm, ShortText
from park.tables import QuickSelect
from park.validators import half_width
from workshops.models import FeeKind, Payment


def month_in(text) -> date | None:
    """The first day of the month written as 2026-03; None for anything else."""
    try:
        year, month = str(text or "").split("-")[:2]
        return date(int(year), int(month), 1) if 2000 <= int(year) <= 2100 else None
    except ValueError:
        return None


class MonthField(forms.CharField):
    """A month, picked in the browser or typed as 2026-03; its first day."""

    def __init__(self, *, label, **kwargs):
        kwargs.setdefault("widget", forms.TextInput({"type": "month"}))
        super().__init__(label=label, max_length=10, **kwargs)

    def prepare_value(self, value):
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def clean(self, value):
        text = super().clean(value)
        month = month_in(text)
        if text and month is None:
            raise forms.ValidationError(f"“{self.label}”请按 2026-03 这样填写。")
        return month


class ReasonForm(PlainForm):
    """A step, or an act, that only has to say why."""

    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因。"},
    )

    def __init__(self, *args, record=None, **kwargs):
        self.record = record
        super().__init__(*args, **kwargs)


class PriceField(forms.CharField):
    """A price in yuan per unit with up to six decimals, in fen with up to four."""

    def __init__(self, *, label, **kwargs):
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label=label, max_length=16, widget=widget, **kwargs)

    def clean(self, value):
        text = half_width(super().clean(value))
        if not text:
            return None
        try:
            yuan = Decimal(text)
            fen = yuan * 100
            if not yuan.is_finite() or not 0 <= yuan < 10**7 or fen != fen.quantize(Decimal("0.0001")):
                raise InvalidOperation
        except InvalidOperation:
            raise forms.ValidationError(
                f"“{self.label}”请填 0 以上的数，单位是元，最多六位小数，例如 0.5283。"
            ) from None
        return fen


class RateForm(PlainForm):
    kind = forms.ChoiceField(label="费用", choices=[("", "请选择"), *FeeKind.choices])
    unit_fen = PriceField(
        label="单价（元）",
        help_text="水费每立方米，电费每千瓦时，物业管理费和租金每平方米每月，其他费用每户每月。",
    )
    valid_from = DayField(label="执行日期", help_text="同一种费用现行的标准在前一天截止。")
    document_no = ShortText(label="文号或依据", max_length=80)
    note = ShortText(label="说明", max_length=200, required=False)


class OneOffForm(PlainForm):
    """What is charged once."""

    day = DayField(label="发生日期")
    amount_fen = MoneyField(label="金额（元）")
    reason = ShortText(
        label="事由",
        max_length=100,
        help_text="印在缴费通知单上，例如：补配 201 室门钥匙一把。不写个人信息。",
    )
    period = MonthField(
        label="计入账期",
        required=False,
        help_text="不填的，计入发生当月；当月的其他费用已经出账的，计入之后第一个没有出账的月份。",
    )


class PaymentForm(PlainForm):
    amount_fen = MoneyField(label="金额（元）")
    method = forms.ChoiceField(label="方式", choices=Payment.Method.choices)
    paid_on = DayField(label="缴费日期")
    receipt_no = ShortText(label="票据号", max_length=40, help_text="收据或发票的号码。")

    def clean_paid_on(self):
        day = self.cleaned_data["paid_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("缴费日期不能晚于今天。")
        return day


class BillFilter(forms.Form):
    """The list of bills: by month, status, overdue, studio; everything is kept in the address."""

    STATUSES = (
        ("draft", "待签发"),
        ("issued", "待缴"),
        ("overdue", "已逾期"),
        ("paid", "已缴清"),
        ("cancelled", "已作废"),
    )

    q = forms.CharField(label="工作室或账单编号", max_length=60, required=False)
    period = MonthField(label="账期", required=False)
    status = forms.ChoiceField(
        label="状态", choices=[("", "全部状态"), *STATUSES], required=False, widget=QuickSelect
    )
