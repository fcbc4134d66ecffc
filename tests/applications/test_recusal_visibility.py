"""A recused expert loses sight of the case everywhere at once, and has it back when the conflict is dismissed.

Every place where a case could show is tried with every state of a conflict. A new place belongs in PLACES.
"""

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from applications import papers
from applications.actions import recusing, seating
from applications.models import AgendaItem, Application, Conflict, PanelSession, Seat, Status, SubmissionFile
from applications.workflow import ADMISSION, PANEL, inbox, parties
from config import desk
from park import documents
from park.formkeys import new_key
from park.models import AuditEntry, Document, Notification
from tests.applications import filled, road

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office(user):
    return user("office")


@pytest.fixture
def case(office):
    """A case that passed review and visit, with its papers."""
    application = road.filed(leader_name="赵昇堃", studio_name="赵昇堃龙窑技能大师工作室")
    filled.reviewed(application, by=office)
    application = ADMISSION.perform(application, "pass_review", by=office, data={"opinion": "符合条件。"})
    road.visited(application, by=office)
    return road.place(application, Status.DELIBERATION)


@pytest.fixture
def session(office, case):
    """Convened for today: two cases, five experts."""
    row = road.session(by=office, experts=[road.expert(n) for n in range(1, 6)], status="convened")
    road.agenda_item(row, case)
    road.agenda_item(row, road.place(road.filed(studio_name="另一个工作室"), Status.DELIBERATION))
    documents.issue("panel_invitation", row, by=office)
    return row


@pytest.fixture
def item(session, case):
    return session.agenda.get(application=case)


@pytest.fixture
def seat(session) -> Seat:
    return session.seats.order_by("pk")[1]


@pytest.fixture
def expert(seat, case):
    """The person, with a message in the site about the case."""
    user = seat.expert.user
    Notification.objects.create(user=user, text=f"{case}：请评议。", url=case.get_absolute_url())
    return user


# ── the places: each says whether the expert sees the case there ────────────────────────────────
def _page(client, *names):
    """Any of the names of the case on a page."""

    def seen(url):
        response = client.get(url, follow=True)
        assert response.status_code < 500
        text = response.content.decode() if not response.streaming else ""
        return response.status_code == 200 and any(name in text for name in names)

    return seen


def places(client, expert, case, session) -> dict[str, bool]:
    item = session.agenda.get(application=case)
    shows = _page(client, case.number, case.studio_name, case.leader_name)
    key, stored = case.key, SubmissionFile.objects.filter(submission__application=case)
    evidence = stored.exclude(section="recommendation").first().stored.key
    paper = papers.papers_of(case, audience="panel").first()
    invitation = Document.objects.about(session).get(kind="panel_invitation")

    def opens(name, *args):
        response = client.get(reverse(f"applications:{name}", args=args))
        if response.streaming:
            b"".join(response.streaming_content)
        return response.status_code in (200, 202)

    listed = client.get(reverse("applications:panels")).context["rows"]
    return {
        "queryset": Application.objects.visible_to(expert).filter(pk=case.pk).exists(),
        "count": Application.objects.visible_to(expert).count() == 2,
        "search": Application.objects.visible_to(expert).filter(Q(leader_name=case.leader_name)).exists(),
        "agenda": AgendaItem.objects.visible_to(expert).filter(pk=item.pk).exists(),
        "panels page count": [row["cases"] for row in listed] == [2],
        "panel page": shows(session.get_absolute_url()),
        "case page": shows(case.get_absolute_url()),
        "dossier": opens("dossier", key),
        "version": shows(reverse("applications:version", args=[key, 1])),
        "file": opens("file", key, evidence),
        "paper": opens("paper", key, paper.public_id),
        "invitation with the agenda": opens("panel_paper", session.key, invitation.public_id),
        "mail and messages to come": parties(case, "expert").filter(pk=expert.pk).exists(),
        "messages received": shows(reverse("notifications")),
        "home": shows(reverse("home")) or any(
            case.number in (row.number, row.title) for part in desk.sections_for(expert) for row in part["rows"]
        ),
        "inbox": inbox(expert).filter(pk=case.pk).exists(),
    }  # fmt: skip


# Where an expert never reads of a single case, whatever the conflicts.
NEVER = {"inbox"}


def expected(seen: bool) -> dict:
    return {name: seen and name not in NEVER for name in PLACES}


PLACES = [
    "queryset", "count", "search", "agenda", "panels page count", "panel page", "case page", "dossier", "version",
    "file", "paper", "invitation with the agenda", "mail and messages to come", "messages received", "home", "inbox",
]  # fmt: skip


def conflict(item, seat, state, office):
    """A conflict in this state, by the acts that lead to it."""
    if state == "declared":
        return recusing.declare_conflict(item, seat, detail="师徒", by=seat.expert.user)
    row = recusing.report_conflict(item, seat, detail="同班组", by=office)
    if state == "confirmed":
        recusing.confirm_conflict(row, by=office)
    if state == "dismissed":
        recusing.dismiss_conflict(row, reason="查无此事", by=office)
    return row


def test_without_a_conflict_the_expert_sees_the_case(case, session, expert, client_of):
    found = places(client_of(expert), expert, case, session)
    assert found == expected(True) | {"messages received": True, "home": True}


@pytest.mark.parametrize("status", ["convened", "sitting"])
@pytest.mark.parametrize("state", ["proposed", "confirmed", "declared"])
def test_a_standing_conflict_takes_the_case_from_every_place(
    case, session, item, seat, expert, office, client_of, state, status
):
    PanelSession.objects.filter(pk=session.pk).update(status=status)
    conflict(item, seat, state, office)
    assert places(client_of(expert), expert, case, session) == expected(False)


@pytest.mark.parametrize("state", ["proposed", "confirmed", "declared"])
def test_a_dismissal_gives_it_back(case, session, item, seat, expert, office, client_of, state):
    row = conflict(item, seat, state, office)
    recusing.dismiss_conflict(row, reason="查无此事", by=office)
    found = places(client_of(expert), expert, case, session)
    gone = {"messages received", "home"}  # what was taken out of the messages is not written again
    assert {k: v for k, v in found.items() if k not in gone} == {
        k: v for k, v in expected(True).items() if k not in gone
    }


def test_two_conflicts_must_both_be_dismissed(case, session, item, seat, expert, office):
    one = conflict(item, seat, "proposed", office)
    two = Conflict.objects.create(item=item, seat=seat, basis="same_unit")
    recusing.dismiss_conflict(one, reason="查无此事", by=office)
    assert not Application.objects.visible_to(expert).filter(pk=case.pk).exists()
    recusing.dismiss_conflict(two, reason="查无此事", by=office)
    assert Application.objects.visible_to(expert).filter(pk=case.pk).exists()


def test_the_others_and_the_other_case_are_as_before(case, session, item, seat, expert, office, client_of):
    conflict(item, seat, "confirmed", office)
    other = session.agenda.exclude(pk=item.pk).get().application
    assert set(Application.objects.visible_to(expert)) == {other}
    assert client_of(expert).get(reverse("applications:dossier", args=[other.key])).status_code == 200
    colleague = session.seats.exclude(pk=seat.pk).first().expert.user
    assert set(Application.objects.visible_to(colleague)) == {case, other}
    assert parties(case, "expert").count() == 4


def test_the_recused_expert_still_has_seat_session_and_own_declaration(
    session, item, seat, expert, office, client_of
):
    browser = client_of(expert)
    row = conflict(item, seat, "declared", office)
    paper = Document.objects.about(row).get()
    page = browser.get(session.get_absolute_url())
    assert page.status_code == 200
    assert "应当回避或待确认是否回避" in page.content.decode()
    answer = browser.get(reverse("applications:panel_paper", args=[session.key, paper.public_id]))
    assert answer.status_code in (200, 202)
    if answer.streaming:
        b"".join(answer.streaming_content)


def test_nothing_can_be_done_to_a_case_out_of_sight(session, item, seat, expert, office, client_of):
    conflict(item, seat, "confirmed", office)
    browser = client_of(expert)
    for name, data in (("declare", {"item": item.key, "detail": "x"}), ("report", {"report-item": item.key})):
        answer = browser.post(
            reverse("applications:panel_conflicts", args=[session.key, name]), {"form_key": new_key(), **data}
        )
        assert answer.status_code in (404, 422)
        assert item.application.studio_name not in answer.content.decode()


# ── proposals are written at every door ─────────────────────────────────────────────────────────
@pytest.mark.parametrize("door", ["convening", "agenda", "seat"])
def test_a_conflict_is_proposed_before_the_expert_can_look(case, office, door):
    from applications.actions import convening

    people = [road.expert(1, unit_name=case.unit_name), *map(road.expert, range(2, 6))]
    session = road.session(by=office, experts=people[1:], status="planning", present=False, seats_wanted=5)
    if door == "convening":
        road.agenda_item(session, case)
        Seat.objects.create(session=session, expert=people[0])
        Seat.objects.filter(session=session, expert=people[1]).update(is_chair=True)
        PANEL.perform(session, "convene_panel", by=office)
    else:
        PanelSession.objects.filter(pk=session.pk).update(status="convened")
        session.refresh_from_db()
        if door == "agenda":
            Seat.objects.create(session=session, expert=people[0])
            convening.put_on_agenda(session, [case], by=office)
        else:
            convening.put_on_agenda(session, [case], by=office)
            seating.seat_expert(session, people[0], reason="指定", by=office)
    seen = {e.pk for e in people if Application.objects.visible_to(e.user).filter(pk=case.pk).exists()}
    assert seen == {e.pk for e in people[1:]}


# ── the dossier ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("status", "is_open", "seen"),
    [("planning", True, False), ("convened", True, True), ("sitting", True, True), ("sitting", False, False),
     ("closed", True, False), ("cancelled", True, False)],
)  # fmt: skip
def test_when_the_panel_reads_the_dossier(case, session, item, expert, client_of, status, is_open, seen):
    PanelSession.objects.filter(pk=session.pk).update(status=status)
    AgendaItem.objects.filter(pk=item.pk).update(is_open=is_open)
    code = client_of(expert).get(reverse("applications:dossier", args=[case.key])).status_code
    assert code == (200 if seen else 404)


@pytest.mark.parametrize("name", ["detail", "dossier", "step"])
@pytest.mark.parametrize(
    ("status", "is_open", "says"),
    [("planning", True, False), ("sitting", False, True), ("closed", True, True), ("closed", False, True),
     ("cancelled", True, True)],
)  # fmt: skip
def test_an_old_message_leads_to_a_sentence_that_tells_nothing(
    case, session, item, expert, client_of, name, status, is_open, says
):
    PanelSession.objects.filter(pk=session.pk).update(status=status)
    AgendaItem.objects.filter(pk=item.pk).update(is_open=is_open)
    args = [case.key, "open_ballot"] if name == "step" else [case.key]
    answer = client_of(expert).get(reverse(f"applications:{name}", args=args))
    text = answer.content.decode()
    assert (answer.status_code, "案卷不再对专家开放" in text) == (404, says)
    assert [word for word in (case.number, case.studio_name, case.leader_name) if word in text] == []


@pytest.mark.parametrize("status", ["sitting", "closed"])
def test_who_was_kept_from_the_case_or_never_invited_reads_that_there_is_nothing(
    case, session, item, seat, expert, office, client_of, status
):
    conflict(item, seat, "confirmed", office)
    stranger = road.expert(9).user
    PanelSession.objects.filter(pk=session.pk).update(status=status)
    for person in (expert, stranger):
        answer = client_of(person).get(case.get_absolute_url())
        assert (answer.status_code, "不再对专家开放" in answer.content.decode()) == (404, False)


def test_the_dossier_holds_what_it_should_and_nothing_else(case, expert, session, office, client_of):
    from applications.actions import reviewing

    reviewing.add_note(case, "内部备注不可外传", internal=True, by=office)
    data = case.latest_submission().data
    page = client_of(expert).get(reverse("applications:dossier", args=[case.key])).content.decode()
    for text in (
        case.studio_name,
        data["plan"]["plan_or_goals"],
        "符合条件。",
        "设备齐全，制度上墙。",
        "同意推荐。",
    ):
        assert text in page, text
    number, mobile = data["leader"]["leader_id_number"], data["leader"]["leader_mobile"]
    for text in (
        number,
        number[:2] + "*",
        mobile,
        mobile[:3] + "*",
        "内部备注不可外传",
        "盖章扫描件",
        "办理过程",
    ):
        assert text not in page, text


def test_each_opening_is_on_the_trail(case, expert, session, client_of):
    client_of(expert).get(reverse("applications:dossier", args=[case.key]))
    entry = AuditEntry.objects.filter(verb="open_dossier").get()
    assert (entry.by, entry.subject_id) == (expert, str(case.pk))


def test_the_panel_gets_the_dossiers_files_and_papers_only(case, expert, session, client_of):
    browser = client_of(expert)
    files = SubmissionFile.objects.filter(submission__application=case).select_related("stored")
    codes = {}
    for row in files:
        answer = browser.get(reverse("applications:file", args=[case.key, row.stored.key]))
        codes[row.section] = answer.status_code
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert codes == {"leader": 200, "conditions": 200, "recommendation": 404}
    opened = set()
    for paper in papers.papers_of(case, audience="office"):
        answer = browser.get(reverse("applications:paper", args=[case.key, paper.public_id]))
        if answer.status_code in (200, 202):
            opened.add(paper.kind)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert opened == {"review_opinion"}


def test_no_page_of_office_or_studio_opens_to_the_panel(case, expert, session, client_of):
    browser = client_of(expert)
    dossier = reverse("applications:dossier", args=[case.key])
    assert browser.get(case.get_absolute_url()).url == dossier
    assert browser.get(reverse("applications:version", args=[case.key, 1])).url == dossier
    note = reverse("applications:add_note", args=[case.key])
    assert browser.post(note, {"text": "请补充", "form_key": new_key()}).status_code == 403
    for name in ("review", "correction", "preview", "preview_pdf", "people", "recommendation"):
        assert browser.get(reverse(f"applications:{name}", args=[case.key])).status_code in (403, 404), name


@pytest.mark.parametrize(("status", "seen"), [("drafting", False), ("sent", True), ("resolved", True)])
def test_the_working_group_reads_the_dossiers_of_lists_that_were_sent(office, user, client_of, status, seen):
    application = road.candidate(office=office)
    now = timezone.now()
    minutes = {
        "resolved_at": now,
        "resolved_by": user("working_group"),
        "minutes_on": now.date(),
        "minutes_no": "〔2026〕1号",
    }
    fields = minutes if status == "resolved" else {}
    road.candidate_list([application], by=office, status=status, **fields)
    browser = client_of(user("working_group"))
    answer = browser.get(application.get_absolute_url(), follow=True)
    assert answer.status_code == (200 if seen else 404)
    if seen:
        assert answer.redirect_chain == [(reverse("applications:dossier", args=[application.key]), 302)]
        assert "技艺精湛，规划可行，建议入驻。" in answer.content.decode()  # the panel's opinion


def test_the_day_of_the_meeting_does_not_matter_to_the_conflict(case, item, seat, expert, office, session):
    PanelSession.objects.filter(pk=session.pk).update(meets_on=timezone.localdate())
    conflict(item, seat, "declared", office)
    seating.sign_out(seat, by=expert)
    seating.sign_in(seat, by=expert)
    assert not Application.objects.visible_to(expert).filter(pk=case.pk).exists()
