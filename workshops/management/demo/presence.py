"""Who of the demo was in the park on which day [A2.2]?"""

from datetime import timedelta

from workshops.actions import attendance
from workshops.management.demo.stage import EVALUATED, Stage
from workshops.models import CheckIn, Residency
from workshops.workflow import LEAVE

# Who was too seldom there, in which months back.
SHORT = {"studio2": (19,), "studio4": (3, 6, 15, 18), "studio7": (14, 15), "studio8": (2, 4, *range(11, 24))}
MONTHS = 24


class Presence:
    """Ten to fifteen days a month of the leaders, leave in every state, two closures, sheets of two studios."""

    def __init__(self, stage: Stage):
        self.stage, self.office = stage, stage.people["office1"]

    def tell(self) -> list:
        leaves = [
            ("studio1", 100, 3, "approve_leave", "参加省技能竞赛裁判工作"),
            ("studio2", 60, 2, "refuse_leave", "外出参加展会"),
            ("studio3", 45, 4, "withdraw_leave", "到外地企业指导"),
            ("studio1", -6, 3, "", "参加行业年会"),
        ]
        stage = self.stage
        days, month = [], MONTHS - 1
        for day in (stage.evaluated_on, stage.ago(EVALUATED)):
            last = next(back for back in range(MONTHS) if stage.month(back) <= day)
            days.append(self._days(range(month, last, -1), stage.at(day - timedelta(days=1), 8)))
            month = last
        days.append(self._days(range(month, -1, -1), stage.at(stage.ago(0), 8, 10)))
        return [self._closures(), *days, self._afterwards(), *(self._leave(*row) for row in leaves)]

    def _closures(self):
        stage = self.stage
        for days, length, reason in (
            (290, 7, "春节前设备检修，园区关闭"),
            (120, 2, "台风预警，园区临时关闭"),
        ):
            yield stage.at(stage.ago(days + 3), 9)
            attendance.close_park(
                starts_on=stage.ago(days),
                ends_on=stage.ago(days - length + 1),
                reason=reason,
                by=stage.people["logistics"],
            )

    def _leave(self, account, days, length, step, reason):
        stage = self.stage
        yield stage.at(stage.ago(max(days, 0) + 2), 11)
        by = stage.people[account]
        leave = attendance.ask_for_leave(
            by.studios.get(),
            starts_on=stage.ago(days),
            ends_on=stage.ago(days - length + 1),
            reason=reason,
            by=by,
        )
        if not step:
            return
        yield stage.at(stage.ago(days + 1), 9)
        answer = {"reason": "期间有定期检查，请另行安排。" if step == "refuse_leave" else "同意。"}
        LEAVE.perform(leave, step, by=by if step == "withdraw_leave" else self.office, data=answer)

    def _days(self, months, moment):
        """Written in bulk, so many months back: first what each evaluation is made from, then the rest. Today is left
        for whoever tries the demo."""
        stage = self.stage
        yield moment
        rows = []
        for residency in (
            Residency.objects.exclude(term_starts_on=None).select_related("studio").order_by("pk")
        ):
            account = residency.studio.people.order_by("pk").first()
            leader = residency.studio.persons.filter(is_leader=True).order_by("pk").last()
            for back in months:
                first, after = stage.month(back), stage.month(back - 1)
                days = [first + timedelta(days=n) for n in range((after - first).days)]
                last = min(residency.ended_on or stage.today, stage.ago(1))
                days = [d for d in days if residency.term_starts_on <= d <= last and d.weekday() < 6]
                few = 4 if back > 12 and account.username == "studio8" else 7
                seldom = back in SHORT.get(account.username, ())
                wanted = few if seldom else stage.lot.randrange(10, 16)
                for number, day in enumerate(sorted(stage.lot.sample(days, min(wanted, len(days))))):
                    by_sheet = back > 9
                    rows.append(
                        CheckIn(
                            studio=residency.studio,
                            person=leader,
                            day=day,
                            means="sheet" if by_sheet else "phone",
                            at=stage.at(day, 8, 10 + number),
                            entered_by=stage.people["logistics"] if by_sheet else account,
                        )
                    )
        CheckIn.objects.bulk_create(rows)

    def _afterwards(self):
        """One was a mistake; the sheets of two studios."""
        stage = self.stage
        yield stage.at(stage.ago(0), 8, 20)
        mistaken = CheckIn.objects.filter(studio__people=stage.people["studio2"]).order_by("-day").first()
        attendance.void_check_in(mistaken, reason="当日误点，本人未到园", by=self.office)
        for account in ("studio1", "studio4"):
            residency = stage.people[account].studios.get().standing_residency()
            for back in (2, 1):
                attendance.issue_sheet(residency, stage.month(back), by=self.office)
