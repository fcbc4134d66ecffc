"""Initial review: the checklist of [3.1], corrections told once, decisions, what stays inside the office [3.2.2]."""

import pytest
from django.urls import reverse

from applications.actions import filling, reviewing
from applications.checklist import demanded, lines_for
from applications.models import Application, Correction, ReviewDecision, ReviewLine
from applications.workflow import ADMISSION
from park import rules
from park.formkeys import new_key
from park.models import AuditEntry, Document, Notification
from park.workflow import Refused
from tests.applications import filled
from tests.applications.conftest import verbs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

# ── the checklist, retyped from [3.1] ───────────────────────────────────────────────────────────
# fmt: off
ELEMENTS = {
    "3.1.1a": ["3.1.1a", "3.1.1a.a_skill", "3.1.1a.a_recognition", "3.1.1a.a_application", "3.1.1a.a_benefit"],
    "3.1.1b": ["3.1.1b", "3.1.1b.b_invention", "3.1.1b.b_spread", "3.1.1b.b_contribution"],
    "3.1.1c": ["3.1.1c", "3.1.1c.c_skill", "3.1.1c.c_teaching", "3.1.1c.c_apprentices"],
}
ALWAYS = [
    "3.1.2.startup_intent", "3.1.2.equipment", "3.1.2.funding", "3.1.2.work_rules",
    "3.1.3.planning", "3.1.3.projects",
]
# fmt: on


def checklist(*claims, key_project=False):
    return [
        line.item for line in lines_for({"conditions": {"claims": list(claims), "key_project": key_project}})
    ]


@pytest.mark.parametrize(
    "claims",
    [("3.1.1a",), ("3.1.1b",), ("3.1.1c",), ("3.1.1a", "3.1.1b"), ("3.1.1a", "3.1.1c"), ("3.1.1b", "3.1.1c"),
     ("3.1.1a", "3.1.1b", "3.1.1c"), ()],
)  # fmt: skip
@pytest.mark.parametrize("key_project", [False, True])
def test_the_checklist_follows_the_claims(claims, key_project):
    expected = ["A1.complete", *(item for claim in claims for item in ELEMENTS[claim]), *ALWAYS]
    assert checklist(*claims, key_project=key_project) == [
        *expected, *(["3.1.3.key_project"] if key_project else []), "A1.10",
    ]  # fmt: skip


def test_a_key_project_is_a_preference_not_a_condition():
    """特别是参与国家、省、市重点技术攻关项目 [3.1.3][T2]."""
    lines = lines_for({"conditions": {"claims": ["3.1.1a"], "key_project": True}})
    assert {line.item for line in lines} - {line.item for line in demanded(lines)} == {
        *ELEMENTS["3.1.1a"], "3.1.3.key_project",
    }  # fmt: skip


# ── findings ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def officer(people):
    return people["office"]


@pytest.fixture
def application(fresh):
    return fresh("submitted")


@pytest.fixture
def office(officer, client_of):
    return client_of(officer)


def review_url(application):
    return reverse("applications:review", args=[application.key])


def sheet(application, verdict="met", **others):
    """The whole checklist as a browser posts it; `others` is item-with-underscores -> (verdict, note)."""
    data = {"form_key": new_key()}
    for line in lines_for(application.latest_submission().data):
        prefix = line.item.replace(".", "_")
        chosen, note = others.get(prefix, (verdict, ""))
        data |= {f"{prefix}-verdict": chosen, f"{prefix}-note": note}
    return data


def found(application):
    rows = ReviewLine.objects.filter(submission=application.latest_submission())
    return {row.item: (row.verdict, row.note) for row in rows}


def test_findings_are_saved_line_by_line(application, office, officer):
    response = office.post(
        review_url(application), sheet(application, A1_10=("unclear", "章不清楚"), A1_complete=("", ""))
    )
    assert response.url == review_url(application)
    expected = dict.fromkeys(checklist("3.1.1a"), ("met", "")) | {"A1.10": ("unclear", "章不清楚")}
    del expected["A1.complete"]
    assert found(application) == expected
    assert {row.by for row in ReviewLine.objects.filter(submission__application=application)} == {officer}
    assert verbs_of(application)[-1] == "record_findings"


def test_a_finding_can_be_taken_back(application, office):
    office.post(review_url(application), sheet(application))
    office.post(review_url(application), sheet(application, verdict=""))
    assert found(application) == {}


def test_an_adverse_finding_needs_words_and_the_rest_stays_on_the_page(application, office):
    response = office.post(
        review_url(application), sheet(application, A1_10=("unmet", ""), A1_complete=("met", "我写的说明"))
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "结论不是“符合”的，请写明说明。" in page
    assert "我写的说明" in page
    assert found(application) == {}


def test_forged_lines_are_ignored(application, officer):
    version = application.latest_submission()
    findings = {"3.1.9": ("met", ""), "A1.10": ("met", "")}
    reviewing.record_findings(application, findings, submission=version, by=officer)
    assert found(application) == {"A1.10": ("met", "")}


@pytest.mark.parametrize("status", ["correction", "site_visit", "rejected", "withdrawn"])
def test_findings_stand_still_outside_initial_review(fresh, officer, office, status):
    application = fresh(status)
    before = found(application)
    with pytest.raises(Refused, match="只有材料初审阶段可以修改审查意见"):
        reviewing.record_findings(application, {}, submission=application.latest_submission(), by=officer)
    office.post(review_url(application), sheet(application, verdict="unmet"))
    assert found(application) == before


# ── corrections ─────────────────────────────────────────────────────────────────────────────────
def prepare(application, officer, *sections):
    for section in sections:
        reviewing.add_correction_item(
            application, section=section, missing=f"补{section}", clause="", by=officer
        )


def test_a_correction_is_collected_and_told_once(application, office, officer):
    url = reverse("applications:correction", args=[application.key])
    for section, missing in (("profile", "补获奖年份"), ("conditions", "补效益证明")):
        office.post(url, {"form_key": new_key(), "section": section, "missing": missing, "clause": "3.1.1"})
    office.post(url, {"remove": application.corrections.get().items.first().pk})
    ADMISSION.perform(application, "request_correction", by=officer)
    told = application.corrections.get()
    assert [(i.section, i.missing, i.clause) for i in told.items.all()] == [
        ("conditions", "补效益证明", "3.1.1")
    ]
    assert (told.round, told.issued_by, told.due_on) == (
        1,
        officer,
        Application.objects.get(pk=application.pk).due_on,
    )
    assert (told.document.kind, told.submission) == ("correction_notice", application.latest_submission())


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"section": "", "missing": "x"}, "section"), ({"section": "nowhere", "missing": "x"}, "section"),
     ({"section": "plan", "missing": ""}, "missing"), ({"section": "plan", "missing": "长" * 501}, "missing")],
)  # fmt: skip
def test_an_item_names_section_and_what_is_missing(application, office, typed, field):
    url = reverse("applications:correction", args=[application.key])
    response = office.post(url, {"form_key": new_key()} | typed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Correction.objects.filter(application=application).exists()


def test_nothing_missing_nothing_told(application, officer):
    with pytest.raises(Refused, match="请先列出需要补正的内容，至少一项。"):
        ADMISSION.perform(application, "request_correction", by=officer)


def answered(application, owner):
    typed = filled.TYPED["profile"] | {"profile_awards": "江苏省技术能手（2019年）。"}
    filling.save_section(application, "profile", typed, version=1, by=owner)
    filled.recommend(application, by=owner)
    return ADMISSION.perform(application, "resubmit", by=owner)


def test_a_second_round_is_against_the_rule(fresh, people, officer):
    application = answered(fresh("correction"), people["owner"])
    prepare(application, officer, "plan")
    with pytest.raises(Refused, match="补正应一次性告知，本园设定最多 1 次，已告知 1 次。"):
        ADMISSION.perform(application, "request_correction", by=officer)
    rules.set_rule("correction_rounds", 2, by=officer, reason="试验")
    ADMISSION.perform(application, "request_correction", by=officer)
    assert list(application.corrections.values_list("round", flat=True)) == [1, 2]


def test_findings_are_carried_over_and_touched_ones_must_be_confirmed(application, people, officer):
    filled.reviewed(application, by=officer, except_for=["3.1.2.funding"])
    prepare(application, officer, "profile")
    application = ADMISSION.perform(application, "request_correction", by=officer)
    application = answered(application, people["owner"])
    carried = {r.item: r.carried_over for r in application.latest_submission().review_lines.all()}
    assert set(carried) == set(checklist("3.1.1a"))
    # the profile changed (so the form as a whole), the stamp is new, and what was not met is open
    assert {item for item, open_ in carried.items() if open_} == {"A1.complete", "A1.10", "3.1.2.funding"}
    with pytest.raises(Refused, match="审查表有 3 项沿用上一版结论"):
        ADMISSION.perform(application, "pass_review", by=officer, data={"opinion": "同意。"})
    filled.reviewed(application, by=officer)
    assert (
        ADMISSION.perform(application, "pass_review", by=officer, data={"opinion": "同意。"}).status
        == "site_visit"
    )
    first = application.submissions.get(number=1)
    assert first.review_lines.get(item="3.1.2.funding").verdict == "unmet"


def test_findings_for_an_older_version_are_refused(fresh, people, officer):
    old = fresh("correction").latest_submission()
    application = answered(fresh("correction"), people["owner"])
    with pytest.raises(Refused, match="申报人已提交新版本，请在新版本上审查。"):
        reviewing.record_findings(application, {"A1.10": ("met", "")}, submission=old, by=officer)


def test_a_correction_in_preparation_falls_when_the_review_ends(application, officer):
    prepare(application, officer, "plan")
    filled.reviewed(application, by=officer)
    ADMISSION.perform(application, "pass_review", by=officer, data={"opinion": "同意。"})
    assert not application.corrections.exists()


# ── deciding ────────────────────────────────────────────────────────────────────────────────────
def test_a_pass_needs_a_verdict_on_every_line(application, officer):
    with pytest.raises(Refused, match="审查表还有 13 项没有结论。"):
        ADMISSION.perform(application, "pass_review", by=officer, data={"opinion": "同意。"})


@pytest.mark.parametrize("item", ["A1.complete", *ALWAYS, "A1.10"])
@pytest.mark.parametrize("verdict", ["unmet", "unclear"])
def test_every_demanded_line_must_be_met(application, officer, item, verdict):
    filled.reviewed(application, by=officer)
    version = application.latest_submission()
    reviewing.record_findings(application, {item: (verdict, "不足")}, submission=version, by=officer)
    with pytest.raises(Refused, match="下列各项尚未认定“符合”"):
        ADMISSION.perform(application, "pass_review", by=officer, data={"opinion": "同意。"})


@pytest.fixture
def claims_two(people, officer):
    """An application that claims (1) and (3)."""
    conditions = filled.TYPED["conditions"] | {
        "claims": ["3.1.1a", "3.1.1c"], "c_skill": "一", "c_teaching": "二", "c_apprentices": "三",
    }  # fmt: skip
    typed = filled.typed_for(120) | {"conditions": conditions}
    application = filled.draft(by=people["owner"], typed=typed)
    from park import attachments

    checked = attachments.check(filled.picture(b"apprentices"))
    filling.add_file(application, "conditions", "3.1.1c", checked, by=people["owner"])
    filled.recommend(application, by=people["owner"])
    return ADMISSION.perform(application, "submit", by=people["owner"], data=filled.CONSENTS)


@pytest.mark.parametrize(
    ("failing", "passes"),
    [
        ([], True),
        (["3.1.1a.a_benefit"], True),  # (3) is whole
        (["3.1.1c"], True),  # (1) is whole
        (["3.1.1a.a_benefit", "3.1.1c.c_teaching"], False),  # half and half is none [T2]
        (["3.1.1a", "3.1.1c"], False),
    ],
)
def test_one_of_the_claims_must_be_whole(claims_two, officer, failing, passes):
    application = filled.reviewed(claims_two, by=officer, except_for=failing)
    missing = ADMISSION.steps["pass_review"].missing(application)
    assert missing == (
        [] if passes else ["所申报的条件（1）（2）（3）中没有一项的全部要素被认定“符合”〔3.1.1〕。"]
    )
    assert (ADMISSION.steps["reject"].missing(application) == []) is not passes


def test_passing_is_decided_printed_and_told(application, officer, people):
    filled.reviewed(application, by=officer)
    application = ADMISSION.perform(application, "pass_review", by=officer, data={"opinion": "材料齐全。"})
    decision = application.review_decision
    assert (decision.outcome, decision.clause, decision.reason, decision.by) == (
        "passed",
        "",
        "材料齐全。",
        officer,
    )
    assert [d.kind for d in Document.objects.about(decision)] == ["review_opinion"]
    assert Notification.objects.filter(user=people["owner"], text__contains="初审通过，转现场考察").exists()
    assert application.due_on is not None  # the clock of the site visit begins


def test_a_rejection_rests_on_a_failing_finding(application, officer):
    filled.reviewed(application, by=officer)
    with pytest.raises(Refused, match="没有不予通过的依据"):
        ADMISSION.perform(application, "reject", by=officer, data={"clause": "3.1.2", "reason": "x"})


@pytest.mark.parametrize("missing", ["clause", "reason"])
def test_a_rejection_names_clause_and_reason(application, office, officer, missing):
    filled.reviewed(application, by=officer, except_for=["3.1.2.funding"])
    data = {"clause": "3.1.2", "reason": "没有工作经费。", "form_key": new_key()} | {missing: ""}
    response = office.post(reverse("applications:step", args=[application.key, "reject"]), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]
    assert Application.objects.get(pk=application.pk).status == "submitted"


def test_a_rejection_is_a_letter_with_clause_and_reason(fresh, client_of, people):
    application = fresh("rejected")
    decision = application.review_decision
    assert (decision.outcome, decision.clause) == ("rejected", "3.1.2")
    assert {d.kind for d in Document.objects.about(decision)} == {"review_opinion", "rejection_letter"}
    page = client_of(people["owner"]).get(application.get_absolute_url()).content.decode()
    assert "没有工作经费。" in page


def test_the_database_wants_a_clause_with_every_rejection(fresh):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewDecision.objects.filter(application=fresh("rejected")).update(clause="")


# ── inside the office ───────────────────────────────────────────────────────────────────────────
def add_note(client, application, text, internal):
    url = reverse("applications:add_note", args=[application.key])
    data = {"form_key": new_key(), "text": text} | ({"internal": "1"} if internal else {})
    return client.post(url, data)


def test_internal_notes_never_reach_the_studio(application, office, people, client_of):
    before = Notification.objects.count()
    add_note(office, application, "此件可疑，先核实专利", True)
    assert "此件可疑" in office.get(application.get_absolute_url()).content.decode()
    assert Notification.objects.count() == before
    for name in ("owner", "collaborator", "officer_of_studio"):
        client = client_of(people[name])
        for url in (
            application.get_absolute_url(),
            reverse("applications:list"),
            reverse("applications:version", args=[application.key, 1]),
            reverse("home"),
        ):
            page = client.get(url).content.decode()
            assert "此件可疑" not in page
            assert "内部备注" not in page


def test_the_studio_cannot_write_internal_notes(application, people, client_of):
    add_note(client_of(people["owner"]), application, "请尽快", True)
    assert application.notes.get().internal is False


def test_messages_reach_the_other_side(application, office, people, client_of, officer):
    add_note(office, application, "请补一份证书", False)
    text = f"{application}：{officer}给您留言。"
    told = Notification.objects.filter(text=text)
    assert {n.user for n in told} == {people["owner"], people["collaborator"], people["officer_of_studio"]}
    assert "请补一份证书" in client_of(people["owner"]).get(application.get_absolute_url()).content.decode()
    add_note(client_of(people["owner"]), application, "已寄出", False)
    told = Notification.objects.filter(text=f"{application}：陈青松给您留言。")
    assert {n.user for n in told} == {
        officer,
        people["officer_of_studio"],
    }  # nobody has the case yet: the whole office


def test_what_the_office_does_among_itself_is_not_in_the_studios_history(
    application, office, officer, people, client_of
):
    filled.reviewed(application, by=officer)
    reviewing.assign(application, people["lead_division"], by=officer)
    reviewing.reveal(application, by=officer, reason="核对证件")
    page = client_of(people["owner"]).get(application.get_absolute_url())
    labels = {entry["label"] for entry in page.context["history"]}
    assert {"新建申报", "提交申报"} <= labels
    assert labels & {"填写审查意见", "分派经办人", "查看完整证件号码和手机", "下载材料", "内部备注"} == set()


def test_numbers_are_masked_until_revealed_with_a_reason(application, office, officer):
    leader = application.latest_submission().data["leader"]
    secrets = (leader["leader_id_number"], leader["leader_mobile"])
    for url in (application.get_absolute_url(), review_url(application), reverse("applications:queue")):
        assert [s for s in secrets if s in office.get(url).content.decode()] == []

    url = reverse("applications:reveal", args=[application.key])
    assert office.get(url).status_code == 405
    assert office.post(url, {"reason": " "}).status_code == 422
    assert "reveal" not in verbs_of(application)

    response = office.post(url, {"reason": "核对证件"})
    assert [s for s in secrets if s not in response.content.decode()] == []
    assert "no-store" in response["Cache-Control"]
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.by, entry.note, entry.subject_id) == (
        "reveal",
        officer,
        "核对证件",
        str(application.pk),
    )
