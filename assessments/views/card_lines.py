"""How does one line of a card read, to whom? Points, reasons, proof, words: the same rows on every page of a card."""

from dataclasses import dataclass, field

from django.urls import reverse

from assessments.actions.scorecard import number, printed_values
from assessments.models import LineEvidence, ScorecardLine, ScorecardStatus
from park.points import shown
from park.validators import is_uuid
from workshops.permissions import is_of_studio

S = ScorecardStatus
ANNOUNCED = (S.PROVISIONAL, S.RECONSIDERING, S.FINAL)  # from here on the studio reads what was found


@dataclass
class Row:
    """One printed item with everything that belongs to it."""

    line: ScorecardLine
    shows_points: bool
    proofs: list[dict]
    evidence: list[LineEvidence] = field(default_factory=list)
    grades: list = field(default_factory=list)

    @property
    def item(self):
        return self.line.item

    @property
    def number(self) -> str:
        return number(self.line)

    @property
    def category(self) -> str:
        return self.line.item.category

    @property
    def reasons(self) -> list[str]:
        return self.line.finding.get("reasons", [])

    @property
    def missing(self) -> list[str]:
        return self.line.finding.get("missing", [])

    @property
    def is_graded(self) -> bool:
        """Left to the panel."""
        return self.line.item.kind == "grade"

    @property
    def is_judged(self) -> bool:
        return self.line.points is not None

    @property
    def is_changed(self) -> bool:
        return self.line.basis in (ScorecardLine.Basis.OVERRIDDEN, ScorecardLine.Basis.RECONSIDERED)

    @property
    def printed(self) -> str:
        """The only values of an item that has but few."""
        if self.line.item.kind not in ("choice", "all_or_nothing"):
            return ""
        return "、".join(shown(value) for value in printed_values(self.line))


def sees_points(user, card) -> bool:
    """The house as they are found, the studio once they are announced."""
    return card.status in ANNOUNCED or not is_of_studio(user, card.studio)


def rows_of(card, user, *, only=None, with_grades=False) -> list[Row]:
    """The lines of a card in their order; a constant number of queries. `only` narrows them."""
    own, shows = is_of_studio(user, card.studio), sees_points(user, card)
    lines = card.lines.select_related("item", "judged_by").order_by("order")
    lines = list(lines if only is None else lines.filter(**only))
    evidence = LineEvidence.objects.filter(line__in=[line.pk for line in lines], removed_at=None)
    if own and not shows:
        evidence = evidence.filter(given_by=LineEvidence.Of.STUDIO)
    by_line: dict[int, list] = {}
    for row in evidence.select_related("record", "stored").order_by("pk"):
        row.url = _address(card, row)
        by_line.setdefault(row.line_id, []).append(row)
    found = [
        Row(line, shows, [_proof(card, proof, own) for proof in line.finding.get("proofs", [])],
            by_line.get(line.pk, []))
        for line in lines
    ]  # fmt: skip
    if with_grades:
        _add_grades(found)
    return found


def _add_grades(rows):
    graded = {row.line.pk: row for row in rows if row.is_graded}
    sheets = [s for row in graded.values() for s in row.line.grades.select_related("grader").order_by("pk")]
    for sheet in sheets:
        row = graded[sheet.line_id]
        words = {code: said for code, said, _ in row.item.parameters["grades"]}
        sheet.words = words.get(sheet.grade, sheet.grade)
        row.grades.append(sheet)


def _proof(card, proof, own) -> dict:
    page = ("workshops:ledger_record", [proof["key"]])
    if not own:
        page = ("assessments:card_record", [card.key, proof["key"]])
    return proof | {"url": reverse(page[0], args=page[1]) if is_uuid(proof["key"]) else ""}


def _address(card, row) -> str:
    if row.record_id:
        return reverse("assessments:card_record", args=[card.key, row.record.key])
    return reverse("assessments:evidence_file", args=[card.key, row.stored.key])
