"""Whom did the demo order to put things right, and whose right to be in the park is or was in question [5.4]?"""

from django.utils import timezone

from assessments.actions.rectification import cards_to_rectify, issue_order
from assessments.actions.revocation import propose_revocation
from assessments.workflow import RECTIFICATION, REVOCATION
from workshops.actions import recognition
from workshops.management.demo.stage import Stage
from workshops.models import RecognitionEvent

# How far each order came, in the order of the cards that failed; the first waits for the studio's report.
ORDERS = ("issued", "reported", "passed", "withdrawn")
ITEMS = [
    {"clause": "A2.9", "problem": "全年没有工作日志。", "demand": "建立工作日志，逐日记录，每月报送。"},
    {
        "clause": "A2.2",
        "problem": "领衔人多数月份到园不足10天。",
        "demand": "领衔人每月到园不少于10天，按时签到。",
    },
]


def chapters(stage: Stage) -> list:
    """Generators to be merged by time with whatever else is told."""
    return [_rectifications(stage), _revoked(stage), _undecided(stage), _dropped(stage)]


def _rectifications(stage):
    """An order for every failed card of the evaluation, as many as there are; none without."""
    office = stage.people["office1"]
    yield stage.at(stage.ago(40), 9, 10)
    cards = list(cards_to_rectify()[: len(ORDERS)])
    orders = [
        (issue_order(card.residency, card=card, items=ITEMS, by=office), how)
        for card, how in zip(cards, ORDERS, strict=False)
    ]
    yield stage.at(stage.ago(38), 10, 20)
    for order, how in orders:
        if how != "withdrawn":
            RECTIFICATION.perform(order, "acknowledge_rectification", by=_owner(order.residency))
    yield stage.at(stage.ago(6), 15, 30)
    for order, how in orders:
        if how == "withdrawn":
            reason = {"reason": "评分表复核后等次变更"}
            RECTIFICATION.perform(order, "withdraw_rectification", by=office, data=reason)
        elif how != "issued":
            answers = {
                item.number: ("已按要求整改，见照片。", [stage.picture("整改证明")])
                for item in order.items.all()
            }
            data = {"answers": answers, "statement": "全部完成。"}
            RECTIFICATION.perform(order, "report_rectification", by=_owner(order.residency), data=data)
    yield stage.at(stage.ago(2), 14, 10)
    for order, how in orders:
        if how == "passed":
            verdicts = {item.number: ("met", "现场查看，已落实。") for item in order.items.all()}
            data = {"verdicts": verdicts, "opinion": "各项达标。", "rechecked_on": timezone.localdate()}
            RECTIFICATION.perform(order, "pass_rectification", by=office, data=data)


def _owner(residency):
    return residency.studio.people.order_by("pk").first()


def _revoked(stage):
    """studio11: the recognition was ended, everything said, decided and served; the room is still to come back."""
    people = stage.people
    yield stage.at(stage.ago(95), 10, 30)
    event = recognition.record_recognition(
        stage.studio("studio11"),
        kind="cancelled",
        level=stage.levels["city"],
        document_no="镇人社〔演示〕118号",
        authority="镇江市人力资源和社会保障局",
        decided_on=stage.ago(100),
        note="考核不合格，予以注销",
        scan=stage.picture("注销文件"),
        by=people["office1"],
    )
    yield stage.at(stage.ago(80), 9, 5)
    row = propose_revocation(
        stage.studio("studio11").standing_residency(),
        ground="recognition",
        recognition=event,
        facts="认定机关考核后注销了工作室的认定，工作室不再具备入驻的基础。",
        by=people["director"],
    )
    yield from _told(stage, row, 78)
    yield stage.at(stage.ago(75), 16, 40)
    row = REVOCATION.perform(
        row,
        "defend_revocation",
        by=people["studio11"],
        data={"text": "我室正在申请恢复认定，请求暂缓取消。", "files": [stage.picture("申请材料")]},
    )
    yield stage.at(stage.ago(60), 11, 5)
    data = {
        "minutes_no": "镇技园组纪〔演示〕取1号", "minutes_on": timezone.localdate(), "reason": "注销决定已经生效，事实清楚。",
        "defence_answer": "恢复认定没有结果，不影响注销决定的效力，暂缓的请求不予采纳。",
    }  # fmt: skip
    row = REVOCATION.perform(row, "resolve_revocation", by=people["working1"], data=data)
    yield stage.at(stage.ago(40), 15)
    REVOCATION.perform(row, "serve_revocation", by=people["office2"], data=_receipt(stage))


def _undecided(stage):
    """studio8: withdrawn as well; it has spoken, and the working group is to decide."""
    people = stage.people
    yield stage.at(stage.ago(31), 9, 15)
    studio = stage.studio("studio8")
    event = studio.recognitions.filter(kind__in=RecognitionEvent.ENDING).first()
    row = propose_revocation(
        studio.standing_residency(),
        ground="recognition",
        recognition=event,
        facts="连续两年未开展活动，认定机关撤销了工作室的认定。",
        by=people["office1"],
    )
    yield from _told(stage, row, 29)
    yield stage.at(stage.ago(26), 17, 5)
    text = "两年中设备改造，活动转到企业开展，有企业证明；请求保留入驻资格。"
    data = {"text": text, "files": [stage.picture("企业证明")]}
    REVOCATION.perform(row, "defend_revocation", by=people["studio8"], data=data)


def _dropped(stage):
    """studio6: proposed for negligence, and dropped before the studio was told."""
    people = stage.people
    yield stage.at(stage.ago(70), 10, 45)
    row = propose_revocation(
        stage.studio("studio6").standing_residency(),
        ground="misconduct",
        act_kind="negligence",
        act="演示：机器人试车时没有设置围栏。",
        act_proof=stage.picture("情况报告"),
        consequence="演示：企业设备损坏，停产两天。",
        consequence_proof=stage.picture("损失清单"),
        established_by="镇江市应急管理局（演示）",
        established_no="镇应急〔演示〕7号",
        facts="试车违反操作规程，造成损失。",
        by=people["office1"],
    )
    yield stage.at(stage.ago(66), 10, 45)
    reason = {"reason": "认定机关复查后撤销了认定，事实不成立"}
    REVOCATION.perform(row, "drop_revocation", by=people["office1"], data=reason)


def _told(stage, row, days):
    """The notice, printed and served the day after."""
    office = stage.people["office1"]
    yield stage.at(stage.ago(days + 1), 9, 25)
    row = REVOCATION.perform(row, "notify_revocation", by=office)
    yield stage.at(stage.ago(days), 10, 35)
    REVOCATION.perform(row, "serve_revocation_notice", by=office, data=_receipt(stage))


def _receipt(stage) -> dict:
    return {
        "way": "direct", "served_on": timezone.localdate(), "receiver": "领衔人本人", "remark": "",
        "scan": stage.picture("送达回证"),
    }  # fmt: skip
