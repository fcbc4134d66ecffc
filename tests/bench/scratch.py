"""Where does a bench work? In databases and a folder of its own, on SQLite and on PostgreSQL, gone afterwards.

A bench runs itself once per database (`each_database`), because settings are read once per process. PostgreSQL is
the server of DATABASE_URL; without one, the local server, and where none answers that part says so and is left out.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]


def each_database(script: str) -> int:
    """Run `script NAME` for sqlite and postgresql; NAME may also be given by hand. 0 where all went well."""
    if len(sys.argv) > 1:
        raise SystemExit(f"unknown argument {sys.argv[1]!r}: sqlite or postgresql")
    codes = []
    for name in ("sqlite", "postgresql"):
        if name == "postgresql" and not _server_answers():
            print("\nNo PostgreSQL server answers (set DATABASE_URL): this part is left out.")
            continue
        codes.append(subprocess.run([sys.executable, script, name], check=False).returncode)
    return max(codes)


def chosen() -> str:
    """The database of this process, from the command line; "" for the parent of both."""
    return sys.argv[1] if sys.argv[1:] in (["sqlite"], ["postgresql"]) else ""


def _server() -> str:
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    return url.netloc if url.scheme.startswith("postgres") else "127.0.0.1"


def _server_answers() -> bool:
    import psycopg

    try:
        psycopg.connect(f"postgresql://{_server()}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextlib.contextmanager
def django_on(name: str, **environment):
    """Django set up for one database, with files in a folder that is deleted; yields the folder."""
    with tempfile.TemporaryDirectory(prefix="park-bench-") as folder:
        os.environ.update(environment)
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        os.environ["DATABASE_URL"] = (
            f"postgres://{_server()}/postgres"
            if name == "postgresql"
            else f"sqlite:///{folder}/bench.sqlite3"
        )
        import django

        django.setup()
        from django.apps import apps
        from django.conf import settings

        # Tables straight from the models: quicker, and `makemigrations --check` holds the migrations to the same.
        settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
        yield Path(folder)


@contextlib.contextmanager
def database(folder: Path, label="bench"):
    """A new empty database with tables, triggers and reference data as the default one; dropped afterwards."""
    from django.core.management import call_command
    from django.db import connections

    outer = connections["default"]
    connection = connections.create_connection("default")
    connection.settings_dict = connection.settings_dict | {
        "TEST": connection.settings_dict["TEST"] | {"NAME": _database_name(connection, folder, label)}
    }
    connections["default"] = connection
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        call_command("load_reference_data", verbosity=0)
        yield connection
    finally:
        connections["default"] = connection
        connection.creation.destroy_test_db(outer.settings_dict["NAME"], verbosity=0)
        connections["default"] = outer


def _database_name(connection, folder, label):
    return f"park_{label}_{os.getpid()}" if connection.vendor == "postgresql" else f"{folder}/{label}.sqlite3"


def milliseconds(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000
