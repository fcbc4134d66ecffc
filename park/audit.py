"""Write, read and verify the audit trail."""

import contextlib
import contextvars
import hashlib
import ipaddress
import json
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.utils import timezone

from park.models import AuditEntry, AuditHead

# What the web layer knows of the acting person; rows of background work have neither.
_address: contextvars.ContextVar[str | None] = contextvars.ContextVar("audit_address", default=None)

SEALED = (
    "sequence", "at", "by_id", "by_name", "roles", "address", "verb", "subject_model", "subject_id",
    "subject", "result", "before", "after", "clause", "note", "previous_hash",
)  # fmt: skip


# What people read instead of a verb; procedures and apps add theirs. An unknown verb is shown as it is.
LABELS = {
    "login": "登录",
    "login_failed": "登录失败",
    "locked_out": "登录锁定",
    "logout": "退出登录",
    "session_expired": "登录超时",
    "second_factor_enrolled": "绑定动态验证码",
    "second_factor_ok": "通过动态验证码",
    "second_factor_failed": "动态验证码错误",
    "second_factor_removed": "解除动态验证码",
    "recovery_codes_renewed": "生成恢复码",
    "register": "注册账号",
    "create_account": "建立账号",
    "set_temporary_password": "设置临时密码",
    "change_password": "修改密码",
    "reset_password": "找回密码",
    "change_profile": "更正个人资料",
    "close_account": "注销账号",
    "grant_role": "授予角色",
    "revoke_role": "收回角色",
    "give_consent": "同意",
    "withdraw_consent": "撤回同意",
    "reveal": "查看完整信息",
    "export_own_data": "下载本人数据",
    "look_up_personal_data": "查阅个人信息",
    "copy_personal_data": "复制个人信息",
    "export": "导出",
    "import": "导入",
    "admin_add": "后台新增",
    "admin_change": "后台修改",
    "admin_delete": "后台删除",
    "set_rule": "修改本园设定",
    "rotate_field_keys": "更换加密密钥",
    "expire_sessions": "清理过期登录",
    "retire_entry": "停用代码",
    "issue_document": "出具文书",
    "superseded_document": "文书被新版取代",
    "withdrawn_document": "撤回文书",
    "download_document": "下载文书",
    "view_document": "查看文书",
}


def label(verb: str) -> str:
    return LABELS.get(verb, verb)


@contextlib.contextmanager
def acting_from(address: str | None):
    """Everything recorded inside carries this network address."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


@transaction.atomic(savepoint=False)  # an entry that fails takes the act with it
def record(verb, subject=None, *, by, before="", after="", note="", clause="", result="ok") -> AuditEntry:
    """Append one entry, in the caller's transaction: if it cannot be written, the act does not happen.

    `by` is None for the system itself. `subject` is a model instance or a plain text.
    """
    is_row = hasattr(subject, "_meta")
    heads = AuditHead.objects.select_for_update(no_key=True).filter(pk=1)
    head = heads.first()
    if head is None:  # the very first entry
        AuditHead.objects.get_or_create(pk=1)
        head = heads.get()
    known = by is not None and by.is_authenticated
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=timezone.now(),
        by=by if known else None,
        by_name=str(by)[:60] if known else ("系统" if by is None else "未登录"),
        roles=",".join(sorted(by.role_names)) if known else "",
        address=_address.get(),
        verb=verb,
        subject_model=subject._meta.label_lower if is_row else "",
        subject_id=str(subject.pk) if is_row else "",
        subject=str(subject or "")[:200],
        result=result,
        before=str(before)[:200],
        after=str(after)[:200],
        clause=clause,
        note=note,
        previous_hash=head.hash,
    )
    entry.hash = seal(entry)
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    return entry


def seal(entry: AuditEntry) -> str:
    """The hash over every field of the entry and the hash before it."""
    values = [getattr(entry, name) for name in SEALED]
    values[1] = entry.at.astimezone(UTC).isoformat()
    if entry.address:  # the databases have their own spellings of one IPv6 address
        values[5] = str(ipaddress.ip_address(entry.address))
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def history_of(subject):
    """The entries about one record, newest first."""
    return AuditEntry.objects.filter(
        subject_model=subject._meta.label_lower, subject_id=str(subject.pk)
    ).select_related("by")


def timeline(entries, said=lambda entry: entry.note) -> list[dict]:
    """Entries as people read them; `said(entry)` is what one adds to its label."""
    return [
        {
            "verb": e.verb,
            "at": e.at,
            "who": e.by_name,
            "label": LABELS.get(e.verb, e.verb),
            "note": said(e),
            "clause": e.clause,
        }
        for e in entries
    ]


@dataclass(frozen=True)
class Verdict:
    entries: int
    fault: str  # "" or one sentence that names the first broken entry


def verify() -> Verdict:
    """Recompute the whole chain."""
    expected, previous = 1, "0" * 64
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != expected:
            return Verdict(expected - 1, f"第 {expected} 条缺失：下一条是第 {entry.sequence} 条。")
        if entry.previous_hash != previous or entry.hash != seal(entry):
            return Verdict(expected - 1, f"第 {expected} 条与其哈希不符，记录被改动过。")
        expected, previous = expected + 1, entry.hash
    head = AuditHead.objects.filter(pk=1).first()
    if head is None and expected > 1:
        return Verdict(expected - 1, "链尾登记缺失，无法确认末尾记录是否完整。")
    if head and head.sequence != expected - 1:
        return Verdict(
            expected - 1, f"链尾应为第 {head.sequence} 条，实际只到第 {expected - 1} 条：末尾记录被删除。"
        )
    if head and head.hash != previous:
        return Verdict(expected - 2, f"第 {head.sequence} 条与链尾登记的哈希不符，末尾记录被替换。")
    return Verdict(expected - 1, "")
