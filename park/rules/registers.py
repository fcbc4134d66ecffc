"""What the park decides about showing its registers to the public [1]."""

from park.rules.definition import RuleDef

REGISTERS_GROUP = "名录公开"

REGISTERS = (
    RuleDef(
        "public_registers", REGISTERS_GROUP, "在门户上默认公开的名录", "1", "list", ["resident"], minimum=0,
        choices=(("resident", "入驻工作室"), ("affiliated", "全市名录（分园区）")),
        help="公开工作室名称、领衔人、所在单位、职业（工种）、专业领域、属地、认定级别和认定文件。入驻工作室以领衔人同意公开为前提。"
        "没有选中的名录，由管理办公室在工作室页面上逐个设为公开，并写明依据。领衔人撤回同意的，不再公开。",
        silence="规定以入驻工作室为主体、以全市现有工作室为补充，没有写明名录怎样公开。",
    ),
)  # fmt: skip
