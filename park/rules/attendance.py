"""What the park decides about being in the park: who signs in, how, and what excuses [A2.2]."""

from park.rules.definition import RuleDef

ATTENDANCE = "到园签到"

ATTENDING = (
    RuleDef(
        "attendance_subject", ATTENDANCE, "由谁到园签到", "A2.2", "choice", "leader",
        help="只计领衔人本人，还是工作室任何一位在册人员到园都算一天。",
        silence="细则只说“每月到园时间不少于10天”，没有写明由谁到园。",
        choices=(("leader", "领衔人本人"), ("members", "工作室任何在册人员")),
    ),
    RuleDef(
        "attendance_code", ATTENDANCE, "手机签到须填当日签到码", "A2.2", "bool", True,
        help="签到码每天更换，显示在管理办公室的屏幕上，到了现场才看得到；选“否”时手机上直接签到。",
        silence="规定没有提到签到的办法。",
    ),
    RuleDef(
        "attendance_excuses", ATTENDANCE, "批准的请假和园区关闭折减应到天数", "A2.2", "bool", False,
        help="选“是”时，按请假和关闭的天数占当月天数的比例折减当月应到的10天，折减后舍去小数。",
        silence="细则没有提到请假和园区关闭。",
    ),
    RuleDef(
        "leave_days", ATTENDANCE, "请假申请的批复期限", "A2.2", "days", 3, unit="个工作日", minimum=1, maximum=30,
        help="管理办公室应在这个期限内批复请假申请；超过期限在待办中标红。",
        silence="规定没有提到请假。",
    ),
)  # fmt: skip
