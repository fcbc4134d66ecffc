"""The usual kind of import: a row is a record, found again by a natural key, written in bulk."""

from django.db import models

from park.sheets.columns import Fault
from park.sheets.kinds import CHANGED, NEW, SAME, ImportKind, Prepared
from park.sheets.writing import labels_of, preview

BATCH = 1000
SHOWN = 3  # changes named in a preview


class ModelImport(ImportKind):
    """Rows of one model. The names of columns are its attributes, unless `attributes` says otherwise."""

    model: type[models.Model]
    key: tuple[str, ...] = ()  # columns that tell one record from another; without, every row is a new one
    attributes: dict[str, str] = {}  # column -> attribute, e.g. {"craft": "craft_id"}
    may_change = True  # else a row that exists is a fault

    def fixed(self, context, by) -> dict:
        """Attributes that every new record gets: what it belongs to, who entered it."""
        return {}

    def existing(self, context) -> models.QuerySet:
        """The records among which a row is looked for."""
        return self.model._base_manager.all()

    def faults_of(self, row: dict, record, context) -> list[tuple[str, str]]:
        """(header, sentence) of what else stands against a row; `record` is the existing one or None. No queries."""
        return []

    def attribute(self, name: str) -> str:
        return self.attributes.get(name, name)

    def _key_of(self, row: dict) -> tuple:
        return tuple(row[name] for name in self.key)

    def _matching(self, rows, context) -> models.QuerySet:
        first = self.key[0]
        return self.existing(context).filter(
            **{f"{self.attribute(first)}__in": list({row[first] for row in rows})}
        )

    def _found(self, rows, context) -> dict:
        if not self.key or not rows:
            return {}
        attributes = [self.attribute(name) for name in self.key]
        return {tuple(getattr(r, a) for a in attributes): r for r in self._matching(rows, context)}

    def lock(self, rows, context):
        if self.key and rows:
            list(
                self._matching(rows, context).order_by("pk").select_for_update(no_key=True).values_list("pk")
            )

    def check(self, rows, context, by):
        sheet, known, fixed = self.sheet_for(context), self._found(rows, context), self.fixed(context, by)
        columns = [(c, c.name, self.attribute(c.name), labels_of(c)) for c in sheet.columns]
        prepared, faults, seen = [], [], {}
        for row in rows:
            number, key = row["_row"], self._key_of(row)
            record = known.get(key)
            if key and seen.setdefault(key, number) != number:
                faults.append(Fault(number, "", f"与第 {seen[key]} 行重复。"))
                continue
            problems = self.faults_of(row, record, context)
            if record is not None and not self.may_change:
                problems = [*problems, ("", "已经登记过，不能重复导入。")]
            if problems:
                faults += [Fault(number, label, text) for label, text in problems]
            elif record is None:
                values = {attribute: row[name] for _, name, attribute, _ in columns}
                prepared.append(Prepared(number, NEW, self.model(**fixed, **values)))
            else:
                prepared.append(self._compared(row, record, columns))
        return prepared, faults

    def _compared(self, row, record, columns) -> Prepared:
        """Set what differs on the record, and say what that was."""
        old, notes = [], []
        for column, name, attribute, labels in columns:
            before, after = getattr(record, attribute), row[name]
            if before != after:
                old.append((attribute, before))
                if len(notes) < SHOWN:
                    words = [preview(column, value, labels) or "空" for value in (before, after)]
                    notes.append(f"{column.label} {words[0]} → {words[1]}")
                setattr(record, attribute, after)
        if not old:
            return Prepared(row["_row"], SAME)
        note = "；".join(notes) + (f"；等 {len(old)} 处" if len(old) > SHOWN else "")
        touched = [attribute for attribute, _ in old]
        return Prepared(row["_row"], CHANGED, (record, touched), note, seen=(record.pk, old))

    def write(self, prepared, context, by):
        new = [item.data for item in prepared if item.happens == NEW]
        self.model._base_manager.bulk_create(new, batch_size=BATCH)
        changed = [item.data for item in prepared if item.happens == CHANGED]
        self._update(changed)
        if hasattr(self.model, "history"):  # field history of master data
            history = self.model.history
            for records, update in ((new, False), ([record for record, _ in changed], True)):
                history.bulk_history_create(records, BATCH, update=update, default_user=by)

    def _update(self, changed):
        """An insert that meets its own key: in wide tables quicker than an update with a CASE for every cell."""
        if not changed:
            return
        fields = self.model._meta.concrete_fields
        touched = {name for _, names in changed for name in names}
        updated = [f.name for f in fields if touched & {f.name, f.attname} or getattr(f, "auto_now", False)]
        self.model._base_manager.bulk_create(
            [record for record, _ in changed],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=[self.model._meta.pk.name],
            update_fields=updated,
        )
