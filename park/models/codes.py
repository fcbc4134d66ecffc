"""Which values may an official field take? One table per code list, printed by label, stored with code and edition.

Only people read these lists: where Python branches on a value, the codes stand here as constants. Entries are
retired, never deleted, so that an old form keeps its words (domain.md §2).
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords


class CodeListQuerySet(models.QuerySet):
    def current(self, on=None):
        """Entries in force on a day (today by default)."""
        return self.filter(Q(retired_on=None) | Q(retired_on__gt=on or timezone.localdate()))

    def offered(self):
        """What a form lists: in force, and meant for people to choose."""
        return self.current().filter(on_form=True)

    def choices(self) -> list[tuple[str, str]]:
        """(code, label) pairs for a form field."""
        return list(self.values_list("code", "label"))

    def labels(self) -> dict[str, str]:
        """Printed words by code, retired entries included: one query for a whole form."""
        return {
            code: short or label for code, label, short in self.values_list("code", "label", "short_label")
        }

    def delete(self):
        raise TypeError("代码表的条目只能停用，不能删除。")


class CodeListEntry(models.Model):
    """One value of one list."""

    code = models.CharField("代码", max_length=20, unique=True)
    label = models.CharField("名称", max_length=60)
    short_label = models.CharField(
        "简称", max_length=30, blank=True, help_text="打印时用简称；没有简称的打印名称。"
    )
    edition = models.CharField("标准版本", max_length=30)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    on_form = models.BooleanField("供填报选用", default=True)
    retired_on = models.DateField(
        "停用日期", null=True, blank=True, help_text="从这一天起不再供选用，已有记录不变。"
    )

    objects = CodeListQuerySet.as_manager()
    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self):
        return self.label

    @property
    def printed(self) -> str:
        return self.short_label or self.label

    @property
    def is_current(self) -> bool:
        return self.retired_on is None or self.retired_on > timezone.localdate()

    def delete(self, *args, **kwargs):
        raise TypeError("代码表的条目只能停用，不能删除。")


class Gender(CodeListEntry):
    """性别, GB/T 2261.1. The code 1 or 2 is also the parity of the 17th digit of an ID number."""

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "性别"


class Ethnicity(CodeListEntry):
    """民族, GB/T 3304, and the two values practice adds."""

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "民族"


class PoliticalStatus(CodeListEntry):
    """政治面貌, GB/T 4762. Other systems number it differently: exchange labels, not codes."""

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "政治面貌"


class Education(CodeListEntry):
    """学历, GB/T 4658 at its top level, with the two answers that graduates of technician colleges give."""

    standard_code = models.CharField("国标代码", max_length=2, help_text="GB/T 4658 中最接近的代码。")
    counts_as = models.CharField("统计归入", max_length=2, help_text="统计时归入的大类代码，属本园口径。")

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "学历"


class SkillLevelQuerySet(CodeListQuerySet):
    def at_least(self, code):
        """That level and above; a person without a level is never included."""
        return self.filter(code__in=SkillLevel.LADDER[SkillLevel.LADDER.index(code) :])

    def high_skilled(self):
        """高技能人才: 三级/高级工 and above."""
        return self.at_least(SkillLevel.HIGH_SKILLED_FROM)


class SkillLevel(CodeListEntry):
    """职业资格（技能）等级: the label is the text of a five-level certificate, beside it the name of 2022.

    The number in a level falls as skill rises, so nobody compares codes: `LADDER` is the order.
    """

    LADDER = ("L0", "L5", "L4", "L3", "L2", "L1", "L1S", "L1C")
    HIGH_SKILLED_FROM = "L3"

    name_2022 = models.CharField("八级制名称", max_length=30, blank=True)

    objects = SkillLevelQuerySet.as_manager()

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "职业资格等级"

    @property
    def rank(self) -> int | None:
        """0 for 学徒工 up to 7 for 首席技师; None without a level."""
        return self.LADDER.index(self.code) if self.code in self.LADDER else None

    @property
    def is_high_skilled(self) -> bool:
        return self.rank is not None and self.rank >= self.LADDER.index(self.HIGH_SKILLED_FROM)


class RecognitionLevel(CodeListEntry):
    """At which level a studio was recognised as 技能大师工作室; not a condition of admission [T1]."""

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "工作室认定级别"


class District(CodeListEntry):
    """属地: the divisions of Zhenjiang, its two function zones, and two entries for elsewhere."""

    class Kind(models.TextChoices):
        CITY = "city", "设区市"
        DISTRICT = "district", "市辖区"
        COUNTY_CITY = "county_city", "县级市"
        ZONE = "zone", "功能区"
        ELSEWHERE = "elsewhere", "市外"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "属地"


class Origin(CodeListEntry):
    """申报来源: the park gathers masters 省内外 [1]."""

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "申报来源"


class UnitKind(CodeListEntry):
    """单位性质."""

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "单位性质"


class Occupation(CodeListEntry):
    """职业（工种）: names to suggest. The text on a form is free, the code optional, nothing depends on this list.

    Old certificates name editions 1999 and 2015; crafts such as 竹编 have no code in any.
    """

    code = models.CharField("职业编码", max_length=20, blank=True, default="")

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "职业（工种）"
        ordering = ["order", "edition", "code", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                condition=~Q(code=""),
                name="occupation_code_once_per_edition",
                violation_error_message="同一版本中已有这个职业编码。",
            ),
            models.UniqueConstraint(
                F("edition"),
                F("label"),
                condition=Q(code=""),
                name="occupation_name_once_per_edition",
                violation_error_message="同一版本中已有这个没有编码的名称。",
            ),
        ]


class CraftField(CodeListEntry):
    """专业领域: what an expert of the pool knows, and what a panel needs. A list of the park's own."""

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "专业领域"
