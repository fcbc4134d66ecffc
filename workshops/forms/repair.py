"""Forms of a repair [5.3]."""

from decimal import Decimal

from django import forms
from django.utils import timezone

from park import attachments
from park.attachments import IMAGE
from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.forms.steps import StepForm
from workshops.models import Occupancy, RepairTicket, Room


def picture(label="拍照", *, camera=True, required=False):
    """A photo of the place: straight from the camera of the phone, or from its album."""
    return attachments.UploadField(
        label=label,
        kinds=IMAGE,
        required=required,
        widget=forms.FileInput(attrs={"capture": "environment"} if camera else {}),
        help_text="拍摄地点等信息会自动去除。",
    )


class Yuan(forms.DecimalField):
    """An amount typed in yuan; the value is fen."""

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {})
        kwargs["error_messages"] |= {
            "invalid": "金额请填数字，例如 120.50。",
            "min_value": "金额不能小于 0。",
            "max_decimal_places": "金额最多两位小数。",
            "max_digits": "金额过大，请核对。",
        }
        super().__init__(
            min_value=0,
            max_digits=11,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            **kwargs,
        )

    def clean(self, value):
        amount = super().clean(value)
        return None if amount is None else int(amount * Decimal(100))


class ReportForm(PlainForm):
    """What is broken and where; rooms of the studio are offered, elsewhere is described."""

    room = forms.ModelChoiceField(Room.objects.none(), label="房间", required=False, empty_label="其他地点")
    place = ShortText(
        label="具体位置",
        max_length=80,
        required=False,
        help_text="例如：北侧窗户、二楼公共卫生间。没有选房间的必填。",
    )
    problem = LongText(label="故障情况", max_length=500, rows=4)
    urgency = forms.ChoiceField(
        label="紧急程度", choices=RepairTicket.Urgency.choices, initial="normal", widget=forms.RadioSelect,
        help_text="漏水、断电等影响安全或正常工作的选“紧急”，当天受理。",
    )  # fmt: skip
    photo = picture()
    photo_more = picture("从相册选择", camera=False)

    def __init__(self, *args, studio=None, **kwargs):
        super().__init__(*args, **kwargs)
        rooms = Room.objects.filter(is_active=True)
        if studio is not None:
            held = Occupancy.objects.filter(residency__studio=studio, until=None)
            rooms = rooms.filter(pk__in=held.values("room"))
        self.fields["room"].queryset = rooms

    def clean(self):
        data = super().clean()
        if not data.get("room") and not data.get("place") and "place" not in self.errors:
            self.add_error("place", "请选择房间或填写具体位置。")
        return data


class AcceptForm(StepForm):
    finish_by = DayField(label="约定完成日期", required=False, help_text="不填的按本园设定的维修期限。")
    reason = LongText(label="处理安排", max_length=300, rows=3, required=False)

    def clean_finish_by(self):
        day = self.cleaned_data["finish_by"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("约定完成日期不能早于今天。")
        return day


class DoneForm(StepForm):
    reason = LongText(label="维修结果", max_length=500, rows=4)
    cost = Yuan(label="费用（元）", required=False, help_text="没有费用的不填。")
    photo = picture("维修后照片")


class AgainForm(StepForm):
    reason = LongText(label="仍然存在的问题", max_length=300, rows=3)
    photo = picture()


class RepairFilter(PlainForm):
    q = ShortText(label="搜索", max_length=60, required=False)
