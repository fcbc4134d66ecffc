"""Does a ground of [5.4] stand? Asked when something is ordered or proposed, and again before every step that rests on
it. Each answers "" or one sentence."""

from assessments.models import GradeOfYear, OrderStatus, Revocation, RevocationStatus, ScorecardStatus
from park.templatetags.ui import date_zh
from workshops.models import STANDING, LeaderChange, RecognitionEvent, ResidencyStatus


# ── 限期整改 ────────────────────────────────────────────────────────────────────────────────────
def studio_may_be_ordered(order):
    """It is in the park, its term running, and under no other order."""
    residency = order.residency
    if residency.rectifications.open().exclude(pk=order.pk).exists():
        return "这个工作室已有一件没有办结的限期整改。"
    if residency.status != ResidencyStatus.ACTIVE:
        return f"入驻现在是“{residency.get_status_display()}”，不能发出限期整改通知。"
    return ""


def order_has_its_ground(order):
    """The final card of a year with 不合格, or a finding of 弄虚作假 that was not lifted; of this very stay."""
    card = order.card
    if order.ground == order.Ground.FAILED_CARD:
        if card is None or card.status != ScorecardStatus.FINAL or card.grade != GradeOfYear.FAIL:
            return "没有最终结果为“不合格”的考核评分表，不能据此限期整改。"
    elif order.falsification is None or order.falsification.lifted_at is not None:
        return "没有仍然有效的弄虚作假认定，不能据此限期整改。"
    else:
        card = order.falsification.card
    return "" if card.residency_id == order.residency_id else "事由不属于这一次入驻，不能据此限期整改。"


def ground_is_new(order):
    """One ground, one order: what was passed is over, and what was failed leads to [5.4.4]."""
    rows = type(order).objects.exclude(status=OrderStatus.WITHDRAWN).exclude(pk=order.pk)
    if order.card_id:
        before = rows.filter(card=order.card_id)
    else:
        before = rows.filter(falsification=order.falsification_id, falsification__isnull=False)
    row = before.first()
    return f"这一事由已经发过限期整改通知（{row.number}）。" if row else ""


BEFORE_ORDERING = (studio_may_be_ordered, order_has_its_ground, ground_is_new)


# ── 取消资格 ────────────────────────────────────────────────────────────────────────────────────
def residency_stands(revocation):
    residency = revocation.residency
    if residency.status in STANDING:
        return ""
    return f"入驻现在是“{residency.get_status_display()}”，不能取消资格。"


def no_other_revocation(revocation):
    if revocation.residency.revocations.open().exclude(pk=revocation.pk).exists():
        return "这个工作室已有一件没有办结的取消资格。"
    return ""


def recognition_was_ended(revocation):
    """[5.4.1][T19]: the recognising authority ended it, by a paper with its number, and it was not granted anew."""
    event = revocation.recognition
    if event is None or event.studio_id != revocation.residency.studio_id or not event.is_ending:
        return "没有登记注销或撤销认定的文件，不能按五（四）1提出。"
    later = RecognitionEvent.objects.filter(
        studio=event.studio_id, kind=RecognitionEvent.Kind.GRANTED, decided_on__gt=event.decided_on
    ).first()
    if later is not None:
        return (
            f"工作室已于{date_zh(later.decided_on)}重新获得认定（{later.document_no}），不能按五（四）1提出。"
        )
    return "" if event.document_no else "注销或撤销认定的文件没有文号。"


def leader_is_gone(revocation):
    """[5.4.2][T14]: the window lapsed and nobody has followed since."""
    change = revocation.leader_change
    if change is None or change.studio_id != revocation.residency.studio_id:
        return "没有登记领衔人离任，不能按五（四）2提出。"
    if not LeaderChange.objects.unfollowed().filter(pk=change.pk).exists():
        return "领衔人变更不是“逾期无人接替”，或后来已有人接替，不能按五（四）2提出。"
    return ""


def act_and_consequence(revocation):
    """[5.4.3] asks for both, each with its paper, and for an organ that established them."""
    wanted = (
        (revocation.act_kind, "行为性质"),
        (revocation.act, "违法违纪行为或者重大过失的情况"),
        (revocation.act_proof_id, "行为的证明材料"),
        (revocation.consequence, "重大损失和严重后果的情况"),
        (revocation.consequence_proof_id, "损失和后果的证明材料"),
        (revocation.established_by, "认定机关"),
        (revocation.established_no, "认定文号"),
    )
    missing = [words for value, words in wanted if not value]
    return f"按五（四）3提出，还缺少：{'、'.join(missing)}。" if missing else ""


def rectification_was_in_vain(revocation):
    """[5.4.4][T11]: the order expired and the re-check failed."""
    order = revocation.order
    if order is None or order.residency_id != revocation.residency_id:
        return "没有发过限期整改通知，不能按五（四）4提出：须先限期整改。"
    if order.status != OrderStatus.FAILED or order.rechecked_on <= order.deadline:
        return f"限期整改{order.number}是“{order.get_status_display()}”，期限届满并且复查不合格的，才能按五（四）4提出。"
    return ""


def ground_is_undecided(revocation):
    """What the working group declined is not proposed once more on the same fact."""
    rows = Revocation.objects.filter(
        residency=revocation.residency_id, ground=revocation.ground, status=RevocationStatus.DROPPED
    ).filter(ended_as__in=[Revocation.Ended.DECLINED, Revocation.Ended.RESCINDED])
    if revocation.ground == Revocation.Ground.MISCONDUCT:
        rows = rows.filter(established_no=revocation.established_no)
    else:
        column = {"recognition": "recognition", "leader_gone": "leader_change", "unrectified": "order"}
        name = column[revocation.ground]
        rows = rows.filter(**{name: getattr(revocation, f"{name}_id"), f"{name}__isnull": False})
    row = rows.exclude(pk=revocation.pk).first()
    return f"工作小组已就同一事实决定不取消资格（{row.number}），不能再次提出。" if row else ""


FACTS_OF = {
    Revocation.Ground.RECOGNITION: recognition_was_ended,
    Revocation.Ground.LEADER_GONE: leader_is_gone,
    Revocation.Ground.MISCONDUCT: act_and_consequence,
    Revocation.Ground.UNRECTIFIED: rectification_was_in_vain,
}


def revocation_has_its_facts(revocation):
    """The facts of its own ground, each with what proves it."""
    return FACTS_OF[revocation.ground](revocation)


BEFORE_PROPOSING = (residency_stands, no_other_revocation, revocation_has_its_facts, ground_is_undecided)
