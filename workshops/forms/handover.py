"""What is typed into the list of a hand-over, and the studio's answer to it [5.3]."""

from django import forms

from park.forms.fields import DayField, LongText, PlainForm, ShortText
from workshops.models import HandoverItem


class HandoverForm(PlainForm):
    day = DayField(label="交接日期")
    remark = LongText(label="情况说明", max_length=500, rows=3, required=False, help_text="印在交接单上。")
    version = forms.IntegerField(widget=forms.HiddenInput)


class ItemForm(PlainForm):
    """One line. A blank label leaves the line out."""

    label = ShortText(label="项目", max_length=40, required=False)
    unit = ShortText(label="单位", max_length=10, required=False)
    quantity = forms.DecimalField(
        label="数量或读数",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        error_messages={"invalid": "“数量或读数”应填数字。", "min_value": "“数量或读数”不能小于0。"},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    condition = forms.ChoiceField(label="状况", choices=HandoverItem.Condition.choices)
    note = ShortText(label="说明", max_length=100, required=False)

    def clean(self):
        data = super().clean()
        typed = data.get("quantity") is not None or data.get("note")
        if typed and not data.get("label"):
            self.add_error("label", "请填写“项目”。")
        return data

    def row(self) -> dict | None:
        """The arguments of one item, None for a blank line."""
        data = self.cleaned_data
        if not data.get("label"):
            return None
        return data | {"is_reading": "底数" in data["label"]}


ItemFormSet = forms.formset_factory(ItemForm, extra=2, max_num=60, absolute_max=62)


class AnswerForm(PlainForm):
    """The studio says whether the list is right."""

    agrees = forms.ChoiceField(
        label="交接清单",
        choices=[("yes", "属实，予以确认"), ("no", "有出入，请园区核对")],
        widget=forms.RadioSelect,
    )
    remark = LongText(
        label="意见", max_length=500, rows=3, required=False, help_text="有出入的，请写明哪些项目。"
    )

    def clean(self):
        data = super().clean()
        if data.get("agrees") == "no" and not data.get("remark", "").strip():
            self.add_error("remark", "请写明哪些项目有出入。")
        return data
