"""What do the tests of papers need: a filled Annex 1 as data, and eyes for a PDF?"""

import re
import unicodedata
from datetime import date
from functools import cache

from park import pdf

RARE = "镕喆玥垚昇堃珺䶮"


def form(**changes):
    """A short Annex 1 that fits its cells. Synthetic: the identity number is a checksum-valid vector."""
    return {
        "studio_name": "周镕喆钣金技能大师工作室",
        "leader_name": "周镕喆",
        "filled_on": date(2026, 3, 5),
        "leader_gender": "男",
        "leader_ethnicity": "汉族",
        "leader_birth_ym": "1975-01",
        "leader_political_status": "中共党员",
        "leader_post": "车间技术主管",
        "leader_id_number": "321102197501011230",
        "leader_mobile": "13812345678",
        "leader_occupation": "钣金工",
        "leader_skill_level": "一级/高级技师",
        "leader_level_obtained_ym": "2009-11",
        "member_total": 3,
        "founded_on": date(2016, 5, 1),
        "studio_intro": "工作室设在镇江某汽车制造企业，研究和传授覆盖件钣金成形工艺。",
        "studio_achievements": "近三年完成技术革新6项，培养技师18人。",
        "plan_or_goals": "入驻后两年内建成面向社会的钣金修复培训平台。",
        "profile_resume": "1993年参加工作，先后任钣金工、班组长。",
        "profile_skills": "擅长覆盖件手工精修。",
        "profile_results": "主持技术攻关12项。",
        "profile_awards": "江苏省技术能手。",
        "members": [member("王玥"), member("李垚")],
        "opinion_unit": None,
        "opinion_experts": None,
        "opinion_office": None,
        "remarks": "",
        **changes,
    }


def member(name, **changes):
    return {
        "name": name,
        "gender": "女",
        "age": 34,
        "education": "大学专科",
        "occupation": "焊工",
        "skill_level": "二级/技师",
        "skills": "氩弧焊",
        "achievements": "市赛第二名",
        **changes,
    }


SENTENCE = "围绕生产一线的技术难题，先后完成多项技术革新和工艺改进，取得了较好的经济效益和社会效益。"


def long_form(**changes):
    """Every long cell overflows, and thirty members."""
    names = [f"{family}{given}" for family in "王李陈张赵孙" for given in RARE[:5]]
    return form(
        studio_intro=SENTENCE * 20 + "简介到此结束。",
        plan_or_goals=SENTENCE * 20 + "规划到此结束。",
        profile_resume="\n".join(f"{year}年 任技术主管。" for year in range(1990, 2026)),
        members=[member(name, achievements=SENTENCE) for name in names],
        member_total=31,
        **changes,
    )


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page without white space, in compatibility form (full width = half width)."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as opened:
        pages = [page.get_textpage().get_text_range() for page in opened]
    return [tidy(text) for text in pages]


def tidy(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def qr_texts(pdf: bytes, page: int = 0) -> list[str]:
    """What a phone reads on this page at 150 dots per inch, about an office scanner's."""
    import pypdfium2
    import zxingcpp

    with pypdfium2.PdfDocument(pdf) as opened:
        image = opened[page].render(scale=150 / 72).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(image)]


@cache
def blank_page() -> bytes:
    """One empty page, printed once: for tests that ask for papers and do not look at them."""
    return pdf.render_pdf("<html lang='zh-CN'><title>空白</title><p></p></html>")
