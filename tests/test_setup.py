"""Does a blank machine become a running one, and does production refuse what belongs to a demo?"""

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks
from django.template.loader import get_template
from packaging.requirements import Requirement

from park import checks as park_checks
from park.models import User

ROOT = Path(__file__).resolve().parent.parent

SAFE = {
    "SECRET_KEY": "s" * 64,
    "FIELD_KEYS": "1:" + "QUJD" * 10 + "QUI=",
    "BLIND_INDEX_KEY": "b" * 64,
    "ALLOWED_HOSTS": "park.example.org",
    "DATABASE_URL": "postgres://park@127.0.0.1/park",
}


@pytest.fixture
def run():
    """The script `run` as a module."""
    loader = SourceFileLoader("run_script", str(ROOT / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_script", loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def start_settings(folder, **env):
    """Import the real settings in a process of its own, with nothing but these variables and no .env."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import config.settings"
    code = "import environs; environs.Env.read_env = lambda *a, **k: None; " + code
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder), "PYTHONUTF8": "1", **env}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)


# ── settings ────────────────────────────────────────────────────────────────────────────────────


def variables_read():
    """NAME of every env.xxx("NAME", …) in the settings."""
    tree = ast.parse((ROOT / "config" / "settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.func.attr != "read_env"
    }


def test_env_example_documents_every_variable_and_no_other():
    text = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.M)) == variables_read()


def test_env_example_as_it_stands_is_refused(tmp_path):
    lines = (line for line in (ROOT / ".env.example").read_text().splitlines() if re.match(r"[A-Z_]+=", line))
    done = start_settings(tmp_path, **dict(line.split("=", 1) for line in lines))
    for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "ALLOWED_HOSTS"):
        assert name in done.stderr


def test_production_starts_with_safe_settings(tmp_path):
    done = start_settings(tmp_path, **SAFE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("unsafe", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY 未设置、过短或仍为演示密钥"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY 未设置、过短或仍为演示密钥"),
        ({"SECRET_KEY": settings.INSECURE_KEY}, "SECRET_KEY 未设置、过短或仍为演示密钥"),
        ({"FIELD_KEYS": settings.FIELD_KEYS}, "FIELD_KEYS 未设置或仍为演示密钥"),
        ({"BLIND_INDEX_KEY": settings.BLIND_INDEX_KEY}, "BLIND_INDEX_KEY 未设置或仍为演示密钥"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS 必须列出域名"),
        ({"DEBUG": "true"}, "DEBUG 必须关闭"),
        ({"DATABASE_URL": "sqlite:////tmp/x.sqlite3", "WEB_CONCURRENCY": "2"}, "SQLite 只能配一个工作进程"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_production_refuses(tmp_path, unsafe, said):
    done = start_settings(tmp_path, **SAFE | unsafe)
    assert done.returncode == 1
    assert said in done.stderr
    assert "生产环境拒绝启动" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("demo", "is_demo", "refused"), [(False, True, True), (False, False, False), (True, True, False)]
)
def test_production_refuses_demo_users(settings, demo, is_demo, refused):
    settings.DEMO = demo
    User.objects.create(username="office1", real_name="测试", is_demo=is_demo)
    found = checks.run_checks(tags=["database"], include_deployment_checks=True, databases=["default"])
    assert ("park.E001" in [fault.id for fault in found]) is refused


@pytest.mark.parametrize(
    ("url", "refused"), [("http://127.0.0.1:8000", True), ("https://park.zj.gov.cn", False)]
)
def test_production_refuses_a_local_address_on_paper(settings, url, refused):
    settings.DEMO, settings.SITE_URL = False, url
    assert [fault.id for fault in park_checks.site_address(None)] == (["park.E002"] if refused else [])


def test_this_machine_can_print_papers():
    assert park_checks.paper_can_be_printed(None) == []


# ── locked packages ─────────────────────────────────────────────────────────────────────────────


def pins(level):
    text = (ROOT / "requirements" / f"{level}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^ ;\\]+)", text, re.M))


def test_each_lock_contains_the_one_before(run):
    base, test, browser = map(pins, run.LEVELS)
    assert base.items() <= test.items() <= browser.items()


def test_locks_are_in_step_with_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = project["project"]["dependencies"] + groups["test"] + groups["browser"]
    locked = pins("browser")
    stale = [
        line
        for line in wanted
        if not (r := Requirement(line)).specifier.contains(locked.get(r.name.lower(), "0"))
    ]
    assert stale == []


# ── the script ──────────────────────────────────────────────────────────────────────────────────


def test_run_parses_on_an_old_python():
    ast.parse((ROOT / "run").read_text(), feature_version=(3, 7))


def test_run_needs_the_standard_library_alone():
    tree = ast.parse((ROOT / "run").read_text())
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_run_names_every_command():
    done = subprocess.run([sys.executable, ROOT / "run", "--help"], capture_output=True, text=True)
    for command in ("setup", "demo", "test", "check", "lock", "serve", "worker", "upgrade"):
        assert f"\n    {command} " in done.stdout


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("E: Could not get lock /var/lib/dpkg/lock-frontend", "另一个程序正在安装软件"),
        ("Temporary failure in name resolution", "网络不通"),
        ("ERROR: Could not find a version that satisfies x==1 (from versions: none)", "网络不通"),
        ("E: Failed to fetch http://x Could not connect", "网络不通"),
        ("OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "校验值不符"),
        ("E: Unable to locate package fonts-lxgw-wenkai", "软件源里没有"),
        ("ERROR: No matching distribution found for pillow==1", "没有适合本机的版本"),
        ("PermissionError: [Errno 13] Permission denied: '.venv/x'", "权限不足"),
        ("something else", "请看上面的输出"),
    ],
)
def test_every_failure_says_what_to_do(run, output, advice):
    assert advice in run.advice_for(output)


def test_an_old_python_is_told_what_it_needs(run, monkeypatch):
    monkeypatch.setattr(run.sys, "version_info", (3, 10, 1))
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(run.Stop, match=r"需要 Python 3\.11 以上，本机是 3\.10"):
        run.fit_python()


def test_without_rights_the_exact_line_is_printed(run, monkeypatch):
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(run.Stop) as stop:
        run.install_system_packages(["fontconfig", "tzdata"])
    line = "su -c 'apt-get update && apt-get install -y --no-install-recommends fontconfig tzdata'"
    assert line in str(stop.value)


def test_a_failed_step_shows_its_end_and_the_advice(run, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "LOG", tmp_path / "var" / "run.log")
    with pytest.raises(run.Stop) as stop:
        run.quietly([sys.executable, "-c", "raise OSError(28, 'No space left on device')"], "没有装好。")
    assert "没有装好。" in str(stop.value)
    assert "磁盘已满" in str(stop.value)


def test_a_taken_port_gives_way_to_the_next(run):
    with run.socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < run.free_port(port) <= port + 100


def test_the_demo_never_touches_the_database_named_in_env_file(run, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("VAR_DIR", raising=False)
    env = run.demo_env(8001)
    folder = tmp_path / "var" / "demo"
    assert env["DATABASE_URL"] == f"sqlite:///{folder}/park.sqlite3"
    assert (env["DEMO"], env["VAR_DIR"], env["SITE_URL"]) == ("true", str(folder), "http://127.0.0.1:8001")


def test_a_moved_environment_is_made_again(run, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "STAMP", tmp_path / "installed.json")
    run.STAMP.write_text(json.dumps({"made for": run.made_for(), "base": "x"}))
    assert run.stamped()["base"] == "x"
    run.STAMP.write_text(json.dumps({"made for": "/elsewhere/.venv 3.11", "base": "x"}))
    assert run.stamped() == {}


def children(log, *codes):
    """A small process that starts these children and watches them, as `./run demo` does."""
    lines = [f"c.start('子{i}', [sys.executable, '-c', {code!r}], None)" for i, code in enumerate(codes)]
    body = f"""
        import sys
        from importlib.machinery import SourceFileLoader
        sys.dont_write_bytecode = True
        run = SourceFileLoader("run_script", {str(ROOT / "run")!r}).load_module()
        c = run.Children(run.Path({str(log)!r}))
        {"; ".join(lines)}
        try:
            sys.exit(c.watch(lambda: True, lambda: print("就绪", flush=True)))
        except run.Stop as stop:
            sys.exit(str(stop))
    """
    code = textwrap.dedent(body)
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_child_that_dies_is_reported_and_the_other_ends(run, tmp_path):
    pid = tmp_path / "pid"
    lasting = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    process = children(
        tmp_path / "log", lasting, "import time; time.sleep(1); print('why'); raise SystemExit(3)"
    )
    _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert told.startswith("子1进程意外结束（代码 3），已全部停止。\n      why\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_ctrl_c_and_sigterm_end_everything(run, tmp_path, number):
    process = children(tmp_path / "log", "import time; time.sleep(60)")
    assert process.stdout.readline() == "就绪\n"
    process.send_signal(getattr(run.signal, number))
    said, _ = process.communicate(timeout=30)
    assert (process.returncode, said.strip()) == (0, "已停止。")


# ── tests that need a browser, Java or PostgreSQL ───────────────────────────────────────────────


@pytest.mark.parametrize(("require_all", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_a_missing_requirement_skips_here_and_fails_in_ci(tmp_path, require_all, outcome):
    (tmp_path / "test_x.py").write_text("import pytest\n@pytest.mark.pdfa\ndef test_x(): pass\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = pdfa\n")
    command = [sys.executable, "-m", "pytest", "-q", "-rsf", "-p", "no:cacheprovider", "-p", "no:django"]
    command += ["-p", "tests.requirements_plugin", "-c", tmp_path / "pytest.ini", tmp_path]
    env = {"PYTHONPATH": str(ROOT), "PATH": "/nowhere", "REQUIRE_ALL": require_all, "PYTHONUTF8": "1"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=tmp_path)
    assert outcome in done.stdout.splitlines()[-1]
    assert "请运行 ./run setup browser" in done.stdout


# ── templates ───────────────────────────────────────────────────────────────────────────────────


def test_every_template_compiles():
    for folder in (ROOT / "templates", *ROOT.glob("*/templates")):
        for path in folder.rglob("*.html"):
            get_template(str(path.relative_to(folder)))
