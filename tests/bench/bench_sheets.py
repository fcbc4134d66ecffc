"""What do rows in and out cost beside django-import-export as it comes?

    python tests/bench/bench_sheets.py [sqlite|postgresql]

10,000 rows of 30 columns, as a personnel register has them. The reference is a ModelResource without a setting: its
xlsx dataset, a dry run, the import; its export to xlsx. Ours is what the jobs do: reading in the child process, dry
run, confirmation with the second check, one transaction; the export from `values_list`. Each part runs in a process
of its own, on a database of its own, one after the other, in turns; so times of one table were measured under the
same load. Peak memory is of that process together with the largest child. Targets: import 0.15 times, the second import
(9,000 rows the same, 1,000 changed) 0.4 times, export 0.4 times the reference; less than 300 MB.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import scratch

ROWS, COLUMNS, CHANGED = 10_000, 30, 1_000
ROUNDS = 1
PARTS = ("first import", "second import", "export")
LIMITS = {"first import": 0.15, "second import": 0.4, "export": 0.4}
LIMIT_MB = 300
LEVELS = ["初级工", "中级工", "高级工", "技师", "高级技师"]
TEXTS = [
    "name",
    "id_number",
    "school",
    "unit",
    "post",
    "address",
    "craft",
    "certificate",
    "teacher",
    "class_name",
]
LONG = ["result", "note"]
NUMBERS = ["hours", "score", "age", "year", "rank", "months"]
AMOUNTS = ["fee", "subsidy", "output"]
DAYS = ["born_on", "begun_on", "ended_on", "issued_on"]
FLAGS = ["passed", "employed"]
NAMES = ["number", *TEXTS, "level", "mobile", *LONG, *NUMBERS, *AMOUNTS, *DAYS, *FLAGS]


def register():
    """The model, with a table of its own in this process's database."""
    from django.db import connection, models

    fields = {name: models.CharField(max_length=60, blank=True) for name in [*TEXTS, "mobile"]}
    fields |= {name: models.TextField(blank=True) for name in LONG}
    fields |= {name: models.IntegerField(null=True) for name in NUMBERS}
    fields |= {name: models.DecimalField(max_digits=12, decimal_places=2, null=True) for name in AMOUNTS}
    fields |= {name: models.DateField(null=True) for name in DAYS}
    fields |= {name: models.BooleanField(null=True) for name in FLAGS}
    fields |= {"number": models.CharField(max_length=20, unique=True)}
    fields |= {"level": models.CharField(max_length=20, choices=[(n, n) for n in LEVELS])}
    assert len(fields) == COLUMNS == len(NAMES)
    meta = type("Meta", (), {"app_label": "park", "managed": False, "db_table": "bench_trainee"})
    model = type("BenchTrainee", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
    with connection.schema_editor() as editor:
        model._meta.managed = True
        editor.create_model(model)
        model._meta.managed = False
    return model


def rows(changed=0):
    """So many trainees; the first `changed` of them with three other cells."""
    dice = random.Random(2015)
    surnames, given = "王李张刘陈杨赵黄周吴於昇", ["镕喆", "玥", "堃", "志强", "丽华", "建国", "晓东"]
    first = date(2026, 1, 1)
    for i in range(ROWS):
        row = {name: f"{name}{dice.randrange(900)}号镇江" for name in TEXTS}
        row |= {
            "number": f"PX-2026-{i:05}",
            "name": dice.choice(surnames) + dice.choice(given),
            "id_number": f"3211{dice.randrange(10**13):013}X",
            "level": dice.choice(LEVELS),
            "mobile": f"138{dice.randrange(10**8):08}",
            "result": "完成焊接工艺培训，掌握管板对接技能" * dice.randint(1, 3),
            "note": "结业后留用" if dice.random() < 0.6 else "另行推荐就业",
        }
        row |= {name: dice.randint(1, 100) for name in NUMBERS}
        row |= {name: dice.randint(100, 900_000) / 100 for name in AMOUNTS}
        row |= {name: first + timedelta(dice.randint(0, 300)) for name in DAYS}
        row |= {name: dice.random() < 0.5 for name in FLAGS}
        if i < changed:
            row |= {"score": 101, "unit": "镇江另一单位", "ended_on": date(2026, 12, 1)}
        yield row


def workbook(path, changed=0):
    """The sheet as Excel would save it: real numbers and dates, flags as the reference takes them."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet("学员")
    page.write_row(0, 0, NAMES)
    for number, row in enumerate(rows(changed), 1):
        for index, name in enumerate(NAMES):
            value = row[name]
            page.write(number, index, int(value) if isinstance(value, bool) else value)
    book.close()


# ── the reference ───────────────────────────────────────────────────────────────────────────────
class Reference:
    def __init__(self, model):
        from import_export import resources
        from import_export.formats.base_formats import XLSX

        meta = type("Meta", (), {"model": model, "import_id_fields": ["number"], "fields": NAMES})
        self.resource_class = type("TraineeResource", (resources.ModelResource,), {"Meta": meta})
        self.format = XLSX()

    def bring_in(self, path):
        """What its admin does: the dry run, and the import of the same file after the confirmation."""
        for dry in (True, False):
            dataset = self.format.create_dataset(path.read_bytes())
            result = self.resource_class().import_data(dataset, dry_run=dry, raise_errors=True)
            assert not result.has_errors()

    def take_out(self, path):
        path.write_bytes(self.format.export_data(self.resource_class().export()))


# ── ours ────────────────────────────────────────────────────────────────────────────────────────
class Ours:
    def __init__(self, model):
        from park import sheets
        from park.permissions import is_office
        from tests.factories import UserFactory

        kinds = (
            dict.fromkeys(NUMBERS, "int") | dict.fromkeys(AMOUNTS, "decimal") | dict.fromkeys(DAYS, "date")
        )
        kinds |= dict.fromkeys(FLAGS, "bool") | dict.fromkeys(LONG, "longtext")
        kinds |= {"level": "choice", "mobile": "mobile"}

        def column(name):
            choices = (lambda: {label: label for label in LEVELS}) if name == "level" else None
            return sheets.Column(
                name, name, kinds.get(name, "text"), required=name == "number", choices=choices
            )

        self.sheet = sheets.Sheet("bench", "学员", tuple(map(column, NAMES)))
        contents = {
            "code": "bench", "title": "导入学员", "model": model, "key": ("number",), "sheet": self.sheet,
            "may": lambda kind, user, context: is_office(user), "back": lambda kind, context: ("/", ""),
        }  # fmt: skip
        self.model, self.kind = model, type("BenchImport", (sheets.ModelImport,), contents)()
        sheets.register(self.kind)
        self.by = UserFactory(roles=["office"])

    def bring_in(self, path):
        from django.core.files.uploadedfile import SimpleUploadedFile

        from park import jobs
        from park.models import Job
        from park.sheets import running

        seen, write = [], jobs.Work._write

        def spying(work):  # every half second the page sees another number
            seen.append(work.done)
            write(work)

        jobs.Work._write = spying
        upload = SimpleUploadedFile("x.xlsx", path.read_bytes())
        job = running.start(self.kind, None, "", upload, self.by)
        jobs.run(job.key)
        job = running.confirm(Job.objects.get(pk=job.pk), self.by)
        jobs.run(job.key)
        job.refresh_from_db()
        assert job.state == "done", job.failure
        jobs.Work._write = write
        self.progress = seen

    def take_out(self, path):
        from park import sheets

        sheets.write(self.sheet, self.model.objects.values_list(*NAMES).iterator(2000), path=path)


# ── the measure ─────────────────────────────────────────────────────────────────────────────────
class Peak:
    """Seconds and processor seconds of a piece of work, the most memory this process had in it, and its children."""

    def __enter__(self):
        Path("/proc/self/clear_refs").write_text("5")  # the kernel counts the peak anew
        self.start = time.perf_counter(), self._processor()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start[0]
        self.processor = self._processor() - self.start[1]
        status = Path("/proc/self/status").read_text().splitlines()
        self.mb = int(next(line for line in status if line.startswith("VmHWM")).split()[1]) // 1024
        self.child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024

    def _processor(self):
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)


def one(name: str, which: str, sheets_in: str) -> dict:
    """All parts by one of the two, on a fresh database."""
    with scratch.django_on(name) as folder, scratch.database(folder, f"sheets_{which}"):
        from django.conf import settings
        from django.db import connection

        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        model = register()
        side = {"ours": Ours, "reference": Reference}[which](model)
        found = {}
        for part in PARTS:
            path = folder / "out.xlsx" if part == "export" else Path(sheets_in, f"{part}.xlsx")
            with Peak() as peak:
                (side.take_out if part == "export" else side.bring_in)(path)
            found[part] = {k: getattr(peak, k) for k in ("seconds", "processor", "mb", "child_mb")}
            assert model.objects.count() == ROWS
        assert model.objects.filter(score=101).count() == CHANGED
        with connection.schema_editor() as editor:
            editor.delete_model(model)
    return found | {"progress": getattr(side, "progress", [])}


def measure(name: str) -> int:
    runs = {"ours": [], "reference": []}
    with tempfile.TemporaryDirectory(prefix="park-bench-") as folder:
        for part, changed in (("first import", 0), ("second import", CHANGED)):
            workbook(f"{folder}/{part}.xlsx", changed)
        for _ in range(ROUNDS):
            for which in runs:
                command = [sys.executable, __file__, "one", name, which, folder]
                answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                runs[which].append(json.loads(answer.strip().rpartition("\n")[2]))
    print(f"\n{name}: {ROWS} rows x {COLUMNS} columns, medians of {ROUNDS}; in brackets processor seconds")
    print(
        f"{'':13} {'ours':>15} {'as it comes':>15} {'ratio':>13} {'limit':>6}  peak MB, ours (+ child) / as it comes"
    )
    failed = 0
    for part in PARTS:
        clock, processor = (
            [statistics.median(run[part][what] for run in runs[which]) for which in runs]
            for what in ("seconds", "processor")
        )
        ratios = [pair[0] / pair[1] for pair in (clock, processor)]
        mb, child, other = (
            max(run[part][what] for run in runs[which])
            for which, what in (("ours", "mb"), ("ours", "child_mb"), ("reference", "mb"))
        )
        print(
            f"{part:13} {clock[0]:7.2f} ({processor[0]:5.2f}) {clock[1]:7.2f} ({processor[1]:5.2f}) "
            f"{ratios[0]:5.2f} ({ratios[1]:4.2f}) {LIMITS[part]:6}  {mb} (+{child}) / {other}"
        )
        failed += ratios[0] > LIMITS[part] or mb > LIMIT_MB or child > LIMIT_MB
    print(f"percents that the page saw: {runs['ours'][-1]['progress']}")
    return failed


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(*sys.argv[2:])))
    else:
        sys.exit(measure(scratch.chosen()) if scratch.chosen() else scratch.each_database(__file__))
