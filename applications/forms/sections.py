"""The parts of the application form [A1][3.1], in the order they are filled in and printed."""

import re
import unicodedata

from django import forms
from django.utils import timezone

from applications.forms.base import Evidence, RowTable, Section, SectionForm
from park import rules, validators
from park.forms.fields import Code, CodeChoice, LongText, ShortText
from park.models import (
    District,
    Education,
    Ethnicity,
    Gender,
    Origin,
    PoliticalStatus,
    RecognitionLevel,
    SkillLevel,
    UnitKind,
)


class YearMonth(forms.CharField):
    """A month as `YYYY-MM`; also takes 2015.9, 2015年9月, 201509."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.TextInput(attrs={"placeholder": "如 2015-09", "inputmode": "numeric"}), **kwargs
        )

    def clean(self, value):
        text = super().clean(value).strip()
        if not text:
            return ""
        found = re.fullmatch(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*月?", unicodedata.normalize("NFKC", text))
        if not found or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 2100:
            raise forms.ValidationError(f"“{self.label}”请写成年和月，例如 2015-09。")
        month = f"{found[1]}-{int(found[2]):02}"
        if month > timezone.localdate().strftime("%Y-%m"):
            raise forms.ValidationError(f"“{self.label}”不能晚于本月。")
        return month


class LeaderForm(SectionForm):
    """Cover and rows 1–5 of [A1]."""

    studio_name = ShortText(
        label="申报工作室名称",
        max_length=60,
        help_text="建议写法：领衔人姓名＋职业（工种）＋技能大师工作室。印在封面。",
    )
    leader_name = ShortText(label="领衔人姓名", max_length=30, help_text="与证件一致，生僻字可直接输入。")
    leader_id_number = ShortText(
        label="身份证号码", max_length=40, help_text="加密保存，各页面只显示首尾两位；纸质申报表上完整打印。"
    )
    leader_gender = CodeChoice(Gender, label="性别", required=False, help_text="可留空，由身份证号码得出。")
    leader_birth_ym = YearMonth(label="出生年月", required=False, help_text="可留空，由身份证号码得出。")
    leader_ethnicity = CodeChoice(Ethnicity, label="民族")
    leader_political_status = CodeChoice(PoliticalStatus, label="政治面貌")
    leader_post = ShortText(label="职务", max_length=40, help_text="没有职务的填“无”。")
    leader_mobile = ShortText(label="手机", max_length=30, help_text="加密保存，用于联系补正和现场考察。")
    leader_occupation = ShortText(
        label="职业（工种）",
        max_length=60,
        help_text="按证书或行业习惯填写，如 焊工、茶艺、竹编。",
        widget=forms.TextInput(attrs={"list": "occupations", "autocomplete": "off"}),
    )
    leader_skill_level = CodeChoice(
        SkillLevel,
        label="职业资格等级",
        help_text="职业资格证书、职业技能等级证书都可以；民间绝技可选“无等级”。",
    )
    leader_level_obtained_ym = YearMonth(
        label="职业资格取得时间", required=False, help_text="选“无等级”的不填。"
    )
    recognition_level = CodeChoice(
        RecognitionLevel,
        label="技能大师工作室认定级别",
        required=False,
        help_text="未认定的也可以申报。不印在申报表上。",
    )
    recognition_no = ShortText(label="认定文号", max_length=60, required=False)
    origin = CodeChoice(Origin, label="申报来源", help_text="不印在申报表上。")

    def clean_leader_name(self):
        return validators.person_name(self.cleaned_data["leader_name"])

    def clean_leader_id_number(self):
        number = self.cleaned_data["leader_id_number"]
        if rules.get("other_id_types_allowed") and not re.fullmatch(r"\s*\d{15}(\d\d[\dXx])?\s*", number):
            if not re.fullmatch(r"[A-Z0-9（）()]{5,20}", validators.half_width(number).upper()):
                raise forms.ValidationError("证件号码应为 5–20 位字母和数字。")
            return validators.half_width(number).upper()
        return validators.resident_id(number)

    def clean_leader_mobile(self):
        return validators.mobile(self.cleaned_data["leader_mobile"])

    def clean(self):
        data = super().clean()
        self._agree_with_id_number(data)
        level = data.get("leader_skill_level")
        obtained = data.get("leader_level_obtained_ym")
        if level and level.code != "NONE" and not obtained and "leader_level_obtained_ym" not in self.errors:
            self.add_error("leader_level_obtained_ym", "请填写“职业资格取得时间”。")
        birth = data.get("leader_birth_ym")
        if obtained and birth and int(obtained[:4]) - int(birth[:4]) < 14:
            self.add_error("leader_level_obtained_ym", "取得时间距出生不足 14 年，请核对。")
        return data

    def _agree_with_id_number(self, data):
        """Sex and birth month come from the identity number, and must not contradict it."""
        if not re.fullmatch(r"\d{17}[\dX]", data.get("leader_id_number", "")):
            for name in ("leader_gender", "leader_birth_ym"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写“{self.fields[name].label}”，或先填好身份证号码。")
            return
        person = validators.ResidentId.parse(data["leader_id_number"])
        birth = person.birth_date.strftime("%Y-%m")
        if not data.get("leader_gender"):
            data["leader_gender"] = Code(person.sex, dict(self.fields["leader_gender"].choices)[person.sex])
        elif data["leader_gender"].code != person.sex:
            self.add_error("leader_gender", "性别与身份证号码不一致，请核对其中一项。")
        if not data.get("leader_birth_ym"):
            data["leader_birth_ym"] = birth
        elif data["leader_birth_ym"] != birth:
            self.add_error(
                "leader_birth_ym", f"出生年月与身份证号码不一致（证件上是 {birth}），请核对其中一项。"
            )


class UnitForm(SectionForm):
    """The leader's unit. None of it is printed on [A1]; it finds conflicts of interest and the district."""

    unit_name = ShortText(label="所在单位名称", max_length=80, help_text="没有工作单位的填“无”。")
    unit_credit_code = ShortText(
        label="统一社会信用代码", max_length=30, required=False, help_text="18 位，没有的可不填。"
    )
    unit_kind = CodeChoice(UnitKind, label="单位性质")
    unit_district = CodeChoice(District, label="单位（或本人）所在地")
    contact_name = ShortText(
        label="联络员姓名", max_length=30, required=False, help_text="可不填；不填则联系领衔人。"
    )
    contact_mobile = ShortText(label="联络员手机", max_length=30, required=False)

    def clean_unit_credit_code(self):
        code = self.cleaned_data["unit_credit_code"]
        return validators.credit_code(code) if code else ""

    def clean_contact_mobile(self):
        number = self.cleaned_data["contact_mobile"]
        return validators.mobile(number) if number else ""


class MemberForm(SectionForm):
    """One row of 入驻大师工作室成员基本情况 (row 9 of [A1]): age, never birth date, identity number or phone."""

    name = ShortText(label="姓名", max_length=30)
    gender = CodeChoice(Gender, label="性别")
    age = forms.IntegerField(
        label="年龄",
        min_value=14,
        max_value=100,
        error_messages={
            "invalid": "年龄请填整数。",
            "min_value": "年龄须在 14 至 100 岁之间。",
            "max_value": "年龄须在 14 至 100 岁之间。",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    education = CodeChoice(Education, label="学历")
    occupation = ShortText(label="职业（工种）", max_length=60)
    skill_level = CodeChoice(SkillLevel, label="职业资格等级")
    skills = ShortText(label="技能特长", max_length=200, required=False)
    achievements = ShortText(label="主要业绩", max_length=500, required=False)

    def clean_name(self):
        return validators.person_name(self.cleaned_data["name"])


class MembersForm(SectionForm):
    """The members are rows; the total on the form is counted from them (row 5 of [A1])."""


class IntroForm(SectionForm):
    """Row 6 of [A1]."""

    founded_on = YearMonth(label="工作室成立时间")
    studio_intro = LongText(
        label="工作室简介", max_length=2000, rows=8, cell=300, help_text="场地、人员、设备、服务方向等。"
    )
    studio_achievements = LongText(
        label="工作室近年来主要成绩",
        max_length=2000,
        rows=8,
        cell=300,
        help_text="近三年承担的攻关、培训、竞赛指导等，写明数字。",
    )


class PlanForm(SectionForm):
    """Row 7 of [A1]; also bears on [3.1.2] and [3.1.3]."""

    plan_or_goals = LongText(
        label="工作室创业规划或工作目标",
        max_length=3000,
        rows=14,
        cell=550,
        help_text="入园后两年的目标、步骤、投入和预期成效。",
    )


class ProfileForm(SectionForm):
    """Row 8 of [A1]."""

    profile_resume = LongText(
        label="工作简历", max_length=2000, rows=6, cell=150, help_text="按时间顺序，每行一段经历。"
    )
    profile_skills = LongText(label="技能特长", max_length=2000, rows=5, cell=150)
    profile_results = LongText(label="工作业绩", max_length=2000, rows=6, cell=150)
    profile_awards = LongText(
        label="获奖情况", max_length=2000, rows=5, cell=150, help_text="奖项、授予单位、年份；没有的填“无”。"
    )
    remarks = LongText(
        label="备注", max_length=500, rows=2, required=False, help_text="印在申报表最后一栏，可不填。"
    )


CLAIMS = {
    "3.1.1a": "（1）具有绝技绝活，在国家、省内本职业（工种）中得到高度认可，并运用于技术革新和技术改造以及单位生产与经营中，取得显著经济效益和社会效益",
    "3.1.1b": "（2）有发明创造或重大技术革新成果，或创造过先进的操作技术方法，在国家、省内本职业（工种）中得到广泛推广应用，对提高劳动生产率和提升产品质量作出了突出贡献",
    "3.1.1c": "（3）具有宽广胸襟，在本职业（工种）中具备较高技艺，特别注重传艺带徒，所带徒弟多人成为本职业（工种）技能骨干或在各类技能竞赛中取得优异成绩",
}
# The elements of each condition: field name -> words of the clause. Reviewers judge the same elements.
CLAIM_ELEMENTS = {
    "3.1.1a": {
        "a_skill": "绝技绝活",
        "a_recognition": "在国家、省内本职业（工种）中得到高度认可",
        "a_application": "运用于技术革新和技术改造以及单位生产与经营",
        "a_benefit": "取得显著经济效益和社会效益",
    },
    "3.1.1b": {
        "b_invention": "发明创造、重大技术革新成果或先进的操作技术方法",
        "b_spread": "在国家、省内本职业（工种）中得到广泛推广应用",
        "b_contribution": "对提高劳动生产率和提升产品质量作出了突出贡献",
    },
    "3.1.1c": {
        "c_skill": "具有宽广胸襟，在本职业（工种）中具备较高技艺",
        "c_teaching": "特别注重传艺带徒",
        "c_apprentices": "所带徒弟多人成为技能骨干或在各类技能竞赛中取得优异成绩",
    },
}
STATEMENTS = {
    "startup_intent": ("3.1.2", "创业意愿", "有创业发展意愿"),
    "equipment": ("3.1.2", "设施和设备", "具备必要的设施和设备"),
    "funding": ("3.1.2", "工作经费", "有工作经费支持"),
    "work_rules": ("3.1.2", "工作制度", "有相关工作制度"),
    "planning": ("3.1.3", "工作规划", "有入园后较为完善的工作规划"),
}


class ConditionsForm(SectionForm):
    """The conditions of [3.1]: at least one of (1)(2)(3) with its elements, and all of 2 and 3 [T2]."""

    claims = forms.MultipleChoiceField(
        label="申报符合的条件",
        choices=list(CLAIMS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="至少选一项。选中的各项都要逐条说明并上传证明材料。",
    )
    a_skill = LongText(label="绝技绝活", max_length=500, rows=3, required=False)
    a_recognition = LongText(label="高度认可", max_length=500, rows=3, required=False)
    a_application = LongText(label="在革新改造和生产经营中的运用", max_length=500, rows=3, required=False)
    a_benefit = LongText(label="经济效益和社会效益", max_length=500, rows=3, required=False)
    b_invention = LongText(label="发明创造、革新成果或操作方法", max_length=500, rows=3, required=False)
    b_spread = LongText(label="推广应用", max_length=500, rows=3, required=False)
    b_contribution = LongText(label="对劳动生产率和产品质量的贡献", max_length=500, rows=3, required=False)
    c_skill = LongText(label="技艺与胸襟", max_length=500, rows=3, required=False)
    c_teaching = LongText(label="传艺带徒", max_length=500, rows=3, required=False)
    c_apprentices = LongText(label="徒弟成绩", max_length=500, rows=3, required=False)
    startup_intent = LongText(label="创业意愿", max_length=1000, rows=3, help_text="入园创业的想法和打算。")
    equipment = LongText(
        label="设施和设备", max_length=1000, rows=3, help_text="已有的主要设施、设备及数量。"
    )
    funding = LongText(label="工作经费", max_length=500, rows=2, help_text="经费来源和数额。")
    work_rules = LongText(label="工作制度", max_length=500, rows=2, help_text="已建立的管理制度名称。")
    planning = LongText(
        label="工作规划要点", max_length=1000, rows=3, help_text="与“规划”一节一致，概括即可。"
    )
    key_project = forms.BooleanField(label="参与国家、省、市重点技术攻关项目", required=False)
    key_project_note = LongText(
        label="重点攻关项目说明",
        max_length=500,
        rows=2,
        required=False,
        help_text="项目名称、下达部门、本工作室承担的内容。",
    )

    def clean(self):
        data = super().clean()
        for claim in data.get("claims", []):
            for name, words in CLAIM_ELEMENTS[claim].items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"已选条件{CLAIMS[claim][:3]}，请说明“{words}”。")
        if data.get("key_project") and not data.get("key_project_note"):
            self.add_error("key_project_note", "请说明参与的重点技术攻关项目。")
        return data


class ProjectForm(SectionForm):
    """One problem of a firm or school, or one training project [3.1.3]."""

    kind = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), ("problem", "技术工艺难题"), ("training", "培训项目")]
    )
    title = ShortText(label="名称", max_length=100)
    partner = ShortText(label="企业或职业院校", max_length=80)
    content = ShortText(label="内容", max_length=500)


def _leader_evidence(data) -> list[str]:
    level = data.get("leader_skill_level")
    return ["certificate"] if level and level.code != "NONE" else []


def _claim_evidence(data) -> list[str]:
    return list(data.get("claims", []))


SECTIONS = {
    s.name: s
    for s in (
        Section(
            "leader", "工作室与领衔人", LeaderForm, "A1",
            "印在申报表封面和第 1–5 行。",
            evidence=(Evidence("certificate", "职业资格（技能等级）证书", "证书扫描件。请不要上传身份证图片。"),),
            required_evidence=_leader_evidence,
        ),
        Section("unit", "所在单位", UnitForm, "3.2.1", "用于确定属地和专家回避，不印在申报表上。"),
        Section(
            "members", "工作室成员", MembersForm, "A1",
            "领衔人以外的成员，每人一行；只填年龄，不填身份证号码和手机。没有其他成员的可以不填。",
            rows={"members": RowTable(MemberForm, "成员")},
        ),
        Section("intro", "工作室简介", IntroForm, "A1", "超出表格的部分自动印在附页。"),
        Section("plan", "创业规划或工作目标", PlanForm, "A1", "超出表格的部分自动印在附页。",
            evidence=(Evidence("plan", "规划文本", "另有成文规划的可以上传。"),)),
        Section("profile", "领衔大师基本情况", ProfileForm, "A1", "超出表格的部分自动印在附页。",
            evidence=(Evidence("award", "获奖证书", "可以上传多份。"),)),
        Section(
            "conditions", "入驻条件与证明", ConditionsForm, "3.1",
            "初审按这里的各条逐项核对。",
            rows={"projects": RowTable(ProjectForm, "需解决的技术工艺难题或培训项目", 1, "请至少填写一个企业或职业院校需要解决的技术工艺难题或培训项目〔3.1.3〕。")},
            evidence=(
                Evidence("3.1.1a", "条件（1）绝技绝活", "认可文件、应用证明、效益证明等。"),
                Evidence("3.1.1b", "条件（2）发明革新", "专利证书、成果鉴定、推广证明等。"),
                Evidence("3.1.1c", "条件（3）传艺带徒", "师徒协议、徒弟证书和获奖证明等。"),
                Evidence("3.1.2", "设施设备、经费、制度", "照片、清单、制度文本等，可以不传。"),
                Evidence("3.1.3", "项目与难题", "合作协议、项目任务书等，可以不传。"),
            ),
            required_evidence=_claim_evidence,
        ),
    )
}  # fmt: skip
