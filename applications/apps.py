from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "入驻申报"

    def ready(self):
        from applications import papers  # models must be loaded first
        from applications.actions import archiving, batching, deadlines, noticing
        from applications.actions.holding import HOLDING
        from applications.invariants import INVARIANTS, TRIGGERS
        from applications.tasks import make_dossiers
        from applications.workflow import VERBS, listing, panel, visit
        from applications.workflow.lapsing import lapse_corrections
        from park import actions, announcements, audit, daily, invariants, jobs, personal_data
        from park.models import Role
        from park.permissions import is_office
        from park.triggers import protect

        papers.register()
        jobs.register(archiving.KIND, make_dossiers, may=is_office)
        jobs.register(batching.KIND, batching.carry_out, may=batching.may_work_in_batches, resumes=True)
        announcements.register(
            noticing.NOTICE,
            title="拟入驻名单公示",
            clause="3.2.3",
            prefix="GS",
            notice=True,
            may=noticing.may_announce,
            ready=noticing.notice_faults,
            renew=noticing.renewed_rows,
            links=noticing.links_of_notice,
            published=noticing.put_on_notice,
            withdrawn=noticing.take_off_notice,
        )
        announcements.register(
            noticing.FINAL,
            title="入驻名单公告",
            clause="3.2.3",
            prefix="GG",
            may=noticing.may_announce,
            ready=noticing.final_faults,
        )
        daily.register("补正到期提醒", deadlines.remind_of_corrections)
        daily.register("逾期未补正，视为撤回", lapse_corrections)
        daily.register("草稿清除前提醒", deadlines.warn_of_forgotten_drafts)
        daily.register("清除逾期草稿", deadlines.erase_forgotten_drafts)
        personal_data.declare(HOLDING)
        invariants.declare(*INVARIANTS)
        audit.LABELS.update(VERBS | visit.VERBS | panel.VERBS | listing.VERBS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"applications.{right}"
                for right in ("view_application", "view_batch", "add_batch", "change_batch", "delete_batch")
            }
        protect(*TRIGGERS)
