"""What has the park decided where the regulation is silent (本园设定), who decided it and why?

The definitions (label, clause, kind, default) are code, in `park/rules.py`; here are the values in force.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Rule(models.Model):
    """The value in force of one setting. A row that nobody has changed follows the default in the code."""

    key = models.CharField("设定", max_length=60, primary_key=True)
    value = models.JSONField("现值")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="修改人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField("修改时间", null=True)
    reason = models.CharField("修改理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "本园设定"
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(changed_at=None, changed_by=None, reason="")
                | (Q(changed_at__isnull=False, changed_by__isnull=False) & ~Q(reason="")),
                name="rule_changed_by_whom_when_and_why",
            ),
        ]

    def __str__(self):
        return self.key

    def delete(self, *args, **kwargs):
        raise TypeError("本园设定不能删除。")


class RuleChange(models.Model):
    """One change of one setting. Append-only: triggers refuse UPDATE and DELETE."""

    rule = models.ForeignKey(Rule, verbose_name="设定", on_delete=models.PROTECT, related_name="changes")
    old = models.JSONField("原值")
    new = models.JSONField("新值")
    reason = models.CharField("修改理由", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="修改人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = verbose_name_plural = "设定变更记录"
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rule_change_has_reason")]

    def __str__(self):
        return f"{self.rule_id} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("设定变更记录只能追加。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("设定变更记录不能删除。")
