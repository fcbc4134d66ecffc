"""Rows in and out: the queue as xlsx, the members of a studio and the experts of the pool from xlsx."""

import io
import re
from dataclasses import dataclass

import openpyxl
from django.utils import timezone
from import_export import fields, resources
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from applications.forms.expert import ExpertForm
from applications.forms.sections import MemberForm
from applications.models import Application, Expert
from park.forms.fields import CodeChoice
from park.models import CraftField

# What people write in their own sheets instead of the words of the list.
SYNONYMS = {
    "education": {
        "研究生": "10", "硕士": "10", "博士": "10", "本科": "20", "大学": "20", "大专": "30", "专科": "30", "中专": "40",
    }
}  # fmt: skip
MAX_MEMBERS = 200
MAX_LINES = 20_000  # of the sheet, blank ones included


class ApplicationResource(resources.ModelResource):
    """What the office takes home: no identity numbers, no mobiles."""

    number = fields.Field("number", "申报编号")
    studio_name = fields.Field("studio_name", "工作室名称")
    leader_name = fields.Field("leader_name", "领衔人")
    occupation = fields.Field("occupation", "职业（工种）")
    unit_name = fields.Field("unit_name", "所在单位")
    district = fields.Field("district__label", "属地")
    status = fields.Field("get_status_display", "状态")
    officer = fields.Field("officer__real_name", "经办人")
    submitted_on = fields.Field(column_name="首次提交")
    due_on = fields.Field("due_on", "办理期限")

    class Meta:
        model = Application
        fields = [
            "number", "studio_name", "leader_name", "occupation", "unit_name", "district", "status",
            "officer", "submitted_on", "due_on",
        ]  # fmt: skip
        export_order = fields

    def dehydrate_submitted_on(self, row):
        return timezone.localdate(row.submitted_at).isoformat() if row.submitted_at else ""

    def dehydrate_status(self, row):
        return row.get_status_display()


@dataclass(frozen=True)
class RowFault:
    row: int
    text: str


def _columns():
    return {str(bound.label): name for name, bound in MemberForm.base_fields.items()}


def members_template() -> bytes:
    """An empty sheet with the printed columns and lists to choose from."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "成员"
    sheet.append(list(_columns()))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 18
    form = MemberForm()
    lists = book.create_sheet("可选项")
    for column, bound in enumerate(form.fields.values(), 1):
        if not isinstance(bound, CodeChoice):
            continue
        labels = [label for code, label in bound.choices if code]
        for row, label in enumerate([bound.label, *labels], 1):
            lists.cell(row, column, label)
        letter = lists.cell(1, column).column_letter
        rule = DataValidation(
            type="list", formula1=f"=可选项!${letter}$2:${letter}${len(labels) + 1}", allow_blank=True
        )
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{MAX_MEMBERS + 1}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_members(file) -> tuple[list[dict], list[RowFault]]:
    """Rows as the form takes them, and everything wrong with them; the caller writes nothing when there are faults."""
    try:
        lines = _lines(file)
    except Exception:  # openpyxl fails in many ways on a sheet that no office program wrote
        return [], [RowFault(1, "表格无法读取，请下载本页提供的模板，填好后再上传。")]
    if len(lines) > MAX_LINES:
        return [], [RowFault(MAX_LINES + 1, f"表格超过 {MAX_LINES} 行，请删去空行后再上传。")]
    head = [str(cell or "").strip() for cell in (lines[0] if lines else ())]
    columns = _columns()
    if missing := [label for label in columns if label not in head]:
        return [], [RowFault(1, "第一行缺少列：" + "、".join(missing) + "。请用本页提供的模板填写。")]
    codes = {
        name: {label: code for code, label in bound.choices if code}
        | {code: code for code, _ in bound.choices if code}
        | SYNONYMS.get(name, {})
        for name, bound in MemberForm().fields.items()
        if isinstance(bound, CodeChoice)
    }
    rows, faults = [], []
    for number, line in enumerate(lines[1:], 2):
        values = {columns[label]: _cell(v) for label, v in zip(head, line, strict=False) if label in columns}
        if not any(values.values()):
            continue
        if len(rows) >= MAX_MEMBERS:
            faults.append(RowFault(number, f"最多 {MAX_MEMBERS} 行，从这一行起没有读取。"))
            break
        for name, known in codes.items():
            if values.get(name) and values[name] not in known:
                label = MemberForm.base_fields[name].label
                faults.append(
                    RowFault(number, f"“{label}”写的是“{values[name][:20]}”，请从模板的可选项中选择。")
                )
                values[name] = next(iter(known.values()))
            else:
                values[name] = known.get(values.get(name, ""), "")
        form = MemberForm(values)
        faults += [RowFault(number, text) for texts in form.errors.values() for text in texts]
        rows.append(values)
    if not rows and not faults:
        faults.append(RowFault(2, "表格里没有成员。"))
    return rows, faults


# ── the pool of experts ─────────────────────────────────────────────────────────────────────────
EXPERT_COLUMNS = {
    "姓名": "name",
    "所在单位": "unit_name",
    "职称（职务）": "title",
    "职业（工种）": "craft",
    "专长": "expertise",
    "专业领域": "fields_",
    "手机": "mobile",
}
MAX_EXPERTS = 500


def experts_template() -> bytes:
    """An empty sheet of experts; the second page lists the fields to choose from."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "专家"
    sheet.append(list(EXPERT_COLUMNS))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 22
    lists = book.create_sheet("可选项")
    lists.append(["专业领域（可填几项，用顿号分开）"])
    for label in CraftField.objects.offered().values_list("label", flat=True):
        lists.append([label])
    lists.column_dimensions["A"].width = 34
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_experts(file) -> tuple[list[dict], list[RowFault]]:
    """Rows as they were typed (by column of the form, fields as codes), and everything wrong with them."""
    try:
        lines = _lines(file, formulas=True)
    except Exception:  # openpyxl fails in many ways on a sheet that no office program wrote
        return [], [RowFault(1, "表格无法读取，请下载本页提供的模板，填好后再上传。")]
    if len(lines) > MAX_LINES:
        return [], [RowFault(MAX_LINES + 1, f"表格超过 {MAX_LINES} 行，请删去空行后再上传。")]
    head = [_cell(cell) for cell in (lines[0] if lines else ())]
    if missing := [label for label in EXPERT_COLUMNS if label not in head]:
        return [], [RowFault(1, "第一行缺少列：" + "、".join(missing) + "。请用本页提供的模板填写。")]
    codes = {label: code for code, label in CraftField.objects.offered().values_list("code", "label")}
    typed, faults = [], []
    for number, line in enumerate(lines[1:], 2):
        pairs = zip(head, line, strict=False)
        values = {EXPERT_COLUMNS[label]: _cell(v) for label, v in pairs if label in EXPERT_COLUMNS}
        if not any(values.values()):
            continue
        if len(typed) >= MAX_EXPERTS:
            faults.append(RowFault(number, f"最多 {MAX_EXPERTS} 行，从这一行起没有读取。"))
            break
        if any(text.startswith("=") for text in values.values()):
            faults.append(RowFault(number, "单元格里是公式，请改成文字后再上传。"))
        labels = [text for text in re.split(r"[、，,；;\s]+", values["fields_"]) if text]
        if unknown := [text for text in labels if text not in codes]:
            text = "、".join(unknown)[:60]
            faults.append(RowFault(number, f"“专业领域”写的是“{text}”，请从模板的可选项中选择。"))
        values["fields_"] = [codes[text] for text in labels if text in codes]
        typed.append((number, values))
    known_bad = {fault.row for fault in faults}
    _, more = check_experts([row for row in typed if row[0] not in known_bad])
    faults = sorted([*faults, *more], key=lambda fault: fault.row)
    if not typed and not faults:
        faults.append(RowFault(2, "表格里没有专家。"))
    return [values for _, values in typed], faults


def check_experts(typed) -> tuple[list[dict], list[RowFault]]:
    """(number of the line, values) of each row → what `pooling.import_experts` takes, and every fault: what the
    form refuses, who stands there twice, who is in the pool already."""
    fields = {field.code: field for field in CraftField.objects.offered()}
    known = set(Expert.objects.values_list("name", "unit_name"))
    rows, faults, seen = [], [], {}
    for number, values in typed:
        form = ExpertForm({**values, "fields_": []})
        form.fields["fields_"].required = False  # chosen by code, without a query for each row
        errors = [text for texts in form.errors.values() for text in texts]
        if not values["fields_"]:
            errors.append("请填写“专业领域”。")
        faults += [RowFault(number, text) for text in errors]
        if errors:
            continue
        data = form.cleaned_data
        person = (data["name"], data["unit_name"])
        if person in known:
            faults.append(RowFault(number, "专家库里已有这个单位的同名专家。"))
        elif person in seen:
            faults.append(RowFault(number, f"与第 {seen[person]} 行是同一个单位的同名专家。"))
        seen.setdefault(person, number)
        data["fields"] = [fields[code] for code in values["fields_"] if code in fields]
        rows.append(data)
    return rows, faults


def _lines(file, *, formulas=False) -> list[tuple]:
    """The rows of the first sheet, as far as people can stand in them, and one more. `formulas` are read as they
    are written, for the caller to refuse, instead of by the value that was stored with them."""
    book = openpyxl.load_workbook(file, read_only=True, data_only=not formulas)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # a lying dimension record would hide rows
    return list(sheet.iter_rows(values_only=True, max_col=30, max_row=MAX_LINES + 1))


def _cell(value) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
