"""What the public reads of a year's results [5.2]: the grades, where the park publishes them at all (本园设定).

Who was graded how is shown by PUBLIC_COLUMNS alone, and no points; a leader is named who agreed to be shown [L6].
"""

from django.db import transaction

from assessments.models import CycleStatus, EvaluationCycle, Scorecard, ScorecardStatus
from park import audit, rules
from park.announcements import drafting
from park.models import Announcement, AnnouncementStatus, Consent
from park.wording import REGULATION, contact
from park.workflow import Refused
from workshops.models import Studio

RESULTS = "evaluation_results"
PUBLIC_COLUMNS = (("studio_name", "工作室名称"), ("leader_name", "领衔人"), ("grade", "等次"))
COLUMNS = [{"key": key, "label": label} for key, label in PUBLIC_COLUMNS]
NOT_NAMED = "—"


def results_title(cycle) -> str:
    return f"镇江市技能大师产业创新园{cycle.year}年度考核结果"


def results_text(cycle) -> str:
    """The usual words to begin with."""
    parts = [
        f"根据{REGULATION}第五部分（二），管理办公室对入驻镇江市技能大师产业创新园的技能大师工作室进行了"
        f"{cycle.year}年度绩效评估，现将考核结果予以公布。",
        f"{contact()}。" if contact() else "",
    ]
    return "\n\n".join(filter(None, parts))


def public_rows(cycle) -> list[dict]:
    """Every final card of the year by the name of its studio, and the key that leads back to it."""
    cards = list(
        cycle.cards.filter(status=ScorecardStatus.FINAL)
        .select_related("studio")
        .order_by("studio__name", "pk")
    )
    agreed = _agreed([card.studio_id for card in cards])
    return [
        {
            "key": str(card.key),
            "studio_name": card.studio.name,
            "leader_name": card.leader_name if card.studio_id in agreed else NOT_NAMED,
            "grade": card.get_grade_display(),
        }
        for card in cards
    ]


def _agreed(studios) -> set[int]:
    """Studios for which somebody agreed that name, unit and occupation are public (PIPL 25)."""
    consents = Consent.objects.standing().filter(purpose=Consent.Purpose.DISCLOSURE)
    named = Studio.objects.filter(pk__in=studios, people__in=consents.values("user"))
    return set(named.order_by().values_list("pk", flat=True))


@transaction.atomic
def draft_results(cycle, *, title, text, by) -> Announcement:
    """The results of a closed year as an announcement; it is read by three as any other. Raises Refused."""
    row = EvaluationCycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if row.cards.filter(studio__people=by).exists():
        raise Refused("您参与的工作室在本年度考核之列，不能起草结果公告。")
    if faults := _faults(row):
        raise Refused(*faults)
    if standing := announcements_of(row):
        raise Refused(f"{row}的结果已经起草过公告（{standing[0].number}）；要重新起草，请先撤下它。")
    rows = public_rows(row)
    if not rows:
        raise Refused(f"{row}没有确定了结果的工作室。")
    announcement = drafting.draft(RESULTS, title=title, text=text, columns=COLUMNS, rows=rows, by=by)
    audit.record("draft_results", row, by=by, after=announcement.number, clause="5.2")
    return announcement


def announcements_of(cycle) -> list[Announcement]:
    """Those of the year's results that were not taken down."""
    keys = {str(key) for key in cycle.cards.values_list("key", flat=True)}
    drafted = Announcement.objects.filter(kind=RESULTS).exclude(status=AnnouncementStatus.WITHDRAWN)
    return [row for row in drafted if keys & {shown["key"] for shown in row.rows}]


def _faults(cycle) -> list[str]:
    faults = [] if rules.get("publish_results") else ["本园设定为不公布考核结果。"]
    if cycle.status != CycleStatus.CLOSED:
        faults.append(f"{cycle}还没有办结，不能公布结果。")
    return faults


# ── what the kind means (registered in AppConfig.ready) ─────────────────────────────────────────
def cards_on(announcement):
    return Scorecard.objects.filter(key__in=[row["key"] for row in announcement.rows])


def cycle_of(announcement) -> EvaluationCycle:
    return EvaluationCycle.objects.filter(cards__in=cards_on(announcement)).distinct().get()


def may_announce(user, announcement) -> bool:
    """Nobody announces the result of a studio of their own."""
    return not cards_on(announcement).filter(studio__people=user).exists()


def results_faults(announcement) -> list[str]:
    """What in the records speaks against these rows now."""
    cycle = cycle_of(announcement)
    faults = _faults(cycle)
    if announcement.rows != public_rows(cycle):
        faults.append("名单上的信息已有变化，请退回后更新名单。")
    return faults


def renewed_rows(announcement) -> list[dict]:
    return public_rows(cycle_of(announcement))


def links_of_results(user, announcement) -> list[tuple[str, str]]:
    cycle = cycle_of(announcement)
    return [(str(cycle), cycle.get_absolute_url())]
