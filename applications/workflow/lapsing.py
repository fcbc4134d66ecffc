"""Which cases end because a deadline passed? Corrections that were never answered [3.2.2]."""

import logging

from applications.actions import deadlines
from applications.workflow.admission import ADMISSION
from park.workflow import Refused

log = logging.getLogger(__name__)


def lapse_corrections() -> int:
    """Close what was due before today; each case is a transaction of its own, and one that was answered in this very
    moment is left alone."""
    count = 0
    for application in deadlines.overdue_corrections():
        try:
            ADMISSION.perform(application, "lapse", by=None, note="补正期限届满")
        except Refused as refusal:
            log.warning("%s: %s", application, refusal)
        else:
            count += 1
    return count
