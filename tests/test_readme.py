"""The README is the newcomer's map: it must be in step with the code."""

import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from park.management.commands.write_diagrams import diagrams
from park.workflow import PROCEDURES

README = Path(settings.BASE_DIR, "README.md").read_text()


def test_diagrams_are_those_of_the_tables():
    assert diagrams() in README, "run manage.py write_diagrams"


def test_every_procedure_has_a_diagram_that_names_every_step():
    for flow in PROCEDURES.values():
        picture = flow.as_mermaid()
        assert [step.label for step in flow.steps.values() if step.label not in picture] == []


def test_links_and_pictures_exist():
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    missing = [t for t in targets if not t.startswith("http") and not Path(settings.BASE_DIR, t).exists()]
    assert missing == []


def test_commands_named_exist():
    named = set(re.findall(r"manage\.py (\w+)", README))
    assert named - set(get_commands()) == set()


def test_both_first_commands_are_shown():
    assert "./run demo" in README
    assert "./run test" in README
