"""What do applications hold about a person, when must it stay, and what goes when they leave? (PIPL 45, 47)"""

from applications.actions.filling import erase_unfiled
from applications.models import Application, Collaborator
from park.personal_data import Holding

REASON = "申报人注销账号"


def _export(user) -> list:
    """Every application the person may fill, as typed and as filed."""
    return [
        {
            "编号": application.number,
            "状态": application.status_for_studio,
            "建立时间": application.created_at.isoformat(),
            "填写内容": {section.name: section.data for section in application.sections.all()},
            "历次提交": [
                {"版本": filed.number, "时间": filed.submitted_at.isoformat(), "内容": filed.data}
                for filed in application.submissions.order_by("number")
            ],
            "附件": [file.stored.original_name for file in application.files.select_related("stored")],
        }
        for application in Application.objects.filter(collaborators__user=user).order_by("pk")
    ]


def _keeps(user) -> str:
    """What was filed is a record of the office [3.2.1] and stays its term."""
    if Application.objects.filter(applicant=user, submitted_at__isnull=False).exists():
        return (
            "您有已提交的申报，属于依法保存的办理记录，保存期内账号不能注销；不再使用的，可请管理办公室停用。"
        )
    return ""


def _erase(user):
    """Drafts that were never filed go with everything in them; a person leaves the drafts of others."""
    for application in Application.objects.filter(applicant=user, submitted_at=None):
        erase_unfiled(application, by=user, reason=REASON)
    Collaborator.objects.filter(user=user).delete()


HOLDING = Holding("入驻申报", _export, keeps=_keeps, erase=_erase)
