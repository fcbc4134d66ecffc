"""Fees: prices, readings, bills, payments, accounts."""

from django.urls import path

from workshops.views import bill, billing, fee, meter, one_off

urlpatterns = [
    path("fees/", bill.bills, name="bills"),
    path("fees/issue/", bill.issue_bills, name="issue_bills"),
    path("fees/run/", billing.billing_run, name="billing_run"),
    path("fees/arrears/", fee.arrears, name="arrears"),
    path("fees/accounts/", fee.accounts, name="fee_accounts"),
    path("fees/accounts/sheet/", fee.accounts_sheet, name="fee_accounts_sheet"),
    path("fees/rates/", fee.rates, name="rates"),
    path("fees/rates/new/", fee.rate_new, name="rate_new"),
    path("fees/bills/<uuid:key>/", bill.bill, name="bill"),
    path("fees/bills/<uuid:key>/steps/<str:name>/", bill.bill_step, name="bill_step"),
    path("fees/bills/<uuid:key>/pay/", bill.bill_pay, name="bill_pay"),
    path("fees/bills/<uuid:key>/papers/<uuid:public_id>/", bill.bill_paper, name="bill_paper"),
    path("fees/payments/<uuid:key>/reverse/", bill.payment_reverse, name="payment_reverse"),
    path("readings/", meter.readings, name="readings"),
    path("readings/sheet/", meter.readings_sheet, name="readings_sheet"),
    path("readings/meters/", meter.meters, name="meters"),
    path("readings/meters/new/", meter.meter_new, name="meter_new"),
    path("readings/meters/<uuid:key>/remove/", meter.meter_remove, name="meter_remove"),
    path("<uuid:key>/fees/", fee.studio_fees, name="studio_fees"),
    path("fees/one-offs/<uuid:key>/withdraw/", one_off.one_off_withdraw, name="one_off_withdraw"),
    path("<uuid:key>/fees/one-off/", one_off.one_off_new, name="one_off_new"),
    path("<uuid:key>/fees/pay/", bill.studio_pay, name="studio_pay"),
    path("<uuid:key>/fees/statement/", fee.statement_issue, name="statement_issue"),
    path("<uuid:key>/fees/statement/<uuid:public_id>/", fee.statement_paper, name="statement_paper"),
]
