from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = "工作室"

    def ready(self):
        from park import actions, audit, daily, jobs, personal_data  # models must be loaded first
        from park.models import Role
        from workshops import (  # noqa: F401 (the tables of workflow make themselves known)
            duties,
            invariants,
            papers,
            sheets,
            workflow,
        )
        from workshops.actions import (
            VERBS,
            holding,
            leader_change,
            ledger_batch,
            reminding,
            returns_opening,
            warning,
        )
        from workshops.conditions import benefit, fee, residency

        residency.LEAVING_HINTS += [fee.unpaid_bills, fee.unbilled_one_offs, benefit.open_benefits]
        papers.register()
        sheets.register()
        invariants.register()
        duties.register_own()
        jobs.register(
            ledger_batch.KIND, ledger_batch.carry_out, may=ledger_batch.may_verify_in_batches, resumes=True
        )
        daily.register("缴费提醒和催缴", reminding.remind_of_bills)
        daily.register("统计报表开报", returns_opening.open_ended_periods)
        daily.register("统计报表催报", returns_opening.remind)
        daily.register("领衔人接替期限届满", leader_change.lapse_expired)
        daily.register("免租期、协议期届满和逾期未签协议提醒", warning.warn_of_endings)
        personal_data.declare(*holding.HOLDINGS)
        audit.LABELS.update(VERBS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"workshops.{right}"
                for right in (
                    "view_studio",
                    "view_residency",
                    "view_room",
                    "add_room",
                    "change_room",
                    "view_safetyitem",
                    "add_safetyitem",
                    "change_safetyitem",
                )
            }
