"""Partner organizations, which pages share."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..fields import PictureField, PlainCharField, PlainTextField
from .active_language import in_active_language
from .locking import LockingQuerySet

valid_website = URLValidator(
    schemes=["http", "https"], message=_("Enter a full web address that starts with https://.")
)


class PartnerOrganization(models.Model):
    """An organization that pages name as a partner. Editions keep it as it was when they were published."""

    class Kind(models.TextChoices):
        MULTILATERAL = "multilateral", _("Multilateral organization")
        COALITION = "coalition", _("Coalition")
        MISSION = "mission", _("Field mission or team")
        CIVIL_SOCIETY = "civil_society", _("Civil society or humanitarian movement")
        GOVERNMENT = "government", _("Government body")

    key = models.SlugField(_("key"), max_length=100, unique=True)
    kind = models.CharField(_("type"), max_length=20, choices=Kind)
    name = PlainCharField(_("name"), max_length=200)
    acronym = PlainCharField(_("acronym"), max_length=20, blank=True)
    website = PlainCharField(
        _("website"),
        max_length=300,
        blank=True,
        validators=[valid_website],
        help_text=_("If the website does not exist in a language, leave that field empty."),
    )
    description = PlainTextField(_("description"), max_length=500, blank=True)
    logo = PictureField(
        _("logo"),
        blank=True,
        null=True,
        help_text=_(
            "PNG, JPEG or WebP, up to 10 MB. The logo appears beside the name, so it needs no alternative "
            "text."
        ),
    )

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner organization")
        verbose_name_plural = _("partner organizations")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["multilateral", "coalition", "mission", "civil_society", "government"]),
                name="known_kind_of_partner",
            )
        ]

    def __str__(self):
        return in_active_language(self, "name") or self.key
