"""What does every page know besides its own data: the site's imprint, the navigation, how text is shown?"""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from park import notices
from park.models import Role

SIZES = {"standard": "标准", "large": "大", "huge": "超大"}
CONTRASTS = {"normal": "标准", "high": "高对比"}

R = Role
EVERYBODY = frozenset(Role)
OFFICE = {R.OFFICE, R.LEAD_DIVISION}
VISITORS = {R.EXPERT, R.ATTRACTION, R.LOGISTICS, R.WORKING_GROUP}
BODIES = {R.ATTRACTION, R.LOGISTICS, R.WORKING_GROUP}
WATCHERS = {R.SYSADMIN, R.SECADMIN, R.AUDITOR}


@dataclass(frozen=True)
class Item:
    """One entry of the left navigation: shown to these roles, current below the address of its page."""

    label: str
    page: str
    roles: frozenset | set = EVERYBODY
    heading: str = ""  # the group it stands in

    @property
    def url(self) -> str:
        return reverse(self.page)


# fmt: off
STAFF_NAV = (
    Item("待办",       "home"),
    Item("我的申报",   "applications:list",  {R.APPLICANT},  "入驻申报"),
    Item("申报受理",   "applications:queue", OFFICE,         "入驻申报"),
    Item("现场考察",   "applications:visits", OFFICE | VISITORS, "入驻申报"),
    Item("专家评议会", "applications:panels", OFFICE | {R.EXPERT}, "入驻申报"),
    Item("专家库",     "applications:experts", OFFICE,       "入驻申报"),
    Item("候选名单",   "applications:lists", OFFICE | {R.WORKING_GROUP}, "入驻申报"),
    Item("公告公示",   "announcement_cases", OFFICE,         "入驻申报"),
    Item("异议认定",   "applications:objections", {R.WORKING_GROUP}, "入驻申报"),
    Item("办理结果文书", "applications:letters", OFFICE,     "入驻申报"),
    Item("申报统计",   "applications:statistics", OFFICE,    "入驻申报"),
    Item("我的工作室", "workshops:mine",     {R.APPLICANT},  "园区运行"),
    Item("待办日历",   "workshops:duties",   OFFICE | {R.LOGISTICS}, "园区运行"),
    Item("工作室",     "workshops:studios",  OFFICE | BODIES, "园区运行"),
    Item("入驻与协议", "workshops:residencies", OFFICE | BODIES, "园区运行"),
    Item("到园签到",   "workshops:park_attendance", OFFICE | {R.LOGISTICS}, "园区运行"),
    Item("台账核验",   "workshops:ledger_office", OFFICE,    "园区运行"),
    Item("统计报表",   "workshops:returns",  OFFICE,         "园区运行"),
    Item("领衔人变更", "workshops:leader_changes", OFFICE | {R.WORKING_GROUP}, "园区运行"),
    Item("政策兑现",   "workshops:benefits", OFFICE | {R.WORKING_GROUP}, "园区运行"),
    Item("政策库",     "workshops:policies", OFFICE | BODIES | {R.APPLICANT}, "园区运行"),
    Item("招引线索",   "workshops:leads",    OFFICE | {R.ATTRACTION}, "园区运行"),
    Item("园区统计",   "workshops:park_statistics", OFFICE | {R.WORKING_GROUP}, "园区运行"),
    Item("定期检查",   "assessments:inspections", OFFICE | {R.LOGISTICS, R.ATTRACTION}, "检查与考核"),
    Item("年度考核",   "assessments:cycles", OFFICE | BODIES | {R.EXPERT}, "检查与考核"),
    Item("得分对照",   "assessments:projections", OFFICE | BODIES, "检查与考核"),
    Item("考核评估细则", "assessments:rubrics", OFFICE | BODIES | {R.EXPERT}, "检查与考核"),
    Item("限期整改",   "assessments:rectifications", OFFICE | BODIES, "检查与考核"),
    Item("取消资格",   "assessments:revocations", OFFICE | {R.WORKING_GROUP}, "检查与考核"),
    Item("房间",       "workshops:rooms",    OFFICE | BODIES, "后勤服务"),
    Item("费用",       "workshops:bills",    OFFICE | {R.LOGISTICS, R.WORKING_GROUP}, "后勤服务"),
    Item("抄表",       "workshops:readings", OFFICE | {R.LOGISTICS}, "后勤服务"),
    Item("报修",       "workshops:repairs",  OFFICE | {R.LOGISTICS}, "后勤服务"),
    Item("安全管理",   "workshops:safety",   OFFICE | {R.LOGISTICS}, "后勤服务"),
    Item("规章制度",   "workshops:house_rules", OFFICE | BODIES, "后勤服务"),
    Item("后台任务",   "jobs",               OFFICE,         "我的"),
    Item("个人信息查阅", "personal_lookup",  OFFICE,         "管理"),
    Item("基础数据与设定", "admin:index",    OFFICE | WATCHERS, "管理"),
    Item("站内消息",   "notifications",      EVERYBODY,      "我的"),
    Item("个人资料",   "profile",            EVERYBODY,      "我的"),
    Item("个人信息授权", "consents",         {R.APPLICANT},  "我的"),
    Item("办事指南",   "guide",              EVERYBODY,      "查阅"),
    Item("政策文件",   "regulation",         EVERYBODY,      "查阅"),
    Item("帮助",       "help",               EVERYBODY,      "查阅"),
)
PUBLIC_NAV = (
    Item("首页",     "portal"),
    Item("公告公示", "announcements"),
    Item("大师工作室", "workshops:public_studios"),
    Item("办事指南", "guide"),
    Item("政策文件", "regulation"),
    Item("条件自查", "self_check"),
    Item("文书核验", "check_start"),
    Item("帮助",     "help"),
)
# fmt: on


def site(request):
    """Context of every template. What costs a query is a function that templates call only where they show it."""
    user = getattr(request, "user", None)

    @cache
    def unread():
        return notices.unread_of(user).count() if user is not None and user.is_authenticated else 0

    size, contrast = request.COOKIES.get("text_size"), request.COOKIES.get("contrast")
    return {
        "SITE": settings.SITE,
        "unread": unread,
        "nav": cache(lambda: _groups(STAFF_NAV, user, request.path)),
        "public_nav": cache(lambda: _entries(PUBLIC_NAV, request.path)),
        "text_size": size if size in SIZES else "standard",
        "contrast": contrast if contrast in CONTRASTS else "normal",
        "text_sizes": SIZES,
        "contrasts": CONTRASTS,
        "is_demo": settings.DEMO,
        "idle_minutes": cache(lambda: _idle_minutes(user)),
    }


def _idle_minutes(user) -> int:
    """After how long without a request the session of this person ends (domain.md §5.2, row 4)."""
    return settings.SESSION_IDLE_MINUTES["staff" if user.is_park_staff else "others"]


def _groups(items, user, path):
    """The items of a person in their groups: [(heading, [entry, …]), …]."""
    if user is None or not user.is_authenticated:
        return []
    mine = [item for item in items if item.roles == EVERYBODY or user.has_role(*item.roles)]
    entries = {entry["label"]: entry for entry in _entries(mine, path)}
    groups = {}
    for item in mine:
        if item.label in entries:
            groups.setdefault(item.heading, []).append(entries[item.label])
    return list(groups.items())


def _entries(items, path):
    """Items as plain rows; one whose page this deployment leaves out (the admin, for one) is left out."""
    rows = []
    for item in items:
        try:
            rows.append({"label": item.label, "url": item.url, "current": False})
        except NoReverseMatch:
            continue
    under = [row for row in rows if path.startswith(row["url"]) and (row["url"] != "/" or path == "/")]
    if under:
        max(under, key=lambda row: len(row["url"]))["current"] = True
    return rows
