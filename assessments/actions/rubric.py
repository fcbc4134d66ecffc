"""Editions of the scorecard: a new one copied from an old one, prepared, brought into force [5.2][A2].

An edition changes only while it has no day of coming into force, and what a year was opened with never changes: the
database refuses it as well.
"""

from datetime import date
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Rubric, RubricItem
from assessments.permissions.rubric import prepares_rubrics
from assessments.scoring.edition import edition_faults
from park import audit
from park.templatetags.ui import date_zh
from park.workflow import Conflict, Refused

TEXTS = ("edition", "title", "legal_basis", "note")
FIELDS = ("code", "order", "category", "content", "max_points", "rule_text", "kind", "parameters", "is_bonus")


def state_of(row, fields) -> str:
    """A mark of what a person saw when they began to change it."""
    return sha256(repr([str(getattr(row, name)) for name in fields]).encode()).hexdigest()[:16]


def item_state(item: RubricItem) -> str:
    return state_of(item, FIELDS)


def rubric_state(rubric: Rubric) -> str:
    return state_of(rubric, TEXTS)


def _open(rubric, by) -> Rubric:
    """The edition, locked, while it may be changed. Whoever opens a year locks it as well."""
    if not prepares_rubrics(by):
        raise PermissionDenied("只有管理办公室可以修订考核评估细则。")
    rubric = Rubric.objects.select_for_update(no_key=True).get(pk=rubric.pk)
    if rubric.is_used:
        raise Refused(f"“{rubric}”已用于年度考核，不能修改。请复制为新版本后修改。")
    if rubric.in_force_from:
        raise Refused(f"“{rubric}”已定于{date_zh(rubric.in_force_from)}施行，请先收回施行再修改。")
    return rubric


# ── editions ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def copy_rubric(source: Rubric, *, edition, title, legal_basis, note="", by) -> Rubric:
    """A new edition with all items of an old one, to be prepared. Raises PermissionDenied, Refused."""
    if not prepares_rubrics(by):
        raise PermissionDenied("只有管理办公室可以修订考核评估细则。")
    try:
        with transaction.atomic():
            rubric = Rubric.objects.create(edition=edition, title=title, legal_basis=legal_basis, note=note)
    except IntegrityError:
        raise Refused(f"已有“{edition}”版，请换一个版本名称。") from None
    RubricItem.objects.bulk_create(
        RubricItem(rubric=rubric, **{name: getattr(item, name) for name in FIELDS})
        for item in source.items.order_by("order")
    )
    audit.record("copy_rubric", rubric, by=by, before=source.edition, after=edition, clause="5.2")
    return rubric


@transaction.atomic
def change_rubric(rubric: Rubric, *, seen: str, by, **texts) -> Rubric:
    """Its name, legal basis and note. Raises PermissionDenied, Refused, Conflict."""
    rubric = _open(rubric, by)
    if seen != rubric_state(rubric):
        raise Conflict("这个版本刚被别人修改过，请核对现在的内容后再保存。")
    before = str(rubric)
    for name, value in texts.items():
        setattr(rubric, name, value)
    try:
        with transaction.atomic():
            rubric.save(update_fields=list(texts))
    except IntegrityError:
        raise Refused(f"已有“{rubric.edition}”版，请换一个版本名称。") from None
    audit.record("change_rubric", rubric, by=by, before=before, after=str(rubric), clause="5.2")
    return rubric


@transaction.atomic
def drop_rubric(rubric: Rubric, *, by) -> None:
    """An edition that was only prepared goes, with its items. Raises PermissionDenied, Refused."""
    rubric = _open(rubric, by)
    audit.record("drop_rubric", rubric, by=by, before=str(rubric), clause="5.2")
    rubric.items.all().delete()
    rubric.delete()


# ── items ───────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def save_item(rubric: Rubric, item: RubricItem | None, *, seen="", by, **values) -> RubricItem:
    """One row of the form, new where `item` is None. What is still wrong with it is said by the checks and stands in
    the way of coming into force only. Raises PermissionDenied, Refused, Conflict."""
    rubric = _open(rubric, by)
    if item is not None:
        item = rubric.items.filter(pk=item.pk).first()
        if item is None or seen != item_state(item):
            raise Conflict("这一项刚被别人修改过，请核对现在的内容后再保存。")
    row = item or RubricItem(rubric=rubric)
    before = f"{row.order}. {row.content}" if item else ""
    others = rubric.items.exclude(pk=row.pk)
    if others.filter(code=values["code"]).exists():
        raise Refused(f"这个版本已有编号“{values['code']}”的项目。")
    if others.filter(order=values["order"]).exists():
        raise Refused(f"这个版本已有序号{values['order']}的项目。")
    for name in FIELDS:
        setattr(row, name, values[name])
    row.save()
    audit.record(
        "save_rubric_item", rubric, by=by, before=before, after=f"{row.order}. {row.content}", clause=row.code
    )
    return row


@transaction.atomic
def remove_item(rubric: Rubric, item: RubricItem, *, by) -> None:
    """Raises PermissionDenied, Refused."""
    rubric = _open(rubric, by)
    audit.record(
        "remove_rubric_item", rubric, by=by, before=f"{item.order}. {item.content}", clause=item.code
    )
    rubric.items.filter(pk=item.pk).delete()


# ── coming into force ───────────────────────────────────────────────────────────────────────────
@transaction.atomic
def bring_into_force(rubric: Rubric, *, day: date, legal_basis: str, by) -> Rubric:
    """From this day on a year may be opened with it; the newest that holds on the last day of a year counts for it.
    Raises PermissionDenied, and Refused with everything that is wrong with it."""
    rubric = _open(rubric, by)
    problems = edition_faults(list(rubric.items.order_by("order")))
    if day < timezone.localdate():
        problems.insert(0, "施行日期不能早于今天。")
    if problems:
        raise Refused(*problems)
    rubric.in_force_from, rubric.legal_basis = day, legal_basis
    rubric.save(update_fields=["in_force_from", "legal_basis"])
    audit.record(
        "bring_rubric_into_force", rubric, by=by, after=f"{rubric.edition} {day.isoformat()}", note=legal_basis, clause="5.2"
    )  # fmt: skip
    return rubric


@transaction.atomic
def take_back(rubric: Rubric, *, reason: str, by) -> Rubric:
    """While no year was opened with it, it can go back to being prepared. Raises PermissionDenied, Refused."""
    if not prepares_rubrics(by):
        raise PermissionDenied("只有管理办公室可以修订考核评估细则。")
    rubric = Rubric.objects.select_for_update(no_key=True).get(pk=rubric.pk)
    if rubric.is_used:
        raise Refused(f"“{rubric}”已用于年度考核，不能收回。")
    if not rubric.in_force_from:
        raise Refused(f"“{rubric}”还没有施行。")
    if not Rubric.objects.in_force().exclude(pk=rubric.pk).exists():
        raise Refused("这是唯一施行的版本，收回后就没有细则可用了。")
    before, rubric.in_force_from = rubric.in_force_from, None
    rubric.save(update_fields=["in_force_from"])
    audit.record("take_rubric_back", rubric, by=by, before=before.isoformat(), note=reason, clause="5.2")
    return rubric
