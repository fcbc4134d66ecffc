"""Overlay of the real settings for tests: demo keys, fast hashing, everything in memory or a scratch folder."""

import os
import tempfile

os.environ["DEMO"] = "true"
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="park-tests-"))
os.environ["EMAIL_URL"] = "memory://"
os.environ["TASKS_BACKEND"] = "django_tasks.backends.immediate.ImmediateBackend"

from config.settings import *  # noqa: F403
from config.settings import DATABASES
from config.settings import MIDDLEWARE as _MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = [m for m in _MIDDLEWARE if "whitenoise" not in m]

if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # nobody needs these rows after a power failure
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
