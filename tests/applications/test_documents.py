"""Do the letters and sheets of the initial review say what they must, and leave ink to people?"""

from datetime import date, datetime

import pytest

from applications import documents as papers
from park import documents
from tests.papers import page_texts

CASE = {
    "application_number": "SB-2026-0001",
    "studio_name": "周镕喆钣金技能大师工作室",
    "leader_name": "周镕喆",
}


def printed(paper):
    template, context = paper
    return "".join(page_texts(documents.preview_pdf(template, context, title="文书", draft=False)))


def test_correction_notice_names_every_item_the_day_the_basis_and_the_remedy():
    text = printed(
        papers.correction_notice(
            {
                **CASE,
                "items": [
                    {"section": "领衔大师基本情况", "missing": "请补充获奖证书。"},
                    {"section": "工作室成员", "missing": "人数与名单不一致。"},
                ],
                "working_days": 10,
                "due_on": date(2026, 3, 19),
                "legal_basis": ["镇人社发〔2015〕104号第三部分（二）2。"],
                "remedy": "可在补正期限内书面说明。",
                "contact": "0511-00000000",
            },
            print_label="第1版",
        )
    )
    for words in (
        "申报材料补正一次性告知书",
        "申报编号:SB-2026-0001",
        "周镕喆:",
        "需要补正下列2项内容,现一次性告知",
        "1领衔大师基本情况请补充获奖证书。",
        "2工作室成员人数与名单不一致。",
        "请在2026年3月19日(含当日)之前,即自告知次日起10个工作日内,",
        "第三部分(二)2。",
        "可在补正期限内书面说明。",
        "镇江市技能大师产业创新园管理办公室(盖章)年月日",
        "签收人(签字):签收日期:年月日",
    ):
        assert words in text


def test_initial_review_sheet_shows_each_line_and_leaves_the_signature_blank():
    text = printed(
        papers.initial_review_sheet(
            {
                **CASE,
                "occupation": "钣金工",
                "unit_name": "某汽车制造有限公司",
                "claimed": "（1）",
                "lines": [
                    {"clause": "3.1.1a", "text": "具有绝技绝活", "verdict": "符合", "note": "有证书"},
                    {"clause": "3.1.2", "text": "有创业发展意愿", "verdict": "不符合", "note": "未说明"},
                ],
                "conclusion": "需要补正",
                "opinion": "设备证明不足。",
            },
            print_label="第2版",
        )
    )
    assert "第三部分(一)1(1)具有绝技绝活符合有证书第三部分(一)2有创业发展意愿不符合未说明" in text
    assert "初审结论需要补正初审意见设备证明不足。初审人(签字)年月日" in text
    assert "材料版本第2版" in text


def test_receipt_lists_what_came_and_what_is_next():
    text = printed(
        papers.receipt(
            {
                **CASE,
                "submitted_at": datetime(2026, 3, 5, 9, 7),  # noqa: DTZ001 — the local time, as printed
                "digest": "ab" * 32,
                "materials": [{"title": "职业资格证书", "name": "证书.pdf", "pages": 2}],
                "next_steps": ["管理办公室进行材料初审。"],
                "contact": "0511-00000000",
            },
            print_label="第1版",
        )
    )
    for words in (
        "(第1版)已于2026年3月5日09:07收到",
        "1职业资格证书证书.pdf2",
        "1.管理办公室进行材料初审。",
        "ab" * 32,
        "不代表审核通过",
    ):
        assert words in text


def test_rejection_letter_gives_clause_reason_and_remedy():
    text = printed(
        papers.rejection_letter(
            {
                **CASE,
                "stage": "材料初审",
                "clause": "3.1.1",
                "clause_text": "具备下列条件之一",
                "reason": "不能证明具备任何一项。\n没有证明材料。",
                "remedy": "可在5个工作日内申请复核。",
                "contact": "",
            }
        )
    )
    assert "经材料初审,不予通过" in text
    assert "理由不能证明具备任何一项。没有证明材料。依据《关于镇江市" in text
    assert "第三部分(一)1:“具备下列条件之一”。有不同意见可在5个工作日内申请复核。" in text


@pytest.mark.parametrize(
    ("clause", "printed"),
    [
        ("3.1", "第三部分（一）"),
        ("3.1.1", "第三部分（一）1"),
        ("[3.1.1c]", "第三部分（一）1（3）"),
        ("3.2.2", "第三部分（二）2"),
        ("5", "第五部分"),
        ("A1", "附件1"),
        ("", ""),
    ],
)
def test_printed_clause_counts_as_the_regulation_does(clause, printed):
    assert papers.printed_clause(clause) == printed


@pytest.mark.parametrize(
    ("typed", "day", "month"),
    [
        (date(2026, 3, 5), "2026年3月5日", "2026年3月"),
        ("2026-03-05", "2026年3月5日", "2026年3月"),
        ("2026-11", "2026-11", "2026年11月"),
        ("去年春天", "去年春天", "去年春天"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_dates_of_a_draft_print_even_when_they_are_none(typed, day, month):
    assert (papers.chinese_date(typed), papers.chinese_month(typed)) == (day, month)
