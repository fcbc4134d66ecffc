"""What does the trail say of people coming and going? Receivers of Django's and axes' own signals."""

from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from park import audit, crypto

SECOND_FACTOR_PASSED = "_second_factor"  # in the session: row_key of the phone whose code it has seen


def connect():
    """Called once, when the app is ready."""
    user_logged_in.connect(logged_in, dispatch_uid="park.logged_in")
    user_logged_out.connect(logged_out, dispatch_uid="park.logged_out")
    user_login_failed.connect(login_failed, dispatch_uid="park.login_failed")
    user_locked_out.connect(locked_out, dispatch_uid="park.locked_out")


def logged_in(sender, user, request=None, **kwargs):
    if request is not None:  # a new login passes the second factor anew, even in the same session
        request.session.pop(SECOND_FACTOR_PASSED, None)
    audit.record("login", user, by=user)


def logged_out(sender, user, **kwargs):
    if user is not None:
        audit.record("logout", user, by=user)


def login_failed(sender, credentials, request=None, **kwargs):
    audit.record("login_failed", _named(credentials.get("username")), by=None, result="refused")


def locked_out(sender, request=None, username=None, **kwargs):
    audit.record("locked_out", _named(username), by=None, result="refused")


def _named(username):
    """The account meant; masked where there is none, for people type passwords into the wrong box."""
    username = str(username or "")[:150].replace("\x00", "")
    account = get_user_model().objects.filter(username=username).first()
    return account or crypto.mask(username[:40], head=1, tail=0) or "（空）"
