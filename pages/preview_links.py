"""Links that show somebody without an account what is not public yet; of each, only the hash is kept."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .editions import Edition
from .rows import Page

# 32 random bytes, as they stand in an address.
TOKEN = r"[A-Za-z0-9_-]{43}"


class PreviewLinkQuerySet(models.QuerySet):
    def open(self, at=None):
        """Those that can be followed: neither revoked nor past their time."""
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())

    def find(self, token):
        """The open link of a token. Raises PreviewLink.DoesNotExist for any other, whatever is wrong with it."""
        return self.open().select_related("page__parent", "edition").get(digest=_digest(token))


class PreviewLink(models.Model):
    """Leave to see the working copy of a page, or one edition of it, in both languages and without an account.

    Which words were chosen for `note` tells staff one link from another, because its address is shown only once.
    """

    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="preview_links"
    )
    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, null=True, related_name="preview_links"
    )
    digest = models.CharField(_("digest of the token"), max_length=64, unique=True)
    note = models.CharField(_("for whom"), max_length=100, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("ends at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        default_permissions = ()
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.note or str(self.pk)

    @property
    def is_open(self):
        return self.revoked_at is None and self.expires_at > timezone.now()


def make(page, *, by, days, edition=None, note=""):
    """Makes a link, and returns it with its token, which cannot be found out again."""
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=days)
    link = PreviewLink.objects.create(
        page=page, edition=edition, digest=_digest(token), note=note, created_by=by, expires_at=expires_at
    )
    return link, token


def _digest(token):
    # Looked up by the index: how long that takes tells nothing of the token, only of a hash that nobody can aim at.
    return hashlib.sha256(token.encode()).hexdigest()
