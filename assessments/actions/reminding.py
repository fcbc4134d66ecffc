"""What the yearly evaluation wants from a morning: open cards are computed anew, studios are reminded of the last day [5.2]."""

from django.db import transaction
from django.utils import timezone

from assessments.actions.scorecard import refresh_card
from assessments.models import Scorecard, ScorecardStatus
from park import audit, notices, workdays
from park.models import AuditEntry
from park.templatetags.ui import date_zh
from park.workflow import Refused

VERB = "remind_self_assessment"
DAYS_BEFORE = (3, 1, 0)  # working days; the text of the setting `self_assessment_days` says so


def refresh_open_cards() -> int:
    """Every card that its studio still assesses, by what was verified meanwhile; how many changed."""
    rows = Scorecard.objects.filter(status=ScorecardStatus.OPEN).order_by("pk")
    count = 0
    for card in rows:
        try:
            count += bool(refresh_card(card, by=None))
        except Refused:
            continue  # handed in since it was read
    return count


def remind_of_self_assessment() -> int:
    """Three working days and one before the last day, and on it; each once. How many studios were told."""
    today = timezone.localdate()
    rows = Scorecard.objects.filter(status=ScorecardStatus.OPEN, due_on__gte=today)
    rows = rows.filter(due_on__lte=workdays.add_workdays(today, max(DAYS_BEFORE)))
    count = 0
    for pk, due_on in rows.order_by("pk").values_list("pk", "due_on"):
        left = workdays.workdays_between(today, due_on)
        if left in DAYS_BEFORE:
            count += _remind(pk, left)
    return count


@transaction.atomic
def _remind(pk, left) -> bool:
    """The trail says what was sent: under the lock of the card nobody sends it twice."""
    card = Scorecard.objects.select_for_update(no_key=True).get(pk=pk)
    sent = AuditEntry.objects.filter(
        verb=VERB, subject_model=card._meta.label_lower, subject_id=str(pk), after=f"{card.due_on} {left}"
    )
    if card.status != ScorecardStatus.OPEN or sent.exists():
        return False
    open_lines = card.lines.filter(answer="").count()
    when = f"还有{left}个工作日" if left else "今天到期"
    todo = f"还有{open_lines}项没有自评" if open_lines else "各项已经自评，还没有提交"
    text = f"{card}：自评截止到{date_zh(card.due_on)}，{when}，{todo}。"
    notices.notify(card.studio.people.filter(is_active=True), text, url=card.get_absolute_url(), subject=card)
    audit.record(VERB, card, by=None, after=f"{card.due_on} {left}", clause="5.2")
    return True
