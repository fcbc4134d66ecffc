"""House rules are published and read, breaches recorded and answered [5.3][M3.1]."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from park import attachments, audit, notices, rules, workdays
from park.models import User
from park.workflow import Refused
from workshops.models import Breach, HouseRule, HouseRuleVersion, ReadReceipt
from workshops.models.house_rule import readers_in_park
from workshops.permissions import is_of_studio, is_office, is_officer


def unread_rows(version):
    """(studio, person) of everybody in the park who has not read this version."""
    return readers_in_park().exclude(user__in=version.receipts.values("user"))


@transaction.atomic
def publish_rule(*, title, text, change, stored, by, rule=None) -> HouseRuleVersion:
    """A new regulation, or the next version of one: everybody in the park is asked to read it. Raises Refused."""
    if not is_office(by):
        raise Refused("规章制度由管理办公室发布。")
    if rule is None:
        if HouseRule.objects.filter(title=title).exists():
            raise Refused(f"已有“{title}”，请在其页面发布新版本。")
        last = HouseRule.objects.aggregate(last=Max("order"))["last"] or 0
        rule = HouseRule.objects.create(title=title, order=last + 10)
    rule = HouseRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    last = rule.versions.aggregate(last=Max("number"))["last"] or 0
    version = HouseRuleVersion.objects.create(
        rule=rule,
        number=last + 1,
        text=text,
        change=change,
        stored=attachments.store(stored, by=by) if stored else None,
        read_by=workdays.add_workdays(timezone.localdate(), rules.get("house_rule_read_days")),
        published_by=by,
    )
    audit.record("publish_rule", version, by=by, after=f"第{version.number}版", note=change, clause="5.3")
    _ask_to_read(version, by)
    return version


def _ask_to_read(version, by) -> int:
    keys = unread_rows(version).order_by().values_list("user", flat=True).distinct()
    people = list(User.objects.filter(pk__in=list(keys)))
    text = f"请阅读“{version}”并确认。"
    notices.notify(people, text, url=version.get_absolute_url(), subject=version)
    return len(people)


@transaction.atomic
def confirm_reading(version, *, by) -> ReadReceipt:
    """“我已阅读”, once per person and version. Raises Refused for a version that no longer holds."""
    if not readers_in_park().filter(user=by).exists():
        raise Refused("只有在园工作室的人员需要阅读确认。")
    if not HouseRuleVersion.objects.in_force().filter(pk=version.pk).exists():
        raise Refused("这个版本已被取代，请阅读最新版本。")
    row, new = ReadReceipt.objects.get_or_create(version=version, user=by)
    if new:
        audit.record("confirm_reading", version, by=by, clause="5.3")
    return row


@transaction.atomic
def remind_readers(version, *, by) -> int:
    """Ask those again who have not read; once a day. How many were asked."""
    row = HouseRuleVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if not is_office(by):
        raise Refused("提醒由管理办公室发出。")
    today = timezone.localdate()
    if row.reminded_on == today:
        raise Refused("今天已经提醒过，明天可以再次提醒。")
    count = _ask_to_read(row, by)
    if not count:
        raise Refused("在园工作室人员都已阅读，不需要提醒。")
    row.reminded_on = today
    row.save(update_fields=["reminded_on"])
    audit.record("remind_readers", row, by=by, after=f"{count}人", clause="5.3")
    return count


# ── breaches ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def record_breach(*, studio, proof, by, **facts) -> Breach:
    """What a studio broke; it is told and may state its side. Raises Refused."""
    if not is_officer(by, studio):
        raise Refused("违规由管理办公室登记，不能登记本人的工作室。")
    row = Breach.objects.create(
        studio=studio,
        proof=attachments.store(proof, by=by) if proof else None,
        state_by=workdays.add_workdays(timezone.localdate(), rules.get("breach_statement_days")),
        recorded_by=by,
        **facts,
    )
    audit.record("record_breach", row, by=by, after=row.get_measure_display(), clause="5.3")
    people = [u for u in studio.people.all() if u.is_active]
    notices.notify(people, f"{row}已登记，可作出说明。", url=row.get_absolute_url(), subject=row)
    return row


@transaction.atomic
def state_breach(breach, *, statement, by) -> Breach:
    """The studio's own words, once; late ones are taken too."""
    row = Breach.objects.select_for_update(no_key=True).get(pk=breach.pk)
    if not is_of_studio(by, row.studio):
        raise Refused("只有工作室的人员可以说明。")
    if row.stated_at or row.struck_at:
        raise Refused("已经作过说明，或记录已撤销。")
    row.statement, row.stated_at, row.stated_by = statement, timezone.now(), by
    row.save(update_fields=["statement", "stated_at", "stated_by"])
    audit.record("state_breach", row, by=by, clause="5.3")
    url = row.get_absolute_url()
    notices.notify([row.recorded_by], f"{row}：工作室已说明。", url=url, subject=row)
    return row


@transaction.atomic
def strike_breach(breach, *, reason, by) -> Breach:
    """The record was an error: it stays readable and counts no more."""
    row = Breach.objects.select_for_update(no_key=True).get(pk=breach.pk)
    if not is_officer(by, row.studio):
        raise Refused("违规记录由管理办公室撤销，不能办理本人的工作室。")
    if row.struck_at:
        raise Refused("这条记录已经撤销。")
    row.struck_why, row.struck_at, row.struck_by = reason, timezone.now(), by
    row.save(update_fields=["struck_why", "struck_at", "struck_by"])
    audit.record("strike_breach", row, by=by, note=reason, clause="5.3")
    return row
