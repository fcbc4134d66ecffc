"""Background jobs: progress, results, files for a day; failures in plain words; dead workers; nobody else's."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from park import jobs
from park.formkeys import new_key
from park.models import AuditEntry, Job, Notification
from park.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch):
    """`kinds("name", run)`: a kind of work for this test alone."""
    monkeypatch.setattr(jobs, "KINDS", dict(jobs.KINDS))

    def make(code, run, **options):
        jobs.register(code, run, **{"may": lambda user: user.has_role("office")} | options)

    return make


@pytest.fixture
def officer(user):
    return user("office")


def begin(by, kind="count", total=3, **arguments) -> Job:
    return jobs.start(kind, "数一数 3 件", arguments, total, by)


def done(job) -> Job:
    jobs.run(job.key)
    return Job.objects.get(pk=job.pk)


# ── running ─────────────────────────────────────────────────────────────────────────────────────
def test_it_runs_after_the_commit_and_leaves_a_list_and_a_file(
    kinds, officer, django_capture_on_commit_callbacks
):
    def count(work):
        for n in range(work.arguments["upto"]):
            work.note(f"第{n}件", text="好")
        path = work.folder / "x"
        path.write_bytes(b"result")
        work.keep(path, "结果.zip")

    kinds("count", count)
    with django_capture_on_commit_callbacks(execute=True):
        job = begin(officer, upto=3)
        assert Job.objects.get().state == "waiting"
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.attempt) == ("done", 3, 3, 1)
    assert [line["label"] for line in job.result] == ["第0件", "第1件", "第2件"]
    with default_storage.open(job.storage_name) as stored:
        assert stored.read() == b"result"
    assert (job.file_name, job.size) == ("结果.zip", 6)
    assert "结果" not in job.storage_name


def test_nothing_runs_when_the_transaction_is_rolled_back(kinds, officer, django_capture_on_commit_callbacks):
    kinds("count", lambda work: None)
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        begin(officer)
        transaction.set_rollback(True)
    assert (Job.objects.count(), callbacks) == (0, [])


def test_progress_is_seen_while_it_runs(kinds, officer, monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE", 0)
    seen = []

    def count(work):
        for _ in range(3):
            work.advance()
            seen.append(Job.objects.get(pk=work.job.pk).done)

    kinds("count", count)
    done(begin(officer))
    assert seen == [1, 2, 3]


def test_progress_is_not_written_more_often_than_needed(kinds, officer, django_assert_max_num_queries):
    kinds("count", lambda work: [work.advance() for _ in range(500)])
    job = begin(officer, total=500)
    with django_assert_max_num_queries(20):
        jobs.run(job.key)


def test_a_job_runs_once(kinds, officer):
    runs = []
    kinds("count", runs.append)
    job = begin(officer)
    for _ in range(3):
        jobs.run(job.key)
    assert len(runs) == 1


def test_an_unknown_kind_is_refused_at_once(officer):
    with pytest.raises(KeyError):
        begin(officer, kind="nonsense")


# ── failing ─────────────────────────────────────────────────────────────────────────────────────
def test_a_failure_is_a_plain_sentence_and_no_personal_data_goes_to_the_log(kinds, officer, caplog):
    def broken(work):
        work.note("第1件")
        raise ValueError("李玥 321102197501011230")

    kinds("count", broken)
    with caplog.at_level(logging.DEBUG):
        job = done(begin(officer))
    assert job.state == "failed"
    assert job.failure == "处理中出错（ValueError），没有完成。可以重新开始；如仍不成功，请联系系统管理员。"
    assert "ValueError at test_jobs.py" in caplog.text
    assert [word for word in ("李玥", "3211021975", officer.real_name) if word in caplog.text] == []
    assert [n.text for n in Notification.objects.filter(user=officer)] == [
        f"后台任务“数一数 3 件”没有完成：{job.failure}"
    ]


def test_a_refusal_says_itself(kinds, officer):
    def refused(work):
        raise jobs.Failed("没有可以导出的。")

    kinds("count", refused)
    assert done(begin(officer)).failure == "没有可以导出的。"


def test_who_lost_the_right_gets_nothing(kinds, officer):
    runs = []
    kinds("count", runs.append, may=lambda user: False)
    assert done(begin(officer)).state == "failed"
    assert runs == []


def test_a_failed_job_starts_again_from_the_beginning(kinds, officer):
    fails = [True]

    def twice(work):
        work.note("第1件")
        if fails.pop():
            raise RuntimeError

    kinds("count", twice)
    job = done(begin(officer))
    fails.append(False)
    jobs.retry(job, by=officer)
    job = done(job)
    assert (job.state, job.attempt, len(job.result), job.failure) == ("done", 2, 1, "")


def test_a_job_that_resumes_goes_on_after_its_lines(kinds, officer):
    worked = []

    def each(work):
        for n in range(len(work.lines), 3):
            with work.row(f"第{n}件", text="好"):
                worked.append(n)
            if n == 1 and len(worked) == 2:
                raise RuntimeError

    kinds("count", each, resumes=True)
    job = done(begin(officer))
    assert (job.state, job.done) == ("failed", 2)
    job = done(jobs.retry(job, by=officer))
    assert (job.state, worked, [line["label"] for line in job.result]) == (
        "done",
        [0, 1, 2],
        ["第0件", "第1件", "第2件"],
    )


def test_a_row_is_all_or_nothing(kinds, officer):
    def each(work):
        for n in range(3):
            with work.row(f"第{n}件", text="好"):
                Notification.objects.create(user=officer, text=f"{n}", url="/")
                if n == 1:
                    raise Refused("这一件不行。")
                if n == 2:
                    raise ValueError("秘密")

    kinds("count", each)
    job = done(begin(officer))
    assert [(line["ok"], line["text"]) for line in job.result] == [
        (True, "好"),
        (False, "这一件不行。"),
        (False, "处理中出错（ValueError），这一件没有办理。"),
    ]
    assert [n.text for n in Notification.objects.filter(user=officer)] == ["0"]
    assert (job.state, job.done) == ("done", 3)


@pytest.mark.parametrize("state", ["running", "waiting"])
def test_a_dead_job_can_be_retried_and_a_living_one_not(kinds, officer, state):
    kinds("count", lambda work: None)
    job = begin(officer)
    Job.objects.filter(pk=job.pk).update(state=state)
    with pytest.raises(Refused):
        jobs.retry(job, by=officer)
    Job.objects.filter(pk=job.pk).update(seen_at=timezone.now() - timedelta(minutes=11))
    assert Job.objects.get(pk=job.pk).is_stuck
    assert done(jobs.retry(job, by=officer)).state == "done"


def test_a_worker_that_was_given_up_on_writes_nothing_more(kinds, officer):
    """It was only slow: another attempt has the job now."""
    acted = []

    def slow(work):
        Job.objects.filter(pk=work.job.pk).update(attempt=work.job.attempt + 1)
        with work.row("第1件", text="好"):
            acted.append(1)

    kinds("count", slow)
    job = done(begin(officer))
    assert (job.state, job.result, acted) == ("running", [], [])


# ── files ───────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def finished(kinds, officer):
    def make_file(work):
        path = work.folder / "x"
        path.write_bytes(b"result")
        work.keep(path, "SB-2026-0001.zip")

    kinds("count", make_file)
    return done(begin(officer))


def test_the_file_is_served_as_an_attachment_and_audited(finished, officer, client_of):
    response = client_of(officer).get(reverse("job_file", args=[finished.key]))
    assert b"".join(response.streaming_content) == b"result"
    assert response["Content-Disposition"] == 'attachment; filename="SB-2026-0001.zip"'
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
    assert AuditEntry.objects.filter(verb="download_job_file", by=officer).count() == 1


def test_the_file_is_gone_after_a_day(finished, officer, client_of):
    name = finished.storage_name
    Job.objects.filter(pk=finished.pk).update(ended_at=timezone.now() - timedelta(hours=24, minutes=1))
    page = client_of(officer).get(reverse("job_file", args=[finished.key]), follow=True)
    assert "只保留 24 小时" in page.content.decode()
    assert default_storage.exists(name)  # not yet tidied, and not served all the same
    assert jobs.purge()[0] == 1
    assert not default_storage.exists(name)
    assert Job.objects.get(pk=finished.pk).file_name == "SB-2026-0001.zip"


def test_leavings_of_dead_workers_go(finished, monkeypatch):
    from django.core.files.base import ContentFile

    stray = default_storage.save("jobs/zz/stray", ContentFile(b"x"))
    left = jobs._working_place() / "job-left"
    left.mkdir(exist_ok=True)
    Path(left, "part").write_text("x")
    jobs.purge()
    assert (default_storage.exists(stray), left.exists()) == (True, True)
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert jobs.purge()[0] == 1
    assert (default_storage.exists(stray), left.exists()) == (False, False)


def test_the_folder_of_a_run_is_private_and_gone_afterwards(kinds, officer):
    seen = []
    kinds("count", lambda work: seen.append((work.folder, work.folder.stat().st_mode & 0o777)))
    done(begin(officer))
    ((folder, mode),) = seen
    assert (mode, folder.exists()) == (0o700, False)


# ── pages ───────────────────────────────────────────────────────────────────────────────────────
def test_nobody_else_sees_a_job(finished, user, client_of):
    stranger = client_of(user("office"))
    for name in ("job", "job_file"):
        assert stranger.get(reverse(name, args=[finished.key])).status_code == 404
    data = {"form_key": new_key()}
    assert stranger.post(reverse("job_retry", args=[finished.key]), data).status_code == 404
    assert finished.title not in stranger.get(reverse("jobs")).content.decode()


def test_who_lost_the_role_sees_it_no_more(finished, officer, client_of):
    from park.models import User

    officer.groups.clear()
    assert client_of(User.objects.get(pk=officer.pk)).get(finished.get_absolute_url()).status_code == 404


def test_the_page_looks_again_only_while_it_runs(kinds, officer, client_of):
    kinds("count", lambda work: None)
    job, browser = begin(officer), client_of(officer)
    page = browser.get(job.get_absolute_url()).content.decode()
    assert ('data-job="2000"' in page, '<meta http-equiv="refresh"' in page) == (True, True)
    done(job)
    page = browser.get(job.get_absolute_url()).content.decode()
    assert ('data-job="2000"' in page, '<meta http-equiv="refresh"' in page) == (False, False)


def test_a_failed_job_is_started_again_from_its_page(kinds, officer, client_of):
    kinds("count", lambda work: None)
    job = begin(officer)
    Job.objects.filter(pk=job.pk).update(state="failed", failure="没有成功。")
    browser = client_of(officer)
    assert "没有成功。" in browser.get(job.get_absolute_url()).content.decode()
    data = {"form_key": new_key()}
    for _ in range(2):  # a double click
        browser.post(reverse("job_retry", args=[job.key]), data)
    assert Job.objects.get().state == "waiting"
    assert AuditEntry.objects.filter(verb="retry_job", result="ok").count() == 1


@pytest.mark.parametrize("n", [1, 30])
def test_the_list_costs_the_same_for_many(kinds, officer, client_of, n, django_assert_num_queries):
    kinds("count", lambda work: None)
    for _ in range(n):
        begin(officer)
    browser = client_of(officer)
    browser.get(reverse("jobs"))
    with django_assert_num_queries(6):
        assert len(browser.get(reverse("jobs")).context["page"].object_list) == n
