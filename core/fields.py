"""Model fields that several apps use."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

Choices = Callable[[], list[tuple[str, str]]]


class CodeArrayField(ArrayField):
    """A list of codes from one code list, kept as a PostgreSQL array.

    `codes` returns (code, name) pairs in the reader's language; the database itself guards
    the list with `codes_known`. Empty means "not stated".
    """

    def __init__(self, codes: Choices, **kwargs: Any) -> None:
        self.codes = codes
        kwargs.setdefault("base_field", models.CharField(max_length=10))
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["codes"] = self.codes
        return name, path, args, kwargs

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        unknown = set(value or ()) - {code for code, _name in self.codes()}
        if unknown:
            raise ValidationError(
                _("Unknown code: %(codes)s."),
                params={"codes": ", ".join(sorted(unknown))},
            )

    def formfield(self, **kwargs: Any) -> Any:
        # ArrayField's own formfield would offer a text box.
        return models.Field.formfield(
            self,
            **{
                "form_class": forms.TypedMultipleChoiceField,
                "choices": self.codes,
                "coerce": str,
                **kwargs,
            },
        )


class WebAddressField(models.URLField):
    """A web address; one typed without its scheme is taken for https."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})


def codes_known(app_model: str, field: str, codes: Iterable[str]) -> models.CheckConstraint:
    """Return the constraint that `field` holds known codes only; empty is allowed."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__contained_by": sorted(codes)}),
        name=f"{app_model}_{field}_known",
        violation_error_message=_("Choose codes from the list."),
    )


def choice_known(
    app_model: str, field: str, choices: type[models.TextChoices]
) -> models.CheckConstraint:
    """Return the constraint that `field` holds one of `choices`."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": list(choices.values)}),
        name=f"{app_model}_{field}_known",
        violation_error_message=_("Choose one of the values offered."),
    )
