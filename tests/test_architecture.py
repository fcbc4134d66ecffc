"""Rules of the house that the linter cannot see."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CheckConstraint
from django.urls import URLResolver, get_resolver

ROOT = Path(__file__).parent.parent
APPS = ["park", "workshops", "applications", "assessments"]

# Whoever is not signed in sees these and nothing else. Adding a page here is a decision: no personal data on it.
PUBLIC = {
    # the portal
    "portal", "guide", "self_check", "regulation", "privacy", "help", "help_page", "site_map", "display", "healthz",
    "check_start", "check",
    # coming in
    "login", "logout", "register", "password_reset", "password_reset_done", "password_reset_confirm",
    "password_reset_complete",
    "admin:login",  # only leads to the site's own login
    # a unit without an account, by a one-time link
    "applications:unit_confirm", "applications:unit_copy",
    "applications:blank_form",  # the empty Annex 1
    "workshops:public_studios", "workshops:public_studio",  # the two registers, public facts alone [1]
    # what the park announces, and objecting to it without an account
    "announcements", "announcement", "announcement_print", "announcement_file", "object", "objection_receipt",
}  # fmt: skip


def routes(patterns=None, namespace=""):
    """(name with its namespace, pattern) of everything in the resolver."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def sources(*apps_, name="*.py"):
    for app in apps_:
        for path in sorted((ROOT / app).rglob(name)):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def test_only_these_pages_are_public():
    assert {name for name, route in routes() if not getattr(route.callback, "login_required", True)} == PUBLIC


def test_every_route_has_its_own_name():
    names = [name for name, _ in routes() if name != "admin:None" and not name.startswith("admin:")]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_only_the_engine_assigns_status():
    """`update(status=…)` and bulk writes count as well."""
    guilty = set()
    for path, text in sources("config", *APPS):
        for node in ast.walk(ast.parse(text)):
            stored = (
                isinstance(node, ast.Attribute) and node.attr == "status" and isinstance(node.ctx, ast.Store)
            )
            updated = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("update", "bulk_update", "update_or_create")
                and any(keyword.arg == "status" for keyword in node.keywords)
            )
            if stored or updated:
                guilty.add(str(path))
    assert guilty == {"park/workflow.py"}


@pytest.mark.parametrize(
    "module", ["permissions.py", "conditions.py", "workflow.py", "effects.py", "actions.py"]
)
def test_procedures_know_no_superuser_and_no_django_permissions(module):
    """A superuser passes every has_perm: procedures ask for roles."""
    allowed = {
        ("park/permissions.py", "is_superuser"),  # an officer may not touch the superuser's account
        ("park/actions.py", "is_superuser"),  # which enters the admin, and is not closed by its owner
    }
    found = {
        (str(path), word)
        for path, text in sources(*APPS, name=module)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute)
        and (word := node.attr) in ("is_superuser", "has_perm", "has_perms", "is_staff")
        if word != "is_staff" or module != "actions.py"
    }
    assert found <= allowed


def test_no_drawers_for_everything():
    names = {path.name for path, _ in sources("config", *APPS)}
    assert names & {"utils.py", "helpers.py", "services.py", "common.py", "misc.py"} == set()


def test_every_module_says_what_it_answers():
    silent = [
        str(path)
        for path, text in sources("config", *APPS)
        if text.strip()
        and path.name not in ("apps.py", "asgi.py", "wsgi.py")
        and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_modules_stay_readable():
    assert [str(path) for path, text in sources("config", *APPS) if text.count("\n") > 400] == []


def test_what_was_done_and_by_whom_are_both_set_or_both_empty():
    """Two nullable columns x_at and x_by are held together by a constraint."""
    loose = []
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model._meta.proxy or model.__name__.startswith("Historical"):
            continue
        empty = {field.name for field in model._meta.concrete_fields if field.null}
        held = [str(c.condition) for c in model._meta.constraints if isinstance(c, CheckConstraint)]
        for stem in (name.removesuffix("_at") for name in empty if name.endswith("_at")):
            pair = (f"{stem}_at", f"{stem}_by")
            if pair[1] in empty and not any(all(name in text for name in pair) for text in held):
                loose.append(f"{model.__name__}.{stem}")
    assert loose == []


def test_every_encrypted_row_has_a_key_to_bind_to():
    from park.fields import EncryptedTextField

    sealed = {
        m for m in apps.get_models() for f in m._meta.concrete_fields if isinstance(f, EncryptedTextField)
    }
    assert sealed
    for model in sealed:
        names = [field.name for field in model._meta.concrete_fields]
        first = min(
            i for i, field in enumerate(model._meta.concrete_fields) if isinstance(field, EncryptedTextField)
        )
        assert "row_key" in names[:first], model


def test_login_is_required_unless_a_view_says_otherwise():
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    order = [m.rpartition(".")[2] for m in settings.MIDDLEWARE]
    assert order.index("MessageMiddleware") < order.index("Actor") < order.index("SessionLimits")
    assert order[-1] == "AxesMiddleware"


def test_the_policy_for_content_allows_no_inline_code():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert all("unsafe" not in str(source) for values in directives.values() for source in values)
