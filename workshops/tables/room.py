"""Rooms as a table and as a drawn plan: which are free, taken, soon free, closed [5.3]?"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from workshops.models import Departure, Handover, Occupancy, Room
from workshops.tables.residency import SOON

STATES = {"free": "空闲", "taken": "在用", "ending": "即将空出", "closed": "停用"}
TONES = {"free": "done", "taken": "info", "ending": "wait", "closed": "neutral"}
BOX, TALL, GAP = 160, 104, 8  # of the drawing, in its own units
NAME_LENGTH = 9  # characters of a studio's name that fit one line of a box


@dataclass
class Place:
    """A room with who is in it."""

    room: Room
    occupancy: Occupancy | None = None
    state: str = "free"
    why: str = ""  # why it will be free soon

    @property
    def label(self) -> str:
        return STATES[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def studio(self):
        return self.occupancy.residency.studio if self.occupancy else None

    @property
    def name_lines(self) -> list[str]:
        """The studio's name without the words all of them share, on two lines of the box."""
        if not self.studio:
            return []
        name = self.studio.name.removesuffix("工作室").removesuffix("技能大师")
        rest = name[NAME_LENGTH:]
        second = rest if len(rest) <= NAME_LENGTH else rest[: NAME_LENGTH - 1] + "…"
        return [name[:NAME_LENGTH], *([second] if second else [])]


@dataclass
class Floor:
    """One floor as the table lists it and as it is drawn."""

    building: str
    floor: int
    places: list[Place] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.building}{self.floor}层"

    @property
    def area(self) -> Decimal:
        return sum((p.room.area for p in self.places), Decimal(0))

    @property
    def taken_area(self) -> Decimal:
        return sum((p.room.area for p in self.places if p.occupancy), Decimal(0))

    def drawing(self, columns: int) -> dict:
        """Boxes in rows of so many columns: x, y, and the size of the whole."""
        boxes = [
            {
                "place": place,
                "x": GAP + (n % columns) * (BOX + GAP),
                "y": GAP + (n // columns) * (TALL + GAP),
            }
            for n, place in enumerate(self.places)
        ]
        across = min(columns, max(len(boxes), 1))
        down = max(-(-len(boxes) // columns), 1)
        return {
            "boxes": boxes,
            "width": GAP + across * (BOX + GAP),
            "height": GAP + down * (TALL + GAP),
            "box": BOX,
            "tall": TALL,
        }

    @property
    def wide(self):
        return self.drawing(5)

    @property
    def narrow(self):
        return self.drawing(2)


def floors(rooms=None) -> list[Floor]:
    """All rooms by building and floor with their present occupants; four queries, however many rooms."""
    rows = list(Room.objects.all() if rooms is None else rooms)
    taken = {
        o.room_id: o
        for o in Occupancy.objects.filter(until=None, room__in=[r.pk for r in rows]).select_related(
            "residency__studio"
        )
    }
    coming_back = dict(
        Handover.objects.unsettled()
        .filter(kind=Handover.Kind.OUT, occupancy__until=None)
        .values_list("occupancy_id", "day")
    )
    leaving = dict(Departure.objects.open().values_list("residency_id", "leaves_on"))
    soon = timezone.localdate() + timedelta(days=SOON)
    found: dict[tuple, Floor] = {}
    for room in rows:
        place = Place(room, taken.get(room.pk))
        place.state, place.why = _state(place, coming_back, leaving, soon)
        found.setdefault((room.building, room.floor), Floor(room.building, room.floor)).places.append(place)
    return list(found.values())


def _state(place, coming_back, leaving, soon) -> tuple[str, str]:
    if place.occupancy is None:
        return ("free" if place.room.is_active else "closed"), ""
    residency = place.occupancy.residency
    if day := coming_back.get(place.occupancy.pk):
        return "ending", f"{day:%Y-%m-%d} 交还"
    if day := leaving.get(residency.pk):
        return "ending", f"{day:%Y-%m-%d} 退出"
    if residency.ended_on:
        return "ending", "已退出，待交还"
    if residency.term_ends_on and residency.term_ends_on <= soon:
        return "ending", f"协议期到 {residency.term_ends_on:%Y-%m-%d}"
    return "taken", ""


def free_rooms():
    """What can be assigned now."""
    return Room.objects.filter(~Q(pk__in=Occupancy.objects.filter(until=None).values("room")), is_active=True)
