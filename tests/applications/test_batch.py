"""One act for many applications: the preview tells the truth, each row is all or nothing, sent twice is done once."""

import pytest
from django.urls import reverse

from applications.actions import batching, filling
from applications.models import Application, ReviewDecision, Status
from applications.workflow import ADMISSION
from park import jobs
from park.formkeys import new_key
from park.models import Job, Notification, User
from park.workflow import Refused
from tests.applications import filled, road
from tests.applications.conftest import verbs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
URL = "applications:batch"


@pytest.fixture
def officer(people):
    return people["office"]


@pytest.fixture
def office(officer, client_of):
    return client_of(officer)


def send(client, act, cases, **data):
    return client.post(
        reverse(URL),
        {"form_key": new_key(), "act": act, "case": [str(c.key) for c in cases], "kept": "q=焊"} | data,
    )


def statuses(cases) -> list[str]:
    return [Application.objects.get(pk=c.pk).status for c in cases]


def visited_cases(officer, *outcomes):
    """Cases before the end of their visit, with these outcomes of it."""
    cases = [road.place(road.filed(), Status.SITE_VISIT) for _ in outcomes]
    for case, outcome in zip(cases, outcomes, strict=True):
        if outcome:
            road.visited(case, by=officer, outcome=outcome)
    return cases


# ── the preview ─────────────────────────────────────────────────────────────────────────────────
def test_the_preview_says_what_will_happen_and_why_not(office, officer, fresh):
    good, bad, none = visited_cases(officer, "passed", "failed", "")
    elsewhere = fresh("submitted")
    page = office.get(
        reverse(URL), {"act": "pass_visit", "case": [str(c.key) for c in (good, bad, none, elsewhere)]}
    )
    rows = {row.record: row.refusals for row in page.context["rows"]}
    assert rows == {
        good: [],
        bad: ["最近一次考察的结论是“考察不通过”。"],
        none: ["还没有安排现场考察。"],
        elsewhere: ["当前状态是“材料初审”，不能办理。"],
    }
    text = page.content.decode()
    assert "转为“集中评议”" in text
    assert text.count('name="case"') == 1  # only what will happen is sent on
    assert statuses([good, bad, none]) == ["site_visit"] * 3


def test_what_is_not_visible_is_not_there(office, fresh):
    page = office.get(
        reverse(URL),
        {"act": "assign", "case": [str(fresh("draft").key), "x", "-" * 36, str(fresh("submitted").key)]},
    )
    assert [row.record.status for row in page.context["rows"]] == ["submitted"]


@pytest.mark.parametrize(
    "query", [{}, {"act": "pass_visit"}, {"act": "nonsense"}, {"act": "reject"}, {"act": "open_ballot"}]
)
def test_nothing_chosen_leads_back(office, fresh, query):
    query = query | ({"case": str(fresh("submitted").key)} if query.get("act") != "pass_visit" else {})
    page = office.get(reverse(URL), query | {"kept": "q=x"}, follow=True)
    assert page.redirect_chain[0][0] == f"{reverse('applications:queue')}?q=x"
    assert [str(m) for m in page.context["messages"]] == ["请先勾选申报，再选择要办理的事项。"]


def test_nobody_acts_on_their_own_studio(fresh, people):
    """The officer who is one of the studio: no step and no assignment, in the preview as when it is done."""
    own = people["officer_of_studio"]
    rows = batching.preview([fresh("submitted")], batching.ASSIGN, own)
    step = batching.find_act(ADMISSION, "pass_review")
    rows += batching.preview([fresh("submitted")], step, own)
    assert [row.refusals for row in rows] == [
        ["您参与了这份申报，不能分派。"],
        ["您不能办理这一件：没有权限，或您参与了这份申报。"],
    ]


# fmt: off
OFFERED = ["request_correction", "pass_review", "pass_visit", "reject_visit", "end_waitlist", "admit", "assign", "dossier"]
# fmt: on


def test_the_queue_offers_the_acts_that_fit_many(office):
    page = office.get(reverse("applications:queue"))
    assert [name for name, _ in page.context["acts"]] == OFFERED


def test_a_step_with_a_page_or_on_the_grounds_of_one_case_is_never_for_many():
    for name, step in ADMISSION.steps.items():
        if step.page is not None or name in ("reject", "submit", "resubmit", "uphold_objection"):
            assert batching.find_act(ADMISSION, name) is None, name


@pytest.mark.parametrize("who", ["owner", "expert", "auditor", "superuser", "attraction"])
def test_only_office_and_working_group(people, client_of, fresh, who):
    browser, case = client_of(people[who]), fresh("submitted")
    assert browser.get(reverse(URL), {"act": "assign", "case": str(case.key)}).status_code == 403
    assert send(browser, "assign", [case], officer=people["office"].pk).status_code == 403


def test_the_dossiers_of_ticked_rows(office, fresh):
    case = fresh("submitted")
    response = office.get(reverse(URL), {"act": "dossier", "case": str(case.key), "kept": "q=x"})
    assert response.url == f"{reverse('applications:archive')}?case={case.key}&kept=q%3Dx"


# ── carrying out ────────────────────────────────────────────────────────────────────────────────
def test_each_row_is_done_and_has_its_line(office, officer):
    cases = visited_cases(officer, "passed", "passed")
    response = send(office, "pass_visit", cases)
    job = Job.objects.get()
    assert response.url == job.get_absolute_url()
    assert (job.state, job.done) == ("done", 2)
    assert [(line["label"], line["ok"], line["text"]) for line in job.result] == [
        (case.number, True, "已考察通过，转集中评议。") for case in cases
    ]
    assert statuses(cases) == ["deliberation", "deliberation"]
    assert [verbs_of(case)[-1] for case in cases] == ["pass_visit", "pass_visit"]
    page = office.get(response.url).content.decode()
    assert "办成 2 件" in page
    assert f'href="{cases[0].get_absolute_url()}"' in page


def test_one_row_that_fails_does_not_take_the_others_along(office, officer):
    """It changed between preview and confirmation."""
    cases = visited_cases(officer, "passed", "passed", "passed")
    ADMISSION.perform(cases[1], "pass_visit", by=officer)
    send(office, "pass_visit", cases)
    lines = Job.objects.get().result
    assert [line["ok"] for line in lines] == [True, False, True]
    assert lines[1]["text"] == "当前状态是“集中评议”，不能办理。"
    assert statuses(cases) == ["deliberation"] * 3
    assert verbs_of(cases[1]).count("pass_visit") == 1


def test_a_row_that_breaks_half_way_leaves_nothing_of_itself(office, officer, monkeypatch):
    cases = visited_cases(officer, "passed", "passed")
    perform = ADMISSION.perform

    def breaks(record, name, **kwargs):
        record = perform(record, name, **kwargs)
        if record.pk == cases[0].pk:
            raise RuntimeError("after the step")
        return record

    monkeypatch.setattr(ADMISSION, "perform", breaks)
    send(office, "pass_visit", cases)
    assert statuses(cases) == ["site_visit", "deliberation"]
    assert verbs_of(cases[0]).count("pass_visit") == 0
    assert [line["ok"] for line in Job.objects.get().result] == [False, True]


def test_a_form_sent_twice_is_done_once(office, officer):
    cases = visited_cases(officer, "passed")
    data = {"form_key": new_key(), "act": "pass_visit", "case": str(cases[0].key)}
    first, second = office.post(reverse(URL), data), office.post(reverse(URL), data)
    assert first.url == second.url
    assert Job.objects.count() == 1
    assert verbs_of(cases[0]).count("pass_visit") == 1


def test_one_form_for_all(office, officer):
    """The words of the form go to every row."""
    cases = [filled.reviewed(road.filed(), by=officer) for _ in range(2)]
    assert send(office, "pass_review", cases, opinion="").status_code == 422
    assert statuses(cases) == ["submitted", "submitted"]
    send(office, "pass_review", cases, opinion="材料齐全，同意。")
    assert statuses(cases) == ["site_visit", "site_visit"]
    assert set(ReviewDecision.objects.filter(application__in=cases).values_list("reason", flat=True)) == {
        "材料齐全，同意。"
    }


def test_assigning_many(office, fresh, people):
    cases = [fresh(s) for s in ("submitted", "correction", "rejected")]
    send(office, "assign", cases, officer=people["lead_division"].pk)
    assert [(line["ok"], line["text"]) for line in Job.objects.get().result] == [
        (True, "已分派经办人。"),
        (True, "已分派经办人。"),
        (False, "已办结（不予通过），不再分派。"),
    ]
    lead = people["lead_division"]
    assert [Application.objects.get(pk=c.pk).officer for c in cases] == [lead, lead, None]
    assert Notification.objects.filter(user=lead).count() == 2


@pytest.mark.parametrize("officer_pk", ["", "999999", "x"])
def test_assigning_needs_an_officer(office, fresh, officer_pk):
    assert send(office, "assign", [fresh("submitted")], officer=officer_pk).status_code == 422
    assert Job.objects.count() == 0


def test_nobody_handles_their_own_application(fresh, people, office):
    """An officer who is one of the studio is not given the case either."""
    send(office, "assign", [fresh("submitted")], officer=people["officer_of_studio"].pk)
    (line,) = Job.objects.get().result
    own = people["officer_of_studio"]
    assert line["text"] == f"{fresh('submitted')}没有分派：{own}参与了这份申报，不能经办。"
    assert fresh("submitted").officer is None


def test_many_rows_are_done_in_the_background(
    officer, office, fresh, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(batching, "AT_ONCE", 1)
    cases = visited_cases(officer, "passed", "passed")
    with django_capture_on_commit_callbacks() as callbacks:
        send(office, "pass_visit", cases)
    job = Job.objects.get()
    assert (job.state, statuses(cases)) == ("waiting", ["site_visit", "site_visit"])
    for callback in callbacks:
        callback()
    assert (Job.objects.get().state, statuses(cases)) == ("done", ["deliberation", "deliberation"])


def test_a_batch_that_died_goes_on_where_it_stopped(officer):
    """The row whose line was written is not done again."""
    cases = visited_cases(officer, "passed", "passed")
    act = batching.find_act(ADMISSION, "pass_visit")
    job = batching.start_batch(ADMISSION, act, cases, {}, by=officer)
    ADMISSION.perform(cases[0], "pass_visit", by=officer)
    line = {"label": cases[0].number, "ok": True, "text": "已办。", "url": ""}
    Job.objects.filter(pk=job.pk).update(state="failed", failure="中断。", result=[line], done=1)
    jobs.retry(job, by=officer)
    jobs.run(job.key)
    assert [row["ok"] for row in Job.objects.get().result] == [True, True]
    assert verbs_of(cases[0]).count("pass_visit") == 1


def test_rights_are_asked_again_for_every_row(officer, fresh):
    """Who joined the studio between asking and doing does nothing to it."""
    case, act = fresh("submitted"), batching.ASSIGN
    job = batching.start_batch(ADMISSION, act, [case], {"officer": str(officer.pk)}, by=officer)
    filling.add_collaborator(case, officer, by=case.applicant)
    jobs.run(job.key)
    assert [line["ok"] for line in Job.objects.get().result] == [False]
    assert fresh("submitted").officer is None


def test_too_many_and_none_are_refused(officer, fresh):
    act = batching.ASSIGN
    for records in ([], [fresh("submitted")] * 201):
        with pytest.raises(Refused):
            batching.start_batch(ADMISSION, act, records, {}, by=officer)


def test_the_names_of_people_stay_out_of_the_job(office, officer):
    cases = visited_cases(officer, "passed")
    send(office, "pass_visit", cases)
    job = Job.objects.get()
    text = f"{job.title} {job.arguments} {job.result}"
    names = [
        cases[0].leader_name,
        cases[0].studio_name,
        *User.objects.exclude(real_name="").values_list("real_name", flat=True),
    ]
    assert [name for name in names if name in text] == []


@pytest.mark.parametrize("n", [1, 6])
def test_the_preview_costs_few_queries_per_row(office, officer, n, django_assert_max_num_queries):
    """Each row is judged by the conditions of its step: five queries a row."""
    cases = visited_cases(officer, *["passed"] * n)
    query = {"act": "pass_visit", "case": [str(c.key) for c in cases]}
    office.get(reverse(URL), query)
    with django_assert_max_num_queries(10 + 5 * n):
        office.get(reverse(URL), query)


@pytest.mark.parametrize("act", ["admit", "assign"])
def test_a_case_of_ones_own_is_refused_without_its_status(officer, office, act):
    case = road.place(road.filed(), Status.DECLINED)
    case.collaborators.create(user=officer, added_by=case.applicant)
    (row,) = office.get(reverse(URL), {"act": act, "case": [str(case.key)]}).context["rows"]
    assert len(row.refusals) == 1
    assert "您参与了这份申报" in row.refusals[0]


def test_a_nul_that_was_posted_is_kept_out_of_the_job(officer, office):
    (case,) = visited_cases(officer, "passed")
    assert send(office, "pass_visit", [case], kept="q=\x00焊", other="\x00").status_code == 302
    assert "\x00" not in str(Job.objects.get().arguments)
    assert statuses([case]) == ["deliberation"]
