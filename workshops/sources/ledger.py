"""What do the ledgers know of a period? Records that the studio submitted, verified or still waiting to be.

A record counts in the period in which it happened; what has a result of its own (a prize, a report, a benefit) in the
period of that day; an agreement that runs on (带徒, 攻关) in every period that it touches.
"""

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from workshops.models import LedgerRecord, LedgerStatus, Trainee
from workshops.sources.definition import Source

COUNTED = (LedgerStatus.SUBMITTED, LedgerStatus.VERIFIED)


def _records(studios, kind):
    return LedgerRecord.objects.filter(studio__in=studios, kind=kind, status__in=COUNTED).order_by()


def _by_studio(rows, what) -> dict:
    return dict(rows.values("studio").annotate(n=what).values_list("studio", "n"))


def _happened(kind, what=None, **only):
    """Began in the period."""

    def read(studios, first, last):
        rows = _records(studios, kind).filter(happened_on__range=(first, last), **only)
        return _by_studio(rows, what or Count("pk"))

    return read


def _ended(kind, what):
    """Ended in the period: what was reckoned up to that day."""

    def read(studios, first, last):
        rows = _records(studios, kind)
        rows = rows.alias(day=Coalesce("until_on", "happened_on")).filter(day__range=(first, last))
        return _by_studio(rows, what)

    return read


def _running(kind):
    """Ran on some day of the period."""

    def read(studios, first, last):
        touches = Q(until_on=None) | Q(until_on__gte=first)
        return _by_studio(_records(studios, kind).filter(touches, happened_on__lte=last), Count("pk"))

    return read


def contests_won(studios, first, last):
    """Records of contests with a result, on the day of the contest."""
    rows = _records(studios, "contest").filter(data__has_key="result").exclude(data__result="")
    rows = rows.alias(day=Coalesce("until_on", "happened_on")).filter(day__range=(first, last))
    return _by_studio(rows, Count("pk"))


def trained(studios, first, last):
    """人次: everybody on every roster of a training that began in the period."""
    rows = _records(studios, "training").filter(happened_on__range=(first, last))
    return _by_studio(rows, Sum("row_count"))


def certified(studios, first, last):
    """Different people with a certificate dated in the period."""
    rows = Trainee.objects.filter(
        studio__in=studios, record__status__in=COUNTED, certified_on__range=(first, last)
    )
    rows = rows.exclude(certificate_no="").order_by().values("studio")
    return dict(rows.annotate(n=Count("person_key", distinct=True)).values_list("studio", "n"))


def apprentices(studios, first, last):
    """Different apprentices with an agreement that runs in the period; without a name, agreements."""
    touches = Q(until_on=None) | Q(until_on__gte=first)
    rows = _records(studios, "apprenticeship").filter(touches, happened_on__lte=last)
    named = Count("person", distinct=True, filter=~Q(person=""))
    return _by_studio(rows, named + Count("pk", filter=Q(person="")))


AMOUNT = Sum(F("amount_fen"))

# fmt: off
SOURCES = (
    Source("trained",      "培训人次",           "人次", "int",   trained,                   "本期开始的培训，花名册人数之和"),
    Source("certified",    "取得证书人数",       "人",   "int",   certified,                 "花名册中本期发证的人员，同一人只计一次"),
    Source("apprentices",  "带徒人数",           "人",   "int",   apprentices,               "本期内有效的师徒协议中的徒弟"),
    Source("projects",     "攻关项目数",         "项",   "int",   _running("project"),       "本期内开展的技术攻关、革新项目"),
    Source("exchanges",    "交流活动次数",       "次",   "int",   _happened("exchange"),     "本期开始的交流、研讨、展示"),
    Source("services",     "社会服务次数",       "次",   "int",   _happened("service"),      "本期开始的技能服务社会活动"),
    Source("contests",     "竞赛获奖数",         "项",   "int",   contests_won,              "竞赛日期在本期且有成绩的记录"),
    Source("media",        "媒体报道次数",       "次",   "int",   _happened("media"),        "本期的媒体报道"),
    Source("achievements", "专利论文数",         "项",   "int",   _happened("achievement", category__in=("patent", "paper")), "本期授予的专利和发表的论文"),
    Source("benefit",      "经济效益",           "元",   "money", _ended("benefit", AMOUNT), "截止日期在本期的经济效益"),
    Source("paid_service", "有偿服务收入",       "元",   "money", _happened("paid_service", AMOUNT), "本期签订的有偿服务合同金额"),
)
# fmt: on
