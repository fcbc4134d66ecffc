"""What is typed about a whole year [5.2]: opening it, who grades, the filters of its list."""

from django import forms

from assessments.models import GradeOfYear, Rubric, ScorecardStatus
from park.forms.fields import LongText, PlainForm, Several, ShortText


class PeopleField(Several):
    def label_from_instance(self, user):
        return f"{user}（{user.unit.name}）" if user.unit else str(user)


class LeaderField(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return str(user)


class GradersForm(PlainForm):
    """The experts of a year and who leads them [A2.B4][S17]."""

    graders = PeopleField(None, label="评等专家", required=False, widget=forms.CheckboxSelectMultiple)
    leader = LeaderField(None, label="专家组长", required=False, empty_label="请选择")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["graders"].queryset = self.fields["leader"].queryset = people
        self.fields["graders"].error_messages["invalid_choice"] = "所选专家中有已停用的账号。"
        self.fields["graders"].help_text = "同一位专家不评与本人有关的工作室。"


class OpenCycleForm(GradersForm):
    year = forms.TypedChoiceField(label="考核年度", coerce=int, widget=forms.HiddenInput)
    rubric = forms.ModelChoiceField(None, label="考核评估细则", empty_label=None)
    note = LongText(
        label="考核要求",
        max_length=500,
        rows=3,
        required=False,
        help_text="工作室在自评页上看到，例如重点核对的内容。",
    )
    field_order = ["year", "rubric", "graders", "leader", "note"]

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}年") for year in years]
        self.fields["rubric"].queryset = Rubric.objects.in_force()
        self.fields["graders"].help_text += "启动以后也可以确定。"


class CardFilter(PlainForm):
    """The filters of a year's cards, kept in the address."""

    q = ShortText(label="搜索", max_length=60, required=False)
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部状态"), *ScorecardStatus.choices]
    )
    grade = forms.ChoiceField(label="等次", required=False, choices=[("", "全部等次"), *GradeOfYear.choices])
    overdue = forms.BooleanField(label="只看已逾期", required=False)
