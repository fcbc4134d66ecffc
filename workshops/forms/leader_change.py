"""What is typed when a studio loses its leader [5.4.2]: the report, the nomination, the findings, the decision."""

from django import forms
from django.utils import timezone

from park import attachments
from park.forms.fields import DayField, LongText, PlainForm, ShortText
from park.models import SkillLevel
from park.validators import person_name
from workshops.forms.person import birth_year_field, clean_birth_year
from workshops.forms.studio import StepForm, not_in_future
from workshops.models import LeaderChange, NominationGround, Person

CLAUSES = NominationGround.Clause
Verdict = NominationGround.Verdict


class ReportForm(PlainForm):
    reason_kind = forms.ChoiceField(
        label="离任原因", choices=LeaderChange.Reason.choices, widget=forms.RadioSelect
    )
    reason = LongText(label="情况说明", max_length=300, rows=3)
    left_on = DayField(label="离任日期", help_text="接替期限从这一天的次日起算。")

    def clean_left_on(self):
        return not_in_future(self.cleaned_data["left_on"], "离任日期")


class NominateForm(StepForm):
    """A member of the studio, or somebody new; the conditions that the person meets, each with its proof."""

    member = forms.ModelChoiceField(
        None,
        label="接替人",
        required=False,
        empty_label="室外人员（填写下面的姓名）",
        help_text="从室内成员中选择；新来的人员选“室外人员”。",
    )
    name = ShortText(label="姓名", max_length=30, required=False, help_text="选了室内成员的不用填。")
    birth_year = birth_year_field()
    occupation = ShortText(label="职业（工种）", max_length=60)
    skill_level = forms.ModelChoiceField(
        SkillLevel.objects.offered(), label="职业资格等级", required=False, empty_label="未填写"
    )
    unit_name = ShortText(label="所在单位", max_length=80)
    honours = ShortText(label="荣誉称号", max_length=300, required=False)
    achievements = LongText(label="主要业绩", max_length=1000, rows=5)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        members = Person.objects.filter(is_leader=False, left_on=None)
        # Without a record it is only asked whether the step has a form.
        self.fields["member"].queryset = (
            members.filter(studio=self.record.studio_id) if self.record else members.none()
        )
        self.fields["member"].label_from_instance = lambda person: (
            f"{person.name}（{person.occupation}）" if person.occupation else person.name
        )
        for n, clause in enumerate(CLAUSES, 1):
            self.fields[f"claim_{n}"] = forms.BooleanField(
                label=f"符合条件（{n}）", required=False, help_text=f"{clause.label}。"
            )
            self.fields[f"statement_{n}"] = LongText(
                label=f"条件（{n}）的具体情况", max_length=800, required=False, rows=3
            )
            self.fields[f"proof_{n}"] = attachments.UploadField(
                label=f"条件（{n}）的证明材料",
                required=False,
                help_text="PDF、JPG 或 PNG；多份请合成一份 PDF。",
            )

    def clean_birth_year(self):
        return clean_birth_year(self.cleaned_data["birth_year"])

    def clean(self):
        data = super().clean()
        if data.get("member"):
            data["name"] = data["member"].name
        else:
            self._clean_newcomer(data)
        data["claims"] = []
        for n, clause in enumerate(CLAUSES, 1):
            if not data.get(f"claim_{n}"):
                if data.get(f"statement_{n}") or data.get(f"proof_{n}"):
                    self.add_error(f"claim_{n}", f"填写了条件（{n}）的内容，请勾选“符合条件（{n}）”。")
                continue
            if not data.get(f"statement_{n}"):
                self.add_error(f"statement_{n}", f"请写明符合条件（{n}）的具体情况。")
            if not data.get(f"proof_{n}") and f"proof_{n}" not in self.errors:
                self.add_error(f"proof_{n}", f"请上传条件（{n}）的证明材料。")
            data["claims"].append(
                {"clause": clause, "statement": data.get(f"statement_{n}"), "proof": data.get(f"proof_{n}")}
            )
        if not data["claims"] and not any(f"claim_{n}" in self.errors for n in (1, 2, 3)):
            self.add_error("claim_1", "接替人应至少符合三项条件之一，请勾选并说明。")
        return data

    def _clean_newcomer(self, data):
        if "member" in self.errors:
            return
        try:
            data["name"] = person_name(data.get("name"))
        except forms.ValidationError as fault:
            self.add_error("name", fault)
            return
        if data["name"] == self.record.leaving.name:
            self.add_error("name", "接替人不能是离任的领衔人。")
        elif self.record.studio.persons.filter(name=data["name"], left_on=None).exists():
            self.add_error("name", f"{data['name']}已在人员名册中，请从室内成员中选择。")


class JudgeForm(StepForm):
    """A verdict with its reason for each condition that the nomination claims."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        nomination = self.record.nomination() if self.record else None
        self.grounds = list(nomination.grounds.all()) if nomination else []
        for ground in self.grounds:
            n = list(CLAUSES).index(ground.clause) + 1
            self.fields[f"verdict_{n}"] = forms.ChoiceField(
                label=f"条件（{n}）",
                choices=Verdict.choices,
                widget=forms.RadioSelect,
                help_text=f"{ground.get_clause_display()}。",
                error_messages={"required": f"请选择条件（{n}）的核对结论。"},
            )
            self.fields[f"reason_{n}"] = ShortText(
                label=f"条件（{n}）的理由",
                max_length=300,
                error_messages={"required": f"请写明条件（{n}）的理由。"},
            )
        self.fields["opinion"] = LongText(
            label="核对意见",
            max_length=1000,
            rows=4,
            help_text="报工作小组审核，印在审核意见上。",
            error_messages={"required": "请写明核对意见。"},
        )

    def clean(self):
        data = super().clean()
        data["verdicts"] = {
            ground.clause: (data.get(f"verdict_{n}"), data.get(f"reason_{n}"))
            for ground in self.grounds
            for n in [list(CLAUSES).index(ground.clause) + 1]
        }
        return data


class _MinutesForm(StepForm):
    minutes_no = ShortText(label="会议纪要文号", max_length=60)
    minutes_on = DayField(label="会议日期")

    def clean_minutes_on(self):
        return not_in_future(self.cleaned_data["minutes_on"], "会议日期")


class ApproveForm(_MinutesForm):
    effective_on = DayField(label="接任日期")
    reason = LongText(label="审核意见", max_length=500, rows=3, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].initial = timezone.localdate()

    def clean_effective_on(self):
        day = not_in_future(self.cleaned_data["effective_on"], "接任日期")
        if day < self.record.left_on:
            raise forms.ValidationError("接任日期不能早于原领衔人的离任日期。")
        return day


class DeclineForm(_MinutesForm):
    reason = LongText(label="不同意的理由", max_length=500, rows=3)
