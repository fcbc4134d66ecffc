"""What a password must be (domain.md §5.2, row 2), beyond Django's own validators."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")
STAFF_DAYS = 90


def is_expired(user) -> bool:
    """Staff choose a new password every 90 days."""
    return user.is_park_staff and timezone.now() - user.password_changed_at > timedelta(days=STAFF_DAYS)


class LengthByRole:
    """At least 10 characters, 12 for people of the office and the panel; at most 128, so hashing stays quick."""

    def validate(self, password, user=None):
        least = 12 if user is not None and user.pk and user.is_park_staff else 10
        if not least <= len(password) <= 128:
            raise ValidationError(f"密码须为 {least} 至 128 个字符。", code="password_length")

    def get_help_text(self):
        return "至少 10 个字符（工作人员 12 个）。"


class ThreeOfFourClasses:
    """Three of: lower case, upper case, digits, other signs."""

    def validate(self, password, user=None):
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < 3:
            raise ValidationError(
                "密码须包含小写字母、大写字母、数字、其他符号中的至少三类。", code="password_classes"
            )

    def get_help_text(self):
        return "包含小写字母、大写字母、数字、其他符号中的至少三类。"
