"""The register of studios as a sheet [1]: a row is a studio with its leader and the paper that recognised it."""

from django.db.models import Subquery
from django.urls import reverse
from django.utils import timezone

from park.models import CraftField, District, Origin, RecognitionLevel
from park.sheets import CHANGED, NEW, SAME, Column, Fault, ImportKind, Prepared, Sheet
from park.validators import person_name
from workshops.models import Person, RecognitionEvent, Studio
from workshops.permissions import is_office
from workshops.sheets.codes import changed_fields, choices_of

BATCH = 500
GRANTED = RecognitionEvent.Kind.GRANTED
STUDIOS = Sheet(
    "studios",
    "工作室名录",
    (
        Column("name", "工作室名称", required=True, max_length=60, width=30, help="已在名录中的按名称对应，更改资料。"),
        Column("leader_name", "领衔人", required=True, max_length=30, width=12, clean=person_name),
        Column("leader_since", "领衔人任职日期", "date", width=14, help="新登记的工作室用；空白的按成立日期。"),
        Column("occupation", "职业（工种）", max_length=60),
        Column("craft_field_id", "专业领域", "choice", choices=choices_of(CraftField)),
        Column("unit_name", "所在单位", max_length=80, width=28),
        Column("district_id", "属地", "choice", choices=choices_of(District), width=12),
        Column("origin_id", "来源", "choice", choices=choices_of(Origin), width=12),
        Column("founded_on", "成立日期", "date", width=12),
        Column("address", "地址", max_length=120, width=28),
        Column("phone", "办公电话", max_length=30, width=16, help="不填个人手机。"),
        Column("intro", "工作室简介", "longtext", max_length=2000, width=40),
        Column("level", "认定级别", "choice", choices=choices_of(RecognitionLevel), width=12, help="认定的四栏要填都填。"),
        Column("document_no", "认定文号", max_length=60, width=24),
        Column("authority", "认定机关", max_length=80, width=24),
        Column("decided_on", "认定日期", "date", width=12),
    ),
    max_rows=5000,
)  # fmt: skip
FACTS = (
    "occupation", "craft_field_id", "unit_name", "district_id", "origin_id", "founded_on", "address", "phone", "intro",
)  # fmt: skip
RECOGNITION = ("level", "document_no", "authority", "decided_on")
LABELS = {column.name: column.label for column in STUDIOS.columns}


def studio_rows(studios):
    """The register for an export: three queries, however long it is. `studios` is a query set."""
    studios = studios.order_by("name", "pk")
    keys = Subquery(studios.order_by().values("pk"))
    led = Person.objects.filter(studio__in=keys, is_leader=True, left_on=None)
    since = dict(led.values_list("studio", "joined_on"))
    papers = {}
    events = RecognitionEvent.objects.filter(studio__in=keys, kind=GRANTED).order_by("decided_on", "pk")
    for studio, *paper in events.values_list("studio", "level", "document_no", "authority", "decided_on"):
        papers[studio] = dict(zip(RECOGNITION, paper, strict=True))
    for row in studios.values("pk", "name", "leader_name", *FACTS):
        yield row | {"leader_since": since.get(row["pk"])} | papers.get(row["pk"], {})


class StudioImport(ImportKind):
    """Studios by their names. A blank cell leaves what is on the register; a leader is never exchanged here [5.4.2]."""

    code = "studios"
    title = "导入工作室名录"
    sheet = STUDIOS
    lead = "按工作室名称对应：新的登记并列入全市名录，已有的更改资料，空白格不改。换领衔人须办理领衔人变更。"
    key_column = "name"

    def may(self, user, context):
        return is_office(user)

    def back(self, context):
        return reverse("workshops:studios"), "1"

    def lock(self, rows, context):
        found = Studio.objects.filter(name__in=[row["name"] for row in rows]).order_by("pk")
        list(found.select_for_update(no_key=True).values_list("pk"))

    def check(self, rows, context, by):
        names = [row["name"] for row in rows]
        known = {studio.name: studio for studio in Studio.objects.filter(name__in=names)}
        own = set(Studio.objects.of(by).values_list("name", flat=True))
        recorded = set(
            RecognitionEvent.objects.filter(studio__name__in=names, kind=GRANTED).values_list(
                "studio__name", "document_no"
            )
        )
        today, seen, prepared, faults = timezone.localdate(), {}, [], []
        for row in rows:
            studio = known.get(row["name"])
            problems = list(_problems(row, studio, own, today))
            if seen.setdefault(row["name"], row["_row"]) != row["_row"]:
                problems.append(("工作室名称", f"与第 {seen[row['name']]} 行重复。"))
            faults += [Fault(row["_row"], label, text) for label, text in problems]
            if not problems:
                is_new_paper = bool(row["document_no"]) and (row["name"], row["document_no"]) not in recorded
                prepared.append(_prepared(row, studio, is_new_paper))
        return prepared, faults

    def write(self, prepared, context, by):
        new, changed = [], []
        for item in prepared:
            row, studio, old, _ = item.data
            if studio is None:
                facts = {name: row[name] for name in FACTS}
                item.data[1] = studio = Studio(
                    name=row["name"], leader_name=row["leader_name"], is_affiliated=True, **facts
                )
                new.append(studio)
            elif old:
                for name, _ in old:
                    setattr(studio, name, row[name])
                changed.append(studio)
        Studio.objects.bulk_create(new, batch_size=BATCH)
        _update(changed, FACTS)
        Studio.history.bulk_history_create(new, BATCH, default_user=by)
        Studio.history.bulk_history_create(changed, BATCH, update=True, default_user=by)
        self._write_leaders([item.data for item in prepared if item.happens == NEW], by)
        self._write_papers([item.data for item in prepared], by)

    def _write_leaders(self, rows, by):
        today = timezone.localdate()
        leaders = [
            Person(
                studio=studio,
                name=studio.leader_name,
                is_leader=True,
                occupation=studio.occupation,
                unit_name=studio.unit_name,
                joined_on=row["leader_since"] or row["founded_on"] or today,
            )
            for row, studio, _, _ in rows
        ]
        Person.objects.bulk_create(leaders, batch_size=BATCH)
        Person.history.bulk_history_create(leaders, BATCH, default_user=by)

    def _write_papers(self, rows, by):
        """The papers that recognised, and the level as the last event of each studio leaves it."""
        events = [
            RecognitionEvent(
                studio=studio,
                kind=GRANTED,
                level_id=row["level"],
                document_no=row["document_no"],
                authority=row["authority"],
                decided_on=row["decided_on"],
                recorded_by=by,
            )
            for row, studio, _, is_new_paper in rows
            if is_new_paper
        ]
        RecognitionEvent.objects.bulk_create(events, batch_size=BATCH)
        touched = {event.studio_id: event.studio for event in events}
        levels = {}
        last = RecognitionEvent.objects.filter(studio__in=list(touched)).order_by("decided_on", "pk")
        for studio, kind, level in last.values_list("studio", "kind", "level"):
            levels[studio] = None if kind in RecognitionEvent.ENDING else level
        moved = [studio for key, studio in touched.items() if studio.level_id != levels[key]]
        for studio in moved:
            studio.level_id = levels[studio.pk]
        _update(moved, ["level_id"])
        Studio.history.bulk_history_create(moved, BATCH, update=True, default_user=by)


def _problems(row, studio, own, today):
    """(header, sentence) of what stands against one row."""
    if row["name"] in own:
        yield "工作室名称", "这是您本人的工作室，请由其他经办人登记。"
    if studio is not None and studio.leader_name != row["leader_name"]:
        yield "领衔人", f"名录中的领衔人是{studio.leader_name}；换人请办理领衔人变更。"
    given = [name for name in RECOGNITION if row[name] not in (None, "")]
    if given and len(given) < len(RECOGNITION):
        for name in RECOGNITION:
            if name not in given:
                yield LABELS[name], f"填写认定情况的，请填写“{LABELS[name]}”。"
    for name in ("leader_since", "founded_on", "decided_on"):
        if row[name] and row[name] > today:
            yield LABELS[name], f"“{LABELS[name]}”不能晚于今天。"


def _prepared(row, studio, is_new_paper) -> Prepared:
    """The row, its studio, what differs, whether its paper is new: as one mutable line for the writing."""
    if studio is None:
        return Prepared(row["_row"], NEW, [row, None, [], is_new_paper])
    old = changed_fields(studio, {name: row[name] for name in FACTS})
    words = [LABELS[name] for name, _ in old] + ["认定文件"] * is_new_paper
    happens = CHANGED if words else SAME
    seen = (studio.pk, old, is_new_paper)
    return Prepared(row["_row"], happens, [row, studio, old, is_new_paper], "、".join(words), seen)


def _update(studios, attributes):
    """One statement for many rows: an insert that meets its own key."""
    fields = [f.name for f in Studio._meta.concrete_fields if {f.name, f.attname} & set(attributes)]
    if studios:
        Studio.objects.bulk_create(
            studios, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
        )
