"""Which benefits did the studios of the demo ask for, and what became of them [4]?"""

from django.utils import timezone

from workshops.actions.benefit import propose_benefit
from workshops.management.demo.stage import Stage
from workshops.permissions.benefit import group_decides
from workshops.workflow import BENEFIT

ALL = ("ask", "review", "grant")
REQUESTS = (  # account, kind, days since it was entered, how far it went
    ("studio3", "startup_subsidy", 56, (*ALL, "pay")),
    ("studio1", "performance_award", 18, ALL),
    ("studio1", "priority_nomination", 120, (*ALL, "nominate", "conclude")),
    ("studio2", "priority_nomination", 50, (*ALL, "nominate")),
    ("studio2", "priority_appointment", 90, (*ALL, "appoint")),
    ("studio4", "performance_award", 70, ("ask", "review", "decline")),
    ("studio5", "performance_award", 15, ("ask", "review")),
    ("studio6", "priority_appointment", 4, ("ask",)),
    ("studio9", "priority_appointment", 2, ()),
    ("studio7", "performance_award", 40, ("ask", "withdraw")),
    ("studio4", "priority_nomination", 110, ("ask", "end")),
)
FORM = {
    "startup_subsidy": "venture",
    "performance_award": "training",
    "priority_appointment": "teacher",
    "priority_nomination": "studio_award",
}
STEPS = {"conclude": "conclude_nomination"}


class Benefits:
    """Eleven requests, one in each state; amounts by no policy but the park's own reason."""

    def __init__(self, stage: Stage):
        self.stage, self.people = stage, stage.people

    def tell(self) -> list:
        return [self._request(number, *row) for number, row in enumerate(REQUESTS, 1)]

    def _request(self, number, account, kind, days, steps):
        stage, person = self.stage, self.people[account]
        yield stage.at(stage.ago(days), 9, 50)
        facts = self._facts(person, kind)
        benefit = propose_benefit(person.studios.get(), kind=kind, by=person, **facts)
        for count, step in enumerate(steps, 1):
            yield stage.at(stage.ago(max(days - 3 * count, 0)), 11, number)
            name = STEPS.get(step, f"{step}_benefit")
            by = self._who(benefit, step, person)
            data = self._data(step, benefit, facts, number)
            benefit = BENEFIT.perform(benefit, name, by=by, data=data)

    def _facts(self, person, kind) -> dict:
        facts = {
            "form": FORM[kind],
            "year": self.stage.today.year,
            "statement": "带徒、培训和竞赛指导成绩突出，见所附证明。",
        }
        if kind == "startup_subsidy":
            return facts | {
                "company": "镇江喆数精密技术有限公司",
                "credit_code": "91110000600037341L",
                "registered_on": self.stage.ago(68),
            }
        return facts | ({} if kind == "performance_award" else {"target": "镇江技师学院兼职教师"})

    def _who(self, benefit, step, person):
        if step in ("ask", "withdraw"):
            return person
        if step in ("grant", "decline"):
            return self.people["working1" if group_decides(benefit) else "director"]
        return self.people["office2"]

    def _data(self, step, benefit, facts, number) -> dict:
        today, minutes = timezone.localdate(), f"镇技园组纪〔演示〕惠{number}号"
        review = {"opinion": "材料齐全，情况属实，建议同意。"}
        if benefit.kind_of.is_money:
            fen = 3_000_000 if benefit.kind == "startup_subsidy" else 500_000
            review |= {"amount": None, "quantity": None, "amount_fen": fen, "override_reason": "演示用的金额"}
        if benefit.kind == "priority_nomination":
            review |= {"rank": number, "rank_basis": "上一年度绩效评估 92 分"}
        delivery = {"on": today, "reference": f"演示{number:04}", "organ": "镇江技师学院", "until": None}
        proof = "registration" if benefit.kind == "startup_subsidy" else "other"
        return {
            "ask": facts | {"uploads": [(proof, self.stage.picture("证明材料"))]},
            "review": review,
            "grant": {"minutes_no": minutes},
            "decline": {"clause": benefit.clause, "reason": "业绩未达到奖励条件。", "minutes_no": minutes},
            "conclude": {"result": "won", "result_no": "演示评选〔2026〕1号", "result_on": today},
            "end": {"reason": "评选活动取消，终止办理。"},
        }.get(step, delivery)
