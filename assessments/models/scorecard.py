"""One studio's card of one year [A2]: what the records propose, what the studio says, what was found, what it is worth."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.cycle import EvaluationCycle
from assessments.models.rubric import RubricItem
from park.models import Case, Role, StoredFile
from park.points import PointsField
from workshops.models import LedgerRecord, Residency, Studio, StudioRecordQuerySet

# Who may verify a card on the spot: the office and the bodies of the working group that serve the park [5.1].
VERIFIER_ROLES = (Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS, Role.ATTRACTION)


class ScorecardStatus(models.TextChoices):
    OPEN = "open", "自评中"
    SELF_ASSESSED = "self_assessed", "核验中"
    VERIFIED = "verified", "已核验"
    PROVISIONAL = "provisional", "初步结果"
    RECONSIDERING = "reconsidering", "复核中"
    FINAL = "final", "最终结果"
    EXCLUDED = "excluded", "不参加本年度考核"


class GradeOfYear(models.TextChoices):
    """等次; the regulation knows only 不合格 [5.4.4], the others are the park's [S15]."""

    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"
    NONE = "none", "不定等次"


class ScorecardQuerySet(StudioRecordQuerySet):
    readers = frozenset({*VERIFIER_ROLES, Role.WORKING_GROUP})

    def visible_to(self, user):
        """The house, the studio its own, and the experts of the year."""
        rows = super().visible_to(user)
        if user is None or not user.is_authenticated or user.has_role(*self.readers):
            return rows
        graded = self.filter(cycle__graders__user=user).exclude(status=ScorecardStatus.EXCLUDED)
        return (rows | graded.exclude(studio__in=Studio.objects.of(user).values("pk"))).distinct()

    def standing(self):
        return self.exclude(status=ScorecardStatus.EXCLUDED)


class Scorecard(Case):
    """One card. Sums and grade are written by the steps of its procedure and checked by the database when it is final."""

    class SelfBy(models.TextChoices):
        ONLINE = "online", "工作室在线自评"
        LATE = "late", "逾期自评"
        MISSING = "missing", "逾期未自评，按系统记录核验"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(EvaluationCycle, on_delete=models.PROTECT, related_name="cards")
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="scorecards")
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="scorecards")
    leader_name = models.CharField("领衔人", max_length=30)  # on the day it was opened, as the form prints it
    status = models.CharField(
        "状态", max_length=14, choices=ScorecardStatus, default=ScorecardStatus.OPEN, editable=False
    )
    since = models.DateField("考核期起")  # the days of the year that the studio was in the park
    until = models.DateField("考核期止")
    is_partial = models.BooleanField("入驻时间不足，不定等次", default=False)
    computed_at = models.DateTimeField("按记录计算的时间", null=True, editable=False)

    self_by = models.CharField("自评方式", max_length=8, choices=SelfBy, blank=True)
    self_statement = models.TextField("自评说明", max_length=2000, blank=True)
    self_at = models.DateTimeField("自评时间", null=True)
    self_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField("核验时间", null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verification_note = models.TextField("核验情况", max_length=2000, blank=True)
    base = PointsField("基础分", null=True)
    bonus = PointsField("附加分", null=True)
    total = PointsField("总分", null=True)
    grade = models.CharField("等次", max_length=10, choices=GradeOfYear, blank=True)
    grade_basis = models.CharField("等次依据", max_length=300, blank=True)
    place = models.PositiveSmallIntegerField("总分名次", null=True)
    finalised_at = models.DateTimeField("确定时间", null=True)
    excluded_why = models.CharField("不参加的原因", max_length=300, blank=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核评分表"
        ordering = ["-cycle__year", "studio__name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ScorecardStatus.values), name="scorecard_status_known"
            ),
            models.UniqueConstraint(fields=["cycle", "studio"], name="scorecard_once_a_year"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="scorecard_term_whole"),
            models.CheckConstraint(
                condition=Q(grade__in=[*GradeOfYear.values, ""]), name="scorecard_grade_known"
            ),
            models.CheckConstraint(
                condition=Q(self_by="", self_at=None)
                | Q(self_by="missing", self_at__isnull=False)
                | Q(self_by__in=["online", "late"], self_at__isnull=False, self_user__isnull=False),
                name="scorecard_self_assessment_paired",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "excluded"]) | ~Q(self_by=""),
                name="scorecard_moved_is_self_assessed",
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="scorecard_verification_paired",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "self_assessed", "excluded"]) | Q(verified_at__isnull=False),
                name="scorecard_moved_is_verified",
            ),
            models.CheckConstraint(
                condition=Q(base=None, bonus=None, total=None)
                | Q(
                    base__gte=0,
                    base__lte=100,
                    bonus__gte=0,
                    bonus__lte=100,
                    total=F("base") + F("bonus"),
                ),
                name="scorecard_total_is_the_sum",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["provisional", "reconsidering", "final"])
                | (Q(total__isnull=False) & ~Q(grade="")),
                name="scorecard_announced_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="final", finalised_at__isnull=False)
                | (~Q(status="final") & Q(finalised_at=None)),
                name="scorecard_final_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status="excluded") | ~Q(excluded_why=""), name="scorecard_excluded_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.studio} {self.cycle}"

    def get_absolute_url(self):
        return reverse("assessments:scorecard", args=[self.key])

    @property
    def year(self) -> int:
        return self.cycle.year


class ScorecardLine(models.Model):
    """One item of one card.

    `proposed_points` come from the records; `points` is what counts: the proposal confirmed, another value with a
    reason, what the panel graded, or what a reconsideration changed.
    """

    class Answer(models.TextChoices):
        AGREED = "agreed", "认可"
        CONTESTED = "contested", "有不同意见"

    class Basis(models.TextChoices):
        CONFIRMED = "confirmed", "按记录确认"
        OVERRIDDEN = "overridden", "核验改定"
        PANEL = "panel", "专家评等"
        RECONSIDERED = "reconsidered", "复核改定"

    card = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    max_points = PointsField("分值")
    is_bonus = models.BooleanField(default=False)

    proposed_points = PointsField("按记录计算", default=0)
    finding = models.JSONField(
        "计算说明", default=dict
    )  # reasons, proofs, missing: see `scoring.Result.said`

    answer = models.CharField("自评", max_length=10, choices=Answer, blank=True)
    claimed_points = PointsField("自评得分", null=True)
    words = models.TextField("自评说明", max_length=1000, blank=True)
    answered_at = models.DateTimeField("自评时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    points = PointsField("得分", null=True)
    basis = models.CharField("得分依据", max_length=12, choices=Basis, blank=True)
    reason = models.TextField("改定理由", max_length=1000, blank=True)
    judged_at = models.DateTimeField("核验时间", null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)  # two verifiers

    class Meta:
        verbose_name = verbose_name_plural = "考核评分"
        ordering = ["card", "order"]
        constraints = [
            models.UniqueConstraint(fields=["card", "item"], name="scorecard_line_once"),
            models.CheckConstraint(
                condition=Q(proposed_points__gte=0, proposed_points__lte=F("max_points")),
                name="scorecard_line_proposal_in_range",
            ),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=0, points__lte=F("max_points")),
                name="scorecard_line_points_in_range",
            ),
            models.CheckConstraint(
                condition=Q(claimed_points=None)
                | Q(claimed_points__gte=0, claimed_points__lte=F("max_points")),
                name="scorecard_line_claim_in_range",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(answer="agreed", answered_at__isnull=False, answered_by__isnull=False)
                | (
                    Q(answer="contested", answered_at__isnull=False, answered_by__isnull=False)
                    & Q(claimed_points__isnull=False)
                    & ~Q(words="")
                ),
                name="scorecard_line_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(points=None, basis="", judged_at=None, judged_by=None)
                | (
                    Q(points__isnull=False, judged_at__isnull=False, judged_by__isnull=False)
                    & Q(basis__in=["confirmed", "overridden", "panel", "reconsidered"])
                ),
                name="scorecard_line_judgement_whole",
            ),
            models.CheckConstraint(
                condition=~Q(basis="confirmed") | Q(points=F("proposed_points")),
                name="scorecard_line_confirmed_is_proposed",
            ),
            models.CheckConstraint(
                condition=~Q(basis__in=["overridden", "reconsidered"]) | ~Q(reason=""),
                name="scorecard_line_override_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.card} {self.item.code}"


class LineEvidence(models.Model):
    """What somebody put beside a line: a record of the ledgers, a file of the studio, a picture of those who verify.

    One record never stands for two bonus items of one card [S18].
    """

    class Of(models.TextChoices):
        STUDIO = "studio", "工作室"
        VERIFIER = "verifier", "核验人员"

    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="evidence")
    card = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="evidence")
    is_bonus = models.BooleanField(default=False)
    given_by = models.CharField(max_length=8, choices=Of)
    client_key = models.UUIDField(default=uuid.uuid4)
    record = models.ForeignKey(LedgerRecord, null=True, on_delete=models.PROTECT, related_name="+")
    stored = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=100, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "考核证明"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "client_key"], name="line_evidence_once"),
            models.UniqueConstraint(
                fields=["line", "record"], condition=Q(removed_at=None), name="line_evidence_record_once"
            ),
            models.UniqueConstraint(
                fields=["card", "record"],
                condition=Q(removed_at=None, is_bonus=True),
                name="line_evidence_one_bonus_item",
            ),
            models.CheckConstraint(
                condition=Q(record__isnull=False, stored=None) | Q(record=None, stored__isnull=False),
                name="line_evidence_is_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="line_evidence_removal_paired",
            ),
        ]


class LineGrade(models.Model):
    """What one expert grades one item that the form leaves to judgement [A2.B4][S14][S17]. Every sheet stays."""

    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="grades")
    grader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField("评等", max_length=10)  # a code of the item's parameters
    note = models.CharField("理由", max_length=500, blank=True)
    graded_at = models.DateTimeField("评等时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "专家评等"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["line", "grader"], name="line_grade_once")]


class Falsification(models.Model):
    """弄虚作假 found in a card [5.4.4]: what was found and by what proof. It stands until it is lifted with a reason."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    card = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="falsifications")
    facts = models.TextField("认定的事实", max_length=2000)
    proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField("认定时间", default=timezone.now)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField("撤销时间", null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_why = models.CharField("撤销原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "弄虚作假认定"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(lifted_at=None), name="falsification_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_why="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why="")),
                name="falsification_lifting_whole",
            ),
        ]


class Reconsideration(models.Model):
    """复核: what the studio asks about a provisional result, and the answer; once a card."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "维持"
        CHANGED = "changed", "变更"

    card = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="reconsideration")
    request = models.TextField("复核理由", max_length=2000)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间", default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("复核结果", max_length=8, choices=Outcome, blank=True)
    reply = models.TextField("复核意见", max_length=2000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "复核"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None, answered_by=None)
                | (
                    Q(outcome__in=["upheld", "changed"])
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(reply="")
                ),
                name="reconsideration_answer_whole",
            ),
        ]
