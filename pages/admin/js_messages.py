"""What the scripts of the form say, in the language of the person: scripts themselves hold no words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def texts():
    """By name, for `json_script`; `{…}` are filled in by the scripts."""
    return {
        "form": _form(),
        "blocks": _blocks(),
        "toolbar": _toolbar(),
        "dialogs": _dialogs(),
        "pasted": _pasted(),
        "partners": {
            "search": _("Find partner organizations by name"),
            "found": _("Organizations found: {found}"),
        },
        "downloads": {
            "search": _("Find files to download by title"),
            "found": _("Files found: {found}"),
        },
        "autosave": _autosave(),
    }


def _form():
    return {
        "unsaved": _("Unsaved changes"),
        "count": _("{count} of {limit} characters"),
        "over": _("{count} of {limit} characters. Shorten it if you can."),
        "picture": _("Selected, not yet saved: {name}"),
        "pictureSaved": _("Saved: {name}"),
        "webAddress": _("Web address: {address}"),
    }


def _blocks():
    return {
        "add": _("Add a block at the end"),
        "insert": _("Insert a block above “{block}”"),
        "up": _("Move “{block}” up"),
        "down": _("Move “{block}” down"),
        "fold": _("Show or hide the fields of “{block}”"),
        "moved": _("“{block}” is now block {place} of {count}."),
        "stays": _("“{block}” cannot be moved further."),
        "foldAll": _("Fold all"),
        "unfoldAll": _("Unfold all"),
        "allFolded": _("All blocks are folded."),
        "allUnfolded": _("All blocks are unfolded."),
        "copy": [_("Copy"), _("Save, then copy “{block}”")],
        "delete": [_("Delete"), _("Delete “{block}”")],
        "undelete": [pgettext("a deletion", "Undo"), _("Undo the deletion of “{block}”")],
        "added": _("New block: {kind}, block {place} of {count}."),
        "deleted": _("“{block}” will be deleted when you save."),
        "kept": _("“{block}” will be kept."),
        "choose": _("Choose the type of block to insert."),
    }


def _toolbar():
    return {
        "name": _("Formatting of {field}"),
        "paragraph": [_("Text"), _("Paragraph")],
        "heading3": [_("H3"), _("Level 3 heading")],
        "heading4": [_("H4"), _("Level 4 heading")],
        "bold": [pgettext("sign for bold", "B"), _("Important (bold)")],
        "italic": [pgettext("sign for italic", "I"), _("Emphasis (italic)")],
        "superscript": ["x²", _("Superscript")],
        "subscript": ["x₂", _("Subscript")],
        "bullets": ["•–", _("List")],
        "numbers": ["1.", _("Numbered list")],
        "quote": ["“ ”", _("Quotation")],
        "link": [_("Link"), _("Link…")],
        "abbreviation": [_("Abbr."), _("Abbreviation: add the full name…")],
        "foreign": [_("Lang."), _("Passage in another language…")],
        "table": [_("Table"), _("Insert a table…")],
        "rowAfter": [_("Add row"), _("Insert row below")],
        "rowDelete": [_("Delete row"), _("Delete row")],
        "columnAfter": [_("Add column"), _("Insert column to the right")],
        "columnDelete": [_("Delete column"), _("Delete column")],
        "headerCell": [_("Header"), _("Header cell")],
        "caption": [_("Caption"), _("Table caption…")],
        "tableDelete": [_("Delete table"), _("Delete table")],
        "undo": ["↶", _("Undo")],
        "redo": ["↷", _("Redo")],
    }


def _autosave():
    return {
        "offline": _("Not saved: no answer from the site. Your text is kept in this browser. Trying again…"),
        "signedOut": _("Not saved: your session has ended. Select “Save” to sign in and continue."),
        "local": _("Kept in this browser until you save"),
        "kept": _("Text that was not saved is kept in this browser, from {moment}."),
        "send": _("Save this text"),
        "discard": _("Discard it"),
    }


def _pasted():
    """What could not be kept: for one and for several of each kind."""
    return {
        "leftOut": _("Left out of what you pasted: {things}."),
        "images": [_("1 image"), _("{count} images")],
        "footnotes": [_("1 footnote"), _("{count} footnotes")],
        "comments": [_("1 comment"), _("{count} comments")],
        "media": [_("1 embedded object"), _("{count} embedded objects")],
    }


def _dialogs():
    return {
        "done": _("Done"),
        "cancel": _("Cancel"),
        "remove": _("Remove"),
        "address": _("Web address, for example /en/about or https://…"),
        "hreflang": _("Language of the linked page"),
        "same": _("The language of this page"),
        "expansion": _("Full form"),
        "language": _("Language of the passage"),
        "rows": _("Rows (including the header row)"),
        "columns": _("Columns"),
        "captionText": _("Caption (leave empty if not needed)"),
        "languages": {
            "en": _("English"),
            "fr": _("French"),
            "ar": _("Arabic"),
            "ckb": _("Kurdish (Sorani)"),
            "kmr": _("Kurdish (Kurmanji)"),
            "syr": _("Syriac"),
            "tk": _("Turkmen"),
        },
    }
