"""Does check_invariants find what somebody changed behind the procedure's back?"""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from applications.invariants import INVARIANTS
from applications.models import Application
from park import invariants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def broken() -> dict[str, list[str]]:
    return {i.name: found for i in INVARIANTS if (found := i.offenders())}


def sql(statement, *values):
    """As somebody at the database would do it, triggers out of the way."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def unguarded(db):
    from park import triggers

    for trigger in triggers.TRIGGERS:
        if trigger.table.startswith("applications_"):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            sql(f"DROP TRIGGER {trigger.name}{on}")


def test_a_case_in_every_status_breaks_nothing(fresh):
    fresh("draft")
    assert broken() == {}


def test_they_are_registered():
    assert [i for i in INVARIANTS if i not in invariants.REGISTRY] == []


def test_changed_content_is_found(fresh):
    """The ciphertext of another version in place of the right one, or a new one under a valid key."""
    version = fresh("submitted").latest_submission()
    version.data = version.data | {"plan": {"plan_or_goals": "后来换的"}}
    version.save(update_fields=["data"])
    assert broken() == {"submission_content": [str(version)]}


def test_content_moved_from_another_case_is_found(fresh):
    one, other = fresh("submitted").latest_submission(), fresh("site_visit").latest_submission()
    sql(
        "UPDATE applications_submission SET data = (SELECT data FROM applications_submission WHERE id = %s) WHERE id = %s",
        other.pk,
        one.pk,
    )
    assert broken() == {"submission_content": [str(one)]}


@pytest.mark.parametrize(
    ("column", "value"),
    [("leader_name", "别人"), ("studio_name", "别的"), ("leader_id_index", "0" * 64), ("occupation", "茶艺"),
     ("unit_name", "别家"), ("district", None)],
)  # fmt: skip
def test_a_changed_column_is_found(fresh, column, value):
    application = fresh("submitted")
    Application.objects.filter(pk=application.pk).update(**{column: value})
    assert broken() == {"application_columns": [application.number]}


def test_an_exchanged_file_is_found(fresh, unguarded):
    row = fresh("submitted").latest_submission().files.first()
    sql("UPDATE applications_submissionfile SET sha256 = %s WHERE id = %s", "0" * 64, row.pk)
    assert broken() == {"submission_files": [f"{row.submission} {row.stored.key}"]}


def test_a_missing_version_is_found(fresh, unguarded):
    version = fresh("submitted").latest_submission()
    sql("UPDATE applications_submission SET number = 2 WHERE id = %s", version.pk)
    assert set(broken()) == {"submission_numbers"}


def test_a_gap_in_the_numbers_is_found(fresh):
    number = fresh("submitted").number
    Application.objects.filter(number=number).update(number=f"{number[:8]}0999")
    assert broken() == {"application_numbers": [number[:7]]}


def test_a_status_set_by_hand_is_found(fresh):
    number = fresh("submitted").number
    for status, found in {
        "site_visit": {"review_decided"},
        "rejected": {"review_decided"},
        "correction": {"correction_open"},
    }.items():
        sql("UPDATE applications_application SET status = %s WHERE number = %s", status, number)
        assert set(broken()) == found


def test_a_correction_closed_by_hand_is_found(fresh):
    application = fresh("correction")
    application.corrections.update(closed_at=timezone.now())
    assert broken() == {"correction_open": [application.number]}


def test_an_applicant_shut_out_is_found(fresh, people):
    application = fresh("draft")
    application.collaborators.filter(user=people["owner"]).delete()
    assert list(broken()) == ["applicant_fills"]


def test_the_command_fails_and_names_the_offender(fresh, capsys):
    application = fresh("submitted")
    Application.objects.filter(pk=application.pk).update(leader_name="别人")
    with pytest.raises(CommandError):
        call_command("check_invariants")
    assert f"（application_columns）：{application.number}" in capsys.readouterr().out
