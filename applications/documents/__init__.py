"""What do the papers of the admission procedure say? One pure function per paper: data → (template, context).

Data are plain dicts taken from frozen rows (keys as in domain.md §1.2); `park/documents.py` prints them.
"""

from applications.documents.review import correction_notice, initial_review_sheet, receipt, rejection_letter
from applications.documents.statutory_form import annex1
from applications.documents.visit import visit_notice, visit_sheet
from park.wording import chinese_date, chinese_month, printed_clause

__all__ = [
    "annex1",
    "chinese_date",
    "chinese_month",
    "correction_notice",
    "initial_review_sheet",
    "printed_clause",
    "receipt",
    "rejection_letter",
    "visit_notice",
    "visit_sheet",
]
