"""Rows in and out: the queue as xlsx, the members of a studio from xlsx."""

import io
from dataclasses import dataclass

import openpyxl
from django.utils import timezone
from import_export import fields, resources
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from applications.forms.base import CodeChoice
from applications.forms.sections import MemberForm
from applications.models import Application

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


def _lines(file) -> list[tuple]:
    """The rows of the first sheet, as far as members can stand in them, and one more."""
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # a lying dimension record would hide rows
    return list(sheet.iter_rows(values_only=True, max_col=30, max_row=MAX_LINES + 1))


def _cell(value) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
