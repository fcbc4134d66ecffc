"""A complete application, as a studio would type it, and the acts that bring it to a status."""

import functools
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications.actions import filling, recommending, reviewing
from applications.checklist import lines_for
from applications.models import Status
from applications.workflow import ADMISSION
from park import attachments
from park.validators import resident_check_digit
from tests.factories import UserFactory

ID_NUMBER = "321102197501011230"

TYPED = {
    "leader": {
        "studio_name": "陈青松焊工技能大师工作室",
        "leader_name": "陈青松",
        "leader_id_number": ID_NUMBER,
        "leader_gender": "1",
        "leader_birth_ym": "1975-01",
        "leader_ethnicity": "01",
        "leader_political_status": "01",
        "leader_post": "焊接班长",
        "leader_mobile": "13900001111",
        "leader_occupation": "焊工",
        "leader_skill_level": "L1",
        "leader_level_obtained_ym": "2010-06",
        "recognition_level": "",
        "recognition_no": "",
        "origin": "city",
    },
    "unit": {
        "unit_name": "镇江船舶设备有限公司",
        "unit_credit_code": "91110000600037341L",
        "unit_kind": "enterprise",
        "unit_district": "321102",
        "contact_name": "",
        "contact_mobile": "",
    },
    "members": {
        "members": [
            {
                "name": "王镕",
                "gender": "1",
                "age": "36",
                "education": "30",
                "occupation": "焊工",
                "skill_level": "L2",
                "skills": "氩弧焊",
                "achievements": "省技能竞赛二等奖",
            }
        ]
    },
    "intro": {
        "founded_on": "2015-09",
        "studio_intro": "工作室有焊接实训场地三百平方米，焊机二十台。",
        "studio_achievements": "近三年完成技术攻关六项，培训焊工二百人次。",
    },
    "plan": {"plan_or_goals": "入园两年内建成焊接工艺研发平台，每年培训一百人次。"},
    "profile": {
        "profile_resume": "1995年参加工作，一直从事船舶焊接。",
        "profile_skills": "厚板全位置焊接。",
        "profile_results": "完成大型舵叶焊接变形控制等项目。",
        "profile_awards": "江苏省技术能手。",
        "remarks": "",
    },
    "conditions": {
        "claims": ["3.1.1a"],
        "a_skill": "厚板免预热焊接法。",
        "a_recognition": "被省焊接学会列为推荐工艺。",
        "a_application": "用于舵系产品生产线改造。",
        "a_benefit": "每年节约成本一百二十万元。",
        "b_invention": "",
        "b_spread": "",
        "b_contribution": "",
        "c_skill": "",
        "c_teaching": "",
        "c_apprentices": "",
        "startup_intent": "入园后面向中小企业提供焊接工艺服务。",
        "equipment": "焊机二十台、探伤设备两套。",
        "funding": "单位每年拨付二十万元。",
        "work_rules": "已建立安全操作、设备管理等制度。",
        "planning": "两年内建成工艺研发平台。",
        "key_project": "",
        "key_project_note": "",
        "projects": [
            {
                "kind": "problem",
                "title": "大型舵叶焊接变形控制",
                "partner": "镇江船舶设备有限公司",
                "content": "降低变形量，减少矫正工时。",
            }
        ],
    },
}


def picture(text=b"") -> SimpleUploadedFile:
    """A small real image; different `text` gives a different picture."""
    out = io.BytesIO()
    Image.new("RGB", (80, 60), (200, len(text) * 20 % 255, 90)).save(out, "PNG")
    return SimpleUploadedFile("证书.png", out.getvalue(), content_type="image/png")


@functools.cache
def checked_picture(text: bytes) -> attachments.CheckedUpload:
    """The same picture, examined once per process: the examination is a process of its own."""
    return attachments.check(picture(text))


def fill(application, *, by, typed=None):
    """Type every section and put the evidence with it."""
    typed = typed or TYPED
    versions = {row.name: row.version for row in application.sections.all()}
    for name, raw in typed.items():
        filling.save_section(application, name, raw, version=versions.get(name, 0), by=by)
    for section, purpose in (("leader", "certificate"), ("conditions", "3.1.1a")):
        filling.add_file(application, section, purpose, checked_picture(purpose.encode()), by=by)
    return application


def recommend(application, *, by):
    """Print the copy for the stamp and take a scan back, confirmed by hand."""
    recommending.print_for_stamp(application, by=by)
    return recommending.receive_scan(
        application,
        checked_picture(b"stamp"),
        by=by,
        mode="employer",
        opinion="同意推荐。",
        reason="",
        same_copy=True,
    )


def draft(*, by=None, typed=None):
    by = by or UserFactory(roles=["applicant"])
    return fill(filling.start_application(by=by), by=by, typed=typed)


CONSENTS = {"truthful": True, "processing": True, "disclosure": True, "members_informed": True}


def submitted(*, by=None, typed=None):
    by = by or UserFactory(roles=["applicant"])
    application = draft(by=by, typed=typed)
    recommend(application, by=by)
    return ADMISSION.perform(application, "submit", by=by, data=CONSENTS)


def reviewed(application, *, by, verdict="met", except_for=()):
    """Give every line of the checklist a verdict."""
    submission = application.latest_submission()
    findings = {
        line.item: ("unmet", "材料不支持") if line.item in except_for else (verdict, "说明")
        for line in lines_for(submission.data)
    }
    reviewing.record_findings(application, findings, submission=submission, by=by)
    return application


def in_correction(*, by, officer, section="profile", typed=None):
    application = submitted(by=by, typed=typed)
    reviewing.add_correction_item(
        application, section=section, missing="请补充获奖年份。", clause="3.1.1", by=officer
    )
    return ADMISSION.perform(application, "request_correction", by=officer)


def person_number(n: int) -> str:
    """A valid identity number of another person, for another leader."""
    first17 = f"321102{1950 + n // 1000}0101{n % 1000:03}"
    return first17 + resident_check_digit(first17)


def typed_for(n: int = 0, **leader) -> dict:
    """The same form for another leader; `leader` overrides fields of that section."""
    number = person_number(n)
    changed = {"leader_id_number": number, "leader_gender": "", "leader_birth_ym": ""} | leader
    return TYPED | {"leader": TYPED["leader"] | changed}


# What the world of the tests holds; cases further down the road are made by tests/applications/road.py.
FIRST_STATUSES = (
    Status.DRAFT,
    Status.SUBMITTED,
    Status.CORRECTION,
    Status.SITE_VISIT,
    Status.REJECTED,
    Status.WITHDRAWN,
)


def one_in_each_status(people) -> dict[str, int]:
    """status -> key of a case of `people["owner"]`, with a collaborator and an officer who is one of the studio."""
    owner, office = people["owner"], people["office"]
    cases = {}
    for n, status in enumerate(FIRST_STATUSES):
        if status == Status.DRAFT:
            case = draft(by=owner, typed=typed_for(n))
        elif status == Status.CORRECTION:
            case = in_correction(by=owner, officer=office, typed=typed_for(n))
        else:
            case = submitted(by=owner, typed=typed_for(n))
        if status == Status.SITE_VISIT:
            case = ADMISSION.perform(
                reviewed(case, by=office), "pass_review", by=office, data={"opinion": "同意。"}
            )
        if status == Status.REJECTED:
            case = reviewed(case, by=office, except_for=["3.1.2.funding"])
            data = {"clause": "3.1.2", "reason": "没有工作经费。"}
            case = ADMISSION.perform(case, "reject", by=office, data=data)
        if status == Status.WITHDRAWN:
            case = ADMISSION.perform(case, "withdraw", by=owner)
        filling.add_collaborator(case, people["collaborator"], by=owner)
        filling.add_collaborator(case, people["officer_of_studio"], by=owner)
        assert case.status == status
        cases[status.value] = case.pk
    return cases
