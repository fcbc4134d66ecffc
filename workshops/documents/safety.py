"""What does the letter of responsibility for safety say [5.3]?"""

from park.wording import OFFICE, REGULATION

DUTIES = (
    "遵守国家安全生产、消防、治安管理的规定和园区各项规章制度，领衔人为工作室安全第一责任人。",
    "规范用电、用火、用气，不私拉乱接，下班切断设备电源；危险品按规定存放，不在室内留宿。",
    "设备有安全操作规程，人员经过培训后上岗；开展培训、展示等活动的，事先落实安全措施。",
    "保持疏散通道畅通，不堵塞、不占用消防设施；爱护公用设施，发现损坏及时报修。",
    "配合管理办公室的安全检查，对发现的隐患在期限内整改。",
    "发生安全事件的，立即采取措施，及时报告管理办公室，如实说明情况。",
)


def safety_letter(data: dict, *, print_label: str = ""):
    """安全责任书. Keys: studio_name, leader_name, rooms (text), year."""
    return "documents/safety_letter.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        "duties": DUTIES,
        **data,
    }
