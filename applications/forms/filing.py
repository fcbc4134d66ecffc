"""Forms of the steps and of the recommendation."""

from django import forms

from applications.forms.base import SectionForm
from applications.models import CorrectionItem, RecommendationMode, Verdict
from park import attachments, rules, validators
from park.forms.fields import ShortText
from park.tables import QuickSelect
from park.templatetags.ui import clause_name


class StepForm(forms.Form):
    """Base of the forms that go with a step of the procedure."""

    def __init__(self, *args, record=None, **kwargs):
        self.record = record
        super().__init__(*args, label_suffix="", **kwargs)


class ReasonForm(StepForm):
    """A step that only has to say why."""

    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因。"},
    )


def _tick(label, refusal):
    return forms.BooleanField(label=label, error_messages={"required": refusal})


class SubmitForm(StepForm):
    """Filing [3.2.1]: truth of the material and the separate consents (PIPL 25, 29)."""

    truthful = _tick("本人承诺所填内容和所附材料真实、准确、完整。", "请确认材料真实。")
    processing = _tick(
        "同意园区处理领衔人的身份证号码、手机和政治面貌，用于入驻申报和资格审核。",
        "不同意处理上述信息的，无法在线申报。",
    )
    disclosure = _tick(
        "同意在公示和入驻名单中公开领衔人姓名、单位、职业（工种）。", "入驻名单须公示，请确认是否同意公开。"
    )
    members_informed = _tick("已把个人信息的用途告知工作室全体成员。", "请先告知工作室成员。")


class ResubmitForm(StepForm):
    truthful = _tick("本人承诺补正后的内容和材料真实、准确、完整。", "请确认材料真实。")


class WithdrawForm(StepForm):
    reason = ShortText(
        label="撤回原因", max_length=200, required=False, help_text="可不填。撤回后可以重新申报。"
    )


class PassForm(StepForm):
    opinion = forms.CharField(
        label="初审意见",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        initial="经初审，申报材料齐全，符合入驻条件，建议进入现场考察。",
        error_messages={"required": "请写明初审意见。"},
    )


class RejectForm(StepForm):
    clause = forms.ChoiceField(
        label="依据条款",
        choices=[
            ("", "请选择"),
            ("3.1.1", "三（一）1 领衔人不具备（1）（2）（3）任何一项条件"),
            ("3.1.2", "三（一）2 创业意愿和技术设备保障"),
            ("3.1.3", "三（一）3 工作规划和科研项目"),
            ("3.2.1", "三（二）1 申报材料不符合要求"),
        ],
        error_messages={"required": "请选择依据的条款。", "invalid_choice": "请从列表中选择条款。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写给申报人看：哪一点不符合，依据什么材料。",
        error_messages={"required": "请写明理由。"},
    )


CORRECTION_CLAUSES = ("3.1.1", "3.1.1a", "3.1.1b", "3.1.1c", "3.1.2", "3.1.3", "3.2.1", "A1")


class CorrectionItemForm(forms.ModelForm):
    """One thing that is missing, for the 一次性告知书."""

    class Meta:
        model = CorrectionItem
        fields = ["section", "missing", "clause"]

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["section"] = forms.ChoiceField(
            label="涉及部分",
            choices=[("", "请选择"), *sections],
            error_messages={"required": "请选择涉及的部分。"},
        )
        self.fields["missing"].widget = forms.Textarea(attrs={"rows": 3})
        self.fields["missing"].error_messages["required"] = "请写明缺什么、要补什么。"
        self.fields["clause"] = forms.ChoiceField(
            label="依据",
            required=False,
            choices=[("", "不注明"), *((code, clause_name(code)) for code in CORRECTION_CLAUSES)],
            error_messages={"invalid_choice": "请从列表中选择依据。"},
        )


class ReviewLineForm(forms.Form):
    verdict = forms.ChoiceField(label="结论", choices=[("", "未审"), *Verdict.choices], required=False)
    note = ShortText(label="说明", max_length=500, required=False)

    def clean(self):
        data = super().clean()
        if data.get("verdict") in (Verdict.UNMET, Verdict.UNCLEAR) and not data.get("note"):
            self.add_error("note", "结论不是“符合”的，请写明说明。")
        return data


class NoteForm(forms.Form):
    text = forms.CharField(
        label="内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写内容。"},
    )


class RevealForm(forms.Form):
    """Why somebody needs to see an identity number or mobile in full (L5, L11)."""

    reason = ShortText(
        label="查看理由", max_length=200, error_messages={"required": "请写明查看理由，查看会记入审计日志。"}
    )


class RecommendationForm(SectionForm):
    """Box 10 of [A1] on stamped paper: who recommends, what they say, the scan."""

    mode = forms.ChoiceField(label="推荐主体", choices=RecommendationMode.choices)
    opinion = forms.CharField(
        label="推荐意见",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="与纸面上所写一致，如“同意推荐”。",
    )
    reason = forms.CharField(
        label="替代说明",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不是由所在单位推荐的，请说明原因，例如“自由职业，无工作单位”。",
    )
    scan = attachments.UploadField(
        label="盖章扫描件", read_qr=True, help_text="用印稿盖章后的扫描件或照片，PDF、JPG 或 PNG。"
    )
    same_copy = forms.BooleanField(
        label="已核对：扫描件就是本系统打印的最新用印稿",
        required=False,
        help_text="二维码无法识别时须人工确认。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = {RecommendationMode.EMPLOYER, *rules.get("unit_recommendation_modes")}
        self.fields["mode"].choices = [c for c in RecommendationMode.choices if c[0] in allowed]

    def clean(self):
        data = super().clean()
        if data.get("mode") not in (None, RecommendationMode.EMPLOYER) and not data.get("reason"):
            self.add_error("reason", "不是由所在单位推荐的，请说明原因。")
        return data


class UnitConfirmForm(SectionForm):
    """What the unit fills in behind its one-time link."""

    opinion = forms.CharField(label="推荐意见", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    signer_name = ShortText(label="经办人姓名", max_length=30)
    signer_post = ShortText(label="经办人职务", max_length=40)
    scan = attachments.UploadField(
        label="盖章扫描件",
        read_qr=True,
        help_text="在用印稿“领衔人所在单位推荐意见”一栏盖章后扫描或拍照上传。",
    )
    authorised = _tick("我代表本单位确认上述推荐意见。", "请确认您代表本单位。")

    def clean_signer_name(self):
        return validators.person_name(self.cleaned_data["signer_name"])


class CollaboratorForm(forms.Form):
    username = ShortText(
        label="同事的登录名",
        max_length=30,
        help_text="对方须先在本系统注册。",
        error_messages={"required": "请填登录名。"},
    )
    real_name = ShortText(
        label="同事的姓名",
        max_length=40,
        help_text="与对方注册的姓名一致才能邀请。",
        error_messages={"required": "请填姓名。"},
    )


class AssignForm(forms.Form):
    """`officers` are who may be chosen; `choices` spares the query where the form is only shown."""

    officer = forms.ModelChoiceField(
        None, label="经办人", error_messages={"required": "请选择经办人。"}, widget=QuickSelect
    )

    def __init__(self, *args, officers, choices=(), **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["officer"].queryset, self.fields["officer"].empty_label = officers, "请选择"
        if choices:
            self.fields["officer"].choices = [("", "请选择"), *choices]
