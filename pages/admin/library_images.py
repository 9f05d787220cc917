"""The library of images: kept once, found by words and by looking, and shown by the figures of any number of pages."""

import logging
from collections import defaultdict

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import image_crops, image_library, image_marks, images, part_views, text_images
from ..document import LANGUAGES
from ..fields import NOT_STORED, PictureFormField
from ..indexes.references import MAX_LISTED, MAX_NAMED, uses_of_image
from ..models.blocks import Figure
from ..models.edition import ReferenceKind
from ..models.indexes import DraftReference
from ..models.library_image import LibraryImage
from ..page_status import State
from .bilingual import MAX_ALTERNATIVE_TEXT_LENGTH, both_languages
from .crop_input import CropInput
from .js_messages import texts
from .media import MEDIA_URL
from .optimistic_lock import mark_of
from .scripts import own_media
from .shared_parts import SharedPartAdmin, free_key

logger = logging.getLogger(__name__)

# Images that the dialog offers at a time; characters that are searched for; files that are sent at a time.
MAX_RESULTS, MAX_TYPED, MAX_UPLOADS = 24, 200, 100


# By the field that says what is shown of it, the field of a file.
CROPPED = {"crop": "image", "crop_fr": "image_fr"}


class LibraryImageForm(forms.ModelForm):
    class Meta:
        widgets = dict.fromkeys(CROPPED, CropInput)
        # What is too long for four numbers is none either.
        error_messages = dict.fromkeys(CROPPED, {"max_length": image_crops.NOT_NUMBERS})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, file in CROPPED.items():
            if name in self.fields:
                self.fields[name].widget.picture = getattr(self.instance, file)

    def clean(self):
        values = super().clean()
        for name, file in CROPPED.items():
            if name in values and file in values:
                self._clean_crop(name, file)
        title = values.get("title_en") or values.get("title_fr")
        if not title:
            self.add_error("title_en", _("Enter the title in at least one language."))
        elif "key" in self.fields and not values.get("key"):
            values["key"] = self.instance.key = free_key(LibraryImage, title)
        return values

    def _clean_crop(self, name, file):
        """Refuses a part that does not fit its file. Another file is shown whole unless a part of it was chosen too."""
        if file in self.changed_data and self._was_left_alone(name):
            self.cleaned_data[name] = ""
            if name in self.changed_data:  # by somebody else, of the file that there was
                self.changed_data.remove(name)
        crop, image = self.cleaned_data[name], self.cleaned_data[file] or None
        if message := image_crops.message(crop, image):
            self.add_error(name, message)
            return
        try:
            with images.storage_errors():
                image_crops.store(image, crop)
        except (images.StorageFailed, FileNotFoundError) as error:
            logger.error("A part of an image could not be stored: %s", error)
            self.add_error(name, NOT_STORED)

    def _was_left_alone(self, name):
        """Whether this person left a field as it was when the form was opened, whatever others did to it since."""
        opened = getattr(self, "opened_marks", {}).get(name)
        return name not in self.changed_data or mark_of(self.cleaned_data[name]) == opened

    def clean_image(self):
        """Refuses a file that another image of the library has: it would be found twice."""
        image = self.cleaned_data["image"]
        others = LibraryImage.objects.exclude(pk=self.instance.pk)
        if image and (other := others.filter(digest=image.digest).first()):
            link = format_html(
                '<a href="{}">{}</a>', reverse("admin:pages_libraryimage_change", args=[other.pk]), other
            )
            raise forms.ValidationError(
                format_html(_("This image is in the library already: {}. Use that one."), link)
            )
        return image


class ImageChangeList(ChangeList):
    """Finds for all images of a list at once the pages that show them within a text."""

    def get_results(self, request):
        super().get_results(request)
        found = defaultdict(set)
        keys = [image.key for image in self.result_list]
        uses = DraftReference.objects.filter(kind=ReferenceKind.IMAGE, name__in=keys).select_related("page")
        for use in uses:
            found[use.name].add(use.page)
        for image in self.result_list:
            image.pages_of_texts = found[image.key]


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "used"

    def lookups(self, request, model_admin):
        return [("yes", _("Used")), ("no", _("Not used"))]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        used = Exists(Figure.objects.filter(image=OuterRef("pk"))) | Exists(
            DraftReference.objects.filter(kind=ReferenceKind.IMAGE, name=OuterRef("key"))
        )
        return queryset.filter(used if self.value() == "yes" else ~used)


@admin.register(LibraryImage)
class LibraryImageAdmin(SharedPartAdmin):
    titles = {"add": _("Add image"), "change": _("Edit image"), "view": _("View image")}
    key_help = _("Identifies the image in content files. If left empty, it is created from the title.")
    listed = _("Some pages show this image. Remove it from those pages first (see “Where it is used”).")
    form = LibraryImageForm
    max_lengths = {"alternative_text": MAX_ALTERNATIVE_TEXT_LENGTH}
    short_text_fields = ("alternative_text", "credit")
    form_scripts = ("crop.js", "focal_point.js")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    both_languages("title"),
                    ("image", "image_fr"),
                    ("crop", "crop_fr"),
                    ("focus_x", "focus_y"),
                    "has_words",
                    both_languages("alternative_text"),
                    both_languages("credit"),
                    "key",
                    "uses",
                ]
            },
        )
    ]
    list_display = ("picture", "both_titles", "size", "pages")
    list_display_links = ("picture", "both_titles")
    list_filter = (UseFilter, "has_words")
    list_per_page = 50
    search_fields = (
        "title_en",
        "title_fr",
        "alternative_text_en",
        "alternative_text_fr",
        "credit_en",
        "credit_fr",
        "key",
    )
    search_help_text = _("Search titles, alternative texts and credits in both languages.")

    def get_urls(self):
        views = {"search": self.search_view, "upload": self.upload_view}
        return [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"pages_libraryimage_{name}")
            for name, view in views.items()
        ] + super().get_urls()

    def get_changelist(self, request, **kwargs):
        return ImageChangeList

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("figures__parent")

    def get_readonly_fields(self, request, obj=None):
        return ("key", "uses") if obj else ("uses",)

    def blocks_with(self, part):
        return part.figures.all()

    @admin.display(description=_("Image"))
    def picture(self, image):
        return format_html_join("", '<img class="ci-thumbnail" src="{}" alt="">', _addresses(image)) or "–"

    @admin.display(description=_("Title"), ordering="title_en")
    def both_titles(self, image):
        return self.in_both_languages(image, "title")

    @admin.display(description=_("Size"))
    def size(self, image):
        return _size(image.file("en")) if image.image else "–"

    @admin.display(description=_("Shown on"))
    def pages(self, image):
        return self.links_to_pages(image)

    @admin.display(description=_("Where it is used"))
    def uses(self, image):
        """The pages that show it now, in a version to come or in what is being written, as links to their forms."""
        uses = uses_of_image(image.key, MAX_LISTED) if image.pk else None
        if not uses or not uses.count:
            return _("No page shows this image.")
        links = ((reverse("admin:pages_page_change", args=[page.pk]), str(page)) for page in uses.pages)
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a></li>', links))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        count = len(self.pages_with(obj)) if change and form.has_changed() else 0
        if count:
            text = ngettext(
                "%(number)s page uses this image. Its readers see the new version once the page is published again.",
                "%(number)s pages use this image. Their readers see the new version once the pages are published "
                "again.",
                count,
            )
            link = format_html(
                '<a href="{}?state={}">{}</a>',
                reverse("admin:pages_page_changelist"),
                State.CHANGED,
                _("Pages changed since published"),
            )
            self.message_user(request, format_html("{} {}", text % {"number": count}, link), messages.WARNING)

    # Choosing and adding

    def search_view(self, request):
        """What the dialogs in the form of a page show, in JSON: the images that have all of the words of `q`; with
        `image`, a key, that one.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if "image" in request.GET:
            row = LibraryImage.objects.filter(key=request.GET["image"].replace("\0", "")).first()
            if row is None or not row.image:
                raise Http404
            return JsonResponse({"image": _described(row)})
        rows = image_library.search(request.GET.get("q", "").replace("\0", "")[:MAX_TYPED], MAX_RESULTS)
        return JsonResponse({"images": [_described(row) for row in rows]})

    def upload_view(self, request):
        """Takes any number of files at once. Each is added or refused by itself, with what to do about it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        uploads = request.FILES.getlist("files") if request.method == "POST" else []
        added = [self._add_upload(request, upload) for upload in uploads[:MAX_UPLOADS]]
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"files": added})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add several images"),
            "files": added,
            "is_empty": request.method == "POST" and not uploads,
            "too_many": len(uploads) > MAX_UPLOADS,
            "limit": MAX_UPLOADS,
            "texts": texts(),
            "media": own_media(request, "image_upload.js"),
        }
        return TemplateResponse(request, "admin/pages/libraryimage/upload.html", context)

    def _add_upload(self, request, upload):
        """Returns what became of one file: its name, and the image or why it was refused."""
        try:
            stored = PictureFormField().clean(upload)
        except forms.ValidationError as error:
            return {"name": upload.name, "error": " ".join(error.messages)}
        is_known = LibraryImage.objects.filter(digest=stored.digest).exists()
        row = image_library.add_file(stored, upload.name or "")
        if not is_known:
            self.log_addition(request, row, [{"added": {}}])
        return {"name": upload.name, "isKnown": is_known, **_described(row)}

    def pages_with(self, part):
        """Returns the pages that show an image, also those whose readers see it in an edition only."""
        return uses_of_image(part.key, MAX_LISTED).pages if part.pk else []

    def links_to_pages(self, part):
        shown = {figure.parent for figure in part.figures.all()} | set(getattr(part, "pages_of_texts", ()))
        pages = sorted(shown, key=lambda page: str(page).casefold())
        links = (
            (reverse("admin:pages_page_change", args=[page.pk]), str(page)) for page in pages[:MAX_NAMED]
        )
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"


def _size(file):
    return f"{file.width}\u00a0×\u00a0{file.height}"


def _described(row):
    """An image as scripts show it: with its titles, its alternative texts and a small file."""
    return {
        "id": row.pk,
        "key": row.key,
        "title": str(row),
        "url": reverse("admin:pages_libraryimage_change", args=[row.pk]),
        "src": part_views.picture(row.file("en"), media=MEDIA_URL).fallback,
        "size": _size(row.file("en")),
        "texts": {language: getattr(row, f"alternative_text_{language}") or "" for language in LANGUAGES},
        "described": {language: _attributes(row, language) for language in LANGUAGES},
    }


def _attributes(row, language):
    """What the editor of a text keeps of an image in it."""
    [descriptions] = text_images.descriptions_of([row]).values()
    image = image_marks.InlineImage(row.key, None, descriptions[language])
    return dict(image.attributes)


def _addresses(image):
    """The addresses of the files of an image, each in a tuple, for staff."""
    files = [image.file("en"), image.image_fr and image.file("fr")]
    return [(part_views.picture(file, media=MEDIA_URL).fallback,) for file in files if file]
