"""What the database holds of numbers, and who can read it."""

from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from park import crypto
from park.models import AuditEntry, RoleHolder, User
from tests.factories import UserFactory

OLD = "1:ZGVtby1vbmx5LWZpZWxkLWtleS0zMi1ieXRlcy1sb24="
NEW = "2:MzItYnl0ZXMtb2YtYW5vdGhlci1kZW1vLWtleS0uLi4="


def stored(person, column="mobile"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM park_user WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def store(person, token):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE park_user SET mobile = %s WHERE id = %s", [token, person.pk])


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.FIELD_KEYS = OLD


@pytest.mark.parametrize("text", ["13800001234", "镕喆玥垚昇堃珺䶮", "", "a" * 10_000])
def test_what_goes_in_comes_out(text):
    assert crypto.decrypt(crypto.encrypt(text, bound_to="a:1"), bound_to="a:1") == text


def test_the_same_text_is_never_the_same_ciphertext():
    assert crypto.encrypt("x", bound_to="a:1") != crypto.encrypt("x", bound_to="a:1")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-4] + ("AAA=" if t[-4:] != "AAA=" else "BBB="),
        lambda t: "9" + t[1:],
        lambda t: t[:10],
        lambda t: "",
        lambda t: "1$***",
    ],
)
def test_a_changed_ciphertext_does_not_open(spoil):
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(spoil(crypto.encrypt("13800001234", bound_to="a:1")), bound_to="a:1")


def test_the_blind_index_is_equal_for_equals_of_one_purpose():
    index = crypto.blind_index("13800001234", purpose="mobile")
    assert index == crypto.blind_index("13800001234", purpose="mobile")
    assert index != crypto.blind_index("13800001234", purpose="id")
    assert index != crypto.blind_index("13800001235", purpose="mobile")
    assert len(index) == 64
    assert crypto.blind_index("", purpose="mobile") == ""


@pytest.mark.parametrize(
    ("text", "masked"),
    [("320102199003070011", "32**************11"), ("1234", "****"), ("12345", "12*45"), ("", "")],
)
def test_mask(text, masked):
    assert crypto.mask(text) == masked


@pytest.mark.parametrize("ring", ["", "1", "1:c2hvcnQ=", ":" + OLD[2:]])
def test_a_bad_key_ring_stops_with_a_sentence(settings, ring):
    settings.FIELD_KEYS = ring
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        crypto.encrypt("x", bound_to="a:1")


@pytest.mark.django_db
def test_the_database_holds_ciphertext_only():
    person = UserFactory(mobile="13800001234")
    assert stored(person).startswith("1$")
    assert "13800001234" not in stored(person)
    assert stored(person, "mobile_index") == crypto.blind_index("13800001234", purpose="mobile")
    for read in (
        User.objects.get(pk=person.pk), User.objects.defer("mobile").get(pk=person.pk),
        RoleHolder.objects.get(pk=person.pk),
    ):  # fmt: skip
        assert read.mobile == "13800001234"


@pytest.mark.django_db
def test_a_ciphertext_is_bound_to_its_row():
    one, two = UserFactory(mobile="13800001234"), UserFactory(mobile="13800005678")
    store(two, stored(one))
    with pytest.raises(crypto.Undecipherable):
        User.objects.get(pk=two.pk).mobile


@pytest.mark.django_db
def test_an_encrypted_field_is_not_written_past_its_row():
    UserFactory(mobile="13800001234")
    with pytest.raises(TypeError):
        User.objects.update(mobile="13900001234")
    with pytest.raises(TypeError):
        User.objects.filter(mobile="13800001234").exists()


@pytest.mark.django_db
def test_rotation_moves_every_row_to_the_new_key(settings):
    people = [UserFactory(mobile=f"1380000{n:04}") for n in range(3)] + [UserFactory()]
    settings.FIELD_KEYS = f"{OLD},{NEW}"
    assert User.objects.get(pk=people[0].pk).mobile == "13800000000"
    out = StringIO()
    call_command("rotate_field_keys", stdout=out)
    assert "park.User.mobile：3 行" in out.getvalue()
    assert [stored(person)[:2] for person in people] == ["2$", "2$", "2$", ""]
    settings.FIELD_KEYS = NEW
    assert [User.objects.get(pk=p.pk).mobile for p in people] == [
        "13800000000",
        "13800000001",
        "13800000002",
        "",
    ]
    call_command("rotate_field_keys", stdout=StringIO())
    assert AuditEntry.objects.filter(verb="rotate_field_keys").count() == 1


@pytest.mark.django_db
def test_rotation_says_which_rows_it_cannot_open(settings):
    one, two = UserFactory(mobile="13800001234"), UserFactory(mobile="13800005678")
    store(two, stored(one))
    settings.FIELD_KEYS = f"{OLD},{NEW}"
    err = StringIO()
    with pytest.raises(CommandError, match="1 行无法解密，旧密钥不能删除。"):
        call_command("rotate_field_keys", stdout=StringIO(), stderr=err)
    assert f"park.User {two.pk}：mobile 无法解密。" in err.getvalue()
    assert stored(one).startswith("2$")
