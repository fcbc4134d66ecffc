"""What every installation starts with in the park (`manage.py load_reference_data`): the base documents, the safety
checklist and the usual returns [5.3]; the same Resources take them in and out."""

import tablib

from park.resources import CodeListMeta, ReferenceResource
from workshops.kinds.returns_shipped import SHIPPED
from workshops.models import Policy, ReturnDefinition, ReturnFigure, SafetyItem

FIGURES = {code: figures for code, *_, figures in SHIPPED}
FIELDS = ("code", "label", "unit", "kind", "source", "help", "is_required")


class SafetyItemResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = SafetyItem


class ReturnDefinitionResource(ReferenceResource):
    """A form comes with its figures once; from then on both are the office's."""

    class Meta:
        model = ReturnDefinition
        import_id_fields = ["code"]
        fields = ["code", "title", "period", "guidance"]
        skip_unchanged = True
        report_skipped = True

    def get_instance(self, instance_loader, row):
        """The latest version: a shipped form that the office went on with is not shipped again."""
        return ReturnDefinition.objects.filter(code=row["code"]).order_by("-version").first()

    def after_save_instance(self, instance, row, **kwargs):
        super().after_save_instance(instance, row, **kwargs)
        if not instance.figures.exists():
            ReturnFigure.objects.bulk_create(
                ReturnFigure(definition=instance, order=order, **dict(zip(FIELDS, figure, strict=True)))
                for order, figure in enumerate(FIGURES[instance.code], 1)
            )


def shipped_returns() -> tablib.Dataset:
    """The forms of `workshops.kinds.returns_shipped`, one row each."""
    rows = [(code, title, period, guidance) for code, title, period, guidance, _ in SHIPPED]
    return tablib.Dataset(*rows, headers=["code", "title", "period", "guidance"])


class PolicyResource(ReferenceResource):
    """The documents that the regulation itself rests on [H3]."""

    class Meta:
        model = Policy
        import_id_fields = ["document_no"]
        fields = [
            "document_no", "title", "issuing_organ", "issued_on", "valid_from", "valid_until", "kind", "clause",
            "summary",
        ]  # fmt: skip
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


# What `manage.py load_reference_data` loads from this app.
REFERENCE_DATA = [
    ("safety_item.csv", SafetyItemResource),
    (shipped_returns, ReturnDefinitionResource),
    ("policy.csv", PolicyResource),
]
