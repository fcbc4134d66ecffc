"""The yearly evaluation: its years, cards, verification, panel."""

from django.urls import path

from assessments.views import cycle, panel, proof, scorecard, self_assessment, verification

urlpatterns = [
    path("evaluation/", cycle.cycles, name="cycles"),
    path("evaluation/new/", cycle.open_cycle, name="open_cycle"),
    path("evaluation/<uuid:key>/", cycle.cycle, name="cycle"),
    path("evaluation/<uuid:key>/steps/<slug:name>/", cycle.cycle_step, name="cycle_step"),
    path("evaluation/<uuid:key>/graders/", cycle.cycle_graders, name="cycle_graders"),
    path("evaluation/<uuid:key>/settings/", cycle.cycle_settings, name="cycle_settings"),
    path("evaluation/<uuid:key>/grading/", panel.grading, name="grading"),
    path("evaluation/<uuid:key>/announcement/", cycle.announce_results, name="announce_cycle"),
    path("evaluation/<uuid:key>/summary.xlsx", cycle.cycle_export, name="cycle_export"),
    path("evaluation/<uuid:key>/issue/<slug:kind>/", cycle.cycle_issue, name="cycle_issue"),
    path("evaluation/<uuid:key>/papers/<uuid:public_id>/", cycle.cycle_paper, name="cycle_paper"),
    path("cards/<uuid:key>/", scorecard.scorecard, name="scorecard"),
    path("cards/<uuid:key>/steps/<slug:name>/", scorecard.scorecard_step, name="scorecard_step"),
    path("cards/<uuid:key>/refresh/", scorecard.refresh_scorecard, name="refresh_scorecard"),
    path("cards/<uuid:key>/falsification/", scorecard.falsify, name="falsify"),
    path("cards/<uuid:key>/falsification/lift/", scorecard.lift_falsification, name="lift_falsification"),
    path("cards/<uuid:key>/files/<uuid:file_key>/", scorecard.scorecard_file, name="scorecard_file"),
    path("cards/<uuid:key>/papers/<uuid:public_id>/", scorecard.scorecard_paper, name="scorecard_paper"),
    path("cards/<uuid:key>/self/", self_assessment.self_assessment, name="self_assessment"),
    path("cards/<uuid:key>/lines/<int:pk>/evidence/", self_assessment.line_evidence, name="line_evidence"),
    path("cards/<uuid:key>/evidence/<uuid:file_key>/", proof.evidence_file, name="evidence_file"),
    path(
        "cards/<uuid:key>/evidence/<int:pk>/remove/", self_assessment.evidence_remove, name="evidence_remove"
    ),
    path("cards/<uuid:key>/records/<uuid:record_key>/", proof.card_record, name="card_record"),
    path(
        "cards/<uuid:key>/records/<uuid:record_key>/files/<uuid:file_key>/",
        proof.card_record_file,
        name="card_record_file",
    ),
    path("cards/<uuid:key>/verification/", verification.verification, name="verification"),
    path("cards/<uuid:key>/lines/<int:pk>/judge/", verification.judge, name="judge"),
    path("cards/<uuid:key>/lines/<int:pk>/photos/", verification.line_photos, name="line_photos"),
    path("cards/<uuid:key>/grading/", panel.grade_card, name="grade_card"),
    path("cards/<uuid:key>/lines/<int:pk>/settle/", panel.settle, name="settle_panel"),
    path("studios/<uuid:key>/cards/", scorecard.studio_scorecards, name="studio_scorecards"),
]
