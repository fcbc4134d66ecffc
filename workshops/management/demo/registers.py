"""What stands in the registers of the demo: affiliated studios, changes of leaders, masters to win over [1][5.4.2][5.1]?"""

from datetime import timedelta

from django.utils import timezone

from park.models import District
from workshops.actions import lead, leader_change, person, recognition, studio
from workshops.management.demo.stage import Stage, rows
from workshops.models import Residency, Studio
from workshops.workflow import LEAD, LEADER_CHANGE

AUTHORITY = {
    "national": "人力资源和社会保障部",
    "province": "江苏省人力资源和社会保障厅",
    "city": "镇江市人力资源和社会保障局",
}
CLAIMS = [
    {"clause": "3.1.1a", "statement": "独创的操作法在省内同行中推广，解决批量生产难题。", "proof": None},
    {"clause": "3.1.1c", "statement": "带徒 12 人，其中 4 人获省级竞赛奖项，2 人晋升技师。", "proof": None},
]


class Registers:
    """Twenty affiliated studios and one struck off; eight changes of leaders; fifteen leads."""

    def __init__(self, stage: Stage):
        self.stage, self.people = stage, stage.people
        self.office, self.second = stage.people["office1"], stage.people["office2"]

    def tell(self) -> list:
        changes = [
            # account, place in affiliated.csv or None, days since it was reported, how far it goes
            ("studio9", None, 20, ()),
            ("contact1", 5, 30, ("nominate",)),
            ("contact1", 6, 45, ("nominate", "review")),
            ("contact1", 7, 120, ("nominate", "review", "approve")),
            ("contact1", 8, 140, ("nominate", "review", "decline", "nominate", "review", "approve")),
            ("contact1", 9, 100, ("lapse",)),
            ("contact1", 10, 60, ("cancel",)),
        ]
        return [self._affiliated(), *(self._change(*row) for row in changes), *self._leads()]

    # ── the city's register ─────────────────────────────────────────────────────────────────────
    def _affiliated(self):
        stage = self.stage
        yield stage.at(stage.ago(985), 10)
        for row in rows("affiliated.csv"):
            self._enter(row)
        yield stage.at(stage.ago(150), 10)
        last = Studio.objects.get(leader_name="田启明")
        self._event(last, "cancelled", stage.levels["city"], "镇人社〔演示〕118号", stage.ago(160))
        studio.strike_off(last, reason="领衔人所在单位注销，认定机关已注销认定", by=self.office)

    def _enter(self, row):
        stage = self.stage
        since = stage.ago(365 * int(row["years"]) + 40)
        entered = studio.add_studio(
            name=f"{row['leader']}{row['craft']}技能大师工作室",
            leader_name=row["leader"],
            leader_since=since,
            by=self.office,
            occupation=row["occupation"],
            craft_field=stage.fields[row["field"]],
            unit_name=row["unit"],
            district=District.objects.get(code=row["district"]),
            origin=stage.origins["city"],
            founded_on=since,
        )
        for name in stage.names(3 + stage.lot.randrange(3)):
            person.add_person(
                entered,
                by=self.office,
                name=name,
                occupation=row["occupation"],
                unit_name=row["unit"],
                joined_on=since + timedelta(days=60),
            )
        decided = since + timedelta(days=20)
        self._event(entered, "granted", stage.levels[row["level"]], row["number"], decided)
        if row["level"] != "city":
            basis = "认定名单已由认定机关公布，领衔人书面同意公开（演示）"
            studio.set_public_display(entered, "shown", basis=basis, by=self.office)
        if int(row["years"]) > 4:
            number = row["number"].replace("号", "—1号")
            self._event(
                entered, "reviewed", stage.levels[row["level"]], number, decided + timedelta(days=1095)
            )

    def _event(self, entered, kind, level, number, day):
        recognition.record_recognition(
            entered,
            kind=kind,
            level=level,
            document_no=number,
            authority=AUTHORITY[level.code],
            decided_on=day,
            note="",
            scan=None,
            by=self.office,
        )

    # ── changes of leaders ──────────────────────────────────────────────────────────────────────
    def _change(self, account, place, days, steps):
        stage, by = self.stage, self.people[account]
        yield stage.at(stage.ago(days), 9, 20)
        if place is None:
            row = stage.studio(account)
        else:
            row = Studio.objects.get(leader_name=rows("affiliated.csv")[place]["leader"])
            studio.add_account(row, account, by=self.office)
        change = leader_change.report_leader_change(
            row,
            reason_kind="retired" if days % 2 else "transferred",
            reason="原领衔人离开工作室，由工作室报告。",
            left_on=stage.ago(days),
            by=by,
        )
        members = list(row.persons.filter(is_leader=False, left_on=None)[:2])
        for number, step in enumerate(steps, 1):
            yield stage.at(stage.ago(max(days - 7 * number, 1) if step != "lapse" else days - 61), 10, place)
            change = self._step(change, step, members, by)

    def _step(self, change, step, members, by):
        today = {"minutes_no": "镇技园组纪〔演示〕变更1号", "minutes_on": self._today()}
        if step == "nominate":
            member = members.pop()
            data = {
                "member": member,
                "name": member.name,
                "birth_year": 1984,
                "occupation": member.occupation,
                "skill_level": None,
                "unit_name": member.unit_name,
                "honours": "镇江市技术能手",
                "achievements": "主持完成攻关项目三项，获实用新型专利两项。",
                "claims": [claim | {"proof": self.stage.picture("证明材料")} for claim in CLAIMS],
            }
            return LEADER_CHANGE.perform(change, "nominate_leader", by=by, data=data)
        if step == "review":
            verdicts = {
                "3.1.1a": ("unmet", "推广证明只到市级。"),
                "3.1.1c": ("met", "带徒协议和获奖证书核对属实。"),
            }
            data = {"verdicts": verdicts, "opinion": "符合第三项条件，建议同意接替。"}
            return LEADER_CHANGE.perform(change, "review_nomination", by=self.second, data=data)
        chair = self.people["working1"]
        if step == "approve":
            data = today | {"reason": "", "effective_on": self._today()}
            return LEADER_CHANGE.perform(change, "approve_leader", by=chair, data=data)
        if step == "decline":
            data = today | {"reason": "带徒成果的证明不足，请另行提名。"}
            return LEADER_CHANGE.perform(change, "decline_leader", by=chair, data=data)
        if step == "cancel":
            data = {"reason": "原领衔人继续留任，报告有误。"}
            return LEADER_CHANGE.perform(change, "cancel_leader_change", by=self.office, data=data)
        leader_change.lapse_expired()
        return change

    def _today(self):
        return timezone.localdate()  # travelled: the day of the act

    # ── masters to win over ─────────────────────────────────────────────────────────────────────
    def _leads(self):
        return [self._lead(number, row) for number, row in enumerate(rows("leads.csv"))]

    def _lead(self, number, row):
        stage, by = self.stage, self.people["attraction"]
        begin = 170 - 9 * number
        facts = ("name", "craft", "province", "city", "honours", "source")
        yield stage.at(stage.ago(begin), 9, 5)
        one = lead.add_lead(
            by=by,
            mobile=f"139000004{number:02}",
            unit_name=row["unit"],
            craft_field=stage.fields[row["field"]],
            origin=stage.origins[row["origin"]],
            next_contact_on=stage.ago(-int(row["next"])) if row["next"] else None,
            **{key: row[key] for key in facts},
        )
        if row["status"] == "found":
            return
        yield stage.at(stage.ago(begin - 6), 14)
        next_on = stage.ago(-int(row["next"])) if row["next"] else stage.ago(begin - 20)
        for means, summary in (
            ("phone", "介绍园区的免租政策和配套服务，对方愿意进一步了解。"),
            ("visit", "到单位走访，看了设备和带徒情况，谈到场地和水电需求。"),
        ):
            lead.log_contact(
                one,
                on=stage.ago(begin - 6),
                means=means,
                summary=summary,
                next_contact_on=next_on,
                intent="medium",
                by=by,
            )
        yield stage.at(stage.ago(max(begin - 15, 2)), 15)
        self._settle(one, row, number, by)

    def _settle(self, one, row, number, by):
        steps = {"contacting": ["contact_lead"], "interested": ["mark_interested"]}
        for step in steps.get(row["status"], []):
            LEAD.perform(one, step, by=by)
        if row["status"] == "given_up":
            LEAD.perform(one, "give_up_lead", by=by, data={"reason": "对方单位不同意异地设立工作室。"})
        if row["status"] == "applied":
            data = {"application_number": f"SB-{self.stage.today.year}-0990"}
            LEAD.perform(one, "mark_applied", by=by, data=data)
        if row["status"] == "resident":
            source = Residency.objects.order_by("-pk").values_list("source", flat=True).first()
            LEAD.perform(one, "mark_applied", by=by, data={"application_number": source})
            LEAD.perform(one, "mark_resident", by=by)
