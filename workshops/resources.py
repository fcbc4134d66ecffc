"""Reference data of the park, in and out; the same Resources seed it."""

from park.resources import CodeListMeta, ReferenceResource
from workshops.models import Policy, SafetyItem


class SafetyItemResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = SafetyItem


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


REFERENCE_DATA = [("safety_item.csv", SafetyItemResource), ("policy.csv", PolicyResource)]
