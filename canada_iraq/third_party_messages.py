"""Texts of other packages that we say in our own words; naming them here keeps their French in our catalogue.

`locale/en` has our English for those whose own English does not use the words of this site. Django’s French puts names
of models into sentences that need an article there, and spaces as in France.
"""

from django.utils.translation import gettext_noop as _

CONTENT_EDITOR = (
    _("Add new item"),
    _("Collapse all items"),
    _("marked for deletion"),
    _("New item"),
    _("No items."),
    _("Uncollapse all items"),
)
DJANGO = (
    _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    _("Add another %(verbose_name)s"),
    _("Added {name} “{object}”."),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related '
        "items will be deleted:"
    ),
    _(
        "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their "
        "related items will be deleted:"
    ),
    _("Change history: %s"),
    _("Changed {fields} for {name} “{object}”."),
    _("Changed {fields}."),
    _("Delete?"),
    _("Deleted {name} “{object}”."),
    _("email address"),
    _("Go"),
    _("Log in"),
    _("Log in again"),
    _("Log out"),
    _("Logged out"),
    _("Save and add another"),
    _("Save and continue editing"),
    _("Select this object for an action - {}"),
    _("staff status"),
    _("Thanks for spending some quality time with the web site today."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("Yes, I’m sure"),
    _("You may edit it again below."),
)
