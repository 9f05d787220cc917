"""The whole history of a page as one file that needs nothing else: for the archives, or a request for access."""

import re
from base64 import b64encode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import Prefetch
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override

from .. import images, people, rendering, single_language
from ..document import LANGUAGES, digest
from ..field_kinds import Kind, names_of
from ..letters import sort_key
from ..link_targets import LinkTargets
from ..models.edition import Edition
from ..models.review import ReviewStep
from ..public_urls import absolute_url, page_path
from .media import MEDIA_URL
from .page_views import PageView

# Editions that are in memory at a time.
EDITIONS_PER_QUERY = 10

# The widest rendition that goes into the file; printed, it fills a column.
MAX_IMAGE_WIDTH = 640


class ExportView(PageView):
    route = name = "export"
    http_method_names = ("get", "head", "options")

    def respond(self, request, page):
        if not request.user.has_perm("pages.view_edition"):
            raise PermissionDenied
        response = StreamingHttpResponse(_render_parts(page, request.user, get_language()))
        response["Content-Type"] = "text/html; charset=utf-8"
        name = f"{page.key}-{timezone.localdate():%Y-%m-%d}.html"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _render_parts(page, person, language):
    """The file in pieces. They are made while it is sent, when the language of the request is no longer active."""
    editions = Edition.objects.filter(page=page).order_by("number")
    acts = Prefetch("steps", ReviewStep.objects.select_related("by"))
    editions = editions.select_related(
        "author", "approver", "emergency_record", "correction"
    ).prefetch_related(acts)
    seen = set()
    now = timezone.localtime()
    frame = {
        "original": page,
        "person": people.name_of(person),
        "now": now,
        "count": editions.count(),
        "language": language,
    }
    yield _render("top", language, frame)
    for edition in editions.iterator(chunk_size=EDITIONS_PER_QUERY):
        yield _render("edition", language, _edition(edition, seen))
    yield _render("end", language, frame)


def _render(part, language, context):
    with override(language):
        return render_to_string(f"admin/pages/exported/{part}.html", context)


def _edition(edition, seen):
    document = edition.read()
    return {
        "edition": edition,
        "steps": edition.steps.all(),
        "document": document,
        "is_intact": digest(edition.document) == edition.digest,
        "addresses": {
            language: absolute_url(page_path(language, document.address[language])) for language in LANGUAGES
        },
        "texts": [_text(document, language, seen) for language in LANGUAGES],
    }


def _text(document, language, seen):
    """An edition in one language, as the public page has it, with its pictures."""
    document = single_language.visible_in(document, language)
    page_view = rendering.render_preview(
        document, language, links=LinkTargets.of_documents([document]), media=absolute_url(MEDIA_URL)
    )
    blocks = [
        {
            "section": section,
            "lines": _lines(block, section),
            "body": _absolute("\n".join(_values(block, section, Kind.RICH_TEXT))),
            "picture": _picture(_image_of(block, language), seen),
            "partners": [
                (view, _picture(logo, seen))
                for view, logo in zip(getattr(section, "partners", ()), _logos(block, language), strict=True)
            ],
        }
        for block, section in zip(document.blocks, page_view.blocks, strict=True)
    ]
    return {"language": language, "page": page_view, "lead": _absolute(page_view.lead), "blocks": blocks}


def _values(block, section, *kinds):
    return [section.fields[name] for name in names_of(type(block), *kinds) if name in section.fields]


def _lines(block, section):
    """What a block says beside its heading and its rich text; the caption of a picture stands below it."""
    choices = [choice.label for choice in _values(block, section, Kind.CHOICE) if choice.label]
    is_picture = names_of(type(block), Kind.LIBRARY_IMAGE)
    return [*choices, *filter(None, () if is_picture else _values(block, section, Kind.PLAIN_TEXT))]


def _image_of(block, language):
    image = getattr(block, "image", None)
    return image and image.file(language)


def _logos(block, language):
    """In the order in which `part_views.partner_views` puts their partners."""
    partners = getattr(block, "partners", ())
    return [
        partner.logo
        for partner in sorted(partners, key=lambda partner: sort_key(partner.name.either(language)))
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
    width = max((width for width in image.widths if width <= MAX_IMAGE_WIDTH), default=min(image.widths))
    try:
        with default_storage.open(images.rendition_name(image, width, "webp")) as file:
            return "data:image/webp;base64," + b64encode(file.read()).decode()
    except FileNotFoundError:
        return ""
