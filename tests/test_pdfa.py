"""Are our papers PDF/A-2b, with every glyph embedded? veraPDF decides."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from applications import documents as papers
from assessments.documents import evaluation, rectification, revocation, service
from park import documents
from tests.assessments.evaluation import form_data, result_data, summary_of
from tests.assessments.sheets import CASE as CASE_OF_REVOCATION
from tests.assessments.sheets import ORDER, RECEIPT
from tests.papers import RARE, form, long_form

pytestmark = pytest.mark.pdfa

CASE = {"application_number": "SB-2026-0001", "studio_name": "某工作室", "leader_name": RARE}
PAPERS = {
    "annex1_blank": (papers.annex1({}, blank=True), False),
    "annex1_filled": (papers.annex1(form(leader_name=RARE), print_label="用印稿 第1稿"), False),
    "annex1_draft_in_two_copies": (papers.annex1(form(), print_label="草稿", copies=2), True),
    "annex1_long": (papers.annex1(long_form(), print_label="第2版"), False),
    "annex1_without_glyphs": (papers.annex1(form(leader_post="主管\ue123😀")), False),
    "receipt": (papers.receipt({**CASE, "materials": [{"title": "证书", "name": "证书.pdf"}]}), False),
    "correction_notice": (
        papers.correction_notice(
            {**CASE, "items": [{"section": "成员", "missing": "缺"}], "due_on": date(2026, 3, 19)}
        ),
        False,
    ),
    "initial_review": (
        papers.initial_review_sheet(
            {**CASE, "lines": [{"clause": "3.1.2", "text": "意愿", "verdict": "符合", "note": ""}]}
        ),
        False,
    ),
    "rejection_letter": (
        papers.rejection_letter({**CASE, "stage": "材料初审", "clause": "3.1.1", "reason": "无"}),
        False,
    ),
    "scorecard_blank": (evaluation.scorecard(form_data("blank"), print_label="空白表"), False),
    "scorecard_self": (evaluation.scorecard(form_data("self"), print_label="自评 第1版"), True),
    "scorecard_final": (evaluation.scorecard(form_data("final"), print_label="第1版"), False),
    "result_provisional": (evaluation.result_notice(result_data(is_final=False, reconsidered=None)), False),
    "result_final": (evaluation.result_notice(result_data()), False),
    "evaluation_summary": (evaluation.summary(summary_of(40)), False),
    "rectification_notice": (
        rectification.rectification_notice({**ORDER, "stops": True, "contact": ""}),
        False,
    ),
    "rectification_opinion": (
        rectification.rectification_opinion(
            {**ORDER, "people": [{"name": RARE, "unit": "办公室"}], "photos": []}
        ),
        False,
    ),
    "revocation_notice": (revocation.revocation_notice({**CASE_OF_REVOCATION, "days": 5}), False),
    "revocation_decision": (
        revocation.revocation_decision(
            {**CASE_OF_REVOCATION, "vacate_days": 30, "remedy": "", "bar_years": 1}
        ),
        False,
    ),
    "service_receipt": (service.service_receipt(RECEIPT), False),
}


def test_every_paper_is_pdf_a_2b(verapdf_classpath, tmp_path):
    """One Java process for all: its start costs more than the checking."""
    arguments = []
    for name, ((template, context), draft) in PAPERS.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(documents.preview_pdf(template, context, title="文书", draft=draft))
        arguments += ["2b", str(path)]
    java = ["java", "-cp", verapdf_classpath, str(Path(__file__).with_name("VeraCheck.java"))]
    checked = subprocess.run([*java, *arguments], capture_output=True, text=True, timeout=300)
    assert checked.stdout == "".join(f"PASS 2b {tmp_path / name}.pdf\n" for name in PAPERS), checked.stderr[
        -500:
    ]


@pytest.mark.django_db
def test_stored_paper_with_its_qr_code_is_pdf_a_2b(
    verapdf_classpath, tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    from park.models import Unit, User

    monkeypatch.setitem(
        documents.KINDS,
        "A1",
        documents.Kind("A1", "入驻申报表", "SB", lambda document: papers.annex1(form())),
    )
    with django_capture_on_commit_callbacks(execute=True):
        document = documents.issue(
            "A1",
            Unit.objects.create(name="某单位"),
            by=User.objects.create_user("officer", real_name="某干部"),
        )
    document.refresh_from_db()
    path = tmp_path / "stored.pdf"
    path.write_bytes(documents.read(document))
    java = ["java", "-cp", verapdf_classpath, str(Path(__file__).with_name("VeraCheck.java"))]
    checked = subprocess.run([*java, "2b", str(path)], capture_output=True, text=True, timeout=300)
    assert checked.stdout == f"PASS 2b {path}\n", checked.stderr[-500:]
