"""What is written about studios and life in the park, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "begin_residency": "登记入驻",
    "create_ledger": "登记台账",
    "change_ledger": "修改台账",
    "add_ledger_file": "添加附件",
    "remove_ledger_file": "删除附件",
    "add_trainee": "登记花名册",
    "remove_trainee": "删除花名册人员",
    "print_ledger": "打印台账",
    "define_return": "定义报表",
    "open_return_period": "开报",
    "save_return": "填写报表",
    "refresh_return": "重新取数",
    "urge_return": "催报",
    "import_return": "导入报表数据",
}
