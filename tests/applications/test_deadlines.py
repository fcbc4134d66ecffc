"""What the daily run does on which day, that it does it once, and that it leaves the rest alone."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from applications.actions import deadlines, filling, recommending, reviewing
from applications.models import Application, SectionDraft
from applications.workflow import ADMISSION
from park import formkeys, rules
from park.models import AuditEntry, Document, FormKey, Notification, StoredFile
from tests.applications import filled
from tests.applications.conftest import verbs_of
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def owner():
    return UserFactory(roles=["applicant"], real_name="陈青松")


@pytest.fixture
def officer():
    return UserFactory(roles=["office"])


# ── corrections ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def corrected(clock, owner, officer):
    """A correction told on Monday 2 March 2026; ten working days end on Monday the 16th."""
    clock("2026-03-02")
    application = filled.in_correction(by=owner, officer=officer)
    assert application.due_on == date(2026, 3, 16)
    return application


def told(owner):
    return list(
        Notification.objects.filter(user=owner, text__contains="补正期限是").values_list("text", flat=True)
    )


@pytest.mark.parametrize(
    ("day", "reminded"),
    [("2026-03-10", 0), ("2026-03-11", 1), ("2026-03-13", 1), ("2026-03-16", 1), ("2026-03-17", 0)],
)
def test_a_correction_is_reminded_three_working_days_before(clock, corrected, owner, day, reminded):
    clock(day)
    assert deadlines.remind_of_corrections() == reminded
    assert told(owner) == [f"{corrected}：补正期限是 2026年03月16日，请在当日之前提交补正。"] * reminded


def test_a_correction_is_reminded_once(clock, corrected, owner):
    for day in ("2026-03-11", "2026-03-11", "2026-03-12", "2026-03-16"):
        clock(day)
        call_command("run_daily", verbosity=0)
    assert len(told(owner)) == 1
    assert verbs_of(corrected).count("remind_correction") == 1


def test_an_answered_correction_is_not_reminded(clock, corrected, owner):
    ADMISSION.perform(corrected, "withdraw", by=owner)
    clock("2026-03-13")
    assert deadlines.remind_of_corrections() == 0


def test_with_zero_days_the_reminder_comes_on_the_last_day(clock, corrected, officer):
    rules.set_rule("correction_reminder_days", 0, by=officer, reason="试验")
    clock("2026-03-13")
    assert deadlines.remind_of_corrections() == 0
    clock("2026-03-16")
    assert deadlines.remind_of_corrections() == 1


def test_the_daily_run_lapses_what_is_overdue_and_says_so(clock, corrected, owner, capsys):
    clock("2026-03-16")
    call_command("run_daily")
    assert "逾期未补正，视为撤回：0 件。" in capsys.readouterr().out
    clock("2026-03-17")
    for expected in (1, 0):
        call_command("run_daily")
        assert f"逾期未补正，视为撤回：{expected} 件。" in capsys.readouterr().out
    application = Application.objects.get(pk=corrected.pk)
    assert (application.status, application.due_on) == ("withdrawn", None)
    assert verbs_of(application).count("lapse") == 1
    assert Notification.objects.filter(user=owner, text__contains="逾期未补正").count() == 1


def test_where_the_rule_says_no_nothing_lapses(clock, corrected, officer):
    rules.set_rule("correction_lapse", False, by=officer, reason="试验")
    clock("2026-05-01")
    call_command("run_daily", verbosity=0)
    assert Application.objects.get(pk=corrected.pk).status == "correction"


def test_a_review_that_is_overdue_never_lapses(clock, owner):
    clock("2026-03-02")
    application = filled.submitted(by=owner)
    clock("2026-06-01")
    call_command("run_daily", verbosity=0)
    assert Application.objects.get(pk=application.pk).status == "submitted"


# ── forgotten drafts ────────────────────────────────────────────────────────────────────────────
def aged(application, moment):
    """As if everything of this application had last been touched then."""
    Application.objects.filter(pk=application.pk).update(created_at=moment, status_since=moment)
    SectionDraft.objects.filter(application=application).update(saved_at=moment)
    application.files.update(added_at=moment)
    application.stamp_copies.update(made_at=moment)
    return application


START = datetime.fromisoformat("2026-01-05T09:00:00+08:00")


@pytest.fixture
def forgotten(owner, db):
    return aged(filled.draft(by=owner), START)


def run(clock, days) -> tuple[int, int]:
    """So many days after the last touch: (warned, erased)."""
    clock((START + timedelta(days=days)).date().isoformat())
    return deadlines.warn_of_forgotten_drafts(), deadlines.erase_forgotten_drafts()


def test_a_forgotten_draft_is_announced_and_a_week_later_erased(clock, forgotten, owner):
    assert [run(clock, day) for day in (172, 173, 174, 179)] == [(0, 0), (1, 0), (0, 0), (0, 0)]
    # the entry's own time is that of the frozen clock
    assert [n.text for n in Notification.objects.filter(user=owner)] == [
        "您有一份入驻申报已 173 天没有修改，再过 7 天仍未修改或提交将被清除。"
    ]
    assert run(clock, 180) == (0, 1)
    assert not Application.objects.filter(pk=forgotten.pk).exists()
    assert run(clock, 181) == (0, 0)


def test_a_draft_is_not_erased_before_its_week_of_notice(clock, forgotten):
    """The daily run stood still for a month: the week is given all the same."""
    assert [run(clock, day) for day in (210, 216, 217)] == [(1, 0), (0, 0), (0, 1)]


def test_a_touched_draft_starts_anew(clock, forgotten, owner):
    assert run(clock, 173) == (1, 0)
    moment = clock("2026-06-30")
    filling.save_section(forgotten, "plan", {"plan_or_goals": "还在写"}, version=1, by=owner)
    SectionDraft.objects.filter(application=forgotten, name="plan").update(saved_at=moment)
    assert run(clock, 190) == (0, 0)
    clock("2026-12-21")  # more than 173 days after the last save
    assert (deadlines.warn_of_forgotten_drafts(), deadlines.erase_forgotten_drafts()) == (1, 0)


def test_everything_of_an_erased_draft_goes(clock, forgotten, owner, django_capture_on_commit_callbacks):
    filled.recommend(forgotten, by=owner)
    recommending.make_link(forgotten, by=owner)
    aged(forgotten, START)
    forgotten.recommendations.update(received_at=START)
    stored = list(StoredFile.objects.filter(purged_at=None))
    paper = forgotten.stamp_copies.get().document
    run(clock, 173)
    with django_capture_on_commit_callbacks(execute=True):
        assert run(clock, 180) == (0, 1)
    assert not SectionDraft.objects.filter(application_id=forgotten.pk).exists()
    assert [f for f in stored if default_storage.exists(f.storage_name)] == []
    assert StoredFile.objects.filter(purged_at=None).count() == 0
    assert Document.objects.get(pk=paper.pk).state == "withdrawn"
    entry = AuditEntry.objects.get(verb="erase_unfiled")
    assert (entry.by, entry.subject_id) == (None, str(forgotten.pk))


def test_a_draft_that_was_withdrawn_goes_the_same_way(clock, forgotten, owner):
    ADMISSION.perform(forgotten, "withdraw", by=owner)
    aged(forgotten, START)
    assert [run(clock, day) for day in (173, 180)] == [(1, 0), (0, 1)]


def test_what_was_filed_is_never_erased(clock, owner, officer):
    application = filled.submitted(by=owner)
    reviewing.add_correction_item(application, section="plan", missing="补", clause="", by=officer)
    ADMISSION.perform(application, "withdraw", by=owner)
    aged(application, START)
    assert [run(clock, day) for day in (173, 180, 800)] == [(0, 0)] * 3


def test_the_rule_gives_the_term(clock, forgotten, officer):
    rules.set_rule("draft_retention_days", 30, by=officer, reason="试验")
    assert [run(clock, day) for day in (22, 23, 29, 30)] == [(0, 0), (1, 0), (0, 0), (0, 1)]


# ── the rest of the day ─────────────────────────────────────────────────────────────────────────
def test_old_form_keys_go(owner):
    for age in (1, 29, 31):
        FormKey.objects.create(
            key=formkeys.new_key(), user=owner, used_at=timezone.now() - timedelta(days=age)
        )
    call_command("run_daily", verbosity=0)
    assert FormKey.objects.count() == 2


def test_a_day_without_work_prints_zeros(reference, db, capsys):
    call_command("run_daily")
    assert capsys.readouterr().out.splitlines() == [
        "缴费提醒和催缴：0 件。",
        "统计报表开报：0 件。",
        "统计报表催报：0 件。",
        "领衔人接替期限届满：0 件。",
        "免租期、协议期届满和逾期未签协议提醒：0 件。",
        "补正到期提醒：0 件。",
        "逾期未补正，视为撤回：0 件。",
        "草稿清除前提醒：0 件。",
        "清除逾期草稿：0 件。",
        "年度得分预测：0 件。",
        "考核得分按台账重新计算：0 件。",
        "自评到期提醒：0 件。",
        "整改期限届满前提醒：0 件。",
        "陈述申辩期限届满：0 件。",
        "取消资格后房间全部交还：0 件。",
        "入驻已结束的整改和取消资格：0 件。",
        "清理登录 0 个，表单凭证 0 个。",
        "已删除 0 个没有登记的文件。",
        "已删除 0 个到期的任务结果，0 个中断任务的残留。",
    ]
