"""Writes on the ground floor that touch several rows or need a trace: accounts, roles, consents."""

import secrets
import string
from datetime import timedelta

from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from park import audit, notices, personal_data
from park.models import STAFF_ROLES, WATCHERS, Consent, FormKey, Notification, PrivacyNotice, Role, Unit, User
from park.permissions import may_grant_roles, may_manage_accounts
from park.workflow import Refused

_CODE_LISTS = (
    "craftfield", "district", "education", "ethnicity", "gender", "occupation", "origin", "politicalstatus",
    "recognitionlevel", "skilllevel", "unitkind",
)  # fmt: skip


def _rights(verbs, *models):
    return {f"park.{verb}_{model}" for verb in verbs.split() for model in models}


_MASTER_DATA = (
    _rights("view add change", *_CODE_LISTS, "unit", "body", "workinggroupmember", "workday", "privacynotice")
    | _rights("view change", "rule")
    | _rights("view", "rulechange", "document")
)

# Django permissions of each role, for the admin only: procedures ask `has_role`. Upper apps add theirs in
# `AppConfig.ready`.
ADMIN_RIGHTS: dict[str, set[str]] = {
    Role.OFFICE: set(_MASTER_DATA),
    Role.LEAD_DIVISION: set(_MASTER_DATA),
    Role.SYSADMIN: _rights("view add change", "user"),
    Role.SECADMIN: _rights("view change", "roleholder"),
    Role.AUDITOR: _rights("view", "auditentry"),
}


@transaction.atomic
def ensure_roles():
    """A group for every role with exactly its rights in the admin. Safe to repeat."""
    permissions = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.select_related("content_type")
    }
    for role in Role:
        group, _ = Group.objects.get_or_create(name=role.value)
        wanted = ADMIN_RIGHTS.get(role, set()) & permissions.keys()
        group.permissions.set([permissions[name] for name in wanted])


# ── roles ───────────────────────────────────────────────────────────────────────────────────────
def role_conflict(roles) -> str:
    """Why these roles cannot be one person's, or "" (三员分立)."""
    watchers = [Role(r).label for r in Role if r in roles and r in WATCHERS]
    if watchers and len(set(roles)) > 1:
        return f"三员分立：“{watchers[0]}”不能兼任其他角色。"
    return ""


def grant_role(user, role, *, by, reason=""):
    """Give one person one role. `by` is None for the system (set-up)."""
    _set_roles(user, add={Role(role)}, remove=set(), by=by, reason=reason)


def revoke_role(user, role, *, by, reason=""):
    _set_roles(user, add=set(), remove={Role(role)}, by=by, reason=reason)


def set_roles(user, roles, *, by, reason):
    """Give a person exactly these roles, an audit entry for each that comes or goes."""
    roles = {Role(role) for role in roles}
    _set_roles(user, add=roles, remove=set(Role) - roles, by=by, reason=reason)


@transaction.atomic
def _set_roles(user, *, add, remove, by, reason):
    """Raises PermissionDenied, or Refused where the roles exclude each other; changes nothing then."""
    if by is not None and not may_grant_roles(by):
        raise PermissionDenied("只有安全管理员可以授予或收回角色。")
    if by is not None and by.pk == user.pk:
        raise PermissionDenied("不能修改自己的角色。")
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two grants at once: one waits
    had = {Role(name) for name in row.role_names}
    has = (had | add) - remove
    if conflict := role_conflict(has):
        raise Refused(conflict)
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in add | had}
    for role in sorted(had - has):
        row.groups.remove(groups[role])
        audit.record("revoke_role", row, by=by, before=role.label, note=reason)
    for role in sorted(has - had):
        row.groups.add(groups[role])
        audit.record("grant_role", row, by=by, after=role.label, note=reason)
    is_staff = row.is_superuser or not has.isdisjoint(STAFF_ROLES)
    if row.is_staff != is_staff:
        User.objects.filter(pk=row.pk).update(is_staff=is_staff)
    user.is_staff = is_staff
    user.__dict__.pop("_role_names", None)


# ── accounts ────────────────────────────────────────────────────────────────────────────────────
def unit_named(name: str) -> Unit | None:
    """The unit of this name, new if need be; None for no name."""
    if not name:
        return None
    return Unit.objects.filter(name=name).order_by("pk").first() or Unit.objects.create(name=name)


@transaction.atomic
def register_applicant(*, username, password, real_name, mobile, notice, email="", unit_name="") -> User:
    """A new account of an applicant with the consent that registration rests on. Raises Refused."""
    if User.objects.named(username).exists():
        raise Refused("这个登录名已有人使用，请换一个。")
    user = User(
        username=username, real_name=real_name, email=email, unit=unit_named(unit_name), mobile=mobile
    )
    user.set_password(password)
    user.save()
    audit.record("register", user, by=user, note=f"告知书版本 {notice.version}")
    grant_role(user, Role.APPLICANT, by=None)
    record_consents(user, [Consent.Purpose.PROCESSING], notice=notice)
    return user


def temporary_password() -> str:
    """Sixteen characters of all four classes, without those that are mistaken for each other."""
    lower, upper, digits, signs = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789", "-_+=@#"
    rest = [secrets.choice(lower + upper + digits) for _ in range(12)]
    return (
        secrets.choice(string.ascii_lowercase[:8])
        + "".join(rest)
        + "".join(map(secrets.choice, (upper, digits, signs)))
    )


@transaction.atomic
def set_temporary_password(user, password, *, by):
    """The person must choose their own at the next login."""
    if by is not None and not may_manage_accounts(by, user):
        raise PermissionDenied("您不能设置这个账号的密码。")
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    audit.record("set_temporary_password", user, by=by)


@transaction.atomic
def change_profile(user, *, real_name, mobile, email, unit_name):
    """Correct one's own data (PIPL 46). An empty mobile keeps the one on record."""
    old = {"姓名": user.real_name, "手机": user.mobile, "电子邮箱": user.email, "单位": str(user.unit or "")}
    user.real_name, user.email, user.unit = real_name, email, unit_named(unit_name)
    if mobile:
        user.mobile = mobile
    user.save()
    new = {"姓名": user.real_name, "手机": user.mobile, "电子邮箱": user.email, "单位": str(user.unit or "")}
    changed = [name for name in old if old[name] != new[name]]
    if changed:
        audit.record("change_profile", user, by=user, note="、".join(changed))
    return changed


# ── consents ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def record_consents(user, purposes, *, notice) -> list[Consent]:
    """One row per purpose, to the notice as shown. What already stands is left as it is. Raises Refused."""
    if notice is None:
        raise Refused("尚未发布个人信息处理告知书，不能记录同意，请联系管理办公室。")
    given = []
    for purpose in purposes:
        consent, is_new = Consent.objects.get_or_create(
            user=user, notice=notice, purpose=Consent.Purpose(purpose).value, withdrawn_at=None
        )
        if is_new:
            audit.record(
                "give_consent", user, by=user, after=consent.get_purpose_display(), note=notice.version
            )
        given.append(consent)
    return given


@transaction.atomic
def withdraw_consent(user, purpose):
    """Take back a consent for the future (PIPL 15); what was done on it before stays lawful."""
    purpose = Consent.Purpose(purpose)
    rows = Consent.objects.standing().filter(user=user, purpose=purpose)
    if not rows.update(withdrawn_at=timezone.now()):
        raise Refused("这一项没有需要撤回的同意。")
    audit.record("withdraw_consent", user, by=user, before=purpose.label)
    if purpose == Consent.Purpose.PROCESSING and user.is_active:
        office = User.objects.with_role(Role.OFFICE)
        notices.notify(
            office, f"{user} 撤回了对处理个人信息的同意，其在办申报不得继续处理相关信息。", url="/home/"
        )


def has_consent(user, purpose) -> bool:
    return Consent.objects.standing().filter(user=user, purpose=purpose).exists()


# ── one's own data ──────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def export_own_data(user) -> dict:
    """Everything held about the person, as plain JSON data (PIPL 45); audited."""
    audit.record("export_own_data", user, by=user)
    return {"导出时间": timezone.localtime().isoformat(timespec="seconds"), **personal_data.export(user)}


@transaction.atomic
def close_account(user):
    """Erase the account (PIPL 47): the row stays as a nameless hull, because the trail points at it. Raises Refused."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.role_names - {Role.APPLICANT.value} or user.is_superuser:
        raise Refused("工作人员账号由系统管理员停用，不能自行注销。")
    if reasons := personal_data.reasons_to_keep(user):
        raise Refused(*reasons)
    audit.record("close_account", user, by=user)
    personal_data.erase(user)


# ── what the ground itself holds ────────────────────────────────────────────────────────────────
def _account(user) -> dict:
    return {
        "登录名": user.username,
        "姓名": user.real_name,
        "手机": user.mobile,
        "电子邮箱": user.email,
        "单位": str(user.unit or ""),
        "角色": user.role_labels,
        "注册时间": user.date_joined.isoformat(),
    }


def _erase_account(user):
    Consent.objects.standing().filter(user=user).update(withdrawn_at=timezone.now())
    Notification.objects.filter(user=user).delete()
    user.username, user.real_name = f"closed_{user.row_key.hex[:20]}", "已注销用户"
    user.mobile, user.email, user.unit, user.is_active = "", "", None, False
    user.set_unusable_password()
    user.save()


def _consents(user) -> list:
    return [
        {
            "事项": consent.get_purpose_display(),
            "告知书版本": consent.notice.version,
            "同意时间": consent.given_at.isoformat(),
            "撤回时间": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
        }
        for consent in user.consents.select_related("notice")
    ]


def _notifications(user) -> list:
    return [{"时间": row.created_at.isoformat(), "内容": row.text} for row in user.notifications.all()]


def _trail(user) -> list:
    return [
        {"时间": entry.at.isoformat(), "动作": audit.label(entry.verb), "来源地址": entry.address}
        for entry in audit.history_of(user)[:1000]
    ]


personal_data.declare(
    personal_data.Holding("账号", _account, erase=_erase_account),
    personal_data.Holding("同意记录", _consents),
    personal_data.Holding("站内消息", _notifications),
    personal_data.Holding("账号操作记录", _trail),
)


# ── housekeeping ────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def expire_sessions(*, is_over, key_days=30) -> tuple[int, int]:
    """Delete sessions that are over and one-time form keys that nobody can send again; returns both counts.

    `is_over` takes the decoded session.
    """
    expired = list(Session.objects.filter(expire_date__lt=timezone.now()).values_list("pk", flat=True))
    expired += [s.pk for s in Session.objects.exclude(pk__in=expired).iterator() if is_over(s.get_decoded())]
    Session.objects.filter(pk__in=expired).delete()
    keys, _ = FormKey.objects.filter(used_at__lt=timezone.now() - timedelta(days=key_days)).delete()
    if expired or keys:
        audit.record("expire_sessions", by=None, note=f"登录 {len(expired)} 个，表单凭证 {keys} 个")
    return len(expired), keys


def current_notice() -> PrivacyNotice:
    """The notice that registration shows. Raises Refused where none is in force."""
    notice = PrivacyNotice.current()
    if notice is None:
        raise Refused("尚未发布个人信息处理告知书，暂不能注册，请联系管理办公室。")
    return notice
