"""Is the printed Annex 1 the form of the regulation [A1], row by row, blank and filled?"""

import io
import itertools

import pikepdf
import pytest

from applications import documents as papers
from park import documents
from park.models import Document
from tests.papers import RARE, SENTENCE, form, long_form, member, page_texts, tidy

COVER = [
    "附件1",
    "镇江市技能大师产业创新园",
    "入驻申报表",
    "申报工作室名称",
    "领衔人姓名",
    "填报时间",
    "镇江市技能大师产业创新园项目工作小组制",
    "2015年9月",
]
# Retyped from [A1]: rows 1–8 stand on the second page, 9–13 on the third.
FIRST_TABLE = [
    *["领衔人姓名", "性别", "民族", "出生年月"],
    *["政治面貌", "职务"],
    *["身份证号码", "手机"],
    *["职业(工种)", "职业资格等级"],
    *["职业资格取得时间", "工作室成员总人数"],
    "工作室简介",
    "(可另附页,包括成立时间、工作室近年来主要成绩)",
    "工作室创业规划或工作目标",
    "(可另附页)",
    "领衔大师基本情况",
    "(可另附页,工作简历、技能特长、工作业绩、获奖情况等)",
]
SECOND_TABLE = [
    "入驻大师工作室成员基本情况",
    "(可另附页,成员姓名、性别、年龄、学历、职业(工种)、职业资格等级、技能特长、主要业绩等)",
    *["领衔人所在单位推荐意见", "(盖章)", "年月日"],
    *["专家组评估意见", "(组长签字)", "年月日"],
    *["市技能大师产业创新园管理办公室审批意见", "(盖章)", "年月日"],
    "备注",
    "注:此表一式两份",
]


def printed(data, *, draft=False, **options):
    template, context = papers.annex1(data, **options)
    return documents.preview_pdf(template, context, title="入驻申报表", draft=draft)


def body(text):
    """A page's text without its footer."""
    return text.partition("编号:")[0]


@pytest.fixture(scope="module")
def blank():
    return printed({}, blank=True)


@pytest.fixture(scope="module")
def filled():
    return printed(form(), print_label="用印稿 第1稿")


@pytest.fixture(scope="module")
def long():
    return printed(long_form(), print_label="第2版")


def test_blank_form_says_exactly_what_the_regulation_prints(blank):
    assert [body(page) for page in page_texts(blank)] == [
        "".join(COVER),
        "".join(FIRST_TABLE),
        "".join(SECOND_TABLE),
    ]


def test_blank_form_is_marked_as_blank_and_holds_no_number(blank):
    assert [page.partition("编号:")[2] for page in page_texts(blank)] == [
        f"未编号版本:空白表第{n}页共3页" for n in (1, 2, 3)
    ]


def test_filled_form_fits_three_pages_with_every_label_in_order(filled):
    pages = page_texts(filled)
    assert len(pages) == 3
    for page, labels in zip(pages, (COVER, FIRST_TABLE, SECOND_TABLE), strict=True):
        rest = page
        for label in (label for label in labels if not label.startswith("(可另附页")):
            _, found, rest = rest.partition(label)
            assert found == label


def test_filled_form_prints_each_value_beside_its_label(filled):
    cover, first, second = page_texts(filled)
    assert "申报工作室名称周镕喆钣金技能大师工作室领衔人姓名周镕喆填报时间2026年3月5日" in cover
    assert (
        "领衔人姓名周镕喆性别男民族汉族出生年月1975年1月政治面貌中共党员职务车间技术主管"
        "身份证号码321102197501011230手机13812345678职业(工种)钣金工职业资格等级一级/高级技师"
        "职业资格取得时间2009年11月工作室成员总人数3人"
    ) in first
    assert "成立时间:2016年5月简介:工作室设在" in first
    assert "近年来主要成绩:近三年" in first
    for heading in ("工作简历:1993年", "技能特长:擅长", "工作业绩:主持", "获奖情况:江苏省"):
        assert heading in first
    assert (
        "姓名性别年龄学历职业(工种)职业资格等级技能特长主要业绩王玥女34大学专科焊工二级/技师氩弧焊" in second
    )


def test_short_form_has_no_annex_sheet(filled):
    assert "附页一" not in "".join(page_texts(filled))


def test_long_texts_go_to_annex_sheets_in_form_order(long):
    pages = page_texts(long)
    heads = [tidy(page)[: page.index("申报工作室名称")] for page in pages[3:] if page.startswith("附页")]
    assert heads == [
        "附页一工作室简介",
        "附页二工作室创业规划或工作目标",
        "附页三领衔大师基本情况",
        "附页四入驻大师工作室成员基本情况",
    ]
    assert all(
        "申报工作室名称:周镕喆钣金技能大师工作室" in page for page in pages[3:] if page.startswith("附页")
    )


def test_long_cells_point_to_the_sheet_with_the_whole_text(long):
    pages = page_texts(long)
    assert [pages[1].count(f"(全文见附页{n})") for n in "一二三"] == [1, 1, 1]
    assert "共30人:" in pages[2]
    assert pages[2].count("(详见附页四)") == 1
    rest = "".join(body(page) for page in pages[3:])
    assert tidy(SENTENCE * 20 + "简介到此结束。") in rest
    assert tidy(SENTENCE * 20 + "规划到此结束。") in rest


def test_thirty_members_are_all_on_the_annex_sheet(long):
    text = "".join(page_texts(long)[3:])
    _, _, table = text.partition("附页四")
    assert [table.count(row["name"]) for row in long_form()["members"]] == [1] * 30


def test_members_with_long_texts_stay_whole_on_their_page():
    members = [member(f"成员{n}甲", skills="特" * 200, achievements="绩" * 500) for n in range(6)]
    pages = [body(page) for page in page_texts(printed(form(members=members)))[3:]]
    records = [
        f"成员{n}甲女34大学专科焊工二级/技师技能特长:{'特' * 200}主要业绩:{'绩' * 500}" for n in range(6)
    ]
    assert [sum(record in page for page in pages) for record in records] == [1] * 6
    assert len(pages) == 3


def test_form_itself_stays_on_three_pages_however_long_the_values():
    data = long_form(
        studio_name="镇江市丹徒区竹编技艺传承与创新技能大师工作室（省级非遗生产性保护示范基地暨青年传习所）",
        leader_post="某某工艺美术有限公司副总经理兼总工艺师、镇江市工艺美术行业协会副会长兼秘书长",
        leader_occupation="竹藤师（竹编、竹雕、竹扇制作与综合工艺设计）",
        leader_political_status="台湾民主自治同盟盟员",
        opinion_unit={"text": SENTENCE * 10, "mode": "行业协会推荐"},
        opinion_experts={"text": SENTENCE * 10},
        opinion_office={"text": SENTENCE * 10},
        remarks=SENTENCE * 10,
    )
    pages = page_texts(printed(data))
    assert pages[1].startswith("领衔人姓名")
    assert pages[2].startswith("入驻大师")
    assert body(pages[2]).endswith("注:此表一式两份")
    assert pages[3].startswith("附页一工作室简介")
    assert "附页八备注" in "".join(pages)


def test_opinion_text_is_printed_but_no_signer_and_no_date():
    data = form(
        opinion_unit={"text": "同意推荐。", "mode": "行业协会推荐"},
        opinion_office={"text": "同意入驻。", "by": "某主任", "on": "2026-05-06"},
    )
    page = page_texts(printed(data))[2]
    assert "行业协会推荐:同意推荐。(盖章)年月日" in page
    assert "同意入驻。(盖章)年月日" in page
    assert "某主任" not in page


def test_opinion_boxes_leave_room_for_a_seal(blank):
    """Each box is at least 55 mm high: the marks at the bottom of the boxes are that far apart."""
    import pypdfium2

    with pypdfium2.PdfDocument(blank) as opened:
        text = opened[2].get_textpage()
        marks = []
        for mark in ("（盖章）", "（组长签字）"):
            searcher = text.search(mark)
            while found := searcher.get_next():
                marks.append(text.get_charbox(found[0])[1] / 72 * 25.4)
    marks.sort()
    assert len(marks) == 3
    assert [upper - lower >= 55 for lower, upper in itertools.pairwise(marks)] == [True, True]


def test_draft_carries_the_watermark_on_every_page_and_a_sealing_print_does_not(filled):
    draft = printed(form(), draft=True, print_label="草稿")
    assert ["草稿" in body(page) for page in page_texts(draft)] == [True] * 3
    assert ["草稿" in page for page in page_texts(filled)] == [False] * 3
    assert ["版本:用印稿第1稿" in page for page in page_texts(filled)] == [True] * 3


def test_two_copies_are_the_same_pages_twice(filled):
    assert page_texts(printed(form(), print_label="用印稿 第1稿", copies=2)) == page_texts(filled) * 2


def test_rare_characters_of_names_print(filled):
    cover, first, _ = page_texts(printed(form(leader_name=RARE)))
    assert f"领衔人姓名{RARE}" in cover
    assert f"领衔人姓名{RARE}" in first


def test_signs_without_a_glyph_print_as_the_geta_mark():
    first = page_texts(printed(form(leader_post="主管\ue123😀\x00\ud800")))[1]
    assert "职务主管〓〓〓〓身份证" in first


def test_markup_in_a_value_is_printed_not_obeyed():
    first = page_texts(printed(form(leader_post="<b>&amp;<img src=file:///etc/passwd>")))[1]
    assert "职务<b>&amp;<imgsrc=file:///etc/passwd>" in first


def test_same_form_gives_the_same_bytes(filled):
    assert printed(form(), print_label="用印稿 第1稿") == filled


def test_pdf_says_title_and_language(filled):
    with pikepdf.open(io.BytesIO(filled)) as opened:
        assert str(opened.Root.Lang) == "zh-CN"
        assert str(opened.docinfo["/Title"]) == "入驻申报表"
        assert bool(opened.Root.MarkInfo.Marked)


def test_members_just_fitting_stay_in_the_cell():
    _, few = papers.annex1(form(members=[member(f"成员{n}") for n in range(5)]))
    _, many = papers.annex1(form(members=[member(f"成员{n}") for n in range(12)]))
    assert (len(few["members"]["rows"]), few["sheets"]) == (5, [])
    assert (len(many["members"]["rows"]), [sheet["label"] for sheet in many["sheets"]]) == (0, ["附页一"])


def test_cut_text_ends_with_a_sentence_or_an_ellipsis():
    _, context = papers.annex1(form(plan_or_goals="一二三四五六七八九。" * 60))
    assert context["plan"]["paragraphs"][-1]["text"][-1] == "。"
    _, context = papers.annex1(form(plan_or_goals="一二三四五六七八九十" * 60))
    assert context["plan"]["paragraphs"][-1]["text"][-2:] == "……"


def test_preview_has_no_row_and_no_check_code():
    html = documents.page_html(*papers.annex1(form()), Document(title="入驻申报表", is_draft=True))
    assert "核验码" not in html
