"""The forms of a return: its figures as its definition names them, the office's questions, the definition itself."""

from decimal import Decimal

from django import forms
from django.utils.html import escape

from park.forms.fields import DayField, LongText, PlainForm, ShortText
from workshops.forms.ledger import YuanField
from workshops.models import FigureKind, PeriodKind, ReturnStatus
from workshops.sources import SOURCES

MOST = 10**12
MOST_FIGURES = 40
SPARE_LINES = 3  # empty lines to add figures, without JavaScript


def shown(value, kind: str, unit: str = "") -> str:
    """A figure as people read it: 12 人, 1,200.50 元; "" where there is none."""
    if value is None:
        return ""
    if kind == FigureKind.MONEY:
        text = f"{Decimal(value) / 100:,.2f}"
    elif kind == FigureKind.INT:
        text = f"{int(value):,}"
    else:
        text = f"{Decimal(value):,.2f}"
    return f"{text} {unit}".strip()


def _field(figure) -> forms.Field:
    common = {"label": figure.label, "required": False, "help_text": escape(figure.help)}
    if figure.kind == FigureKind.MONEY:
        return YuanField(**common)
    sentences = {
        "invalid": f"“{figure.label}”请填{'整数' if figure.kind == FigureKind.INT else '数字'}。",
        "min_value": f"“{figure.label}”不能小于 0。",
        "max_value": f"“{figure.label}”太大了，请检查。",
        "max_decimal_places": f"“{figure.label}”最多两位小数。",
    }
    if figure.kind == FigureKind.INT:
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        return forms.IntegerField(
            min_value=0, max_value=MOST, widget=widget, error_messages=sentences, **common
        )
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.DecimalField(
        min_value=0, max_value=MOST, decimal_places=2, widget=widget, error_messages=sentences, **common
    )


def _typed(value, kind):
    if value is None:
        return None
    if kind == FigureKind.MONEY:
        return f"{Decimal(value) / 100:.2f}"
    return int(value) if kind == FigureKind.INT else value


class ValuesForm(PlainForm):
    """All figures of one return. A saved return may have gaps; what differs from the system needs its reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, values, questions, note="", version=0, **kwargs):
        """`values`: rows with their figure; `questions`: value id → the open question."""
        self.values, self.questions = list(values), questions
        initial = {"version": version, "note": note}
        for row in self.values:
            given = row.known if row.value is None else row.value
            initial[f"v{row.pk}"] = _typed(given, row.figure.kind)
            initial[f"r{row.pk}"] = row.reason
        super().__init__(*args, initial=initial, **kwargs)
        for row in self.values:
            self.fields[f"v{row.pk}"] = _field(row.figure)
            if row.known is not None:
                self.fields[f"r{row.pk}"] = ShortText(label="更正原因", max_length=200, required=False)
            if row.pk in questions:
                self.fields[f"a{row.pk}"] = ShortText(label="答复", max_length=300, required=False)
        self.fields["note"] = LongText(
            label="情况说明", rows=3, max_length=500, required=False, help_text="需要向管理办公室说明的情况。"
        )
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("id", f"id_{name}")

    def rows(self) -> list[dict]:
        """Each figure with its fields, for the page."""
        return [
            {
                "row": row,
                "figure": row.figure,
                "known": shown(row.known, row.figure.kind, row.figure.unit),
                "value": self[f"v{row.pk}"],
                "reason": self[f"r{row.pk}"] if row.known is not None else None,
                "question": self.questions.get(row.pk),
                "answer": self[f"a{row.pk}"] if row.pk in self.questions else None,
            }
            for row in self.values
        ]

    def clean(self):
        data = super().clean()
        for row in self.values:
            value = data.get(f"v{row.pk}")
            differs = row.known is not None and value is not None and value != row.known
            if differs and not data.get(f"r{row.pk}") and f"v{row.pk}" not in self.errors:
                self.add_error(f"r{row.pk}", f"“{row.figure.label}”与系统记录不同，请写明更正原因。")
        return data

    def entries(self) -> dict:
        """value id → (value, reason)."""
        data = self.cleaned_data
        return {row.pk: (data.get(f"v{row.pk}"), data.get(f"r{row.pk}") or "") for row in self.values}

    def answers(self) -> dict:
        """question id → answer."""
        return {question.pk: self.cleaned_data.get(f"a{pk}") or "" for pk, question in self.questions.items()}


# ── steps ───────────────────────────────────────────────────────────────────────────────────────
class ReturnReasonForm(PlainForm):
    """A step that only has to say why."""

    reason = LongText(label="原因", rows=3, max_length=300, help_text="工作室会看到。")

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, **kwargs)


class QueryForm(PlainForm):
    """What the office asks: a question beside each figure that it doubts, at least one."""

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, **kwargs)
        # templates that ask whether a step has a form make one without a record
        self.rows = list(record.values.select_related("figure")) if record else []
        for row in self.rows:
            figure = row.figure
            said = f"报送 {shown(row.value, figure.kind, figure.unit) or '未填'}"
            if row.known is not None:
                said += f"；系统记录 {shown(row.known, figure.kind, figure.unit)}"
            if row.reason:
                said += f"；更正原因：{row.reason}"
            # help is shown as HTML, and a reason is typed by people
            field = ShortText(
                label=figure.label, max_length=300, required=False, help_text=escape(f"{said}。")
            )
            self.fields[f"q{row.pk}"] = field
            field.widget.attrs["id"] = f"id_q{row.pk}"

    def clean(self):
        data = super().clean()
        data["questions"] = {row.pk: text for row in self.rows if (text := data.get(f"q{row.pk}"))}
        if not data["questions"] and not self.errors:
            raise forms.ValidationError("请至少对一项指标写明疑问。")
        return data


# ── definitions ─────────────────────────────────────────────────────────────────────────────────
class DefinitionForm(PlainForm):
    """What a return is called, how often it is due, since when."""

    title = ShortText(label="报表名称", max_length=60)
    period = forms.ChoiceField(label="报送周期", choices=PeriodKind.choices)
    guidance = LongText(
        label="填报说明", rows=3, max_length=500, required=False, help_text="工作室填报时看到，也印在报表上。"
    )
    due_days = forms.IntegerField(
        label="报送期限（工作日）",
        min_value=1,
        max_value=60,
        required=False,
        help_text="从报送期结束的次日起算；不填的按本园设定。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "“报送期限”请填整数。",
            "min_value": "“报送期限”至少 1 个工作日。",
            "max_value": "“报送期限”最多 60 个工作日。",
        },
    )
    active_from = DayField(label="启用日期", help_text="这一天以后结束的报送期才开报。")
    active_until = DayField(
        label="停用日期", required=False, help_text="这一天以后结束的报送期不再开报；不停用的不填。"
    )

    def clean(self):
        data = super().clean()
        first, last = data.get("active_from"), data.get("active_until")
        if first and last and last < first:
            self.add_error("active_until", "停用日期早于启用日期。")
        return data


class FigureForm(PlainForm):
    """One line of the definition. A line without a name is no line."""

    code = forms.SlugField(max_length=30, required=False, widget=forms.HiddenInput)
    label = ShortText(label="指标", max_length=40, required=False)
    unit = ShortText(label="单位", max_length=10, required=False)
    kind = forms.ChoiceField(label="类型", choices=FigureKind.choices, required=False)
    source = forms.ChoiceField(label="系统取数", required=False)
    help = ShortText(label="填报口径", max_length=200, required=False)
    is_required = forms.BooleanField(label="必填", required=False, initial=True)
    order = forms.IntegerField(
        label="顺序",
        min_value=1,
        max_value=99,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "“顺序”请填整数。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [("", "由工作室填报"), *((s.code, s.label) for s in SOURCES.values())]

    def clean(self):
        data = super().clean()
        source = SOURCES.get(data.get("source")) if data.get("label") else None
        if source and data.get("kind") != source.kind:
            kind = FigureKind(source.kind).label
            self.add_error("kind", f"“{source.label}”由系统取数，类型应为“{kind}”。")
        return data


class _FigureFormSet(forms.BaseFormSet):
    def clean(self):
        labels = [form.cleaned_data.get("label") for form in self.forms if _is_line(form)]
        if not labels:
            raise forms.ValidationError("请至少填写一项指标。")
        twice = {label for label in labels if labels.count(label) > 1}
        if twice:
            raise forms.ValidationError(f"指标重复：{'、'.join(sorted(twice))}。")

    def figures(self) -> list[dict]:
        """The lines in their order."""
        lines = [form.cleaned_data for form in self.forms if _is_line(form)]
        lines.sort(key=lambda line: line.get("order") or 100)
        names = ("code", "label", "unit", "kind", "source", "help", "is_required")
        return [{name: line.get(name, "") for name in names} for line in lines]


def _is_line(form) -> bool:
    data = getattr(form, "cleaned_data", {})
    return bool(data.get("label")) and not data.get("DELETE")


FigureFormSet = forms.formset_factory(
    FigureForm, formset=_FigureFormSet, extra=SPARE_LINES, can_delete=True, max_num=MOST_FIGURES
)


class OpenForm(PlainForm):
    """Which return is opened, and for which period that is over."""

    definition = forms.ModelChoiceField(None, label="报表", empty_label="请选择", to_field_name="key")
    day = DayField(label="报送期内的任一天", help_text="例如季报填 2026-03-31，开报 2026 年第 1 季度。")

    def __init__(self, *args, definitions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["definition"].queryset = definitions


STATES = (
    ("", "全部"),
    ("missing", "还没报送"),
    ("overdue", "已逾期"),
    *((value, label) for value, label in ReturnStatus.choices if value != "open"),
)
