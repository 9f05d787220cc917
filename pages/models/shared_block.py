"""Shared blocks: kept once, and shown on any number of pages."""

from itertools import chain

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import document, fact_marks, image_marks
from ..document import LANGUAGES, Bilingual
from ..field_kinds import TEXTS, VALUES, Kind, names_of
from ..fields import PlainCharField, PlainTextField, RichTextField
from .blocks import MODELS, Alert, valid_email, valid_telephone
from .locking import LockingQuerySet

# What a shared block can be, with the name of each, in the order of the kinds of blocks.
KIND_NAMES = [
    (kind, MODELS[declaration]._meta.verbose_name) for kind, declaration in document.SHAREABLE.items()
]


class SharedBlockQuerySet(LockingQuerySet):
    def naming_others(self):
        """Those whose texts name a fact or an image of the library."""
        condition = Q(pk__in=[])
        for column in self.model.text_columns(Kind.RICH_TEXT):
            for prefix in (fact_marks.PREFIX, image_marks.PREFIX):
                condition |= Q(**{f"{column}__contains": prefix})
        return self.filter(condition)


class SharedBlock(models.Model):
    """A block with a name for staff. Editions keep what it said when they were published.

    The columns are the fields of all the kinds that can be shared; those that its own kind does not have are empty.
    How a field is called and what it may hold is said by the model of the kind (`models.blocks`).
    """

    key = models.SlugField(_("key"), max_length=100, unique=True)
    kind = models.CharField(_("type of block"), max_length=20, choices=KIND_NAMES, editable=False)
    name_en = PlainCharField(
        _("English name"),
        max_length=200,
        help_text=_("Helps editors find the block, such as “Embassy contact”. Readers do not see it."),
    )
    name_fr = PlainCharField(_("French name"), max_length=200)
    level = models.CharField(
        _("level"), max_length=20, choices=Alert.Level, default=Alert.Level.INFORMATION, blank=True
    )
    heading = PlainCharField(_("heading"), max_length=200, blank=True)
    body = RichTextField(_("text"), blank=True)
    figures = RichTextField(_("figures"), blank=True)
    attribution = PlainCharField(_("attribution"), max_length=300, blank=True)
    telephone = PlainCharField(_("telephone"), max_length=50, blank=True, validators=[valid_telephone])
    teletypewriter = PlainCharField(
        _("teletypewriter (TTY)"), max_length=50, blank=True, validators=[valid_telephone]
    )
    email = PlainCharField(_("email"), max_length=200, blank=True, validators=[valid_email])
    link = RichTextField(_("link"), blank=True)
    description = PlainCharField(_("description"), max_length=300, blank=True)
    hours = PlainTextField(_("hours"), max_length=500, blank=True, multiline=True)
    postal_address = PlainTextField(_("postal address"), max_length=500, blank=True, multiline=True)

    objects = SharedBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared block")
        verbose_name_plural = _("shared blocks")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["information", "success", "warning", "danger"]),
                name="known_level_of_shared_block",
            ),
        ]

    def __str__(self):
        return f"{self.name_en} / {self.name_fr}"

    @classmethod
    def text_columns(cls, *kinds):
        """Returns the names of the columns that hold texts of some kinds (default: all)."""
        declared = [names_of(declaration, *(kinds or TEXTS)) for declaration in document.SHAREABLE.values()]
        return [f"{name}_{language}" for name in sorted({*chain(*declared)}) for language in LANGUAGES]

    @property
    def name(self):
        """What staff call it, in both languages."""
        return Bilingual(self.name_en, self.name_fr)

    @property
    def declaration(self):
        """What its kind is in a document."""
        return document.SHAREABLE[self.kind]

    @property
    def model(self):
        """The model of the blocks of its kind."""
        return MODELS[self.declaration]

    @property
    def fields(self):
        """The names of the fields of its kind, in their order."""
        return names_of(self.declaration, *TEXTS, *VALUES)
