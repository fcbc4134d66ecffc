"""What happens to one application of the demo, act by act, through the same actions that the pages call?

A story is a generator: it yields the moment of its next act, and acts when it is resumed. The teller merges
all stories by time, so that numbers and the audit trail run in the order of their dates.
"""

import heapq
import uuid
from datetime import time
from itertools import chain, count

from applications.actions import filling, recommending, reviewing, visiting
from applications.checklist import lines_for, place_lines
from applications.forms.sections import SECTIONS
from applications.management.demo import sheets
from applications.management.demo.plan import AT_THE_PLACE
from applications.papers.filing import SECTION_TITLES
from applications.workflow import ADMISSION, VISIT
from park.audit import acting_from

TICKS = {"truthful": True, "processing": True, "disclosure": True, "members_informed": True}
STUDIO_ADDRESS, OFFICE_ADDRESS = "203.0.113.{}", "192.0.2.{}"  # ranges kept for examples


def tell_all(stories, clock, until=None) -> list:
    """Run the stories to their ends, always the earliest act first; what comes after `until` is left to be told."""
    order, waiting = count(), []

    def wait_for(story):
        moment = next(story, None)
        if moment is not None:
            heapq.heappush(waiting, (moment, next(order), story))

    for story in stories:
        wait_for(story)
    while waiting and (until is None or waiting[0][0] < until):
        moment, _, story = heapq.heappop(waiting)
        clock.set(moment)
        wait_for(story)
    return [chain([moment], story) for moment, _, story in sorted(waiting)]


class Story:
    """The people and the application of one plan entry."""

    def __init__(self, entry, people, calendar):
        self.entry, self.at, self.day = entry, calendar.at, calendar.day
        self.visitors = [people[name] for name in entry.visitors]
        self.owner, self.colleague = people[entry.account], people.get(entry.shared)
        self.officer = people.get(entry.officer)
        self.application, self.versions = None, {}
        number = sum(map(ord, entry.file)) % 250 + 1
        self.studio = STUDIO_ADDRESS.format(number)
        self.office = OFFICE_ADDRESS.format(10 if entry.officer == "office1" else 11)

    def tell(self):
        entry = self.entry
        yield from self._fill()
        if entry.until in ("ready", "unstamped") or entry.filed is not None:
            yield from self._recommend()
        if entry.until == "withdrawn_draft":
            yield self.at(entry.decided, 16, 5)
            self._withdraw()
        if entry.filed is None:
            return
        yield self.at(entry.filed, 10, 40)
        self._step("submit", TICKS)
        if self.officer:
            yield from self._review()

    # ── the studio ──────────────────────────────────────────────────────────────────────────────
    def _fill(self):
        entry = self.entry
        yield self.at(entry.started, 9, 12)
        with acting_from(self.studio):
            self.application = filling.start_application(by=self.owner)
            if self.colleague:
                filling.add_collaborator(self.application, self.colleague, by=self.owner)
        for number, name in enumerate(entry.sections):
            later = number >= 3 and entry.started > 0
            yield self.at(entry.started - later, 9 + number, 25 + 3 * number)
            by = self.colleague if self.colleague and number % 2 else self.owner
            with acting_from(self.studio):
                self._save(name, by=by)
                for purpose, words in self._evidence(name):
                    self._add_file(name, purpose, words, by=by)

    def _save(self, name, *, by, **changes):
        draft = filling.save_section(
            self.application,
            name,
            self.entry.typed(name, **changes),
            version=self.versions.get(name, 0),
            by=by,
        )
        self.versions[name] = draft.version

    def _evidence(self, name) -> list[tuple[str, str]]:
        """What this applicant puts with a section: what is demanded, and more where there is much to show."""
        leader, text = self.entry.content["leader"], self.entry.content.get(name, {})
        if name == "leader" and leader["leader_skill_level"] != "NONE":
            return [("certificate", f"取得时间：{leader['leader_level_obtained_ym']}")]
        if name == "plan" and len(text.get("plan_or_goals", "")) > 300:
            return [("plan", leader["studio_name"])]
        if name == "profile":
            awards = text.get("profile_awards", "").strip().splitlines()[:3]
            return [("award", words) for words in awards if words != "无"]
        if name == "conditions" and self.entry.until != "unproved":
            more = ["3.1.2", "3.1.3"] if len(text.get("equipment", "")) > 30 else []
            return [(purpose, "首次提交") for purpose in (*text["claims"], *more)]
        return []

    def _add_file(self, name, purpose, words, *, by):
        leader = self.entry.content["leader"]
        label = SECTIONS[name].evidence_for(purpose).label
        lines = [
            f"持有人：{leader['leader_name']}",
            f"职业（工种）：{leader['leader_occupation']}",
            f"用途：{label}",
            words,
        ]
        draw = sheets.photo if purpose == "3.1.2" else sheets.evidence
        filling.add_file(self.application, name, purpose, draw(label, *lines), by=by)

    def _recommend(self):
        """Print, have it stamped, bring it back; or send the unit a link."""
        entry = self.entry
        said = entry.content["recommendation"]
        day = entry.filed + 1 if entry.filed is not None else max(entry.started - 2, 0)
        yield self.at(day, 17, 10)
        with acting_from(self.studio):
            recommending.print_for_stamp(self.application, by=self.owner)
            if "signer_name" in said:
                link, _ = recommending.make_link(self.application, by=self.owner)
        if entry.until == "unstamped":
            return
        yield self.at(entry.filed if entry.filed is not None else max(day - 1, 0), 9, 50)
        with acting_from(self.studio):
            if "signer_name" in said:
                signer = {key: said[key] for key in ("opinion", "signer_name", "signer_post")}
                recommending.confirm_by_link(link, self._scan(), **signer)
            else:
                self._receive_scan()

    def _scan(self):
        copy, leader = self.application.stamp_copies.last(), self.entry.content["leader"]
        legible = self.entry.content["recommendation"]["mode"] != "none"  # the others are confirmed by hand
        return sheets.scan(
            "入驻申报表盖章扫描件",
            leader["studio_name"],
            f"领衔人：{leader['leader_name']}",
            str(copy),
            address=copy.document.check_url if legible else "",
        )

    def _receive_scan(self):
        said = self.entry.content["recommendation"]
        recommending.receive_scan(
            self.application,
            self._scan(),
            by=self.owner,
            mode=said["mode"],
            opinion=said["opinion"],
            reason=said.get("reason", ""),
            same_copy=said["mode"] == "none",
        )

    def _step(self, name, data=None, *, by=None, note=""):
        with acting_from(self.office if by == self.officer and by else self.studio):
            self.application = ADMISSION.perform(
                self.application, name, by=by or self.owner, data=data or {}, note=note
            )

    def _withdraw(self):
        reason = self.entry.content["withdrawal"]["reason"]
        self._step("withdraw", {"reason": reason}, note=reason)

    # ── the office ──────────────────────────────────────────────────────────────────────────────
    def _review(self):
        entry = self.entry
        yield self.at(entry.filed, 15, 30)
        with acting_from(self.office):
            reviewing.assign(self.application, self.officer, by=self.officer)
        if entry.until == "withdrawn":
            yield self.at(entry.decided, 11, 20)
            self._withdraw()
            return
        yield self.at(self._reading_day(), 14, 35)
        with acting_from(self.office):
            reviewing.reveal(self.application, by=self.officer, reason="核对证书持有人与填报是否一致")
            self._find(settled=False, partly=entry.until == "reviewing")
            for text in entry.review.get("internal", []):
                reviewing.add_note(self.application, text, internal=True, by=self.officer)
        if entry.until == "preparing":
            self._prepare_correction()
        if entry.asked is not None:
            yield from self._correct()
        for number, message in enumerate(entry.content.get("message", [])):
            yield self.at(max((entry.asked or entry.filed) - 1, 0), 10 + number, 15)
            by, address = (
                (self.owner, self.studio) if message["by"] == "studio" else (self.officer, self.office)
            )
            with acting_from(address):
                reviewing.add_note(self.application, message["text"], internal=False, by=by)
        if entry.until == "resubmitted" or entry.again is not None:
            yield from self._resubmit()
        if entry.decided is not None:
            yield from self._decide()
        if entry.originals is not None:
            yield self.at(entry.originals, 10, 5)
            with acting_from(self.office):
                reviewing.receive_originals(self.application, by=self.officer)
        if entry.visit is not None:
            yield from self._visit()

    def _reading_day(self):
        last = self.entry.asked if self.entry.asked is not None else self.entry.decided or 0
        return max(self.entry.filed - 2, last)

    def _find(self, *, settled, partly=False):
        """Verdicts on the checklist: as in the file, or all met once corrected."""
        submission = self.application.latest_submission()
        lines = lines_for(submission.data)
        lines = lines[: len(lines) // 2] if partly else lines
        said = {} if settled else self.entry.review.get("findings", {})
        findings = {line.item: tuple(said.get(line.item, ("met", ""))) for line in lines}
        reviewing.record_findings(self.application, findings, submission=submission, by=self.officer)

    def _prepare_correction(self):
        with acting_from(self.office):
            for item in self.entry.corrections:
                assert item["section"] in SECTION_TITLES
                reviewing.add_correction_item(
                    self.application,
                    section=item["section"],
                    missing=item["missing"],
                    clause=item["clause"],
                    by=self.officer,
                )

    def _correct(self):
        yield self.at(self.entry.asked, 16, 20)
        self._prepare_correction()
        self._step("request_correction", by=self.officer)

    def _resubmit(self):
        yield self.at(self.entry.again, 9, 30)
        changes = {}
        for item in self.entry.corrections:
            changes.setdefault(item["section"], {}).update(item["change"])
        with acting_from(self.studio):
            for item in self.entry.corrections:
                if "file" in item:
                    self._add_file(item["section"], item["file"], "补正时补充", by=self.owner)
            for name, change in changes.items():
                self._save(name, by=self.owner, **change)
            before = self.application.stamp_copies.last()
            if recommending.print_for_stamp(self.application, by=self.owner) != before:
                self._receive_scan()  # the printed text changed, so the unit stamps anew
        yield self.at(self.entry.again, 14, 10)
        self._step("resubmit", {"truthful": True})

    def _decide(self):
        review = self.entry.review
        yield self.at(self.entry.decided, 10, 30)
        if self.entry.until == "lapsed":
            self.application = ADMISSION.perform(self.application, "lapse", by=None)
        elif self.entry.until == "rejected":
            data = {"clause": review["clause"], "reason": review["reason"]}
            self._step("reject", data, by=self.officer, note=review["reason"])
        else:
            with acting_from(self.office):
                self._find(settled=True)
            self._step("pass_review", {"opinion": review["opinion"]}, by=self.officer)

    # ── at the place ────────────────────────────────────────────────────────────────────────────
    def _visit(self):
        entry, seen = self.entry, self.entry.content["visit"]
        yield self.at(entry.visit_planned, 9, 20)
        with acting_from(self.office):
            stop = visiting.Stop(
                self.application, seen["place"], time((14, 9, 10, 13, 11)[entry.visit % 5], 30)
            )
            (visit,) = visiting.plan_visits(
                [stop],
                visit_on=self.day(entry.visit),
                visitors=self.visitors,
                by=self.officer,
                preparation="请备好设备清单、规章制度、师徒协议和经费证明的原件，领衔人在场。",
            )
        if entry.until in ("visit_planned", "visit_today"):
            return
        yield self.at(entry.visit, 15, 20)
        by = self.visitors[0]
        with acting_from(self.office):
            visiting.save_record(
                visit,
                findings=seen["findings"],
                lines=self._seen(seen),
                version=0,
                saved_from=uuid.uuid4(),
                by=by,
            )
            picture = sheets.photo("现场照片", seen["place"], f"领衔人：{self.application.leader_name}")
            visiting.add_photo(visit, picture, client_key=uuid.uuid4(), by=by, caption="工作室现场")
        yield self.at(entry.visit, 16, 40)
        with acting_from(self.office):
            outcome = {"outcome": "failed" if "unmet" in seen else "passed"}
            outcome["reason"] = seen.get("reason", "现场情况与申报材料一致，具备规定的条件。")
            visit = VISIT.perform(visit, "finish_visit", by=by, data=outcome)
        if entry.until in AT_THE_PLACE:
            return
        after = max(entry.visit - 1, 0)
        yield self.at(after, 9, 45)
        with acting_from(self.studio):
            VISIT.perform(visit, "confirm_visit", by=self.owner, data={"answer": "online", "remark": ""})
        yield self.at(after, 15, 5)
        if entry.until == "visit_failed":
            data = {"clause": seen["clause"], "reason": seen["letter"]}
            self._step("reject_visit", data, by=self.officer, note=seen["letter"])
        else:
            self._step("pass_visit", by=self.officer)

    def _seen(self, seen) -> dict:
        """item -> (verdict, note): as in the file, everything else is there as demanded."""
        unmet = seen.get("unmet", {})
        lines = place_lines(self.application.latest_submission().data)
        return {
            line.item: ("unmet", unmet[line.item]) if line.item in unmet else ("met", "") for line in lines
        }
