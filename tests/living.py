"""One of each record of life in the park, made by the acts themselves; the addresses that show it; who looks at it."""

import itertools
import uuid
from datetime import date, timedelta

from django.utils import timezone

from assessments.actions import rubric
from assessments.actions import scorecard as scorecards
from assessments.models import EvaluationCycle, Revocation, Rubric
from assessments.workflow import CYCLE, FINDING, INSPECTION, RECTIFICATION, REVOCATION, SCORECARD
from park import documents
from park.models import Body, Document, Origin, RecognitionLevel, Role, WorkingGroupMember
from tests.assessments import evaluation, holding
from tests.assessments import factories as inspections
from tests.factories import UserFactory
from tests.test_architecture import PUBLIC, routes
from tests.workshops import benefits, facilities, fees, ledgers, returning, staying
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops.actions import (
    attendance,
    charging,
    house_ruling,
    keeping_safe,
    lead,
    leader_change,
    ledger,
    paying,
    stating,
)
from workshops.actions.recognition import record_recognition
from workshops.models import Incident, SafetyLetter
from workshops.views import agreement, handover, register
from workshops.workflow import (
    BENEFIT,
    BILL,
    HAZARD,
    LEAD,
    LEADER_CHANGE,
    LEAVE,
    LEDGER,
    REPAIR,
    RESIDENCY,
    RETURN,
)

NOBODYS = uuid.UUID(int=1)
ROLES = {
    **{role.value: [role] for role in Role},
    "owner": ["applicant"],  # acts for the studio
    "officer_of_studio": ["office", "applicant"],
    "group_leader": ["working_group"],
    "nobody": [],
}
PAPERS = {
    "workshops:attendance_paper": "attendance_sheet",
    "workshops:statement_paper": "fee_statement",
    "workshops:ledger_paper": "ledger_book",
}


def people_of_the_park():
    """Everybody who may look, by name."""
    people = {name: UserFactory(roles=roles) for name, roles in ROLES.items()}
    people["superuser"] = UserFactory(is_superuser=True, is_staff=True)
    WorkingGroupMember.objects.create(user=people["group_leader"], body=Body.objects.first(), is_leader=True)
    return people


class Life:
    """A studio in the park with one of each record; `records` are by the beginning of the addresses that show them.

    `people` are those of `people_of_the_park`; with `shared=False` the studio is somebody else's.
    """

    def __init__(self, people, *, shared=True):
        self.people, self.office, self.keeper = people, people["office"], people["logistics"]
        self.park, self.today = fees.Park(), timezone.localdate()
        self.studio, self.own = self.park.studio, self.park.person
        self.studio.people.add(*[people[name] for name in ("owner", "officer_of_studio") if shared])
        self.member = PersonFactory(studio=self.studio)
        self.studio.persons.filter(is_leader=True).update(user=self.own)
        self.records = {
            "<uuid:key>/": [self.studio],
            "studios/<uuid:key>/": [self.studio],
            "public/<uuid:key>/": [self.studio],
            **self._residency(people if shared else None),
            **self._fees(),
            **self._attendance(),
            **self._ledger(),
            **self._facilities(),
            **self._rules(),
            **self._safety(),
            **self._lead(),
            **self._inspections(),
            **self._returns(),
            **self._benefits(),
            **self._rectification(people if shared else None),
            **self._evaluation(),
            **self._rubric(),
            **self._leader_change(),  # last: whoever is leader does not change before
        }

    def _residency(self, people):
        waiting = staying.pending(people=[people["owner"]] if people else [])
        occupancy = staying.with_room(waiting, by=self.office)
        row = staying.agreed(waiting, by=self.office)
        record_recognition(
            self.studio, kind="granted", level=RecognitionLevel.objects.get(code="city"),
            document_no=f"镇人社发〔2024〕{self.studio.pk}号", authority="镇江市人力资源和社会保障局",
            decided_on=date(2024, 1, 1), note="", scan=ledgers.checked(1), by=self.office,
        )  # fmt: skip
        return {
            "residencies/<uuid:key>/": [waiting, self.park.residency],
            "agreements/<uuid:key>/": [row],
            "handovers/<uuid:key>/": [occupancy.handovers.get()],
            "rooms/<uuid:key>/": [occupancy.room],
        }

    def _fees(self):
        bill = self.park.bill()
        payment = paying.pay_bills(
            [bill], amount_fen=100, method="transfer", paid_on=self.today, receipt_no="1", by=self.keeper
        )  # fmt: skip
        draft = self.park.bill(date(2026, 2, 1), issue=False)
        charge = charging.record_one_off(
            self.park.residency, day=self.today, amount_fen=2500, reason="补配门钥匙一把", by=self.keeper
        )
        stating.issue_statement(self.studio, date(2026, 1, 1), by=self.keeper)
        return {
            "fees/bills/<uuid:key>/": [bill, draft],
            "fees/payments/<uuid:key>/": payment,
            "fees/one-offs/<uuid:key>/": [charge],
            "readings/meters/<uuid:key>/": [self.park.water],
        }

    def _attendance(self):
        today, leader = self.today, self.studio.persons.get(is_leader=True)
        last_month = today.replace(day=1) - timedelta(days=1)
        attendance.enter_day(self.studio, leader, last_month, note="纸质签到表", by=self.office)
        attendance.issue_sheet(self.park.residency, last_month.replace(day=1), by=self.office)
        self.closure = attendance.close_park(starts_on=today, ends_on=today, reason="检修", by=self.office)
        leave = attendance.ask_for_leave(
            self.studio, starts_on=today, ends_on=today, reason="外出培训", by=self.own
        )
        return {"leaves/<uuid:key>/": [leave]}

    def _ledger(self):
        draft = ledgers.record(self.studio, "log", shade=2, by=self.own)
        training = ledgers.record(self.studio, "training", shade=3, by=self.own)
        ledgers.trainee(training)
        training = LEDGER.perform(training, "submit_ledger", by=self.own)
        ledger.print_ledger(self.studio, "training", self.today.year, by=self.own)
        return {"ledger/<uuid:key>/": [draft, training]}

    def _facilities(self):
        ticket = facilities.ticket(studio=self.studio, by=self.own, photos=[ledgers.checked(4)])
        return {"repairs/<uuid:key>/": [ticket]}

    def _rules(self):
        text = facilities.rule(by=self.office, title=f"园区用电管理办法（{self.studio.pk}）")
        breach = house_ruling.record_breach(
            studio=self.studio, proof=ledgers.checked(5), by=self.office, rule=text.rule, provision="第一条",
            happened_on=self.today, facts="下班未断电。", measure="warning",
        )  # fmt: skip
        return {"rules/<uuid:key>/": [text.rule], "rules/breaches/<uuid:key>/": [breach]}

    def _safety(self):
        hazard = facilities.hazard(studio=self.studio, by=self.keeper)
        incident = keeping_safe.report_incident(
            studio=self.studio, report=ledgers.checked(6), loss=0, by=self.own, happened_at=timezone.now(),
            place="201室", kind=Incident.Kind.POWER, injured=0, facts="短路跳闸。", measures="",
        )  # fmt: skip
        keeping_safe.issue_safety_letters(self.today.year, by=self.office)
        return {
            "safety/checks/<uuid:key>/": [hazard.line.check_row],
            "safety/hazards/<uuid:key>/": [hazard],
            "safety/incidents/<uuid:key>/": [incident],
            "safety/letters/<uuid:key>/": [SafetyLetter.objects.get(residency=self.park.residency)],
        }

    def _lead(self):
        row = lead.add_lead(
            by=self.people["attraction"], mobile="13805112345", name=f"钱{chr(0x4E00 + self.studio.pk)}",
            craft="玉雕工", craft_field=None, origin=Origin.objects.get(code="outside"), province="安徽省", city="合肥市",
            unit_name="某玉雕厂", honours="", source="技能大赛", intent="medium", next_contact_on=None,
        )  # fmt: skip
        return {"leads/<uuid:key>/": [row]}

    def _inspections(self):
        closing = self._plan(starts_on=self.today - timedelta(days=60), ends_on=self.today)
        closing = inspections.in_status(closing, "closing", inspector=self.keeper, owner=self.own)
        finding = closing.findings.get()
        inspections.answer(finding, owner=self.own)
        tomorrow = self.today + timedelta(days=1)
        planned = self._plan(starts_on=tomorrow, ends_on=tomorrow, inspect_on=tomorrow)
        inspections.acts.add_photo(
            planned, ledgers.checked(7), caption="", client_key=uuid.uuid4(), by=self.keeper
        )
        return {
            "inspections/plans/<uuid:key>/": [closing.plan],
            "inspections/<uuid:key>/": [closing, planned],
            "findings/<uuid:key>/": [finding],
        }

    def _plan(self, **days):
        going = [self.office, self.keeper]
        return inspections.plan(
            [self.park.residency], by=self.office, inspectors=going, **days
        ).inspections.get()

    def _returns(self):
        form = returning.definition("quarter")
        row = returning.filled(returning.opened(self.studio, form), by=self.own)
        return {"returns/<uuid:key>/": [row], "returns/forms/<uuid:key>/": [form]}

    def _benefits(self):
        policy, _ = benefits.a_policy(self.office, document_no=f"测人社〔2024〕{self.studio.pk}号")
        return {
            "benefits/<uuid:key>/": [benefits.asked(self.studio, self.own)],
            "policies/<uuid:key>/": [policy],
        }

    def _evaluation(self):
        """A card that the studio assesses, and one of another year that is being verified."""
        cycles = [
            EvaluationCycle.objects.filter(year=year).first()
            or evaluation.cycle_in(year=year, by=self.office)
            for year in (2024, 2023)
        ]
        for cycle in cycles:
            cycle.graders.get_or_create(user=self.people["expert"], defaults={"added_by": self.office})
        made = {"residency": self.park.residency, "owner": self.own, "by": self.office}
        opened = evaluation.card_in("open", cycle=cycles[0], **made)
        running = evaluation.card_in("self_assessed", cycle=cycles[1], **made)
        line = opened.lines.get(item__code="A2.14")
        scorecards.add_evidence(line, by=self.own, checked=ledgers.checked(11))
        scorecards.add_evidence(line, by=self.own, record=self.studio.ledger.get(kind="training"))
        for name in ("photo", "record"):
            line = running.lines.get(item__code="A2.4")
            proof = {"photo": {"checked": ledgers.checked(12)}}
            proof = proof.get(name) or {"record": self.studio.ledger.get(kind="training")}
            scorecards.add_evidence(line, by=self.keeper, **proof)
        for card in (opened, running):
            documents.issue("scorecard_self", card, by=self.office)
        facts = "花名册不实。"
        scorecards.find_falsification(running, facts=facts, checked=ledgers.checked(13), by=self.office)
        return {
            "evaluation/<uuid:key>/": [cycles[0]],
            "rubrics/<uuid:key>/": [cycles[0].rubric],
            "cards/<uuid:key>/": [opened, running],
        }

    def _leader_change(self):
        change = leader_change.report_leader_change(
            self.studio, by=self.own, reason_kind="transferred", reason="调往外市",
            left_on=self.today - timedelta(days=3),
        )  # fmt: skip
        claims = [{"clause": "3.1.1a", "statement": "绝技三项", "proof": ledgers.checked(8)}]
        facts = {
            "birth_year": 1980, "occupation": "钣金工", "skill_level": None, "unit_name": "镇江某厂", "honours": "",
            "achievements": "革新三项", "member": None, "name": "李玥", "claims": claims,
        }  # fmt: skip
        change = LEADER_CHANGE.perform(change, "nominate_leader", by=self.own, data=facts)
        return {"leader-changes/<uuid:key>/": [change]}

    def _rectification(self, people):
        """On stays of their own: the studio goes on with everything else."""
        own = [people["owner"], people["officer_of_studio"]] if people else [self.own]
        stays = [ResidencyFactory(active=True, studio=StudioFactory(people=own)) for _ in range(3)]
        order = holding.reported(holding.ordered(stays[0], by=self.office), owner=own[0])
        order = RECTIFICATION.perform(
            order, "return_rectification", by=self.office, data={"reason": "日志不全"}
        )
        RECTIFICATION.perform(order, "serve_rectification", by=self.office, data=holding.service())
        told = holding.on_the_road(
            holding.proposed(stays[1], by=self.office), "defending", {"office": self.office}
        )
        return {
            "rectifications/<uuid:key>/": [order],
            "revocations/<uuid:key>/": [told, holding.proposed(stays[2], by=self.office)],
        }

    def _rubric(self):
        """An edition that is being prepared."""
        draft = rubric.copy_rubric(
            Rubric.objects.get(edition="2015"), edition=f"测{self.studio.pk}", title="细则", legal_basis="测", by=self.office
        )  # fmt: skip
        return {"rubrics/<uuid:key>/": [draft]}


# Names of steps and acts, by the beginning of the address.
ACTS = {
    "<uuid:key>/": register.REGISTER_ACTS,
    "leaves/<uuid:key>/": LEAVE.steps,
    "fees/bills/<uuid:key>/": BILL.steps,
    "leader-changes/<uuid:key>/": LEADER_CHANGE.steps,
    "leads/<uuid:key>/": LEAD.steps,
    "ledger/<uuid:key>/": LEDGER.steps,
    "repairs/<uuid:key>/": REPAIR.steps,
    "residencies/<uuid:key>/": [*RESIDENCY.steps, *Revocation.Ground.values],
    "evaluation/<uuid:key>/": CYCLE.steps,
    "cards/<uuid:key>/": SCORECARD.steps,
    "rectifications/<uuid:key>/": RECTIFICATION.steps,
    "revocations/<uuid:key>/": REVOCATION.steps,
    "agreements/<uuid:key>/": agreement.ACTS,
    "handovers/<uuid:key>/": handover.ACTS,
    "safety/hazards/<uuid:key>/": HAZARD.steps,
    "inspections/<uuid:key>/": INSPECTION.steps,
    "findings/<uuid:key>/": FINDING.steps,
    "returns/<uuid:key>/": RETURN.steps,
    "benefits/<uuid:key>/": BENEFIT.steps,
}
KINDS = ["log", "training", "evaluation_summary", "nonsense"]


def _children(name, start, record):
    """What else an address names beside its record, by converter."""
    if name in PAPERS:
        papers = Document.objects.filter(kind=PAPERS[name])
    elif name == "workshops:leader_change_paper":
        papers = Document.objects.about(record.nomination())
    else:
        papers = Document.objects.about(record)
    if start == "cards/<uuid:key>/":
        return _of_card(name, record) | {
            "name": lambda: list(ACTS[start]),
            "public_id": lambda: papers.values_list("public_id", flat=True)[:1],
        }
    return {
        "name": lambda: list(ACTS.get(start, ())),
        "act": lambda: list(ACTS[start]),
        "kind": lambda: KINDS,
        "number": lambda: [1, 2],  # versions
        "public_id": lambda: papers.values_list("public_id", flat=True)[:1],
        "person": lambda: record.persons.values_list("key", flat=True)[:2],
        "event": lambda: record.recognitions.values_list("key", flat=True),
        "check_key": lambda: record.check_ins.values_list("key", flat=True),
        "ground": lambda: record.nomination().grounds.values_list("pk", flat=True),
        "file_key": lambda: _files(record),
        "row": lambda: record.amounts.values_list("pk", flat=True),
        "pk": lambda: (record.trainees if start == "ledger/<uuid:key>/" else record.occupancies).values_list(
            "pk", flat=True
        ),
    }


def _of_card(name, card):
    """Lines, proof and files of a card of the yearly evaluation."""
    sent = card.evidence.filter(stored__isnull=False)
    cited = card.evidence.filter(record__isnull=False)
    rows = card.evidence if name == "assessments:evidence_remove" else card.lines
    files = {
        "assessments:evidence_file": sent.values_list("stored__key", flat=True),
        "assessments:scorecard_file": card.falsifications.values_list("proof__key", flat=True),
        "assessments:card_record_file": cited.values_list("record__files__stored__key", flat=True),
    }
    return {
        "pk": lambda: rows.values_list("pk", flat=True)[:1],
        "file_key": lambda: files[name],
        "record_key": lambda: cited.values_list("record__key", flat=True),
    }


def _files(record):
    if hasattr(record, "act_proof"):
        return [record.act_proof.key]
    if hasattr(record, "first_deadline"):
        return [record.items.first().proofs.first().stored.key]
    rows = next(getattr(record, name) for name in ("files", "photos", "proofs") if hasattr(record, name))
    return rows.values_list("stored__key", flat=True)[:1]


CHILDREN = {
    "person",
    "event",
    "check_key",
    "public_id",
    "file_key",
    "record_key",
    "pk",
    "ground",
}  # rows of a record


def pages(life):
    """(name, arguments) of everything about these records; a child that is not there is named by a nonsense key."""
    for name, route in routes():
        if not name.startswith(("workshops:", "assessments:")) or name in PUBLIC:  # those are for everybody
            continue
        pattern, kinds = str(route.pattern), list(route.pattern.converters)
        if pattern.startswith("public/"):
            continue  # for everybody: tests of the portal
        if "key" not in kinds:
            yield from ((name, kwargs) for kwargs in _of_the_park(life, kinds))
            continue
        start = pattern[: pattern.index("<uuid:key>/") + len("<uuid:key>/")]
        others = [kind for kind in kinds if kind != "key"]
        for record in life.records[start]:
            found = _children(name, start, record)
            values = [
                list(found[kind]()) or [999_999 if kind in ("pk", "row") else NOBODYS] for kind in others
            ]
            for more in itertools.product(*values):
                yield name, {"key": record.key} | dict(zip(others, more, strict=True))


def _of_the_park(life, kinds):
    if "what" in kinds:
        return [{"what": what} for what in (*register.EXPORTS, "nonsense")]
    return [{"pk": life.closure.pk}] if "pk" in kinds else [{}]
