"""What does the receipt of a served paper say? Names of the paper and of whom it goes to; the rest is ink."""

from park.wording import OFFICE


def service_receipt(data: dict, *, print_label: str = ""):
    """送达回证, for any paper. Keys: studio_name, leader_name, title, number, case."""
    return "documents/service_receipt.html", {"print_label": print_label, "office": OFFICE, **data}
