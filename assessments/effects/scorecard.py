"""What follows from the steps of a card and of its year [5.2][5.4.4]."""

from django.utils import timezone

from assessments.actions.evaluation import grade_alone, regrade, sum_up
from assessments.actions.issuing import issue_card, issue_result
from assessments.models import Reconsideration, Scorecard, ScorecardLine
from park import attachments, audit
from park.points import shown
from park.workflow import Refused, Workflow

C = Scorecard.SelfBy


# ── one card ────────────────────────────────────────────────────────────────────────────────────
def hand_in(card, *, by, data):
    """The studio's own view is closed; in time or late shows. The row still has the last day that held for it: after
    a card was sent back that is another one than the year's."""
    last = Scorecard.objects.values_list("due_on", flat=True).get(pk=card.pk) or card.cycle.self_until
    late = timezone.localdate() > last
    _self_assessed(card, C.LATE if late else C.ONLINE, by, data.get("statement", ""))
    issue_card("scorecard_self", card, by=by)


def take_silence(card, *, by, data):
    """Nobody answered in time: what the records say is verified as it stands [P4]."""
    _self_assessed(card, C.MISSING, None, "")


def _self_assessed(card, way, by, statement):
    card.self_by, card.self_at, card.self_user, card.self_statement = way, timezone.now(), by, statement
    card.save(update_fields=["self_by", "self_at", "self_user", "self_statement"])


def send_back(card, *, by, data):
    """The studio's view is open again; judgements made meanwhile are taken back. The status goes with it: a constraint
    reads both."""
    card.lines.exclude(points=None).update(points=None, basis="", reason="", judged_at=None, judged_by=None)
    card.self_by, card.self_at, card.self_user = "", None, None
    card.save(update_fields=["status", "self_by", "self_at", "self_user"])


def close_verification(card, *, by, data):
    sum_up(card)
    card.verified_at, card.verified_by = timezone.now(), by
    card.verification_note = data.get("note", "")
    card.save(update_fields=["base", "bonus", "total", "verified_at", "verified_by", "verification_note"])


def open_verification(card, *, by, data):
    card.base = card.bonus = card.total = card.verified_at = card.verified_by = None
    card.save(update_fields=["status", "base", "bonus", "total", "verified_at", "verified_by"])


def leave_out(card, *, by, data):
    card.excluded_why = data["reason"]
    card.save(update_fields=["excluded_why"])


def send_result(card, *, by, data):
    issue_result("result_provisional", card, by=card.cycle.announced_by)


def ask_again(card, *, by, data):
    """What the studio asks, with proof if it has any."""
    Reconsideration.objects.create(
        card=card,
        request=data["reason"],
        proof=attachments.store(data["proof"], by=by) if data.get("proof") else None,
        asked_by=by,
    )


def answer_request(card, *, by, data):
    """The answer: upheld, or lines changed with a reason each; sums and grades of the year follow."""
    changed = []
    for line, points, reason in data["lines"]:
        line = card.lines.select_related("item").get(pk=line.pk)
        if line.points == points:
            continue
        if not 0 <= points <= line.max_points:
            raise Refused(f"“{line.item}”的得分应在0至{shown(line.max_points)}分之间。")
        if not reason.strip():
            raise Refused(f"“{line.item}”改定得分的，请写明理由。")
        before, line.points, line.basis, line.reason = (
            line.points,
            points,
            ScorecardLine.Basis.RECONSIDERED,
            reason,
        )
        line.judged_at, line.judged_by, line.version = timezone.now(), by, line.version + 1
        line.save(update_fields=["points", "basis", "reason", "judged_at", "judged_by", "version"])
        after = f"{line.item.code} {shown(points)}"
        audit.record(
            "reconsider_line",
            card,
            by=by,
            before=shown(before),
            after=after,
            note=reason[:200],
            clause=line.item.code,
        )
        changed.append(line)
    asked = card.reconsideration
    asked.outcome = asked.Outcome.CHANGED if changed else asked.Outcome.UPHELD
    asked.reply, asked.answered_at, asked.answered_by = data["reply"], timezone.now(), by
    asked.save(update_fields=["outcome", "reply", "answered_at", "answered_by"])
    if changed:
        sum_up(card)
        card.save(update_fields=["base", "bonus", "total"])
        grade_alone(card)
    issue_result("result_provisional", card, by=by)


def keep_the_window_closed(card, *, by, data):
    """After an answer there is nothing more to wait for: a request is made once."""
    card.due_on = None


def make_final(card, *, by, data):
    card.finalised_at = timezone.now()
    card.save(update_fields=["status", "finalised_at"])
    officer = card.cycle.closed_by
    issue_card("scorecard_final", card, by=officer)
    issue_result("result_final", card, by=officer)


# ── the year ────────────────────────────────────────────────────────────────────────────────────
def announce_cards(cycle, *, by, data):
    """Grades by rule, and every card becomes provisional in the same transaction."""
    cycle.announced_at, cycle.announced_by = timezone.now(), by
    cycle.save(update_fields=["announced_at", "announced_by"])
    for card in regrade(cycle):
        card.cycle = cycle
        Workflow.of(card).perform(card, "announce_result", by=None)


def finalise_cards(cycle, *, by, data):
    """The last word on every card, with grades by what reconsideration left."""
    cycle.closed_at, cycle.closed_by = timezone.now(), by
    cycle.save(update_fields=["closed_at", "closed_by"])
    for card in regrade(cycle):
        Workflow.of(card).perform(card, "finalise_result", by=None)
