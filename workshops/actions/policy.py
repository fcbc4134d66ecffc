"""The library of policies and their amounts is kept [4][T7]."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from park import attachments, audit
from park.workflow import Conflict, Refused
from workshops.forms.policy import FACTS
from workshops.models import Benefit, Policy, PolicyAmount


@transaction.atomic
def add_policy(*, by, file=None, **facts) -> Policy:
    """Raises Refused where the number of the document is known."""
    return _save(Policy(**{name: facts[name] for name in FACTS}), "add_policy", file=file, by=by)


@transaction.atomic
def change_policy(policy, *, version: int, by, file=None, **facts) -> Policy:
    """Correct what is known of it; a new file takes the place of the old one. Raises Conflict when somebody else was
    faster, Refused where the number of the document is known or benefits rest on its clause."""
    policy = Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    if policy.version != version:
        raise Conflict("这份政策刚刚被别人修改过，请对照现在的内容再改一次。")
    used = Benefit.objects.filter(amount__policy=policy)
    if facts["clause"] != policy.clause and used.exists():
        raise Refused("已有政策兑现按这份政策的标准审核，不能再改对应条款。")
    for name in FACTS:
        setattr(policy, name, facts[name])
    policy.version += 1
    return _save(policy, "change_policy", file=file, by=by)


def _save(policy, verb, *, file, by):
    if file is not None:
        policy.file = attachments.store(file, by=by)
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError:
        raise Refused(f"政策库中已有文号“{policy.document_no}”。") from None
    audit.record(verb, policy, by=by, note=policy.document_no, clause=policy.clause or "4")
    return policy


@transaction.atomic
def add_policy_amount(policy, *, item, amount_fen, unit, cap_fen, condition, by) -> PolicyAmount:
    """One more line of what the policy grants."""
    row = PolicyAmount.objects.create(
        policy=policy, item=item, amount_fen=amount_fen, unit=unit, cap_fen=cap_fen, condition=condition,
        added_by=by,
    )  # fmt: skip
    audit.record(
        "add_policy_amount", policy, by=by, after=f"{amount_fen} 分", note=item, clause=policy.clause
    )
    return row


@transaction.atomic
def retire_policy_amount(row, *, by):
    """No longer offered; benefits decided by it keep it."""
    row = PolicyAmount.objects.select_for_update(no_key=True).select_related("policy").get(pk=row.pk)
    if row.retired_at:
        raise Refused("这一项标准已经停用。")
    row.retired_at, row.retired_by = timezone.now(), by
    row.save(update_fields=["retired_at", "retired_by"])
    audit.record("retire_policy_amount", row.policy, by=by, note=row.item, clause=row.policy.clause)
