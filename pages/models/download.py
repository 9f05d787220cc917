"""Documents that readers download, which pages share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import DownloadField, PlainCharField
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

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("file to download")
        verbose_name_plural = _("files to download")
        ordering = ["key"]

    def __str__(self):
        return self.title or self.key
