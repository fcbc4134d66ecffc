"""How does the office verify many ledger records at once? Look at each, say what will happen, then row by row [5.3].

Each row stands or falls in its own transaction and leaves its line. The preview promises nothing: every row is judged
again when it is carried out.
"""

from dataclasses import dataclass

from django.db import transaction

from park import jobs
from park.models import Job
from park.workflow import PROCEDURES, Refused
from workshops.models import LedgerRecord, Studio
from workshops.permissions import is_office

KIND = "ledger_batch"
FLOW = "工作室台账"
MOST_ROWS = 200
STEPS = ("verify_ledger", "return_ledger")


@dataclass(frozen=True)
class Row:
    """One line of the preview."""

    record: LedgerRecord
    refusals: list[str]

    @property
    def will_happen(self) -> bool:
        return not self.refusals


def step_named(name: str):
    """The step by its name, or None where it is not taken for many."""
    return PROCEDURES[FLOW].steps[name] if name in STEPS else None


def preview(records, step, user) -> list[Row]:
    """What will happen to each row, or why it cannot. Whose studios are the user's own is asked once."""
    own = set(Studio.objects.of(user).values_list("pk", flat=True))
    rows = []
    for record in records:
        record.studio.known_people = {user.pk: record.studio_id in own}
        if not step.who(user, record):
            refusals = ["您是这个工作室的人员，不能核验本工作室的台账。"]
        elif record.status not in step.sources:
            refusals = [f"当前状态是“{record.get_status_display()}”，不能办理。"]
        else:
            refusals = step.missing(record)
        rows.append(Row(record, refusals))
    return rows


@transaction.atomic
def start_batch(step, records, *, reason="", by, back="") -> Job:
    """A job for these rows, in the transaction that spends the form's key; the caller runs it after the commit."""
    if not records:
        raise Refused("没有选中可以办理的记录。")
    if len(records) > MOST_ROWS:
        raise Refused(f"一次最多办理 {MOST_ROWS} 条，现在选了 {len(records)} 条。")
    arguments = {
        "step": step.name,
        "keys": [str(record.key) for record in records],
        "reason": reason,
        "back": back,
    }
    title = f"台账批量办理：{step.label} {len(records)} 条"
    return jobs.start(KIND, title, arguments, len(records), by, background=False)


def carry_out(work):
    """The job: every row in its own transaction with its line. A second attempt goes on after the first."""
    flow, step = PROCEDURES[FLOW], step_named(work.arguments["step"])
    if step is None:
        raise jobs.Failed("没有这一批量办理事项。")
    reason = work.arguments["reason"]
    rows = LedgerRecord.objects.visible_to(work.by).select_related("studio")
    found = {str(row.key): row for row in rows.filter(key__in=work.arguments["keys"])}
    for key in work.arguments["keys"][len(work.lines) :]:
        record = found.get(key)
        if record is None:
            work.note("—", ok=False, text="没有办理：不存在，或您已不能查看。")
            continue
        label = f"{record.studio.name} {record.number}"
        with work.row(label, text=f"已{step.label}。", url=record.get_absolute_url()):
            flow.perform(record, step.name, by=work.by, note=reason, data={"reason": reason})


def may_verify_in_batches(user) -> bool:
    """The office; each row asks for its own right besides."""
    return is_office(user)
