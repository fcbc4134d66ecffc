"""The paper sheet of the entrance as rows: who was there on which day [A2.2]."""

from django.urls import reverse
from django.utils import timezone

from park.sheets import NEW, SAME, Column, Fault, ImportKind, Prepared, Sheet
from workshops.models import CheckIn, Person, Residency, Studio
from workshops.permissions import is_logistics, is_office

ATTENDANCE = Sheet(
    "attendance",
    "到园签到",
    (
        Column("studio", "工作室", required=True, max_length=60, help="与名录中的名称一致"),
        Column("person", "到园人", max_length=30, help="不填的，记为领衔人"),
        Column("day", "日期", "date", required=True, example="2026-03-05"),
        Column("note", "说明", max_length=200),
    ),
)


class AttendanceImport(ImportKind):
    """Days in the park from the sheet that was signed by hand; a day that is known already stays as it is."""

    code, title, sheet = "attendance", "导入纸质签到表", ATTENDANCE
    lead = "按工作室、到园人和日期对应；已经登记的日期不重复计算。"

    def may(self, user, context):
        return is_office(user) or is_logistics(user)

    def back(self, context):
        return reverse("workshops:park_attendance"), "A2.2"

    def check(self, rows, context, by):
        names = {row["studio"] for row in rows}
        studios = dict(Studio.objects.filter(name__in=names).values_list("name", "pk"))
        own = set(Studio.objects.of(by).values_list("pk", flat=True))
        people = {}
        for person in Person.objects.filter(studio__in=studios.values()):
            people.setdefault((person.studio_id, person.name), []).append(person)
            if person.is_leader:
                people.setdefault((person.studio_id, ""), []).append(person)
        terms = {}
        for residency in Residency.objects.filter(studio__in=studios.values()).exclude(term_starts_on=None):
            terms.setdefault(residency.studio_id, []).append((residency.term_starts_on, residency.ended_on))
        days = {row["day"] for row in rows if row["day"]}
        known = set(
            CheckIn.objects.standing().filter(studio__in=studios.values(), day__in=days).values_list("person", "day")
        )  # fmt: skip
        today, prepared, faults, seen = timezone.localdate(), [], [], {}
        for row in rows:
            studio, day = studios.get(row["studio"]), row["day"]
            there = [
                person
                for person in people.get((studio, row["person"]), [])
                if person.joined_on <= day and (person.left_on is None or person.left_on >= day)
            ]
            fault = ""
            if studio is None:
                fault = ("工作室", "名录中没有这个工作室，请核对名称。")
            elif studio in own:
                fault = ("工作室", "不能为自己所在的工作室登记到园。")
            elif day > today:
                fault = ("日期", "还没有到这一天。")
            elif not any(
                since <= day and (until is None or day <= until) for since, until in terms.get(studio, [])
            ):
                fault = ("日期", "这一天不在工作室的入驻期内。")
            elif not there:
                fault = ("到园人", "这一天没有这位在册人员。" if row["person"] else "这一天没有领衔人。")
            elif (there[0].pk, day) in seen:
                fault = ("日期", f"与第 {seen[there[0].pk, day]} 行是同一人同一天。")
            if fault:
                faults.append(Fault(row["_row"], *fault))
                continue
            seen[there[0].pk, day] = row["_row"]
            happens = SAME if (there[0].pk, day) in known else NEW
            data = CheckIn(
                studio_id=studio,
                person=there[0],
                day=day,
                means=CheckIn.Means.SHEET,
                entered_by=by,
                note=row["note"],
            )
            prepared.append(Prepared(row["_row"], happens, data))
        return prepared, faults

    def write(self, prepared, context, by):
        CheckIn.objects.bulk_create([row.data for row in prepared])
