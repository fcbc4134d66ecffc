"""How does everything encrypted move to the newest key of the ring?"""

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from park import audit, crypto
from park.fields import EncryptedTextField

BATCH = 200


class Command(BaseCommand):
    help = (
        "Re-encrypt every field with the last key of FIELD_KEYS. Add the new key at the end of FIELD_KEYS and "
        "restart first; remove the old one only after this command reports 0 rows left. Safe to interrupt."
    )

    def handle(self, *args, **options):
        changed = broken = 0
        for model in apps.get_models(include_auto_created=True):
            if model._meta.proxy:
                continue
            for field in model._meta.concrete_fields:
                if isinstance(field, EncryptedTextField):
                    done, faults = rotate(model, field)
                    changed, broken = changed + done, broken + len(faults)
                    if done or faults:
                        self.stdout.write(f"{model._meta.label}.{field.name}：{done} 行")
                    for pk in faults:
                        self.stderr.write(f"{model._meta.label} {pk}：{field.name} 无法解密。")
        if changed:
            audit.record("rotate_field_keys", by=None, note=f"{changed} 行改用密钥 {crypto.current_key_id()}")
        if broken:
            raise CommandError(f"{broken} 行无法解密，旧密钥不能删除。")
        self.stdout.write(f"已改用密钥 {crypto.current_key_id()}：{changed} 行。")


def rotate(model, field) -> tuple[int, list]:
    """Rows re-encrypted, and the keys of those that no key of the ring opens."""
    changed, faults, last = 0, [], None
    rows = model._base_manager.exclude(**{field.name: field.sealed("")}).order_by("pk")
    while batch := list((rows.filter(pk__gt=last) if last is not None else rows)[:BATCH]):
        last = batch[-1].pk
        for row in batch:
            old = row.__dict__[field.attname]
            if crypto.key_id_of(old) == crypto.current_key_id():
                continue
            try:
                new = field.seal(row, field.unseal(row, old))
            except crypto.Undecipherable:
                faults.append(row.pk)
                continue
            with transaction.atomic():  # only if nobody has written the row since it was read
                same = model._base_manager.filter(pk=row.pk, **{field.name: field.sealed(old)})
                changed += same.update(**{field.name: field.sealed(new)})
    return changed, faults
