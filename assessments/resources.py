"""The checklist of the regular inspection, in and out; the same Resource seeds it."""

from assessments.models import InspectionItem
from park.resources import CODE_FIELDS, CodeListMeta, ReferenceResource


class InspectionItemResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = InspectionItem
        fields = [*CODE_FIELDS, "clause", "hint"]


REFERENCE_DATA = [("inspection_item.csv", InspectionItemResource)]
