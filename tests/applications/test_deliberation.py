"""The panel deliberates: a case is called, its opinion written and agreed, notes stay private [3.2.2][A1]."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications.actions import balloting, deliberating
from applications.models import AgendaItem, Assent, Conflict, ExpertNote, PanelSession, Status
from park.audit import history_of
from park.models import AuditEntry
from park.workflow import Conflict as Overtaken
from park.workflow import Refused
from tests.applications import road
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def experts():
    return [road.expert(n) for n in range(5)]


@pytest.fixture
def sitting(office, experts):
    return road.session(by=office, experts=experts, assent="majority")


def case_before(session, office, *, called=True, opinion="技艺精湛，建议入驻。"):
    application = road.place(road.filed(), Status.DELIBERATION)
    item = road.agenda_item(session, application, opinion=opinion, by=office)
    if not opinion:
        AgendaItem.objects.filter(pk=item.pk).update(opinion_version=0, opinion_at=None, opinion_by=None)
        item.refresh_from_db()
    if called:
        session.current_item = item
        session.save()
    return item


@pytest.fixture
def item(sitting, office):
    return case_before(sitting, office, opinion="")


def recuse(item, seat, office, state="confirmed"):
    values = {"decided_at": item.session.began_at, "decided_by": office} if state != "proposed" else {}
    return Conflict.objects.create(
        item=item, seat=seat, basis="reported", state=state, reason="同乡", **values
    )


def seats_of(item):
    return list(item.session.seats.select_related("expert").order_by("pk"))


def user_of(seat):
    return seat.expert.user


# ── calling a case ──────────────────────────────────────────────────────────────────────────────
def test_a_case_is_called_by_chair_or_clerk(sitting, office, experts):
    first, second = (case_before(sitting, office, called=False) for _ in range(2))
    deliberating.call_item(first, by=office)
    assert PanelSession.objects.get(pk=sitting.pk).current_item == first
    deliberating.call_item(second, by=experts[0].user)
    assert PanelSession.objects.get(pk=sitting.pk).current_item == second
    entries = history_of(sitting).filter(verb="call_item").order_by("sequence")
    assert list(entries.values_list("after", flat=True)) == ["第1项", "第2项"]
    with pytest.raises(PermissionDenied):
        deliberating.call_item(first, by=experts[1].user)


def test_nothing_is_called_before_the_meeting_or_while_a_ballot_is_open(sitting, office, experts):
    item, other = case_before(sitting, office), case_before(sitting, office, called=False)
    for seat in seats_of(item)[:3]:
        deliberating.agree_opinion(item, seat, version=1, by=office)
    balloting.open_round_for(item, by=experts[0].user)
    with pytest.raises(Refused, match="正在投票"):
        deliberating.call_item(other, by=office)
    PanelSession.objects.filter(pk=sitting.pk).update(status="convened")
    with pytest.raises(Refused, match="会议不在进行中"):
        deliberating.call_item(other, by=office)


# ── the opinion ─────────────────────────────────────────────────────────────────────────────────
def test_the_chair_writes_and_a_new_text_voids_what_was_agreed(item):
    chair, second, *_ = seats_of(item)
    item = deliberating.write_opinion(item, "初稿。", version=0, by=user_of(chair))
    deliberating.agree_opinion(item, second, version=1, by=user_of(second))
    assert item.assents.filter(version=1).count() == 2  # who writes, agrees
    item = deliberating.write_opinion(item, "二稿。", version=1, by=user_of(chair))
    assert (item.opinion, item.opinion_version) == ("二稿。", 2)
    assert list(item.assents.filter(version=2).values_list("seat", flat=True)) == [chair.pk]


def test_two_writers_do_not_overwrite_each_other(item):
    chair = seats_of(item)[0]
    deliberating.write_opinion(item, "初稿。", version=0, by=user_of(chair))
    with pytest.raises(Overtaken, match="已由他人修改"):
        deliberating.write_opinion(item, "另一稿。", version=0, by=user_of(chair))


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
def test_an_opinion_has_words_and_not_too_many(item, text):
    with pytest.raises(Refused):
        deliberating.write_opinion(item, text, version=0, by=user_of(seats_of(item)[0]))


def test_nobody_else_writes_it(item, office):
    for by in (user_of(seats_of(item)[1]), office, UserFactory(roles=["office"])):
        with pytest.raises(PermissionDenied):
            deliberating.write_opinion(item, "代写。", version=0, by=by)


def test_the_clerk_writes_for_a_chair_without_account(item, office):
    chair = seats_of(item)[0]
    chair.expert.user = None
    chair.expert.save()
    item = deliberating.write_opinion(item, "组长口述。", version=0, by=office)
    assert Assent.objects.get(item=item).seat == chair


def test_who_agrees(item, office):
    chair, second, third, away, gone = seats_of(item)
    item = deliberating.write_opinion(item, "一稿。", version=0, by=user_of(chair))
    deliberating.agree_opinion(item, second, version=1, by=user_of(second))
    row = deliberating.agree_opinion(item, third, version=1, by=office)
    assert row.recorded_by == office
    note = AuditEntry.objects.filter(verb="agree_opinion").order_by("-sequence").first().note
    assert note == "当场口头同意，由管理办公室记录"
    with pytest.raises(PermissionDenied):
        deliberating.agree_opinion(item, away, version=1, by=user_of(second))
    recuse(item, away, office)
    with pytest.raises(Refused, match="回避"):
        deliberating.agree_opinion(item, away, version=1, by=user_of(away))
    type(gone).objects.filter(pk=gone.pk).update(left_at=item.session.began_at, left_by=office)
    with pytest.raises(Refused, match="不在场"):
        deliberating.agree_opinion(item, gone, version=1, by=user_of(gone))
    with pytest.raises(Overtaken, match="新的文本"):
        deliberating.agree_opinion(item, second, version=0, by=user_of(second))


# fmt: off
ASSENT = [
    # rule        agreed of five   what is missing
    ("all",       4,  "评估意见须全体同意：5 位中已有 4 位同意。"),
    ("all",       5,  ""),
    ("majority",  2,  "评估意见须超过半数同意：5 位中已有 2 位同意。"),
    ("majority",  3,  ""),
    ("chair",     0,  ""),
]
# fmt: on


@pytest.mark.parametrize(("rule", "agreed", "missing"), ASSENT)
def test_when_an_opinion_is_agreed(sitting, office, rule, agreed, missing):
    sitting.assent = rule
    sitting.save()
    item = case_before(sitting, office)
    for seat in seats_of(item)[:agreed]:
        deliberating.agree_opinion(item, seat, version=1, by=user_of(seat))
    assert deliberating.assents_missing(item) == missing


def test_whoever_steps_aside_is_not_asked(sitting, office):
    """Two of three voters are a majority; the two who agreed and then left count no more."""
    item = case_before(sitting, office)
    seats = seats_of(item)
    for seat in seats[:3]:
        deliberating.agree_opinion(item, seat, version=1, by=user_of(seat))
    for seat in seats[:2]:
        recuse(item, seat, office)
    assert deliberating.assents_missing(item) == "评估意见须超过半数同意：3 位中已有 1 位同意。"


def test_no_opinion_no_ballot(item):
    assert deliberating.assents_missing(item) == "还没有起草专家组评估意见。"


def test_the_opinion_stands_once_the_ballot_is_open(sitting, office, experts):
    item = case_before(sitting, office)
    for seat in seats_of(item)[:3]:
        deliberating.agree_opinion(item, seat, version=1, by=office)
    balloting.open_round_for(item, by=experts[0].user)
    with pytest.raises(Refused, match="已经开始投票"):
        deliberating.write_opinion(item, "改口。", version=1, by=experts[0].user)


# ── notes ───────────────────────────────────────────────────────────────────────────────────────
def test_a_note_is_the_experts_own(item, office, client_of):
    one, other, *_ = seats_of(item)
    url = reverse("applications:panel_note", args=[item.session.key])
    client = client_of(user_of(one))
    answer = client.post(url, {"item": item.key, "text": "设备老旧，带徒有方。"}, headers={"X-Autosave": "1"})
    assert answer.json()["ok"]
    assert ExpertNote.objects.get().text == "设备老旧，带徒有方。"
    page = reverse("applications:panel_seat", args=[item.session.key])
    assert "设备老旧" in client.get(page).content.decode()
    assert "设备老旧" not in client_of(user_of(other)).get(page).content.decode()
    for name in ("panel_live", "ballot_results"):
        assert (
            "设备老旧"
            not in client_of(office)
            .get(reverse(f"applications:{name}", args=[item.session.key]))
            .content.decode()
        )
    assert not AuditEntry.objects.filter(note__contains="设备").exists()


def test_notes_are_the_panels_once_the_case_is_decided(sitting, office, client_of):
    item = case_before(sitting, office)
    one, other, *_ = seats_of(item)
    deliberating.save_note(item, one, "带徒有方。", by=user_of(one))
    assert not deliberating.notes_shown(item)
    road.closed_round(item, by=office)
    AgendaItem.objects.filter(pk=item.pk).update(is_open=False)
    assert (
        "带徒有方"
        in client_of(office).get(reverse("applications:ballot_results", args=[sitting.key])).content.decode()
    )
    assert (
        "带徒有方"
        in client_of(user_of(other))
        .get(reverse("applications:panel_seat", args=[sitting.key]))
        .content.decode()
    )
    item.refresh_from_db()
    with pytest.raises(Refused, match="不再变动"):
        deliberating.save_note(item, one, "改口。", by=user_of(one))


def test_a_recused_expert_writes_no_note_and_sees_no_case(item, office, client_of):
    seat = seats_of(item)[2]
    recuse(item, seat, office, state="proposed")
    client = client_of(user_of(seat))
    url = reverse("applications:panel_note", args=[item.session.key])
    assert client.post(url, {"item": item.key, "text": "x"}, headers={"X-Autosave": "1"}).status_code == 404
    for name in ("panel_seat", "panel_seat_now"):
        page = client.get(reverse(f"applications:{name}", args=[item.session.key])).content.decode()
        assert "请回避" in page or "请您回避" in page
        for secret in (item.application.studio_name, item.application.leader_name, item.application.number):
            assert secret not in page


# ── who reaches which page ──────────────────────────────────────────────────────────────────────
# fmt: off
PAGES = [
    # page               office  chair  expert  recused  stranger  applicant
    ("panel_live",        200,    200,    302,    302,     404,      404),
    ("panel_live_now",    200,    200,    403,    403,     404,      404),
    ("panel_seat",        403,    200,    200,    200,     404,      404),
    ("panel_seat_now",    403,    200,    200,    200,     404,      404),
    ("ballot_results",    200,    403,    403,    403,     404,      404),
]
# fmt: on


@pytest.mark.parametrize(("page", "codes"), [(row[0], row[1:]) for row in PAGES], ids=[r[0] for r in PAGES])
def test_pages_by_person(item, office, client_of, page, codes):
    chair, expert, recused, *_ = seats_of(item)
    recuse(item, recused, office)
    people = [
        office, user_of(chair), user_of(expert), user_of(recused), road.expert(9).user, item.application.applicant,
    ]  # fmt: skip
    url = reverse(f"applications:{page}", args=[item.session.key])
    assert tuple(client_of(person).get(url).status_code for person in people) == codes


def test_an_officer_of_the_studio_does_not_reach_the_screen(item, client_of):
    from applications.models import Collaborator

    officer = UserFactory(roles=["office", "applicant"])
    Collaborator.objects.create(
        application=item.application, user=officer, added_by=item.application.applicant
    )
    url = reverse("applications:panel_live", args=[item.session.key])
    assert client_of(officer).get(url).status_code == 403


def test_the_screen_is_safe_for_the_wall(sitting, office, client_of):
    """Case, who must leave, who is here, opinion: nothing of the dossier, no note, no identity number."""
    item = case_before(sitting, office)
    seats = seats_of(item)
    recuse(item, seats[1], office)
    deliberating.save_note(item, seats[0], "私下的看法", by=user_of(seats[0]))
    text = client_of(office).get(reverse("applications:panel_live_now", args=[sitting.key])).content.decode()
    assert f"请回避离席：{seats[1].expert.name}" in text
    assert "应到 5" in text
    assert "技艺精湛" in text
    leader = item.application.latest_submission().data["leader"]
    for hidden in ("私下的看法", leader["leader_id_number"], leader["leader_mobile"]):
        assert hidden not in text
