"""每次5、10、20分: reports in the media, patents, prizes, papers and books, each counted once [A2.B2][A2.B3][S12][S13]."""

import re
import unicodedata
from decimal import Decimal

from assessments.scoring.facts import Record, YearFacts
from assessments.scoring.result import Proof, Result, within
from park.points import shown

_SIGNS = re.compile(r"[\W_]+")


def per_occurrence(item, facts: YearFacts, rules) -> Result:
    """The sum of the values of what counts, up to the 分值."""
    levels = {code: Decimal(points) for code, points in item.parameters["levels"].items()}
    counted, passed_over = COUNTERS[item.parameters["of"]](facts, rules, levels)
    total = sum((proof.points for proof in counted), Decimal(0))
    points = within(total, item.max_points)
    if not counted and not passed_over:
        return Result(Decimal(0), ("年内没有已核验的记录。",), missing=(item.parameters["missing"],))
    reasons = [
        f"{len(counted)}次计{shown(total)}分" + (f"，最高{shown(points)}分。" if total > points else "。")
    ]
    reasons += passed_over
    missing = (item.parameters["missing"],) if points < item.max_points else ()
    return Result(points, tuple(reasons), tuple(counted), missing)


def reports(facts, rules, levels):
    """电视台、报刊 by the level of their sponsor; a story counts once for an outlet, or once at all [S12]."""
    counted, passed_over, stories = [], [], {}
    for record in facts.of("media"):
        if record.category == "new_media" and not rules["b2_new_media"]:
            passed_over.append(f"{record.number}是新媒体报道，不计分。")
        elif record.level not in levels:
            passed_over.append(f"{record.number}是县（区）级报道，不计分。")
        else:
            story = _plain(record.title)
            same = story if rules["b2_same_story"] == "once" else (story, _plain(record.partner))
            stories.setdefault(same, []).append(record)
    _once_each(stories, lambda r: levels[r.level], counted, passed_over, "同一报道")
    return counted, passed_over


def achievements(facts, rules, levels):
    """Patents, prizes, papers and books; one certificate counts once [S13]."""
    counted, passed_over, works = [], [], {}

    def worth(record: Record) -> Decimal | None:
        if record.category == "patent":
            if rules["b3_patent"] == "national":
                return levels["national"]
            by_type = {"invention": "national", "utility": "province", "design": "city"}
            return levels[by_type.get(record.subtype, "city")]
        if record.category == "award" and record.level == "city" and not rules["b3_city_award"]:
            return None
        return levels.get(record.level)

    for record in facts.of("achievement"):
        if worth(record) is None:
            passed_over.append(f"{record.number}的级别不计分。")
        else:
            same = (record.category, _plain(record.certificate_no) or _plain(record.title))
            works.setdefault(same, []).append(record)
    _once_each(works, worth, counted, passed_over, "同一成果")
    return counted, passed_over


def _once_each(groups, worth, counted, passed_over, words):
    """The best of each group counts; the others are named."""
    for group in groups.values():
        best, *others = sorted(group, key=lambda r: (-worth(r), r.starts, r.number))
        counted.append(Proof(best, worth(best)))
        passed_over += [f"{other.number}与{best.number}是{words}，只计一次。" for other in others]


def _plain(text: str) -> str:
    """Without signs, blanks and case: how a title is the same, however it was typed."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).casefold()


COUNTERS = {"media": reports, "achievement": achievements}
