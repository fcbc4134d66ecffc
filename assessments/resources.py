"""Checklist of the regular inspection and editions of the scorecard, in and out; the same Resources seed them."""

from django.core.exceptions import ValidationError
from import_export import fields
from import_export.widgets import ForeignKeyWidget, JSONWidget

from assessments.models import InspectionItem, Rubric, RubricItem
from park.resources import CODE_FIELDS, CodeListMeta, ReferenceResource


class InspectionItemResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = InspectionItem
        fields = [*CODE_FIELDS, "clause", "hint"]


class RubricResource(ReferenceResource):
    """Editions of the 考核评估细则 [A2]."""

    class Meta:
        model = Rubric
        import_id_fields = ["edition"]
        fields = ["edition", "title", "legal_basis", "in_force_from", "note"]
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class RubricItemResource(ReferenceResource):
    """The rows of an edition; those of an edition that a year was opened with do not change."""

    rubric = fields.Field("rubric", column_name="rubric", widget=ForeignKeyWidget(Rubric, "edition"))
    parameters = fields.Field("parameters", column_name="parameters", widget=JSONWidget())

    class Meta:
        model = RubricItem
        import_id_fields = ["rubric", "code"]
        fields = ["rubric", "code", "order", "category", "content", "max_points", "rule_text", "kind", "parameters",
                  "is_bonus"]  # fmt: skip
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def before_save_instance(self, instance, row, **kwargs):
        super().before_save_instance(instance, row, **kwargs)
        if instance.rubric.is_used:
            raise ValidationError(f"“{instance.rubric}”已用于年度考核，不能修改。", code="used")


REFERENCE_DATA = [
    ("inspection_item.csv", InspectionItemResource),
    ("rubric.csv", RubricResource),
    ("rubric_item.csv", RubricItemResource),
]
