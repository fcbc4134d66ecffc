"""How are the small recurring things on a page written: badges, clauses, deadlines, fields, masked data?

A builtin of every template. The tags refuse what they do not know (an unknown tone, an unknown clause), so a
slip shows in the tests and not on the page.
"""

import re
from datetime import date, datetime

import markdown
from django import forms, template
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from park import formkeys, money, workdays
from park.points import shown

register = template.Library()

TONES = {"neutral", "info", "wait", "done", "danger"}
NUMERALS = "零一二三四五六七八九十"
CLAUSE = re.compile(r"A[12](?:\.B?\d{1,2})?|[1-5](?:\.\d(?:\.\d[a-c]?)?)?")


@register.simple_tag
def form_key():
    """The hidden one-time key that every writing form carries (see park/formkeys.py)."""
    return format_html('<input type="hidden" name="{}" value="{}">', formkeys.FIELD, formkeys.new_key())


@register.simple_tag
def badge(label, tone="neutral"):
    """A status in words on a tinted ground. `danger` (red) is for overdue and refused only."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"badge: unknown tone {tone!r}, one of {sorted(TONES)}")
    return format_html('<span class="tag tag-{}">{}</span>', tone, label)


# ── clauses ─────────────────────────────────────────────────────────────────────────────────────
def clause_name(code: str) -> str:
    """How the regulation itself cites a clause: 3.2.1 → 三（二）1, 3.1.1a → 三（一）1（1）, A2.B1 → 附件2加分项目1."""
    if code.startswith("A"):
        annex, _, item = code.partition(".")
        name = f"附件{annex[1]}"
        if not item:
            return name
        return f"{name}加分项目{item[1:]}" if item.startswith("B") else f"{name}第{item}项"
    chapter, *rest = code.split(".")
    name = NUMERALS[int(chapter)]
    if rest:
        name += f"（{NUMERALS[int(rest[0])]}）"
    if len(rest) > 1:
        name += rest[1][0] + (f"（{'abc'.index(rest[1][1]) + 1}）" if len(rest[1]) > 1 else "")
    return name


@register.simple_tag
def clause(source):
    """Small links to the clauses of the regulation: "3.2.1", "[3.2.2 材料初审]", "A1 第6行", "[3.1][A1]".

    Words beside a clause stay beside it; a source that names none (a statute) is shown as it is.
    """
    try:
        page = reverse("regulation")
    except NoReverseMatch:  # a site that serves the procedures only
        page = ""
    chips = []
    for part in filter(None, re.split(r"[\[\]〔〕;；]+", str(source).strip())):
        first, _, words = part.strip().partition(" ")
        if CLAUSE.fullmatch(first):
            link = '<a class="clause" href="{}#c-{}" title="查看依据">{}</a>'
            chips.append(format_html(link, page, first, clause_name(first) + words))
        else:
            chips.append(format_html('<span class="clause">{}</span>', part.strip()))
    return mark_safe("".join(chips))  # each chip is escaped above


# ── dates ───────────────────────────────────────────────────────────────────────────────────────
@register.simple_tag(takes_context=True)
def due(context, day, today=None):
    """A deadline with the working days left; red once it has passed. Empty for no deadline."""
    if not day:
        return ""
    today = today or timezone.localdate()
    calendar = context.render_context.get("workdays")
    if calendar is None:  # the calendar is read once for a whole list
        calendar = context.render_context["workdays"] = workdays.whole_calendar()
    left = workdays.workdays_between(today, day, calendar)
    if day < today:
        css, words = "due due-over", f"已超期 {-left} 个工作日" if left else "已超期"
    elif day == today:
        css, words = "due due-near", "今天到期"
    else:
        css, words = "due due-near" if left <= 2 else "due", f"还有 {left} 个工作日"
    return format_html(
        '<span class="{}"><time datetime="{}">{}</time><span class="due-left">{}</span></span>',
        css,
        day.isoformat(),
        date_zh(day),
        words,
    )


@register.filter
def date_zh(value):
    """2026年3月5日, without leading zeros; a moment gets its minutes: 2026年3月5日 09:30."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{value.year}年{value.month}月{value.day}日 {value:%H:%M}"
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value


@register.filter
def yuan(fen):
    """An amount in fen as yuan: 123456 → 1,234.56. Empty for none."""
    return "" if fen is None or fen == "" else money.yuan(fen)


@register.filter
def points(value):
    """Points of a scorecard as people read them: 5, 17.5. Empty for none."""
    return shown(value)


@register.filter
def masked(text):
    """Personal data as lists show it: 32**************30, 138****5678, 张**."""
    text = str(text or "")
    if re.fullmatch(r"\d{17}[\dXx]", text):
        return f"{text[:2]}{'*' * 14}{text[-2:]}"
    if re.fullmatch(r"\d{11}", text):
        return f"{text[:3]}****{text[-4:]}"
    if len(text) > 6:
        return f"{text[:2]}{'*' * (len(text) - 4)}{text[-2:]}"
    return text[:1] + "*" * (len(text) - 1)


@register.filter
def prose(text):
    """Markdown that people of the park wrote, as paragraphs and tables; HTML in it is shown, not obeyed."""
    return mark_safe(markdown.markdown(escape(text), extensions=["tables", "sane_lists"]))


@register.simple_tag
def widget(field, soft=False):
    """The control of a bound field with Bootstrap's class for its kind and the mark of its errors."""
    control = field.field.widget
    if isinstance(control, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return field.as_widget()  # the class would go to the group; its boxes have their own rule in site.css
    if isinstance(control, forms.CheckboxInput):
        css = "form-check-input"
    elif isinstance(control, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    if field.errors:
        css += " is-soft" if soft else " is-invalid"
    return field.as_widget(attrs={"class": f"{control.attrs.get('class', '')} {css}".strip()})


@register.filter
def control_kind(field):
    """Which frame a field needs: "check" (box before its label), "group" (fieldset) or "line"."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple) or field.use_fieldset:
        return "group"
    return "check" if isinstance(field.field.widget, forms.CheckboxInput) else "line"


@register.simple_tag
def error_summary(*forms_, soft=False):
    """One list of all errors of the forms, each linked to its field; nothing where there are none."""
    problems = []
    for form in forms_:
        if not form:
            continue
        problems += [{"anchor": "", "text": text} for text in form.non_field_errors()]
        problems += [
            {"anchor": field.auto_id if not field.is_hidden else "", "label": field.label, "text": text}
            for field in form
            for text in field.errors
        ]
    return render_to_string("_components/error_summary.html", {"problems": problems, "soft": soft})
