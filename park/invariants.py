"""What must be true of the data at any time, said again in SQL, apart from the code that keeps it true.

`manage.py check_invariants` evaluates all of them. Upper apps declare theirs in `AppConfig.ready`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

from park import audit, triggers


@dataclass(frozen=True)
class Invariant:
    """`sql` selects the offenders: their first column names them, no row means that it holds.

    `check()` instead of SQL returns a list of offenders."""

    name: str
    says: str
    sql: str = ""
    check: Callable[[], list] | None = None

    def offenders(self, using="default") -> list[str]:
        if self.check is not None:
            return [str(row) for row in self.check()]
        with connections[using].cursor() as cursor:
            cursor.execute(self.sql)
            return [str(row[0]) for row in cursor.fetchall()]


def _chain() -> list[str]:
    fault = audit.verify().fault
    return [fault] if fault else []


_WATCHERS = "('sysadmin', 'secadmin', 'auditor')"

REGISTRY: list[Invariant] = [
    Invariant("triggers", "数据库中的触发器齐全", check=triggers.missing),
    Invariant("audit_chain", "审计链完整", check=_chain),
    Invariant(
        "audit_gapless",
        "审计序号从 1 起连续，与链尾一致",
        "SELECT COUNT(*) FROM park_auditentry HAVING COUNT(*) <> COALESCE(MAX(sequence), 0)"
        " OR COUNT(*) <> COALESCE((SELECT MAX(sequence) FROM park_audithead), 0)",
    ),
    Invariant(
        "watchers_apart",
        "三员不兼任其他角色",
        "SELECT u.username FROM park_user u JOIN park_user_groups m ON m.user_id = u.id"
        " JOIN auth_group g ON g.id = m.group_id GROUP BY u.id, u.username"
        f" HAVING COUNT(*) > 1 AND SUM(CASE WHEN g.name IN {_WATCHERS} THEN 1 ELSE 0 END) > 0",
    ),
    Invariant(
        "staff_flag",
        "只有工作人员可进入后台",
        "SELECT u.username FROM park_user u WHERE u.is_staff AND NOT u.is_superuser AND NOT EXISTS"
        " (SELECT 1 FROM park_user_groups m JOIN auth_group g ON g.id = m.group_id"
        " WHERE m.user_id = u.id AND g.name <> 'applicant')",
    ),
    Invariant(
        "no_personal_rights",
        "权限只来自角色，没有直接授予个人的权限",
        "SELECT u.username FROM park_user u JOIN park_user_user_permissions p ON p.user_id = u.id",
    ),
    Invariant(
        "mobile_sealed",
        "手机以密文保存并有检索摘要",
        "SELECT id FROM park_user WHERE (mobile = '' AND mobile_index <> '')"
        " OR (mobile <> '' AND (mobile NOT LIKE '%$%' OR LENGTH(mobile_index) <> 64))",
    ),
    Invariant(
        "consent_order",
        "撤回不早于同意",
        "SELECT id FROM park_consent WHERE withdrawn_at IS NOT NULL AND withdrawn_at < given_at",
    ),
    Invariant(
        "consent_on_trail",
        "每一条同意都在审计记录中",
        "SELECT c.id FROM park_consent c JOIN park_user u ON u.id = c.user_id WHERE NOT u.is_demo AND NOT EXISTS"
        " (SELECT 1 FROM park_auditentry a WHERE a.verb = 'give_consent' AND a.subject_model = 'park.user'"
        " AND a.subject_id = CAST(c.user_id AS VARCHAR(60)))",
    ),
    Invariant(
        "applicants_consented",
        "在用的申报人账号同意过处理个人信息",
        "SELECT u.username FROM park_user u JOIN park_user_groups m ON m.user_id = u.id"
        " JOIN auth_group g ON g.id = m.group_id WHERE g.name = 'applicant' AND u.is_active AND NOT u.is_demo"
        " AND NOT EXISTS (SELECT 1 FROM park_consent c WHERE c.user_id = u.id AND c.purpose = 'processing')",
    ),
    Invariant(
        "paper_has_file",
        "有效的文书都有文件和摘要",
        "SELECT id FROM park_document WHERE state = 'issued' AND (storage_name = '' OR LENGTH(sha256) <> 64)",
    ),
    Invariant(
        "rule_history",
        "本园设定的现值与最后一次变更一致",
        "SELECT r.key FROM park_rule r WHERE r.changed_at IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM park_rulechange c WHERE c.rule_id = r.key AND c.at = r.changed_at)",
    ),
]


def declare(*invariants: Invariant):
    REGISTRY.extend(i for i in invariants if i.name not in {known.name for known in REGISTRY})
