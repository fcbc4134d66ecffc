"""Points of a scorecard: one decimal place, exact in every database; rounded half up and shown without a trailing .0 [S20]."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

TENTH = Decimal("0.1")


def rounded(points: Decimal) -> Decimal:
    """To one place, half up [S20]."""
    return Decimal(points).quantize(TENTH, ROUND_HALF_UP)


def shown(points) -> str:
    """As people read and print them: 5, 17.5; "" where there are none."""
    if points is None:
        return ""
    text = f"{Decimal(points):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class PointsField(models.IntegerField):
    """Points with one decimal place, stored as whole tenths: sums and comparisons made by a database are exact."""

    description = "Points with one decimal place"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Decimal(value).scaleb(-1)

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise ValidationError("请填数字，最多一位小数。", code="invalid") from None

    def get_prep_value(self, value):
        """ValueError for more than one decimal place: rounding is the scoring's business, not the storage's."""
        value = self.to_python(value)
        if value is None:
            return None
        tenths = value.scaleb(1)
        if tenths != tenths.to_integral_value():
            raise ValueError(f"points with more than one decimal place: {value}")
        return int(tenths)

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs):
        form = {"form_class": forms.DecimalField, "max_digits": 4, "decimal_places": 1, "min_value": 0}
        return super(models.IntegerField, self).formfield(**(form | kwargs))
