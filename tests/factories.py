"""Records for tests, as plain as they can be: `UserFactory(roles=["office"])`, `UnitFactory()`."""

import factory
from django.contrib.auth.models import Group

from park import actions
from park.models import Consent, PrivacyNotice, Role, Unit, User

PASSWORD = "Testing-2026-only"


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"镇江第{n}机械厂")


class UserFactory(factory.django.DjangoModelFactory):
    """A person with these roles and the password PASSWORD; the rights of a role in the admin come along."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    real_name = "王镕喆"
    password = PASSWORD

    @classmethod
    def _create(cls, model_class, *args, password, **kwargs):
        user = model_class(*args, **kwargs)
        user.set_password(password)
        user.save()
        return user

    @factory.post_generation
    def roles(user, create, names, **kwargs):
        for role in names or ():
            if not Group.objects.filter(name=role).exists():
                actions.ensure_roles()
            actions.grant_role(user, Role(role), by=None)
        user.__dict__.pop("_role_names", None)


class PrivacyNoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PrivacyNotice
        django_get_or_create = ["version"]

    version = "v-test"
    text = "## 测试告知书\n\n全文。"
    in_force_from = "2026-01-01"


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    user = factory.SubFactory(UserFactory, roles=["applicant"])
    notice = factory.SubFactory(PrivacyNoticeFactory)
    purpose = Consent.Purpose.PROCESSING
