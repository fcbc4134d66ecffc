"""The papers of the yearly evaluation say what [A2] says, what the card says, and nothing that is not theirs."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assessments import papers as all_papers
from assessments.actions import publishing
from assessments.documents import evaluation as sheets
from assessments.models import GradeOfYear, LineEvidence, Reconsideration
from assessments.papers import evaluation, scorecard
from assessments.papers.evaluation import content_hash, is_current
from assessments.sheets.evaluation import export
from park import documents, rules
from park.announcements import ANNOUNCEMENT, checks, drafting
from park.models import Consent
from park.points import shown
from park.sheets import read, write
from park.workflow import Refused
from tests.assessments.evaluation import (
    PROPOSED,
    answer_line,
    card_in,
    cycle_in,
    form_data,
    result_data,
    summary_of,
)
from tests.factories import ConsentFactory, UserFactory
from tests.papers import page_texts, tidy
from tests.workshops.factories import ResidencyFactory, StudioFactory

pytestmark = pytest.mark.django_db

# Annex 2, cell by cell as the regulation prints it.
HEAD = "附件2 入驻产业创新园大师工作室考核评估细则 工作室名称{studio}领衔人{leader} 考核项目考核内容分值评分标准得分"
FORM = """
基础建设42分|1.有工作室标识|5|无标识不得分
|2.每月到园时间不少于10天|20|少一天扣2分
|3.有入驻后的发展规划|10|无规划不得分;规划无实质内容扣5分
|4.有工作室成果荣誉展示栏|2|无展示栏不得分
|5.有工作室正常运作必备的设备|5|设备不足影响运作不得分
制度建设12分|6.建立工作室综合管理制度|5|没有建立的不得分
|7.建立领衔人岗位职责|5|没有建立的不得分
|8.规章制度张贴上墙|2|没有在明显处张贴的不得分
日常管理12分|9.建立工作计划表和工作日志|6|没有建立的不得分
|10.工作过程台帐齐全|6|没有建立或不齐全的不得分
成果产出34分|11.开展培训工作,建立培训花名册,每年结对签约带徒传艺不少于1人且带徒出成果|15|未建立花名册的扣4分,未带徒的扣2分,未出成果扣5分
|12.开展技术攻关或技术革新项目并产生一定的经济效益|10|未开展的不得分
|13.每年开展一次以上业内技术交流会、课题研讨会或展示活动|4|未开展的不得分
|14.积极履行社会责任,参加技能服务社会的有关活动|5|未参加的不得分
|基础分|100|
加分项目100分|1.高技能人才培养有成效|20|培训技能人才50人以内得5分,50-100人得10分,100-200人得15分,200以上得20分(以取得国家职业资格证书为准)
|2.市级及以上电视台、报刊报道过工作室建设情况|20|以新闻视频或报刊报道为依据,市、省、部每次5、10、20分
|3.工作室成果获得国家专利或省级及以上奖项;特色生产操作方法等发表过论文,或公开出版教材书籍|20|以有关证书文件为依据,市、省、部每次5、10、20分
|4.工作室的技能创新、创业,绝技展示、技术服务取得显著经济效益|40|以经济效益为依据,评优、良、中,分获40、30、20分
|附加分|100|
|总分|200|
"""
ROWS = [line.split("|") for line in FORM.strip().splitlines()]
CODES = list(PROPOSED)


def printed_form(points, *, studio="", leader="") -> str:
    """The first page as it must read, from its rows and what stands in 得分 (18 items and three sums)."""
    base, bonus, total = points[-3:]
    column = iter([*points[:14], base, *points[14:18], bonus, total])
    cells = ["".join([*row, next(column)]) for row in ROWS]
    return tidy(HEAD.format(studio=studio, leader=leader) + "".join(cells))


def first_page(sheet) -> str:
    """Without what every print says of itself at the foot."""
    return page_texts(documents.preview_pdf(*sheet, title="考核评分表", draft=False))[0].partition("编号:")[0]


def text_of(sheet) -> str:
    return "".join(page_texts(documents.preview_pdf(*sheet, title="文书", draft=False)))


@pytest.fixture
def cycle(reference_data):
    return cycle_in(graders=3)


@pytest.fixture
def closed(reference_data):
    return cycle_in("closed", graders=3)


def answer_request(card, *, reply):
    """A request for 复核, and what came of it."""
    Reconsideration.objects.create(
        card=card,
        request="第14项另有活动。",
        asked_by=UserFactory(),
        outcome="upheld",
        reply=reply,
        answered_at=timezone.now(),
        answered_by=UserFactory(),
    )


# ── the form, row by row ────────────────────────────────────────────────────────────────────────
def test_the_blank_form_says_what_the_regulation_prints_and_nothing_else(cycle):
    assert first_page(sheets.scorecard(scorecard.blank_data(cycle))) == printed_form([""] * 21)


def test_a_blank_form_of_a_studio_names_it(cycle):
    card = card_in(cycle=cycle)
    page = first_page(sheets.scorecard(scorecard.blank_data(card)))
    assert page == printed_form([""] * 21, studio=card.studio.name, leader=card.leader_name)


def test_the_self_assessment_prints_what_the_studio_agrees_to_or_claims(cycle):
    card = card_in("self_assessed", cycle=cycle, claimed={"A2.14": "5", "A2.2": "20"})
    points = [PROPOSED[code] for code in CODES]
    points[13], points[1] = "5", "20"
    page = first_page(scorecard.scorecard_sheet(card, scorecard.SELF, print_label="自评 第1版"))
    sums = ["95", "45", "140"]
    assert page == printed_form([*points, *sums], studio=card.studio.name, leader=card.leader_name)


def test_what_the_studio_has_not_answered_has_no_points_and_no_sum(cycle):
    """Also where nobody answered at all: the records are not its words."""
    card = card_in(cycle=cycle)
    line = card.lines.get(item__code="A2.1")
    answer_line(line, None, by=UserFactory())
    line.save()
    data = scorecard.card_data(card, scorecard.SELF)
    assert [item["points"] for item in data["items"]] == [Decimal(5), *[None] * 17]
    assert (data["base"], data["bonus"], data["total"]) == (None, None, None)


def test_the_final_form_prints_the_points_and_the_sums_of_the_card(cycle):
    card = card_in("final", cycle=cycle, points={"A2.1": "0", "A2.2": "7.5", "A2.B4": "30"})
    points = [PROPOSED[code] for code in CODES]
    points[0], points[1], points[17] = "0", "7.5", "30"
    page = first_page(scorecard.scorecard_sheet(card, scorecard.FINAL, print_label="第1版"))
    sums = [shown(card.base), shown(card.bonus), shown(card.total)]
    assert sums == ["72.5", "75", "147.5"]
    assert page == printed_form([*points, *sums], studio=card.studio.name, leader=card.leader_name)


@pytest.fixture
def kept_card(cycle):
    return card_in("self_assessed", cycle=cycle)


tenths = st.lists(st.integers(0, 1000), min_size=18, max_size=18)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tenths)
def test_printed_points_add_up_to_the_printed_sums_whatever_they_are(kept_card, given_tenths):
    """The sums are the engine's, and the reader who adds up the column finds the same."""
    lines = list(kept_card.lines.select_related("item").order_by("order"))
    for line, value in zip(lines, given_tenths, strict=True):
        line.claimed_points = (line.max_points * value / 1000).quantize(Decimal("0.1"))
        line.answer, line.words = "contested", "另有记录。"
        line.save()
    _, context = sheets.scorecard(scorecard.card_data(kept_card, scorecard.SELF))
    column = {
        is_bonus: sum(
            Decimal(row["points"])
            for group in context["groups"]
            if group["is_bonus"] == is_bonus
            for row in group["rows"]
        )
        for is_bonus in (False, True)
    }
    engine = {
        is_bonus: sum(line.claimed_points for line in lines if line.is_bonus == is_bonus)
        for is_bonus in (False, True)
    }
    assert column == engine
    assert Decimal(context["base"]) == engine[False]
    assert Decimal(context["bonus"]) == engine[True]
    assert Decimal(context["total"]) == engine[False] + engine[True]
    assert not any(context[key].endswith(".0") for key in ("base", "bonus", "total"))


def test_the_form_stays_on_one_page_with_the_longest_names():
    long = form_data(studio_name="大" * 60, leader_name="阿" * 30)
    first, second, *_ = page_texts(
        documents.preview_pdf(*sheets.scorecard(long), title="考核评分表", draft=False)
    )
    assert "总分200" in first
    assert second.startswith("附页一")


def test_an_edition_that_fills_more_pages_repeats_its_head_and_keeps_its_merged_cells_whole():
    items = [
        item | {"category": "成果产出", "is_bonus": False, "number": n}
        for n, item in enumerate(form_data()["items"] * 2, 1)
    ]
    _, context = sheet = sheets.scorecard(form_data(items=items))
    assert [len(group["rows"]) for group in context["groups"]] == [8, 8, 8, 8, 4]
    assert [group["closes"] for group in context["groups"]] == [False] * 4 + [True]
    pages = page_texts(documents.preview_pdf(*sheet, title="考核评分表"))
    form_pages = [page for page in pages if "考核项目考核内容分值评分标准得分" in page]
    assert len(form_pages) == 2
    assert all(
        page.count("成果产出") == page.count("成果产出(续)") + (page is form_pages[0]) for page in form_pages
    )


# ── 附页 ────────────────────────────────────────────────────────────────────────────────────────
def words_of(card, code, stage=scorecard.FINAL) -> dict:
    number = CODES.index(code)
    return dict(scorecard.card_data(card, stage)["lines"][number]["words"])


def test_every_item_shows_its_reasons_the_records_that_prove_it_and_why_it_was_changed(cycle):
    card = card_in("final", cycle=cycle, points={"A2.1": "0"}, claimed={"A2.1": "5"})
    assert words_of(card, "A2.1") == {
        "按记录": "有工作室标识：1条已核验。",
        "证明记录": "TZ-2025-0001 有工作室标识的记录（2025年5月3日）",
        "工作室意见": "年内另有记录，请核对附上的材料。",
        "改定理由": "现场核验与记录不一致。",
    }
    assert "改定理由" not in words_of(card, "A2.2")


def test_the_self_assessment_does_not_tell_what_others_found(cycle):
    card = card_in("final", cycle=cycle, points={"A2.1": "0", "A2.B4": "30"}, verification_note="现场情况。")
    assert set(words_of(card, "A2.1", scorecard.SELF)) == {"按记录", "证明记录"}
    said = str(scorecard.card_data(card, scorecard.SELF))
    for word in ("现场核验与记录不一致", "3人评等", "现场情况", "等次依据", "第1名"):
        assert word not in said
        assert word in str(scorecard.card_data(card, scorecard.FINAL))


def test_evidence_stands_with_whoever_gave_it(cycle, settings, tmp_path):
    from park import attachments
    from tests.pictures import jpeg

    settings.MEDIA_ROOT = tmp_path
    card = card_in("final", cycle=cycle)
    line = card.lines.get(item__code="A2.4")
    by = UserFactory()
    for of, caption, removed in (
        ("studio", "展示栏正面", False),
        ("verifier", "核验照片", False),
        ("studio", "误传", True),
    ):
        LineEvidence.objects.create(
            line=line,
            card=card,
            given_by=of,
            stored=attachments.store(attachments.check(jpeg()), by=by),
            caption=caption,
            added_by=by,
            removed_at=timezone.now() if removed else None,
            removed_by=by if removed else None,
        )
    words = words_of(card, "A2.4")
    assert (words["工作室提供"], words["现场核验"]) == ("展示栏正面", "核验照片")


@pytest.mark.parametrize(
    ("method", "grades", "said"),
    [
        ("majority", ("good", "good", "fair"), "3人评等，“良”2人、“中”1人；取多数：2人评此等，为多数，评为“良”，30分。"),
        ("median", ("excellent", "good", "none"), "3人评等，“优”1人、“良”1人、“未达到中”1人；取中位：从高到低取中位，评为“良”，30分。"),
        ("majority", ("fair", "good", "none"), "3人评等，“良”1人、“中”1人、“未达到中”1人；取多数：票数相同（各1人），以组长所评为准，评为“中”，20分。"),
    ],
)  # fmt: skip
def test_the_panel_is_told_in_numbers_and_nobody_by_name(reference_data, method, grades, said):
    cycle = cycle_in(graders=3, rules={"panel_method": method})
    for number, grader in enumerate(cycle.graders.all()):
        grader.user.real_name = f"评审人{'甲乙丙'[number]}"
        grader.user.save()
    card = card_in("final", cycle=cycle, points={"A2.B4": "30"})
    line = card.lines.get(item__code="A2.B4")
    for sheet, grade in zip(line.grades.all(), grades, strict=True):
        sheet.grade, sheet.note = grade, "某专家的意见"
        sheet.save()
    assert words_of(card, "A2.B4")["专家评等"] == said
    said = str(scorecard.card_data(card, scorecard.FINAL))
    assert "评审人" not in said
    assert "某专家的意见" not in said


def test_an_expert_who_also_verified_is_not_named_as_the_one_who_signs(cycle):
    expert = cycle.graders.first().user
    officer = UserFactory(real_name="核验员乙")
    card = card_in("provisional", cycle=cycle, by=officer)
    card.lines.filter(item__code="A2.1").update(judged_by=expert)
    assert [row["name"] for row in scorecard.card_data(card, scorecard.FINAL)["verifiers"]] == ["核验员乙"]


def test_result_findings_and_reconsideration_stand_on_the_first_sheet(cycle):
    card = card_in("final", cycle=cycle, self_statement="全年运行正常。", verification_note="制度已上墙。")
    answer_request(card, reply="活动不在考核年度。")
    data = scorecard.card_data(card, scorecard.FINAL)
    assert dict(data["terms"]) == {
        "考核年度": "2025年",
        "考核期": "2025年1月1日至2025年12月31日",
        "自评方式": "工作室在线自评",
        "核验日期": "2026年2月10日",
        "得分": "基础分87.3，附加分45，总分132.3",
        "等次": "优秀",
        "等次依据": "基础分87.3分，总分第1名，在优秀名额1个以内（本园设定）",
        "总分名次": "第1名",
    }
    assert data["remarks"] == [
        {"title": "自评说明", "text": "全年运行正常。"},
        {"title": "核验情况", "text": "制度已上墙。"},
        {"title": "复核申请", "text": "第14项另有活动。"},
        {"title": "复核结果：维持", "text": "活动不在考核年度。"},
    ]


def test_the_settings_are_those_of_the_year_not_those_of_today(reference_data):
    card = card_in("final", cycle=cycle_in(rules={"pass_mark": 70, "a2_13_minimum": 2}))
    rules.set_rule("pass_mark", 65, by=UserFactory(), reason="改")
    values = {row["label"]: row["value"] for row in scorecard.card_data(card, scorecard.FINAL)["settings"]}
    assert values["合格分数线"] == "70分"
    assert values["“一次以上”的次数"] == "2次"
    assert values["经济效益评优的金额"] == "不设金额"


def test_places_for_ink_are_empty_and_a_seal_fits():
    sign = page_texts(documents.preview_pdf(*sheets.scorecard(form_data(verifiers=[])), title="考核评分表"))[
        1
    ]
    assert "核验人(签字)(签字)管理办公室镇江市技能大师产业创新园管理办公室(盖章)年月日" in sign
    css = (documents.pdf.STATIC_DIR / "css" / "print.css").read_text()
    assert "table.grid td.space { height: 55mm;" in css


def test_eighteen_long_reasons_run_over_the_pages_and_none_is_lost(cycle):
    card = card_in("provisional", cycle=cycle, points=dict.fromkeys(CODES[:17], "1"))
    for number, line in enumerate(card.lines.order_by("order"), 1):
        line.reason = "现场核验与记录不一致，经复查后改定。" * 50 + f"第{number}处到此为止。"
        line.save()
    text = text_of(scorecard.scorecard_sheet(card, scorecard.FINAL, print_label="第1版"))
    assert all(f"第{number}处到此为止。" in text for number in range(1, 19))


# ── 考核结果通知 ────────────────────────────────────────────────────────────────────────────────
def test_the_provisional_result_says_how_and_until_when_to_ask_again(cycle):
    card = card_in("provisional", cycle=cycle, due_on=timezone.datetime(2026, 3, 9).date())
    text = text_of(sheets.result_notice(evaluation.notice_data(card, is_final=False)))
    assert "2025年度考核结果通知(初步结果)" in text
    assert "可在2026年3月9日前(含当日)在系统中申请一次复核" in text
    assert "告知次日起5个工作日" in text
    assert "基础分87.3分(满分100分)" in text
    assert "总分132.3分(满分200分)" in text
    assert "等次优秀" in text
    assert "限期整改" not in text


def test_whoever_has_asked_reads_the_answer_and_is_not_told_to_ask_again(cycle):
    card = card_in("provisional", cycle=cycle)
    answer_request(card, reply="活动不在考核年度。")
    data = evaluation.notice_data(card, is_final=False)
    assert (data["ask_until"], data["ask_days"]) == (None, None)
    text = text_of(sheets.result_notice(data))
    assert "复核结果维持" in text
    assert "活动不在考核年度。" in text
    assert "申请一次复核。以上结果在2025年度考核办结时确定" in text
    assert "可在" not in text


def test_without_a_running_clock_the_days_count_from_the_telling(reference_data):
    card = card_in("final", cycle=cycle_in("announced"))  # told on Sunday, 1 March 2026
    assert evaluation.ask_until(card).isoformat() == "2026-03-06"


@pytest.mark.parametrize("is_final", [True, False])
def test_whoever_fails_is_told_what_follows(is_final):
    reconsidered = result_data()["reconsidered"] if is_final else None
    text = text_of(sheets.result_notice(result_data(is_final=is_final, reconsidered=reconsidered)))
    assert "第五部分(四)4" in text
    assert "应限期整改;经限期整改后仍不达标准的,将取消入驻产业创新园资格" in text
    assert ("申请一次复核" in text, "复核结果维持" in text) == (not is_final, is_final)
    assert "咨询电话:0511-84412345" in text
    assert text.rpartition("(盖章)")[2].startswith("年月日")


# ── 年度考核结果汇总表 ──────────────────────────────────────────────────────────────────────────
def ranked(closed):
    """Second, first, one not to be graded, one that takes no part."""
    second = card_in("final", cycle=closed, points={"A2.B4": "20"}, place=2)
    first = card_in("final", cycle=closed, points={"A2.B4": "40"}, place=1)
    partial = card_in(
        "final",
        cycle=closed,
        proposed={"A2.B3": "0"},
        is_partial=True,
        since=timezone.datetime(2025, 9, 1).date(),
    )
    excluded = card_in("excluded", cycle=closed)
    return first, second, partial, excluded


def test_the_summary_is_ordered_by_the_total_and_notes_what_numbers_do_not_tell(closed):
    cards = ranked(closed)
    rows = evaluation.summary_data(closed)["rows"]
    assert [row["studio_name"] for row in rows] == [card.studio.name for card in cards]
    assert [(row["total"], row["place"], row["grade"], row["note"]) for row in rows] == [
        (Decimal("172.3"), 1, "优秀", ""),
        (Decimal("152.3"), 2, "优秀", ""),
        (Decimal("112.3"), None, "不定等次", "考核期2025年9月1日至2025年12月31日"),
        (None, None, "", "不参加本年度考核：考核年度内已退出园区"),
    ]
    for row in rows[:3]:
        assert sum(row["points"]) == row["total"] == row["base"] + row["bonus"]


def test_the_summary_repeats_its_head_on_every_page():
    pages = page_texts(documents.preview_pdf(*sheets.summary(summary_of(45)), title="汇总表"))
    tables = [page for page in pages if "序号工作室领衔人" in page]
    assert len(tables) > 1
    for page in tables:
        assert "基础建设42分制度建设12分日常管理12分成果产出34分加分项目100分" in page
        assert "12345678910111213141234" in page


def test_the_summary_takes_as_many_queries_for_many_cards_as_for_one(closed, django_assert_num_queries):
    card_in("final", cycle=closed)
    with django_assert_num_queries(5):
        evaluation.summary_data(closed)
    for _ in range(4):
        card_in("final", cycle=closed)
    with django_assert_num_queries(5):
        evaluation.summary_data(closed)


def test_the_sheet_holds_a_row_for_every_card_and_never_a_formula(closed):
    studio = StudioFactory(name='=HYPERLINK("http://example.org","点这里")')
    ranked(closed)
    card = card_in("final", cycle=closed, residency=ResidencyFactory(active=True, studio=studio))
    sheet, rows = export(closed)
    content = write(sheet, rows)
    back = read(io.BytesIO(content), sheet)
    assert back.faults == []
    assert [row["studio_name"] for row in back.rows] == [row["studio_name"] for row in rows]
    mine = next(row for row in back.rows if row["studio_name"] == studio.name)
    assert {code: mine[code] for code in CODES} == {code: Decimal(value) for code, value in PROPOSED.items()}
    assert (mine["base"], mine["bonus"], mine["total"]) == (card.base, card.bonus, card.total)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in b"".join(book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/"))


# ── number, version, what a print said ──────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", evaluation.KINDS)
def test_every_kind_is_issued_printed_and_current(closed, kind, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    card = card_in("final", cycle=closed)
    subject = closed if kind == "evaluation_summary" else card
    paper = documents.issue(kind, subject, by=UserFactory(), content_hash=content_hash(kind, subject))
    printed = documents.render_document(paper)
    assert (printed.state, printed.failure) == ("issued", "")
    assert printed.number.startswith(f"{all_papers.KINDS[kind][2]}-")
    assert (
        printed.printed_check_code in page_texts(documents.read(printed))[-1].replace(" ", "")
        or printed.check_code
    )
    assert documents.standing(subject, kind) == printed
    assert is_current(printed, subject)


def test_a_blank_form_of_no_studio_belongs_to_its_year(cycle, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = documents.issue("scorecard_blank", cycle, by=UserFactory())
    assert documents.render_document(paper).state == "issued"


def test_what_a_reconsideration_changes_makes_the_former_print_stale_and_supersedes_it(closed):
    card = card_in("reconsidering", cycle=closed)
    by = UserFactory()
    first = documents.issue(
        "scorecard_final", card, by=by, content_hash=content_hash("scorecard_final", card)
    )
    assert is_current(first, card)
    line = card.lines.get(item__code="A2.14")
    line.points, line.basis, line.reason = Decimal(5), "reconsidered", "活动属实。"
    line.save()
    card.base, card.total = card.base + 5, card.total + 5
    card.save()
    assert not is_current(first, card)
    second = documents.issue(
        "scorecard_final",
        card,
        by=by,
        content_hash=content_hash("scorecard_final", card),
        supersedes=documents.standing(card, "scorecard_final"),
        reason="复核改定",
    )
    first.refresh_from_db()
    assert (first.state, second.number, second.version) == ("superseded", first.number, 2)
    assert is_current(second, card)


def test_the_telephone_of_the_office_makes_no_result_stale(closed):
    card = card_in("provisional", cycle=closed)
    before = content_hash("result_provisional", card)
    rules.set_rule("office_phone", "0511-84412345", by=UserFactory(), reason="新号码")
    assert content_hash("result_provisional", card) == before
    card.grade = GradeOfYear.GOOD
    assert content_hash("result_provisional", card) != before


# ── what the public reads ───────────────────────────────────────────────────────────────────────
@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def shown_studio(closed):
    """A final card of a studio whose person agreed that name, unit and occupation are public."""
    person = UserFactory(roles=["applicant"])
    ConsentFactory(user=person, purpose=Consent.Purpose.DISCLOSURE)
    studio = StudioFactory(name="甲工作室", leader_name="周镕甲", people=[person])
    return card_in("final", cycle=closed, residency=ResidencyFactory(active=True, studio=studio))


def draft(cycle, by):
    title, text = publishing.results_title(cycle), publishing.results_text(cycle)
    return publishing.draft_results(cycle, title=title, text=text, by=by)


def test_the_public_reads_studio_leader_and_grade_and_no_points(closed, shown_studio, office):
    """A leader is named who agreed to be; who takes no part is on no list."""
    other = StudioFactory(name="乙工作室", leader_name="周镕乙")
    card_in(
        "final",
        cycle=closed,
        residency=ResidencyFactory(active=True, studio=other),
        proposed={"A2.2": "0", "A2.3": "0"},
        points={"A2.12": "0"},
    )
    card_in("excluded", cycle=closed)
    made = draft(closed, office)
    assert [column["label"] for column in made.columns] == ["工作室名称", "领衔人", "等次"]
    rows = [{key: value for key, value in row.items() if key != "key"} for row in made.rows]
    assert rows == [
        {"studio_name": "乙工作室", "leader_name": "—", "grade": "不合格"},
        {"studio_name": "甲工作室", "leader_name": "周镕甲", "grade": "优秀"},
    ]
    assert checks.personal_data(made) == []
    assert made.notice_days == 0
    assert "分" not in made.text.replace("第五部分", "")
    assert ANNOUNCEMENT.perform(made, "submit_announcement", by=office).status == "reviewing"


def test_who_may_read_it_over_is_the_office_without_the_studios_own_people(closed, shown_studio, office):
    person = shown_studio.studio.people.get()
    both = UserFactory(roles=["office", "applicant"])
    shown_studio.studio.people.add(both)
    made = draft(closed, office)
    steps = {
        name: [step.name for step in ANNOUNCEMENT.open_to(u, made)]
        for name, u in {"office": office, "person": person, "both": both}.items()
    }
    assert steps == {"office": ["submit_announcement", "withdraw_announcement"], "person": [], "both": []}
    with pytest.raises(Refused, match="您参与的工作室"):
        draft(closed, both)


def test_results_are_drafted_once_of_a_closed_year_and_where_the_park_publishes_them(reference_data, office):
    cycle = cycle_in("announced")
    card_in("final", cycle=cycle)
    with pytest.raises(Refused, match="还没有办结"):
        draft(cycle, office)
    closed = cycle_in("closed", year=2024)
    with pytest.raises(Refused, match="没有确定了结果的工作室"):
        draft(closed, office)
    card_in("final", cycle=closed)
    rules.set_rule("publish_results", False, by=UserFactory(), reason="不公布")
    with pytest.raises(Refused, match="不公布考核结果"):
        draft(closed, office)
    rules.set_rule("publish_results", True, by=UserFactory(), reason="公布")
    first = draft(closed, office)
    with pytest.raises(Refused, match=f"已经起草过公告（{first.number}）"):
        draft(closed, office)
    ANNOUNCEMENT.perform(first, "withdraw_announcement", by=office, data={"reason": "重拟"})
    assert draft(closed, office) != first


def test_a_name_no_longer_to_be_shown_stops_the_announcement_until_the_rows_are_renewed(
    closed, shown_studio, office
):
    made = draft(closed, office)
    Consent.objects.update(withdrawn_at=timezone.now())
    with pytest.raises(Refused, match="名单上的信息已有变化"):
        ANNOUNCEMENT.perform(made, "submit_announcement", by=office)
    drafting.renew_rows(made, by=office)
    made.refresh_from_db()
    assert [row["leader_name"] for row in made.rows] == ["—"]
    assert ANNOUNCEMENT.perform(made, "submit_announcement", by=office).status == "reviewing"
