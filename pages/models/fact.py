"""Facts: figures that are written once, and stand on any number of pages."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import figures
from ..document import Bilingual
from ..fields import PlainCharField
from .locking import LockingQuerySet

# What is wrong with a value, by unit.
_REFUSED = {
    "date": _("Enter a date as year, month and day, such as “2020-12-31”."),
    "people": _("Enter a whole number of people, such as “1200000” or “1.2 million”."),
}
_NO_NUMBER = _("Enter a number, such as “4000000000”, “4 billion” or “12.5”, and nothing else.")


class FactQuerySet(LockingQuerySet):
    def overdue(self):
        """Those that should have been reviewed before today, the oldest first."""
        return self.filter(review_by__lt=timezone.localdate()).order_by("review_by", "key")


class Fact(models.Model):
    """A figure with its unit, where it comes from and until when it can be trusted.

    Texts name it by its key; what they say is `words`, by the rules of each language. `value` is as
    `figures.read_figure` gives it. Editions keep the words as they were when they were published.
    """

    class Unit(models.TextChoices):
        MONEY = "money", _("Money")
        PEOPLE = "people", _("People")
        PERCENT = "percent", _("Percentage")
        DATE = "date", _("Date")
        PLAIN = "plain", _("Plain number")

    class Currency(models.TextChoices):
        CAD = "CAD", _("Canadian dollars")
        USD = "USD", _("US dollars")
        EUR = "EUR", _("Euros")
        IQD = "IQD", _("Iraqi dinars")

    key = models.SlugField(_("key"), max_length=100, unique=True)
    name_en = PlainCharField(
        _("English name"),
        max_length=200,
        help_text=_("What the figure is about, such as “Two-way trade, 2020”."),
    )
    name_fr = PlainCharField(_("French name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit, default=Unit.MONEY)
    value = PlainCharField(
        _("value"),
        max_length=60,
        help_text=_(
            "A number alone, such as “4000000000” or “4 billion”, or a date, such as “2020-12-31”. The site writes it "
            "in each language; words such as “about” or “more than” belong in the text."
        ),
    )
    currency = models.CharField(
        _("currency"), max_length=3, choices=Currency, default=Currency.CAD, help_text=_("Only for money.")
    )
    source = PlainCharField(
        _("source"),
        max_length=500,
        help_text=_("Where the figure comes from, so that a colleague can check it. Readers do not see it."),
    )
    as_of = models.DateField(
        _("as-of date"), null=True, blank=True, help_text=_("The date for which the figure is correct.")
    )
    review_by = models.DateField(
        _("date of next review"),
        null=True,
        blank=True,
        help_text=_("From this date on, the worklist says that the figure has to be checked."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner of the fact"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="facts_owned",
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__in=["money", "people", "percent", "date", "plain"]),
                name="known_unit_of_fact",
            ),
            models.CheckConstraint(
                condition=Q(currency__in=["CAD", "USD", "EUR", "IQD"]), name="known_currency_of_fact"
            ),
        ]

    def __str__(self):
        return f"{self.name_en} / {self.name_fr}"

    def clean(self):
        """Puts the value in its stored form. Raises ValidationError, at the value, for what is none of the unit."""
        try:
            self.value = figures.read_figure(self.value or "", self.unit)
        except figures.UnreadableFigure:
            raise ValidationError({"value": _REFUSED.get(self.unit, _NO_NUMBER)}) from None

    @property
    def words(self):
        """What texts say, in both languages."""
        return Bilingual(
            *(
                figures.figure_text(self.value, self.unit, language, self.currency)
                for language in ("en", "fr")
            )
        )

    @property
    def name(self):
        """What the figure tells, in both languages."""
        return Bilingual(self.name_en, self.name_fr)

    @property
    def is_overdue(self):
        """Whether it should have been reviewed before today."""
        return self.review_by is not None and self.review_by < timezone.localdate()
