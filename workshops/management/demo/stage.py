"""What does every chapter of the demo share: days and moments, people, words, pictures, the studios by their account?

A chapter is a generator like a story of the admission demo: it yields the moment of its next act. Days are counted in
calendar days or months back from the day of loading.
"""

import csv
import hashlib
import io
import random
import tomllib
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from park.attachments import CheckedUpload
from park.models import CraftField, Origin, RecognitionLevel
from workshops.charges.term import rent_free_until
from workshops.models import Studio

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
EVALUATED = 18  # days before the day of loading: the evaluation of the running year begins
BEGIN = 1000  # days before the day of loading: before anything is told


def rows(name) -> list[dict]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Stage:
    """The people by their login, the days, and a lot that always draws the same."""

    def __init__(self, people, now):
        self.people, self.now = people, now
        self.today = timezone.localdate(now)
        self.lot = random.Random(11)
        self.shade = 0

    @cached_property
    def words(self) -> dict:
        return tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))

    @cached_property
    def residents(self) -> list[dict]:
        return rows("residents.csv")

    @cached_property
    def fields(self) -> dict:
        return {row.code: row for row in CraftField.objects.all()}

    @cached_property
    def origins(self) -> dict:
        return {row.code: row for row in Origin.objects.all()}

    @cached_property
    def levels(self) -> dict:
        return {row.code: row for row in RecognitionLevel.objects.all()}

    # ── days ────────────────────────────────────────────────────────────────────────────────────
    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def month(self, back: int) -> date:
        """The first of the month so many months before this one."""
        number = self.today.year * 12 + self.today.month - 1 - back
        return date(number // 12, number % 12 + 1, 1)

    def at(self, day: date, hour=10, minute=0) -> datetime:
        """A moment of that day, never later than half an hour ago."""
        moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
        return min(moment, max(self.now - timedelta(minutes=30), self.midnight))

    @cached_property
    def midnight(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.today, time()))

    @cached_property
    def evaluated_on(self) -> date:
        """The day on which the evaluation of the year before begins: its records are told by then, and three months are
        left to end it in and to follow what came of it."""
        return max(min(date(self.today.year, 1, 5), self.ago(100)), self.ago(250))

    def start_of(self, free_left: int) -> date:
        """The day from which the waiver of rent ends so many days after today [4.1]."""
        ends = self.today + timedelta(days=free_left)
        start = date(ends.year - 2, ends.month, min(ends.day, 28))
        while rent_free_until(start) < ends:
            start += timedelta(days=1)
        return start

    # ── people and papers ───────────────────────────────────────────────────────────────────────
    def studio(self, account: str) -> Studio:
        return Studio.objects.get(people=self.people[account], leader_name=self.people[account].real_name)

    def names(self, count: int) -> list[str]:
        """So many different names; rare characters among them."""
        words, found = self.words, []
        while len(found) < count:
            name = self.lot.choice(words["surnames"]) + self.lot.choice(words["given"])
            if name not in found:
                found.append(name)
        return found

    def picture(self, name="现场照片") -> CheckedUpload:
        """A small grey drawing, each time another file. Our own needs no inspection in a child process."""
        self.shade += 1
        image = Image.new("L", (320, 240), 225)
        draw = ImageDraw.Draw(image)
        draw.rectangle((20, 20, 300, 220), outline=120, width=2)
        draw.text((130, 110), f"DEMO {self.shade}", fill=60)
        buffer = io.BytesIO()
        image.save(buffer, format="JPEG", quality=70)
        content = buffer.getvalue()
        digest = hashlib.sha256(content).hexdigest()
        return CheckedUpload(ContentFile(content), f"{name}（演示）.jpg", "jpg", len(content), digest, None)
