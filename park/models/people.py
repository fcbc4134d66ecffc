"""People of the park: one account per person, roles as groups, consents on record."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from park.crypto import blind_index
from park.fields import EncryptedTextField


class Role(models.TextChoices):
    """What a person is in the procedures. Each is a Django group of the same name."""

    APPLICANT = "applicant", "申报人"
    OFFICE = "office", "管理办公室"
    LEAD_DIVISION = "lead_division", "职建处"
    ATTRACTION = "attraction", "鉴定指导中心"
    LOGISTICS = "logistics", "镇江技师学院"
    EXPERT = "expert", "专家"
    WORKING_GROUP = "working_group", "工作小组"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计员"


# 三员分立: nobody is two of them, and none of them does business.
WATCHERS = {Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR}
STAFF_ROLES = set(Role) - {Role.APPLICANT}


class UserQuerySet(models.QuerySet):
    def with_role(self, *roles):
        return self.filter(is_active=True, groups__name__in=roles).distinct()

    def named(self, username: str):
        """Login names that differ in case only would be mistaken for each other."""
        return self.annotate(lower_name=Lower("username")).filter(lower_name=username.lower())

    def with_mobile(self, number: str, *, besides=None):
        """Accounts in use with this number."""
        index = blind_index(number, purpose="mobile")
        return self.filter(mobile_index=index, is_active=True).exclude(pk=getattr(besides, "pk", None))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        return self.create_user(username, password, is_superuser=True, is_staff=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person, one account (等保: no shared accounts). Rights in procedures come from roles, never from
    `is_superuser`."""

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        "登录名",
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Za-z][A-Za-z0-9_.-]{2,29}$", "登录名以字母开头，3–30 个字母、数字、点、横线或下划线。"
            )
        ],
        error_messages={"unique": "这个登录名已有人使用，请换一个。"},
    )
    real_name = models.CharField("姓名", max_length=30)
    mobile = EncryptedTextField("手机", blank=True, default="")
    mobile_index = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)
    email = models.EmailField("电子邮箱", blank=True)
    unit = models.ForeignKey(
        "park.Unit",
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
    )
    is_active = models.BooleanField("启用", default=True)
    is_staff = models.BooleanField("可进入后台", default=False)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", default=timezone.now, editable=False)
    date_joined = models.DateTimeField("注册时间", default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["real_name"]

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                fields=["mobile_index"],
                condition=Q(is_active=True) & ~Q(mobile_index=""),
                name="user_mobile_once",
            )
        ]

    def __str__(self):
        return self.real_name or self.username

    def save(self, *args, **kwargs):
        self.mobile_index = blind_index(self.mobile, purpose="mobile")
        super().save(*args, **kwargs)

    def set_password(self, raw_password):
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def get_full_name(self):
        return self.real_name

    get_short_name = get_full_name

    @property
    def role_names(self) -> frozenset[str]:
        """The person's roles, read once per instance."""
        if not hasattr(self, "_role_names"):
            self._role_names = frozenset(self.groups.values_list("name", flat=True))
        return self._role_names

    def has_role(self, *roles) -> bool:
        return self.is_active and not self.role_names.isdisjoint(roles)

    @property
    def is_park_staff(self) -> bool:
        """Stricter session and password rules apply."""
        return self.has_role(*STAFF_ROLES) or self.is_superuser

    @property
    def role_labels(self) -> list[str]:
        return [role.label for role in Role if role in self.role_names]


class RoleHolder(User):
    """The same person as the security officer sees them: a name and its roles, nothing of the account."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "角色授权"
        default_permissions = ("view", "change")


class PrivacyNotice(models.Model):
    """The text on personal data as shown at one time (PIPL 17). A new text is a new version."""

    version = models.CharField("版本", max_length=20, unique=True)
    text = models.TextField("全文")
    in_force_from = models.DateField("施行日期")

    class Meta:
        verbose_name = verbose_name_plural = "个人信息处理告知书"
        ordering = ["-in_force_from", "-pk"]

    def __str__(self):
        return self.version

    @classmethod
    def current(cls):
        return cls.objects.filter(in_force_from__lte=timezone.localdate()).first()


class ConsentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """One tick by one person to one version, and when it was taken back (PIPL 14, 15, 25)."""

    class Purpose(models.TextChoices):
        PROCESSING = "processing", "处理身份证号码、手机和政治面貌，用于入驻申报和资格审核"
        DISCLOSURE = "disclosure", "在公示和门户网站公开姓名、单位、职业（工种）"
        MEMBERS_INFORMED = "members_informed", "已将个人信息的用途告知工作室成员"

    user = models.ForeignKey(
        "park.User", verbose_name="本人", on_delete=models.PROTECT, related_name="consents"
    )
    notice = models.ForeignKey(PrivacyNotice, verbose_name="告知书版本", on_delete=models.PROTECT)
    purpose = models.CharField("同意事项", max_length=20, choices=Purpose.choices)
    given_at = models.DateTimeField("同意时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "同意记录"
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["processing", "disclosure", "members_informed"]),
                name="consent_purpose_known",
            ),
            models.UniqueConstraint(
                fields=["user", "notice", "purpose"],
                condition=Q(withdrawn_at=None),
                name="consent_one_standing",
            ),
        ]

    def __str__(self):
        return self.get_purpose_display()
