"""What a studio owes and paid, who is behind, the accounts of a month, and the prices [5.3]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import CharField
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from park import audit, rules, sheets
from park.formkeys import write_once
from park.models import Document
from park.tables import Page
from park.views.paper import serve_paper
from park.workflow import Refused
from workshops.actions import charging, rating, stating
from workshops.charges.arrears import BANDS
from workshops.charges.fee import month_of, next_month, previous_month
from workshops.forms.fee import RateForm, month_in
from workshops.models import Bill, BillStatus, FeeRate, FeeStatement, OneOffCharge
from workshops.papers.bill import price_text
from workshops.permissions.fee import bills_studio, keeps_fees, reads_fees_of
from workshops.sheets.fee import ACCOUNTS
from workshops.tables.fee import debtors
from workshops.views.bill import keepers_only
from workshops.views.tabs import tab_context, visible_studio

BILLS_A_PAGE = 12
ONE_OFFS_SHOWN = 24


# ── the page of one studio ──────────────────────────────────────────────────────────────────────
@require_safe
def studio_fees(request, key):
    """What is due by when, every bill, and the account of a month."""
    studio = visible_studio(request, key)
    context = tab_context(request, studio, "workshops:studio_fees")
    today = timezone.localdate()
    month = month_of(month_in(request.GET.get("month")) or today)
    rows = Bill.objects.visible_to(request.user).filter(residency__studio=studio)
    due = list(rows.filter(status=BillStatus.ISSUED).order_by("pay_by", "pk"))
    context |= {
        "month": month,
        "before": previous_month(month.first),
        "after": next_month(month.first) if next_month(month.first) <= today else None,
        "due": due,
        "left": sum(bill.left_fen for bill in due),
        "overdue": [bill for bill in due if bill.is_overdue],
        "page": Page.of(rows.order_by("-period", "-pk"), request.GET.get("page", 1), size=BILLS_A_PAGE),
        "account": stating.account_of(studio, month.first),
        "papers": _statements(studio, period=month.first),
        "handles": keeps_fees(request.user) and not context["is_own"],
        "one_offs": _one_offs(request, studio),
        "pay_to": rules.get("fee_account") if due and context["is_own"] else "",
    }
    known = bool(context["page"].rows)  # a bill says that there is a stay to be charged
    context["may_charge"] = bills_studio(request.user, studio) and (
        known or charging.billed_residency(studio) is not None
    )
    return render(request, "workshops/studio_fees.html", context)


def _one_offs(request, studio) -> list:
    """What was charged once, newest first; what was withdrawn is for those who keep the fees."""
    rows = OneOffCharge.objects.visible_to(request.user).filter(residency__studio=studio)
    rows = rows if keeps_fees(request.user) else rows.standing()
    return list(rows.with_bill()[:ONE_OFFS_SHOWN])


def _statements(studio, **found):
    """Printed statements of a studio, newest first."""
    rows = (
        FeeStatement.objects.filter(studio=studio, **found).annotate(text=Cast("pk", CharField())).order_by()
    )
    return Document.objects.filter(
        subject_model=FeeStatement._meta.label_lower, subject_id__in=rows.values("text")
    )


def _account_reader(request, key):
    studio = visible_studio(request, key)
    if not reads_fees_of(request.user, studio):
        raise PermissionDenied("费用只供工作室本身、镇江技师学院和管理办公室查看。")
    return studio


@require_POST
def statement_issue(request, key):
    """Print the account of a month; the studio may do it for itself."""
    studio = _account_reader(request, key)
    month = month_in(request.POST.get("month"))
    back = reverse("workshops:studio_fees", args=[studio.key])
    if month is None or month > timezone.localdate():
        messages.error(request, "请选择已经开始的月份。")
        return redirect(back)
    with write_once(request, studio, "issue_statement") as write:
        stating.issue_statement(studio, month, by=request.user)
        write.location = f"{back}?month={month:%Y-%m}#account"
    messages.success(request, "对账单正在生成，稍后可在本页下载。")
    return redirect(write.location)


@require_safe
def statement_paper(request, key, public_id):
    studio = _account_reader(request, key)
    paper = get_object_or_404(_statements(studio), public_id=public_id)
    return serve_paper(request, paper, back=reverse("workshops:studio_fees", args=[studio.key]))


# ── the park ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def arrears(request):
    """Who is behind, by the age of the debt."""
    keepers_only(request.user)
    rows = debtors(request.user)
    labels = [label for *_, label in BANDS]
    context = {
        "debtors": rows,
        "bands": labels,
        "sums": [sum(row.bands[label] for row in rows) for label in labels],
        "total": sum(row.total for row in rows),
        "dunning": rules.get("bill_dunning_days"),
    }
    return render(request, "workshops/arrears.html", context)


@require_safe
def accounts(request):
    """The account of every studio for a month: opening, billed, paid, closing."""
    keepers_only(request.user)
    today = timezone.localdate()
    month = month_of(month_in(request.GET.get("month")) or today)
    rows = stating.accounts_of_park(month.first)
    context = {
        "month": month,
        "before": previous_month(month.first),
        "after": next_month(month.first) if next_month(month.first) <= today else None,
        "rows": rows,
        "sums": {name: sum(row[name] for row in rows) for name in ("opening", "billed", "paid", "closing")},
    }
    return render(request, "workshops/fee_accounts.html", context)


@require_safe
def accounts_sheet(request):
    """The same as xlsx."""
    keepers_only(request.user)
    month = month_of(month_in(request.GET.get("month")) or timezone.localdate())
    rows = stating.accounts_of_park(month.first)
    audit.record(
        "export", f"费用对账表 {month.first:%Y-%m}", by=request.user, after=f"{len(rows)} 行", clause="5.3"
    )
    return sheets.response(ACCOUNTS, rows, f"费用对账表-{month.first:%Y-%m}.xlsx")


# ── prices ──────────────────────────────────────────────────────────────────────────────────────
@require_safe
def rates(request):
    """What is charged, by which document, since when."""
    keepers_only(request.user)
    today = timezone.localdate()
    rows = list(FeeRate.objects.select_related("recorded_by"))
    for row in rows:
        row.price = price_text(row.unit_fen)
        row.is_current = row.valid_from <= today and (row.valid_until is None or row.valid_until >= today)
        row.is_coming = row.valid_from > today
    return render(request, "workshops/rates.html", {"rates": rows})


def rate_new(request):
    keepers_only(request.user)
    form, status = RateForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, "收费标准", "set_rate") as write:
                    rating.set_rate(**form.cleaned_data, by=request.user)
                    write.location = reverse("workshops:rates")
            except Refused as refusal:
                form.add_error("valid_from", str(refusal))
                status = 409
            else:
                messages.success(request, "已登记收费标准。")
                return redirect(write.location)
    context = {"form": form, "heading": "登记收费标准", "act": "登记", "back": reverse("workshops:rates")}
    return render(request, "workshops/fee_form.html", context, status=status)
