"""What is typed about cards [5.2][A2]: opening a year, answers, judgements, grades, and their steps."""

from django import forms

from park import attachments
from park.forms.fields import LongText, PlainForm, ShortText
from park.forms.steps import StepForm
from park.points import shown

NO_CHOICE = {"invalid_choice": "请从所列选项中选择。"}


class PointsInput(forms.DecimalField):
    """So many points, with at most one decimal place."""

    def __init__(self, *, label, maximum=None, **kwargs):
        kwargs.setdefault(
            "widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "size": 5})
        )
        super().__init__(
            label=label, min_value=0, max_value=maximum, max_digits=4, decimal_places=1, **kwargs
        )
        wrong = (
            "请填0" + (f"至{shown(maximum)}" if maximum is not None else "以上") + "的数字，最多一位小数。"
        )
        for code in (
            "invalid",
            "max_value",
            "min_value",
            "max_digits",
            "max_decimal_places",
            "max_whole_digits",
        ):
            self.error_messages[code] = f"“{label}”{wrong}"
        for validator in self.validators:
            if hasattr(validator, "messages"):
                validator.messages = dict.fromkeys(validator.messages, f"“{label}”{wrong}")
            else:
                validator.message = f"“{label}”{wrong}"

    def prepare_value(self, value):
        return value if isinstance(value, str) else shown(value)


class LineAnswerForm(PlainForm):
    """What the studio says of one line."""

    answer = forms.ChoiceField(
        label="自评",
        required=False,
        choices=[("agreed", "认可"), ("contested", "有不同意见")],
        widget=forms.RadioSelect,
        error_messages=NO_CHOICE,
    )
    words = LongText(
        label="理由", max_length=1000, rows=3, required=False, help_text="有不同意见的，说明理由。"
    )

    def __init__(self, *args, line, **kwargs):
        self.line = line
        super().__init__(*args, prefix=f"line-{line.pk}", **kwargs)
        self.fields["claimed"] = PointsInput(
            label="自评得分",
            maximum=line.max_points,
            required=False,
            help_text=f"0至{shown(line.max_points)}分",
        )
        self.order_fields(["answer", "claimed", "words"])

    def clean(self):
        data = super().clean()
        if not data.get("answer") and data.get("claimed") is not None:
            data["answer"] = "contested"  # own points say so
        if data.get("answer") == "contested":
            if data.get("claimed") is None and "claimed" not in self.errors:
                self.add_error("claimed", "有不同意见的，请填写自评得分。")
            if not data.get("words") and "words" not in self.errors:
                self.add_error("words", "有不同意见的，请说明理由。")
        return data

    def typed(self) -> tuple:
        data = self.cleaned_data
        return data["answer"], data["claimed"], data["words"]


class JudgeForm(PlainForm):
    """What those who verify find of one line."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = LongText(
        label="改定理由",
        max_length=1000,
        rows=3,
        required=False,
        help_text="与按记录计算的得分不同的，写明理由。",
    )

    def __init__(self, *args, line, **kwargs):
        self.line = line
        super().__init__(*args, prefix=f"line-{line.pk}", **kwargs)
        self.fields["points"] = PointsInput(label="得分", maximum=line.max_points)
        self.order_fields(["points", "reason", "version"])

    def clean(self):
        data = super().clean()
        points = data.get("points")
        if points is not None and points != self.line.proposed_points and not data.get("reason"):
            self.add_error("reason", "改定得分的，请写明理由。")
        return data


class EvidenceForm(PlainForm):
    """A file beside a line."""

    file = attachments.UploadField(label="文件或照片", help_text="PDF、JPG 或 PNG。")
    caption = ShortText(label="说明", max_length=100, required=False, help_text="这份材料证明什么。")


class GradeForm(PlainForm):
    """One expert's sheet on one line."""

    grade = forms.ChoiceField(label="评等", widget=forms.RadioSelect, error_messages=NO_CHOICE)
    note = LongText(label="理由", max_length=500, rows=3, required=False)

    def __init__(self, *args, line, **kwargs):
        self.line = line
        super().__init__(*args, prefix=f"line-{line.pk}", **kwargs)
        self.fields["grade"].choices = [
            (code, f"{words}（{points}分）") for code, words, points in line.item.parameters["grades"]
        ]


class FalsificationForm(PlainForm):
    facts = LongText(
        label="认定的事实",
        max_length=2000,
        rows=6,
        help_text="哪些材料不实、怎样查实。不要写身份证号码和手机号。",
    )
    proof = attachments.UploadField(label="依据", help_text="查证材料，PDF、JPG 或 PNG。")


class LiftForm(PlainForm):
    reason = LongText(
        label="撤销原因", max_length=300, rows=3, error_messages={"required": "请写明撤销的原因。"}
    )


# ── steps ───────────────────────────────────────────────────────────────────────────────────────
class HandInForm(StepForm):
    statement = LongText(
        label="自评说明", max_length=2000, rows=5, required=False, help_text="全年工作的总的说明，可以不填。"
    )
    checked = forms.BooleanField(
        label="自评内容和所附证明真实，弄虚作假的按规定第五部分（四）处理",
        error_messages={"required": "请确认自评内容和所附证明真实。"},
    )


class CloseForm(StepForm):
    note = LongText(
        label="核验情况", max_length=2000, rows=4, required=False, help_text="印在考核评分表的附页上。"
    )
    checked = forms.BooleanField(
        label="已逐项核对，扣分和改定都有理由", error_messages={"required": "请先逐项核对。"}
    )


class SureForm(StepForm):
    checked = forms.BooleanField(
        label="已核对全部考核评分表", error_messages={"required": "请先核对考核评分表。"}
    )


class AskForm(StepForm):
    reason = LongText(
        label="复核理由",
        max_length=2000,
        rows=6,
        help_text="写明对哪一项有异议、依据是什么；每年可以申请一次。",
    )
    proof = attachments.UploadField(label="证明材料", required=False)


class AnswerForm(StepForm):
    """The answer to a request, with new points where a line changes."""

    reply = LongText(label="复核意见", max_length=2000, rows=5, help_text="逐条答复工作室的理由。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = list(self.record.lines.select_related("item").order_by("order"))
        for line in self.lines:
            self.fields[f"points_{line.pk}"] = PointsInput(
                label=f"第{line.item.code.rpartition('.')[2]}项得分",
                maximum=line.max_points,
                required=False,
                help_text=f"现在{shown(line.points)}分，不变的不填。",
            )
            self.fields[f"reason_{line.pk}"] = LongText(
                label="改定理由", max_length=1000, rows=2, required=False
            )

    def pairs(self):
        """(line, field of its points, field of its reason), for the page."""
        return [(line, self[f"points_{line.pk}"], self[f"reason_{line.pk}"]) for line in self.lines]

    def clean(self):
        data = super().clean()
        changes = []
        for line in self.lines:
            points, reason = data.get(f"points_{line.pk}"), data.get(f"reason_{line.pk}", "")
            if points is None or points == line.points:
                continue
            if not reason:
                self.add_error(f"reason_{line.pk}", "改定得分的，请写明理由。")
            changes.append((line, points, reason))
        data["lines"] = changes
        return data
