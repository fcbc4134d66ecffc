from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "检查与考核"

    def ready(self):
        import assessments.workflow  # noqa: F401  (the tables make themselves known)
        from assessments import duties, papers, statistics  # models must be loaded first
        from assessments.actions import VERBS, publishing, reminding
        from assessments.invariants import INVARIANTS, TRIGGERS
        from park import actions, announcements, audit, daily, invariants
        from park.models import Role
        from park.triggers import protect
        from workshops import ranking

        papers.register()
        duties.register()
        statistics.register()
        ranking.register(statistics.evaluation.ranks)
        daily.register("考核得分按台账重新计算", reminding.refresh_open_cards)
        daily.register("自评到期提醒", reminding.remind_of_self_assessment)
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
        invariants.declare(*INVARIANTS)
        audit.LABELS.update(VERBS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"assessments.{right}_inspectionitem" for right in ("view", "add", "change")
            }
        protect(*TRIGGERS)
