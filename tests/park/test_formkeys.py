"""One form, one write."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from park import formkeys
from park.models import AuditEntry, FormKey, Unit
from park.workflow import Refused
from tests.factories import UserFactory
from tests.races import at_once, won


def sent(user, key=None):
    request = RequestFactory().post("/x/", {formkeys.FIELD: formkeys.new_key() if key is None else key})
    request.user = user
    return request


def carry_out(request, location="/done/", error=None):
    with formkeys.write_once(request, "一件事", "change_profile") as write:
        Unit.objects.create(name="写入")
        if error:
            raise error
        write.location = location


@pytest.mark.django_db
def test_a_form_sent_twice_writes_once_and_leads_to_the_same_place():
    request = sent(UserFactory())
    carry_out(request)
    with pytest.raises(formkeys.AlreadyDone) as done:
        carry_out(request)
    assert done.value.location == "/done/"
    assert formkeys.led_to(request) == "/done/"
    assert Unit.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [Refused("还缺一项。"), PermissionDenied("您没有权限。"), ZeroDivisionError()]
)
def test_a_failed_write_leaves_the_key_good_and_nothing_behind(error):
    request = sent(UserFactory())
    with pytest.raises(type(error)):
        carry_out(request, error=error)
    assert (Unit.objects.count(), FormKey.objects.count()) == (0, 0)
    assert formkeys.led_to(request) is None
    carry_out(request)
    assert Unit.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_write_is_on_the_trail():
    person = UserFactory()
    with pytest.raises(Refused):
        carry_out(sent(person), error=Refused("还缺一项。"))
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.by, entry.result, entry.note) == (
        "change_profile",
        person,
        "refused",
        "还缺一项。",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "\x00", "0" * 100_000])
def test_without_a_proper_key_nothing_is_written(key):
    with pytest.raises(Refused, match="表单缺少一次性凭证，请刷新页面后重新提交。"):
        carry_out(sent(UserFactory(), key))
    assert Unit.objects.count() == 0
    assert formkeys.led_to(sent(UserFactory(), key)) is None


@pytest.mark.django_db
@pytest.mark.parametrize("other", [AnonymousUser, UserFactory])
def test_somebody_elses_key_leads_nowhere(other):
    request = sent(UserFactory())
    carry_out(request, "/private/")
    theirs = sent(other(), request.POST[formkeys.FIELD])
    with pytest.raises(formkeys.AlreadyDone) as done:
        carry_out(theirs)
    assert done.value.location == "/"
    assert formkeys.led_to(theirs) == "/"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_form_many_times_at_once_writes_once():
    request = sent(UserFactory())
    results = at_once(*[lambda: carry_out(request)] * 8)
    done = [r for r in results if isinstance(r, formkeys.AlreadyDone)]
    assert (len(won(results)), [d.location for d in done]) == (1, ["/done/"] * 7)
    assert Unit.objects.count() == 1
