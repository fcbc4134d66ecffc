"""How do the studios of the demo come into the park, stay and leave [4.1][5.3]?"""

from datetime import timedelta
from decimal import Decimal

from park.actions import has_consent, record_consents, withdraw_consent
from park.models import Consent, District, PrivacyNotice
from workshops.actions import agreeing, handing, leaving, person, recognition, registering, rooming, studio
from workshops.actions.studio import version_of
from workshops.management.demo.stage import Stage, rows
from workshops.models import Handover, Residency, Room
from workshops.workflow import RESIDENCY

SEALED = {"same_copy": True}  # our drawing has no QR code: compared by hand


class Residents:
    """Rooms, the nine who are in the park, the two who were, and the newly admitted."""

    def __init__(self, stage: Stage):
        self.stage, self.people = stage, stage.people
        self.office, self.second = stage.people["office1"], stage.people["office2"]
        self.logistics = stage.people["logistics"]

    def tell(self) -> list:
        stays = [self._stay(number, row) for number, row in enumerate(self.stage.residents)]
        return [self._rooms(), *stays, self._newcomers()]

    def _rooms(self):
        yield self.stage.at(self.stage.ago(990), 9)
        for order, row in enumerate(rows("rooms.csv"), 1):
            rooming.register_room(
                building="创新楼",
                floor=int(row["floor"]),
                number=row["number"],
                area=Decimal(row["area"]),
                order=order,
                note=row["note"],
                is_active=row["is_active"] == "1",
                by=self.logistics,
            )

    # ── one stay ────────────────────────────────────────────────────────────────────────────────
    def _stay(self, number, row):
        stage, account = self.stage, self.people[row["account"]]
        start = stage.start_of(int(row["free_left"]))
        admitted = start - timedelta(days=18)
        yield stage.at(admitted, 10, number)
        residency = self._admit(row, account, admitted, number)
        yield stage.at(start - timedelta(days=12), 9, number)
        room = Room.objects.filter(number=row["room"]).first()
        if room:
            rooming.assign_room(residency, room, since=start, by=self.logistics)
        agreement = agreeing.prepare_agreement(
            residency,
            by=self.office,
            term_months=int(row["months"]),
            term_starts_on=start,
            rent_free_from=start,
            no_room_reason="" if room else "在企业现场工作，暂不安排房间。",
        )
        agreement = agreeing.issue_agreement(agreement, by=self.office)
        yield stage.at(start - timedelta(days=4), 14, number)
        agreement = agreeing.receive_agreement(agreement, stage.picture("协议扫描件"), by=account, **SEALED)
        agreeing.check_agreement(agreement, by=self.second)
        yield stage.at(start, 9, 30 + number)
        if room:
            self._hand_over(residency.occupancies.get().handovers.get(), account)
        residency = RESIDENCY.perform(residency, "activate_residency", by=self.office)
        yield from self._members_leave(residency, start, number)
        if then := getattr(self, f"_{row['account']}", None):
            yield from then(residency, account)

    def _admit(self, row, account, admitted, number) -> Residency:
        stage = self.stage
        district = District.objects.get(code=row["district"])
        members = [
            {"name": name, "occupation": row["occupation"], "unit_name": row["unit"]}
            for name in stage.names(4 + number % 6)
        ]
        residency = registering.begin_residency(
            source=f"SB-{admitted.year}-09{number + 1:02}",
            name=f"{row['leader']}{row['craft']}技能大师工作室",
            leader_name=row["leader"],
            occupation=row["occupation"],
            unit_name=row["unit"],
            district=district,
            people=[account],
            admitted_on=admitted,
            by=self.office,
            members=members,
        )
        self._agree(account, row["account"])
        leader = residency.studio.leader()
        person.change_person(leader, version=version_of(leader), by=account, user=account)
        given = residency.studio
        studio.change_studio(
            given,
            version=version_of(given),
            by=account,
            craft_field=stage.fields[row["field"]],
            origin=stage.origins["city"],
            founded_on=admitted - timedelta(days=1400 + 90 * number),
            intro=f"工作室以{row['craft']}为专长，开展技术攻关、名师带徒和技能培训，服务镇江制造业企业。",
            phone=f"0511-8000{number + 1:04}",
        )
        recognition.record_recognition(
            given,
            kind="granted",
            level=stage.levels[("national", "province", "city")[number % 3]],
            document_no=f"苏人社函〔演示〕{300 + number}号",
            authority="江苏省人力资源和社会保障厅",
            decided_on=admitted - timedelta(days=700),
            note="",
            scan=None,
            by=self.office,
        )
        return residency

    def _agree(self, account, name):
        """To be named on the portal; one took it back."""
        notice = PrivacyNotice.objects.order_by("in_force_from").first()
        if notice is None or has_consent(account, Consent.Purpose.DISCLOSURE):
            return
        record_consents(account, [Consent.Purpose.DISCLOSURE], notice=notice)
        if name == "studio9":
            withdraw_consent(account, Consent.Purpose.DISCLOSURE)

    def _hand_over(self, handover, account, **changes):
        self._count(handover, **changes)
        handover = handing.confirm_handover(handover, by=self.logistics)
        if account:
            return handing.answer_handover(handover, agrees=True, by=account)
        return handing.sign_handover(
            handover, self.stage.picture("签字的交接单"), same_sheet=True, by=self.logistics
        )

    def _count(self, handover, **changes):
        items = []
        for item in handover.items.all():
            come = self._shown(item) if item.is_reading else 2
            back = item.expected + 300 if item.is_reading and item.expected is not None else item.expected
            row = {
                "label": item.label,
                "unit": item.unit,
                "is_reading": item.is_reading,
                "quantity": come if item.expected is None or item.meter else back,
                "condition": "good",
                "note": "",
            }
            items.append(row | changes.get(item.label, {}))
        handing.save_handover(
            handover, day=handover.day, remark="", items=items, version=handover.version, by=self.logistics
        )

    def _shown(self, item):
        """What the meter of the line shows: a little more than when it was read last."""
        last = item.meter and item.meter.readings.first()
        return last.value + 6 if last else 120

    def _members_leave(self, residency, start, number):
        first = max(start + timedelta(days=120), self.stage.ago(400 - 20 * number))
        if first >= self.stage.today:
            return
        yield self.stage.at(first, 11, number)
        members = list(residency.studio.persons.filter(is_leader=False))
        for one in members[: 1 + number % 2]:
            person.leave_studio(
                one, left_on=first, reason="调离原单位", by=self.people[f"studio{number + 1}"]
            )

    # ── what is particular to one of them ───────────────────────────────────────────────────────
    def _studio5(self, residency, account):
        """Renewed by a supplement: the term goes on, the waiver does not [T6]."""
        stage = self.stage
        yield stage.at(stage.ago(85), 10)
        ground = "上一年度绩效评估合格，双方同意续期。"
        agreement = agreeing.prepare_agreement(residency, by=self.office, term_months=24, ground=ground)
        agreement = agreeing.issue_agreement(agreement, by=self.office)
        yield stage.at(stage.ago(75), 10)
        agreement = agreeing.receive_agreement(agreement, stage.picture("补充协议"), by=account, **SEALED)
        agreeing.check_agreement(agreement, by=self.second)

    def _studio7(self, residency, account):
        """Leaving: a chair is missing, the studio does not agree with the list."""
        stage = self.stage
        yield stage.at(stage.ago(20), 9, 40)
        leaving.ask_to_leave(
            residency,
            ground="voluntary",
            reason="业务迁回本单位厂区",
            leaves_on=stage.ago(3),
            by=self.office,
        )
        yield stage.at(stage.ago(3), 15)
        handover = residency.occupancies.get().handovers.get(kind=Handover.Kind.OUT)
        missing = {"quantity": 1, "condition": "missing", "note": "少一把，未找到"}
        self._count(
            handover, 办公椅=missing, 空调={"quantity": 2, "condition": "damaged", "note": "面板裂纹"}
        )
        handing.confirm_handover(handover, by=self.logistics)
        yield stage.at(stage.ago(2), 10)
        handing.answer_handover(
            handover, agrees=False, remark="空调面板在交付时已有裂纹，请核对交付照片。", by=account
        )

    def _studio8(self, residency, account):
        """The recognition was withdrawn [5.4.1]; what the office makes of it is told elsewhere."""
        stage = self.stage
        yield stage.at(stage.ago(48), 10)
        recognition.record_recognition(
            residency.studio,
            kind="withdrawn",
            level=stage.levels["city"],
            document_no="镇人社〔演示〕131号",
            authority="镇江市人力资源和社会保障局",
            decided_on=stage.ago(55),
            note="连续两年未开展活动",
            scan=stage.picture("撤销文件"),
            by=self.office,
        )

    def _studio10(self, residency, account):
        """Left, room handed back, all settled."""
        stage = self.stage
        yield stage.at(stage.ago(90), 10)
        leaving.ask_to_leave(
            residency, ground="voluntary", reason="领衔人迁往外地", leaves_on=stage.ago(62), by=account
        )
        yield stage.at(stage.ago(62), 10)
        handover = residency.occupancies.get().handovers.get(kind=Handover.Kind.OUT)
        self._hand_over(handover, account)
        yield stage.at(stage.ago(60), 10)
        RESIDENCY.perform(residency, "end_residency", by=self.office, data={"ended_on": stage.ago(62)})

    # ── the newly admitted ──────────────────────────────────────────────────────────────────────
    def _newcomers(self):
        """One has signed and moved in, one has the agreement and not signed it, one let the limit pass."""
        stage = self.stage
        yield stage.at(stage.ago(44), 10, 15)
        waiting = Residency.objects.filter(status="pending_agreement").order_by("pk")
        for residency, number in zip(waiting[:2], ("206", "306"), strict=False):
            room = Room.objects.get(number=number)
            rooming.assign_room(residency, room, since=stage.ago(40), by=self.logistics)
            agreement = agreeing.prepare_agreement(
                residency,
                by=self.office,
                term_months=24,
                term_starts_on=stage.ago(40),
                rent_free_from=stage.ago(40),
            )
            agreeing.issue_agreement(agreement, by=self.office)
        first = waiting.first()
        yield stage.at(stage.ago(41), 10, 15)
        if first is None:
            return
        agreement = first.agreements.get()
        scan = stage.picture("协议扫描件")
        agreement = agreeing.receive_agreement(agreement, scan, by=self.office, **SEALED)
        agreeing.check_agreement(agreement, by=self.second)
        yield stage.at(stage.ago(40), 9, 15)
        self._hand_over(first.occupancies.get().handovers.get(), None)
        RESIDENCY.perform(first, "activate_residency", by=self.office)
