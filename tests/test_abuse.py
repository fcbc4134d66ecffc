"""Every form of life in the park as its pages show it, filled with what nobody should type: nothing breaks, nothing that
was typed is lost, and an act that is sent twice leads back with a sentence."""

import html
import io
import re
import uuid
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import resolve, reverse
from django.utils import timezone
from PIL import Image

from park import documents, pdf
from tests import living
from tests.papers import blank_page
from tests.reference import kept_for_the_module, load_reference_rows
from tests.test_living_by_role import TASKS
from tests.workshops import staying
from tests.workshops.factories import PersonFactory, RoomFactory
from workshops.actions import attendance, leaving, rooming

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="forms and views; the database does not matter"),
]
# Who looks for forms, and on which pages: all, or those of the matters that are theirs alone.
WHO = {"office": "", "logistics": "", "leader": "", "attraction": "lead", "group_leader": "leader_change"}
TYPED = "甲乙丙丁"
LONG = "长" * 25_000
# By kind of field. What a browser would not let through is sent by whoever has none.
NONSENSE = {
    "date": ("0001-01-01", "9999-12-31", "2026-02-30", "１２", "\x00"),
    "datetime-local": ("0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30T09:00", "１２", "\x00"),
    "month": ("0001-01", "9999-12", "2026-13", "１２", "\x00"),
    "number": ("-1", "9" * 30, "NaN", "1e400", "１２.x"),
    "choice": ("-1", "9" * 30, "nonsense", "\x00", f"{uuid.UUID(int=1)}"),
    "hidden": ("-1", "9" * 30, "nonsense", "\x00", "9999-12-31"),
    "text": ("\x00", LONG, TYPED, TYPED, TYPED),
}
ROUNDS = len(NONSENSE["date"])
LEADS_TO_A_JOB = {"renew_projections", "try_rubric"}  # whose page says how far it is
KINDS = {"select": "choice", "radio": "choice", "checkbox": "choice", "textarea": "text"}
BUTTONS_WITH_FILES = {
    "inspection_photos",
    "ledger_add_file",
}  # a picture and its caption: taken again at once


class Forms(HTMLParser):
    """The forms of a page that write: {action, fields: {name: (kind, as a person would fill it in)}}."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.form, self.select, self.area = [], None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.form = {"action": attrs.get("action", ""), "fields": {}, "buttons": []}
            if attrs.get("method", "").lower() == "post":
                self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "option" and self.select is not None:
            if attrs.get("value") and ("selected" in attrs or not self._value(self.select)):
                self.form["fields"][self.select] = ("choice", attrs["value"])
        elif tag == "button" and attrs.get("type", "submit") == "submit":
            self.form["buttons"].append((attrs.get("name"), attrs.get("value", "")))
        elif "name" in attrs and tag in ("input", "textarea", "select"):
            self._field(tag, attrs)

    def _field(self, tag, attrs):
        name, kind = attrs["name"], attrs.get("type", "text") if tag == "input" else tag
        kind = "number" if attrs.get("inputmode") in ("numeric", "decimal") else KINDS.get(kind, kind)
        if name in self.form["fields"] and "checked" not in attrs:
            return
        self.form["fields"][name] = (kind, attrs.get("value") or self._filled(kind, name, attrs))
        self.select = name if tag == "select" else None
        self.area = name if tag == "textarea" else None

    def _filled(self, kind, name, attrs):
        today = f"{timezone.localdate()}"
        by_name = {"birth_year": "1975", "mobile": "13805112345", "application_number": "SB-2026-0001"}
        plain = {"date": today, "datetime-local": f"{today}T00:00", "month": today[:7], "number": "1"}
        if kind == "file":
            return "pdf" if attrs.get("accept") == ".pdf" else "picture"
        return by_name.get(name) or plain.get(kind) or ("" if kind in ("choice", "hidden") else TYPED)

    def _value(self, name):
        return self.form["fields"][name][1]

    def handle_data(self, data):
        if self.area and data.strip():
            self.form["fields"][self.area] = ("text", data.strip())

    def handle_endtag(self, tag):
        if tag == "form" and self.form is not None:
            plain = (None, "") in self.form["buttons"]  # “保存”, pressed by whoever typed something
            name, value = (self.form["buttons"] or [(None, "")])[0]
            if name and not plain:
                self.form["fields"][name] = ("button", value)
            self.form = None
        if tag == "select":
            self.select = None
        if tag == "textarea":
            self.area = None


def _more_to_press(life):
    """Forms that a plain life does not show: what can be taken back, and an agreement not drafted yet."""
    office, residency = life.office, life.park.residency
    residencies = life.records["residencies/<uuid:key>/"]
    today = timezone.localdate()
    rooming.assign_room(residency, RoomFactory(), since=today, by=office)
    leaving.ask_to_leave(residencies[0], ground="voluntary", reason="迁往外地", leaves_on=today, by=office)
    residencies.insert(0, staying.pending())
    attendance.enter_day(life.studio, PersonFactory(studio=life.studio), today, note="", by=office)


@pytest.fixture(scope="module")
def park(django_db_setup, django_db_blocker):
    """Built once, with every form that its pages show."""
    patch = pytest.MonkeyPatch()
    page = blank_page()
    patch.setattr(documents, "preview_pdf", lambda *args, **kwargs: page)
    patch.setattr(pdf, "render_pdf", lambda *args, **kwargs: page)
    with kept_for_the_module(django_db_blocker), override_settings(TASKS=TASKS):
        with django_db_blocker.unblock():
            load_reference_rows()
            people = living.people_of_the_park()
            life = living.Life(people)
            people["leader"] = life.own
            _more_to_press(life)
            browsers = {who: _browser(people[who]) for who in WHO}
            found = SimpleNamespace(browsers=browsers, forms=_forms(browsers, life))
        yield found
    patch.undo()


def _browser(person):
    browser = Client(raise_request_exception=False)
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _forms(browsers, life):
    """{what it is: (who, page, form)}: each form once, as the first who sees it."""
    found = {}
    for who, browser in browsers.items():
        seen = set()
        for name, kwargs in living.pages(life):
            if not name.partition(":")[2].startswith(WHO[who]):
                continue
            page = (name, *(str(kwargs[k]) for k in ("name", "act", "kind", "what") if k in kwargs))
            if page in seen and name not in ("workshops:residency", "assessments:inspection_record"):
                continue
            response = browser.get(reverse(name, kwargs=kwargs))
            if response.streaming:
                b"".join(response.streaming_content)
            elif response.status_code == 200 and "html" in response.headers.get("Content-Type", ""):
                seen.add(page)
                for form in Forms(response.content.decode()).forms:
                    action = form["action"] or response.request["PATH_INFO"]
                    if action.startswith(("/studios/", "/assessments/")):
                        found.setdefault(_label(action, form), (who, action, form["fields"]))
    return found


def _label(action, form):
    match = resolve(action.partition("?")[0])
    named = [str(match.kwargs[kind]) for kind in ("name", "act", "kind", "what") if kind in match.kwargs]
    fields = sorted(re.sub(r"\d+", "#", name) for name in form["fields"])
    return ".".join([match.url_name, *named]), ",".join(fields)


# ── sending ─────────────────────────────────────────────────────────────────────────────────────
def _file(kind):
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "red").save(out, "PDF" if kind == "pdf" else "JPEG")
    name, media = ("a.pdf", "application/pdf") if kind == "pdf" else ("a.jpg", "image/jpeg")
    return SimpleUploadedFile(name, out.getvalue(), media)


def _filled(fields, *, without_files=False, **other):
    """As a person would, with a fresh one-time key."""
    data = {name: value for name, (kind, value) in fields.items() if kind != "file"}
    if not without_files:
        data |= {name: _file(value) for name, (kind, value) in fields.items() if kind == "file"}
    if "form_key" in data:
        data["form_key"] = f"{uuid.uuid4()}"
    return data | other


def _kind(kind):
    return kind if kind in NONSENSE else "text"


def _spoilt(fields, number):
    """(what was done, what is sent, what must come back): everything wrong at once, then days and numbers one by one.
    Of the nonsense each form gets a part that depends on its `number`, all forms together get all of it."""
    kept = {"csrfmiddlewaretoken", "form_key"}
    names = [n for n, (kind, _) in fields.items() if n not in kept and kind not in ("file", "button")]
    for turn in {number % ROUNDS, (number + 1) % ROUNDS}:
        wrong = {n: NONSENSE[_kind(fields[n][0])][turn] for n in names}
        yield f"all {turn}", _filled(fields, without_files=True, **wrong), wrong
    for place, name in enumerate(names):
        if fields[name][0] in ("date", "datetime-local", "month", "number", "hidden"):
            value = NONSENSE[fields[name][0]][(number + place) % 2]
            yield f"{name}={value}", _filled(fields, without_files=True, **{name: value}), {name: value}
    yield "nothing", {"csrfmiddlewaretoken": "sent by every form"}, {}
    yield "no key", {k: v for k, v in _filled(fields, without_files=True).items() if k != "form_key"}, {}


def _sentences(browser, response):
    """What the answer tells the person; of a redirect the page it leads to."""
    if response.status_code == 302:
        response = browser.get(response.url)
    if response.streaming:
        return []
    told = [str(message) for message in response.context["messages"]] if response.context else []
    page = response.content.decode()
    return told + re.findall(r'<section class="summary"|class="field-error|role="alert"|一次性凭证', page)


def _lost(response, fields, sent):
    """Texts, days and numbers that a refused form does not show any more."""
    page = html.unescape(response.content.decode())
    shown = {
        n: v for n, v in sent.items() if fields[n][0] in ("text", "date", "datetime-local", "month", "number")
    }
    return {n: v[:20] for n, v in shown.items() if v and "\x00" not in v and v[:5000] not in page}


def _faults(browser, action, fields, what, sent, must_stay):
    response = browser.post(action, sent)
    if response.streaming:
        return [f"{what}: {len(b''.join(response.streaming_content))} bytes"]
    if response.status_code not in (200, 302, 409, 422):
        return [f"{what}: {response.status_code} {getattr(response, 'exc_info', None) or ''}"]
    if response.status_code in (409, 422):
        lost = _lost(response, fields, must_stay)
        said = _sentences(browser, response)
        return [f"{what}: lost {lost}"] * bool(lost) + [f"{what}: {response.status_code} without a word"] * (
            not said
        )
    return []


def test_nothing_breaks_and_nothing_is_lost(park):
    faults, sent = [], 0
    with override_settings(TASKS=TASKS):
        for number, ((label, _), (who, action, fields)) in enumerate(park.forms.items()):
            browser = park.browsers[who]
            with transaction.atomic():
                for what, data, must_stay in _spoilt(fields, number):
                    sent += 1
                    faults += [
                        (label, who, fault)
                        for fault in _faults(browser, action, fields, what, data, must_stay)
                    ]
                transaction.set_rollback(True)
    assert faults == []
    assert (len(park.forms) > 100, sent > 500) == (True, True)


def test_what_is_sent_twice_leads_back_with_a_sentence(park):
    faults, done = [], set()
    with override_settings(TASKS=TASKS):
        for (label, _), (who, action, fields) in park.forms.items():
            browser = park.browsers[who]
            with transaction.atomic():
                same = _filled(fields, without_files=True)
                answers = [
                    browser.post(action, data) for data in (same, same, _filled(fields, without_files=True))
                ]
                codes = [answer.status_code for answer in answers]
                if codes[0] == 302:
                    done.add(label)
                    if codes[1] != 302 or (answers[1].url != answers[0].url and answers[1].url == "/"):
                        faults.append((label, "the same again", codes))
                    said = label in LEADS_TO_A_JOB or _sentences(browser, answers[2])
                    if codes[2] not in (302, 409, 422) or not said:
                        faults.append((label, "once more", codes))
                transaction.set_rollback(True)
    assert faults == []
    assert len(done) > 40
