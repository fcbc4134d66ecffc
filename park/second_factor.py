"""Is it really this member of staff who signed in? The code from their phone, beside the password (domain.md §5.2, row 5).

What a session has passed is bound to the row of the phone: removing the phone ends that everywhere at once.
Secrets that wait in a session to be shown or confirmed are encrypted there.
"""

import base64
import json
import math
import os
import secrets
from urllib.parse import quote, urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice

from park import audit, crypto, notices, personal_data
from park.logins import SECOND_FACTOR_PASSED as PASSED
from park.models import SecondFactor, User
from park.permissions import may_manage_accounts
from park.workflow import Refused

ISSUER = "镇江技能大师园"  # what the phone shows above the code
CODES = 10
PENDING, FRESH_CODES = "_second_factor_secret", "_recovery_codes"
WRONG = "验证码不正确，或者已经用过、过期。请等手机上换出新的验证码再试。"


def device_of(user) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user).first()


def page_due(user, session) -> str:
    """The name of the page that this person must go through first, or ""."""
    device = device_of(user)
    if device is None:
        return "second_factor_enrol" if user.is_park_staff else ""
    return "" if session.get(PASSED) == str(device.row_key) else "second_factor"


# ── what waits in the session ───────────────────────────────────────────────────────────────────
def _put(session, user, name, value):
    session[name] = crypto.encrypt(json.dumps(value), bound_to=f"session{name}:{user.row_key}")


def _get(session, user, name):
    try:
        return json.loads(crypto.decrypt(session.get(name, ""), bound_to=f"session{name}:{user.row_key}"))
    except crypto.Undecipherable:  # nothing there, or the key ring has moved on
        return None


def pending_secret(user, session) -> str:
    """The secret (hex) that this session offers for enrolment; the same until it is confirmed."""
    secret = _get(session, user, PENDING)
    if secret is None:
        secret = os.urandom(20).hex()
        _put(session, user, PENDING, secret)
    return secret


def fresh_codes(user, session) -> list[str]:
    """Recovery codes that the person has not yet said to have written down."""
    return _get(session, user, FRESH_CODES) or []


def forget_fresh_codes(session):
    session.pop(FRESH_CODES, None)


def secret_text(secret: str) -> str:
    """As people type it into a phone: base32 in groups of four."""
    text = base64.b32encode(bytes.fromhex(secret)).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address_for_phone(user, secret: str) -> str:
    """The otpauth:// address inside the QR code."""
    query = {"secret": secret_text(secret).replace(" ", ""), "issuer": ISSUER}
    return f"otpauth://totp/{quote(ISSUER)}:{quote(user.username)}?{urlencode(query, quote_via=quote)}"


# ── enrolling and passing ───────────────────────────────────────────────────────────────────────
@transaction.atomic
def enrol(user, session, code) -> str:
    """Bind the phone that shows `code`; "" or the sentence that says why not. Raises Refused where one is bound."""
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if device_of(person) is not None:
        raise Refused("您已绑定手机；更换手机请先在“个人资料”里解除绑定。")
    device = SecondFactor(user=person, name="手机", key=pending_secret(user, session))
    if len(code) != 6 or not device.accepts(code):
        audit.record("second_factor_failed", user, by=user, result="refused", note="绑定时")
        return WRONG
    device.set_last_used_timestamp(commit=False)
    device.save()
    session.pop(PENDING, None)
    session[PASSED] = str(device.row_key)
    audit.record("second_factor_enrolled", user, by=user)
    renew_codes(user, session)
    return ""


@transaction.atomic
def check(user, code) -> str:
    """Empty when the code is right, else one sentence. Six digits come from the phone, twelve are a recovery code.

    The row is locked: one code opens one session. A failure is kept, so nothing is raised.
    """
    factor = SecondFactor.objects.select_for_update(no_key=True).filter(user=user).first()
    device, token = factor, code
    if factor is not None and len(code) != 6:
        device, token = StaticDevice.objects.filter(user=user).first(), _sealed(user, code)
    if device is None:
        return WRONG
    allowed, why = device.verify_is_allowed()
    if allowed and device.verify_token(token):
        note = "" if device is factor else f"恢复码，剩 {codes_left(user)} 个"
        audit.record("second_factor_ok", user, by=user, note=note)
        return ""
    note = "恢复码" if device is not factor else ""
    audit.record(
        "second_factor_failed", user, by=user, result="refused", note=note if allowed else "过于频繁"
    )
    if allowed:
        return WRONG
    seconds = math.ceil((why["locked_until"] - timezone.now()).total_seconds())
    wait = f"{max(seconds, 1)} 秒" if seconds < 120 else f"{math.ceil(seconds / 60)} 分钟"
    return f"连续输错次数较多，请在 {wait}后再试。"


def pass_session(user, session):
    """From now on this session has both factors."""
    session[PASSED] = str(device_of(user).row_key)


# ── recovery codes ──────────────────────────────────────────────────────────────────────────────
def _sealed(user, code) -> str:
    """What the database keeps of a recovery code: 64 bits of an HMAC, so a copy of the table opens nothing."""
    return crypto.blind_index(code, purpose=f"recovery_code:{user.row_key}")[:16]


@transaction.atomic
def renew_codes(user, session):
    """Ten new recovery codes, waiting in the session to be shown; the old ones are void."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="恢复码")
    codes = [f"{secrets.randbelow(10**12):012d}" for _ in range(CODES)]
    for code in codes:
        device.token_set.create(token=_sealed(user, code))
    _put(session, user, FRESH_CODES, [f"{code[:4]} {code[4:8]} {code[8:]}" for code in codes])
    audit.record("recovery_codes_renewed", user, by=user)


def codes_left(user) -> int:
    device = StaticDevice.objects.filter(user=user).first()
    return device.token_set.count() if device else 0


# ── removing ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def remove(user, *, by, reason):
    """Unbind the phone: by the person after a fresh code, by the system administrator, or from the console (None)."""
    if by is not None and by.pk != user.pk and not may_manage_accounts(by, user):
        raise PermissionDenied("您不能解除这个账号的动态验证码。")
    if device_of(user) is None:
        raise Refused("这个账号没有绑定动态验证码。")
    _erase(user)
    audit.record("second_factor_removed", user, by=by, note=reason)
    if by is None or by.pk != user.pk:
        notices.notify(
            [user],
            "您的动态验证码绑定已被解除，下次登录时重新绑定。如非您本人要求，请联系管理办公室。",
            url="/account/",
        )


def _erase(user):
    SecondFactor.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _export(user):
    device = device_of(user)
    if device is None:
        return None
    return {"绑定时间": device.created_at.isoformat(), "剩余恢复码": codes_left(user)}


personal_data.declare(personal_data.Holding("动态验证码", _export, erase=_erase))
