"""What did the studios of the demo report, quarter by quarter [5.3][T10]?"""

from datetime import timedelta

from django.utils import timezone

from workshops.actions import returns, returns_defining, returns_opening
from workshops.actions.returns_defining import ABOUT, OF_FIGURE
from workshops.kinds.returns import ended_periods
from workshops.management.demo.stage import Stage
from workshops.models import ReturnDefinition, StatisticalReturn
from workshops.workflow import RETURN

# How far the latest quarter came; the others are accepted.
LATEST = {
    "studio2": ("submit_return",),
    "studio3": ("submit_return", "query_return"),
    "studio4": ("submit_return", "query_return", "answer", "submit_return"),
    "studio5": (),
    "studio6": ("waive_return",),
    "studio8": (),
}
WHOLE = ("submit_return", "accept_return")


class Returns:
    """The quarterly return that every installation starts with: four quarters, the latest in every state."""

    def __init__(self, stage: Stage):
        self.stage, self.people, self.office = stage, stage.people, stage.people["office2"]

    def tell(self) -> list:
        periods = ended_periods("quarter", self.stage.today, 4)
        rounds = (self._quarter(period, period == periods[0]) for period in periods)
        return [self._since_ever(periods[-1].first), *rounds]

    def _definition(self):
        return ReturnDefinition.objects.current().filter(period="quarter").order_by("pk").first()

    def _since_ever(self, day):
        """The form has been in use since the earliest quarter that is told."""
        yield self.stage.at(day, 9, 5)
        form = self._definition()
        about = {name: getattr(form, name) for name in ABOUT} | {"active_from": day}
        figures = [{name: getattr(row, name) for name in OF_FIGURE} for row in form.figures.all()]
        returns_defining.change_definition(form, figures=figures, by=self.office, **about)

    def _quarter(self, period, is_latest):
        stage = self.stage
        yield stage.at(period.last + timedelta(days=1), 7)
        returns_opening.open_period(self._definition(), period)
        yield stage.at(period.last + timedelta(days=6), 15)
        rows = StatisticalReturn.objects.filter(first_on=period.first).select_related("residency__studio")
        for row in rows.order_by("pk"):
            person = row.residency.studio.people.order_by("pk").first()
            steps = LATEST.get(person.username, WHOLE) if is_latest else WHOLE
            for step in steps:
                row = self._step(row, step, person)
        if is_latest:
            yield stage.at(stage.today, 7, 20)
            returns_opening.remind(timezone.localdate())

    def _step(self, row, step, person):
        if step == "submit_return" and row.status == "open":
            self._fill(row, person)
        if step == "answer":
            question = row.values.exclude(questions=None).first().questions.get()
            answers = {question.pk: "已核对，包含与企业联办的一期。"}
            return returns.save_values(row, {}, answers=answers, by=person)
        if step == "query_return":
            value = row.values.order_by("figure__order").first()
            data = {"questions": {value.pk: "比上季度变化较大，请说明原因。"}}
            return RETURN.perform(row, step, by=self.office, data=data)
        data = (
            {"reason": "领衔人在外承担国家级任务，本季度未在园开展工作。"} if step == "waive_return" else {}
        )
        return RETURN.perform(row, step, by=person if step == "submit_return" else self.office, data=data)

    def _fill(self, row, person):
        """What the system knows is confirmed, the rest is typed."""
        lot, entries = self.stage.lot, {}
        for value in row.values.select_related("figure"):
            typed = lot.randrange(100, 900) * 10_000 if value.figure.kind == "money" else lot.randrange(1, 40)
            entries[value.pk] = (typed if value.known is None else value.known, "")
        returns.save_values(row, entries, by=person)
