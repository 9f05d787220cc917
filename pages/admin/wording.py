"""What the scripts of the form say, in the language of the person: scripts themselves hold no words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def texts():
    """By name, for `json_script`; `{…}` are filled in by the scripts."""
    return {"form": _form(), "blocks": _blocks(), "toolbar": _toolbar(), "dialogs": _dialogs()}


def _form():
    return {
        "unsaved": _("Unsaved changes"),
        "count": _("{count} of {limit} characters"),
        "over": _("{count} of {limit} characters: shorten it if you can"),
        "picture": _("Chosen, not saved yet: {name}"),
    }


def _blocks():
    return {
        "add": _("Add a block at the end"),
        "insert": _("Insert a block above “{block}”"),
        "up": _("Move “{block}” up"),
        "down": _("Move “{block}” down"),
        "fold": _("Show or hide the fields of “{block}”"),
        "moved": _("“{block}” is now block {place} of {count}."),
        "stays": _("“{block}” cannot move further."),
        "added": _("New block: {kind}, block {place} of {count}."),
        "removed": _("The new block has been removed."),
        "deleted": _("“{block}” will be deleted when you save."),
        "kept": _("“{block}” will be kept."),
        "choose": _("Choose the kind of block to insert."),
    }


def _toolbar():
    return {
        "name": _("Formatting of {field}"),
        "paragraph": [_("Text"), _("Paragraph")],
        "heading3": [_("H3"), _("Heading of level 3")],
        "heading4": [_("H4"), _("Heading of level 4")],
        "bold": [pgettext("sign for bold", "B"), _("Important (bold)")],
        "italic": [pgettext("sign for italic", "I"), _("Emphasis (italic)")],
        "superscript": ["x²", _("Superscript")],
        "subscript": ["x₂", _("Subscript")],
        "bullets": ["•–", _("List")],
        "numbers": ["1.", _("Numbered list")],
        "quote": ["“ ”", _("Quotation")],
        "link": [_("Link"), _("Link…")],
        "abbreviation": [_("Abbr."), _("Abbreviation: say what it stands for…")],
        "foreign": [_("Lang."), _("Passage in another language…")],
        "table": [_("Table"), _("Insert a table…")],
        "rowAfter": [_("+ row"), _("Add a row below")],
        "rowDelete": [_("− row"), _("Delete the row")],
        "columnAfter": [_("+ col."), _("Add a column to the right")],
        "columnDelete": [_("− col."), _("Delete the column")],
        "headerCell": [_("Header"), _("Header cell")],
        "caption": [_("Caption"), _("Caption of the table…")],
        "tableDelete": [_("− table"), _("Delete the table")],
        "undo": ["↶", _("Undo")],
        "redo": ["↷", _("Redo")],
    }


def _dialogs():
    return {
        "done": _("Done"),
        "cancel": _("Cancel"),
        "remove": _("Remove"),
        "address": _("Web address, for example /en/about or https://…"),
        "hreflang": _("Language of the page that it leads to"),
        "same": _("The language of this page"),
        "expansion": _("What it stands for"),
        "language": _("Language of the passage"),
        "rows": _("Rows, the header row included"),
        "columns": _("Columns"),
        "captionText": _("Caption (empty for none)"),
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
