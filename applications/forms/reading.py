"""A filed version as people read it: labels and values section by section, sensitive ones masked, changes marked."""

import re
from dataclasses import dataclass, field

from applications.forms.sections import CLAIMS, SECTIONS
from park.templatetags.ui import masked

MASKED = {"leader_id_number", "leader_mobile", "contact_mobile"}


@dataclass
class Reading:
    """One field: its label, its value, and the value before where it changed."""

    name: str
    label: str
    text: str
    before: str | None = None


@dataclass
class SectionReading:
    name: str
    title: str
    clause: str
    fields: list[Reading]
    tables: list[dict] = field(default_factory=list)
    files: list = field(default_factory=list)
    changed: bool = False


def read_sections(
    data: dict, *, before: dict | None = None, changed=(), files=(), openly=False
) -> list[SectionReading]:
    """Everything of one version. `before` is the version it is compared with; `openly` leaves nothing masked."""
    readings = []
    for name, section in SECTIONS.items():
        now, old = data.get(name, {}), (before or {}).get(name, {})
        fields = []
        for key, bound in section.form.base_fields.items():
            text, former = _text(key, now.get(key), openly), _text(key, old.get(key), openly)
            if text or former:
                fields.append(
                    Reading(
                        key,
                        str(bound.label),
                        text,
                        former if before and now.get(key) != old.get(key) else None,
                    )
                )
        tables = [
            _table(key, table, now.get(key, []), old.get(key) if before else None)
            for key, table in section.rows.items()
        ]
        readings.append(
            SectionReading(
                name,
                section.title,
                section.clause,
                fields,
                tables,
                [f for f in files if f.section == name],
                name in changed,
            )
        )
    return readings


def _table(key, table, rows, before) -> dict:
    columns = [(name, str(bound.label)) for name, bound in table.form.base_fields.items()]
    return {
        "title": table.title,
        "labels": [label for _, label in columns],
        "rows": [
            {"cells": [_text(name, row.get(name), False) for name, _ in columns], "is_new": before is not None and row not in before}
            for row in rows
        ],
    }  # fmt: skip


KINDS = {"problem": "技术工艺难题", "training": "培训项目"}


def _text(name, value, openly) -> str:
    if name == "claims":
        return "\n".join(CLAIMS[code] for code in value or [] if code in CLAIMS)
    if name == "kind":
        return KINDS.get(value, "")
    if isinstance(value, dict):
        return value.get("label", "")
    if isinstance(value, bool):
        return "是" if value else "否"
    text = "" if value is None else str(value)
    if re.fullmatch(r"\d{4}-\d\d", text) and (name.endswith("_ym") or name == "founded_on"):
        text = f"{text[:4]}年{int(text[5:])}月"
    return masked(text) if name in MASKED and not openly else text
