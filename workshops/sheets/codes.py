"""Code lists as the choices of a column: label -> key of the entry."""


def choices_of(model):
    """For `Column(choices=…)`: what is in force now, by its label."""
    return lambda: dict(model.objects.offered().values_list("label", "pk"))


def changed_fields(record, values: dict) -> list[tuple[str, object]]:
    """(attribute, old value) of what a row gives differently; a blank cell leaves what is there."""
    return [
        (name, getattr(record, name))
        for name, value in values.items()
        if value not in (None, "") and getattr(record, name) != value
    ]
