"""The working copy: what editors are writing. Nothing here is public; see `editions` for what is."""

import secrets

from content_editor.models import Region, create_plugin_base
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .fields import PictureField, RichTextField
from .slugs import slug

ADDRESS = r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*"

valid_address = RegexValidator(
    rf"^{ADDRESS}\Z",
    _(
        "Use lower-case letters without accents, digits and single hyphens, with “/” between parts:"
        " for example “canada-iraq-relations”."
    ),
)
valid_website = URLValidator(
    schemes=["http", "https"], message=_("Enter a whole web address that starts with https://.")
)


def new_key():
    """A key for a block: eight hexadecimal digits, the same in every edition and language."""
    return secrets.token_hex(4)


class Lockable(models.QuerySet):
    def locked(self):
        """Until the transaction ends nobody else locks these rows, or changes them.

        All of a transaction's locks are taken in one order, or two people could wait for one another for ever:
        partner organizations before pages, and of each kind the oldest first. What only points at a row, like a
        child, an edition or a report at a page, need not wait.
        """
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class PageQuerySet(Lockable):
    def in_tree_order(self):
        """Parents before their children, siblings by position: as the admin lists them.

        The place is worked out by the database, from the root down, in numbers of a fixed width, because a
        place kept in a column would have to be kept in step with every move.
        """
        return self.annotate(place=RawSQL(PLACE, ())).order_by("place")

    def with_content(self):
        """Fetches all that a document is read from, in a constant number of queries."""
        return self.select_related("parent").prefetch_related(
            "pages_textsection_set",
            "pages_objective_set__partners",
            "pages_partnerlist_set__partners",
            "pages_figure_set",
            "pages_pagelist_set",
        )

    def naming(self, partners):
        """The pages that name one of these partner organizations."""
        naming = Q(pk__in=[])
        for model in (Objective, PartnerList):
            naming |= Q(pk__in=model.objects.filter(partners__in=partners).values("parent"))
        return self.filter(naming)


# Adding to a round number gives digits of one width in SQLite and PostgreSQL alike.
PLACE = """(
    WITH RECURSIVE up(id, parent_id, place, depth) AS (
        SELECT here.id, here.parent_id,
               CAST(100000 + here.position AS text) || CAST(1000000000 + here.id AS text), 0
          FROM pages_page AS here WHERE here.id = pages_page.id
        UNION ALL
        SELECT above.id, above.parent_id,
               CAST(100000 + above.position AS text) || CAST(1000000000 + above.id AS text) || '/' || up.place,
               up.depth + 1
          FROM pages_page AS above JOIN up ON above.id = up.parent_id WHERE up.depth < 20
    )
    SELECT place FROM up ORDER BY depth DESC LIMIT 1
)"""


class Page(models.Model):
    """The working copy of one page and its place in the site. Changing it changes nothing public."""

    regions = [Region(key="main", title=_("Content"))]

    key = models.SlugField(
        _("key"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_(
            "Names the page in files and links of this software. Left empty, it is made from the title."
        ),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent page"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("The page above this one. Only the home page has none."),
    )
    position = models.PositiveIntegerField(
        _("position"), default=0, help_text=_("Order among the pages that have the same parent.")
    )
    title = models.CharField(_("title"), max_length=200)
    address = models.CharField(
        _("address"),
        max_length=200,
        blank=True,
        validators=[valid_address],
        help_text=_("The end of the page’s web address, for example “canada-iraq-relations”."),
    )
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences for search engines and lists of pages; at most 130 characters."),
    )
    introduction = RichTextField(_("introduction"), blank=True)
    takes_reports = models.BooleanField(
        _("visitors can report a problem"),
        default=True,
        help_text=_("Shows the form “Report a problem on this page”."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pages_owned",
    )
    review_by = models.DateField(_("review by"), null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(
                Coalesce("parent", 0),
                condition=Q(parent__isnull=True),
                name="one_home_page",
                violation_error_message=_("There is a home page already: choose a parent page."),
            ),
            models.UniqueConstraint(
                fields=["address_en"],
                condition=~Q(address_en=""),
                name="one_page_per_english_address",
                violation_error_message=_("Another page has this address in English."),
            ),
            models.UniqueConstraint(
                fields=["address_fr"],
                condition=~Q(address_fr=""),
                name="one_page_per_french_address",
                violation_error_message=_("Another page has this address in French."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="no_page_is_its_own_parent"
            ),
        ]
        indexes = [models.Index(fields=["parent", "position"])]
        permissions = [
            ("publish_page", _("Can publish pages")),
            ("publish_in_emergency", _("Can publish in one language only, in an emergency")),
        ]

    def __str__(self):
        return self.title or self.key

    def clean(self):
        if not self.key:
            self.key = slug(self.title_en or self.title_fr or "")[:90] or new_key()
            if Page.objects.filter(key=self.key).exclude(pk=self.pk).exists():
                self.key = f"{self.key}-{new_key()}"
        above = self.parent
        while above is not None:
            if above.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": _("A page cannot be below itself: choose another parent.")})
            above = above.parent


class PartnerOrganization(models.Model):
    """An organization that pages name as a partner. Editions keep it as it was when they were published."""

    class Kind(models.TextChoices):
        MULTILATERAL = "multilateral", _("Multilateral organization")
        COALITION = "coalition", _("Coalition")
        MISSION = "mission", _("Mission or team in the field")
        CIVIL_SOCIETY = "civil_society", _("Civil society or humanitarian movement")
        GOVERNMENT = "government", _("Government body")

    key = models.SlugField(_("key"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    website = models.CharField(
        _("website"),
        max_length=300,
        blank=True,
        validators=[valid_website],
        help_text=_("Leave a language empty where the website does not exist in it."),
    )
    description = models.TextField(_("description"), max_length=500, blank=True)
    logo = PictureField(
        _("logo"),
        blank=True,
        null=True,
        help_text=_("PNG, JPEG or WebP, at most 10 MB. It is shown beside the name, so it needs no text."),
    )

    objects = Lockable.as_manager()

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
        return self.name or self.key


class Block(create_plugin_base(Page)):
    """A part of a page's working copy. Its key stays the same in every edition, whatever its heading says."""

    key = models.SlugField(_("key"), max_length=100, default=new_key, editable=False)

    class Meta:
        abstract = True
        ordering = ["ordering"]

    def __str__(self):
        return str(getattr(self, "heading", None) or getattr(self, "title", None) or self._meta.verbose_name)


class TextSection(Block):
    """A heading (or none) and the text below it."""

    heading = models.CharField(_("heading"), max_length=200, blank=True)
    body = RichTextField(_("text"))

    class Meta(Block.Meta):
        verbose_name = _("text")
        verbose_name_plural = _("texts")


class Objective(Block):
    """One objective of a strategy with the partners who work on it; a page numbers its objectives in order."""

    title = models.CharField(_("title"), max_length=200)
    body = RichTextField(_("text"))
    partners = models.ManyToManyField(
        PartnerOrganization, verbose_name=_("partners"), blank=True, related_name="objectives"
    )

    class Meta(Block.Meta):
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")


class PartnerList(Block):
    """A list of partner organizations; each language shows them in its own alphabetical order."""

    heading = models.CharField(_("heading"), max_length=200, blank=True)
    introduction = RichTextField(_("introduction"), blank=True)
    partners = models.ManyToManyField(
        PartnerOrganization, verbose_name=_("partners"), related_name="partner_lists"
    )

    class Meta(Block.Meta):
        verbose_name = _("list of partners")
        verbose_name_plural = _("lists of partners")


class Figure(Block):
    """A picture with its alternative text (unless it only decorates) and its caption."""

    image = PictureField(_("image"), help_text=_("PNG, JPEG or WebP, at most 10 MB and 40 megapixels."))
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("The picture tells nothing that the text does not: screen readers pass over it."),
    )
    alternative_text = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for who cannot see it: at most 140 characters (French: 170)."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)

    class Meta(Block.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")


class PageList(Block):
    """A list of the pages below this one, always as they are live."""

    heading = models.CharField(_("heading"), max_length=200, blank=True)

    class Meta(Block.Meta):
        verbose_name = _("list of pages")
        verbose_name_plural = _("lists of pages")


BLOCK_MODELS = (TextSection, Objective, PartnerList, Figure, PageList)
