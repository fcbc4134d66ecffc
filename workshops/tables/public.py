"""What does the public read of the two registers [1], and of which studios?

A list of fields, not a list of omissions: a page gets these facts and never the row. No telephone, no birth date, no
identity number, no ethnicity, no political status, and nobody but the leader.
"""

from django.db.models import Exists, OuterRef, Q, Subquery

from park import rules
from park.models import Consent
from workshops.models import Person, RecognitionEvent, Studio

REGISTERS = {"resident": "入驻工作室", "affiliated": "全市名录"}
PUBLIC_FACTS = (
    "key", "name", "leader_name", "unit_name", "occupation", "craft_field__label", "district__label", "level__label",
)  # fmt: skip


def published(register: str, defaults=None):
    """The studios of one register that are shown to everybody.

    The leader decides: whoever withdrew the consent to be named (PIPL 15, 25) is not shown, whatever the office set. By
    default a resident studio is shown if the consent stands, and a register as the park decided; the office shows or
    hides a single studio for a reason it writes down.
    """
    rows = _with_consent(_register(register)).exclude(public_display=Studio.PublicDisplay.HIDDEN)
    rows = rows.exclude(has_withdrawn=True)
    if register not in (rules.get("public_registers") if defaults is None else defaults):
        return rows.filter(public_display=Studio.PublicDisplay.SHOWN)
    if register == "resident":
        return rows.filter(Q(public_display=Studio.PublicDisplay.SHOWN) | Q(agrees=True))
    return rows


def _register(register: str):
    return getattr(Studio.objects.all(), register)()


def _with_consent(studios):
    """`agrees`: the consent to be named in public stands; `has_withdrawn`: it was given once and does not stand. It is
    that of the leader's own account; where the leader has none, of whoever acts for the studio."""
    given = Consent.objects.filter(purpose=Consent.Purpose.DISCLOSURE)
    leader = Person.objects.filter(studio=OuterRef("pk"), is_leader=True, left_on=None).values("user")[:1]

    def some(consents):
        by_leader = Exists(consents.filter(user=OuterRef("leader_account")))
        by_people = Exists(consents.filter(user__studios=OuterRef("pk")))
        return Q(by_leader) | Q(leader_account=None) & Q(by_people)

    rows = studios.annotate(leader_account=Subquery(leader))
    agrees = some(given.standing())
    return rows.annotate(agrees=agrees, has_withdrawn=some(given) & ~agrees)


def public_facts(studios) -> list[dict]:
    """One dict per studio, of the public facts alone."""
    return list(studios.values(*PUBLIC_FACTS))


def public_recognitions(studio_key) -> list[dict]:
    """What the recognising authorities decided and published themselves."""
    rows = RecognitionEvent.objects.filter(studio__key=studio_key).order_by("-decided_on", "-pk")
    names = dict(RecognitionEvent.Kind.choices)
    return [
        row | {"what": names[row["kind"]]}
        for row in rows.values("kind", "level__label", "document_no", "authority", "decided_on")
    ]


def why_public(studio) -> tuple[bool, str]:
    """(is it shown, one sentence why), for the office. Two queries."""
    defaults, me = rules.get("public_registers"), Studio.objects.filter(pk=studio.pk)
    row = _with_consent(me).annotate(
        **{f"in_{r}": Exists(_register(r).filter(pk=OuterRef("pk"))) for r in REGISTERS},
        **{f"shown_{r}": Exists(published(r, defaults).filter(pk=OuterRef("pk"))) for r in REGISTERS},
    ).get()  # fmt: skip
    shown = next((label for r, label in REGISTERS.items() if getattr(row, f"shown_{r}")), "")
    if shown:
        by_office = row.public_display == Studio.PublicDisplay.SHOWN
        how = f"管理办公室设为公开：{row.public_basis}" if by_office else "按名录的默认设定"
        return True, f"列在门户的“{shown}”中（{how}）。"
    if row.public_display == Studio.PublicDisplay.HIDDEN:
        return False, f"管理办公室设为不公开：{row.public_basis}"
    if row.has_withdrawn:
        return False, "领衔人已撤回公开的同意。"
    if not (row.in_resident or row.in_affiliated):
        return False, "不在入驻工作室和全市名录中。"
    if row.in_resident and "resident" in defaults:
        return False, "领衔人还没有同意公开姓名、单位、职业（工种）。"
    return False, "这个名录默认不公开；领衔人同意的，可以单独设为公开。"
