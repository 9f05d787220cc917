"""The whole history of a page as one file that needs nothing else: for the archives, or a request for access."""

import re
from base64 import b64encode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from .. import document as shape
from .. import images, one_language, rendering
from ..addresses import absolute, path_of
from ..editions import Edition
from .screens import Screens

# Editions that are in memory at a time.
CHUNK = 10

# The widest rendition that goes into the file; printed, it fills a column.
WIDEST = 640


class Exporting(Screens):
    def get_urls(self):
        return [self.screen_path("export", require_safe(self.export_view), "export"), *super().get_urls()]

    def export_view(self, request, page_id):
        page = self.page_to_view(request, page_id)
        if not request.user.has_perm("pages.view_edition"):
            raise PermissionDenied
        response = StreamingHttpResponse(_parts(page, request.user, get_language()))
        response["Content-Type"] = "text/html; charset=utf-8"
        name = f"{page.key}-{timezone.localdate():%Y-%m-%d}.html"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _parts(page, person, language):
    """The file in pieces. They are made while it is sent, when the language of the request is no longer active."""
    editions = Edition.objects.filter(page=page).order_by("number")
    editions = editions.select_related("author", "approver", "emergency_record")
    seen = set()
    now = timezone.localtime()
    frame = {"original": page, "person": person, "now": now, "count": editions.count(), "language": language}
    yield _laid_out("top", language, frame)
    for edition in editions.iterator(chunk_size=CHUNK):
        yield _laid_out("edition", language, _edition(edition, seen))
    yield _laid_out("end", language, frame)


def _laid_out(part, language, context):
    with override(language):
        return render_to_string(f"admin/pages/exported/{part}.html", context)


def _edition(edition, seen):
    document = edition.read()
    return {
        "edition": edition,
        "document": document,
        "is_intact": shape.digest(edition.document) == edition.digest,
        "addresses": {
            language: absolute(path_of(language, document.address[language])) for language in shape.LANGUAGES
        },
        "texts": [_text(document, language, seen) for language in shape.LANGUAGES],
    }


def _text(document, language, seen):
    """An edition in one language, as the public page has it, with its pictures."""
    document = one_language.shown(document, language)
    shown = rendering.preview(document, language)
    blocks = [
        {
            "section": section,
            "body": _absolute(getattr(section, "body", "") or getattr(section, "introduction", "")),
            "picture": _picture(getattr(block, "image", None), seen),
            "partners": [
                (view, _picture(logo, seen))
                for view, logo in zip(getattr(section, "partners", ()), _logos(block, language), strict=True)
            ],
        }
        for block, section in zip(document.blocks, shown.blocks, strict=True)
    ]
    return {"language": language, "page": shown, "lead": _absolute(shown.lead), "blocks": blocks}


def _logos(block, language):
    """In the order in which `rendering.partner_views` puts their partners."""
    partners = getattr(block, "partners", ())
    return [
        each.logo for each in sorted(partners, key=lambda each: rendering.alphabetical(each.name[language]))
    ]


_PATH = re.compile(r'href="(?=/)')


def _absolute(html):
    return mark_safe(_PATH.sub(f'href="{settings.SITE_URL}', html))


def _picture(image, seen):
    """The picture itself where it is first shown, and from then on a link to that place."""
    if image is None:
        return None
    is_first = image.digest not in seen
    seen.add(image.digest)
    return {"digest": image.digest, "data": _data(image) if is_first else "", "is_first": is_first}


def _data(image):
    """The address that holds the whole picture; "" when its file is lost."""
    width = max((width for width in image.widths if width <= WIDEST), default=min(image.widths))
    try:
        with default_storage.open(images.rendition_name(image, width, "webp")) as file:
            return "data:image/webp;base64," + b64encode(file.read()).decode()
    except FileNotFoundError:
        return ""
