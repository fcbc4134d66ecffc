"""What is typed to draft an agreement, and the scan that comes back signed [4.1][5.3]."""

from django import forms

from park import attachments
from park.forms.fields import DayField, LongText, PlainForm, ShortText


class AgreementForm(PlainForm):
    """The first agreement has a start and perhaps a waiver; a supplement has a ground instead."""

    term_starts_on = DayField(label="协议期起", help_text="默认为房间交付日期。")
    term_months = forms.IntegerField(
        label="协议期限（月）", min_value=1, max_value=120, help_text="默认按本园设定；协议期止由此算出。"
    )
    with_waiver = forms.BooleanField(
        label="免交房租24个月（四（一））",
        required=False,
        help_text="对同一领衔人、同一工作室只有一次；届满日由系统按满24个月算出。",
    )
    rent_free_from = DayField(label="免租起", required=False, help_text="默认为房间交付日期。")
    namesake_reason = ShortText(
        label="同名领衔人不是同一人的说明",
        max_length=200,
        required=False,
        help_text="只在系统提示同名领衔人已享受过免租、而确为另一人时填写。",
    )
    no_room_reason = ShortText(
        label="不安排房间的说明", max_length=200, required=False, help_text="已安排房间的不填。"
    )
    ground = LongText(
        label="续期依据",
        max_length=300,
        rows=2,
        help_text="例如：2026年度绩效评估合格。续期不再重新计算免租期。",
    )
    extra = LongText(
        label="其他约定", max_length=1000, rows=4, required=False, help_text="印在协议最后一条之前。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, is_first, may_waive=True, **kwargs):
        super().__init__(*args, **kwargs)
        drop = ["ground"] if is_first else ["term_starts_on", "no_room_reason"]
        if not is_first or not may_waive:
            drop += ["with_waiver", "rent_free_from", "namesake_reason"]
        for name in drop:
            del self.fields[name]

    def clean(self):
        data = super().clean()
        if data.get("with_waiver") and not data.get("rent_free_from") and "rent_free_from" not in self.errors:
            self.add_error("rent_free_from", "请填写免租起。")
        return data

    def given(self) -> dict:
        """The arguments of `actions.agreeing.prepare_agreement`."""
        data = dict(self.cleaned_data)
        if not data.pop("with_waiver", False):
            data.pop("rent_free_from", None)
        return data


class SignedScanForm(PlainForm):
    """A paper that came back signed; its QR code says which one it is."""

    scan = attachments.UploadField(
        label="签字后的扫描件",
        read_qr=True,
        help_text="双方签字（盖章）后的扫描件或照片，PDF、JPG 或 PNG。请连同页脚的二维码一起扫描。",
    )
    same_copy = forms.BooleanField(
        label="已核对：扫描件就是本系统出具的这一份", required=False, help_text="二维码无法识别时须人工确认。"
    )


def _seen(label, refusal):
    return forms.BooleanField(label=label, error_messages={"required": refusal})


class CheckForm(PlainForm):
    """What the office has looked at on the scan."""

    office_signed = _seen("管理办公室已盖章并签字", "请确认甲方已盖章签字；没有的，请退回。")
    studio_signed = _seen("领衔人已签字", "请确认乙方领衔人已签字；没有的，请退回。")
    complete = _seen("页面齐全，内容没有涂改", "请确认页面齐全、没有涂改；有问题的，请退回。")
