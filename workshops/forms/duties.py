"""What may be asked of the duty calendar of the park: kind, studio, whose turn, when."""

from django import forms

from park.tables import QuickSelect

WHEN = (
    ("overdue", "已超期"),
    ("week", "本周内到期"),
    ("month", "30天内到期"),
    ("undated", "没有期限"),
    ("all", "全部"),
)
AHEAD = 90  # days that a list shows where nobody asks for more


class DutyFilter(forms.Form):
    """Conditions in the address; one that is not right is not applied."""

    q = forms.CharField(label="搜索", required=False, max_length=60)
    kind = forms.ChoiceField(label="事项", required=False, widget=QuickSelect)
    turn = forms.ChoiceField(label="由谁办理", required=False, widget=QuickSelect)
    when = forms.ChoiceField(
        label="期限", required=False, choices=(("", f"已超期和{AHEAD}天内"), *WHEN), widget=QuickSelect
    )

    def __init__(self, *args, kinds, turns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs |= {"type": "search", "placeholder": "工作室、领衔人、事项"}
        self.fields["kind"].choices = [("", "全部事项"), *kinds]
        self.fields["turn"].choices = [("", "不限"), *turns]

    @property
    def asked(self) -> dict:
        """The conditions that hold."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
