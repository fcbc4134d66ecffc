"""Where do the papers of a ballot get their words? From the rows of the round, and from the session as it ended."""

from django.utils import timezone

from applications.documents import ballot as sheets
from applications.models import BallotRound, Conflict, PanelSession
from applications.papers.panel import rules_of
from park.models import Document
from park.templatetags.ui import date_zh

Basis = Conflict.Basis
SPOKEN = {  # without the name of a unit or a family
    Basis.SAME_PERSON: "本人参与申报",
    Basis.SAME_UNIT: "与申报单位同属一个单位",
    Basis.FAMILY_NAME: "与领衔人同姓且同单位",
    Basis.DECLARED: "本人声明回避",
    Basis.REPORTED: "他人提出，经确认",
}


def _moment(at) -> str:
    return date_zh(timezone.localtime(at)) if at else ""


def _heads(round_) -> dict:
    item, application = round_.item, round_.item.application
    return {
        "session_title": item.session.title,
        "session_number": item.session.number,
        "meets_on": item.session.meets_on,
        "item": item.order,
        "round": round_.number,
        "application_number": application.number,
        "studio_name": application.studio_name,
        "leader_name": application.leader_name,
        "occupation": application.occupation,
    }


def _round(document) -> BallotRound:
    return BallotRound.objects.select_related("item__session", "item__application").get(
        pk=document.subject_id
    )


def build_slip(document: Document):
    """As many as have a vote when the round opens; a voter who is struck off later leaves one slip over."""
    round_ = _round(document)
    return sheets.ballot_slip(_heads(round_), copies=max(1, round_.eligible))


def build_count_sheet(document: Document):
    round_ = _round(document)
    return sheets.count_sheet(
        _heads(round_)
        | {
            "voting": round_.get_voting_display(),
            "means": round_.get_means_display(),
            "seats": round_.seats,
            "present": round_.present,
            "recused": round_.recused,
            "eligible": round_.eligible,
            "voted": round_.roll.filter(has_voted=True).count(),
            "approve": round_.approve,
            "oppose": round_.oppose,
            "abstain": round_.abstain,
            "invalid": round_.invalid,
            "outcome": round_.get_outcome_display(),
            "arithmetic": round_.arithmetic,
            "opened_at": _moment(round_.opened_at),
            "closed_at": _moment(round_.closed_at),
            "counters": [str(row.by) for row in round_.paper_counts.select_related("by").order_by("pk")],
        }
    )


def _presided(item, chair) -> str:
    if item.acting_chair_id:
        return f"{item.acting_chair.expert.name}（代行组长）"
    return chair.expert.name if chair else ""


def _item(item, chair) -> dict:
    application = item.application
    recused = item.conflicts.confirmed().select_related("seat__expert").order_by("seat", "pk")
    agreed = item.assents.filter(version=item.opinion_version).select_related("seat__expert").order_by("seat")
    return {
        "order": item.order,
        "number": application.number,
        "studio": application.studio_name,
        "leader": application.leader_name,
        "occupation": application.occupation,
        "unit": application.unit_name,
        "presided": _presided(item, chair),
        "recused": [{"name": row.seat.expert.name, "basis": SPOKEN[row.basis]} for row in recused],
        "opinion": item.opinion,
        "agreed": [row.seat.expert.name for row in agreed],
        "rounds": [_figures(row) for row in item.rounds.exclude(closed_at=None).order_by("number")],
        "open": not item.rounds.filter(outcome__in=["passed", "failed"]).exists(),
    }


def _figures(round_) -> dict:
    counts = f"同意{round_.approve}票，不同意{round_.oppose}票，弃权{round_.abstain}票"
    if round_.invalid:
        counts += f"，无效{round_.invalid}票"
    return {
        "number": round_.number,
        "counts": "" if round_.outcome == "void" else counts,
        "arithmetic": round_.arithmetic,
        "outcome": round_.get_outcome_display(),
    }


def build_minutes(document: Document):
    session = PanelSession.objects.get(pk=document.subject_id)
    seats = list(session.seats.taken().select_related("expert").order_by("-is_chair", "pk"))
    chair = next((seat for seat in seats if seat.is_chair), None)
    # What was taken off the agenda before it was called has nothing to report.
    items = session.agenda.select_related("application", "acting_chair__expert").order_by("order", "pk")
    return sheets.panel_minutes(
        {
            "title": session.title,
            "number": session.number,
            "meets_on": session.meets_on,
            "place": session.place,
            "began_at": _moment(session.began_at),
            "ended_at": _moment(session.ended_at),
            "seats_wanted": session.seats_wanted,
            "rules": rules_of(session),
            "seats": [
                {
                    "name": seat.expert.name,
                    "unit": seat.expert.unit_name,
                    "title": seat.expert.title,
                    "chair": seat.is_chair,
                    "attended": _attended(seat),
                }
                for seat in seats
            ],
            "items": [_item(item, chair) for item in items],
        }
    )


def _attended(seat) -> str:
    if not seat.signed_in_at:
        return "未到会"
    text = f"{timezone.localtime(seat.signed_in_at):%H:%M}到会"
    return text + (f"，{timezone.localtime(seat.left_at):%H:%M}离会" if seat.left_at else "")


KINDS = {
    "ballot_slip": (build_slip, "选票", "XP"),
    "count_sheet": (build_count_sheet, "计票单", "JP"),
    "panel_minutes": (build_minutes, "评议纪要", "PJ"),
}
STUDIO_KINDS = []
