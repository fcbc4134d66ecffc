"""What the office types to find what is held about somebody who asks (PIPL 45)."""

from park.forms.fields import PlainForm, ShortText
from park.personal_data import Subject


class SubjectForm(PlainForm):
    name = ShortText(label="姓名", max_length=30)
    unit_name = ShortText(
        label="单位", max_length=80, required=False, help_text="同名的人用它区分；须与登记的一致。"
    )
    number = ShortText(label="证书编号或手机", max_length=60, required=False)
    reason = ShortText(
        label="申请事由", max_length=200, help_text="例如：本人书面申请查阅，已核对身份证件。记入操作记录。"
    )

    @property
    def subject(self) -> Subject:
        data = self.cleaned_data
        return Subject(data["name"], data["unit_name"], data["number"])

    @property
    def initials(self) -> str:
        """Whom the trail says it was about: the first character alone."""
        return f"{self.cleaned_data['name'][:1]}**"
