"""What is typed to prepare a session of the panel: day and place, agenda, seats, answers, recusals."""

from django import forms

from applications.forms.base import SectionForm
from applications.models import Application, Conflict, Expert, Means, PanelSession
from park import rules
from park.forms.fields import DayField, Several, ShortText
from park.models import CraftField


class PanelForm(SectionForm):
    """A session: when, where, how many seats, who is needed."""

    title = ShortText(label="会议名称", max_length=60)
    meets_on = DayField(
        label="会议日期",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "会议日期请按 2026-03-05 这样填写。"},
    )
    meets_at = forms.TimeField(
        label="开始时间",
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "开始时间请按 09:30 这样填写。"},
    )
    place = ShortText(label="会议地点", max_length=120)
    seats_wanted = forms.TypedChoiceField(label="专家组人数", coerce=int)
    fields_ = Several(
        CraftField.objects.offered(),
        label="所需专业领域",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="随机抽取时，只抽取至少有一个相同领域的专家；不选则不限领域。",
    )
    means = forms.ChoiceField(
        label="投票手段",
        choices=Means.choices,
        widget=forms.RadioSelect,
        help_text="选纸质选票的，由两名工作人员分别清点登记。记名投票只能在线进行。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        least = rules.get("panel_min_seats")
        least += 1 - least % 2
        self.fields["seats_wanted"].choices = [(n, f"{n} 人") for n in range(least, 36, 2)]
        self.fields["seats_wanted"].help_text = f"单数，不少于 {least} 人（本园设定）。"

    @classmethod
    def of(cls, session: PanelSession, data=None):
        """The form of a session that exists, filled with what it says now."""
        initial = {
            name: getattr(session, name)
            for name in ("title", "meets_on", "meets_at", "place", "seats_wanted", "means")
        }
        return cls(data, initial=initial | {"fields_": session.fields.all()})


class AgendaForm(SectionForm):
    """Cases to put on the agenda; `offered` are those that wait for a panel."""

    cases = Several(
        Application.objects.none(),
        label="等待评议的申报",
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_pk_value": "所选的申报已不在等待评议之列，请重新勾选。",
        },
    )

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = offered
        self.fields["cases"].label_from_instance = lambda case: (
            f"{case.number}　{case.studio_name}　{case.leader_name}　{case.occupation}"
        )


class ReasonedForm(SectionForm):
    """An act that must say why."""

    reason = ShortText(label="理由", max_length=200, error_messages={"required": "请写明理由。"})


class SeatForm(ReasonedForm):
    """An expert invited by hand instead of by lot."""

    expert = forms.ModelChoiceField(
        None,
        label="专家",
        to_field_name="key",
        empty_label="请选择",
    )
    field_order = ["expert", "reason"]

    def __init__(self, *args, offered=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = Expert.objects.none() if offered is None else offered
        self.fields["reason"].label = "指定理由"
        self.fields["reason"].help_text = "为什么不随机抽取，如“本职业在库专家只有一位”。"


class AnswerForm(SectionForm):
    """Coming or not; the office notes what it was told on the telephone."""

    answer = forms.ChoiceField(
        label="能否参加",
        choices=[("accepted", "能参加"), ("declined", "不能参加")],
        widget=forms.RadioSelect,
    )
    note = ShortText(label="说明", max_length=200, required=False)


class ConflictForm(SectionForm):
    """A reason why one expert should step aside from one case."""

    item = forms.ModelChoiceField(
        None,
        label="评议事项",
        to_field_name="key",
        empty_label="请选择",
    )
    seat = forms.ModelChoiceField(
        None,
        label="专家",
        empty_label="请选择",
    )
    basis = forms.ChoiceField(
        label="情形",
        choices=[
            (Conflict.Basis.REPORTED, "他人提出（待管理办公室确认）"),
            (Conflict.Basis.DECLARED, "专家本人声明（立即生效）"),
        ],
    )
    detail = ShortText(
        label="说明", max_length=200, help_text="写明关系，如“曾同在一个班组工作”。不写身份证号码和电话。",
        error_messages={"required": "请说明应当回避的情形。"},
    )  # fmt: skip

    def __init__(self, *args, items, seats, officer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset, self.fields["seat"].queryset = items, seats
        self.fields["item"].label_from_instance = lambda item: (
            f"第{item.order}项　{item.application.studio_name}"
        )
        self.fields["seat"].label_from_instance = lambda seat: seat.expert.name
        if not officer:
            del self.fields["basis"]


class DeclarationForm(SectionForm):
    """回避声明 by the expert."""

    detail = ShortText(
        label="应当回避的情形", max_length=200, help_text="如“领衔人是本人的徒弟”。声明后立即生效，本项材料不再向您开放。",
        error_messages={"required": "请说明应当回避的情形。"},
    )  # fmt: skip
