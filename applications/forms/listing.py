"""Forms of the candidate list and its resolution."""

from applications.forms.filing import StepForm


class ResolutionForm(StepForm):
    pass
