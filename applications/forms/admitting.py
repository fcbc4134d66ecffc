"""Forms between resolution and admission."""

from applications.forms.filing import StepForm


class EndWaitlistForm(StepForm):
    pass
