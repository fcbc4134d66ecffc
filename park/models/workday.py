"""Which days differ from the ordinary week of Monday to Friday?"""

from django.db import models
from simple_history.models import HistoricalRecords


class WorkdayQuerySet(models.QuerySet):
    def delete(self):
        raise TypeError("工作日历的日期只能改正，不能删除。")


class Workday(models.Model):
    """One day off, or one weekend day worked instead. Ordinary weekdays and weekends have no row."""

    class Source(models.TextChoices):
        STATE = "state", "国务院办公厅节假日安排"
        OFFICE = "office", "管理办公室录入"

    date = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("上班")
    name = models.CharField("节日或事由", max_length=40)
    note = models.CharField("说明", max_length=100, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.OFFICE)

    objects = WorkdayQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__in=["state", "office"]), name="workday_source_known"
            )
        ]

    def __str__(self):
        return f"{self.date.year}年{self.date.month}月{self.date.day}日{'上班' if self.is_workday else '休息'}（{self.name}）"

    def delete(self, *args, **kwargs):
        raise TypeError("工作日历的日期只能改正，不能删除。")
