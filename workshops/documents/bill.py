"""What do the 缴费通知单, the 催缴通知单 and the monthly statement say [5.3]?"""

from park.money import rmb_capitals
from park.wording import OFFICE, REGULATION, chinese_date, chinese_month


def payment_notice(data: dict, *, print_label: str = ""):
    """缴费通知单. Keys: number, studio_name, leader_name, rooms, period, issued_on, pay_by, due_days, charges [{kind,
    lines [{what, span, quantity, unit, price, fen}], fen}], waived_days, total_fen, account, contact."""
    return "documents/payment_notice.html", _heads(data, print_label) | {
        "capitals": rmb_capitals(data["total_fen"]),
        "issued_on": chinese_date(data["issued_on"]),
        "pay_by": chinese_date(data["pay_by"]),
    }


def dunning_notice(data: dict, *, print_label: str = ""):
    """催缴通知单. Keys: number (of the bill), studio_name, leader_name, period, pay_by, days_over, amount_fen,
    paid_fen, left_fen, sent_on, account, contact."""
    return "documents/dunning_notice.html", _heads(data, print_label) | {
        "capitals": rmb_capitals(data["left_fen"]),
        "pay_by": chinese_date(data["pay_by"]),
        "sent_on": chinese_date(data["sent_on"]),
    }


def fee_statement(data: dict, *, print_label: str = ""):
    """月度对账单. Keys: studio_name, leader_name, period, opening, billed, paid, closing (fen), lines [{day, text,
    number, fen, balance}], made_on, contact."""
    return "documents/fee_statement.html", _heads(data, print_label) | {
        "made_on": chinese_date(data["made_on"]),
        "lines": [row | {"day": chinese_date(row["day"])} for row in data["lines"]],
        "capitals": rmb_capitals(data["closing"]),
    }


def _heads(data, print_label) -> dict:
    return {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "period": chinese_month(data["period"]),
    }
