"""Preparing an edition of the scorecard [A2]: its head, one item with the fields of its way of counting, the steps.

Each way has fields of its own; `PARAMETERS` is the table. What they cannot say wrongly is not checked here, the rest is
said by `assessments.scoring.parameters`.
"""

import re
from decimal import Decimal

from django import forms
from django.utils import timezone

from assessments.forms.scorecard import PointsInput
from assessments.models import ItemKind, RubricItem
from assessments.scoring.parameters import COUNTED, DEDUCTED, GRADES, LEVELS, PARTLY, faults
from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.points import shown
from workshops.kinds import ITEMS, in_groups
from workshops.presence import REQUIRED_DAYS

NUMBER = re.compile(r"\d{1,4}(\.\d)?", re.ASCII)
SEPARATORS = re.compile(r"[\s,，、;；]+")


def plain(value: Decimal):
    """As the file of the shipped edition has it: 5, not 5.0; 2.5."""
    return int(value) if value == value.to_integral_value() else float(value)


def typed(text: str):
    """A number as it stands in a line of words; ValueError for anything else."""
    if not NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return plain(Decimal(text))


# ── the head ────────────────────────────────────────────────────────────────────────────────────
class RubricForm(PlainForm):
    edition = ShortText(label="版本", max_length=20, help_text="例如 2027；各版不能重名。")
    title = ShortText(label="名称", max_length=80)
    legal_basis = ShortText(label="依据", max_length=120, help_text="文件名称和文号。")
    note = ShortText(label="说明", max_length=300, required=False)


class ForceForm(PlainForm):
    """施行."""

    day = DayField(label="施行日期")
    legal_basis = ShortText(label="依据", max_length=120, help_text="印发新细则的文件名称和文号。")

    def clean_day(self):
        if self.cleaned_data["day"] < timezone.localdate():
            raise forms.ValidationError("施行日期不能早于今天。")
        return self.cleaned_data["day"]


class BackForm(PlainForm):
    reason = LongText(label="收回的原因", max_length=200, rows=3)


# ── one item ────────────────────────────────────────────────────────────────────────────────────
class ItemForm(PlainForm):
    """What is printed; how it is counted stands in the form of its kind."""

    code = forms.ChoiceField(
        label="编号",
        choices=lambda: [(code, f"{code}　{text}") for code, text in ITEMS.items()],
        help_text="台账、检查和本园设定按这个编号对应到项目。",
    )
    order = forms.IntegerField(
        label="序号", min_value=1, max_value=99, error_messages={"invalid": "“序号”请填整数。"}
    )
    category = ShortText(label="考核项目", max_length=20)
    content = LongText(label="考核内容", max_length=200, rows=3)
    max_points = PointsInput(label="分值")
    rule_text = LongText(label="评分标准", max_length=200, rows=3)
    is_bonus = forms.BooleanField(label="加分项目", required=False)

    def clean_max_points(self):
        if not self.cleaned_data["max_points"]:
            raise forms.ValidationError("“分值”应大于0。")
        return self.cleaned_data["max_points"]


class ParametersForm(PlainForm):
    """The fields of one way of counting, from and to its parameters."""

    kind = ""

    @classmethod
    def initial_of(cls, parameters: dict) -> dict:
        return {}

    def parameters(self) -> dict:
        return {}

    def told(self, max_points) -> bool:
        """Whether they are right for an item of these points; what is not stands among the errors of the form."""
        if self.is_valid() and max_points:
            for words in faults(self.kind, self.parameters(), max_points):
                self.add_error(None, words)
        return self.is_valid()


def needs_offered() -> list:
    """Ledgers with their categories, in the groups of the ledgers page: `rules` whole, or `rules:general` only."""
    offered = []
    for group, kinds in in_groups():
        rows = []
        for kind in kinds:
            rows.append((kind.code, kind.title))
            field = kind.column_field("category")
            for code, label in field.choices if field else ():
                rows.append((f"{kind.code}:{code}", f"{kind.title}：{label}"))
        offered.append((group, rows))
    return offered


def needs_of(chosen) -> list[str]:
    """Categories of one ledger stand for each other; a ledger chosen whole takes them in."""
    found: dict[str, list[str]] = {}
    whole = {text for text in chosen if ":" not in text}
    for text in chosen:
        kind, _, code = text.partition(":")
        found.setdefault(kind, [])
        if code and kind not in whole:
            found[kind].append(code)
    return [f"{kind}:{'|'.join(codes)}" if codes else kind for kind, codes in found.items()]


def chosen_of(needs) -> list[str]:
    chosen = []
    for need in needs:
        kind, _, codes = str(need).partition(":")
        chosen += [f"{kind}:{code}" for code in codes.split("|")] if codes else [kind]
    return chosen


class AllOrNothingForm(ParametersForm):
    kind = "all_or_nothing"
    needs = forms.MultipleChoiceField(
        label="用哪些台账证明",
        choices=needs_offered,
        widget=forms.CheckboxSelectMultiple,
        help_text="同一种台账选几个类别的，有一个就算；选了几种台账的，每种都要有。",
    )
    inspected = forms.BooleanField(label="定期检查的结论优先于台账", required=False)
    several = forms.BooleanField(label="次数按本园设定“一次以上”", required=False)
    partly = forms.BooleanField(label="只有其一的，按本园设定给分", required=False)

    @classmethod
    def initial_of(cls, parameters):
        return {
            "needs": chosen_of(parameters.get("needs", ())),
            "inspected": parameters.get("inspected", False),
            "several": parameters.get("several", False),
            "partly": bool(parameters.get("partly")),
        }

    def parameters(self):
        data = self.cleaned_data
        return {
            "needs": needs_of(data["needs"]),
            **({"inspected": True} if data["inspected"] else {}),
            **({"several": True} if data["several"] else {}),
            **({"partly": PARTLY} if data["partly"] else {}),
        }


class ValueLines(LongText):
    """One printed value a line: points, a blank, the words."""

    def clean(self, value):
        rows = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            points, _, words = line.strip().partition(" ")
            try:
                rows.append([typed(points), words.strip()])
            except ValueError:
                raise forms.ValidationError(
                    f"“{line.strip()[:20]}”请先写分值，空一格再写文字，例如 5 规划无实质内容。"
                ) from None
        return rows

    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join(f"{shown(points)} {words}" for points, words in value)
        return value


class ChoiceForm(ParametersForm):
    kind = "choice"
    needs = forms.MultipleChoiceField(
        label="用哪种台账证明",
        choices=needs_offered,
        widget=forms.CheckboxSelectMultiple,
        help_text="只能选一种台账；同一种台账可以选几个类别，有一个就算。",
    )
    values = ValueLines(
        label="印定的分值",
        max_length=500,
        rows=4,
        help_text="一行一个：分值，空一格，文字。例如“5 规划无实质内容”。",
    )

    @classmethod
    def initial_of(cls, parameters):
        return {"needs": chosen_of(parameters.get("needs", ())), "values": parameters.get("values", [])}

    def parameters(self):
        return {"needs": needs_of(self.cleaned_data["needs"]), "values": self.cleaned_data["values"]}


class MonthlyForm(ParametersForm):
    kind = "monthly"
    per_day = PointsInput(
        label="每少一天扣几分", help_text=f"每月应到园{REQUIRED_DAYS}天，与到园签到一致，不能在这里改。"
    )

    @classmethod
    def initial_of(cls, parameters):
        return {"per_day": parameters.get("per_day")}

    def parameters(self):
        return {"days": REQUIRED_DAYS, "per_day": plain(self.cleaned_data["per_day"])}


class DeductionsForm(ParametersForm):
    kind = "deductions"
    roster = PointsInput(label=f"{DEDUCTED['roster']}扣几分")
    apprentice = PointsInput(label=f"{DEDUCTED['apprentice']}扣几分")
    outcome = PointsInput(label=f"{DEDUCTED['outcome']}扣几分")

    @classmethod
    def initial_of(cls, parameters):
        return dict(parameters.get("deductions", {}))

    def parameters(self):
        return {"deductions": {name: plain(self.cleaned_data[name]) for name in DEDUCTED}}


class CompletenessForm(ParametersForm):
    kind = "completeness"


class NumberList(ShortText):
    """Numbers with signs between them."""

    def __init__(self, *, whole, **kwargs):
        self.whole = whole
        super().__init__(**kwargs)

    def clean(self, value):
        parts = [part for part in SEPARATORS.split(super().clean(value)) if part]
        try:
            numbers = [typed(part) for part in parts]
            if self.whole and not all(isinstance(number, int) for number in numbers):
                raise ValueError
            return numbers
        except ValueError:
            kind = "整数" if self.whole else "数字"
            raise forms.ValidationError(f"“{self.label}”请填{kind}，用顿号隔开。") from None

    def prepare_value(self, value):
        return "、".join(shown(part) for part in value) if isinstance(value, list) else value


class BandsForm(ParametersForm):
    kind = "bands"
    edges = NumberList(
        whole=True, label="分档的人数", max_length=60, help_text="从少到多，用顿号隔开，例如 50、100、200。"
    )
    points = NumberList(
        whole=False,
        label="各档的得分",
        max_length=60,
        help_text="比分档的人数多一个，从低到高，例如 5、10、15、20。",
    )

    @classmethod
    def initial_of(cls, parameters):
        return {"edges": parameters.get("edges", []), "points": parameters.get("points", [])}

    def parameters(self):
        return {"edges": self.cleaned_data["edges"], "points": self.cleaned_data["points"]}


class PerOccurrenceForm(ParametersForm):
    kind = "per_occurrence"
    of = forms.ChoiceField(label="按哪种台账计次", choices=list(COUNTED.items()))
    city = PointsInput(label=f"{LEVELS['city']}每次几分")
    province = PointsInput(label=f"{LEVELS['province']}每次几分")
    national = PointsInput(label=f"{LEVELS['national']}每次几分")
    missing = ShortText(label="没有记录时提示缺少什么", max_length=60)

    @classmethod
    def initial_of(cls, parameters):
        return {
            "of": parameters.get("of"),
            "missing": parameters.get("missing", ""),
            **parameters.get("levels", {}),
        }

    def parameters(self):
        data = self.cleaned_data
        levels = {code: plain(data[code]) for code in LEVELS}
        return {"of": data["of"], "levels": levels, "missing": data["missing"]}


class GradeForm(ParametersForm):
    kind = "grade"
    excellent = PointsInput(label=f"评{GRADES['excellent']}得几分")
    good = PointsInput(label=f"评{GRADES['good']}得几分")
    fair = PointsInput(label=f"评{GRADES['fair']}得几分")

    @classmethod
    def initial_of(cls, parameters):
        return {code: points for code, _, points in parameters.get("grades", ())}

    def parameters(self):
        points = {**self.cleaned_data, "none": Decimal(0)}
        return {"grades": [[code, words, plain(points[code])] for code, words in GRADES.items()]}


PARAMETERS = {
    form.kind: form
    for form in (
        AllOrNothingForm, ChoiceForm, MonthlyForm, DeductionsForm, CompletenessForm, BandsForm, PerOccurrenceForm, GradeForm
    )
}  # fmt: skip


def kind_asked(text, item: RubricItem | None) -> str:
    """The way that the address asks for, else that of the item."""
    return text if text in ItemKind.values else item.kind if item else ItemKind.ALL_OR_NOTHING


def forms_for(kind: str, item: RubricItem | None, posted, *, order=1) -> tuple[ItemForm, ParametersForm]:
    """Both forms of an item, filled with what it says now."""
    same = item is not None and item.kind == kind
    parameters = PARAMETERS[kind].initial_of(item.parameters) if same else {}
    printed = {name: getattr(item, name) for name in ItemForm.base_fields} if item else {"order": order}
    return ItemForm(posted, initial=printed), PARAMETERS[kind](posted, initial=parameters, prefix="way")
