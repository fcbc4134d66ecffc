from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "检查与考核"

    def ready(self):
        import assessments.workflow  # noqa: F401  (the tables make themselves known)
        from assessments import duties, papers, statistics  # models must be loaded first
        from assessments.actions import (
            VERBS,
            projection,
            publishing,
            rectification,
            reminding,
            revocation,
            rubric_trial,
        )
        from assessments.effects import standing
        from assessments.effects.inspection import call_off_with_residency
        from assessments.invariants import INVARIANTS, TRIGGERS
        from park import actions, announcements, audit, daily, invariants
        from park.models import Role
        from park.triggers import protect
        from workshops import ranking
        from workshops.effects import residency

        papers.register()
        duties.register()
        statistics.register()
        projection.register()
        rubric_trial.register()
        ranking.register(statistics.evaluation.ranks)
        residency.ENDINGS.append(call_off_with_residency)
        standing.follow_residencies()
        announcements.register(
            publishing.RESULTS,
            title="年度考核结果公告",
            clause="5.2",
            prefix="GG",
            may=publishing.may_announce,
            ready=publishing.results_faults,
            renew=publishing.renewed_rows,
            links=publishing.links_of_results,
        )
        announcements.register(
            revocation.NOTE,
            title="取消入驻资格公告",
            clause="5.4",
            prefix="GQ",
            may=revocation.may_announce,
            ready=revocation.note_faults,
        )
        daily.register("考核得分按台账重新计算", reminding.refresh_open_cards)
        daily.register("自评到期提醒", reminding.remind_of_self_assessment)
        daily.register("整改期限届满前提醒", rectification.warn_of_deadlines)
        daily.register("陈述申辩期限届满", revocation.close_windows)
        daily.register("取消资格后房间全部交还", revocation.conclude_vacated)
        daily.register("入驻已结束的整改和取消资格", standing.end_what_is_over)
        invariants.declare(*INVARIANTS)
        audit.LABELS.update(VERBS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                *(f"assessments.{right}_inspectionitem" for right in ("view", "add", "change")),
                "assessments.view_rubric",
                "assessments.view_rubricitem",
            }
        protect(*TRIGGERS)
