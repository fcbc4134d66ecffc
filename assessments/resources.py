"""Checklist of the regular inspection and editions of the scorecard, in and out; the same Resources seed them."""

from django.core.exceptions import ValidationError
from import_export import fields
from import_export.widgets import ForeignKeyWidget, JSONWidget

from assessments.models import InspectionItem, Rubric, RubricItem
from assessments.scoring.parameters import faults
from park.resources import CODE_FIELDS, CodeListMeta, ReferenceResource


class InspectionItemResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = InspectionItem
        fields = [*CODE_FIELDS, "clause", "hint"]


class RubricResource(ReferenceResource):
    """Editions of the 考核评估细则 [A2]. From a sheet they come as editions to be prepared: only their own step, with its
    checks, brings one into force."""

    class Meta:
        model = Rubric
        import_id_fields = ["edition"]
        fields = ["edition", "title", "legal_basis", "in_force_from", "note"]
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def before_save_instance(self, instance, row, **kwargs):
        super().before_save_instance(instance, row, **kwargs)
        if self.only_new:
            return  # what the installation starts with
        known = Rubric.objects.filter(pk=instance.pk).first()
        if known and known.in_force_from:
            raise ValidationError(f"“{known}”已施行，不能从表格修改。", code="in_force")
        instance.in_force_from = None


class RubricItemResource(ReferenceResource):
    """The rows of an edition that is being prepared; those of one in force do not change."""

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
        if self.only_new:
            return
        if instance.rubric.in_force_from:
            raise ValidationError(f"“{instance.rubric}”已施行，不能修改；请复制为新版本。", code="in_force")
        if wrong := faults(instance.kind, instance.parameters, instance.max_points):
            raise ValidationError([f"第{instance.order}项：{words}" for words in wrong], code="parameters")


REFERENCE_DATA = [
    ("inspection_item.csv", InspectionItemResource),
    ("rubric.csv", RubricResource),
    ("rubric_item.csv", RubricItemResource),
]
