"""The procedures of entering the park, one table per file; `admission.py` is the statutory road itself [3.2]."""

from applications.workflow.admission import ADMISSION, STAGES, VERBS, inbox, parties
from applications.workflow.listing import LIST
from applications.workflow.panel import PANEL
from applications.workflow.visit import VISIT

__all__ = ["ADMISSION", "LIST", "PANEL", "STAGES", "VERBS", "VISIT", "inbox", "parties"]
