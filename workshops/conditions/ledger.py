"""When is a ledger record ready to be verified, and what should make one look twice [A2.10][S18]?

The conditions stand against a step; the warnings (`warnings_for`) are only shown.
"""

from django.utils import timezone

from park import rules
from workshops.kinds import BONUS, KINDS
from workshops.models import LedgerFile, LedgerRecord, LedgerStatus

BONUS_KINDS = [kind.code for kind in KINDS.values() if set(kind.items) & set(BONUS)]


# ── conditions ──────────────────────────────────────────────────────────────────────────────────
def filled_in(record) -> str:
    """Everything its kind asks for is there."""
    kind = KINDS[record.kind]
    absent = kind.missing(kind.load(record.data))
    if kind.until_required and record.until_on is None:
        absent.append(kind.until_label)
    return f"还没有填写：{'、'.join(absent)}。" if absent else ""


def has_proof(record) -> str:
    """The file or address that its kind asks for, where the park wants one."""
    kind = KINDS[record.kind]
    if not lacks_proof(record, kind) or not rules.get("ledger_proof_required"):
        return ""
    return _no_proof(kind)


def lacks_proof(record, kind) -> bool:
    if kind.proof == "none" or record.file_count:
        return False
    return not (kind.proof == "file_or_link" and record.data.get("link"))


def _no_proof(kind) -> str:
    return "还没有附件或网址作为证明。" if kind.proof == "file_or_link" else "还没有附件作为证明。"


def has_roster(record) -> str:
    """A training has its roster [A2.11]."""
    if KINDS[record.kind].roster and not record.row_count:
        return "还没有登记培训花名册。"
    return ""


# ── warnings ────────────────────────────────────────────────────────────────────────────────────
def warnings_for(records) -> dict[int, list[str]]:
    """What to look at twice, per record; the same number of queries for one record and for two hundred."""
    records = list(records)
    if not records:
        return {}
    settings = rules.get_many(["ledger_late_days", "ledger_proof_required"])
    found = {record.pk: _days(record, settings["ledger_late_days"]) for record in records}
    for record in records:
        kind = KINDS[record.kind]
        if not settings["ledger_proof_required"] and lacks_proof(record, kind):
            found[record.pk].append(_no_proof(kind))
        if kind.roster and record.quantity and record.row_count and record.row_count != record.quantity:
            found[record.pk].append(f"参加人数 {record.quantity} 人，花名册 {record.row_count} 人，请核对。")
    for look in (_same_day_and_title, _same_certificate, _same_file):
        for pk, text in look(records):
            found[pk].append(text)
    return found


def _days(record, late_days) -> list[str]:
    today = timezone.localdate()
    if record.happened_on > today and KINDS[record.kind].counts != "term":
        return ["日期在今天以后，请核对。"]
    texts = []
    if record.year != today.year and record.counts_until.year < today.year:
        texts.append(f"不在本年度，计入 {record.year} 年度考核。")
    late = (timezone.localtime(record.created_at).date() - record.happened_on).days
    if late > late_days:
        texts.append(f"事后 {late} 天才登记，属于补记。")
    return texts


def _others(records):
    """Standing records of the same studios."""
    return LedgerRecord.objects.standing().filter(studio__in={record.studio_id for record in records})


def _same_day_and_title(records):
    rows = _others(records).filter(
        kind__in={r.kind for r in records},
        happened_on__in={r.happened_on for r in records},
        title__in={r.title for r in records},
    )
    seen = {}
    for row in rows.only("pk", "studio_id", "kind", "happened_on", "title", "serial").order_by("pk"):
        seen.setdefault((row.studio_id, row.kind, row.happened_on, row.title), []).append(row)
    for record in records:
        same = seen.get((record.studio_id, record.kind, record.happened_on, record.title), [])
        numbers = [row.number for row in same if row.pk != record.pk]
        if numbers:
            yield record.pk, f"与 {'、'.join(numbers[:3])} 种类、日期和名称都相同，可能重复。"


def _same_certificate(records):
    wanted = {r.certificate_no for r in records if r.certificate_no}
    if not wanted:
        return
    seen = {}
    rows = (
        _others(records).filter(certificate_no__in=wanted).only("pk", "studio_id", "certificate_no", "serial")
    )
    for row in rows.order_by("pk"):
        seen.setdefault((row.studio_id, row.certificate_no), []).append(row)
    for record in records:
        same = seen.get((record.studio_id, record.certificate_no), []) if record.certificate_no else []
        numbers = [row.number for row in same if row.pk != record.pk]
        if numbers:
            yield record.pk, f"证书或文件编号与 {'、'.join(numbers[:3])} 相同，可能重复。"


def _same_file(records):
    """The same evidence may serve one base and one bonus item, never two bonus items [S18]."""
    bonus = {r.pk: r for r in records if r.kind in BONUS_KINDS and r.file_count}
    if not bonus:
        return
    own = LedgerFile.objects.filter(record__in=bonus, removed_at=None).values("stored__sha256")
    rows = LedgerFile.objects.filter(
        removed_at=None,
        stored__sha256__in=own,
        record__studio__in={r.studio_id for r in bonus.values()},
        record__kind__in=BONUS_KINDS,
    ).exclude(record__status=LedgerStatus.VOIDED)
    used = {}
    for row in rows.select_related("record", "stored").order_by("pk"):
        used.setdefault((row.record.studio_id, row.stored.sha256), {})[row.record_id] = row.record
    for same in used.values():
        for record in same.values():
            numbers = [row.number for row in same.values() if row.kind != record.kind]
            if record.pk in bonus and numbers:
                yield record.pk, f"同一份证明也用在 {'、'.join(numbers[:3])}，不能同时计入两个加分项目。"
