"""What is due of agreements, terms, waivers and rooms [4.1][5.3]?"""

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from park.models import Role
from park.workflow import Stage
from workshops.duties.definition import KEEPERS, DutyKind, Part, text
from workshops.models import IN_PARK, Agreement, Departure, Handover, Residency, ResidencyStatus

ROOM = Concat(
    "occupancy__room__building",
    "occupancy__room__number",
    Case(When(kind=Handover.Kind.IN, then=Value(" 交付")), default=Value(" 交还"), output_field=CharField()),
    output_field=CharField(),
)


def _of_residency(line, studio) -> str:
    return reverse("workshops:residency", args=[line.key])


def _agreements(scope):
    """The first agreement until the residency begins, a supplement until the term that it renews is over."""
    open_one = Agreement.objects.filter(residency=OuterRef("pk"), checked_at=None, voided_at=None)
    received = open_one.filter(received_at__isnull=False)
    issued = open_one.filter(issued_at__isnull=False)
    checked = Agreement.objects.filter(residency=OuterRef("pk"), checked_at__isnull=False, voided_at=None)
    yield Part(
        Residency.objects.filter(status=ResidencyStatus.PENDING_AGREEMENT),
        day=F("due_on"),
        state=Case(
            When(Exists(checked), then=text("checked")),
            When(Exists(received), then=text("received")),
            When(Exists(issued), then=text("issued")),
            default=text("drafted"),
        ),
        what=text("签订入驻协议，办理入驻"),
    )
    yield Part(
        Agreement.objects.open().filter(residency__status__in=IN_PARK),
        studio="residency__studio",
        key=F("residency__key"),
        day=F("residency__term_ends_on"),
        state=Case(
            When(Q(received_at__isnull=False), then=text("received")),
            When(Q(issued_at__isnull=False), then=text("issued")),
            default=text("drafted"),
        ),
        what=text("签订续期补充协议"),
    )


def _waivers(scope):
    rows = Residency.objects.in_park().filter(rent_free_until__gte=scope.today)
    yield Part(rows, day=F("rent_free_until"))


def _terms(scope):
    leaving = Departure.objects.open().filter(residency=OuterRef("pk"))
    yield Part(Residency.objects.in_park().filter(~Exists(leaving)), day=F("term_ends_on"))


def _departures(scope):
    yield Part(
        Departure.objects.open(),
        studio="residency__studio",
        key=F("residency__key"),
        day=F("leaves_on"),
        state=F("ground"),
    )


def _handovers(scope):
    yield Part(
        Handover.objects.unsettled(),
        studio="occupancy__residency__studio",
        day=F("day"),
        what=ROOM,
        state=Case(When(office_confirmed_at=None, then=text("to_fill")), default=text("to_confirm")),
    )


DUTIES = (
    DutyKind(
        "agreement", "签订协议", "5.3", _agreements,
        {
            "drafted": Stage("待出具协议", "", Role.OFFICE),
            "issued": Stage("待双方签字", "", Role.APPLICANT),
            "received": Stage("扫描件待核对", "", Role.OFFICE),
            "checked": Stage("协议已签，待办理入驻", "", Role.OFFICE),
        },
        lambda line: line.what, _of_residency,
    ),
    DutyKind(
        "waiver_end", "免租期届满", "4.1", _waivers, {"": Stage("免租期内", "")},
        lambda line: "免租期届满，次日起计收房租", _of_residency, KEEPERS, is_event=True,
    ),
    DutyKind(
        "term_end", "协议期届满", "5.3", _terms, {"": Stage("待续期或退出", "", Role.OFFICE)},
        lambda line: "协议期届满，续期或办理退出", _of_residency, KEEPERS,
    ),
    DutyKind(
        "departure", "办理退出", "5.3", _departures,
        {ground: Stage(ground.label, "", Role.OFFICE) for ground in Departure.Ground},
        lambda line: "交还房间，办结退出", _of_residency, KEEPERS,
    ),
    DutyKind(
        "handover", "房间交接", "5.3", _handovers,
        {
            "to_fill": Stage("待填写清单", "", Role.LOGISTICS),
            "to_confirm": Stage("待工作室确认", "", Role.APPLICANT),
        },
        lambda line: f"{line.what}清单", lambda line, studio: reverse("workshops:handover", args=[line.key]), KEEPERS,
    ),
)  # fmt: skip
