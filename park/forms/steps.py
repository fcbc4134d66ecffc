"""What a person adds when they take a step of a procedure: the base of those forms, and a plain reason."""

from park.forms.fields import LongText, PlainForm


class StepForm(PlainForm):
    """A form of one step; `record` is what the step moves."""

    def __init__(self, *args, record=None, **kwargs):
        self.record = record
        super().__init__(*args, **kwargs)


class ReasonForm(StepForm):
    """A step that only has to say why."""

    reason = LongText(label="原因", max_length=300, rows=3, error_messages={"required": "请写明原因。"})
