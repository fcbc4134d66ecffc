"""Ledgers and rosters in and out as sheets: made from the fields of the kind, matched by the record's number.

A row with a number changes that record, one without is a new draft. A row that has what the studio's ledger has
already (same day and name) is refused, so that a sheet imported twice changes nothing.
"""

import re
from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from park.sheets import CHANGED, NEW, SAME, Column, Fault, ImportKind, Prepared, Sheet
from park.validators import is_uuid, person_name
from workshops.actions import ledger as acts
from workshops.forms.ledger import trainee_faults
from workshops.kinds import CLEANERS, KINDS, Kind, lists
from workshops.models import EDITABLE, LedgerRecord, Studio, Trainee, person_key
from workshops.permissions import is_of_studio
from workshops.permissions.ledger import may_edit_record

NUMBER = re.compile(r"TZ-?(\d{1,8})", re.IGNORECASE)
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
BATCH = 1000
MOST_ROWS = 10_000
COLUMN_KINDS = {"link": "text"}


def sheet_of(kind: Kind, *, out=False) -> Sheet:
    """The sheet of a kind; `out` adds what only an export has."""
    columns = [
        Column(
            "number", "编号", width=12, max_length=12, help="新增的留空；更改已有的，填导出表格里的编号。"
        ),
        Column(
            "title", kind.title_label, required=True, max_length=100, example=kind.title_example, width=30
        ),
        Column("happened_on", kind.day_label, "date", required=True, minimum=FIRST, maximum=LAST, width=14),
    ]
    if kind.until_label:
        columns.append(
            Column(
                "until_on", kind.until_label, "date", required=kind.until_required, minimum=FIRST, maximum=LAST, width=14
            )
        )  # fmt: skip
    columns += [_column(field) for field in kind.fields]
    columns += [
        Column("people", "参加人员", max_length=200, help="用顿号分开。"),
        Column("note", "备注", max_length=300),
    ]
    if out:
        columns += [
            Column("status", "状态", width=12),
            Column("file_count", "附件数", "int", width=10),
            *([Column("row_count", "花名册人数", "int", width=12)] if kind.roster else []),
        ]
    return Sheet(f"ledger-{kind.code}", f"台账-{kind.title}", tuple(columns), max_rows=MOST_ROWS)


def _column(field) -> Column:
    more = {}
    if field.kind == "choice":
        more["choices"] = lambda: {label: code for code, label in field.choices}
    if field.kind in ("int", "money"):
        more |= {"minimum": 0, "maximum": 1_000_000 if field.kind == "int" else 10**11}
    if field.kind == "date":
        more |= {"minimum": FIRST, "maximum": LAST}
    if field.kind in ("text", "longtext", "link"):
        more["max_length"] = field.max_length
    if field.name in CLEANERS:
        more["clean"] = CLEANERS[field.name]
    label = f"{field.label}（元）" if field.kind == "money" else field.label
    return Column(
        field.name,
        label,
        COLUMN_KINDS.get(field.kind, field.kind),
        required=field.required,
        help=field.help,
        example=field.example,
        width=30 if field.kind == "longtext" else 16,
        **more,
    )


def export_rows(records, kind: Kind):
    """Records of a kind as rows of `sheet_of(kind, out=True)`."""
    for record in records:
        yield kind.load(record.data) | {
            "number": record.number,
            "title": record.title,
            "happened_on": record.happened_on,
            "until_on": record.until_on,
            "people": record.people,
            "note": record.note,
            "status": record.get_status_display(),
            "file_count": record.file_count,
            "row_count": record.row_count,
        }


# ── records in ──────────────────────────────────────────────────────────────────────────────────
class LedgerImport(ImportKind):
    """One kind of record into the ledger of one studio."""

    key_column = "title"

    def __init__(self, kind: Kind):
        self.kind = kind
        self.code, self.title = f"ledger-{kind.code}", f"导入台账：{kind.title}"
        self.sheet = sheet_of(kind)
        self.lead = "编号留空的是新记录，存为草稿；填了编号的更改那一条。附件在导入后逐条上传。"

    def context(self, user, key):
        if not is_uuid(key):
            raise Http404
        return get_object_or_404(Studio.objects.visible_to(user), key=key)

    def may(self, user, context):
        return is_of_studio(user, context)

    def back(self, context):
        return reverse("workshops:ledger_kind", args=[context.key, self.kind.code]), "A2.10"

    def lock(self, rows, context):
        acts.lock_studio(context)

    def check(self, rows, context, by):
        known = list(LedgerRecord.objects.filter(studio=context, kind=self.kind.code).standing())
        by_serial = {record.serial: record for record in known}
        taken = {(record.happened_on, record.title): record for record in known}
        prepared, faults, seen = [], [], {}
        for row in rows:
            number = row["_row"]
            record, problem = self._record_of(row, by_serial)
            problems = [problem] if problem else []
            problems += [(label, f"请填写“{label}”。") for label in self.kind.missing(row)]
            if row.get("until_on") and row["until_on"] < row["happened_on"]:
                problems.append((self.kind.until_label, f"早于“{self.kind.day_label}”。"))
            other = taken.get((row["happened_on"], row["title"]))
            if other is not None and (record is None or other.pk != record.pk):
                problems.append(("", f"与 {other.number} 日期和名称都相同；要更改那一条，请填它的编号。"))
            for key in ((row["happened_on"], row["title"]), *([("#", record.serial)] if record else [])):
                if seen.setdefault(key, number) != number:
                    problems.append(("", f"与第 {seen[key]} 行重复。"))
            if problems:
                faults += [Fault(number, label, text) for label, text in problems]
            else:
                prepared.append(self._prepared(row, record))
        return prepared, faults

    def _record_of(self, row, by_serial):
        """(the record of a number or None, (column, sentence) of what is wrong or None)."""
        if not row["number"]:
            return None, None
        match = NUMBER.fullmatch(row["number"])
        record = by_serial.get(int(match[1])) if match else None
        if record is None:
            return None, ("编号", f"“{row['number'][:20]}”不是本工作室这类台账的编号；新增的请留空。")
        if record.status not in EDITABLE:
            return record, ("编号", f"{record.number} 是“{record.get_status_display()}”，不能更改。")
        return record, None

    def _prepared(self, row, record) -> Prepared:
        values = {field.name: row[field.name] for field in self.kind.fields}
        new = {
            "title": row["title"],
            "happened_on": row["happened_on"],
            "until_on": row.get("until_on"),
            "people": row["people"],
            "note": row["note"],
            "data": self.kind.dump(values),
        } | self.kind.columns(values, row["happened_on"], row.get("until_on"))
        if record is None:
            return Prepared(row["_row"], NEW, new)
        changed = [name for name, value in new.items() if getattr(record, name) != value]
        if not changed:
            return Prepared(row["_row"], SAME)
        labels = {column.name: column.label for column in self.sheet.columns}
        fields = [f.label for f in self.kind.fields if record.data.get(f.name) != new["data"].get(f.name)]
        words = [labels[name] for name in changed if name in labels] + fields
        note = f"{record.number}：更改{'、'.join(dict.fromkeys(words[:4]))}"
        return Prepared(row["_row"], CHANGED, (record, new), note, seen=(record.pk, record.version))

    def write(self, prepared, context, by):
        serial = acts.next_serial(context)
        new = [item.data for item in prepared if item.happens == NEW]
        LedgerRecord.objects.bulk_create(
            [
                LedgerRecord(studio=context, kind=self.kind.code, serial=n, created_by=by, **fields)
                for n, fields in enumerate(new, serial)
            ],
            batch_size=BATCH,
        )
        changed, names = [], set()
        for item in prepared:
            if item.happens == CHANGED:
                record, fields = item.data
                for name, value in fields.items():
                    setattr(record, name, value)
                record.version += 1
                names |= set(fields)
                changed.append(record)
        if changed:  # an insert that meets its own key: quicker than an update with a CASE for every cell
            LedgerRecord.objects.bulk_create(
                changed,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[*sorted(names), "version"],
            )


# ── rosters ─────────────────────────────────────────────────────────────────────────────────────
ROSTER = Sheet(
    "ledger-roster",
    "培训花名册",
    (
        Column("name", "姓名", required=True, max_length=30, clean=person_name, example="李玥"),
        Column("unit_name", "单位", max_length=80, width=30),
        Column("certificate_kind", "证书种类", "choice", choices=lambda: {v: k for k, v in lists.CERTIFICATE}, help="没有的填“无”或留空。"),
        Column("certificate_no", "证书编号", max_length=60, width=26, help="请把这一列设成文本格式。"),
        Column("certified_on", "发证日期", "date", minimum=FIRST, maximum=LAST, width=14),
        Column("level", "等级", "choice", choices=lambda: {v: k for k, v in lists.GRADE}, width=16),
    ),
    max_rows=acts.MAX_TRAINEES,
)  # fmt: skip
ROSTER_OUT = Sheet(
    "ledger-trainees",
    "培训花名册",
    (Column("number", "培训编号", width=12), Column("title", "培训名称", width=30), *ROSTER.columns),
)
TRAINEE_FIELDS = ("unit_name", "certificate_kind", "certificate_no", "certified_on", "level")


class RosterImport(ImportKind):
    """People onto the roster of one training; a person of the same name and unit gets the certificate of the sheet."""

    code, title, sheet = "ledger-roster", "导入培训花名册", ROSTER
    lead = "按姓名和单位认人：名册里已有、还没有证书的，补上证书；其余是新增。不填身份证号码。"
    key_column = "name"

    def context(self, user, key):
        if not is_uuid(key):
            raise Http404
        rows = LedgerRecord.objects.visible_to(user).filter(kind="training").select_related("studio")
        return get_object_or_404(rows, key=key)

    def may(self, user, context):
        return may_edit_record(user, context)

    def back(self, context):
        return reverse("workshops:ledger_roster", args=[context.key]), "A2.11"

    def lock(self, rows, context):
        LedgerRecord.objects.select_for_update(no_key=True).get(pk=context.pk)

    def check(self, rows, context, by):
        known = list(Trainee.objects.filter(record=context))
        by_key = {row.person_key: row for row in known}
        plain = {(row.name, row.unit_name): row for row in known if not row.certificate_no}
        labels = {column.name: column.label for column in ROSTER.columns}
        prepared, faults, seen = [], [], {}
        for row in rows:
            row["certificate_kind"] = row["certificate_kind"] or "none"
            row["level"] = row["level"] or ""
            key = person_key(row["name"], row["unit_name"], row["certificate_no"])
            problems = [(labels[name], text) for name, text in trainee_faults(row)]
            if seen.setdefault(key, row["_row"]) != row["_row"]:
                problems.append(("", f"与第 {seen[key]} 行是同一个人。"))
            if problems:
                faults += [Fault(row["_row"], label, text) for label, text in problems]
                continue
            prepared.append(
                self._prepared(row, key, by_key.get(key) or plain.get((row["name"], row["unit_name"])))
            )
        new = sum(item.happens == NEW for item in prepared)
        if len(known) + new > acts.MAX_TRAINEES:
            faults.append(Fault(0, "", f"一次培训的花名册最多 {acts.MAX_TRAINEES} 人。"))
        return prepared, faults

    def _prepared(self, row, key, record) -> Prepared:
        fields = {name: row[name] for name in TRAINEE_FIELDS} | {"person_key": key}
        if record is None:
            return Prepared(row["_row"], NEW, fields | {"name": row["name"]})
        old = tuple(getattr(record, name) for name in fields)
        if old == tuple(fields.values()):
            return Prepared(row["_row"], SAME)
        return Prepared(row["_row"], CHANGED, (record, fields), "补上或更改证书", seen=(record.pk, old))

    def write(self, prepared, context, by):
        Trainee.objects.bulk_create(
            [
                Trainee(record=context, studio_id=context.studio_id, **item.data)
                for item in prepared
                if item.happens == NEW
            ],
            batch_size=BATCH,
        )
        changed = []
        for item in prepared:
            if item.happens == CHANGED:
                record, fields = item.data
                for name, value in fields.items():
                    setattr(record, name, value)
                changed.append(record)
        Trainee.objects.bulk_update(changed, [*TRAINEE_FIELDS, "person_key"], batch_size=BATCH)
        acts.count_rows(LedgerRecord.objects.get(pk=context.pk))


IMPORTS = (*(LedgerImport(kind) for kind in KINDS.values()), RosterImport())
