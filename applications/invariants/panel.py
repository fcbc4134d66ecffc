"""Do seats, agenda and conflicts of a session agree, and does every draw still give the same names?"""

from applications import draw
from applications.models import PanelDraw, Seat
from park.invariants import Invariant
from park.triggers import Trigger

UNDER_WAY = "('planning', 'convened', 'sitting')"


def _draws_that_differ() -> list[str]:
    """Draws whose seed and pool do not give the recorded result."""
    wrong = []
    for row in PanelDraw.objects.select_related("session").iterator(chunk_size=100):
        again = draw.choose(
            row.seed, row.pool, row.wanted, max_per_unit=row.terms["max_per_unit"], seated=row.terms["seated"]
        )
        if again != row.chosen:
            wrong.append(f"{row.session} 第 {row.pk} 次抽取")
    return wrong


def _lots_without_draw() -> list[str]:
    """Seats said to be drawn by lot whose expert no draw of the session has chosen."""
    chosen = {}
    for session, keys in PanelDraw.objects.values_list("session", "chosen"):
        chosen.setdefault(session, set()).update(keys)
    seats = Seat.objects.filter(by_lot=True).values_list("pk", "session", "expert__key")
    return [f"席位 {pk}" for pk, session, key in seats if str(key) not in chosen.get(session, ())]


INVARIANTS = (
    Invariant("panel_draws", "每次专家抽取都能由种子和当日专家库重算出同样的结果", check=_draws_that_differ),
    Invariant("panel_lots", "随机抽取的席位都在抽取记录中", check=_lots_without_draw),
    Invariant(
        "panel_chair",
        "进行中的评议会有且只有一位组长，席位不超过专家组人数，人数为单数",
        "SELECT s.number FROM applications_panelsession s WHERE s.status = 'sitting' AND (s.seats_wanted % 2 = 0"
        " OR (SELECT COUNT(*) FROM applications_seat t WHERE t.session_id = s.id AND t.response <> 'declined')"
        " > s.seats_wanted"
        " OR (SELECT COUNT(*) FROM applications_seat t WHERE t.session_id = s.id AND t.response <> 'declined'"
        " AND t.is_chair) <> 1)",
    ),
    Invariant(
        "panel_declined_seats",
        "不能参加的专家不是组长，也没有签到",
        "SELECT id FROM applications_seat WHERE response = 'declined' AND (is_chair OR signed_in_at IS NOT NULL)",
    ),
    Invariant(
        "panel_agenda_open",
        "未办结的评议事项都在未结束的会议上，申报都在集中评议或投票表决阶段",
        "SELECT i.id FROM applications_agendaitem i JOIN applications_panelsession s ON s.id = i.session_id"
        " JOIN applications_application a ON a.id = i.application_id WHERE i.is_open"
        f" AND (s.status NOT IN {UNDER_WAY} OR a.status NOT IN ('deliberation', 'ballot'))",
    ),
    Invariant(
        "panel_same_session",
        "回避事项、代行组长与评议事项属于同一次会议",
        "SELECT c.id FROM applications_conflict c JOIN applications_agendaitem i ON i.id = c.item_id"
        " JOIN applications_seat t ON t.id = c.seat_id WHERE t.session_id <> i.session_id"
        " UNION SELECT i.id FROM applications_agendaitem i JOIN applications_seat t ON t.id = i.acting_chair_id"
        " WHERE t.session_id <> i.session_id",
    ),
    Invariant(
        "panel_acting_chair",
        "代行组长对所主持的事项不回避",
        "SELECT i.id FROM applications_agendaitem i JOIN applications_conflict c ON c.item_id = i.id"
        " AND c.seat_id = i.acting_chair_id WHERE i.is_open AND c.state = 'confirmed'",
    ),
    Invariant(
        "panel_attendance",
        "筹备中的会议没有签到",
        "SELECT t.id FROM applications_seat t JOIN applications_panelsession s ON s.id = t.session_id"
        " WHERE s.status = 'planning' AND t.signed_in_at IS NOT NULL",
    ),
)
TRIGGERS = (
    Trigger("panel_draw_no_update", "applications_paneldraw", "UPDATE", "draws are append-only"),
    Trigger("panel_draw_no_delete", "applications_paneldraw", "DELETE", "draws are append-only"),
)
