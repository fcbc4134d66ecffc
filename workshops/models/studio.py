"""A studio of the park or of the city's register: what it is, who belongs to it, how it was recognised [1]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from park.models import Role

# Who reads every studio: the office, and the bodies of the working group [5.1].
READERS = {Role.OFFICE, Role.LEAD_DIVISION, Role.ATTRACTION, Role.LOGISTICS, Role.WORKING_GROUP}


class StudioQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them for the office and the bodies of the working group; one's own for a studio."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.has_role(*READERS) else self.of(user)

    def of(self, user):
        """The studios for which this person acts."""
        return self.filter(people=user)

    def resident(self):
        """入驻工作室: a residency stands."""
        return self.filter(Exists(_standing()))

    def affiliated(self):
        """全市现有技能大师工作室, the park's supplement [1]: on the register, not in the park."""
        return self.filter(is_affiliated=True).exclude(Exists(_standing()))

    def former(self):
        """Was in the park, or was struck off the register."""
        return self.filter(is_affiliated=False).exclude(Exists(_standing()))


def _standing():
    from workshops.models.residency import Residency  # deferred: a residency points to its studio

    return Residency.objects.standing().filter(studio=OuterRef("pk"))


class StudioRecordQuerySet(models.QuerySet):
    """Rows that belong to a studio. `path` leads from the row to the studio; `readers` see all of them."""

    path = "studio"
    readers = frozenset({Role.OFFICE, Role.LEAD_DIVISION})

    def visible_to(self, user):
        """All rows for `readers`, those of one's own studios for its people, nothing for anybody else."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*self.readers):
            return self
        return self.filter(**{f"{self.path}__in": Studio.objects.of(user).values("pk")})


class Studio(models.Model):
    """技能大师工作室. Recognition is apart from residency: a studio may have either, both, or neither [1][T1]."""

    class PublicDisplay(models.TextChoices):
        DEFAULT = "default", "按名录的默认设定"
        SHOWN = "shown", "公开"
        HIDDEN = "hidden", "不公开"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(
        "工作室名称",
        max_length=60,
        unique=True,
        error_messages={"unique": "已有同名的工作室。"},
    )
    leader_name = models.CharField("领衔人", max_length=30)  # of the standing leader, for lists
    occupation = models.CharField("职业（工种）", max_length=60, blank=True)
    craft_field = models.ForeignKey(
        "park.CraftField", verbose_name="专业领域", null=True, blank=True, on_delete=models.PROTECT
    )
    unit_name = models.CharField("所在单位", max_length=80, blank=True)
    district = models.ForeignKey(
        "park.District", verbose_name="属地", null=True, blank=True, on_delete=models.PROTECT
    )
    origin = models.ForeignKey(
        "park.Origin", verbose_name="来源", null=True, blank=True, on_delete=models.PROTECT
    )
    founded_on = models.DateField("成立日期", null=True, blank=True)
    intro = models.TextField("工作室简介", max_length=2000, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    phone = models.CharField("办公电话", max_length=30, blank=True)
    is_affiliated = models.BooleanField("列入全市工作室名录", default=False)
    public_display = models.CharField(  # whether the portal shows it; the leader's consent goes before
        "公开展示", max_length=8, choices=PublicDisplay, default=PublicDisplay.DEFAULT, editable=False
    )
    public_basis = models.CharField("公开或不公开的依据", max_length=200, blank=True, editable=False)
    level = models.ForeignKey(  # by the last recognition event, for lists and filters
        "park.RecognitionLevel",
        verbose_name="认定级别",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="可登录办理的账号", related_name="studios", blank=True
    )
    registered_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = StudioQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "工作室"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(public_display="default", public_basis="")
                | Q(public_display__in=["shown", "hidden"]) & ~Q(public_basis=""),
                name="studio_display_has_basis",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("workshops:studio", args=[self.key])

    def standing_residency(self):
        """The residency that holds now, or None."""
        return self.residencies.standing().first()

    def leader(self):
        """The person who leads now (领衔人), or None while nobody does [5.4.2]."""
        return self.persons.filter(is_leader=True, left_on=None).first()


class Person(models.Model):
    """Somebody of a studio: its leader (领衔人) or a member, from when to when. No identity number is kept here."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(
        Studio, on_delete=models.PROTECT, related_name="persons", verbose_name="工作室"
    )
    name = models.CharField("姓名", max_length=30)
    is_leader = models.BooleanField("领衔人", default=False)
    gender = models.ForeignKey(
        "park.Gender", verbose_name="性别", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    education = models.ForeignKey(
        "park.Education",
        verbose_name="学历",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    occupation = models.CharField("职业（工种）", max_length=60, blank=True)
    skill_level = models.ForeignKey(
        "park.SkillLevel",
        verbose_name="职业资格等级",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit_name = models.CharField("所在单位", max_length=80, blank=True)
    skills = models.CharField("技能特长", max_length=300, blank=True)
    achievements = models.TextField("主要业绩", max_length=1000, blank=True)
    honours = models.CharField("荣誉称号", max_length=300, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登录账号",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("离开日期", null=True, blank=True)
    left_reason = models.CharField("离开原因", max_length=200, blank=True)

    objects = StudioRecordQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "工作室人员"
        ordering = ["-is_leader", "joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio"], condition=Q(is_leader=True, left_on=None), name="studio_one_leader"
            ),
            models.UniqueConstraint(
                fields=["studio", "name"], condition=Q(left_on=None), name="studio_person_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=models.F("joined_on")),
                name="studio_person_left_after_joined",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | ~Q(left_reason=""), name="studio_person_left_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.studio}）"


class RecognitionEvent(models.Model):
    """What the recognising authority decided about the studio, with its 文号 [5.4.1][T19]. Never changed, only added."""

    class Kind(models.TextChoices):
        GRANTED = "granted", "认定"
        REVIEWED = "reviewed", "复核合格"
        CANCELLED = "cancelled", "注销"
        WITHDRAWN = "withdrawn", "撤销"

    ENDING = (Kind.CANCELLED, Kind.WITHDRAWN)

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(
        Studio, on_delete=models.PROTECT, related_name="recognitions", verbose_name="工作室"
    )
    kind = models.CharField("事项", max_length=10, choices=Kind)
    level = models.ForeignKey("park.RecognitionLevel", verbose_name="级别", on_delete=models.PROTECT)
    document_no = models.CharField("文号", max_length=60)
    authority = models.CharField("认定机关", max_length=80)
    decided_on = models.DateField("日期")
    note = models.CharField("说明", max_length=300, blank=True)
    stored = models.ForeignKey(
        "park.StoredFile",
        verbose_name="文件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )

    objects = StudioRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "认定事项"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "kind", "document_no"], name="recognition_event_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["granted", "reviewed", "cancelled", "withdrawn"]),
                name="recognition_kind_known",
            ),
        ]

    def __str__(self):
        return f"{self.studio} {self.get_kind_display()} {self.document_no}"

    @property
    def is_ending(self) -> bool:
        """注销 or 撤销: on a resident studio the ground of [5.4.1] to look into."""
        return self.kind in self.ENDING
