"""The registers and the page of one studio; who acts for it; what the recognising authority decided."""

from django.urls import path

from workshops.views import public, recognition, register, studio

urlpatterns = [
    path("", studio.studios, name="studios"),
    path("mine/", studio.mine, name="mine"),
    path("new/", register.add_studio, name="add_studio"),
    path("import/", register.imports, name="imports"),
    path("export/<slug:what>/", register.export, name="export"),
    path("public/", public.public_studios, name="public_studios"),
    path("public/<uuid:key>/", public.public_studio, name="public_studio"),
    path("<uuid:key>/", studio.studio, name="studio"),
    path("<uuid:key>/display/", register.public_display, name="public_display"),
    path("<uuid:key>/edit/", register.change_studio, name="change_studio"),
    path("<uuid:key>/register/<slug:name>/", register.register_act, name="register_act"),
    path("<uuid:key>/accounts/", register.accounts, name="accounts"),
    path("<uuid:key>/accounts/person/", register.say_whose_account, name="say_whose_account"),
    path("<uuid:key>/accounts/remove/", register.remove_account, name="remove_account"),
    path("<uuid:key>/recognition/new/", recognition.add_recognition, name="add_recognition"),
    path("<uuid:key>/recognition/<uuid:event>/", recognition.recognition_file, name="recognition_file"),
]
