"""The form of a ledger record, made from the fields of its kind; those of the roster and of the filters."""

from decimal import Decimal
from functools import cache

from django import forms
from django.utils import timezone

from park import attachments
from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.validators import clean_text, person_name
from workshops.kinds import CLEANERS, KINDS, Field, Kind, lists
from workshops.models import Trainee

DIGITS = {"inputmode": "numeric"}
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
MOST_YUAN = Decimal(10) ** 11
COMMON = ("title", "happened_on", "until_on", "people", "note")


class ReasonForm(forms.Form):
    """A step that only has to say why."""

    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="工作室会看到。",
        error_messages={"required": "请写明原因。"},
    )

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class YuanField(forms.DecimalField):
    """Typed in yuan, at most two decimals; cleaned to fen."""

    def __init__(self, *, label, **kwargs):
        super().__init__(
            label=f"{label}（元）",
            min_value=0,
            max_value=MOST_YUAN,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages={
                "invalid": f"“{label}”请填数字，如 12000 或 12000.50。",
                "min_value": f"“{label}”不能小于 0。",
                "max_value": f"“{label}”太大了，请检查单位是不是元。",
            },
            **kwargs,
        )

    def to_python(self, value):
        text = str(value or "").replace(",", "").replace("，", "").strip()
        number = super().to_python(text)
        known = number is not None and number.is_finite()  # “NaN” is a Decimal, and refused by `validate`
        if known and abs(number) <= MOST_YUAN and number != round(number, 2):
            raise forms.ValidationError("金额最多写到分（两位小数）。")
        return number

    def clean(self, value):
        number = super().clean(value)
        return None if number is None else int(number * 100)


def _form_field(field: Field) -> forms.Field:
    """The form's field of a kind's field. A draft may leave any of them open."""
    words = field.help or (f"例：{field.example}" if field.example else "")
    help_text = "　".join(filter(None, ["提交核验时须填。" if field.required else "", words]))
    common = {"label": field.label, "required": False, "help_text": help_text}
    if field.kind == "choice":
        return forms.ChoiceField(choices=[("", "请选择"), *field.choices], **common)
    if field.kind == "longtext":
        return LongText(rows=4, max_length=field.max_length, **common)
    if field.kind == "money":
        return YuanField(**common)
    if field.kind == "date":
        return DayField(**common)
    if field.kind == "int":
        return forms.IntegerField(
            min_value=0,
            max_value=1_000_000,
            widget=forms.TextInput(attrs=DIGITS),
            error_messages={
                "invalid": f"“{field.label}”请填整数。",
                "min_value": f"“{field.label}”不能小于 0。",
                "max_value": f"“{field.label}”太大了，请检查。",
            },
            **common,
        )
    if field.kind == "link":
        return forms.URLField(
            max_length=field.max_length,
            assume_scheme="https",
            error_messages={"invalid": f"“{field.label}”请填完整的网址，如 https://www.zjrb.cn/a/1.html。"},
            **common,
        )
    return ShortText(max_length=field.max_length, **common)


class EntryForm(PlainForm):
    """One record. What is missing for its verification may stay open; what is typed must be right.

    `cleaned_data` has the common fields, `values()` those of the kind, `uploads()` the files.
    """

    kind: Kind

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self):
        data = super().clean()
        for name in ("happened_on", "until_on"):
            day = data.get(name)
            if day and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
                self.add_error(name, f"年份应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间。")
        start, end = data.get("happened_on"), data.get("until_on")
        if start and end and end < start:
            self.add_error("until_on", f"“{self.kind.until_label}”早于“{self.kind.day_label}”。")
        for name, clean in CLEANERS.items():
            if self.kind.field(name) and data.get(name):
                try:
                    data[name] = clean(data[name])
                except forms.ValidationError as refusal:
                    self.add_error(name, refusal)
        return data

    def values(self) -> dict:
        return {
            field.name: self.cleaned_data[field.name]
            for field in self.kind.fields
            if self.cleaned_data.get(field.name) not in (None, "")
        }

    def common(self) -> dict:
        return {name: self.cleaned_data.get(name) or (None if name == "until_on" else "") for name in COMMON}

    def uploads(self) -> list:
        return [self.cleaned_data[name] for name in ("photo", "file") if self.cleaned_data.get(name)]

    # ── for the page ────────────────────────────────────────────────────────────────────────────
    def quick_fields(self):
        """The few that a phone asks first."""
        names = ["title", "happened_on", *(f.name for f in self.kind.fields if f.quick), "photo"]
        return [self[name] for name in names]

    def more_fields(self):
        names = ["until_on", *(f.name for f in self.kind.fields if not f.quick), "people", "note", "file"]
        return [self[name] for name in names if name in self.fields]

    @property
    def opens_more(self) -> bool:
        """Where something in the second part is wrong or filled in, it is shown at once."""
        return any(field.errors or field.value() not in (None, "") for field in self.more_fields())


@cache
def entry_form(code: str) -> type[EntryForm]:
    """The form of one kind."""
    kind = KINDS[code]
    example = f"例：{kind.title_example}" if kind.title_example else ""
    made = {
        "kind": kind,
        "title": ShortText(label=kind.title_label, max_length=100, help_text=example),
        "happened_on": DayField(label=kind.day_label),
        "photo": attachments.UploadField(
            label="拍照或选图片",
            kinds=attachments.IMAGE,
            required=False,
            help_text="手机上可以直接拍照；照片中的位置信息会自动去掉。",
        ),
    }
    if kind.until_label:
        needed = "提交核验时须填。" if kind.until_required else ""
        made["until_on"] = DayField(label=kind.until_label, required=False, help_text=needed)
    made |= {field.name: _form_field(field) for field in kind.fields}
    made |= {
        "people": ShortText(
            label="参加人员", max_length=200, required=False, help_text="工作室参加的人员，用顿号分开。"
        ),
        "note": ShortText(label="备注", max_length=300, required=False),
        "file": attachments.UploadField(
            label="其他附件", required=False, help_text="PDF、JPG 或 PNG；保存后还可以继续添加。"
        ),
    }
    return type(f"{code.title()}EntryForm", (EntryForm,), made)


def initial_of(record) -> dict:
    """What the form of an existing record starts with."""
    kind = KINDS[record.kind]
    values = kind.load(record.data)
    for field in kind.fields:
        if field.kind == "money" and field.name in values:
            values[field.name] = Decimal(values[field.name]).scaleb(-2)
    return values | {name: getattr(record, name) for name in COMMON} | {"version": record.version}


def initial_of_copy(record) -> dict:
    """What a new record takes over from an earlier one: all but its days, its numbers of papers and its results."""
    kind = KINDS[record.kind]
    left_out = {"happened_on", "until_on", "note", "version", "link"}
    left_out |= {
        f.name for f in kind.fields if f.column in ("certificate_no", "outcome_on") or f.kind == "date"
    }
    left_out |= {f.name for f in kind.fields if f.when}
    return {k: v for k, v in initial_of(record).items() if k not in left_out} | {
        "happened_on": timezone.localdate()
    }


class FileForm(PlainForm):
    file = attachments.UploadField(label="文件", help_text="PDF、JPG 或 PNG。")
    caption = ShortText(label="说明", max_length=100, required=False)


class TraineeForm(PlainForm):
    """One person on a roster."""

    name = ShortText(label="姓名", max_length=30)
    unit_name = ShortText(label="单位", max_length=80, required=False)
    certificate_kind = forms.ChoiceField(
        label="证书种类", choices=Trainee.Certificate.choices, initial=Trainee.Certificate.NONE
    )
    certificate_no = ShortText(label="证书编号", max_length=60, required=False)
    certified_on = DayField(label="发证日期", required=False)
    level = forms.ChoiceField(label="等级", choices=[("", "无"), *lists.GRADE], required=False)

    def clean_name(self):
        return person_name(self.cleaned_data["name"])

    def clean(self):
        data = super().clean()
        for name, text in trainee_faults(data):
            self.add_error(name, text)
        return data


def trainee_faults(row: dict) -> list[tuple[str, str]]:
    """(field, sentence) of what does not fit together in a row of a roster, typed or imported."""
    kind, faults = row.get("certificate_kind") or "none", []
    if kind == "none":
        faults += [
            (name, "没有证书的，这一栏不填。")
            for name in ("certificate_no", "certified_on", "level")
            if row.get(name)
        ]
    else:
        if not row.get("certificate_no"):
            faults.append(("certificate_no", "请填写证书编号。"))
        if not row.get("certified_on"):
            faults.append(("certified_on", "请填写发证日期。"))
        elif row["certified_on"] > timezone.localdate():
            faults.append(("certified_on", "发证日期在今天以后，请核对。"))
    return faults


def tidy_query(text: str) -> str:
    """A typed search without what no database takes."""
    try:
        return clean_text(text or "").strip()[:60]
    except forms.ValidationError:
        return ""
