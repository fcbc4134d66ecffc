"""Leaders and members as a sheet [D2]: a row is a person of a studio, from when to when."""

from django.db.models import F, Subquery
from django.urls import reverse
from django.utils import timezone

from park.models import Education, Gender, SkillLevel
from park.sheets import CHANGED, NEW, SAME, Column, Fault, ImportKind, Prepared, Sheet
from park.validators import person_name
from workshops.models import OPEN_CHANGE, LeaderChange, Person, Studio
from workshops.permissions import is_office
from workshops.sheets.codes import changed_fields, choices_of

BATCH = 500
PERSONS = Sheet(
    "persons",
    "工作室人员",
    (
        Column("studio", "工作室名称", required=True, max_length=60, width=30),
        Column("name", "姓名", required=True, max_length=30, width=12, clean=person_name),
        Column("is_leader", "身份", "choice", required=True, choices=lambda: {"领衔人": True, "成员": False}, width=10),
        Column("gender_id", "性别", "choice", choices=choices_of(Gender), width=8),
        Column("birth_year", "出生年份", "int", minimum=1900, maximum=2100, width=10),
        Column("education_id", "学历", "choice", choices=choices_of(Education), width=14),
        Column("occupation", "职业（工种）", max_length=60),
        Column("skill_level_id", "职业资格等级", "choice", choices=choices_of(SkillLevel), width=16),
        Column("unit_name", "所在单位", max_length=80, width=28),
        Column("skills", "技能特长", max_length=300, width=30),
        Column("achievements", "主要业绩", "longtext", max_length=1000, width=40),
        Column("honours", "荣誉称号", max_length=300, width=28),
        Column("joined_on", "加入日期", "date", required=True, width=12),
        Column("left_on", "离开日期", "date", width=12, help="已离开的填写，同时写明原因。"),
        Column("left_reason", "离开原因", max_length=200, width=20),
    ),
    max_rows=20_000,
)  # fmt: skip
FACTS = (
    "gender_id", "birth_year", "education_id", "occupation", "skill_level_id", "unit_name", "skills", "achievements",
    "honours", "joined_on", "left_on", "left_reason",
)  # fmt: skip
LABELS = {column.name: column.label for column in PERSONS.columns}


def person_rows(studios):
    """Everybody of these studios, former ones last, in one query. `studios` is a query set."""
    rows = Person.objects.filter(studio__in=Subquery(studios.order_by().values("pk")))
    rows = rows.order_by("studio__name", F("left_on").asc(nulls_first=True), "-is_leader", "joined_on", "pk")
    for row in rows.values("studio__name", "name", "is_leader", *FACTS).iterator(2000):
        yield row | {"studio": row["studio__name"]}


class PersonImport(ImportKind):
    """People by studio and name. Who left before is known by the day of joining; leaders come in, but never change."""

    code = "persons"
    title = "导入工作室人员"
    sheet = PERSONS
    lead = "按工作室名称和姓名对应：新的登记，已有的更改资料，空白格不改。工作室须已在名录中；换领衔人须办理领衔人变更。"
    key_column = "name"

    def may(self, user, context):
        return is_office(user)

    def back(self, context):
        return reverse("workshops:studios"), "2.2"

    def lock(self, rows, context):
        found = Studio.objects.filter(name__in={row["studio"] for row in rows}).order_by("pk")
        list(found.select_for_update(no_key=True).values_list("pk"))

    def check(self, rows, context, by):
        names = {row["studio"] for row in rows}
        studios = {studio.name: studio for studio in Studio.objects.filter(name__in=names)}
        own = set(Studio.objects.of(by).values_list("name", flat=True))
        here, former, leaders = {}, {}, {}
        for person in Person.objects.filter(studio__name__in=names):
            studio = person.studio_id
            if person.left_on is None:
                here[studio, person.name] = person
                if person.is_leader:
                    leaders[studio] = person.name
            else:
                former[studio, person.name, person.joined_on] = person
        named = set(
            LeaderChange.objects.filter(status__in=OPEN_CHANGE).values_list("nominations__member", flat=True)
        )
        look = _Look(studios, own, here, former, leaders, named, timezone.localdate())
        prepared, faults = [], []
        for row in rows:
            problems = look.problems(row)
            faults += [Fault(row["_row"], label, text) for label, text in problems]
            if not problems:
                prepared.append(_prepared(row, look.studio(row), look.person(row)))
        return prepared, faults

    def write(self, prepared, context, by):
        new, changed = [], []
        for item in prepared:
            row, studio, person, old = item.data
            if person is None:
                facts = {name: row[name] for name in FACTS}
                new.append(Person(studio=studio, name=row["name"], is_leader=row["is_leader"], **facts))
                continue
            for name, _ in old:
                setattr(person, name, row[name])
            changed.append(person)
        Person.objects.bulk_create(new, batch_size=BATCH)
        fields = [f.name for f in Person._meta.concrete_fields if {f.name, f.attname} & set(FACTS)]
        if changed:
            Person.objects.bulk_create(
                changed, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
            )
        Person.history.bulk_history_create(new, BATCH, default_user=by)
        Person.history.bulk_history_create(changed, BATCH, update=True, default_user=by)


class _Look:
    """What is on the registers, against which every row of the sheet is held."""

    def __init__(self, studios, own, here, former, leaders, named, today):
        self.studios, self.own, self.here, self.former = studios, own, here, former
        self.leaders, self.named, self.today = leaders, named, today
        self.lines, self.new_leaders = {}, {}

    def studio(self, row):
        return self.studios.get(row["studio"])

    def person(self, row):
        """The row's person: who is here now, else who left and joined on that day."""
        studio = self.studio(row)
        if row["left_on"]:
            gone = self.former.get((studio.pk, row["name"], row["joined_on"]))
            if gone is not None:
                return gone
        return self.here.get((studio.pk, row["name"]))

    def problems(self, row) -> list[tuple[str, str]]:
        studio = self.studio(row)
        if studio is None:
            return [("工作室名称", f"名录中没有“{row['studio']}”，请核对名称或先导入工作室。")]
        return [*self._of_the_row(row), *self._of_the_person(row, studio)]

    def _of_the_row(self, row):
        if row["studio"] in self.own:
            yield "工作室名称", "这是您本人的工作室，请由其他经办人登记。"
        key = (row["studio"], row["name"], row["joined_on"] if row["left_on"] else None)
        if self.lines.setdefault(key, row["_row"]) != row["_row"]:
            yield "姓名", f"与第 {self.lines[key]} 行重复。"
        if row["birth_year"] and not self.today.year - 100 <= row["birth_year"] <= self.today.year - 14:
            yield "出生年份", f"应在 {self.today.year - 100} 至 {self.today.year - 14} 之间。"
        for name in ("joined_on", "left_on"):
            if row[name] and row[name] > self.today:
                yield LABELS[name], f"“{LABELS[name]}”不能晚于今天。"
        if row["left_on"] and not row["left_reason"]:
            yield "离开原因", "填写离开日期的，请写明离开原因。"
        if row["left_reason"] and not row["left_on"]:
            yield "离开日期", "填写离开原因的，请填写离开日期。"
        if row["left_on"] and row["left_on"] < row["joined_on"]:
            yield "离开日期", "离开日期不能早于加入日期。"

    def _of_the_person(self, row, studio):
        person = self.person(row)
        if person is not None and person.is_leader != row["is_leader"]:
            now = "领衔人" if person.is_leader else "成员"
            yield "身份", f"{row['name']}在名册中是{now}；换领衔人请办理领衔人变更。"
        elif person is not None and person.left_on is None and row["left_on"]:
            if person.is_leader:
                yield "离开日期", "领衔人离任请办理领衔人变更。"
            elif person.pk in self.named:
                yield "离开日期", "这位成员是领衔人变更中提名的接替人，请先办结变更。"
        elif person is None and row["is_leader"] and not row["left_on"]:
            if studio.pk in self.leaders:
                yield "身份", f"领衔人是{self.leaders[studio.pk]}；换人请办理领衔人变更。"
            elif row["name"] != studio.leader_name:
                yield "身份", f"名录中的领衔人是{studio.leader_name}，与本行不一致。"
            elif self.new_leaders.setdefault(studio.pk, row["_row"]) != row["_row"]:
                yield "身份", f"与第 {self.new_leaders[studio.pk]} 行是同一工作室的领衔人。"


def _prepared(row, studio, person) -> Prepared:
    if person is None:
        return Prepared(row["_row"], NEW, (row, studio, None, []), seen=studio.pk)
    old = changed_fields(person, {name: row[name] for name in FACTS})
    note = "、".join(LABELS[name] for name, _ in old)
    return Prepared(row["_row"], CHANGED if old else SAME, (row, studio, person, old), note, (person.pk, old))
