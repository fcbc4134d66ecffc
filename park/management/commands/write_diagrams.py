"""How do the procedures look? The diagrams of the README, from the tables."""

import re
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from park.workflow import PROCEDURES

README = Path(settings.BASE_DIR, "README.md")
BEGIN, END = "<!-- procedures: written by manage.py write_diagrams -->", "<!-- /procedures -->"


def diagrams() -> str:
    parts = [f"#### {name}\n\n```mermaid\n{flow.as_mermaid()}\n```" for name, flow in PROCEDURES.items()]
    return f"{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}"


class Command(BaseCommand):
    help = "Writes the diagrams of all procedures into README.md, between their marks."

    def handle(self, *args, **options):
        text = README.read_text()
        pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
        README.write_text(pattern.sub(lambda _: diagrams(), text))
        self.stdout.write(f"README.md：{len(PROCEDURES)} 个流程图。")
