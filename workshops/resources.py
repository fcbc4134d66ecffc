"""The safety checklist, in and out; the same Resource seeds it."""

from park.resources import CodeListMeta, ReferenceResource
from workshops.models import SafetyItem


class SafetyItemResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = SafetyItem


REFERENCE_DATA = [("safety_item.csv", SafetyItemResource)]
