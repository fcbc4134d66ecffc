"""Which year, or quarter of it, is asked for in the address of the statistics?"""

from django import forms

from park.tables import QuickSelect

WHOLE_YEAR = "全年"


class PeriodForm(forms.Form):
    """Nonsense means the present year."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, widget=QuickSelect)
    quarter = forms.TypedChoiceField(
        label="季度", required=False, coerce=int, empty_value=None, widget=QuickSelect,
        choices=[("", WHOLE_YEAR), *((n, f"第{n}季度") for n in (1, 2, 3, 4))],
    )  # fmt: skip

    def __init__(self, data, *, years):
        super().__init__({"year": years[0]} | {k: v for k, v in data.items() if k in ("year", "quarter")})
        self.fields["year"].choices = [(year, f"{year}年") for year in years]

    @property
    def asked(self) -> tuple[int | None, int | None]:
        """(year, quarter); None where it was not said or not understood."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return data.get("year") or None, data.get("quarter")
