"""Which benefit did which studio ask for, what was decided, and what came of it [4]?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case, Role, StoredFile
from workshops.models.policy import PolicyAmount
from workshops.models.residency import Residency
from workshops.models.studio import StudioRecordQuerySet

USER = settings.AUTH_USER_MODEL


class BenefitKind(models.TextChoices):
    """What [4] grants besides the waiver of rent [4.1], which is no decision but a term of the residency."""

    STARTUP_SUBSIDY = "startup_subsidy", "创业补贴"
    PERFORMANCE_AWARD = "performance_award", "业绩奖励"
    PRIORITY_APPOINTMENT = "priority_appointment", "优先受聘"
    PRIORITY_NOMINATION = "priority_nomination", "优先参评"

    @property
    def clause(self) -> str:
        return {
            "startup_subsidy": "4.2", "performance_award": "4.3",
            "priority_appointment": "4.4", "priority_nomination": "4.5",
        }[self.value]  # fmt: skip

    @property
    def is_money(self) -> bool:
        return self in MONEY

    @property
    def forms(self) -> list:
        """The forms that the clause names, as choices."""
        return [(form.value, form.label) for form in BenefitForm if FORM_OF[form] == self]


MONEY = (BenefitKind.STARTUP_SUBSIDY, BenefitKind.PERFORMANCE_AWARD)


class BenefitForm(models.TextChoices):
    """How [4.2] to [4.5] say that a benefit is given, in their own words."""

    VENTURE = "venture", "技能大师工作室升级为技能创业"
    CRAFT = "craft", "传授技艺"
    TRAINING = "training", "人才培养"
    CONTEST = "contest", "竞赛指导"
    TEACHER = "teacher", "受聘为职业院校兼职教师"
    ASSESSOR = "assessor", "进入职业技能鉴定考评员队伍"
    TASK = "task", "承担题库开发、技术服务、职业技能鉴定课题研究等任务"
    EXCHANGE = "exchange", "参加学习交流和技能展示等活动"
    STUDIO_AWARD = "studio_award", "推荐参评国家、省技能大师工作室"
    LEADER_AWARD = "leader_award", "推荐领衔人参与市级以上优秀高技能人才项目评选表彰"


FORM_OF = {
    BenefitForm.VENTURE: BenefitKind.STARTUP_SUBSIDY,
    BenefitForm.CRAFT: BenefitKind.PERFORMANCE_AWARD,
    BenefitForm.TRAINING: BenefitKind.PERFORMANCE_AWARD,
    BenefitForm.CONTEST: BenefitKind.PERFORMANCE_AWARD,
    BenefitForm.TEACHER: BenefitKind.PRIORITY_APPOINTMENT,
    BenefitForm.ASSESSOR: BenefitKind.PRIORITY_APPOINTMENT,
    BenefitForm.TASK: BenefitKind.PRIORITY_APPOINTMENT,
    BenefitForm.EXCHANGE: BenefitKind.PRIORITY_APPOINTMENT,
    BenefitForm.STUDIO_AWARD: BenefitKind.PRIORITY_NOMINATION,
    BenefitForm.LEADER_AWARD: BenefitKind.PRIORITY_NOMINATION,
}


class BenefitStatus(models.TextChoices):
    DRAFT = "draft", "待提出"
    ASKED = "asked", "待审核"
    REVIEWED = "reviewed", "待决定"
    GRANTED = "granted", "同意，待落实"
    DECLINED = "declined", "不同意"
    PAID = "paid", "已拨付"
    APPOINTED = "appointed", "已受聘"
    NOMINATED = "nominated", "已推荐"
    CONCLUDED = "concluded", "评选已有结果"
    WITHDRAWN = "withdrawn", "已撤回"
    ENDED = "ended", "已终止"


OPEN_BENEFIT = (BenefitStatus.DRAFT, BenefitStatus.ASKED, BenefitStatus.REVIEWED, BenefitStatus.GRANTED)
DECIDED = ["granted", "declined", "paid", "appointed", "nominated", "concluded"]


class BenefitQuerySet(StudioRecordQuerySet):
    readers = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP})

    def open(self):
        """Neither settled nor given up: what the end of a residency ends."""
        return self.filter(status__in=OPEN_BENEFIT)


class Benefit(Case):
    """One benefit of one residency. Amounts come from a line of a policy [T7]; `amount_fen` is what is proposed, and
    after the decision what was granted."""

    class Result(models.TextChoices):
        WON = "won", "入选"
        LOST = "lost", "未入选"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    studio = models.ForeignKey("workshops.Studio", on_delete=models.PROTECT, related_name="benefits")
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="benefits")
    status = models.CharField(
        "状态", max_length=10, choices=BenefitStatus, default=BenefitStatus.DRAFT, editable=False
    )
    kind = models.CharField("种类", max_length=24, choices=BenefitKind)
    form = models.CharField("具体事项", max_length=14, choices=BenefitForm)
    year = models.PositiveSmallIntegerField("年度")
    leader_name = models.CharField("领衔人", max_length=30)  # who leads when it is asked for
    statement = models.TextField("申请理由", max_length=2000, blank=True)
    target = models.CharField("申请对象", max_length=120, blank=True)  # school, task, award asked for
    milestone = models.ForeignKey(  # 升级为技能创业, the verified record that the subsidy rests on [4.2]
        "workshops.LedgerRecord",
        verbose_name="依据的台账记录",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    company = models.CharField("登记企业名称", max_length=100, blank=True)  # as the record says
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    registered_on = models.DateField("登记注册日期", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出时间", null=True)
    asked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    opinion = models.TextField("审核意见", max_length=1000, blank=True)
    amount = models.ForeignKey(PolicyAmount, null=True, on_delete=models.PROTECT, related_name="benefits")
    quantity = models.PositiveSmallIntegerField("数量", null=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    override_reason = models.CharField("调整金额的理由", max_length=300, blank=True)
    rank = models.PositiveSmallIntegerField("择优排序", null=True)
    rank_basis = models.CharField("排序依据", max_length=300, blank=True)
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    decision_clause = models.CharField("决定依据", max_length=12, blank=True)
    decision_reason = models.CharField("决定理由", max_length=500, blank=True)
    minutes_no = models.CharField("会议纪要文号", max_length=60, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    result = models.CharField("评选结果", max_length=6, choices=Result, blank=True)
    result_no = models.CharField("结果文号", max_length=60, blank=True)
    result_on = models.DateField("结果日期", null=True)
    ended_why = models.CharField("终止原因", max_length=300, blank=True)

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "政策兑现"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="benefit_newest"),
            models.Index(fields=["kind", "year", "rank"], name="benefit_by_rank"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=BenefitStatus.values), name="benefit_status_known"),
            models.CheckConstraint(
                condition=Q(kind="startup_subsidy", form="venture")
                | Q(kind="performance_award", form__in=["craft", "training", "contest"])
                | Q(kind="priority_appointment", form__in=["teacher", "assessor", "task", "exchange"])
                | Q(kind="priority_nomination", form__in=["studio_award", "leader_award"]),
                name="benefit_form_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(milestone=None) | Q(kind="startup_subsidy"), name="benefit_milestone_of_subsidy"
            ),
            models.UniqueConstraint(
                fields=["studio"],
                condition=Q(kind="startup_subsidy") & ~Q(status__in=["declined", "withdrawn", "ended"]),
                name="benefit_one_startup_subsidy",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by=None) | Q(asked_at__isnull=False, asked_by__isnull=False),
                name="benefit_asked_pair",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, opinion="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(opinion="")),
                name="benefit_reviewed_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, decision_clause="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision_clause="")),
                name="benefit_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DECIDED) | Q(decided_at__isnull=False, reviewed_at__isnull=False),
                name="benefit_decided_where_it_says_so",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decision_reason=""), name="benefit_declined_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("reviewed_by"))),
                name="benefit_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=None)
                | Q(amount_fen__gt=0, kind__in=["startup_subsidy", "performance_award"]),
                name="benefit_amount_positive",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["granted", "paid"])
                | ~Q(kind__in=["startup_subsidy", "performance_award"])
                | Q(amount_fen__isnull=False),
                name="benefit_granted_money_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(quantity__gte=1), name="benefit_amount_has_quantity"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=None) | Q(amount__isnull=False) | ~Q(override_reason=""),
                name="benefit_amount_from_policy_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(rank=None) | (Q(rank__gte=1) & ~Q(rank_basis="")), name="benefit_rank_has_basis"
            ),
            models.CheckConstraint(
                condition=Q(status="concluded", result__in=["won", "lost"], result_on__isnull=False)
                | (~Q(status="concluded") & Q(result="", result_on=None)),
                name="benefit_result_where_concluded",
            ),
            models.CheckConstraint(
                condition=~Q(status="ended") | ~Q(ended_why=""), name="benefit_ended_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self):
        return reverse("workshops:benefit", args=[self.key])

    @property
    def kind_of(self) -> BenefitKind:
        return BenefitKind(self.kind)

    @property
    def clause(self) -> str:
        return self.kind_of.clause


class BenefitFile(models.Model):
    """What a studio proves its claim with. Kept as long as the case."""

    class Proof(models.TextChoices):
        REGISTRATION = "registration", "营业执照等登记注册证明"
        OTHER = "other", "其他证明材料"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="files")
    proof = models.CharField("种类", max_length=14, choices=Proof)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "政策兑现证明材料"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proof__in=["registration", "other"]), name="benefit_file_proof_known"
            )
        ]


class BenefitDelivery(models.Model):
    """A granted benefit reached the studio: paid, appointed or nominated. Once, and it never changes."""

    class Way(models.TextChoices):
        PAID = "paid", "拨付"
        APPOINTED = "appointed", "受聘"
        NOMINATED = "nominated", "推荐"

    benefit = models.OneToOneField(Benefit, on_delete=models.PROTECT, related_name="delivery")
    way = models.CharField("方式", max_length=10, choices=Way)
    on = models.DateField("日期")
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    reference = models.CharField("凭证号或文号", max_length=60)
    organ = models.CharField("单位", max_length=80, blank=True)  # who appoints, or to whom it is recommended
    until = models.DateField("聘期至", null=True)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "政策落实"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="paid", amount_fen__gt=0)
                | Q(way__in=["appointed", "nominated"], amount_fen=None),
                name="benefit_delivery_paid_has_amount",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="benefit_delivery_has_reference"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("on")), name="benefit_delivery_ends_after_start"
            ),
        ]
