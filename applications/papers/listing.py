"""Where do candidate list, resolution and the approved form get their words? From the rows of the list."""

from django.utils import timezone

from applications.documents import listing as sheets
from applications.models import CandidateList, ListEntry
from applications.papers.filing import annex1_data
from applications.ranking import reasons_of
from park import rules
from park.models import Document, WorkingGroupMember

WITHDRAWN = "申报人撤回"


def votes(entry) -> str:
    """同意 4 / 有表决权 5."""
    return f"同意{entry.approve}票，有表决权{entry.eligible}人"


def ranking_words(code: str) -> str:
    """The rule of the order, as people read it."""
    return "先比同意票占有表决权人数的比例，比例相同的" + dict(rules.REGISTRY["list_ranking"].choices)[code]


def _rows(candidate_list):
    return candidate_list.entries.select_related("application", "round", "item__session").order_by("rank")


def _heads(entry) -> dict:
    application = entry.application
    return {
        "rank": entry.rank,
        "place": entry.get_place_display(),
        "application_number": application.number,
        "studio_name": application.studio_name,
        "leader_name": application.leader_name,
        "unit_name": application.unit_name,
        "occupation": application.occupation,
        "votes": votes(entry),
        "arithmetic": entry.round.arithmetic,
    }


def build_candidate_list(document: Document):
    row = CandidateList.objects.get(pk=document.subject_id)
    entries = list(_rows(row))
    ties = reasons_of(row, entries)
    return sheets.candidate_list(
        {
            "number": row.number,
            "title": row.title,
            "places": row.places,
            "note": row.note,
            "ranking": ranking_words(row.ranking),
            "compiled_on": timezone.localdate(row.sent_at or row.compiled_at),
            "rows": [_heads(e) | {"tie": ties.get(e.application_id, "")} for e in entries],
        },
        print_label="报送稿",
    )


def build_resolution(document: Document):
    row = CandidateList.objects.get(pk=document.subject_id)
    entries = list(_rows(row).prefetch_related("opinions__body"))
    return sheets.resolution(
        {
            "number": row.number,
            "title": row.title,
            "places": row.places,
            "minutes_no": row.minutes_no,
            "minutes_on": row.minutes_on,
            "resolution": row.resolution,
            "bodies": _bodies(entries),
            "rows": [
                _heads(e)
                | {
                    "decision": e.get_decision_display() or WITHDRAWN,
                    "reason": e.reason,
                    "own_unit": e.own_unit,
                    "opinions": [
                        {
                            "body": o.body.name,
                            "stance": o.get_stance_display(),
                            "text": o.text,
                            "own_unit": o.own_unit,
                        }
                        for o in e.opinions.all()
                    ],
                }
                for e in entries
            ],
        },
        print_label="认定件",
    )


def _bodies(entries) -> list[str]:
    """Member units with a line to sign on: those of the standing members, and whoever gave an opinion."""
    standing = WorkingGroupMember.objects.filter(left_on=None, is_leader=False).select_related("body")
    names = [m.body.name for m in standing.order_by("body__order", "pk")]
    names += [o.body.name for e in entries for o in e.opinions.all()]
    return list(dict.fromkeys(names))


def panel_conclusion(entry) -> str:
    """Box 11: how the panel voted, in counts, and what it says. Who voted how is in no paper [A2]."""
    row = entry.round
    counts = f"同意{row.approve}票，不同意{row.oppose}票，弃权{row.abstain}票"
    if row.invalid:
        counts += f"，无效{row.invalid}票"
    verdict = f"经集中评议、投票表决（{entry.item.session}），有表决权{row.eligible}人，{counts}，表决通过。"
    return f"{verdict}\n{entry.item.opinion}"


def build_annex1_approved(document: Document):
    entry = ListEntry.objects.select_related("application", "round", "item__session").get(
        pk=document.subject_id
    )
    submission = entry.application.latest_submission()
    return sheets.approved_form(
        annex1_data(submission.data),
        experts=panel_conclusion(entry),
        office=entry.office_opinion,
        print_label=f"审批件 第{submission.number}版",
    )


KINDS = {
    "candidate_list": (build_candidate_list, "候选名单", "HX"),
    "resolution": (build_resolution, "审核认定意见", "RD"),
    "annex1_approved": (build_annex1_approved, "入驻申报表（审批件）", "SP"),
}
STUDIO_KINDS = ["annex1_approved"]
# What would tell the decision before its letter does.
AFTER_LETTER = ["annex1_approved"]
