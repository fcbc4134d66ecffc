"""Who may do what about masters to win over [5.1]."""

from workshops.permissions import is_attraction, is_office


def reads_leads(user, lead=None) -> bool:
    """The 鉴定指导中心 and the office."""
    return is_attraction(user) or is_office(user)


def keeps_leads(user, lead=None) -> bool:
    """职业技能鉴定指导中心具体承担技能大师的招引工作 [5.1]: nobody else writes."""
    return is_attraction(user)
