"""The kinds of blocks that a working copy is made of, in one order per page."""

from content_editor.models import create_plugin_base
from django.core.validators import EmailValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import document
from ..field_kinds import SHARED, Kind, heading_name, names_of
from ..fields import PictureField, PlainCharField, PlainTextField, RichTextField, new_key
from .active_language import in_active_language
from .download import Download
from .library_image import LibraryImage
from .page import Page
from .partner import PartnerOrganization

valid_telephone = RegexValidator(
    r"^\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\.|extension|poste) ?[0-9]{1,8})?\Z",
    _("Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”."),
)
valid_email = EmailValidator(_("Enter an email address, such as “info@example.org”."))


class Block(create_plugin_base(Page)):
    """A part of a page's working copy. Its key stays the same in every edition, whatever its heading says.

    The model of a kind has a field of the same name for each one that its `declaration` has, says in `icon` how the
    button looks that adds one (the path of an SVG of 24 × 24), and may say in `if_missing` what editors are told
    when a field is empty that must not be.
    """

    declaration: type[document.Block]
    icon = ""
    if_missing = {}

    key = models.SlugField(_("key"), max_length=100, default=new_key, editable=False)

    class Meta:
        abstract = True
        ordering = ["ordering"]

    def __str__(self):
        heading = heading_name(self.declaration)
        return str(heading and in_active_language(self, heading) or self._meta.verbose_name)

    @classmethod
    def shared_fields(cls):
        return names_of(cls.declaration, *SHARED)

    @classmethod
    def image_fields(cls):
        return names_of(cls.declaration, Kind.LIBRARY_IMAGE)


class TextSection(Block):
    """A heading (or none) and the text below it."""

    declaration = document.TextSection
    icon = "M4 6h16M4 10h16M4 14h16M4 18h10"

    heading = PlainCharField(_("heading"), max_length=200, blank=True)
    body = RichTextField(_("text"))

    class Meta(Block.Meta):
        verbose_name = _("text")
        verbose_name_plural = _("texts")


class Objective(Block):
    """One objective of a strategy with the partners who work on it; a page numbers its objectives in order."""

    declaration = document.Objective
    icon = "M6 21V4h11l-2 4 2 4H6"
    if_missing = {"title": _("An objective is missing its title.")}

    title = PlainCharField(_("title"), max_length=200)
    body = RichTextField(_("text"))
    partners = models.ManyToManyField(
        PartnerOrganization, verbose_name=_("partners"), blank=True, related_name="objectives"
    )

    class Meta(Block.Meta):
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")


class PartnerList(Block):
    """A list of partner organizations; each language shows them in its own alphabetical order."""

    declaration = document.PartnerList
    icon = "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 20c0-4 3-6 6-6s6 2 6 6M16 11a3 3 0 1 0 0-6M17 14c3 0 5 2 5 6"

    heading = PlainCharField(_("heading"), max_length=200, blank=True)
    introduction = RichTextField(_("introduction"), blank=True)
    partners = models.ManyToManyField(
        PartnerOrganization, verbose_name=_("partners"), related_name="partner_lists"
    )

    class Meta(Block.Meta):
        verbose_name = _("list of partners")
        verbose_name_plural = _("lists of partners")


class FigureManager(models.Manager):
    def get_queryset(self):
        """Figures with their images: no figure is read without."""
        return super().get_queryset().select_related("image")


class Figure(Block):
    """A picture with its alternative text (unless it only decorates) and its caption."""

    declaration = document.Figure
    icon = "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4"
    if_missing = {
        "image": _("A figure has no image. Choose one, or remove the figure."),
        "alternative_text": _(
            "A figure has no alternative text. Add it in both languages, or mark the figure as decorative."
        ),
    }

    image = models.ForeignKey(
        LibraryImage,
        verbose_name=_("image"),
        on_delete=models.PROTECT,
        null=True,
        db_column="library_image_id",
        db_index=False,
        related_name="figures",
    )
    # The file itself, for processes of the version before the library; written and never read.
    stored_image = PictureField(db_column="image", default="", editable=False)
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("The image adds no information to the text. Screen readers skip it."),
    )
    alternative_text = PlainCharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_(
            "Describe the image for people who cannot see it, in up to 140 characters (170 in French). If left "
            "empty, that of the library is taken."
        ),
    )
    caption = PlainCharField(_("caption"), max_length=300, blank=True)
    credit = PlainCharField(
        _("credit"),
        max_length=300,
        blank=True,
        db_default="",
        help_text=_("Whose image it is. If left empty, the credit of the library is taken."),
    )

    objects = FigureManager()

    class Meta(Block.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        indexes = [models.Index(fields=["image"], name="figure_library_image")]

    def choose_image(self, row):
        """Shows an image of the library, or none."""
        self.image = row
        self.stored_image = row.image if row else None

    def save(self, *args, **kwargs):
        """Saves it with what processes of the version before read."""
        self.choose_image(self.image)
        super().save(*args, **kwargs)


class PageList(Block):
    """A list of the pages below this one, always as they are live."""

    declaration = document.PageList
    icon = "M4 6h1M9 6h11M4 12h1M9 12h11M4 18h1M9 18h11"

    heading = PlainCharField(_("heading"), max_length=200, blank=True)

    class Meta(Block.Meta):
        verbose_name = _("list of subpages")
        verbose_name_plural = _("lists of subpages")


class Alert(Block):
    """A message that readers should not miss, at one of four levels."""

    declaration = document.Alert
    icon = "M12 4 2 20h20zM12 10v5M12 17.5v.5"
    if_missing = {"body": _("An alert has no text. Write it in both languages, or remove the alert.")}

    class Level(models.TextChoices):
        INFORMATION = "information", _("Information")
        SUCCESS = "success", _("Success")
        WARNING = "warning", _("Warning")
        DANGER = "danger", _("Danger")

    level = models.CharField(
        _("level"),
        max_length=20,
        choices=Level,
        default=Level.INFORMATION,
        help_text=_(
            "Danger: people could be harmed or lose something. Warning: something could go wrong. Success: "
            "something was completed. Information: everything else that readers should not miss."
        ),
    )
    heading = PlainCharField(_("heading"), max_length=200, blank=True)
    body = RichTextField(_("text"))

    class Meta(Block.Meta):
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=["information", "success", "warning", "danger"]),
                name="known_level_of_alert",
            )
        ]


class ExpandableSection(Block):
    """A heading under which a text is folded away until a reader opens it."""

    declaration = document.ExpandableSection
    icon = "M4 6h16M4 10h16M8 15l4 4 4-4"
    if_missing = {
        "heading": _("An expandable section has no heading. Readers need one to open it."),
        "body": _("An expandable section has no text. Write it in both languages, or remove the section."),
    }

    heading = PlainCharField(_("heading"), max_length=200)
    body = RichTextField(_("text"))

    class Meta(Block.Meta):
        verbose_name = _("expandable section")
        verbose_name_plural = _("expandable sections")


class Step(Block):
    """One step of a procedure; steps that follow one another are numbered."""

    declaration = document.Step
    icon = "M4 20h5v-5h5v-5h5V4"
    if_missing = {"heading": _("A step has no heading. Say in it what to do.")}

    heading = PlainCharField(
        _("heading"),
        max_length=200,
        help_text=_(
            "What to do, beginning with a verb, such as “Gather your documents”. The site numbers the steps."
        ),
    )
    body = RichTextField(_("text"), blank=True)

    class Meta(Block.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")


class Quote(Block):
    """The words of somebody, and whose they are."""

    declaration = document.Quote
    icon = "M9 7c-3 1-4 3-4 6v4h5v-5H7M19 7c-3 1-4 3-4 6v4h5v-5h-3"
    if_missing = {
        "body": _("A quote has no text. Write it in both languages, or remove the quote."),
        "attribution": _("A quote does not say whose words it is. Fill in the attribution."),
    }

    body = RichTextField(_("text"))
    attribution = PlainCharField(
        _("attribution"),
        max_length=300,
        help_text=_(
            "Who said it, in what role, and when or where, such as “Jane Doe, Minister, May 2, 2026”."
        ),
    )

    class Meta(Block.Meta):
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")


class Action(Block):
    """The one thing that a page asks its readers to do: a link that stands out."""

    declaration = document.Action
    icon = "M4 8h16v8H4zM9 12h6M13 10l2 2-2 2"
    if_missing = {"link": _("An action has no link. Add it in both languages, or remove the action.")}

    link = RichTextField(
        _("link"),
        help_text=_("A few words that say what happens, such as “Apply for a visa”, all of them one link."),
    )

    class Meta(Block.Meta):
        verbose_name = _("action")
        verbose_name_plural = _("actions")


class DescribedLink(Block):
    """A link with what readers find there; some in a row lead on from a page."""

    declaration = document.DescribedLink
    icon = "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"
    if_missing = {
        "link": _("A link with description has no link. Add it in both languages, or remove the block."),
        "description": _("A link has no description. Say in one sentence what readers find there."),
    }

    link = RichTextField(
        _("link"), help_text=_("The title of the page that it goes to, all of the words one link.")
    )
    description = PlainCharField(
        _("description"),
        max_length=300,
        help_text=_("One sentence, up to 120 characters, on what readers find there."),
    )

    class Meta(Block.Meta):
        verbose_name = _("link with description")
        verbose_name_plural = _("links with descriptions")


class Contact(Block):
    """How to reach somebody: each way that there is."""

    declaration = document.Contact
    icon = "M5 4h4l2 5-2 2c1 2 2 3 4 4l2-2 5 2v4c-9 2-17-6-15-15"
    if_missing = {"heading": _("A contact has no heading. Say in it who answers.")}

    heading = PlainCharField(
        _("heading"), max_length=200, help_text=_("Who answers, such as “Embassy of Canada to Iraq”.")
    )
    telephone = PlainCharField(
        _("telephone"),
        max_length=50,
        blank=True,
        validators=[valid_telephone],
        help_text=_("With the area code."),
    )
    teletypewriter = PlainCharField(
        _("teletypewriter (TTY)"), max_length=50, blank=True, validators=[valid_telephone]
    )
    email = PlainCharField(_("email"), max_length=200, blank=True, validators=[valid_email])
    link = RichTextField(
        _("online form"),
        blank=True,
        help_text=_("A few words that say what the form is for, all of them one link."),
    )
    hours = PlainTextField(
        _("hours"),
        max_length=500,
        blank=True,
        multiline=True,
        help_text=_("Days, hours and the time zone, such as “Monday to Friday, 8 am to 4 pm, Baghdad time”."),
    )
    postal_address = PlainTextField(_("postal address"), max_length=500, blank=True, multiline=True)

    class Meta(Block.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")


class DownloadList(Block):
    """A list of documents that readers download; each language shows them in its own alphabetical order."""

    declaration = document.DownloadList
    icon = "M12 4v10M8 10l4 4 4-4M4 19h16"
    if_missing = {"downloads": _("A list of files to download has no file. Choose one, or remove the list.")}

    heading = PlainCharField(_("heading"), max_length=200, blank=True)
    introduction = RichTextField(_("introduction"), blank=True)
    downloads = models.ManyToManyField(
        Download, verbose_name=_("files to download"), related_name="download_lists"
    )

    class Meta(Block.Meta):
        verbose_name = _("downloads")
        verbose_name_plural = _("lists of downloads")


class KeyFigures(Block):
    """Some figures that stand out, each a fact with the words that say what it is."""

    declaration = document.KeyFigures
    icon = "M5 20v-7h3v7zM11 20V4h3v16zM17 20v-11h3v11z"
    if_missing = {
        "figures": _("The key figures block is empty. Add a figure in both languages, or remove the block.")
    }

    heading = PlainCharField(_("heading"), max_length=200, blank=True)
    figures = RichTextField(
        _("figures"),
        help_text=_(
            "A list with an item for each figure: insert the fact, then write what it counts, such as “$88 million in "
            "two-way trade in 2020”."
        ),
    )

    class Meta(Block.Meta):
        verbose_name = _("key figures")
        verbose_name_plural = _("blocks of key figures")


class TimelineEntry(Block):
    """What happened on a date; entries that follow one another are one timeline."""

    declaration = document.TimelineEntry
    icon = "M7 3v18M4 7h6M4 15h6M13 7h7M13 15h7"
    if_missing = {
        "date": _("A timeline entry has no date. Say when it happened."),
        "body": _("A timeline entry has no text. Write it in both languages, or remove the entry."),
    }

    date = PlainCharField(
        _("date"),
        max_length=100,
        help_text=_("As readers should see it, such as “May 2, 2014”, “June 2018” or “2016 to 2019”."),
    )
    heading = PlainCharField(_("heading"), max_length=200, blank=True)
    body = RichTextField(_("text"))

    class Meta(Block.Meta):
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")


class Table(Block):
    """A table with its caption, and the notes that belong to it."""

    declaration = document.Table
    icon = "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14"
    if_missing = {
        "caption": _("A table has no caption. Say in a few words what it shows."),
        "table": _("A table is empty. Write it in both languages, or remove the block."),
    }

    caption = PlainCharField(
        _("caption"),
        max_length=300,
        help_text=_("What the table shows, in a few words, such as “Two-way trade from 2018 to 2020”."),
    )
    table = RichTextField(
        _("table"),
        help_text=_(
            "One table and nothing else: insert it, or paste it from Word or Excel. Make the first row, the first "
            "column or both the header."
        ),
    )
    notes = RichTextField(
        _("notes"),
        blank=True,
        help_text=_(
            "Below the table: its source, its units, and what readers need to know of single figures."
        ),
    )

    class Meta(Block.Meta):
        verbose_name = _("table")
        verbose_name_plural = _("tables")


class Video(Block):
    """A video of the site, with its captions and with what is said and shown in it as a text."""

    declaration = document.Video
    icon = "M4 5h16v14H4zM10 9l5 3-5 3z"
    if_missing = {
        "downloads": _("A video block has no video. Choose one, or remove the block."),
        "transcript": _(
            "A video has no transcript. Write what is said and shown, in both languages, for those who cannot hear or "
            "see it."
        ),
    }

    heading = PlainCharField(_("heading"), max_length=200, blank=True)
    downloads = models.ManyToManyField(Download, verbose_name=_("video"), related_name="videos")
    transcript = RichTextField(
        _("transcript"),
        help_text=_("What is said, and what is shown without words, in the order of the video."),
    )

    class Meta(Block.Meta):
        verbose_name = _("video")
        verbose_name_plural = _("videos")


class SharedPlaceManager(models.Manager):
    def get_queryset(self):
        """Places with their shared blocks: none is read without."""
        return super().get_queryset().select_related("shared_block")


class SharedPlace(Block):
    """A place in a page for a block that is kept once (`models.shared_block`)."""

    declaration = document.SharedPlace
    icon = "M8 4h12v12H8zM4 8v12h12"
    if_missing = {
        "shared_block": _("No shared block is chosen. Choose one, or remove its place from the page.")
    }

    shared_block = models.ForeignKey(
        "pages.SharedBlock",
        verbose_name=_("shared block"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        help_text=_("What it says is changed in its own form, for all pages that show it."),
    )

    objects = SharedPlaceManager()

    class Meta(Block.Meta):
        verbose_name = _("shared block")
        verbose_name_plural = _("places of shared blocks")

    def __str__(self):
        return str(self.shared_block or self._meta.verbose_name)


# The model of each kind of block, by its declaration and in the order of `document.BLOCKS`.
MODELS = {model.declaration: model for model in Block.__subclasses__()}
BLOCK_MODELS = tuple(MODELS[declaration] for declaration in document.BLOCKS.values())
