"""What is kept of every edition that is public, or will be: its words in each language, its images, its claims."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .edition import Edition, ReferenceKind
from .page import Page


class SearchEntry(models.Model):
    """One edition in one language, as `search` finds it from one moment until another (for good if that is null).

    It is made from the editions of its page, and can be made again at any time (`pages.indexes`).
    Its words are in a table of their own, because a search looks at thousands of these rows and at few of those.
    """

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="search_entries"
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="search_entries"
    )
    language = models.CharField(_("language"), max_length=2)
    public_from = models.DateTimeField(_("public as of"))
    public_until = models.DateTimeField(_("public until"), null=True)
    modified_at = models.DateTimeField(_("date modified"))

    class Meta:
        verbose_name = _("search index entry")
        verbose_name_plural = _("search index entries")
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
        verbose_name=_("search index entry"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="found_in",
    )
    words = models.TextField(_("words"))
    text = models.TextField(_("text"))
    terms = models.TextField(_("terms"))

    class Meta:
        verbose_name = _("text of a search index entry")
        verbose_name_plural = _("texts of search index entries")
        default_permissions = ()

    def __str__(self):
        return str(self.entry_id)


class SearchWord(models.Model):
    """A word of the site, for spelling: folded, as it was written, and since when it is public at the earliest.

    It stays when the text that had it is no longer public, so `search.spelling` asks the index before it names one.
    """

    language = models.CharField(_("language"), max_length=2)
    word = models.CharField(_("word"), max_length=40)
    written = models.CharField(_("word as written"), max_length=40)
    public_from = models.DateTimeField(_("public as of"))

    class Meta:
        verbose_name = _("word for spelling")
        verbose_name_plural = _("words for spelling")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="one_line_per_word_and_language")
        ]

    def __str__(self):
        return self.written


class PublicImage(models.Model):
    """That a page shows an image to readers from one moment until another (without end if that is null).

    It is made from the editions of the page (`pages.indexes.public_images`).
    """

    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="public_images"
    )
    digest = models.CharField(_("checksum"), max_length=64)
    public_from = models.DateTimeField(_("public as of"))
    public_until = models.DateTimeField(_("public until"), null=True)

    class Meta:
        verbose_name = _("public image")
        verbose_name_plural = _("public images")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "page", "public_from"], name="one_period_per_image_and_page"
            )
        ]

    def __str__(self):
        return self.digest


class PublicFile(models.Model):
    """That a page offers a file to readers, under a name, from one moment until another, as `PublicImage` says it."""

    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="public_files"
    )
    digest = models.CharField(_("checksum"), max_length=64)
    name = models.CharField(_("file name"), max_length=100)
    public_from = models.DateTimeField(_("public as of"))
    public_until = models.DateTimeField(_("public until"), null=True)

    class Meta:
        verbose_name = _("public file")
        verbose_name_plural = _("public files")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "name", "page", "public_from"], name="one_period_per_file_and_page"
            )
        ]

    def __str__(self):
        return self.name


class EditionClaim(models.Model):
    """Something that an edition says and that other pages may contradict: see `content_checks.claims`.

    `about` is a digest of what it is about. Of very many pages that say something of the same, only some are kept.
    """

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="claims"
    )
    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="claims")
    about = models.CharField(_("subject"), max_length=32, db_index=True)
    said = models.TextField(_("text of the statement"), blank=True)
    value = models.TextField(_("value"), blank=True)
    words = models.TextField(_("words"), blank=True)

    class Meta:
        verbose_name = _("factual statement in an edition")
        verbose_name_plural = _("factual statements in editions")
        default_permissions = ()

    def __str__(self):
        return f"{self.edition_id}: {self.said}"


class Reference(models.Model):
    """That a text uses something that others use too: a page that it links to, an image, a partner organization.

    `name` is the key of the page or partner organization, or the checksum of the image; `section` is the key of the
    block that a link leads to. Each text also has a reference to nothing: one without any was never indexed.
    """

    kind = models.CharField(_("type"), max_length=10)
    name = models.CharField(_("name"), max_length=100)
    section = models.CharField(_("section"), max_length=100, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.kind} {self.name}"


class EditionReferenceQuerySet(models.QuerySet):
    def linked_pages(self):
        """Gives pairs of ids: a page, and a page that it links to. Two queries for all of the site."""
        ids = dict(Page.objects.order_by().values_list("key", "pk"))
        links = self.filter(kind=ReferenceKind.PAGE).order_by().values_list("page", "name").distinct()
        return [(page, ids[key]) for page, key in links if key in ids]


class EditionReference(Reference):
    """What an edition uses that readers see, or will see at its own time."""

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="references"
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="edition_references"
    )

    objects = EditionReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("use in an edition")
        verbose_name_plural = _("uses in editions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name", "section", "edition"], name="one_line_per_use_in_an_edition"
            )
        ]


class DraftReference(Reference):
    """What the working copy of a page uses."""

    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="draft_references"
    )

    class Meta:
        verbose_name = _("use in a working copy")
        verbose_name_plural = _("uses in working copies")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name", "section", "page"], name="one_line_per_use_in_a_working_copy"
            )
        ]
