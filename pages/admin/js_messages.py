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
        "links": _links(),
        "facts": _facts(),
        "inlineImages": _inline_images(),
        "pasted": _pasted(),
        "partners": {
            "search": _("Find partner organizations by name"),
            "found": _("Organizations found: {found}"),
            "new": _("New partner organization…"),
            "title": _("New partner organization"),
            "added": _("Added and selected: {name}"),
        },
        "downloads": {
            "search": _("Find files to download by title"),
            "found": _("Files found: {found}"),
            "new": _("New file to download…"),
            "title": _("New file to download"),
            "added": _("Added and selected: {name}"),
        },
        "terms": {
            "search": _("Find terms"),
            "found": _("Terms found: {found}"),
        },
        "newPart": {
            "add": _("Add"),
            "cancel": _("Cancel"),
            "failed": _("No answer from the site. Try again in a moment."),
            "signedOut": _("Your session has ended. Select “Save” to sign in and continue."),
        },
        "images": {
            "title": _("Choose an image"),
            "search": _("Find images by words, in either language"),
            "found": _("Images found: {found}"),
            "nothing": _("No image has all of these words. Try fewer, or upload a file."),
            "failed": _("The image library is not responding. Try again in a moment."),
            "cancel": _("Cancel"),
            "chosen": _("Selected, not yet saved: {name}"),
            "text": _("Alternative text of the library:"),
            "noText": _("The library has no alternative text for this image."),
            "sending": _("Sending file {done} of {count}: {name}"),
            "sent": _("Done: {added} added, {known} already in the library, {refused} refused."),
            "wasAdded": _("Added"),
            "wasKnown": _("Already in the library"),
            "notSent": _("This file could not be sent. Check your connection and try again."),
        },
        "crop": {
            "help": _(
                "Draw a rectangle on the image around the part that pages show. Move it with the mouse or the arrow "
                "keys; stretch it at its corner, or with the Shift key and the arrow keys."
            ),
            "part": _("Part that is shown"),
            "begin": _("Show a part only"),
            "clear": _("Show the whole image"),
            "chosen": _(
                "Part that is shown: {width} × {height} pixels, {left} from the left and {top} from the top."
            ),
        },
        "focus": {
            "help": _(
                "Select the point of the image that must stay when it is cut to the shape that networks show. Without "
                "a point, they get the whole image."
            ),
            "point": _("Choose the focal point on the image"),
            "preview": _("As it is shared:"),
            "clear": _("Remove the focal point"),
            "chosen": _("Focal point: {across}% across, {down}% down."),
        },
        "autosave": _autosave(),
        "languages": {
            "name": _("Language of the fields"),
            "en": _("English"),
            "fr": _("French"),
            "errors": _("{language}: errors"),
        },
        "preview": {
            "titles": {"en": _("Preview in English"), "fr": _("Preview in French")},
            "failed": _("No answer from the site. Try again in a moment."),
            "signedOut": _("Your session has ended. Select “Save” to sign in and continue."),
        },
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
        "heading5": [_("H5"), _("Level 5 heading")],
        "bold": [pgettext("sign for bold", "B"), _("Important (bold)")],
        "italic": [pgettext("sign for italic", "I"), _("Emphasis (italic)")],
        "superscript": ["x²", _("Superscript")],
        "subscript": ["x₂", _("Subscript")],
        "bullets": ["•–", _("List")],
        "numbers": ["1.", _("Numbered list")],
        "numbering": ["3. a.", _("Numbering of the list…")],
        "terms": [_("Terms"), _("Terms and definitions")],
        "quote": ["“ ”", _("Quotation")],
        "code": ["</>", _("Code")],
        "codeLines": ["</>¶", _("Lines of code")],
        "link": [_("Link"), _("Link…")],
        "fact": [pgettext("button", "Fact"), _("Fact: a figure that is written once…")],
        "image": [pgettext("button", "Image"), _("Image of the library, in a line of text…")],
        "footnote": [_("Note"), _("Footnote…")],
        "abbreviation": [_("Abbr."), _("Abbreviation: add the full name…")],
        "foreign": [_("Lang."), _("Passage in another language…")],
        "table": [_("Table"), _("Insert a table…")],
        "rowAfter": [_("Add row"), _("Insert row below")],
        "rowDelete": [_("Delete row"), _("Delete row")],
        "columnAfter": [_("Add column"), _("Insert column to the right")],
        "columnDelete": [_("Delete column"), _("Delete column")],
        "headerRow": [_("Header row"), _("Header row")],
        "headerColumn": [_("Header column"), _("Header column")],
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
        "links": [_("1 link without a full address"), _("{count} links without a full address")],
        "headings": [
            _("1 heading in a list, table or quotation, which is bold now"),
            _("{count} headings in lists, tables or quotations, which are bold now"),
        ],
        "terms": [
            _("1 term with its definition, which is a paragraph now"),
            _("{count} terms with their definitions, which are paragraphs now"),
        ],
        "fields": [_("1 form field"), _("{count} form fields")],
        "numbers": [_("1 number of a list item"), _("{count} numbers of list items")],
        "media": [_("1 embedded object"), _("{count} embedded objects")],
    }


def _links():
    return {
        "add": _("Add a link"),
        "change": _("Change the link"),
        "remove": _("Remove the link"),
        "goesTo": _("The link goes to"),
        "kinds": {
            "page": _("a page of this site"),
            "web": _("another website"),
            "email": _("an email address"),
            "phone": _("a telephone number"),
        },
        "search": _("Page"),
        "searchHint": _(
            "Type words of its title in English or French, or paste a web or email address. The pages saved "
            "last come first."
        ),
        "found": _("Pages found"),
        "nothing": _("No page has these words in its title or address."),
        "failed": _("No answer from the site. Try again in a moment."),
        "gone": _("This page no longer exists. Choose another one, or remove the link."),
        "chosen": _("Selected: {page}"),
        "notPublic": _(
            "This page is not public. The page you are writing can be published only after this one."
        ),
        "section": _("Section"),
        "whole": _("The whole page"),
        "web": _("Web address"),
        "webHint": _("For example: https://www.canada.ca/en.html"),
        "email": _("Email address"),
        "phone": _("Telephone number"),
        "phoneHint": _("For example: 613-555-0123, ext. 4 or +964 1 234 5678"),
        "refused": {
            "page": _("Choose a page from the list."),
            "web": _("Enter a whole web address, for example https://www.canada.ca/en.html."),
            "email": _("Enter an email address, such as “info@example.org”."),
            "phone": _("Enter a telephone number, for example 613-555-0123."),
        },
        "webProblems": {
            "email": _("This is an email address. Choose “an email address” above."),
            "scheme": _(
                "Enter an address that begins with https:// or http://. The site has no links to “{scheme}”."
            ),
            "space": _("An address has no spaces. Delete them, or write %20 in their place."),
        },
        "offer": _("Use the same link here: {page}"),
        "offered": {
            "en": _("The English field offers the same link."),
            "fr": _("The French field offers the same link."),
        },
        "dismiss": _("No, thanks"),
    }


def _facts():
    return {
        "add": _("Insert a fact"),
        "change": _("Change the fact"),
        "insert": _("Insert"),
        "remove": _("Keep the words only"),
        "search": pgettext("button", "Fact"),
        "searchHint": _("Type words of its name in English or French, or the figure."),
        "found": _("Facts found"),
        "nothing": _("No fact has these words. Add it under “Facts” first."),
        "failed": _("No answer from the site. Try again in a moment."),
        "gone": _("This fact no longer exists. Choose another one."),
        "chosen": _("Inserts: {words}"),
        "asOf": _("as of {date}"),
        "overdue": _("overdue for review"),
        "refused": _("Choose a fact from the list."),
        "offer": _("Insert the same fact here: {words}"),
        "offered": {
            "en": _("The English field offers the same fact."),
            "fr": _("The French field offers the same fact."),
        },
    }


def _inline_images():
    return {
        "add": _("Insert an image"),
        "change": _("Change the image"),
        "insert": _("Insert"),
        "remove": _("Remove the image"),
        "search": pgettext("button", "Image"),
        "searchHint": _("Type words of its title or its alternative text, in English or French."),
        "found": _("Images found"),
        "nothing": _("No image has all of these words. Try fewer, or add it under “Images” first."),
        "failed": _("The image library is not responding. Try again in a moment."),
        "gone": _("This image is no longer in the library. Choose another one."),
        "chosen": _("Inserts: {title}"),
        "refused": _("Choose an image from the list."),
        "said": _("For people who cannot see the image"),
        "fromLibrary": _("The text of the library:"),
        "noText": _("there is none in this language"),
        "own": _("Another text"),
        "decorative": _("Nothing: the image is decorative, or the words beside it say the same"),
        "text": _("Alternative text"),
        "textHint": _("A few words that say what the image tells here."),
        "empty": _("Enter the alternative text, or choose that the image is decorative."),
        "offer": _("Insert the same image here: {title}"),
        "leftOut": [
            _("1 image was left out. Headings, terms and code have no images."),
            _("{count} images were left out. Headings, terms and code have no images."),
        ],
        "offered": {
            "en": _("The English field offers the same image."),
            "fr": _("The French field offers the same image."),
        },
    }


def _dialogs():
    return {
        "done": _("Done"),
        "cancel": _("Cancel"),
        "remove": _("Remove"),
        "hreflang": _("Language of the linked page"),
        "same": _("The language of this page"),
        "footnote": _("Text of the footnote"),
        "expansion": _("Full form"),
        "language": _("Language of the passage"),
        "start": _("First number (also where letters are shown)"),
        "numberType": _("Numbers or letters"),
        "numberTypes": {
            "1": "1, 2, 3",
            "a": "a, b, c",
            "A": "A, B, C",
            "i": "i, ii, iii",
            "I": "I, II, III",
        },
        "order": _("Order"),
        "orders": {"up": _("Ascending"), "down": _("Descending")},
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
