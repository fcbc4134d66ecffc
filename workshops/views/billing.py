"""The billing run of a month [5.3]: what each residency will be billed, then the bills."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from park.formkeys import write_once
from park.workflow import Refused
from workshops.actions import billing
from workshops.charges.fee import month_of, next_month, previous_month
from workshops.forms.fee import month_in
from workshops.views.bill import keepers_only


def billing_run(request):
    """The month before this one unless another is asked for; nothing is written before the confirmation."""
    keepers_only(request.user)
    today = timezone.localdate()
    asked = request.POST.get("period") or request.GET.get("period")
    period = month_in(asked) or previous_month(today)
    status = 200
    if request.method == "POST":
        chosen = [key for key in request.POST.getlist("residency") if key.isascii() and key.isdecimal()]
        shown = {int(key): request.POST.get(f"print-{key}", "") for key in chosen if len(key) < 18}
        issue = request.POST.get("issue") == "1"
        try:
            with write_once(request, "账单", "draft_bill") as write:
                made = billing.draft_bills(period, shown, by=request.user, issue=issue)
                write.location = reverse("workshops:bills") + f"?period={period:%Y-%m}"
        except Refused as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            verb = "签发" if issue else "生成待签发的"
            messages.success(request, f"已{verb} {len(made)} 份账单。")
            return redirect(write.location)
    plans = billing.plan(period, by=request.user)
    ready = [p for p in plans if p.is_due]
    for planned in ready:
        planned.print = billing.fingerprint(planned)
    context = {
        "period": period,
        "month": month_of(period),
        "before": previous_month(period),
        "after": next_month(period),
        "is_future": period > today,
        "ready": ready,
        "total": sum(p.total_fen for p in ready),
        "others": [p for p in plans if not p.is_due],
        "missing": [p for p in plans if p.missing],
        "is_running": month_of(today).first == period,
    }
    return render(request, "workshops/billing_run.html", context, status=status)
