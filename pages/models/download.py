"""Documents that readers download, which pages share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import DownloadField, PictureField, PlainCharField
from .active_language import in_active_language
from .locking import LockingQuerySet


class Download(models.Model):
    """A document with a file for each language. Editions keep it as it was when they were published."""

    key = models.SlugField(_("key"), max_length=100, unique=True)
    title = PlainCharField(
        _("title"),
        max_length=200,
        help_text=_(
            "What readers see as the link, such as “Annual report 2025”. The site adds type and size."
        ),
    )
    file_en = DownloadField(_("file in English"), blank=True, default="", db_default="")
    file_fr = DownloadField(_("file in French"), blank=True, default="", db_default="")
    captions_en = DownloadField(
        _("captions in English"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Only for a video: a WebVTT file (.vtt) with all that is said and the sounds that matter."
        ),
    )
    captions_fr = DownloadField(
        _("captions in French"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Only for a video: a WebVTT file (.vtt) with all that is said and the sounds that matter."
        ),
    )
    poster = PictureField(
        _("poster"),
        blank=True,
        null=True,
        help_text=_("Only for a video: the image that readers see until it plays. PNG, JPEG or WebP."),
    )

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("file to download")
        verbose_name_plural = _("files to download")
        ordering = ["key"]

    def __str__(self):
        return in_active_language(self, "title") or self.key
