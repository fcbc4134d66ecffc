"""What did the studios of the demo do in a year, as their ledgers say [2][A2.9–A2.14][A2.B1–A2.B4]?

The many rows are written in bulk; whatever has a file or a roster is submitted in bulk and verified by the office
through the procedure, so that its trail is there.
"""

from datetime import date, timedelta

from django.utils import timezone

from park import attachments
from workshops.actions import ledger
from workshops.kinds import KINDS
from workshops.management.demo.stage import Stage
from workshops.models import LedgerFile, LedgerRecord, Trainee, person_key
from workshops.workflow import LEDGER

OWN_FILES = ("media", "achievement", "benefit", "paid_service", "apprenticeship")  # one file each
WRITERS = [f"studio{n}" for n in range(1, 10)]
# fmt: off
# kind, days ago, title, values; {unit} and {craft} are of the studio, {leader} and {member} of its people
WORKS = (
    ("plan", 360, "{year}年度工作计划", {"plan_type": "year", "goals": "培训 120 人次，带徒 2 名，完成攻关 1 项，组织交流 2 次。"}, 330),
    ("plan", 355, "入驻后三年发展规划", {"plan_type": "development", "goals": "建成区域性{craft}实训和攻关中心，培养高级技师 3 名。"}, 1000),
    ("training", 320, "{craft}（四级）短期培训", {"mode": "short", "audience": "school", "planned": 32, "teacher": "{leader}", "hours": 40, "place": "镇江技师学院"}, 5),
    ("training", 215, "{craft}专业课", {"mode": "course", "audience": "school", "planned": 38, "teacher": "{leader}", "hours": 64}, 20),
    ("training", 110, "企业在职职工{craft}提升班", {"mode": "medium", "audience": "enterprise", "planned": 24, "teacher": "{member}", "hours": 48, "host": "{unit}"}, 15),
    ("training", 60, "社会人员{craft}入门班", {"mode": "short", "audience": "public", "planned": 18, "teacher": "{member}", "hours": 24}, 4),
    ("apprenticeship", 300, "{leader}与{member}师徒协议", {"apprentice": "{member}", "master": "{leader}", "unit": "{unit}", "outcome": "contest", "outcome_on": 90, "outcome_text": "获市级竞赛一等奖。"}, 700),
    ("project", 280, "{craft}工序质量攻关", {"project_type": "tackle", "commissioner": "enterprise", "commissioner_name": "{unit}", "difficulty": "批量生产时一次合格率偏低，返工多。", "result": "合格率由 91% 提高到 98%。", "benefit": 35_000_000, "leader": "{leader}"}, 120),
    ("exchange", 190, "镇江市{craft}技术交流会", {"exchange_type": "meeting", "scope": "region", "people_count": 46, "place": "创新楼报告厅", "content": "操作法演示、难题会诊和青年技工座谈。"}, None),
    ("exchange", 75, "{craft}绝技展示活动", {"exchange_type": "show", "scope": "inside", "people_count": 80, "place": "园区一楼大厅", "content": "现场演示，邀请院校师生观摩。"}, None),
    ("service", 170, "{craft}送技能进社区", {"service_type": "community", "people_count": 60, "place": "桃花坞社区", "content": "义务检修和技能咨询。"}, None),
    ("service", 50, "{craft}进校园", {"service_type": "campus", "people_count": 120, "place": "镇江技师学院", "content": "开学第一课：一名技工的成长。"}, None),
    ("contest", 150, "江苏省职业技能竞赛{craft}项目", {"contest_level": "province", "contestant": "{member}", "result": "二等奖", "days": 25}, 20),
    ("method", 130, "{craft}四步操作法", {"method_type": "operation", "author": "{leader}", "units": 3, "content": "将经验固化为四个步骤，附检验要点。"}, None),
    ("media", 140, "大师工作室里的年轻人", {"media_type": "press", "media_level": "city", "outlet": "镇江日报", "link": "https://example.com/news"}, None),
    ("achievement", 135, "一种{craft}用定位工装", {"achievement_type": "patent", "achievement_level": "national", "patent_type": "utility", "owner": "{leader}", "certificate_no": "ZL2026演示{number:04}"}, None),
    ("benefit", 100, "工装推广节约的费用", {"benefit_type": "innovation", "amount": 56_000_000, "unit": "{unit}", "basis": "按节约工时和材料核算，附财务证明。"}, 10),
    ("paid_service", 95, "{craft}设备维护服务", {"service_type": "guidance", "client": "{unit}", "amount": 8_000_000, "contract_no": "YS-{number:03}"}, None),
    ("engagement", 250, "{unit}技能顾问", {"post": "consultant", "who": "{leader}", "client": "{unit}"}, 700),
    ("cooperation", 240, "{craft}专业共建", {"cooperation_type": "discipline", "enterprise": "{unit}", "school": "镇江技师学院", "funds": 20_000_000, "content": "共建实训课程两门，企业提供设备。"}, 365),
    ("coaching", 85, "服务定价和合同辅导", {"coaching_type": "marketing", "coach": "{leader}", "content": "对照同类服务核算成本，确定报价和合同要点。"}, None),
    ("sign", 350, "工作室门牌", {"place": "门口"}, None),
    ("showcase", 345, "成果荣誉展示栏", {"place": "室内东墙"}, None),
    ("rules", 348, "工作室综合管理制度", {"rule_type": "general"}, None),
    ("rules", 347, "领衔人岗位职责", {"rule_type": "leader"}, None),
    ("wall", 346, "综合管理制度上墙", {"place": "室内西墙"}, None),
)
# fmt: on


class Journal:
    """Per studio: works with their proof, equipment, a log every few days; the last weeks still in hand."""

    def __init__(self, stage: Stage):
        self.stage, self.office = stage, stage.people["office1"]
        self.serials, self.files = {}, {}

    def tell(self) -> list:
        return [self._quarter(back) for back in (270, 180, 90, 31)] + [self._recent(), self._startup()]

    # ── one quarter: everything older than `until` that is not written yet ──────────────────────
    def _quarter(self, until):
        since = {270: 400, 180: 270, 90: 180, 31: 90}[until]
        yield self.stage.at(self.stage.ago(until) + timedelta(days=12), 16)
        for number, account in enumerate(WRITERS, 1):
            studio = self._studio(account)
            begin = studio.standing_residency().term_starts_on
            works = [
                self._work(studio, account, number, work)
                for work in WORKS
                if until < work[1] <= since and self.stage.ago(work[1]) >= begin
            ]
            if until == 270:
                works += self._equipment(studio, account, begin)
            first, last = max(self.stage.ago(since), begin), self.stage.ago(until + 1)
            LedgerRecord.objects.bulk_create([*works, *self._logs(studio, account, first, last, number)])
            self._prove(studio, account, [row for row in works if KINDS[row.kind].proof != "none"])
            self._rosters(studio, [row for row in works if KINDS[row.kind].roster])
            for row in works:
                LEDGER.perform(row, "verify_ledger", by=self.office)

    def _studio(self, account):
        return self.people_of(account).studios.get()

    def people_of(self, account):
        return self.stage.people[account]

    def _serial(self, studio):
        self.serials[studio.pk] = self.serials.get(studio.pk, 0) + 1
        return self.serials[studio.pk]

    def _work(self, studio, account, number, work):
        kind, days, title, values, lasts = work
        words = {
            "leader": studio.leader_name,
            "member": self._member(studio),
            "unit": studio.unit_name,
            "craft": studio.occupation,
            "year": self.stage.today.year,
            "number": number,
        }
        said = {}
        for key, value in values.items():
            if key == "outcome_on":
                value = self.stage.ago(value)
            said[key] = value.format(**words) if isinstance(value, str) else value
        day = self.stage.ago(days - number)
        until = day + timedelta(days=lasts) if lasts else None
        return self._record(studio, account, kind, title.format(**words), day, said, until)

    def _member(self, studio):
        return studio.persons.filter(is_leader=False, left_on=None).order_by("pk").last().name

    def _record(self, studio, account, kind, title, day, values, until=None, status="submitted", late=2):
        definition, user = KINDS[kind], self.people_of(account)
        written = self.stage.at(min(day + timedelta(days=late), self.stage.today), 17)
        row = LedgerRecord(
            studio=studio,
            kind=kind,
            serial=self._serial(studio),
            title=title,
            happened_on=day,
            until_on=until,
            data=definition.dump(values),
            created_at=written,
            created_by=user,
            status=status,
            status_since=written,
            **definition.columns(values, day, until),
        )
        if status in ("submitted", "verified"):
            row.submitted_at, row.submitted_by = written, user
            row.due_on = written.date() + timedelta(days=14) if status == "submitted" else None
        if status == "verified":
            row.verified_at, row.verified_by = (
                self.stage.at(written.date() + timedelta(days=7), 15),
                self.office,
            )
        return row

    def _logs(self, studio, account, first: date, last: date, number, status="verified"):
        words, lot, day, found = self.stage.words, self.stage.lot, first, []
        while day <= last:
            if day.weekday() < 5:
                title = lot.choice(words["logs"]).format(craft=studio.occupation)
                values = {
                    "content": f"{title}。{lot.choice(words['log_results'])}",
                    "hours": lot.randrange(2, 8),
                }
                found.append(self._record(studio, account, "log", title, day, values, status=status, late=1))
            day += timedelta(days=lot.randrange(2, 5) if number < 6 else lot.randrange(2, 6))
        return found

    def _equipment(self, studio, account, begin):
        names = self.stage.words["equipment"][: 4 + studio.pk % 5]
        day = max(begin, self.stage.ago(390))
        return [
            self._record(
                studio,
                account,
                "equipment",
                name,
                day + timedelta(days=order),
                {
                    "quantity": 1 + order % 3,
                    "unit": "台",
                    "state": "in_use",
                    "value": 480_000 * (order + 1),
                    "owner": "studio",
                },
            )
            for order, name in enumerate(names)
        ]

    def _prove(self, studio, account, rows):
        """One picture for the basics, a file of its own for whatever may count as a bonus; see `_reused`."""
        files = []
        for row in rows:
            share = "basics" if row.kind not in OWN_FILES else row.kind
            if account == "studio1" and row.kind in ("media", "achievement"):
                share = "reused"  # the same proof for two bonus items: a warning to the office [S18]
            key = (studio.pk, share)
            if key not in self.files:
                self.files[key] = attachments.store(self.stage.picture("证明"), by=self.people_of(account))
            files.append(
                LedgerFile(
                    record=row,
                    stored=self.files[key],
                    added_at=row.created_at,
                    added_by=self.people_of(account),
                )
            )
            row.file_count = 1
        LedgerFile.objects.bulk_create(files)
        LedgerRecord.objects.bulk_update(rows, ["file_count"])

    def _rosters(self, studio, rows):
        found = []
        for row in rows:
            for order, name in enumerate(self.stage.names(row.quantity), 1):
                certified = order % 3 == 0
                number = f"Y{row.happened_on:%y%m}{studio.pk:03}{order:03}" if certified else ""
                found.append(
                    Trainee(
                        record=row,
                        studio=studio,
                        name=name,
                        unit_name=studio.unit_name if row.level == "enterprise" else "镇江技师学院",
                        certificate_kind="skill_level" if certified else "none",
                        certificate_no=number,
                        certified_on=row.until_on if certified else None,
                        level="L4" if certified else "",
                        person_key=person_key(name, "镇江技师学院" if not certified else "", number),
                    )
                )
            row.row_count = row.quantity
        for one in found:
            one.person_key = person_key(one.name, one.unit_name, one.certificate_no)
        Trainee.objects.bulk_create(found)
        LedgerRecord.objects.bulk_update(rows, ["row_count"])

    # ── what is still in hand ───────────────────────────────────────────────────────────────────
    def _recent(self):
        """The last month: submitted, some of it overdue, drafts, two sent back, one deleted."""
        stage = self.stage
        yield stage.at(stage.ago(0), 8)
        for number, account in enumerate(WRITERS, 1):
            studio = self._studio(account)
            older = self._logs(studio, account, stage.ago(31), stage.ago(4), number, "submitted")
            newer = self._logs(studio, account, stage.ago(3), stage.today, number, "draft")
            title = "本月教学安排整理"
            newer += [
                self._record(
                    studio, account, "log", title, stage.ago(n), {"content": title}, status="draft", late=0
                )
                for n in range(1, 4)
            ]
            LedgerRecord.objects.bulk_create([*older, *newer])
            if number in (1, 2):
                reason = {"reason": "请补充参加人员和结果。"}
                LEDGER.perform(older[-1], "return_ledger", by=self.office, data=reason)
            if number == 1:
                LEDGER.perform(newer[-1], "void_ledger", by=self.people_of(account))
        self._showcase()

    def _showcase(self):
        """By hand, as a studio does: a draft with its picture, submitted just now."""
        person = self.people_of("studio1")
        row = ledger.create_record(
            self._studio("studio1"),
            KINDS["media"],
            title="技能大师走进直播间",
            happened_on=self.stage.ago(6),
            values={"media_type": "new_media", "media_level": "city", "outlet": "今日镇江"},
            files=[self.stage.picture("视频截图")],
            by=person,
        )
        LEDGER.perform(row, "submit_ledger", by=person)

    def _startup(self):
        """One studio became a firm [4.2]."""
        stage = self.stage
        yield stage.at(stage.ago(64), 10)
        person = self.people_of("studio3")
        row = ledger.create_record(
            self._studio("studio3"),
            KINDS["startup"],
            title="镇江喆数精密技术有限公司",
            happened_on=timezone.localdate() - timedelta(days=4),
            values={"credit_code": "91110000600037341L", "representative": "王喆", "capital": 100_000_000},
            files=[stage.picture("营业执照")],
            by=person,
        )
        self.serials[row.studio_id] = row.serial
        row = LEDGER.perform(row, "submit_ledger", by=person)
        yield stage.at(stage.ago(58), 10)
        LEDGER.perform(row, "verify_ledger", by=self.office)
