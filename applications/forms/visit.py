"""Forms of the site visit."""

from applications.forms.filing import StepForm


class PostponeForm(StepForm):
    pass


class FinishForm(StepForm):
    pass


class ConfirmForm(StepForm):
    pass


class SignedSheetForm(StepForm):
    pass
