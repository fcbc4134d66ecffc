"""What a workflow answers to somebody who tries a step: for whole tables of who × status × step, compared at once."""

from django.core.exceptions import PermissionDenied

from park.workflow import Refused


def answer_to(workflow, record, step, *, by, **data):
    """PermissionDenied, Refused, or None where the step was taken."""
    try:
        workflow.perform(record, step, by=by, data=data)
    except PermissionDenied:
        return PermissionDenied
    except Refused:
        return Refused
