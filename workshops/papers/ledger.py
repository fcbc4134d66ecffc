"""Where do a printed ledger and a roster get their words? From the rows as they stood when it was asked for."""

from django.utils import timezone

from park.models import Document
from park.templatetags.ui import clause_name
from park.wording import chinese_date
from park.workflow import Refused
from workshops import kinds
from workshops.documents import ledger as papers
from workshops.kinds import lists
from workshops.models import LedgerPrint, LedgerRecord, LedgerStatus, Trainee

ROSTER = "roster"  # the kind of print that is no kind of ledger
MOST_ROWS = 3000
PRINTED = (LedgerStatus.SUBMITTED, LedgerStatus.VERIFIED)
CELLS = 5  # columns of a kind that fit a landscape page beside number, days, title and state


def data_to_print(studio, kind: str, year: int) -> dict:
    """What the paper will say, as plain data. Raises Refused for nothing to print, or too much for one paper."""
    heads = {
        "studio_name": studio.name,
        "leader_name": studio.leader_name,
        "year": year,
        "made_on": timezone.localdate().isoformat(),
    }
    rows = LedgerRecord.objects.filter(studio=studio, status__in=PRINTED).of_year(year)
    rows = rows.filter(kind="training" if kind == ROSTER else kind).order_by("happened_on", "pk")
    records = list(rows[: MOST_ROWS + 1])
    if not records:
        raise Refused("这一年还没有提交的记录，草稿不打印。")
    if len(records) > MOST_ROWS:
        raise Refused(f"这一年超过 {MOST_ROWS} 条，一份打印不下，请导出表格。")
    return heads | (_roster(records) if kind == ROSTER else _book(records, kinds.KINDS[kind]))


def _days(record) -> str:
    days = chinese_date(record.happened_on)
    return f"{days}至{chinese_date(record.until_on)}" if record.until_on else days


def _book(records, kind) -> dict:
    columns = [field for field in kind.fields if field.kind != "link"]
    columns = sorted(columns, key=lambda f: (not (f.required or f.quick or f.column), kind.fields.index(f)))
    columns = sorted(columns[:CELLS], key=kind.fields.index)
    rows = []
    for record in records:
        values = kind.load(record.data)
        words = {label: value for label, value, _ in kind.shown(values)}
        rows.append(
            {
                "number": record.number,
                "days": _days(record),
                "title": record.title,
                "cells": [_cell(words.get(field.label, "")) for field in columns],
                "files": record.file_count,
                "status": record.get_status_display(),
            }
        )
    return {
        "kind": kind.title,
        "items": "、".join(clause_name(item) for item in kind.items),
        "day_label": kind.day_label if not kind.until_label else "日期",
        "title_label": kind.title_label,
        "columns": [field.label for field in columns],
        "rows": rows,
    }


def _cell(value) -> str:
    return chinese_date(value) if hasattr(value, "year") else str(value)


def _roster(records) -> dict:
    by_record = {}
    people, certified, count = set(), set(), 0
    grades, certificates = dict(lists.GRADE), dict(lists.CERTIFICATE)
    found = Trainee.objects.filter(record__in=[record.pk for record in records]).order_by("record_id", "pk")
    for row in found[: MOST_ROWS + 1]:
        count += 1
        people.add(row.person_key)
        if row.certificate_no:
            certified.add(row.person_key)
        rows = by_record.setdefault(row.record_id, [])
        rows.append(
            {
                "n": len(rows) + 1,
                "name": row.name,
                "unit": row.unit_name,
                "certificate": certificates[row.certificate_kind],
                "certificate_no": row.certificate_no,
                "certified_on": chinese_date(row.certified_on),
                "level": grades.get(row.level, ""),
            }
        )
    if count > MOST_ROWS:
        raise Refused(f"这一年的花名册超过 {MOST_ROWS} 人，一份打印不下，请导出表格。")
    if not count:
        raise Refused("这一年的培训还没有登记花名册。")
    modes, audiences = dict(lists.TRAINING), dict(lists.AUDIENCE)
    return {
        "trainings": [
            {
                "number": record.number,
                "title": record.title,
                "days": _days(record),
                "mode": modes.get(record.category, ""),
                "audience": audiences.get(record.level, ""),
                "teacher": record.person,
                "status": record.get_status_display(),
                "rows": by_record[record.pk],
            }
            for record in records
            if record.pk in by_record
        ],
        "rows_count": count,
        "people": len(people),
        "certified": len(certified),
    }


def _print(document: Document) -> LedgerPrint:
    return LedgerPrint.objects.get(pk=document.subject_id)


def build_book(document: Document):
    return papers.ledger_book(_print(document).data, print_label=f"第{document.version}版")


def build_roster(document: Document):
    return papers.ledger_roster(_print(document).data, print_label=f"第{document.version}版")


KINDS = {
    "ledger_book": (build_book, "工作过程台账", "TZ"),
    "ledger_roster": (build_roster, "培训花名册", "HM"),
}
