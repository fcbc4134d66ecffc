"""How were the studios of the demo evaluated: the year before to its end, with every grade; the running one at all stages
at once [5.2][A2]?"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from assessments.actions import evaluation as acts
from assessments.actions import reminding
from assessments.actions import scorecard as card_acts
from assessments.management.demo.evaluation_words import (
    ALL,
    FOUND,
    GRADES,
    PARTLY,
    REASONS,
    RUNNING,
    STATEMENTS,
    TRUTH,
    WORDS,
)
from assessments.models import EvaluationCycle, Rubric, Scorecard
from assessments.workflow import CYCLE, SCORECARD
from park import rules, workdays
from workshops.management.demo.stage import EVALUATED, Stage
from workshops.models import LedgerRecord

PANEL = ("expert1", "expert2", "expert4")  # the first leads


class Evaluation:
    """Two years. What is judged is decided by the tables, so that every grade is there on whatever day one loads it."""

    def __init__(self, stage: Stage):
        self.stage, self.people = stage, stage.people
        self.office, self.second = stage.people["office1"], stage.people["office2"]
        self.verifier = stage.people["logistics"]
        self.panel = [stage.people[name] for name in PANEL]

    def tell(self) -> list:
        return [self._year_before(), self._this_year()]

    # ── what both have in common ────────────────────────────────────────────────────────────────
    def _open(self, year, note) -> EvaluationCycle:
        day = timezone.localdate()
        if day < acts.earliest_day(year):
            reason = "演示：提前启动年度考核"
            rules.set_rule("cycle_earliest_month", day.month, by=self.people["director"], reason=reason)
        return acts.open_cycle(
            year,
            rubric=Rubric.objects.in_force(date(year, 12, 31)).first(),
            by=self.office,
            note=note,
            graders=self.panel,
            leader=self.panel[0],
        )

    def _cards(self, cycle) -> Iterator[tuple[str, Scorecard]]:
        """(login of the studio, card), of the studios that have one."""
        for card in cycle.cards.select_related("studio", "cycle").order_by("pk"):
            names = set(card.studio.people.values_list("username", flat=True))
            account = next((name for name in sorted(names) if name.startswith("studio")), "")
            yield account, card

    def _answer(self, account, card, *, only=None, agree=True, proof=True):
        """认可 what is right; what the studio knows better it contests with words, and a picture of its proof."""
        by, lines = self.people[account], card.lines.select_related("item").order_by("order")
        answers = {}
        for line in lines:
            code = line.item.code
            wanted = self._truth(account, line)
            if only is not None and code not in only:
                continue
            if wanted is not None and wanted > line.proposed_points and code in WORDS:
                answers[line.pk] = ("contested", wanted, WORDS[code])
                if proof and code in ("A2.3", "A2.10", "A2.14"):
                    line.card = card
                    picture = self.stage.picture("证明材料")
                    card_acts.add_evidence(line, by=by, checked=picture, caption="原件照片")
            elif agree:
                answers[line.pk] = ("agreed", None, "")
        card_acts.answer_lines(card, answers, by=by)

    def _truth(self, account, line):
        """What the line is worth by the tables; None: what the records say."""
        if line.is_bonus:
            return None
        told = TRUTH.get(account, {}).get(line.item.code, ALL)
        return line.max_points if told is ALL else told

    def _hand_in(self, account, card):
        data = {"statement": STATEMENTS.get(account, ""), "checked": True}
        return SCORECARD.perform(card, "hand_in_self_assessment", by=self.people[account], data=data)

    def _judge(self, account, card, *, only=None):
        for line in card.lines.select_related("item").order_by("order"):
            code = line.item.code
            if only is not None and code not in only:
                continue
            if line.item.kind == "grade":
                if account not in GRADES:  # nothing was registered for it
                    self._judge_line(card, line, 0, "没有显著经济效益的材料，不提交评等。")
                continue
            worth = self._truth(account, line)
            worth = line.proposed_points if worth is None else worth
            way = "up" if worth > line.proposed_points else "down"
            self._judge_line(card, line, worth, REASONS[way].get(code, FOUND[way]))
        return card

    def _judge_line(self, card, line, worth, reason):
        line.card = card
        same = worth == line.proposed_points
        card_acts.judge_line(
            line, points=worth, reason="" if same else reason, version=line.version, by=self.verifier
        )

    def _grade(self, account, card, *, experts=3, settle=True):
        if account not in GRADES:
            return
        line = card.lines.select_related("item").get(item__kind="grade")
        line.card = card
        for expert, (grade, note) in list(zip(self.panel, GRADES[account], strict=True))[:experts]:
            card_acts.grade_line(line, grade=grade, note=note, by=expert)
        if settle:
            card_acts.settle_panel(line, by=self.office)

    def _close(self, card):
        note = "现场核对台账原件和到园记录，逐项确认。"
        return SCORECARD.perform(
            card, "close_verification", by=self.second, data={"note": note, "checked": True}
        )

    # ── the year before, to its end ─────────────────────────────────────────────────────────────
    def _year_before(self):
        stage, year = self.stage, self.stage.today.year - 1
        yield stage.at(stage.evaluated_on, 9, 30)
        cycle = self._open(year, "重点核对培训花名册、带徒协议和经济效益证明的原件。")
        yield stage.at(stage.evaluated_on + timedelta(days=6), 15)
        for account, card in self._cards(cycle):
            if account and account not in ("studio7", "studio11"):
                self._answer(account, card)
                self._hand_in(account, card)
        late = workdays.add_workdays(cycle.self_until, 1)
        yield stage.at(late, 9)
        for _, card in self._cards(cycle):
            if card.status == "open":
                SCORECARD.perform(card, "take_silence", by=self.office)
        yield stage.at(late + timedelta(days=3), 14)
        for account, card in self._cards(cycle):
            if account == "studio4":
                self._suspicion(card)
            self._judge(account, card)
            self._grade(account, card)
        yield stage.at(late + timedelta(days=6), 16)
        for _, card in self._cards(cycle):
            self._close(card)
        told = late + timedelta(days=8)
        yield stage.at(told, 10)
        cycle = CYCLE.perform(cycle, "announce_results", by=self.office, data={"checked": True})
        yield from self._reconsideration(cycle, told)
        last = cycle.cards.aggregate(last=Max("due_on"))["last"] or told
        yield stage.at(workdays.add_workdays(last, 1), 10)
        CYCLE.perform(cycle, "close_cycle", by=self.office, data={"checked": True})

    def _suspicion(self, card):
        """弄虚作假 was found, and lifted when it was cleared up [5.4.4]."""
        row = card_acts.find_falsification(
            card,
            facts="培训花名册中有两人当日不在培训地点，疑为补签。",
            checked=self.stage.picture("核查记录"),
            by=self.office,
        )
        why = "经核对签到照片，两人参加了同期另一场次，花名册填错场次，不属于弄虚作假。"
        card_acts.lift_falsification(row, reason=why, by=self.second)

    def _reconsideration(self, cycle, told):
        """One asked and was right."""
        stage = self.stage
        card = dict(self._cards(cycle)).get("studio2")
        if card is None:
            return
        yield stage.at(told + timedelta(days=1), 11)
        reason = "第14项未得分有误：6月18日在桃花坞社区义务焊接维修，社区出具了证明。"
        data = {"reason": reason, "proof": stage.picture("社区证明")}
        SCORECARD.perform(card, "ask_reconsideration", by=self.people["studio2"], data=data)
        yield stage.at(told + timedelta(days=3), 15)
        line = card.lines.get(item__code="A2.14")
        reply = "经向桃花坞社区核实，活动属实，第14项改为5分，总分和等次相应变更。"
        lines = [(line, line.max_points, "社区证明属实，计为参加技能服务社会的活动。")]
        SCORECARD.perform(
            card, "answer_reconsideration", by=self.office, data={"reply": reply, "lines": lines}
        )

    # ── the running year, at all stages ─────────────────────────────────────────────────────────
    def _this_year(self):
        stage, year = self.stage, self.stage.today.year
        opened = max(stage.ago(EVALUATED), date(year, 1, 1))
        yield stage.at(opened, 9, 15)
        cycle = self._open(year, "请在自评期内补齐台账；年底前核验的台账，完成核验前重新计算时仍会计入。")
        yield stage.at(min(opened + timedelta(days=4), stage.today), 16)
        for account, card in self._cards(cycle):
            if account in ("studio7", "studio10", "studio11"):
                reason = "正在办理退出，年内不再开展工作" if account == "studio7" else "年内已退出园区"
                SCORECARD.perform(card, "leave_out", by=self.office, data={"reason": reason}, note=reason)
            elif account in PARTLY:
                self._answer(account, card, only=PARTLY[account])
                self._cite(account, card)
        yield stage.at(min(opened + timedelta(days=9), stage.today), 17)
        for account, card in self._cards(cycle):
            if account in RUNNING:
                self._answer(account, card)
                self._hand_in(account, card)
        yield stage.at(min(opened + timedelta(days=14), stage.today), 15)
        for account, card in self._cards(cycle):
            if account in RUNNING:
                how = RUNNING[account]
                self._judge(account, card, only=how["judged"])
                self._grade(account, card, experts=how["graded"], settle=how["closed"])
                if how["closed"]:
                    self._close(card)
        yield stage.at(stage.today, 8, 30)  # the chores of the morning
        reminding.refresh_open_cards()
        reminding.remind_of_self_assessment()

    def _cite(self, account, card):
        """A record of the ledgers beside a line."""
        line = card.lines.select_related("item").filter(item__code="A2.B1").first()
        record = LedgerRecord.objects.filter(studio=card.studio, kind="training", status="verified").last()
        if line is not None and record is not None:
            line.card = card
            card_acts.add_evidence(line, by=self.people[account], record=record)
