"""What every record under a procedure has: a status with its time and its clock."""

from django.db import models
from django.utils import timezone


class Case(models.Model):
    """Base of records that `park.workflow` moves. Nothing else assigns `status`."""

    status_since = models.DateTimeField("进入当前状态的时间", default=timezone.now, editable=False)
    due_on = models.DateField("办理期限", null=True, blank=True, editable=False)
    days_left = models.IntegerField("暂停计时的剩余工作日", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()
