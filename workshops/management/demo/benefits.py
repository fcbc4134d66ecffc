"""Which benefits did the studios of the demo ask for, and what became of them [4]?"""

from django.utils import timezone

from workshops.actions.benefit import propose_benefit
from workshops.actions.policy import add_policy, add_policy_amount
from workshops.charges.benefit import amount_of
from workshops.management.demo.stage import Stage
from workshops.models import LedgerRecord, PolicyAmount
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
FICTION = "演示用的虚构政策和标准，不是真实文件。"
# fmt: off
POLICIES = (  # clause, title, number; lines: item, yuan, per, at most, condition
    ("4.2", "关于支持技能大师工作室升级为技能创业的若干措施（演示）", "镇人社发〔演示〕21号", (
        ("一次性创业补贴", 30_000, "time", None, "首次登记注册、正常经营满6个月"),
        ("带动就业补贴", 2_000, "person", 20_000, "签订一年以上劳动合同并缴纳社会保险"),
    )),
    ("4.3", "技能大师工作室业绩奖励办法（演示）", "镇人社发〔演示〕22号", (
        ("人才培养奖励", 500, "person", 20_000, "培养的人员当年取得高级工以上证书"),
        ("竞赛指导奖励", 10_000, "time", None, "指导的选手在省级以上竞赛获一等奖"),
        ("传授技艺专项经费", 6_000, "year", None, "结对签约带徒并考核合格"),
    )),
)
# fmt: on
LINES = {"startup_subsidy": ("一次性创业补贴", 1), "performance_award": ("人才培养奖励", 12)}


class Benefits:
    """Two policies with their amounts, and eleven requests, one in each state."""

    def __init__(self, stage: Stage):
        self.stage, self.people = stage, stage.people

    def tell(self) -> list:
        return [
            self._policies(),
            *(self._request(number, *row) for number, row in enumerate(REQUESTS, 1)),
        ]

    def _policies(self):
        stage, by = self.stage, self.people["office1"]
        yield stage.at(stage.ago(130), 9)
        for clause, title, number, lines in POLICIES:
            policy = add_policy(
                title=title,
                document_no=number,
                issuing_organ="镇江市人力资源和社会保障局",
                issued_on=stage.ago(400),
                valid_from=stage.ago(370),
                valid_until=None,
                kind="funding",
                clause=clause,
                summary=FICTION,
                by=by,
            )
            for item, yuan, unit, cap, condition in lines:
                add_policy_amount(
                    policy,
                    item=f"{item}（演示）",
                    amount_fen=yuan * 100,
                    unit=unit,
                    cap_fen=cap and cap * 100,
                    condition=condition,
                    by=by,
                )

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
            known = LedgerRecord.objects.milestones()
            return facts | {
                "milestone": known.get(studio=person.studios.get()),
                "statement": "工作室成员共同设立企业，承接精密零件加工和技术服务，正常经营，已带动就业 6 人。",
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
            item, quantity = LINES[benefit.kind]
            line = PolicyAmount.objects.get(item=f"{item}（演示）")
            fen = amount_of(line.amount_fen, quantity, line.cap_fen)
            review |= {"amount": line, "quantity": quantity, "amount_fen": fen, "override_reason": ""}
        if benefit.kind == "priority_nomination":
            review |= {"rank": number, "rank_basis": "上一年度绩效评估 92 分"}
        organ = "" if benefit.kind_of.is_money else "镇江技师学院"
        delivery = {"on": today, "reference": f"演示{number:04}", "organ": organ, "until": None}
        proofs = [] if benefit.kind == "startup_subsidy" else [("other", self.stage.picture("证明材料"))]
        return {
            "ask": facts | {"uploads": proofs},
            "review": review,
            "grant": {"minutes_no": minutes},
            "decline": {"clause": benefit.clause, "reason": "业绩未达到奖励条件。", "minutes_no": minutes},
            "conclude": {"result": "won", "result_no": "演示评选〔2026〕1号", "result_on": today},
            "end": {"reason": "评选活动取消，终止办理。"},
        }.get(step, delivery)
