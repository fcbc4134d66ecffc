"""A charge beside the fees of every month: recorded and withdrawn by whoever keeps the fees [5.3]."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from park.money import yuan
from park.wording import chinese_month
from workshops.actions import charging
from workshops.forms.fee import OneOffForm, ReasonForm
from workshops.models import OneOffCharge
from workshops.permissions.fee import bills_studio
from workshops.views.acting import act_page
from workshops.views.tabs import visible_studio


def _page(studio) -> str:
    return reverse("workshops:studio_fees", args=[studio.key])


def one_off_new(request, key):
    """A line of its own for the next bill."""
    studio = visible_studio(request, key)
    residency = charging.billed_residency(studio)
    if residency is None or not bills_studio(request.user, studio):
        raise PermissionDenied(charging.REFUSAL if residency else "协议签订、入驻生效后才能登记费用。")

    def act(data):
        charging.record_one_off(residency, **data, by=request.user)

    return act_page(
        request,
        OneOffForm(request.POST or None, initial={"day": timezone.localdate()}),
        act,
        record=studio,
        verb="record_one_off",
        title="登记一次性费用",
        button="登记",
        done="已登记，出账时列入当月账单的其他费用。",
        back=_page(studio),
        lead=f"{studio}。按其他费用计入账单，不作为租金。",
    )


def one_off_withdraw(request, key):
    """Not to be charged after all."""
    rows = OneOffCharge.objects.visible_to(request.user).select_related("residency__studio")
    row = get_object_or_404(rows, key=key)
    studio = row.residency.studio
    if not bills_studio(request.user, studio):
        raise PermissionDenied(charging.REFUSAL)

    def act(data):
        charging.withdraw_one_off(row, reason=data["reason"], by=request.user)

    return act_page(
        request,
        ReasonForm(request.POST or None),
        act,
        record=studio,
        verb="withdraw_one_off",
        title="撤销一次性费用",
        done="已撤销，不再出账。",
        back=_page(studio),
        lead=f"{studio}：{row.reason}，{yuan(row.amount_fen)} 元，计入{chinese_month(row.period)}。",
        danger=True,
    )
