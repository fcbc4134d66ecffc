"""The pool of experts: who comes in, what changes, who leaves, which account is whose, when they are away."""

from django.db import IntegrityError, transaction

from applications.models import Expert, ExpertAbsence
from park import audit
from park.models import Role, User
from park.workflow import Refused

CLAUSE = "3.2.2"
COLUMNS = ("name", "unit_name", "title", "craft", "expertise", "mobile")


def _locked(expert) -> Expert:
    return Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)


def _save(expert):
    try:
        with transaction.atomic():
            expert.save()
    except IntegrityError:
        raise Refused(f"专家库里已有{expert.unit_name}的{expert.name}，请打开原有记录修改。") from None


@transaction.atomic
def add_expert(*, by, fields, **values) -> Expert:
    """A new entry of the pool. Raises Refused where the same name of the same unit is there already."""
    expert = Expert(**{name: values.get(name, "") for name in COLUMNS})
    _save(expert)
    expert.fields.set(fields)
    audit.record("add_expert", f"专家 {expert.key}", by=by, clause=CLAUSE)
    return expert


@transaction.atomic
def change_expert(expert, *, by, fields, **values) -> Expert:
    """New values; the trail names the columns that changed, the history of the row keeps what they said."""
    expert = _locked(expert)
    changed = [name for name in COLUMNS if getattr(expert, name) != values.get(name, "")]
    if set(expert.fields.all()) != set(fields):
        changed.append("fields")
    if not changed:
        return expert
    for name in COLUMNS:
        setattr(expert, name, values.get(name, ""))
    _save(expert)
    expert.fields.set(fields)
    labels = [str(Expert._meta.get_field(name).verbose_name) for name in changed]
    audit.record("change_expert", f"专家 {expert.key}", by=by, after="、".join(labels), clause=CLAUSE)
    return expert


@transaction.atomic
def leave_pool(expert, *, reason, by) -> Expert:
    """No longer to be drawn or seated; sessions already arranged keep the seat until it is replaced."""
    expert = _locked(expert)
    if not expert.is_active:
        raise Refused("这位专家已经出库。")
    expert.is_active, expert.left_reason = False, reason
    expert.save(update_fields=["is_active", "left_reason"])
    audit.record("leave_pool", f"专家 {expert.key}", by=by, before="在库", after="出库", clause=CLAUSE)
    return expert


@transaction.atomic
def return_to_pool(expert, *, by) -> Expert:
    expert = _locked(expert)
    if expert.is_active:
        raise Refused("这位专家已在库。")
    expert.is_active, expert.left_reason = True, ""
    expert.save(update_fields=["is_active", "left_reason"])
    audit.record("return_to_pool", f"专家 {expert.key}", by=by, before="出库", after="在库", clause=CLAUSE)
    return expert


def free_accounts():
    """Accounts of experts that are tied to nobody of the pool. Who also works in the office sees every case, and
    could not be kept from one by a recusal."""
    office = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION)
    return (
        User.objects.with_role(Role.EXPERT)
        .filter(expert=None)
        .exclude(pk__in=office.values("pk"))
        .order_by("real_name", "username")
    )


@transaction.atomic
def link_account(expert, user, *, by) -> Expert:
    """Give the expert their account, once."""
    expert = _locked(expert)
    if expert.user_id is not None:
        raise Refused("这位专家已关联账号，不能再改。")
    if user == by or not free_accounts().filter(pk=user.pk).exists():
        raise Refused("这个账号不能关联：须是专家角色、未关联其他专家，且不是管理办公室的账号。")
    expert.user = user
    expert.save(update_fields=["user"])
    audit.record("link_expert", f"专家 {expert.key}", by=by, after=user.username, clause=CLAUSE)
    return expert


@transaction.atomic
def add_absence(expert, *, starts_on, ends_on, reason, by) -> ExpertAbsence:
    """Days on which the expert is not to be drawn."""
    expert = _locked(expert)
    overlapping = expert.absences.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if overlapping:
        raise Refused(f"与已登记的 {overlapping.starts_on:%Y-%m-%d} 至 {overlapping.ends_on:%Y-%m-%d} 重叠。")
    row = ExpertAbsence.objects.create(expert=expert, starts_on=starts_on, ends_on=ends_on, reason=reason)
    audit.record("add_absence", f"专家 {expert.key}", by=by, after=f"{starts_on} 至 {ends_on}", clause=CLAUSE)
    return row


@transaction.atomic
def remove_absence(expert, absence_id, *, by):
    row = _locked(expert).absences.filter(pk=absence_id).first()
    if row is None:
        raise Refused("这段日期已经删除。")
    before = f"{row.starts_on} 至 {row.ends_on}"
    row.delete()
    audit.record("remove_absence", f"专家 {expert.key}", by=by, before=before, clause=CLAUSE)


@transaction.atomic
def import_experts(rows, *, by) -> int:
    """All of these new entries or none; `rows` are what `add_expert` takes."""
    known = set(Expert.objects.values_list("name", "unit_name"))
    twice = [row for row in rows if (row["name"], row["unit_name"]) in known]
    if twice:
        raise Refused(f"没有导入：表中有 {len(twice)} 位专家刚刚已由他人录入，请重新上传检查。")
    for row in rows:
        expert = Expert(**{name: row.get(name, "") for name in COLUMNS})
        _save(expert)
        expert.fields.set(row["fields"])
    audit.record("import_experts", by=by, note=f"{len(rows)} 行", clause=CLAUSE)
    return len(rows)
