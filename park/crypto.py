"""How identity numbers and mobiles are kept unreadable at rest, yet findable by exact value.

AES-256-GCM with a key ring: the key's id travels with the ciphertext, so keys can be rotated
(`manage.py rotate_field_keys`). The associated data binds a ciphertext to its row and column: copied
elsewhere it does not decrypt. The blind index is an HMAC, only good for equality.
"""

import base64
import functools
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


class Undecipherable(Exception):
    """The ciphertext was made for another row or column, was changed, or its key is gone from the ring."""


@functools.lru_cache(maxsize=4)
def _ring(spec: str) -> dict[str, AESGCM]:
    ring = {}
    for part in filter(None, (part.strip() for part in spec.split(","))):
        key_id, _, encoded = part.partition(":")
        key = base64.b64decode(encoded)
        if not key_id or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS 的格式是“编号:32 字节密钥的 base64”，多把密钥用逗号分隔。")
        ring[key_id] = AESGCM(key)
    if not ring:
        raise ImproperlyConfigured("FIELD_KEYS 未设置，无法加密身份证号码和手机。")
    return ring


def current_key_id() -> str:
    """The key that encrypts now: the last of the ring."""
    return list(_ring(settings.FIELD_KEYS))[-1]


def key_id_of(token: str) -> str:
    return token.partition("$")[0]


def encrypt(text: str, *, bound_to: str) -> str:
    """`key id $ base64(nonce + ciphertext)`; `bound_to` names the column and row, e.g. `park.user.mobile:uuid`."""
    key_id = current_key_id()
    nonce = os.urandom(NONCE_BYTES)
    sealed = _ring(settings.FIELD_KEYS)[key_id].encrypt(nonce, text.encode(), bound_to.encode())
    return f"{key_id}${base64.b64encode(nonce + sealed).decode()}"


def decrypt(token: str, *, bound_to: str) -> str:
    """The text again. Raises Undecipherable."""
    key_id, _, body = token.partition("$")
    try:
        key = _ring(settings.FIELD_KEYS)[key_id]
        raw = base64.b64decode(body)
        return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise Undecipherable(bound_to.partition(":")[0]) from error


def blind_index(text: str, *, purpose: str) -> str:
    """64 hex digits that are equal for equal texts of one purpose; "" stays ""."""
    if not text:
        return ""
    key = settings.BLIND_INDEX_KEY.encode()
    if not key:
        raise ImproperlyConfigured("BLIND_INDEX_KEY 未设置，无法按身份证号码精确查询。")
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def mask(text: str, *, head: int = 2, tail: int = 2) -> str:
    """What people see instead: `32**************30`."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]
