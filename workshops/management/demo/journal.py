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
from workshops.management.demo.works import CERTIFIED, works_before, works_of
from workshops.models import LedgerFile, LedgerRecord, Trainee, person_key
from workshops.workflow import LEDGER

OWN_FILES = ("media", "achievement", "benefit", "paid_service", "apprenticeship")  # one file each
WRITERS = [f"studio{n}" for n in range(1, 10)]


class Journal:
    """Per studio: works with their proof, equipment, a log every few days; the last weeks still in hand."""

    def __init__(self, stage: Stage):
        self.stage, self.office = stage, stage.people["office1"]
        self.serials, self.files = {}, {}

    def tell(self) -> list:
        quarters = [self._quarter(back) for back in (270, 180, 90, 31)]
        return [self._year_before(), *quarters, self._recent(), self._startup()]

    # ── the year before ─────────────────────────────────────────────────────────────────────────
    def _year_before(self):
        """The last evaluation was made from it."""
        yield self.stage.at(self.stage.ago(396), 16)
        for number, account in enumerate(WRITERS, 1):
            studio = self.people_of(account).studios.first()
            residency = studio and studio.standing_residency()
            if residency is None or residency.term_starts_on is None:
                continue
            begin, last = residency.term_starts_on, self.stage.ago(401)
            works = [
                self._work(studio, account, number, work, earlier=365)
                for work in works_before(account)
                if begin <= self.stage.ago(work[1] + 365 - number) <= last
            ]
            seldom = 12 if account == "studio8" else 0
            logs = self._logs(studio, account, max(begin, self.stage.ago(765)), last, number, seldom=seldom)
            self._write(studio, account, works, logs)

    # ── one quarter: everything older than `until` that is not written yet ──────────────────────
    def _quarter(self, until):
        since = {270: 400, 180: 270, 90: 180, 31: 90}[until]
        yield self.stage.at(self.stage.ago(until) + timedelta(days=12), 16)
        for number, account in enumerate(WRITERS, 1):
            studio = self._studio(account)
            begin = studio.standing_residency().term_starts_on
            works = [
                self._work(studio, account, number, work)
                for work in works_of(account)
                if until < work[1] <= since and self.stage.ago(work[1]) >= begin
            ]
            if until == 270:
                works += self._equipment(studio, account, begin)
            first, last = max(self.stage.ago(since), begin), self.stage.ago(until + 1)
            self._write(studio, account, works, self._logs(studio, account, first, last, number))

    def _write(self, studio, account, works, logs):
        """In bulk with proof and rosters; the works are verified one by one, the log is already."""
        LedgerRecord.objects.bulk_create([*works, *logs])
        self._prove(studio, account, [row for row in works if KINDS[row.kind].proof != "none"])
        self._rosters(studio, account, [row for row in works if KINDS[row.kind].roster])
        for row in works:
            LEDGER.perform(row, "verify_ledger", by=self.office)

    def _studio(self, account):
        return self.people_of(account).studios.get()

    def people_of(self, account):
        return self.stage.people[account]

    def _serial(self, studio):
        self.serials[studio.pk] = self.serials.get(studio.pk, 0) + 1
        return self.serials[studio.pk]

    def _work(self, studio, account, number, work, earlier=0):
        """`earlier`: so many days before."""
        kind, days, title, values, lasts = work
        days += earlier
        words = {
            "leader": studio.leader_name,
            "member": self._member(studio),
            "unit": studio.unit_name,
            "craft": studio.occupation,
            "year": self.stage.ago(days - number).year,
            "number": number + earlier,
        }
        said = {}
        for key, value in values.items():
            if key == "outcome_on":
                value = self.stage.ago(value + earlier)
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

    def _logs(self, studio, account, first: date, last: date, number, status="verified", seldom=0):
        words, lot, day, found = self.stage.words, self.stage.lot, first, []
        while day <= last:
            if day.weekday() < 5:
                title = lot.choice(words["logs"]).format(craft=studio.occupation)
                values = {
                    "content": f"{title}。{lot.choice(words['log_results'])}",
                    "hours": lot.randrange(2, 8),
                }
                found.append(self._record(studio, account, "log", title, day, values, status=status, late=1))
            day += timedelta(
                days=lot.randrange(2, 5) + seldom if number < 6 else lot.randrange(2, 6) + seldom
            )
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

    def _rosters(self, studio, account, rows):
        found, every = [], CERTIFIED.get(account, 3)
        for row in rows:
            for order, name in enumerate(self.stage.names(row.quantity), 1):
                certified = order % every == 0
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
