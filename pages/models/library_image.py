"""Images that are kept once, and shown by the figures of any number of pages."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import image_crops
from ..fields import PictureField, PlainCharField
from .active_language import in_active_language
from .locking import LockingQuerySet


class LibraryImage(models.Model):
    """An image with a title that it is found by. Editions keep it as it was when they were published."""

    key = models.SlugField(_("key"), max_length=100, unique=True)
    title = PlainCharField(
        _("title"),
        max_length=200,
        help_text=_(
            "Helps editors find the image, for example “Bridge over the Tigris in Baghdad”. Readers do not see it."
        ),
    )
    alternative_text = PlainCharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_(
            "Describe the image for people who cannot see it, in up to 140 characters (170 in French). A figure "
            "takes this text unless it has its own."
        ),
    )
    credit = PlainCharField(
        _("credit"),
        max_length=300,
        blank=True,
        help_text=_(
            "Whose image it is, such as “Photo: Canadian Red Cross”. Readers see it below the image."
        ),
    )
    has_words = models.BooleanField(
        _("contains words"),
        default=False,
        db_default=False,
        help_text=_("There are words in the image that readers need. Add a file with the words in French."),
    )
    image = PictureField(
        _("image"), null=True, help_text=_("PNG, JPEG or WebP, up to 10 MB and 40 megapixels.")
    )
    image_fr = PictureField(
        _("image in French"),
        null=True,
        blank=True,
        help_text=_(
            "Only for an image with words in it. Where there is none, both languages show the image above."
        ),
    )
    crop = PlainCharField(
        _("part that is shown"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("In pixels of the image. Empty, pages show all of it. The file itself stays as it is."),
    )
    crop_fr = PlainCharField(
        _("part of the image in French that is shown"), max_length=40, blank=True, default="", db_default=""
    )
    focus_x = models.PositiveSmallIntegerField(
        _("focal point, across (%)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("From 0 for the left edge to 100 for the right edge."),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focal point, down (%)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("From 0 for the top to 100 for the bottom."),
    )
    digest = models.CharField(_("checksum"), max_length=32, db_index=True, editable=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["key"]

    def __str__(self):
        return in_active_language(self, "title") or self.key

    def save(self, *args, **kwargs):
        """Saves it, and what figures keep of it for processes of the version before."""
        stored = getattr(self.image, "image", self.image)
        self.digest = stored.digest if stored else ""
        super().save(*args, **kwargs)
        image_crops.store(self.image, self.crop)
        image_crops.store(self.image_fr, self.crop_fr)
        self.figures.update(stored_image=self.image)

    def file(self, language):
        """Returns the file that readers of a language see: the part that is shown, of its own image or of the other."""
        if language == "fr" and self.image_fr:
            return image_crops.part(self.image_fr, self.crop_fr)
        return image_crops.part(self.image, self.crop)
