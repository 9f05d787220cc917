"""Texts of other packages that lack French; naming them here keeps their translation in our catalogue."""

from django.utils.translation import gettext_noop as _

CONTENT_EDITOR = (
    _("Add new item"),
    _("Collapse all items"),
    _("marked for deletion"),
    _("New item"),
    _("No items."),
    _("Uncollapse all items"),
)
