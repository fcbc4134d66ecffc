"""The ballot [3.2.2 投票表决]: rounds, the roll of who has voted, and the slips of what was voted.

Roll and slips share no key, no time and no order. How that is kept is said in `actions/balloting.py`; what it
cannot keep from a database administrator is said in docs/ballot.md.
"""

import uuid
from collections import Counter

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from applications.models.panel import AgendaItem, Means, Seat, Voting
from park import crypto
from park.fields import EncryptedTextField
from park.models import StoredFile


class Choice(models.TextChoices):
    """One letter each: a sealed slip must not tell by its length what is in it."""

    APPROVE = "a", "同意"
    OPPOSE = "o", "不同意"
    ABSTAIN = "n", "弃权"


class RoundOutcome(models.TextChoices):
    """What a closed round came to; computed by `applications.tally`, never typed."""

    PASSED = "passed", "通过"
    FAILED = "failed", "不通过"
    TIE = "tie", "同意与不同意票数相等，可重新投票"
    ALL_ABSTAIN = "all_abstain", "全部弃权，可重新投票"
    NO_QUORUM = "no_quorum", "到会人数不足，不能表决"
    TOO_FEW = "too_few", "有表决权的人数不足，不能表决"
    VOID = "void", "本轮作废，不计票"


# After these the panel may vote again, as often as the rule of the session allows.
REBALLOTS = (RoundOutcome.TIE, RoundOutcome.ALL_ABSTAIN)


class BallotRound(models.Model):
    """One opening and closing of the ballot on one case. Counts are empty until it is closed, then frozen."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField("第几轮")
    voting = models.CharField(max_length=10, choices=Voting)
    means = models.CharField(max_length=10, choices=Means)
    quorum = models.CharField(max_length=20)
    threshold = models.CharField(max_length=20)
    min_voters = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField("应到")
    present = models.PositiveSmallIntegerField("实到")
    recused = models.PositiveSmallIntegerField("回避")
    eligible = models.PositiveSmallIntegerField("有表决权")
    opened_at = models.DateTimeField("开始时间", default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("结束时间", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approve = models.PositiveSmallIntegerField("同意", null=True)
    oppose = models.PositiveSmallIntegerField("不同意", null=True)
    abstain = models.PositiveSmallIntegerField("弃权", null=True)
    invalid = models.PositiveSmallIntegerField("无效票", null=True)
    outcome = models.CharField("结果", max_length=20, choices=RoundOutcome, blank=True)
    arithmetic = models.CharField("计算过程", max_length=300, blank=True)
    count_sheet = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "投票轮次"
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="ballot_round_number_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(closed_at=None), name="ballot_one_open_round"
            ),
            models.CheckConstraint(
                condition=Q(
                    closed_at=None,
                    closed_by=None,
                    approve=None,
                    oppose=None,
                    abstain=None,
                    invalid=None,
                    outcome="",
                )
                | Q(
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    approve__isnull=False,
                    oppose__isnull=False,
                    abstain__isnull=False,
                    invalid__isnull=False,
                    outcome__in=RoundOutcome.values,
                ),
                name="ballot_no_counts_before_close",
            ),
            models.CheckConstraint(
                condition=Q(approve=None)
                | Q(eligible__gte=F("approve") + F("oppose") + F("abstain") + F("invalid")),
                name="ballot_no_more_votes_than_voters",
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("seats"), eligible=F("present") - F("recused")),
                name="ballot_head_counts_agree",
            ),
        ]

    def __str__(self):
        return f"{self.item} 第{self.number}轮"

    def reballots_left(self) -> int:
        """How often the panel may still vote again on the case, not counting this round and later ones."""
        again = self.item.rounds.filter(number__lt=self.number, outcome__in=REBALLOTS).count()
        return self.item.session.reballot_max - again

    def recounted(self) -> tuple | None:
        """(同意, 不同意, 弃权) of an online round, added up again from its votes; None where one cannot be read."""
        try:
            if self.voting == Voting.OPEN:
                sums = Counter(self.open_votes.values_list("choice", flat=True))
            else:
                sums = Counter(slip.choice for slip in self.slips.all())
        except crypto.Undecipherable:
            return None
        if set(sums) - set(Choice.values):
            return None
        return tuple(sums[choice] for choice in (Choice.APPROVE, Choice.OPPOSE, Choice.ABSTAIN))


class RollMark(models.Model):
    """Who may vote in a round, and whether they have."""

    round = models.ForeignKey(BallotRound, on_delete=models.PROTECT, related_name="roll")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    has_voted = models.BooleanField("已投票", default=False)
    touched = models.PositiveIntegerField(default=0)  # rewritten with every vote, on every row of the round

    class Meta:
        verbose_name = verbose_name_plural = "投票名册"
        constraints = [models.UniqueConstraint(fields=["round", "seat"], name="roll_mark_once")]


class Slip(models.Model):
    """One sealed vote of a secret ballot: no voter, no time, no order, no readable choice."""

    row_key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(BallotRound, on_delete=models.PROTECT, related_name="slips")
    choice = EncryptedTextField()

    class Meta:
        verbose_name = verbose_name_plural = "选票"


class OpenVote(models.Model):
    """One vote of an open (记名) ballot."""

    round = models.ForeignKey(BallotRound, on_delete=models.PROTECT, related_name="open_votes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=1, choices=Choice)

    class Meta:
        verbose_name = verbose_name_plural = "记名投票"
        constraints = [
            models.UniqueConstraint(fields=["round", "seat"], name="open_vote_once"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="open_vote_choice_known"),
        ]


class PaperCount(models.Model):
    """What one of two officers counted from the paper slips."""

    round = models.ForeignKey(BallotRound, on_delete=models.PROTECT, related_name="paper_counts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    approve = models.PositiveSmallIntegerField("同意")
    oppose = models.PositiveSmallIntegerField("不同意")
    abstain = models.PositiveSmallIntegerField("弃权")
    invalid = models.PositiveSmallIntegerField("无效票", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "纸质选票计数"
        constraints = [models.UniqueConstraint(fields=["round", "by"], name="paper_count_once_per_officer")]

    @property
    def figures(self):
        return (self.approve, self.oppose, self.abstain, self.invalid)
