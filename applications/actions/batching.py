"""How is one act done to many records at once, safely? Look at each row, say what will happen, then row by row.

An act is a step of a procedure, or an action of its own (assigning). A preview says of every row what will happen
or why it cannot; carrying out takes each row in its own transaction, all or nothing, and leaves a line per row. The
preview promises nothing: when it is carried out, every row is judged again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from applications.actions.reviewing import assign
from applications.forms.filing import AssignForm
from applications.models import Application, Status
from applications.permissions import is_officer
from park import jobs
from park.models import Job, Role, User
from park.workflow import PROCEDURES, Refused, Step, Workflow

KIND = "batch"
AT_ONCE = 20  # rows that are done within the request; more by a task
MOST_ROWS = 200
# What rests on the grounds of one case alone: never the same words for many.
ONE_BY_ONE = {"reject", "uphold_objection", "resubmit", "submit"}


@dataclass(frozen=True)
class Act:
    """What can be done to many rows. `refusals(user, record)` are sentences; none means that it can be done."""

    name: str
    label: str
    becomes: str  # what will have happened to a row
    refusals: Callable  # (user, record) -> list[str]
    do: Callable  # (record, by, data) -> None
    form: Callable | None = None  # (data, record) -> a bound or unbound form
    clause: str = ""
    danger: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the preview."""

    record: object
    refusals: list[str]

    @property
    def will_happen(self) -> bool:
        return not self.refusals


def fits_many(step: Step) -> bool:
    """Taken on its own page, without files, not one of those that rest on one case."""
    return (
        step.page is None and step.name not in ONE_BY_ONE and not (step.form and step.form().is_multipart())
    )


def is_office_step(step: Step) -> bool:
    """A step that the office may be offered for ticked rows."""
    return step.who is is_officer and fits_many(step)


def act_of(flow: Workflow, step: Step) -> Act:
    """A step of a procedure as an act for many."""

    def refusals(user, record):
        # The right comes first: where a case of one's own stands is told by letter, not by a refusal.
        if not step.who(user, record):
            return ["您不能办理这一件：没有权限，或您参与了这份申报。"]
        if record.status not in step.sources:
            return [f"当前状态是“{flow.stage(record).label}”，不能办理。"]
        return step.missing(record)

    def do(record, by, data):
        flow.perform(record, step.name, by=by, note=data.get("reason", ""), data=data)

    return Act(
        name=step.name,
        label=step.label,
        becomes=f"转为“{flow.stages[step.target].label}”",
        refusals=refusals,
        do=do,
        form=(lambda data, record: step.form(data, record=record)) if step.form else None,
        clause=step.clause,
        danger=step.danger,
    )


def _assign_refusals(user, record) -> list[str]:
    if not is_officer(user, record):
        return ["您参与了这份申报，不能分派。"]
    if not record.is_open or record.status == Status.DRAFT:
        return [f"已办结（{record.get_status_display()}），不再分派。"]
    return []


def _officers():
    return User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).order_by("real_name")


ASSIGN = Act(
    name="assign",
    label="分派经办人",
    becomes="交给所选的经办人",
    refusals=_assign_refusals,
    do=lambda record, by, data: assign(record, data["officer"], by=by),
    form=lambda data, record: AssignForm(data, officers=_officers()),
)


def find_act(flow: Workflow, name: str) -> Act | None:
    """An act by its name; None for what is not done to many."""
    if name == ASSIGN.name and flow.model is Application:
        return ASSIGN
    step = flow.steps.get(name)
    return act_of(flow, step) if step is not None and fits_many(step) else None


def preview(records, act: Act, user) -> list[Row]:
    """What will happen to each row, or why it cannot."""
    return [Row(record, act.refusals(user, record)) for record in records]


@transaction.atomic
def start_batch(flow: Workflow, act: Act, records, typed: dict, *, by, back="") -> Job:
    """A job for these rows, in the transaction that spends the form's key, so that a form sent twice starts one.

    `typed` is what the act's form was sent with; it was valid, and is bound again to each record. Up to AT_ONCE rows
    the caller runs it after its transaction (`jobs.run`). Raises Refused for nothing and for too many.
    """
    if not records:
        raise Refused("没有选中可以办理的申报。")
    if len(records) > MOST_ROWS:
        raise Refused(f"一次最多办理 {MOST_ROWS} 件，现在选了 {len(records)} 件。")
    arguments = {
        "flow": flow.name,
        "act": act.name,
        "keys": [str(record.key) for record in records],
        "typed": typed,
        "back": back,
    }
    title = f"批量办理：{act.label} {len(records)} 件"
    return jobs.start(KIND, title, arguments, len(records), by, background=len(records) > AT_ONCE)


def carry_out(work):
    """The job `batch`: every row in its own transaction with its line. A second attempt goes on after the first."""
    flow = PROCEDURES[work.arguments["flow"]]
    act = find_act(flow, work.arguments["act"])
    if act is None:
        raise jobs.Failed("没有这一批量办理事项。")
    for key in work.arguments["keys"][len(work.lines) :]:
        record = flow.model.objects.visible_to(work.by).filter(key=key).first()
        if record is None:
            work.note("—", ok=False, text="没有办理：不存在，或您已不能查看。")
            continue
        with work.row(str(record), text=f"已{act.label}。", url=record.get_absolute_url()):
            act.do(record, work.by, _data(act, record, work))


def _data(act: Act, record, work) -> dict:
    if reasons := act.refusals(work.by, record):
        raise Refused(*reasons)
    if act.form is None:
        return {}
    form = act.form(work.arguments["typed"], record)
    if not form.is_valid():
        raise Refused(*(text for texts in form.errors.values() for text in texts))
    return form.cleaned_data


def may_work_in_batches(user) -> bool:
    """Office and working group; each act asks for its own right on every row besides."""
    return (
        user is not None
        and user.is_authenticated
        and user.is_active
        and user.has_role(Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP)
    )
