"""What is typed into the library of policies [4][T7]."""

from django import forms

from park import attachments
from park.forms.fields import DayField, LongText, MoneyField, PlainForm, ShortText
from workshops.models import Policy, PolicyAmount

FACTS = (
    "title", "document_no", "issuing_organ", "issued_on", "valid_from", "valid_until", "kind", "clause", "summary",
)  # fmt: skip


class PolicyForm(PlainForm):
    title = ShortText(label="政策名称", max_length=120, help_text="不加书名号。")
    document_no = ShortText(label="文号", max_length=60, help_text="例如 苏人社发〔2012〕88号。")
    issuing_organ = ShortText(label="发文机关", max_length=80)
    kind = forms.ChoiceField(label="种类", choices=Policy.Kind.choices)
    clause = forms.ChoiceField(
        label="对应条款",
        choices=Policy.Clause.choices,
        required=False,
        help_text="金额标准按条款供审核时选用。",
    )
    issued_on = DayField(label="发文日期", required=False)
    valid_from = DayField(label="施行日期", required=False)
    valid_until = DayField(label="有效期至", required=False, help_text="文件没有写明的不填；失效后填写。")
    summary = LongText(label="内容摘要", max_length=2000, rows=5, required=False)
    file = attachments.UploadField(
        label="文件", kinds=attachments.PDF, required=False, help_text="PDF；再次上传的取代原来的。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def clean(self):
        data = super().clean()
        if data.get("valid_from") and data.get("valid_until") and data["valid_until"] < data["valid_from"]:
            self.add_error("valid_until", "有效期不能早于施行日期结束。")
        return data


def facts_of(data: dict) -> dict:
    return {name: data[name] for name in FACTS}


class AmountForm(PlainForm):
    """A line of the amount table; yuan are typed, fen are kept."""

    item = ShortText(label="项目", max_length=60)
    amount_fen = MoneyField(label="标准（元）")
    unit = forms.ChoiceField(label="计量单位", choices=PolicyAmount.Unit.choices)
    cap_fen = MoneyField(label="封顶（元）", required=False, help_text="没有封顶的不填。")
    condition = ShortText(label="条件", max_length=300, required=False)

    def clean(self):
        data = super().clean()
        if data.get("cap_fen") and data.get("amount_fen") and data["cap_fen"] < data["amount_fen"]:
            self.add_error("cap_fen", "封顶不能少于一个单位的标准。")
        return data
