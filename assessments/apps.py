from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "检查与考核"

    def ready(self):
        import assessments.workflow  # noqa: F401  (the tables make themselves known)
        from assessments import duties, papers, statistics  # models must be loaded first
        from assessments.actions import VERBS, projection, rubric_trial
        from assessments.effects.inspection import call_off_with_residency
        from assessments.invariants import INVARIANTS, TRIGGERS
        from park import actions, audit, invariants
        from park.models import Role
        from park.triggers import protect
        from workshops.effects import residency

        papers.register()
        duties.register()
        statistics.register()
        projection.register()
        rubric_trial.register()
        residency.ENDINGS.append(call_off_with_residency)
        invariants.declare(*INVARIANTS)
        audit.LABELS.update(VERBS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                *(f"assessments.{right}_inspectionitem" for right in ("view", "add", "change")),
                "assessments.view_rubric",
                "assessments.view_rubricitem",
            }
        protect(*TRIGGERS)
