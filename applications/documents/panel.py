"""What do the papers of a session of the panel say [3.2.2]? Invitation, sheet to sign, declaration of recusal."""

from park.wording import OFFICE, REGULATION, chinese_date


def panel_invitation(data: dict, *, print_label: str = ""):
    """评议会通知. Keys: number, title, meets_on, meets_at (09:30), place, seats, rules [{label, value}],
    agenda [{order, number, studio, occupation}], contact. The agenda stands on a sheet of its own, which is not
    handed to an expert who has to step aside from one of its cases."""
    return "documents/panel_invitation.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "meets_on": chinese_date(data.get("meets_on")),
    }


def panel_sign_in(data: dict, *, print_label: str = ""):
    """评议会签到表. Keys: number, title, meets_on, meets_at, place, seats [{name, unit, title, chair}]."""
    return "documents/panel_sign_in.html", {
        "print_label": print_label,
        **data,
        "meets_on": chinese_date(data.get("meets_on")),
    }


def panel_recusal(data: dict, *, print_label: str = ""):
    """回避声明. Keys: session_number, session_title, meets_on, item, application_number, studio_name, expert_name,
    expert_unit, detail, declared_at (a moment in words), online (declared in the system by the expert)."""
    return "documents/panel_recusal.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "meets_on": chinese_date(data.get("meets_on")),
    }
