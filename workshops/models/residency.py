"""A studio's right to be in the park, its agreement and its rooms [4.1][5.3]."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from park.models import Case, Role
from workshops.models.studio import Studio, StudioRecordQuerySet


class ResidencyStatus(models.TextChoices):
    """Where a residency stands [4.1][5.4]."""

    PENDING_AGREEMENT = "pending_agreement", "待签协议"
    ACTIVE = "active", "入驻"
    UNDER_RECTIFICATION = "under_rectification", "限期整改"
    ENDED = "ended", "已退出"
    REVOKED = "revoked", "已取消资格"


STANDING = (ResidencyStatus.PENDING_AGREEMENT, ResidencyStatus.ACTIVE, ResidencyStatus.UNDER_RECTIFICATION)
IN_PARK = (ResidencyStatus.ACTIVE, ResidencyStatus.UNDER_RECTIFICATION)


class ResidencyQuerySet(StudioRecordQuerySet):
    readers = frozenset(
        {Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS, Role.ATTRACTION, Role.WORKING_GROUP}
    )

    def standing(self):
        """Admitted and neither ended nor revoked, the agreement signed or not."""
        return self.filter(status__in=STANDING)

    def in_park(self):
        """The agreement is signed and the residency holds: dues, ledgers and evaluation apply."""
        return self.filter(status__in=IN_PARK)


class Residency(Case):
    """One stay of one studio in the park.

    Days are inclusive on both ends. Only the waiver of rent is limited by the regulation [4.1]; the agreement has a
    term of its own [T6][T16].
    """

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="residencies")
    status = models.CharField(
        "状态",
        max_length=20,
        choices=ResidencyStatus,
        default=ResidencyStatus.PENDING_AGREEMENT,
        editable=False,
    )
    source = models.CharField("申报编号", max_length=20, unique=True)  # the application it comes from
    admitted_on = models.DateField("确定入驻日期")
    term_starts_on = models.DateField("协议期起", null=True, blank=True)
    term_ends_on = models.DateField("协议期止", null=True, blank=True)
    rent_free_from = models.DateField("免租起", null=True, blank=True)
    rent_free_until = models.DateField("免租止", null=True, blank=True)
    ended_on = models.DateField("退出日期", null=True, blank=True)
    end_reason = models.CharField("退出原因", max_length=300, blank=True)

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入驻"
        ordering = ["-admitted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ResidencyStatus.values), name="residency_status_known"
            ),
            models.UniqueConstraint(
                fields=["studio"],
                condition=Q(status__in=["pending_agreement", "active", "under_rectification"]),
                name="residency_one_active_per_studio",
            ),
            models.CheckConstraint(
                condition=Q(term_starts_on=None, term_ends_on=None)
                | Q(term_starts_on__isnull=False, term_ends_on__gte=F("term_starts_on")),
                name="residency_term_whole",
            ),
            models.CheckConstraint(
                condition=Q(rent_free_from=None, rent_free_until=None)
                | Q(rent_free_from__isnull=False, rent_free_until__gte=F("rent_free_from")),
                name="residency_waiver_whole",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending_agreement", "ended", "revoked"])
                | Q(term_starts_on__isnull=False),
                name="residency_in_park_has_term",
            ),
        ]

    def __str__(self):
        return f"{self.studio} {self.get_status_display()}"

    def get_absolute_url(self):
        return reverse("workshops:residency", args=[self.key])

    def is_rent_free_on(self, day) -> bool:
        """Inside the waiver of rent [4.1]; both ends count."""
        return self.rent_free_from is not None and self.rent_free_from <= day <= self.rent_free_until


class Room(models.Model):
    """A room of the park, for letting and for the plan of who is where."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    building = models.CharField("楼栋", max_length=30)
    floor = models.SmallIntegerField("楼层")
    number = models.CharField("房号", max_length=20)
    area = models.DecimalField("建筑面积（平方米）", max_digits=7, decimal_places=2)
    order = models.PositiveSmallIntegerField("在平面图上的顺序", default=0)
    note = models.CharField("说明", max_length=200, blank=True)
    is_active = models.BooleanField("可供安排", default=True)
    version = models.PositiveIntegerField(default=0, editable=False)  # two editors

    class Meta:
        verbose_name = verbose_name_plural = "房间"
        ordering = ["building", "floor", "order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["building", "number"], name="room_once"),
            models.CheckConstraint(condition=Q(area__gt=0), name="room_has_area"),
        ]

    def __str__(self):
        return f"{self.building}{self.number}"


class Occupancy(models.Model):
    """One residency in one room, from the hand-over to the hand-back; a room has one at a time."""

    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="occupancies")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="occupancies")
    since = models.DateField("交付日期")
    until = models.DateField("交还日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "房间使用"
        ordering = ["-since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["room"], condition=Q(until=None), name="room_one_occupant"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="occupancy_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.room} {self.residency}"
