"""What is kept of every edition that is public, or will be: its words, in each language, and what it claims."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .editions import Edition
from .rows import Page


class SearchEntry(models.Model):
    """One edition in one language, as `search` finds it from one moment until another (for good if that is null).

    It is made from the editions of its page, and can be made anew at any time; `search.index` keeps it in step.
    Its words are in a table of their own, because a search looks at thousands of these rows and at few of those.
    """

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="search_entries"
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="search_entries"
    )
    language = models.CharField(_("language"), max_length=2)
    public_from = models.DateTimeField(_("public from"))
    public_until = models.DateTimeField(_("public until"), null=True)
    modified_at = models.DateTimeField(_("date modified"))

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["edition", "language"], name="one_search_entry_per_language")
        ]

    def __str__(self):
        return f"{self.edition_id} {self.language}"


class SearchText(models.Model):
    """The words of one entry: folded, in order; the terms made of them; and the text to show an extract of.

    Each database looks words and terms up in an index of its own, which a migration makes and which follows
    this table by itself: an FTS5 table kept by triggers in SQLite, a GIN index in PostgreSQL.
    """

    entry = models.OneToOneField(
        SearchEntry,
        verbose_name=_("search entry"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="found_in",
    )
    words = models.TextField(_("words"))
    text = models.TextField(_("text"))
    terms = models.TextField(_("terms"))

    class Meta:
        verbose_name = _("text of a search entry")
        verbose_name_plural = _("texts of search entries")
        default_permissions = ()

    def __str__(self):
        return str(self.entry_id)


class EditionClaim(models.Model):
    """Something that an edition says and that other pages may contradict: see `findings.claims`.

    `about` is a digest of what it is about. Of very many pages that say something of the same, only some are kept.
    """

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="claims"
    )
    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="claims")
    about = models.CharField(_("about"), max_length=32, db_index=True)
    said = models.TextField(_("said"), blank=True)
    value = models.TextField(_("value"), blank=True)
    words = models.TextField(_("words"), blank=True)

    class Meta:
        verbose_name = _("claim of an edition")
        verbose_name_plural = _("claims of editions")
        default_permissions = ()

    def __str__(self):
        return f"{self.edition_id}: {self.said}"
