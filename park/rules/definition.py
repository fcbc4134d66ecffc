"""What is one point that the park decides for itself, and which values may it take?"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from park.validators import clean_text

KINDS = ("days", "int", "decimal", "bool", "choice", "list", "text")
TEXT_MAX = 500


@dataclass(frozen=True)
class RuleDef:
    """One point the park decides. `days`, `int` → int; `decimal` → Decimal; `list` → list of choice codes."""

    key: str
    group: str  # heading in the admin
    label: str
    clause: str  # the clause, or the statute, that it fills in
    kind: str
    default: object
    help: str  # what it does, to the office
    silence: str  # what the regulation says, and does not say
    unit: str = ""
    minimum: int | None = None  # of a number; of a list, how many must be chosen
    maximum: int | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def clean(self, value):
        """The typed value of what a person or a form gave; ValidationError of one sentence when it does not fit."""
        kind = "number" if self.kind in ("days", "int", "decimal") else self.kind
        return getattr(self, f"_clean_{kind}")(value)

    def to_json(self, value):
        return str(value) if self.kind == "decimal" else value

    def from_json(self, value):
        return Decimal(value) if self.kind == "decimal" else value

    def show(self, value) -> str:
        """A typed value in words."""
        if self.kind == "bool":
            return "是" if value else "否"
        if self.kind == "choice":
            return dict(self.choices)[value]
        if self.kind == "list":
            return "、".join(dict(self.choices)[code] for code in value) or "（无）"
        return f"{value}{self.unit}" if value != "" else "（未填写）"

    def _clean_number(self, value):
        whole = self.kind != "decimal"
        try:
            if isinstance(value, (bool, float)):
                raise ValueError
            number = int(value) if whole else Decimal(value)
            if not whole and not number.is_finite():
                raise ValueError
        except (TypeError, ValueError, InvalidOperation):
            raise ValidationError(f"“{self.label}”应填{'整数' if whole else '数字'}。", code="kind") from None
        if number < self.minimum or number > self.maximum:
            raise ValidationError(
                f"“{self.label}”应在{self.minimum}至{self.maximum}{self.unit}之间。", code="range"
            )
        return number

    def _clean_bool(self, value):
        if not isinstance(value, bool):
            raise ValidationError(f"“{self.label}”只能选是或否。", code="kind")
        return value

    def _clean_choice(self, value):
        if value not in dict(self.choices):
            raise ValidationError(f"“{self.label}”没有这个选项。", code="choice")
        return value

    def _clean_list(self, value):
        if not isinstance(value, (list, tuple)) or any(code not in dict(self.choices) for code in value):
            raise ValidationError(f"“{self.label}”含有没有的选项。", code="choice")
        if len(set(value)) < (self.minimum or 0):
            raise ValidationError(f"“{self.label}”至少选{self.minimum}项。", code="range")
        return [code for code, _ in self.choices if code in value]

    def _clean_text(self, value):
        if not isinstance(value, str):
            raise ValidationError(f"“{self.label}”应填文字。", code="kind")
        text = clean_text(value).strip()
        if len(text) > TEXT_MAX:
            raise ValidationError(f"“{self.label}”不超过{TEXT_MAX}字，现在是{len(text)}字。", code="range")
        return text
