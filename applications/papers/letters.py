"""Where do the letters on the result get their words? From the letter as it was sent, and the park's settings."""

from applications.documents import letters as sheets
from applications.models import Letter
from park import documents, rules
from park.models import Document
from park.wording import contact

# The clauses that a refusal after the initial review rests on, as the regulation has them.
CLAUSE_TEXTS = {
    "3.2.2": "市人社局组织有关专家和相关人员，按照材料初审、现场考察、集中评议、投票表决等程序，确定候选名单，报镇江市技能大师产业创新园项目工作小组审核认定",
    "3.2.3": "经镇江市技能大师产业创新园项目工作小组审核，最终确定入驻大师工作室名单",
}
PAGES = {
    Letter.Kind.ADMITTED: sheets.letter_admitted,
    Letter.Kind.NOT_ADMITTED: sheets.letter_not_admitted,
    Letter.Kind.WAITLISTED: sheets.letter_waitlisted,
    Letter.Kind.PROMOTED: sheets.letter_promoted,
}


def _data(letter, days: dict) -> dict:
    application = letter.application
    bring = rules.get("agreement_bring")
    return {
        "application_number": application.number,
        "studio_name": application.studio_name,
        "leader_name": application.leader_name,
        "stage": letter.stage,
        "reason": letter.reason,
        "clause": letter.clause,
        "clause_text": CLAUSE_TEXTS.get(letter.clause, ""),
        "bring": [part.strip(" 。") for part in bring.replace(";", "；").split("；") if part.strip(" 。")],
        "contact": contact(),
        **days,
    }


def build_letter(document: Document):
    letter = Letter.objects.select_related("application").get(pk=document.subject_id)
    days = {"respond_by": letter.respond_by, "may_apply_from": letter.may_apply_from}
    return PAGES[letter.kind](_data(letter, days))


def preview_letter_pdf(letter, days: dict) -> bytes:
    """The letter as it would go out today, marked as a draft; never stored. `days` as of `admitting.dates`."""
    template, context = PAGES[letter.kind](_data(letter, days), print_label="草稿")
    return documents.preview_pdf(template, context, title=f"{letter.get_kind_display()}（草稿）")


KINDS = {
    "letter_admitted": (build_letter, "入驻通知书", "RT"),
    "letter_not_admitted": (build_letter, "不予入驻告知书", "BY"),
    "letter_waitlisted": (build_letter, "候补通知书", "HU"),
    "letter_promoted": (build_letter, "候补递补通知书", "DT"),
}
STUDIO_KINDS = [*KINDS]
