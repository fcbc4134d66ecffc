"""How were the studios of the demo inspected: four rounds of a year, the last one in every state [5.2]?"""

import uuid
from datetime import timedelta

from assessments.actions import inspection as acts
from assessments.actions import rubric as editions
from assessments.actions.projection import renew_running_years
from assessments.management.demo import consequences
from assessments.management.demo.evaluation import Evaluation
from assessments.models import Inspection, Rubric
from assessments.workflow import FINDING, INSPECTION
from workshops.management.demo.stage import Stage

LAST = {  # how far the last round came, by account; the others are over and clean
    "studio1": "findings",
    "studio2": "recorded",
    "studio3": "postponed",
    "studio5": "one_closed",
    "studio6": "cancelled",
    "studio7": "paper",
    "studio8": "overdue",
    "studio9": "planned",
}
PROBLEMS = {
    "display": "展示栏内容还是去年的，没有更新",
    "journal": "上月日志有两周空白",
    "safety": "配电箱前堆放物品",
    "wall": "制度牌脱落，没有重新张贴",
}


def chapters(people, now) -> list:
    """Generators to be merged by time with whatever else is told."""
    stage = Stage(people, now)
    rounds = Rounds(stage)
    return [
        *(rounds.round(back) for back in (3, 2, 1, 0)),
        *Evaluation(stage).tell(),
        *consequences.chapters(stage),
        _draft_edition(stage),
        _projections(now),
    ]


def _draft_edition(stage):
    """The next edition is being prepared: one item reads differently, and not everything adds up yet."""
    office = stage.people["office1"]
    yield stage.at(stage.ago(12), 10, 30)
    shipped = Rubric.objects.in_force().first()
    draft = editions.copy_rubric(
        shipped, edition="修订稿", title=shipped.title, legal_basis="征求意见稿，尚未印发", by=office
    )
    for code, change in (
        ("A2.1", {"content": "有醒目、规范的工作室标识"}),
        (
            "A2.13",
            {"max_points": 5, "content": "每年开展一次以上业内技术交流会、课题研讨会或展示活动，有记录可查"},
        ),
    ):
        item = draft.items.get(code=code)
        values = {name: getattr(item, name) for name in editions.FIELDS} | change
        editions.save_item(draft, item, seen=editions.item_state(item), by=office, **values)


def _projections(now):
    """What the morning's chore does, at the end of the story."""
    yield now
    renew_running_years()


class Rounds:
    """One plan a quarter; two inspectors of two bodies."""

    def __init__(self, stage: Stage):
        self.stage, self.people = stage, stage.people
        self.office, self.inspectors = (
            stage.people["office1"],
            [stage.people["office2"], stage.people["logistics"]],
        )

    def round(self, back):
        stage = self.stage
        day = stage.ago(91 * back + 24)
        yield stage.at(day - timedelta(days=7), 9)
        starts, ends = stage.ago(91 * back + 45), stage.ago(91 * back - 45)
        residencies = [
            r
            for r in acts.waiting_for_inspection(starts, ends)
            if r.studio.people.filter(username__startswith="studio").exists()
        ]
        acts.plan_inspections(
            residencies,
            title=f"{day:%Y年}第{(day.month + 2) // 3}季度定期检查",
            starts_on=starts,
            ends_on=ends,
            inspect_on=day,
            inspectors=self.inspectors,
            by=self.office,
            note="重点看用电安全和日志记录。",
        )
        rows = list(
            Inspection.objects.filter(inspect_on=day).select_related("residency__studio").order_by("pk")
        )
        if back == 0:
            yield from self._put_off(rows)
        yield stage.at(day, 15)
        for row in rows:
            how = LAST.get(self._account(row)) if back == 0 else "one_closed" if row.pk % 4 == 0 else None
            if how not in ("postponed", "planned", "cancelled"):
                self._record(row, how)
        yield stage.at(day + timedelta(days=2), 10)
        for row in rows:
            how = LAST.get(self._account(row)) if back == 0 else "one_closed" if row.pk % 4 == 0 else None
            if how not in ("postponed", "planned", "cancelled", "recorded"):
                self._answer(row, how)
        yield stage.at(day + timedelta(days=9), 10)
        for row in rows:
            self._follow(row)

    def _account(self, row):
        return row.residency.studio.people.values_list("username", flat=True).first()

    def _put_off(self, rows):
        """Called off, or moved to a day to come."""
        yield self.stage.at(self.stage.ago(27), 16)
        for row in rows:
            how = LAST.get(self._account(row))
            if how == "cancelled":
                reason = "没有安排房间，改为到企业现场走访"
                INSPECTION.perform(
                    row, "cancel_inspection", by=self.office, data={"reason": reason}, note=reason
                )
            if how in ("postponed", "planned"):
                day = self.stage.ago(-9 if how == "postponed" else -5)
                data = {"inspect_on": day, "reason": "领衔人外出参加竞赛裁判"}
                INSPECTION.perform(row, "postpone_inspection", by=self.office, data=data)

    def _record(self, row, how):
        wrong = {"findings": 4, "one_closed": 1, "overdue": 2, "recorded": 1}.get(how, 0)
        bad = list(PROBLEMS.items())[:wrong]
        lines = {}
        for line in row.lines.select_related("item"):
            note = dict(bad).get(line.item.code, "")
            serious = "serious" if line.item.code == "safety" else "minor"
            lines[line.pk] = ("not_met", serious, note) if note else ("met", "", "")
        by = self.inspectors[0]
        summary = "工作室运转正常，制度、台账基本齐全。" if not wrong else "总体正常，有问题需要整改。"
        row = acts.save_record(row, summary=summary, lines=lines, version=0, saved_from=uuid.uuid4(), by=by)
        acts.add_photo(row, self.stage.picture("检查照片"), client_key=uuid.uuid4(), by=by, caption="室内")
        INSPECTION.perform(row, "finish_inspection", by=by)

    def _answer(self, row, how):
        owner = self.people[self._account(row)]
        if how == "paper":
            data = {"scan": self.stage.picture("签字的检查记录"), "remark": ""}
            row = INSPECTION.perform(row, "sign_inspection", by=self.office, data=data)
            INSPECTION.perform(row, "close_inspection", by=self.office)
            return
        has = row.lines.filter(verdict="not_met").exists()
        name = "confirm_inspection" if has else "confirm_clean_inspection"
        INSPECTION.perform(row, name, by=owner, data={"answer": "online", "remark": ""})

    def _follow(self, row):
        """What becomes of the problems: all put right, or one in each state."""
        how = LAST.get(self._account(row)) if row.inspect_on >= self.stage.ago(30) else "one_closed"
        owner = self.people[self._account(row)]
        states = {"findings": ("open", "answered", "reopened", "closed"), "overdue": ("open", "open")}.get(
            how
        )
        for number, finding in enumerate(row.findings.order_by("number")):
            state = states[number] if states else "closed"
            if state == "open":
                continue
            data = {"reason": "已整改，见照片。", "proof": self.stage.picture("整改照片")}
            finding = FINDING.perform(finding, "answer_finding", by=owner, data=data)
            if state != "answered":
                name = "close_finding" if state == "closed" else "reopen_finding"
                FINDING.perform(finding, name, by=self.inspectors[0], data={"reason": "现场复查。"})
