"""Meters, and the round of a month: all readings on one page, on a phone or at the desk [5.3]."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from park import audit, sheets
from park.formkeys import write_once
from park.workflow import Refused
from workshops.actions import metering
from workshops.charges.fee import month_of, next_month, previous_month
from workshops.forms.fee import month_in
from workshops.forms.meter import MeterForm, ReadingDayForm, ReadingForm, RemovalForm
from workshops.models import Meter
from workshops.sheets.meter import ROUND, round_rows
from workshops.tables.meter import round_of
from workshops.views.bill import keepers_only


def readings(request):
    """The round: one line per meter with what it showed last; what is left blank was not read."""
    keepers_only(request.user)
    today = timezone.localdate()
    month = month_of(month_in(request.POST.get("month") or request.GET.get("month")) or today)
    meters, status = round_of(month), 200
    posted = request.POST if request.method == "POST" else None
    day = ReadingDayForm(posted, initial={"read_on": min(today, month.last)})
    for meter in meters:
        meter.form = ReadingForm(posted, prefix=f"m{meter.pk}")
    if posted is not None:
        status = 422
        good = [meter.form.is_valid() for meter in meters]
        if day.is_valid() and day.cleaned_data["read_on"] not in month:
            day.add_error("read_on", "抄表日期不在所选的月份里。")
        elif day.is_valid() and all(good):
            entries = [
                metering.Entry(meter.pk, meter, day.cleaned_data["read_on"], meter.form.cleaned_data["value"])
                for meter in meters
                if meter.form.cleaned_data["value"] is not None
            ]
            status, answer = _record(request, meters, entries, month)
            if answer is not None:
                return answer
    context = {
        "month": month,
        "before": previous_month(month.first),
        "after": next_month(month.first),
        "is_future": month.first > today,
        "day": day,
        "meters": meters,
        "forms": [meter.form for meter in meters],
        "read": sum(meter.now is not None for meter in meters),
        "import_url": sheets.import_url("readings"),
    }
    return render(request, "workshops/readings.html", context, status=status)


def _record(request, meters, entries, month):
    """(status, None) where it is refused, else the way on."""
    if not entries:
        messages.error(request, "还没有填读数。")
        return 422, None
    try:
        with write_once(request, "抄表", "record_readings") as write:
            count = metering.record_readings(entries, by=request.user)
            write.location = reverse("workshops:readings") + f"?month={month.first:%Y-%m}"
    except metering.BadReadings as bad:
        for meter in meters:
            if meter.pk in bad.faults:
                meter.form.add_error("value", bad.faults[meter.pk])
        return 422, None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return 409, None
    messages.success(request, f"已保存 {count} 个读数。" if count else "读数与已保存的一致，没有变化。")
    return 302, redirect(write.location)


@require_safe
def readings_sheet(request):
    """The round of a month as xlsx."""
    keepers_only(request.user)
    month = month_of(month_in(request.GET.get("month")) or timezone.localdate())
    rows = round_of(month)
    audit.record(
        "export", f"抄表结果 {month.first:%Y-%m}", by=request.user, after=f"{len(rows)} 行", clause="5.3"
    )
    return sheets.response(ROUND, round_rows(rows), f"抄表结果-{month.first:%Y-%m}.xlsx")


@require_safe
def meters(request):
    """Every meter that hangs, and those that were taken down."""
    keepers_only(request.user)
    rows = Meter.objects.select_related("room")
    context = {"meters": rows.filter(removed_on=None), "removed": rows.exclude(removed_on=None)}
    return render(request, "workshops/meters.html", context)


def meter_new(request):
    """A new meter, or the one that takes the place of another."""
    keepers_only(request.user)
    asked = {name: request.GET.get(name) for name in ("kind",) if request.GET.get(name)}
    if (room := request.GET.get("room", "")).isdecimal() and len(room) < 10:
        asked["room"] = int(room)
    form, status = MeterForm(request.POST or None, initial=asked | {"factor": 1}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, "计量表", "add_meter") as write:
                    metering.add_meter(**form.cleaned_data, by=request.user)
                    write.location = reverse("workshops:meters")
            except Refused as refusal:
                form.add_error("number", str(refusal))
            else:
                messages.success(request, "已登记计量表。")
                return redirect(write.location)
    context = {"form": form, "heading": "登记计量表", "act": "登记", "back": reverse("workshops:meters")}
    return render(request, "workshops/fee_form.html", context, status=status)


def meter_remove(request, key):
    """Its last reading; then the way to the new one."""
    keepers_only(request.user)
    meter = get_object_or_404(Meter.objects.select_related("room"), key=key)
    form, status = RemovalForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, meter, "remove_meter") as write:
                    metering.remove_meter(meter, **form.cleaned_data, by=request.user)
                    write.location = (
                        reverse("workshops:meter_new") + f"?room={meter.room_id}&kind={meter.kind}"
                    )
            except metering.BadReadings as bad:
                form.add_error("value", bad.faults["value"])
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已拆除{meter}。换了新表的，请在这里登记。")
                return redirect(write.location)
    context = {
        "form": form,
        "heading": "拆表",
        "about": f"{meter.room}　{meter}",
        "act": "登记拆表",
        "back": reverse("workshops:meters"),
    }
    return render(request, "workshops/fee_form.html", context, status=status)
