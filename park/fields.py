"""Model fields that encrypt: what a person typed goes in and out, the database sees ciphertext only.

A model that uses one has a `row_key` (a UUID set before the first save), because a ciphertext is bound to
its column and row.
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from park import crypto


class EncryptedTextField(models.TextField):
    """Text under AES-256-GCM. Reading decrypts on demand, through the attribute; queries cannot look inside."""

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, name, _Sealed(self))

    def _binding(self, row):
        # The table's own model: a proxy of it reads the same rows.
        return f"{row._meta.concrete_model._meta.label_lower}.{self.name}:{row.row_key}"

    def seal(self, row, value) -> str:
        return crypto.encrypt(self.to_text(value), bound_to=self._binding(row)) if value else ""

    def unseal(self, row, token):
        return self.from_text(crypto.decrypt(token, bound_to=self._binding(row))) if token else self.empty()

    @staticmethod
    def sealed(token: str):
        """Ciphertext as a value of filter() and update(), for the rotation of keys."""
        return _Token(token)

    def from_db_value(self, value, expression, connection):
        return _Token(value or "")

    def pre_save(self, model_instance, add):
        return _Token(model_instance.__dict__.get(self.attname) or "")

    def get_prep_value(self, value):
        if value and not isinstance(value, _Token):
            raise TypeError(
                f"{self.name} is encrypted: assign it on a row and save(), never by update() or filter()."
            )
        return value

    def value_from_object(self, obj):
        return getattr(obj, self.attname)

    def empty(self):
        return ""

    def to_text(self, value) -> str:
        return value

    def from_text(self, text: str):
        return text


class EncryptedJSONField(EncryptedTextField):
    """A JSON object under AES-256-GCM: the sections of an application as typed, and its frozen versions."""

    def empty(self):
        return {}

    def to_text(self, value) -> str:
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)

    def from_text(self, text: str):
        return json.loads(text)


class _Token(str):
    """Ciphertext as it came from the database, told apart from plain text assigned by code."""


class _Sealed:
    """The attribute: assigning seals, reading unseals."""

    def __init__(self, field):
        self.field = field

    def __get__(self, row, owner=None):
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        return self.field.unseal(row, row.__dict__[name])

    def __set__(self, row, value):
        if isinstance(value, _Token):
            row.__dict__[self.field.attname] = str(value)
        else:
            row.__dict__[self.field.attname] = self.field.seal(row, value)
