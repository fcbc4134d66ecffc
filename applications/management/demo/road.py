"""What happens to several applications of the demo at once: the pool of experts, their meetings, candidate lists,
公示, letters?

Told like the stories, and merged with them by time: each generator yields the moment of its next act. A meeting or
a list takes those of its applications that are told at all.
"""

import random

from applications.actions import (
    admitting,
    balloting,
    convening,
    deliberating,
    listing,
    noticing,
    pooling,
    recusing,
    resolving,
    seating,
)
from applications.management.demo.plan import read_experts, read_lists, read_sessions
from applications.management.demo.stories import OFFICE_ADDRESS, STUDIO_ADDRESS
from applications.models import Application, BallotRound, Conflict, Expert, Letter
from applications.tally import Counts
from applications.workflow import ADMISSION, LIST, PANEL
from park.announcements import ANNOUNCEMENT, objections
from park.audit import acting_from
from park.models import CraftField
from park.workflow import Refused

OFFICE, STUDIO = OFFICE_ADDRESS.format(10), STUDIO_ADDRESS.format(77)
READERS = ("office2", "director", "lead")  # each reading of a text by another person, none by its author
WORDS = {
    "approve": "经项目工作小组会议审核，对候选名单逐项作出认定，认定同意的按规定公示后确定入驻。",
    "logistics": "场地、水电和网络可以保障。",
    "attraction": "符合招引方向。",
}


class Road:
    """The acts beyond one application, of those `stories`."""

    def __init__(self, stories, people, calendar):
        self.stories, self.people = stories, people
        self.at, self.day = calendar.at, calendar.day
        self.lists, self.lot = {}, random.Random(7)

    def tell(self) -> list:
        """Every generator, to be merged with the stories."""
        meetings = [self._meeting(session) for session in read_sessions()]
        lists = [told for row in read_lists() for told in (self._list(row), self._boxes(row))]
        days = {story.entry.letter for story in self.stories} - {None}
        return [self._pool(), *meetings, *lists, *(self._letters(day) for day in days)]

    def _cases(self, **of):
        """Fresh rows of the applications whose entry says so, in the order of the plan, with their stories."""
        ((field, name),) = of.items()
        chosen = [story for story in self.stories if getattr(story.entry, field) == name]
        return [(Application.objects.get(pk=story.application.pk), story) for story in chosen]

    def _any(self, **of):
        ((field, name),) = of.items()
        return any(getattr(story.entry, field) == name for story in self.stories)

    # ── the pool of experts ─────────────────────────────────────────────────────────────────────
    def _pool(self):
        by = self.people["office1"]
        fields = {field.code: field for field in CraftField.objects.all()}
        rows = read_experts()
        yield self.at(98, 9, 30)
        with acting_from(OFFICE):
            pooling.import_experts(
                [row | {"fields": [fields[code] for code in row["fields"]]} for row in rows], by=by
            )
            experts = {expert.name: expert for expert in Expert.objects.all()}
            for row in rows:
                if row["account"]:
                    pooling.link_account(experts[row["name"]], self.people[row["account"]], by=by)
        yield self.at(70, 15)
        with acting_from(OFFICE):
            for row in rows:
                if row["left"]:
                    pooling.leave_pool(experts[row["name"]], reason=row["left"], by=by)
                if row["away"]:
                    first, last = sorted(map(self.day, row["away"]))
                    pooling.add_absence(
                        experts[row["name"]], starts_on=first, ends_on=last, reason=row["away_why"], by=by
                    )

    # ── a meeting ───────────────────────────────────────────────────────────────────────────────
    def _meeting(self, row):
        if not self._any(session=row.name):
            return
        yield self.at(row.created, 9, 40)
        cases = self._cases(session=row.name)
        clerk = cases[0][1].officer
        with acting_from(OFFICE):
            session = self._prepare(row, cases, clerk)
        yield self.at(row.invited, 10, 20)
        with acting_from(OFFICE):
            session = PANEL.perform(session, "convene_panel", by=clerk)
        yield self.at(max(row.invited - 1, 0), 14, 10)
        with acting_from(OFFICE):
            self._answer(row, session, clerk)
        if row.meets < 0:
            return
        yield self.at(row.meets, row.at.hour - 1, 40)
        with acting_from(OFFICE):
            seating.print_sign_in(session, by=clerk)
            for seat in session.seats.taken().select_related("expert__user"):
                seating.sign_in(seat, by=seat.expert.user or clerk)
            session = PANEL.perform(session, "begin_panel", by=clerk)
        for number, (application, story) in enumerate(cases):
            yield self.at(row.meets, row.at.hour, 10 + 8 * number)
            with acting_from(OFFICE):
                item = session.agenda.get(application=application)
                self._deliberate(item, story, clerk)
                if story.entry.until == "ballot":
                    self._leave_open(item, clerk)
                for votes in story.entry.votes:
                    self._vote(item, votes, clerk)
            if not story.entry.votes:
                return  # to be gone on with by whoever tries the demo
        yield self.at(row.meets, row.at.hour + 2, 30)
        with acting_from(OFFICE):
            PANEL.perform(session, "close_panel", by=clerk)

    def _prepare(self, row, cases, clerk):
        session = convening.create_panel(
            by=clerk,
            title=row.title,
            meets_on=self.day(row.meets),
            meets_at=row.at,
            place=row.place,
            seats_wanted=row.seats,
            means=row.means,
            fields=CraftField.objects.filter(code__in=row.fields),
        )
        for application, _ in cases:  # one by one: they stand on the agenda in this order
            convening.put_on_agenda(session, [application], by=clerk)
        for name in row.experts:
            reason = "申报的专业方向需要，经办公室主任同意指定"
            seating.seat_expert(session, Expert.objects.get(name=name), reason=reason, by=clerk)
        if session.seats.count() < row.seats:
            seating.draw_experts(session, by=clerk)
        seating.name_chair(session.seats.order_by("pk").first(), by=clerk)
        for conflict in Conflict.objects.filter(seat__session=session, state="proposed"):
            recusing.confirm_conflict(conflict, reason="核对属实，应当回避", by=clerk)
        for application, story in cases:
            if said := story.entry.content.get("panel", {}).get("reported"):
                item = session.agenda.get(application=application)
                seat = session.seats.get(expert__name=said["expert"])
                conflict = recusing.report_conflict(item, seat, detail=said["detail"], by=clerk)
                recusing.dismiss_conflict(conflict, reason=said["dismissed"], by=clerk)
        return session

    def _answer(self, row, session, clerk):
        """Who was drawn answers by telephone, who has an account on the site. One drawn expert cannot come."""
        seats = list(session.seats.taken().select_related("expert__user").order_by("pk"))
        pending = seats[:1] + seats[4:] if row.meets < 0 else []
        declined = seats[2] if seats[2].by_lot else None
        for seat in seats:
            if seat in pending:
                continue
            by = seat.expert.user or clerk
            if seat == declined:
                seating.answer_invitation(seat, coming=False, note="当日另有教学任务", by=by)
            else:
                seating.answer_invitation(seat, coming=True, by=by)
        if declined:
            seating.draw_experts(session, by=clerk)

    # ── one case before the panel ───────────────────────────────────────────────────────────────
    def _deliberate(self, item, story, clerk):
        """Opinion and assent. The chair writes on their phone, or the clerk for them where slips are of paper."""
        deliberating.call_item(item, by=clerk)
        seats = [*deliberating.voters_of(item).select_related("expert__user").order_by("-is_chair", "pk")]
        online = item.session.means == "online"
        writer = seats[0].expert.user if online else clerk
        item = deliberating.write_opinion(
            item, story.entry.content["panel"]["opinion"], version=item.opinion_version, by=writer
        )
        for seat in seats[1:]:
            by = seat.expert.user if online else clerk
            deliberating.agree_opinion(item, seat, version=item.opinion_version, by=by)
        if online:
            for seat, text in zip(seats, story.entry.content["panel"].get("notes", []), strict=False):
                deliberating.save_note(item, seat, text, by=seat.expert.user)

    def _vote(self, item, votes, clerk):
        """One round: on paper counted by two officers, on line cast by each expert in an order drawn by lot."""
        seats = list(deliberating.voters_of(item).select_related("expert__user"))
        online = item.session.means == "online"
        by = seats[0].expert.user if online else clerk
        if online:
            by = next(seat for seat in seats if seat.is_chair).expert.user
        round_ = balloting.open_round_for(item, by=by)
        if online:
            choices = list("a" * votes[0] + "o" * votes[1] + "n" * votes[2])
            self.lot.shuffle(choices)
            for seat, choice in zip(seats, choices, strict=True):
                balloting.cast(round_, seat, choice, by=seat.expert.user)
        else:
            for seat in seats:
                balloting.mark_paper_voter(round_, seat, by=clerk)
            for name in ("office1", "office2"):
                balloting.count_paper(round_, Counts(*votes), by=self.people[name])
        balloting.close_round(BallotRound.objects.get(pk=round_.pk), by=by)

    def _leave_open(self, item, clerk):
        """Slips are handed out, all but one are in the box; nobody has counted."""
        round_ = balloting.open_round_for(item, by=clerk)
        for seat in deliberating.voters_of(item).order_by("pk")[1:]:
            balloting.mark_paper_voter(round_, seat, by=clerk)

    # ── a candidate list, from its compiling to the admission ───────────────────────────────────
    def _list(self, row):
        if not self._any(on_list=row.name):
            return
        by = self.people["office1"]
        yield self.at(row.compiled, 10, 30)
        cases = [application for application, _ in self._cases(on_list=row.name)]
        with acting_from(OFFICE):
            candidates = listing.compile_list(
                [case.key for case in cases],
                title=row.title,
                places=row.places,
                note="名额按现有空余场地确定。",
                by=by,
            )
        self.lists[row.name] = candidates
        if row.sent is None:
            return
        yield self.at(row.sent, 9, 30)
        with acting_from(OFFICE):
            candidates = LIST.perform(candidates, "send_list", by=by)
        yield self.at(row.opinion, 15, 20)
        with acting_from(OFFICE):
            self._give_opinions(candidates, "working2", WORDS["logistics"])
        if row.resolved is None:
            return
        yield self.at(row.resolved, 9, 50)
        with acting_from(OFFICE):
            self._give_opinions(candidates, "working3", WORDS["attraction"])
        yield self.at(row.resolved, 16)
        with acting_from(OFFICE):
            candidates = self._resolve(row, candidates)
        if row.drafted is not None:
            yield from self._show(row, candidates)

    def _give_opinions(self, candidates, member, words):
        opinions = {entry.pk: ("approve", words) for entry in candidates.entries.all()}
        resolving.give_opinions(candidates, opinions, by=self.people[member])

    def _resolve(self, row, candidates):
        said = {application.pk: story.entry for application, story in self._cases(on_list=row.name)}
        decisions = {}
        for entry in candidates.entries.all():
            plan = said[entry.application_id]
            reason = plan.content["list"]["reason"] if plan.decision != "approve" else ""
            decisions[entry.pk] = {"decision": plan.decision, "reason": reason}
        data = {
            "minutes_no": row.minutes,
            "minutes_on": self.day(row.resolved),
            "resolution": WORDS["approve"],
            "decisions": decisions,
        }
        return LIST.perform(candidates, "resolve_list", by=self.people["working1"], data=data)

    def _boxes(self, row):
        """Box 12 of the statutory form, once the list is decided."""
        if row.boxes is None or not self._any(on_list=row.name):
            return
        yield self.at(row.boxes, 14, 30)
        candidates = self.lists[row.name]
        candidates.refresh_from_db()
        keys = list(resolving.boxes_to_fill(candidates).values_list("application__key", flat=True))
        with acting_from(OFFICE):
            text = resolving.office_box_text(candidates)
            resolving.fill_office_boxes(candidates, keys, text, by=self.people["office2"])

    def _show(self, row, candidates):
        """公示, the objections to it, the admission, the final list."""
        by = self.people["office1"]
        yield self.at(row.drafted, 10)
        with acting_from(OFFICE):
            count = len(noticing.to_be_shown(candidates))
            title = "镇江市技能大师产业创新园拟入驻名单公示"
            notice = noticing.draft_notice(candidates, title=title, text=noticing.notice_text(count), by=by)
        yield self.at(row.read, 10, 30)
        self._read(notice)
        yield self.at(row.published, 9, 5)
        notice = self._publish(notice)
        yield self.at(row.published - 1, 11, 30)
        objection = self._object(notice)
        if row.concluded is None:
            return
        yield self.at(row.published - 3, 15)
        with acting_from(OFFICE):
            self._dismiss(objection)
        yield self.at(row.concluded, 9, 20)
        with acting_from(OFFICE):
            ANNOUNCEMENT.perform(notice, "conclude_announcement", by=by)
        yield self.at(row.admitted, 10)
        with acting_from(OFFICE):
            for application, _ in self._cases(on_list=row.name):
                if application.status == "on_notice":
                    ADMISSION.perform(application, "admit", by=by)
        yield self.at(row.final + 1, 10)
        with acting_from(OFFICE):
            count = len(noticing.to_be_listed(candidates))
            title = "镇江市技能大师产业创新园入驻名单"
            final = noticing.draft_final(candidates, title=title, text=noticing.final_text(count), by=by)
        yield self.at(row.final, 9)
        self._read(final)
        yield self.at(row.final, 15)
        self._publish(final)

    def _read(self, announcement):
        with acting_from(OFFICE):
            step = ANNOUNCEMENT.perform
            announcement = step(announcement, "submit_announcement", by=self.people["office1"])
            for name in READERS:
                announcement = step(
                    announcement, "read_announcement", by=self.people[name], data={"note": ""}
                )

    def _publish(self, announcement):
        with acting_from(OFFICE):
            return ANNOUNCEMENT.perform(announcement, "publish_announcement", by=self.people["director"])

    def _object(self, notice):
        with acting_from(STUDIO):
            return objections.receive(
                notice,
                row=notice.rows[0]["key"],
                name="柳先知",
                contact="0511-80000009",
                text="申报表所列带徒人数与我了解的情况不一致，其中有两人已于去年离开工作室，请核查师徒协议。",
                by=None,
            )

    def _dismiss(self, objection):
        by = self.people["office2"]
        objection = objections.save_findings(
            objection,
            row=objection.row,
            findings="调取师徒协议原件逐份核对，申报的人数为历年累计，所提两人协议期满正常离开，申报属实。",
            answer="经核查，申报表所列为历年累计带徒人数，协议齐全，反映的情况不影响入驻条件。感谢您的监督。",
            by=by,
        )
        objections.dismiss(objection, by=by)

    # ── letters ─────────────────────────────────────────────────────────────────────────────────
    def _letters(self, day):
        """All letters of one day at once."""
        yield self.at(day, 16, 45)
        cases = [application for application, _ in self._cases(letter=day)]
        letters = admitting.waiting(Letter.objects.filter(application__in=cases))
        with acting_from(OFFICE):
            _, refused = admitting.send_many(letters.values_list("pk", flat=True), by=self.people["office1"])
        if refused:
            raise Refused(*refused)
