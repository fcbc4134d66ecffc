"""The papers of a card, issued anew when what they say has changed [A2][5.2]."""

from assessments.papers.evaluation import content_hash
from park import documents


def issue_card(kind, card, *, by):
    """The 考核评分表 as the card stands; a former one of the kind is superseded."""
    return _issue(kind, card, by, "考核评分表有变化")


def issue_result(kind, card, *, by):
    """The 考核结果通知; the former one is superseded."""
    return _issue(kind, card, by, "考核结果有变化")


def issue_for_year(kind, cycle, *, by):
    """A paper of the whole year: the summary, the empty form."""
    return _issue(kind, cycle, by, "重新出具")


def _issue(kind, subject, by, reason):
    former = documents.standing(subject, kind)
    return documents.issue(
        kind,
        subject,
        by=by,
        content_hash=content_hash(kind, subject),
        supersedes=former,
        reason=reason if former else "",
    )
