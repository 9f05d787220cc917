"""Page templates: what a new page may begin with, and what helps the editor to write it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import document
from ..fields import PlainCharField, PlainTextField
from .active_language import in_active_language

# What its document calls the page that is made from it, so that links to that page itself lead there.
KEY_PREFIX = "template-"


class PageTemplate(models.Model):
    """What pages of one sort have in common, such as those about countries: texts and blocks to begin with.

    `document` is a page without a title, an address and a place. The blocks of a page that is made from it keep their
    keys, by which `tips` are found. `allowed_blocks` names the kinds of blocks that such pages have; none for all.
    """

    key = models.SlugField(_("key"), max_length=80, unique=True)
    name_en = PlainCharField(
        _("English name"),
        max_length=100,
        help_text=_("What sort of page it is, such as “Country page”."),
    )
    name_fr = PlainCharField(_("French name"), max_length=100)
    purpose_en = PlainCharField(
        _("when to use it, in English"),
        max_length=300,
        blank=True,
        help_text=_("Shown beside the name to those who add a page."),
    )
    purpose_fr = PlainCharField(_("when to use it, in French"), max_length=300, blank=True)
    allowed_blocks = models.JSONField(_("types of blocks"), default=list, blank=True)
    document = models.TextField(_("document"), editable=False)

    class Meta:
        verbose_name = _("page template")
        verbose_name_plural = _("page templates")
        ordering = ["name_en", "key"]

    def __str__(self):
        return f"{self.name_en} / {self.name_fr}"

    def read(self):
        """Returns what a page begins with, as a `document.Document` without a title, an address and a parent."""
        return document.loads(self.document)

    def allows(self, kind):
        """Returns whether pages that are made from it are offered blocks of a kind."""
        return not self.allowed_blocks or kind in self.allowed_blocks

    @property
    def name(self):
        """Its name in the active language."""
        return in_active_language(self, "name")

    @property
    def purpose(self):
        """When to use it, in the active language, or in the other one where that says nothing."""
        return in_active_language(self, "purpose")


class TemplateTip(models.Model):
    """What helps the editor with one block of a page that is made from a template, or with the page (`block` is "").

    No document holds it, so it is never published.
    """

    template = models.ForeignKey(PageTemplate, on_delete=models.CASCADE, related_name="tips")
    block = models.SlugField(max_length=100, blank=True, editable=False)
    ordering = models.PositiveIntegerField(default=0, editable=False)
    text_en = PlainTextField(_("English tip"), max_length=600, blank=True, multiline=True)
    text_fr = PlainTextField(_("French tip"), max_length=600, blank=True, multiline=True)

    label = ""  # what it is about, where somebody has looked that up

    class Meta:
        default_permissions = ()  # those of the template
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        ordering = ["ordering", "pk"]
        constraints = [models.UniqueConstraint(fields=["template", "block"], name="one_tip_per_block")]

    def __str__(self):
        return self.label or self.block

    @property
    def text(self):
        """The tip in the active language, or in the other one where that says nothing."""
        return in_active_language(self, "text")
