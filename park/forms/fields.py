"""The fields and the base of forms that all apps share: plain Chinese refusals, code lists, texts with a counter."""

from datetime import date
from typing import NamedTuple

from django import forms
from django.core.cache import cache

from park.money import to_fen, yuan
from park.validators import clean_text, number_in

MAX_RAW = 20_000  # characters kept of one field as typed; longer texts are refused with a sentence


class PlainForm(forms.Form):
    """A form whose refusals name the field in a plain sentence. The browser's own `required` is off: the server
    answers with one summary, and unfinished work may be saved where the page allows it."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        for name, bound in self.fields.items():
            if bound.error_messages["required"] == forms.Field.default_error_messages["required"]:
                word = "上传" if isinstance(bound, forms.FileField) else "填写"
                bound.error_messages["required"] = f"请{word}“{bound.label}”。"
            if isinstance(bound, forms.ChoiceField | forms.ModelChoiceField):
                bound.error_messages["required"] = f"请选择“{bound.label}”。"
                bound.error_messages["invalid_choice"] = f"“{bound.label}”不在可选范围内，请重新选择。"
            limit = getattr(bound, "max_length", None)
            if limit:
                bound.error_messages["max_length"] = (
                    f"“{bound.label}”最多 {limit} 字，现有 %(show_value)d 字。"
                )
                bound.widget.attrs["data-max"] = limit
                bound.widget.attrs.pop("maxlength", None)  # typing past the limit is shown, not cut off
            bound.widget.attrs.setdefault("id", f"id_{self.add_prefix(name)}")


class Code(NamedTuple):
    """A value of a code list with its printed label."""

    code: str
    label: str


class CodeChoice(forms.ChoiceField):
    """A choice from a code list: the code travels, the label is read. Lists are read once a minute, not per row."""

    def __init__(self, model, **kwargs):
        self.model = model
        super().__init__(choices=self._offered, **kwargs)

    def _labels(self) -> dict[str, str]:
        key = f"codes:{self.model._meta.label_lower}"
        return cache.get_or_set(
            key, lambda: {e.code: e.printed for e in self.model.objects.offered()}, timeout=60
        )

    def _offered(self):
        return [("", "请选择"), *self._labels().items()]

    def clean(self, value):
        code = super().clean(value)
        return Code(code, self._labels()[code]) if code else None


class LongText(forms.CharField):
    """A text of several lines with a counter; `cell` says how many characters fit the printed cell."""

    def __init__(self, *, rows=5, cell=0, **kwargs):
        super().__init__(
            widget=forms.Textarea(
                attrs={"rows": rows, "data-counter": "1", **({"data-cell": cell} if cell else {})}
            ),
            **kwargs,
        )

    def clean(self, value):
        return super().clean(clean_text(value or "").replace("\r\n", "\n"))


class ShortText(forms.CharField):
    def clean(self, value):
        return super().clean(clean_text(value or ""))


class DayField(forms.DateField):
    """A day, picked in the browser's own calendar or typed as 2026-03-05. Terms and deadlines are counted on from it,
    so it lies where counting does not leave the calendar."""

    FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)

    def __init__(self, *, label, **kwargs):
        bounds = {"min": f"{self.FIRST}", "max": f"{self.LAST}"}
        kwargs.setdefault("widget", forms.DateInput({"type": "date"} | bounds, format="%Y-%m-%d"))
        kwargs.setdefault("error_messages", {"invalid": f"“{label}”请按 2026-03-05 这样填写。"})
        super().__init__(label=label, **kwargs)

    def clean(self, value):
        day = super().clean(value)
        _refuse_far_years(day, self.label)
        return day


class MomentField(forms.DateTimeField):
    """A day with its time, within the same years."""

    def __init__(self, *, label, **kwargs):
        kwargs.setdefault("widget", forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        kwargs.setdefault("error_messages", {"invalid": f"“{label}”请按 2026-03-05 09:30 这样填写。"})
        super().__init__(label=label, **kwargs)

    def clean(self, value):
        moment = super().clean(value)
        _refuse_far_years(moment, self.label)
        return moment


def _refuse_far_years(day, label):
    if day is not None and not DayField.FIRST.year <= day.year <= DayField.LAST.year:
        first, last = DayField.FIRST.year, DayField.LAST.year
        raise forms.ValidationError(f"“{label}”应在{first}年至{last}年之间，请核对年份。")


class Several(forms.ModelMultipleChoiceField):
    """Rows picked from a list. Keys that no row can have are refused before the database is asked, which knows no
    number of that size."""

    def clean(self, value):
        by_number = self.to_field_name is None and isinstance(value, list | tuple)
        if by_number and any(number_in(key) < 0 for key in value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class MoneyField(forms.CharField):
    """Yuan as people type them (1,234.5), fen as the program keeps them. `least` is the smallest amount, in fen."""

    def __init__(self, *, label, least=1, **kwargs):
        self.least = least
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(label=label, max_length=20, **kwargs)

    def prepare_value(self, value):
        return yuan(value).replace(",", "") if isinstance(value, int) else value

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        try:
            fen = to_fen(typed)
        except ValueError:
            raise forms.ValidationError(
                f"“{self.label}”请填金额（元），最多两位小数，例如 1234.50。"
            ) from None
        if fen < self.least:
            raise forms.ValidationError(f"“{self.label}”不能少于 {yuan(self.least)} 元。")
        return fen


def tidy(text: str, label: str = "", longest: int | None = MAX_RAW) -> str:
    """Typed text without what no database takes (NUL, lone surrogates). Raises ValidationError when far too long."""
    text = "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff").replace("\r\n", "\n")
    if longest is not None and len(text) > longest:
        raise forms.ValidationError(
            f"“{label}”有 {len(text)} 字，超过系统能保存的 {longest} 字，尚未保存；请删减后再保存，或作为附件上传。"
        )
    return text
