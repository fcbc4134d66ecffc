"""What broke, what was dangerous, which rules hold and who broke them, in the demo [5.3]?"""

from datetime import timedelta

from django.utils import timezone

from workshops.actions import house_ruling, keeping_safe, repairing
from workshops.management.demo.stage import Stage
from workshops.models import Hazard, HouseRuleVersion, Occupancy, SafetyItem, SafetyLetter
from workshops.workflow import HAZARD, REPAIR

ROAD = ("accept_repair", "start_repair", "finish_repair", "confirm_repair")
PROBLEMS = (
    ("北侧窗户", "玻璃开裂，漏风"),
    ("照明", "三盏灯管不亮"),
    ("插座", "东墙插座松动，有打火"),
    ("空调", "制冷效果差，外机异响"),
    ("水池", "下水缓慢，水龙头滴水"),
    ("门锁", "门锁卡滞，门禁刷卡无反应"),
    ("地面", "地坪漆起壳"),
    ("网络", "有线网络时断时续"),
)
STATES = (
    *("confirmed",) * 13,
    "reported",
    "reported",
    "accepted",
    "working",
    "working",
    "done",
    "done",
    "reopened",
    "refused",
    "withdrawn",
    "confirmed",
    "confirmed",
)


class Facilities:
    """Twenty-five repairs, a safety round every other month, incidents, letters, five rules, three breaches."""

    def __init__(self, stage: Stage):
        self.stage, self.people = stage, stage.people
        self.office, self.mender = stage.people["office1"], stage.people["logistics"]

    def tell(self) -> list:
        repairs = [self._repair(number, status) for number, status in enumerate(STATES)]
        hazards = enumerate(("closed", "closed", "reopened", "fixed", "open"))
        rounds = [self._round(number, status) for number, status in hazards]
        breaches = [self._breach(*row) for row in enumerate(("stated", "struck", ""))]
        return [
            *repairs,
            *rounds,
            self._public(),
            self._incidents(),
            self._letters(),
            self._rules(),
            *breaches,
        ]

    # ── repairs ─────────────────────────────────────────────────────────────────────────────────
    def _repair(self, number, status):
        stage, account = self.stage, f"studio{number % 5 + 1}"
        open_now = status not in ("confirmed", "refused", "withdrawn")
        begin = 4 + number % 3 if open_now else 340 - 12 * number
        yield stage.at(stage.ago(0 if status == "reported" else begin), 9, number)
        owner = self.people[account]
        studio = owner.studios.get()
        held = Occupancy.objects.filter(residency__studio=studio, until=None).select_related("room").first()
        place, problem = PROBLEMS[number % len(PROBLEMS)]
        ticket = repairing.report_repair(
            studio=studio,
            room=held and held.room,
            place=place,
            problem=problem,
            urgency="urgent" if number % 8 == 2 else "normal",
            photos=[stage.picture("故障照片")] if number % 4 == 0 else [],
            by=owner,
        )
        if status in ("refused", "withdrawn"):
            name, by = {"refused": ("refuse_repair", self.mender), "withdrawn": ("withdraw_repair", owner)}[
                status
            ]
            yield stage.at(stage.ago(begin - 1), 10, number)
            REPAIR.perform(ticket, name, by=by, data={"reason": "属工作室自有设备，请自行联系厂家。"})
            return
        steps = {"accepted": 1, "working": 2, "done": 3, "reopened": 3, "confirmed": 4}.get(status, 0)
        for count, name in enumerate(ROAD[:steps]):
            yield stage.at(stage.ago(max(begin - (count + 1) // 2, 0)), 10 + count, number)
            by = owner if name == "confirm_repair" else self.mender
            data = {"reason": "已更换配件，试用正常。", "cost": 12_000 if name == "finish_repair" else None}
            ticket = REPAIR.perform(ticket, name, by=by, data=data)
        if status == "reopened":
            yield stage.at(stage.ago(1), 15, number)
            REPAIR.perform(ticket, "reopen_repair", by=owner, data={"reason": "仍然漏风。"})

    def _public(self):
        yield self.stage.at(self.stage.ago(30), 9)
        repairing.report_repair(
            studio=None,
            room=None,
            place="三楼走廊",
            problem="屋面渗漏，307 室门前积水",
            urgency="urgent",
            by=self.office,
        )

    # ── safety ──────────────────────────────────────────────────────────────────────────────────
    def _round(self, number, status):
        stage, account = self.stage, f"studio{number + 1}"
        begin = (250, 160, 20, 12, 9)[number]
        yield stage.at(stage.ago(begin), 10)
        owner, items = self.people[account], list(SafetyItem.objects.offered())
        lines = [(item, "safe", "", "") for item in items]
        lines[1 + number % 3] = (
            items[1 + number % 3],
            "hazard",
            "serious" if number == 2 else "minor",
            ("通道堆放样件", "插线板串接", "下班未切断设备电源", "通道堆放纸箱", "线缆裸露")[number],
        )
        check = keeping_safe.make_safety_check(
            studio=owner.studios.get(),
            room=None,
            place="",
            checked_on=timezone.localdate(),
            summary="逐项检查，发现一处隐患，当场告知。",
            lines=lines,
            by=self.mender,
        )
        if status == "open":
            return
        yield stage.at(stage.ago(max(begin - 3, 1)), 10)
        hazard = Hazard.objects.get(line__check_row=check)
        data = {"reason": "已清理并拍照。", "proof": stage.picture("整改照片")}
        hazard = HAZARD.perform(hazard, "answer_hazard", by=owner, data=data)
        if status == "fixed":
            return
        yield stage.at(stage.ago(max(begin - 5, 1)), 10)
        name = "close_hazard" if status == "closed" else "reopen_hazard"
        HAZARD.perform(hazard, name, by=self.office, data={"reason": "现场看过。"})

    def _incidents(self):
        stage = self.stage
        for number, (days, kind, facts) in enumerate(
            (
                (230, "power", "雷雨后二楼跳闸，停电两小时，无人员受伤。"),
                (97, "injury", "搬运样件时手指划伤，送医处理后返岗。"),
                (5, "equipment", "空压机软管爆裂，设备停用待检。"),
            )
        ):
            yield stage.at(stage.ago(days), 15)
            by = self.people[f"studio{number + 1}"]
            row = keeping_safe.report_incident(
                studio=by.studios.get(),
                report=None,
                loss=0 if kind != "equipment" else 80_000,
                happened_at=timezone.now() - timedelta(hours=3),
                place="创新楼二楼",
                kind=kind,
                injured=1 if kind == "injury" else 0,
                facts=facts,
                measures="已切断电源，设置警示。",
                by=by,
            )
            if days > 10:
                yield stage.at(stage.ago(days - 6), 10)
                keeping_safe.settle_incident(row, outcome="已查明原因并整改，通报全园。", by=self.office)

    def _letters(self):
        stage = self.stage
        yield stage.at(stage.ago(35), 9)
        keeping_safe.issue_safety_letters(timezone.localdate().year, by=self.office)
        yield stage.at(stage.ago(25), 9)
        letters = list(SafetyLetter.objects.select_related("residency__studio").order_by("pk"))
        for letter in letters[:-2]:  # one or two are late
            keeping_safe.receive_safety_letter(letter, stage.picture("责任书"), by=self.office)

    # ── house rules ─────────────────────────────────────────────────────────────────────────────
    def _rules(self):
        stage, readers = self.stage, [self.people[f"studio{n}"] for n in range(1, 7)]
        for number, rule in enumerate(stage.words["house_rules"]):
            yield stage.at(stage.ago(320 - 60 * number), 10)
            version = house_ruling.publish_rule(
                title=rule["title"], text=rule["text"], change="", stored=None, by=self.office
            )
            yield stage.at(stage.ago(316 - 60 * number), 10)
            for reader in readers[: 6 - number % 3]:
                house_ruling.confirm_reading(version, by=reader)
        yield stage.at(stage.ago(9), 10)
        first = HouseRuleVersion.objects.order_by("pk").first()
        second = house_ruling.publish_rule(
            title=first.rule.title,
            text=f"{first.text}\n第四条 充电设备不得在无人时充电。",
            change="增加充电的规定",
            stored=None,
            rule=first.rule,
            by=self.office,
        )
        yield stage.at(stage.ago(6), 10)
        for reader in readers[1:4]:
            house_ruling.confirm_reading(second, by=reader)

    def _breach(self, number, state):
        stage, account = self.stage, ("studio4", "studio2", "studio8")[number]
        begin = (130, 80, 3)[number]
        yield stage.at(stage.ago(begin), 11)
        breach = house_ruling.record_breach(
            studio=self.people[account].studios.get(),
            proof=None,
            by=self.office,
            rule=HouseRuleVersion.objects.order_by("pk").first().rule,
            provision="第二条",
            happened_on=stage.ago(begin + 1),
            facts="夜间巡查发现设备未断电，室内无人。",
            measure=("warning", "reminder", "rectify")[number],
        )
        if not state:
            return
        yield stage.at(stage.ago(begin - 3), 11)
        if state == "stated":
            words = "当晚设备做连续试验，未挂提示牌，今后提前报备。"
            house_ruling.state_breach(breach, statement=words, by=self.people[account])
        else:
            house_ruling.strike_breach(breach, reason="核实为物业检修用电，与该工作室无关。", by=self.office)
