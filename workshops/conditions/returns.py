"""When may a return be handed in [5.3]? Every required figure is there, every question is answered."""

from workshops.models import ReturnQuestion


def filled_in(row) -> str:
    """A figure that is required has a value, be it 0; what the system knew is confirmed."""
    absent = row.values.filter(figure__is_required=True, value=None).select_related("figure")
    labels = [value.figure.label for value in absent]
    return f"还没有填报或确认：{'、'.join(labels)}。" if labels else ""


def questions_answered(row) -> str:
    waiting = ReturnQuestion.objects.filter(value__statistical_return=row, answered_at=None)
    labels = waiting.values_list("value__figure__label", flat=True)
    return f"还没有答复疑问：{'、'.join(labels)}。" if labels else ""
