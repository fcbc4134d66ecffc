"""What must a person's phone and this site know in common, so that a code proves who signs in?"""

import uuid
from time import time

from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from park.fields import EncryptedTextField


class SecondFactor(TimestampMixin, ThrottlingMixin, Device):
    """One authenticator per person: TOTP of RFC 6238, six digits every 30 seconds, one step of tolerance.

    django-otp's own TOTP device keeps its secret readable, so this one takes its place. Throttling is
    django-otp's: after n failures in a row the next try waits 2^(n-1) seconds.
    """

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = EncryptedTextField("密钥")  # 20 bytes in hex
    last_step = models.BigIntegerField("最近用过的时间步", default=-1)

    class Meta:
        verbose_name = verbose_name_plural = "动态验证码"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user"], name="second_factor_one_per_person")]

    def accepts(self, code: str) -> bool:
        """The code is right and newer than any used before; remembers it, without saving."""
        totp = TOTP(bytes.fromhex(self.key))
        totp.time = time()
        if not totp.verify(int(code), tolerance=1, min_t=self.last_step + 1):
            return False
        self.last_step = totp.t()
        return True

    def verify_token(self, token) -> bool:
        """As every device of django-otp: throttled, saved. Call with the row locked, in a transaction."""
        if not self.verify_is_allowed()[0]:
            return False
        if not self.accepts(token):
            self.throttle_increment()
            return False
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True

    def get_throttle_factor(self):
        return 1
