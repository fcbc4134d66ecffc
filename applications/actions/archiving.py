"""How is the whole file of a case asked for? By a job; every case that is asked for is on the audit trail."""

from django.db import transaction

from applications.models import Application
from applications.permissions import is_officer
from park import audit, jobs
from park.models import Job
from park.workflow import Refused

KIND = "dossier"
MOST_CASES = 200
FORMS = {"zip": "压缩包（每件一个文件夹）", "pdf": "合并成册（PDF，用于打印）"}


def exportable(user, keys) -> list[tuple[Application, str]]:
    """The cases with these keys that the person may see, in order of their numbers, and why one cannot be exported."""
    rows = Application.objects.visible_to(user).filed().filter(key__in=keys).order_by("number")
    return [
        (row, "" if is_officer(user, row) else "您参与了这份申报，须由其他工作人员导出。") for row in rows
    ]


@transaction.atomic
def start_dossiers(keys, form: str, *, by, back="") -> Job:
    """Begin the export of these cases. Raises Refused where none may be exported, or too many are asked for."""
    rows = [row for row, why in exportable(by, keys) if not why]
    if form not in FORMS:
        raise Refused("请选择导出方式。")
    if not rows:
        raise Refused("没有可以导出的案卷，请先选择申报。")
    if len(rows) > MOST_CASES:
        raise Refused(f"一次最多导出 {MOST_CASES} 件，现在选了 {len(rows)} 件。")
    arguments = {"cases": [str(row.key) for row in rows], "form": form, "back": back}
    job = jobs.start(KIND, f"导出案卷 {len(rows)} 件", arguments, len(rows), by)
    for row in rows:
        audit.record("export_dossier", row, by=by, note=form)
    return job
