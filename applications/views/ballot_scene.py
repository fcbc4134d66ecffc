"""What stands before the panel now? The case, who is in the room, who has agreed and who has voted; never what."""

from dataclasses import dataclass, field

from applications import tally
from applications.models import AgendaItem, Assent, BallotRound, Conflict, PanelSession, Seat


@dataclass
class Scene:
    """What stands before the panel now, in seven queries."""

    session: PanelSession
    item: AgendaItem | None
    seats: list = field(default_factory=list)  # of the panel, with .present .is_away .has_agreed .has_voted
    round: BallotRound | None = None  # the last one of the case

    @classmethod
    def of(cls, session, item):
        scene = cls(session, item)
        scene.seats = list(
            Seat.objects.taken().filter(session=session).select_related("expert").order_by("-is_chair", "pk")
        )
        away, agreed, voted, roll = set(), set(), set(), set()
        if item is not None:
            away = set(Conflict.objects.standing().filter(item=item).values_list("seat", flat=True))
            scene.round = BallotRound.objects.filter(item=item).order_by("-number").first()
            agreed = set(
                Assent.objects.filter(item=item, version=item.opinion_version).values_list("seat", flat=True)
            )
        if scene.round is not None:
            marks = dict(scene.round.roll.values_list("seat", "has_voted"))
            roll, voted = set(marks), {seat for seat, mark in marks.items() if mark}
        for seat in scene.seats:
            seat.present = seat.signed_in_at is not None and seat.left_at is None
            seat.is_away = seat.pk in away
            seat.has_agreed, seat.is_voter, seat.has_voted = (
                seat.pk in agreed,
                seat.pk in roll,
                seat.pk in voted,
            )
        return scene

    @property
    def application(self):
        return self.item.application if self.item else None

    @property
    def is_voting(self) -> bool:
        return self.round is not None and self.round.closed_at is None

    @property
    def has_result(self) -> bool:
        return self.round is not None and self.round.closed_at is not None

    @property
    def leaving(self) -> list:
        return [seat for seat in self.seats if seat.is_away]

    @property
    def voters(self) -> list:
        return [seat for seat in self.seats if seat.is_voter]

    @property
    def voted(self) -> int:
        return sum(seat.has_voted for seat in self.seats)

    @property
    def heads(self) -> tally.Heads:
        """Frozen by the round while there is one; else who is in the room now."""
        if self.is_voting:
            return tally.heads_of(self.round)
        present = [seat for seat in self.seats if seat.present]
        recused = sum(seat.is_away for seat in present)
        return tally.Heads(self.session.seats_wanted, len(present), recused)

    @property
    def quorum_is_met(self) -> bool:
        return tally.has_quorum(self.heads, self.session.quorum)

    @property
    def advice(self) -> str:
        return tally.of(self.round).advice if self.has_result else ""

    @property
    def state(self) -> str:
        """Changes when the page has to be drawn anew; with a vote it does not."""
        item, last = self.item, self.round
        parts = [self.session.status]
        if item is not None:
            parts += [item.pk, item.is_open, item.opinion_version, len(self.leaving)]
        if last is not None:
            parts += [last.number, last.outcome]
        return ".".join(str(part) for part in parts)

    @property
    def state_of_chair(self) -> str:
        """For whoever opens the ballot: also changes with who is in the room and who agrees."""
        return f"{self.state}.{sum(s.present for s in self.seats)}.{sum(s.has_agreed for s in self.seats)}"

    def state_for(self, seat) -> str:
        presides = seat.is_chair or (self.item is not None and self.item.acting_chair_id == seat.pk)
        return self.state_of_chair if presides else self.state
