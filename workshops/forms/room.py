"""What is typed about rooms: the register, who gets which, when it comes back [5.3]."""

from django import forms

from park.forms.fields import DayField, PlainForm, ShortText
from workshops.models import Room


class RoomForm(PlainForm):
    building = ShortText(label="楼栋", max_length=30)
    floor = forms.IntegerField(label="楼层", min_value=-3, max_value=60, help_text="地下一层填 -1。")
    number = ShortText(label="房号", max_length=20)
    area = forms.DecimalField(label="建筑面积（平方米）", min_value=0.01, max_digits=7, decimal_places=2)
    order = forms.IntegerField(
        label="在平面图上的顺序",
        min_value=0,
        max_value=999,
        required=False,
        help_text="同一楼层从小到大排列。",
    )
    note = ShortText(label="说明", max_length=200, required=False)
    is_active = forms.BooleanField(label="可供安排", required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_order(self):
        return self.cleaned_data["order"] or 0


class RoomField(forms.ModelChoiceField):
    """A free room with its floor and area."""

    def __init__(self, **kwargs):
        super().__init__(Room.objects.none(), label="房间", empty_label="请选择", **kwargs)

    def label_from_instance(self, room):
        return f"{room}（{room.floor}层，{room.area}平方米）"


class AssignForm(PlainForm):
    room = RoomField()
    since = DayField(label="交付日期")

    def __init__(self, *args, rooms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms
        self.fields["room"].error_messages["invalid_choice"] = "所选房间已不空闲，请重新选择。"


class SwapForm(AssignForm):
    field_order = ["room", "since"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].label = "换到的房间"
        self.fields["since"].label = "调换日期"
        self.fields["since"].help_text = "新房间这一天交付，原房间这一天交还，各有一份交接清单。"


class HandBackForm(PlainForm):
    day = DayField(label="交还日期")
