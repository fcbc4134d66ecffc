"""Bills: the list of all, one with its lines, steps and papers, payments and their reversal [5.3]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from park.audit import history_of, timeline
from park.formkeys import write_once
from park.models.document import hold_numbers
from park.tables import Page
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from park.workflow import Refused
from workshops.actions import paying
from workshops.forms.fee import BillFilter, PaymentForm, ReasonForm, month_in
from workshops.models import Bill, BillStatus, Payment, Studio
from workshops.papers.bill import NUMBERS, charges_of, papers_of
from workshops.permissions import is_of_studio
from workshops.permissions.fee import bills_studio, handles_bill, keeps_fees, reads_fee_totals
from workshops.tables.fee import RELATED, filtered_bills, months_of, totals_of
from workshops.workflow import BILL


def keepers_only(user):
    if not keeps_fees(user):
        raise PermissionDenied("费用由镇江技师学院和管理办公室办理。")


def visible_bill(request, key) -> Bill:
    rows = Bill.objects.visible_to(request.user).select_related("residency__studio")
    return get_object_or_404(rows, key=key)


# ── lists ───────────────────────────────────────────────────────────────────────────────────────
@require_safe
def bills(request):
    """All bills for those who keep them; the working group reads what they come to and nothing of a single studio."""
    user = request.user
    if not reads_fee_totals(user):
        return redirect("workshops:mine") if user.has_role("applicant") else keepers_only(user)
    if not keeps_fees(user):
        rows = Bill.objects.all()
        return render(
            request, "workshops/fee_totals.html", {"months": months_of(rows), "totals": totals_of(rows)}
        )
    form = BillFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = filtered_bills(Bill.objects.visible_to(user), asked)
    drafts = rows.filter(status=BillStatus.DRAFT).count() if asked.get("period") else 0
    context = {
        "form": form,
        "is_filtered": any(asked.values()),
        "page": Page.of(rows.order_by("-period", "-pk"), request.GET.get("page", 1), related=RELATED),
        "totals": totals_of(rows),
        "period": asked.get("period"),
        "drafts": drafts,
    }
    return render(request, "workshops/bills.html", context)


@require_POST
def issue_bills(request):
    """Every draft of a month at once; those of one's own studio are left to somebody else."""
    keepers_only(request.user)
    period = month_in(request.POST.get("period"))
    address = reverse("workshops:bills") + (f"?period={period:%Y-%m}" if period else "")
    count = 0
    try:
        with write_once(request, "账单", "issue_bill") as write:
            write.location = address
            with transaction.atomic():
                rows = Bill.objects.select_for_update(no_key=True, of=("self",)).select_related(*RELATED)
                drafts = list(rows.filter(period=period, status=BillStatus.DRAFT).order_by("pk"))
                hold_numbers([NUMBERS], timezone.localdate().year)
                for bill in drafts:
                    if handles_bill(request.user, bill):
                        BILL.perform(bill, "issue_bill", by=request.user)
                        count += 1
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已签发 {count} 份账单，缴费通知单正在生成。")
    return redirect(address)


# ── one bill ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def bill(request, key):
    user = request.user
    own = Exists(Studio.objects.of(user).filter(pk=OuterRef("residency__studio")))
    rows = Bill.objects.visible_to(user).select_related(*RELATED).annotate(is_own=own)
    row = get_object_or_404(rows, key=key)
    studio, is_own = row.residency.studio, row.is_own
    handles = keeps_fees(user) and not is_own
    reminders = list(row.reminders.all())
    history = history_of(row)[:50] if keeps_fees(user) else []
    context = {
        "bill": row,
        "studio": studio,
        "is_own": is_own,
        "handles": handles,
        "stage": BILL.stage(row),
        "charges": charges_of(row),
        "payments": row.payments.select_related("reversal", "entered_by").order_by("pk"),
        "papers": papers_of(row, reminders),
        "reminders": reminders,
        "steps": step_buttons(user, BILL, row, url=lambda name: _step_url(row, name)) if handles else [],
        "may_pay": handles and row.status == BillStatus.ISSUED,
        "history": timeline(history),
    }
    return render(request, "workshops/bill.html", context)


def _step_url(row, name):
    return reverse("workshops:bill_step", args=[row.key, name])


def bill_step(request, key, name):
    row = visible_bill(request, key)
    return take_step(request, BILL, row, name, plain=is_of_studio(request.user, row.residency.studio))


@require_safe
def bill_paper(request, key, public_id):
    """The notice or a dunning letter as PDF."""
    row = visible_bill(request, key)
    paper = get_object_or_404(papers_of(row), public_id=public_id)
    return serve_paper(request, paper, back=row.get_absolute_url())


# ── payments ────────────────────────────────────────────────────────────────────────────────────
def bill_pay(request, key):
    """A payment for this bill."""
    row = visible_bill(request, key)
    return _pay(request, row.residency.studio, [row], row.get_absolute_url())


def studio_pay(request, key):
    """One sum for everything a studio owes, the oldest bill first."""
    studio = get_object_or_404(Studio.objects.visible_to(request.user), key=key)
    rows = Bill.objects.visible_to(request.user).filter(residency__studio=studio, status=BillStatus.ISSUED)
    rows = list(rows.select_related("residency__studio").order_by("pay_by", "pk"))
    return _pay(request, studio, rows, reverse("workshops:studio_fees", args=[studio.key]))


def _pay(request, studio, rows, back) -> HttpResponse:
    if not bills_studio(request.user, studio):
        raise PermissionDenied("缴费由镇江技师学院和管理办公室登记；本人参与的工作室由他人登记。")
    left = sum(row.left_fen for row in rows)
    first = {"amount_fen": left, "paid_on": timezone.localdate()}
    form, status = PaymentForm(request.POST or None, initial=first), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, studio, "record_payment") as write:
                    paid = paying.pay_bills(rows, **form.cleaned_data, by=request.user)
                    write.location = back
            except Refused as refusal:
                form.add_error("amount_fen", str(refusal))
                status = 409
            else:
                messages.success(request, f"已登记缴费，分入 {len(paid)} 份账单。")
                return redirect(write.location)
    elif not left:
        messages.info(request, "没有待缴的账单。")
        return redirect(back)
    context = {"form": form, "bills": rows, "studio": studio, "left": left, "back": back}
    return render(request, "workshops/pay.html", context, status=status)


def payment_reverse(request, key):
    """Take a payment back, with its reason."""
    rows = Payment.objects.visible_to(request.user).select_related("bill__residency__studio")
    payment = get_object_or_404(rows, key=key)
    if not handles_bill(request.user, payment.bill):
        raise PermissionDenied("缴费由镇江技师学院和管理办公室冲正；本人参与的工作室由他人办理。")
    form, status, back = ReasonForm(request.POST or None), 200, payment.bill.get_absolute_url()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, payment.bill, "reverse_payment") as write:
                    paying.reverse_payment(payment, reason=form.cleaned_data["reason"], by=request.user)
                    write.location = back
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, "已冲正，账单恢复待缴。")
                return redirect(write.location)
    context = {"form": form, "payment": payment, "bill": payment.bill, "back": back}
    return render(request, "workshops/payment_reverse.html", context, status=status)
