"""Links that show somebody without an account what is not public yet; of each, only the hash is kept."""

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import people
from ..fields import PlainCharField
from .edition import Edition
from .page import Page

# Days for which staff still see what became of a link after it ended or was revoked.
ENDED_LINKS_KEPT_DAYS = 30

# 32 random bytes, as they stand in an address.
TOKEN = r"[A-Za-z0-9_-]{43}"


class PreviewLinkQuerySet(models.QuerySet):
    def open(self, at=None):
        """Those that can be followed: neither revoked nor past their time."""
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())

    def past_retention(self, at=None):
        """Finds those that ended, or were revoked, more than `ENDED_LINKS_KEPT_DAYS` ago."""
        limit = (at or timezone.now()) - timedelta(days=ENDED_LINKS_KEPT_DAYS)
        return self.filter(models.Q(expires_at__lt=limit) | models.Q(revoked_at__lt=limit))

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
    digest = models.CharField(_("hash of the token"), max_length=64, unique=True)
    note = PlainCharField(_("shared with"), max_length=100, blank=True)
    created_by = people.account_field(_("created by"))
    created_by_name = people.name_field(_("name"))
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires on"))
    revoked_at = models.DateTimeField(_("revoked on"), null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        default_permissions = ()
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.note or str(self.pk)

    @property
    def created_by_shown(self):
        """The name of the person who made it, as far as it is known."""
        return people.recorded(self, "created_by")

    @property
    def is_open(self):
        return self.revoked_at is None and self.expires_at > timezone.now()


def create_link(page, *, by, days, edition=None, note=""):
    """Makes a link, and returns it with its token, which cannot be found out again."""
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=days)
    link = PreviewLink.objects.create(
        page=page,
        edition=edition,
        digest=_digest(token),
        note=note,
        expires_at=expires_at,
        **people.columns(created_by=by),
    )
    return link, token


def _digest(token):
    # Looked up by the index: how long that takes tells nothing of the token, only of a hash that nobody can aim at.
    return hashlib.sha256(token.encode()).hexdigest()
