"""The template tags and components: what they print, and that they refuse what they do not know."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import timezone

from park.templatetags import ui
from park.workflow import Step


def render(source, /, **context):
    return Template(source).render(Context(context)).strip()


# ── clauses ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("1", "一"),
        ("1.1", "一（一）"),
        ("3.1.1", "三（一）1"),
        ("3.1.1a", "三（一）1（1）"),
        ("3.1.1c", "三（一）1（3）"),
        ("3.2.2", "三（二）2"),
        ("5.4.4", "五（四）4"),
        ("A1", "附件1"),
        ("A2.11", "附件2第11项"),
        ("A2.B1", "附件2加分项目1"),
    ],
)
def test_clause_name_is_how_the_regulation_cites_itself(code, name):
    assert ui.clause_name(code) == name


@pytest.mark.parametrize(
    ("source", "chips"),
    [
        ("3.2.1", [("3.2.1", "三（二）1")]),
        ("[3.2.2 材料初审]", [("3.2.2", "三（二）2材料初审")]),
        ("[3.1][A1]", [("3.1", "三（一）"), ("A1", "附件1")]),
        ("A1 封面、第1–5行", [("A1", "附件1封面、第1–5行")]),
        ("PIPL 50", [("", "PIPL 50")]),
        ("", []),
    ],
)
def test_clause_links_to_the_regulation(source, chips):
    expected = "".join(
        f'<a class="clause" href="/regulation/#c-{code}" title="查看依据">{words}</a>'
        if code
        else f'<span class="clause">{words}</span>'
        for code, words in chips
    )
    assert render("{% clause source %}", source=source) == expected


def test_clause_escapes_what_it_does_not_know():
    assert render("{% clause source %}", source="<b>") == '<span class="clause">&lt;b&gt;</span>'


# ── badges, dates, masks ────────────────────────────────────────────────────────────────────────
def test_badge_escapes_its_label():
    assert (
        render("{% badge label 'wait' %}", label="<补正>") == '<span class="tag tag-wait">&lt;补正&gt;</span>'
    )


def test_badge_refuses_an_unknown_tone():
    with pytest.raises(TemplateSyntaxError, match="unknown tone 'red'"):
        render("{% badge '已撤回' 'red' %}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "css", "words"),
    [
        (date(2026, 3, 9), "due", "还有 5 个工作日"),
        (date(2026, 3, 4), "due due-near", "还有 2 个工作日"),
        (date(2026, 3, 2), "due due-near", "今天到期"),
        (date(2026, 2, 27), "due due-over", "已超期 1 个工作日"),
        (date(2026, 3, 1), "due due-over", "已超期 1 个工作日"),
    ],
)
def test_due_counts_working_days(day, css, words):
    html = render("{% due day today %}", day=day, today=date(2026, 3, 2))  # a Monday, and an empty calendar
    assert html == (
        f'<span class="{css}"><time datetime="{day.isoformat()}">{day.year}年{day.month}月{day.day}日</time>'
        f'<span class="due-left">{words}</span></span>'
    )


def test_due_prints_nothing_without_a_deadline():
    assert render("{% due None %}") == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 3, 5), "2026年3月5日"),
        (datetime(2026, 3, 5, 1, 30, tzinfo=timezone.get_fixed_timezone(0)), "2026年3月5日 09:30"),
        (None, ""),
    ],
)
def test_date_zh_has_no_leading_zeros(value, text):
    assert ui.date_zh(value) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("321102199001011238", "32**************38"),
        ("32110219900101123X", "32**************3X"),
        ("13812345678", "138****5678"),
        ("张三丰", "张**"),
        ("E12345678", "E1*****78"),
        ("", ""),
        (None, ""),
    ],
)
def test_masked_hides_personal_data(text, shown):
    assert ui.masked(text) == shown


# ── forms ───────────────────────────────────────────────────────────────────────────────────────
class SampleForm(forms.Form):
    name = forms.CharField(
        label="姓名", help_text="与证件一致。", error_messages={"required": "请填写“姓名”。"}
    )
    kind = forms.ChoiceField(
        label="类别", choices=[("a", "甲")], error_messages={"required": "请选择“类别”。"}
    )
    marks = forms.MultipleChoiceField(
        label="项目", choices=[("x", "子"), ("y", "丑")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agree = forms.BooleanField(label="同意", error_messages={"required": "请勾选“同意”。"})
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def field_html(name, *, soft=False, data=None):
    return render_to_string("_components/field.html", {"field": SampleForm(data)[name], "soft": soft})


def test_field_ties_label_help_and_error_to_its_control():
    html = field_html("name", data={})
    assert '<label class="field-label" for="id_name">' in html
    assert 'id="id_name_helptext">与证件一致。' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<ul class="field-errors" id="id_name_error">' in html
    assert 'class="form-control is-invalid"' in html


def test_field_soft_errors_are_amber_and_say_so():
    html = field_html("name", soft=True, data={})
    assert 'class="form-control is-soft"' in html
    assert '<span class="field-mark">待完善</span>请填写“姓名”。' in html
    assert "field-bad" not in html


def test_field_choices_stand_in_a_fieldset():
    html = field_html("marks")
    assert html.count("<fieldset") == 1
    assert '<legend class="field-label">项目</legend>' in html


def test_field_box_stands_before_its_label():
    html = field_html("agree")
    assert html.index("<input") < html.index('<label class="field-label" for="id_agree">')


def test_field_hidden_is_only_its_input():
    assert field_html("token").strip() == '<input type="hidden" name="token" id="id_token">'


def test_error_summary_links_every_error_to_its_field():
    html = render("{% error_summary form %}", form=SampleForm({}))
    assert "有 3 处需要改正" in html
    assert '<a href="#id_name">请填写“姓名”。</a>' in html
    assert 'role="alert"' in html


def test_error_summary_is_silent_without_errors():
    form = SampleForm({"name": "王", "kind": "a", "agree": "on"})
    assert render("{% error_summary form none %}", form=form, none=None) == ""


@pytest.mark.django_db
def test_form_key_is_new_each_time():
    first, second = render("{% form_key %}"), render("{% form_key %}")
    assert first.startswith('<input type="hidden" name="form_key" value="')
    assert first != second


# ── components ──────────────────────────────────────────────────────────────────────────────────
def step(**fields):
    return Step("pass", "通过", {"open"}, "done", lambda user, record: True, clause="3.2.2", **fields)


def buttons(**item):
    return render_to_string(
        "_components/step_buttons.html", {"steps": [{"missing": [], "url": "/x/"} | item]}
    )


def test_step_button_posts_with_a_one_time_key():
    html = buttons(step=step())
    assert '<form method="post" action="/x/">' in html
    assert 'name="form_key"' in html
    assert "#c-3.2.2" in html


def test_step_button_with_a_form_leads_to_its_page():
    assert '<a class="btn btn-primary" href="/x/">通过</a>' in buttons(step=step(form=SampleForm))


def test_step_button_says_beside_it_why_it_is_grey():
    html = buttons(step=step(), missing=["检查表还有 2 条未填。"])
    assert 'disabled aria-describedby="why-pass"' in html
    assert '<ul class="steps-why" id="why-pass"><li>检查表还有 2 条未填。</li></ul>' in html
    assert "<form" not in html


def test_step_button_of_a_dangerous_step_asks_first():
    assert "data-confirm=" in buttons(step=step(danger=True))


def test_stage_bar_marks_where_we_are():
    stages = [{"label": "申报", "state": "done"}, {"label": "初审", "state": "current"}]
    html = render_to_string("_components/stage_bar.html", {"stages": stages})
    assert html.count('aria-current="step"') == 1
    assert '<li class="stage-current" aria-current="step">' in html


def test_pagination_keeps_the_filters(rf):
    page = SimpleNamespace(
        number=2, has_previous=True, has_next=True, previous_page_number=1, next_page_number=3
    )
    request = rf.get("/queue/?status=submitted&page=2")
    html = render_to_string("_components/pagination.html", {"page": page, "total": "10,000 以上"}, request)
    assert "共 10,000 以上 条" in html
    assert 'href="?status=submitted&amp;page=3"' in html
    assert 'href="?status=submitted&amp;page=1"' in html


def test_table_names_the_column_in_every_cell():
    html = render_to_string(
        "_components/table.html", {"columns": ["姓名", "工种"], "rows": [["王一", "焊工"]]}
    )
    assert '<th scope="row">王一</th><td data-label="工种">焊工</td>' in html


def test_conflict_page_shows_both_texts(rf):
    rows = [("工作室简介", "我的<一>", "他的二")]
    html = render_to_string("409.html", {"rows": rows, "back": "/x/"}, rf.get("/"))
    assert "我的&lt;一&gt;" in html
    assert "他的二" in html
    assert 'href="/x/"' in html
