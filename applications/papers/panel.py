"""Where do the papers of a session get their words? From its seats, agenda and conflicts as they are when issued."""

from django.utils import timezone

from applications.documents import panel as sheets
from applications.models import Conflict, PanelSession
from park import rules
from park.models import Document
from park.templatetags.ui import date_zh
from park.wording import contact

# Column of the session and the setting whose words it is shown in.
RULES = {
    "voting": "ballot_voting",
    "quorum": "ballot_quorum",
    "threshold": "ballot_threshold",
    "min_voters": "ballot_min_voters",
    "reballot_on": "reballot_on",
    "reballot_max": "reballot_max",
    "assent": "opinion_assent",
}


def rules_of(session) -> list[dict]:
    """The rules of one session in words, each with its clause: {label, value, clause}."""
    rows = []
    for column, key in RULES.items():
        definition, value = rules.REGISTRY[key], getattr(session, column)
        words = dict(definition.choices)
        if isinstance(value, list):
            text = "；".join(words.get(code, code) for code in value) or "不重新投票"
        else:
            text = words.get(value, f"{value} {definition.unit}".strip())
        rows.append({"label": definition.label, "value": text, "clause": definition.clause})
    rows.insert(1, {"label": "投票手段", "value": session.get_means_display(), "clause": "3.2.2"})
    return rows


def _heads(session) -> dict:
    return {
        "number": session.number,
        "title": session.title,
        "meets_on": session.meets_on,
        "meets_at": f"{session.meets_at:%H:%M}",
        "place": session.place,
    }


def build_invitation(document: Document):
    session = PanelSession.objects.get(pk=document.subject_id)
    items = session.agenda.filter(is_open=True).select_related("application")
    return sheets.panel_invitation(
        _heads(session)
        | {
            "seats": session.seats_wanted,
            "rules": rules_of(session),
            "agenda": [
                {
                    "order": item.order,
                    "number": item.application.number,
                    "studio": item.application.studio_name,
                    "occupation": item.application.occupation,
                }
                for item in items.order_by("order", "pk")
            ],
            "contact": contact(),
        }
    )


def build_sign_in(document: Document):
    session = PanelSession.objects.get(pk=document.subject_id)
    seats = session.seats.taken().select_related("expert").order_by("-is_chair", "pk")
    return sheets.panel_sign_in(
        _heads(session)
        | {
            "seats": [
                {
                    "name": seat.expert.name,
                    "unit": seat.expert.unit_name,
                    "title": seat.expert.title,
                    "chair": seat.is_chair,
                }
                for seat in seats
            ]
        }
    )


def build_recusal(document: Document):
    row = Conflict.objects.select_related("item__session", "item__application", "seat__expert").get(
        pk=document.subject_id
    )
    item, expert = row.item, row.seat.expert
    return sheets.panel_recusal(
        {
            "session_number": item.session.number,
            "session_title": item.session.title,
            "meets_on": item.session.meets_on,
            "item": item.order,
            "application_number": item.application.number,
            "studio_name": item.application.studio_name,
            "expert_name": expert.name,
            "expert_unit": expert.unit_name,
            "detail": row.detail,
            "declared_at": date_zh(timezone.localtime(row.decided_at)) if row.decided_at else "",
            "online": expert.user_id is not None and row.decided_by_id == expert.user_id,
        }
    )


KINDS = {
    "panel_invitation": (build_invitation, "专家评议会通知", "PT"),
    "panel_sign_in": (build_sign_in, "专家评议会签到表", "PQ"),
    "panel_recusal": (build_recusal, "回避声明", "HB"),
}
STUDIO_KINDS = []
