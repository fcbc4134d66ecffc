from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "入驻申报"

    def ready(self):
        from applications import papers  # models must be loaded first
        from applications.actions.holding import HOLDING
        from applications.invariants import INVARIANTS
        from applications.workflow import ADMISSION, VERBS
        from park import actions, audit, invariants, personal_data
        from park.models import Role
        from park.triggers import Trigger, protect

        papers.register()
        personal_data.declare(HOLDING)
        invariants.declare(*INVARIANTS)
        audit.LABELS.update({step.name: step.label for step in ADMISSION.steps.values()} | VERBS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"applications.{right}"
                for right in ("view_application", "view_batch", "add_batch", "change_batch", "delete_batch")
            }
        protect(
            Trigger("submission_no_delete", "applications_submission", "DELETE", "filed versions stay"),
            Trigger(
                "submission_file_no_update",
                "applications_submissionfile",
                "UPDATE",
                "filed versions do not change",
            ),
            Trigger(
                "submission_file_no_delete", "applications_submissionfile", "DELETE", "filed versions stay"
            ),
            Trigger(
                "submission_frozen",
                "applications_submission",
                "UPDATE",
                "filed versions do not change",
                "OLD.content_hash <> NEW.content_hash OR OLD.number <> NEW.number "
                "OR OLD.application_id <> NEW.application_id OR OLD.submitted_at <> NEW.submitted_at "
                "OR OLD.submitted_by_id <> NEW.submitted_by_id OR OLD.row_key <> NEW.row_key "
                "OR OLD.changed_sections <> NEW.changed_sections",
            ),
        )
