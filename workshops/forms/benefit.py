"""What is typed about a benefit [4]: the request, the opinion, the decision, how it was carried out."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from park import attachments
from park.forms.fields import DayField, LongText, MoneyField, ShortText
from park.money import yuan
from workshops.charges.benefit import amount_of
from workshops.forms.studio import StepForm, not_in_future
from workshops.models import Benefit, BenefitFile, BenefitKind, LedgerRecord, PolicyAmount
from workshops.permissions.benefit import group_decides
from workshops.ranking import ranks_of

Proof = BenefitFile.Proof
TARGETS = {
    "priority_appointment": ("拟受聘的单位或承担的任务", "例如 镇江技师学院数控专业兼职教师。"),
    "priority_nomination": ("拟参评的项目", "例如 江苏省技能大师工作室。"),
}
YEARS = (2015, 2100)


def this_year() -> int:
    return timezone.localdate().year


class AskForm(StepForm):
    """What the studio asks for, with its reasons and its proof. Without proof it may be kept as a draft of the office."""

    proven = True

    form = forms.ChoiceField(label="具体事项", widget=forms.RadioSelect)
    year = forms.IntegerField(
        label="年度",
        min_value=YEARS[0],
        max_value=YEARS[1],
        error_messages={"invalid": "“年度”请填四位年份，例如 2026。"},
    )
    target = ShortText(label="申请对象", max_length=120)
    milestone = forms.ModelChoiceField(
        LedgerRecord.objects.none(),
        label="依据的台账记录",
        empty_label="请选择",
        help_text="台账“升级为技能创业”中已核验的记录；企业名称、统一社会信用代码和营业执照取自这条记录。",
        error_messages={
            "required": "请选择依据的台账记录；还没有的，请先在台账“升级为技能创业”中登记，附营业执照提交核验。",
            "invalid_choice": "这条记录现在不是已核验的，请重新选择。",
        },
    )
    statement = LongText(
        label="申请理由", max_length=2000, rows=6, help_text="写明符合政策的情况和主要业绩。"
    )
    proof_1 = attachments.UploadField(
        label="其他证明材料", required=False, help_text="PDF、JPG 或 PNG；多份请合成一份 PDF。"
    )
    proof_2 = attachments.UploadField(label="其他证明材料（二）", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Without a record it is only asked whether the step has a form.
        record = self.record or Benefit(kind=BenefitKind.STARTUP_SUBSIDY)
        kind = record.kind_of
        self.fields["form"].choices = kind.forms
        self.fields["form"].initial = record.form or (kind.forms[0][0] if len(kind.forms) == 1 else None)
        self.fields["year"].initial = record.year or this_year()
        for name in ("target", "milestone", "statement"):
            self.fields[name].initial = getattr(record, name)
        if kind in TARGETS:
            self.fields["target"].label, self.fields["target"].help_text = TARGETS[kind]
            self.fields["target"].error_messages["required"] = f"请填写“{TARGETS[kind][0]}”。"
        else:
            del self.fields["target"]
        if kind == BenefitKind.STARTUP_SUBSIDY:
            self._offer_milestones(record)
        else:
            del self.fields["milestone"]
        if not self.proven:
            for name in ("proof_1", "proof_2"):
                self.fields.pop(name, None)
        known = set(record.files.values_list("proof", flat=True)) if record.pk else set()
        self._ask_for(
            "proof_1", kind == BenefitKind.PERFORMANCE_AWARD and not known, "请上传业绩的证明材料。"
        )

    def _ask_for(self, name, needed, sentence):
        """Proof is needed once; what is there stays when the request comes back."""
        if name in self.fields:
            self.fields[name].required = needed
            self.fields[name].error_messages["required"] = sentence

    def _offer_milestones(self, record):
        field, rows = self.fields["milestone"], LedgerRecord.objects.milestones()
        field.queryset = rows.filter(studio=record.studio_id).order_by("-happened_on", "-pk")
        field.label_from_instance = milestone_label
        known = list(field.queryset[:2])
        if record.milestone_id is None and len(known) == 1:
            field.initial = known[0].pk

    def clean(self):
        data = super().clean()
        data["uploads"] = [(Proof.OTHER, data[name]) for name in ("proof_1", "proof_2") if data.get(name)]
        return data


def milestone_label(record) -> str:
    """A milestone as it is chosen."""
    return (
        f"{record.title}（{record.certificate_no}，{record.happened_on:%Y-%m-%d} 登记注册，{record.number}）"
    )


class ProposeForm(AskForm):
    """What the office enters as due to a studio; the studio adds the proof."""

    proven = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "milestone" in self.fields:
            self.fields["milestone"].required = False


class ReviewForm(StepForm):
    """The opinion of the office, what it comes to by the policy, the place in the order."""

    amount = forms.ModelChoiceField(
        None, label="执行标准", required=False, empty_label="不按标准（另填金额和理由）",
        help_text="来自政策库中现行有效的政策。",
    )  # fmt: skip
    quantity = forms.IntegerField(
        label="数量",
        required=False,
        min_value=1,
        max_value=9999,
        initial=1,
        help_text="按标准的计量单位填写。",
    )
    override = MoneyField(
        label="调整后金额（元）", required=False, help_text="不填的，按标准×数量计算，不超过封顶。"
    )
    override_reason = LongText(label="调整金额的理由", max_length=300, rows=2, required=False)
    rank = forms.IntegerField(
        label="择优排序", min_value=1, max_value=999, help_text="同一年度、同一事项中的名次，1 为最优先。"
    )
    rank_basis = ShortText(label="排序依据", max_length=300, help_text="例如 2025 年度绩效评估得分 168 分。")
    opinion = LongText(label="审核意见", max_length=1000, rows=4, help_text="印在审核决定上。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        record = self.record or Benefit(kind=BenefitKind.STARTUP_SUBSIDY)
        if record.kind_of.is_money:
            field = self.fields["amount"]
            field.queryset = PolicyAmount.objects.offered(record.clause, timezone.localdate())
            field.label_from_instance = amount_label
        else:
            for name in ("amount", "quantity", "override", "override_reason"):
                del self.fields[name]
        if record.kind != BenefitKind.PRIORITY_NOMINATION:
            del self.fields["rank"], self.fields["rank_basis"]
        elif rank := ranks_of([record.studio_id], record.year).get(record.studio_id):
            self.fields["rank"].initial, self.fields["rank_basis"].initial = rank.place, rank.basis

    def clean(self):
        data = super().clean()
        if "amount" not in self.fields or self.errors:
            return data
        row, quantity, other = data["amount"], data["quantity"] or 1, data["override"]
        data["quantity"] = quantity if row else None
        by_policy = amount_of(row.amount_fen, quantity, row.cap_fen) if row else None
        if by_policy is None and other is None:
            self.add_error("amount", "请选择执行标准；政策库中没有适用标准的，请填写金额和理由。")
        elif other is not None and other != by_policy and not data["override_reason"]:
            self.add_error("override_reason", "金额与标准计算的不同，请写明理由。")
        data["amount_fen"] = by_policy if other is None else other
        if data["amount_fen"] == by_policy:
            data["override_reason"] = ""
        return data


def amount_label(row) -> str:
    """A line of a policy as it is chosen."""

    cap = f"，封顶 {yuan(row.cap_fen)} 元" if row.cap_fen else ""
    return f"{row.item}：{yuan(row.amount_fen)} 元/{row.get_unit_display()}{cap}（{row.policy.document_no}）"


class _DecisionForm(StepForm):
    minutes_no = ShortText(label="会议纪要文号", max_length=60, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.record is not None and group_decides(self.record):
            self.fields["minutes_no"].required = True
        else:
            del self.fields["minutes_no"]


class GrantForm(_DecisionForm):
    reason = LongText(label="决定意见", max_length=500, rows=3, required=False)


class DeclineForm(_DecisionForm):
    clause = forms.ChoiceField(label="依据条款", widget=forms.RadioSelect)
    reason = LongText(label="不同意的理由", max_length=500, rows=3)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.record is not None:
            own = (
                self.record.clause,
                f"四（{'二三四五'[int(self.record.clause[-1]) - 2]}）{self.record.get_kind_display()}",
            )
            self.fields["clause"].choices = [
                own, ("2", "二、主要职责"), ("5.3", "五（三）日常运行管理"), ("5.4", "五（四）取消入驻资格的情形"),
            ]  # fmt: skip
            self.fields["clause"].initial = own[0]


class _DeliveryForm(StepForm):
    on = DayField(label="日期")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self):
        day = not_in_future(self.cleaned_data["on"], self.fields["on"].label)
        if self.record is not None and day < timezone.localdate(self.record.decided_at):
            raise ValidationError("日期不能早于作出决定的日期。")
        return day


class PayForm(_DeliveryForm):
    on = DayField(label="拨付日期")
    reference = ShortText(label="拨付凭证号", max_length=60)
    proof = attachments.UploadField(label="拨付凭证", required=False, help_text="PDF、JPG 或 PNG。")


class AppointForm(_DeliveryForm):
    on = DayField(label="受聘日期")
    until = DayField(label="聘期至", required=False, help_text="没有期限的不填。")
    organ = ShortText(label="聘任单位", max_length=80)
    reference = ShortText(label="聘任文号或聘书编号", max_length=60)
    proof = attachments.UploadField(label="聘书或聘任文件", required=False, help_text="PDF、JPG 或 PNG。")

    def clean(self):
        data = super().clean()
        if data.get("until") and data.get("on") and data["until"] < data["on"]:
            self.add_error("until", "聘期不能早于受聘日期结束。")
        return data


class NominateForm(_DeliveryForm):
    on = DayField(label="推荐日期")
    organ = ShortText(label="推荐至", max_length=80, help_text="组织评选的单位。")
    reference = ShortText(label="推荐文号", max_length=60)
    proof = attachments.UploadField(label="推荐文件", required=False, help_text="PDF、JPG 或 PNG。")


class ResultForm(StepForm):
    result = forms.ChoiceField(label="评选结果", choices=Benefit.Result.choices, widget=forms.RadioSelect)
    result_on = DayField(label="结果公布日期")
    result_no = ShortText(label="结果文号", max_length=60, required=False, help_text="入选的应填写。")

    def clean_result_on(self):
        day = not_in_future(self.cleaned_data["result_on"], "结果公布日期")
        if self.record is not None and day < self.record.delivery.on:
            raise ValidationError("结果日期不能早于推荐日期。")
        return day

    def clean(self):
        data = super().clean()
        if data.get("result") == Benefit.Result.WON and not data.get("result_no"):
            self.add_error("result_no", "入选的，请填写结果文号。")
        return data
