"""Things to test with, each with readable defaults: `a_page(title_fr="")` is a page whose French title is missing."""

import itertools
from binascii import unhexlify
from functools import partial
from io import BytesIO

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django_otp.oath import totp
from PIL import Image as Pillow

from accounts import second_factor
from pages import document as documents
from pages import images, page_templates, publishing, stored_files, working_copy
from pages.document import Bilingual
from pages.field_kinds import Kind, declarations
from pages.models import (
    BLOCK_MODELS,
    Download,
    DownloadList,
    Fact,
    Figure,
    GlossaryTerm,
    LibraryImage,
    Objective,
    Page,
    PageList,
    PageTemplate,
    PartnerList,
    PartnerOrganization,
    SharedBlock,
    SharedPlace,
    SiteAlert,
    TextSection,
    VocabularyTerm,
)
from pages.models.blocks import MODELS, Video
from pages.stored_files import StoredFile
from reports.models import ProblemReport
from tests.files import a_pdf, an_mp4, an_office_file, captions

count = itertools.count(1)

# The working copy of a page is read with a query for each kind of block, and one for further terms of vocabularies.
KINDS = len(BLOCK_MODELS) + 1


def an_account(**changes):
    values = {"username": f"person-{next(count)}", "is_staff": True, **changes}
    return get_user_model().objects.create_user(**values)


def a_second_factor(account):
    """Turned on for an account, as if its app had just shown a code; with ten recovery codes."""
    key = second_factor.generate_secret()
    device, codes = second_factor.enrol(account, key=key, code=code_of(key))
    return device, codes


def code_of(key, *, later=0):
    """What an app shows that holds a key; `later` by so many steps of thirty seconds, for one that is still unused."""
    return f"{totp(unhexlify(key), drift=later):06}"


def a_home_page(**changes):
    """The one page without a parent: made once, then found again."""
    found = Page.objects.filter(parent=None).first()
    return found or Page.objects.create(
        **{"key": "home", "title_en": "Home", "title_fr": "Accueil", **changes}
    )


def a_term(**changes):
    """A term of the glossary."""
    values = {"term_en": f"term {next(count)}", "term_fr": "terme", **changes}
    return GlossaryTerm.objects.create(**values)


def a_template(*, tips=None, **changes):
    """A page template with one text, whose key is “start”; `tips` are English texts by the keys of blocks."""
    number = next(count)
    values = {"key": f"sort-{number}", "name_en": f"Sort {number}", "name_fr": f"Sorte {number}", **changes}
    start = documents.TextSection("start", Bilingual("Start", "Début"))
    texts = {key: Bilingual(text, "") for key, text in (tips or {}).items()}
    return page_templates.store(PageTemplate(**values), documents.Document("any", blocks=(start,)), texts)


def a_vocabulary_term(vocabulary, code, english="", french=""):
    """A term of a vocabulary: the one of that code, or a new one; a migration has made those of audiences."""
    labels = {"label_en": english or code, "label_fr": french or code}
    return VocabularyTerm.objects.get_or_create(vocabulary=vocabulary, code=code, defaults=labels)[0]


def a_fact(**changes):
    """A fact that reads “$4 billion”."""
    number = next(count)
    values = {
        "key": f"fact-{number}",
        "name_en": f"Commitment {number}",
        "name_fr": f"Engagement {number}",
        "unit": "money",
        "value": "4000000000",
        "source": "Global Affairs Canada",
        **changes,
    }
    return Fact.objects.create(**values)


def an_alert(**changes):
    """A draft of a site-wide alert that is ready to be published."""
    values = {
        "heading_en": "Office closed",
        "heading_fr": "Bureau fermé",
        "body_en": '<p>See <a href="/en/contact">contact us</a>.</p>',
        "body_fr": '<p>Voyez <a href="/fr/contact">notre page de contact</a>.</p>',
        **changes,
    }
    return SiteAlert.objects.create(**values)


def a_page(**changes):
    """A page that is ready to be published, with one text, below the home page."""
    number = next(count)
    values = {
        "key": f"page-{number}",
        "title_en": f"Page {number}",
        "title_fr": f"Page {number} en français",
        "address_en": f"page-{number}",
        "address_fr": f"page-{number}-fr",
        "description_en": "What the page tells.",
        "description_fr": "Ce que dit la page.",
        "introduction_en": "<p>In short.</p>",
        "introduction_fr": "<p>En bref.</p>",
        **changes,
    }
    if "parent" not in values:
        values["parent"] = a_home_page()
    return Page.objects.create(**values)


def a_shared_block(**changes):
    """A shared block: an alert."""
    number = next(count)
    values = {
        "key": f"shared-{number}",
        "kind": "alert",
        "name_en": f"Notice {number}",
        "name_fr": f"Avis {number}",
        **_twice("heading", "Office closed", "Bureau fermé"),
        **_twice("body", "<p>We open on Monday.</p>", "<p>Nous ouvrons lundi.</p>"),
        **changes,
    }
    return SharedBlock.objects.create(**values)


def a_shared_place(page, shared_block, **changes):
    return _a_block(SharedPlace, page, {"shared_block": shared_block}, changes)


def a_partner(**changes):
    number = next(count)
    values = {
        "key": f"partner-{number}",
        "kind": "multilateral",
        "name_en": f"Partner {number}",
        "name_fr": f"Partenaire {number}",
        **changes,
    }
    return PartnerOrganization.objects.create(**values)


def a_download(**changes):
    """A file to download, stored, in both languages: the English one is a PDF file, the French one a DOCX file."""
    number = next(count)
    values = {
        "key": f"download-{number}",
        "title_en": f"Report {number}",
        "title_fr": f"Rapport {number}",
        "file_en": stored_files.validate_upload(a_pdf(), "a.pdf"),
        "file_fr": stored_files.validate_upload(an_office_file(), "a.docx"),
        **changes,
    }
    return Download.objects.create(**values)


def a_video(**changes):
    """A video of the library in English, stored, with captions in both languages and a poster."""
    stored = stored_files.validate_upload
    values = {
        "title_en": "Tour of the embassy",
        "title_fr": "Visite de l’ambassade",
        "file_en": stored(an_mp4(), "a.mp4"),
        "file_fr": None,
        "captions_en": stored(captions("Welcome."), "en.vtt"),
        "captions_fr": stored(captions("Bienvenue."), "fr.vtt"),
        "poster": images.validate_upload(a_png()),
        **changes,
    }
    return a_download(**values)


def an_image(**changes):
    """An image of the library, stored: the one that has these bytes, or a new one."""
    number = next(count)
    upload = images.validate_upload(changes.pop("data", None) or a_png())
    values = {
        "key": f"image-{number}",
        **_twice("title", f"Image {number}", f"Image {number} en français"),
        **changes,
    }
    known = LibraryImage.objects.filter(digest=upload.image.digest).first()
    return known or LibraryImage.objects.create(image=upload, **values)


def a_text(page, **changes):
    return _a_block(TextSection, page, _twice("heading", "Trade", "Commerce") | _rich("body"), changes)


def an_objective(page, *, partners=(), **changes):
    row = _a_block(Objective, page, _twice("title", "Objective", "Objectif") | _rich("body"), changes)
    row.partners.set(partners)
    return row


def a_partner_list(page, *, partners=(), **changes):
    row = _a_block(PartnerList, page, _twice("heading", "Partners", "Partenaires"), changes)
    row.partners.set(partners)
    return row


def a_download_list(page, *, downloads=(), **changes):
    row = _a_block(DownloadList, page, _twice("heading", "Documents", "Fichiers"), changes)
    row.downloads.set(downloads)
    return row


def a_figure(page, **changes):
    if "image" not in changes:
        changes["image"] = an_image()
    return _a_block(Figure, page, _twice("alternative_text", "A map", "Une carte"), changes)


def a_video_block(page, *, video=None, **changes):
    row = _a_block(Video, page, _twice("heading", "Tour", "Visite") | _rich("transcript"), changes)
    row.downloads.set([video or a_video()])
    return row


def a_page_with_everything_shared(**changes):
    """A page made from a template, with a video, a shared block, an image with a focal point and two subjects."""
    page = a_page(template=a_template(tips={"start": "Begin here."}), **changes)
    subjects = [a_vocabulary_term("subject", code, code, f"{code} (fr)") for code in ("aid", "trade")]
    page.choose_terms({**dict.fromkeys(documents.VOCABULARIES, ()), "subject": subjects})
    page.save()
    a_video_block(page)
    a_shared_place(page, a_shared_block())
    a_figure(page, image=an_image(data=a_png(80, 60), focus_x=20, focus_y=80))
    return page


def a_page_list(page, **changes):
    return _a_block(PageList, page, _twice("heading", "Pages below", "Pages de cette section"), changes)


def _a_block(model, page, defaults, changes):
    last = sum(model.objects.filter(parent=page).count() for model in BLOCK_MODELS)
    place = {"parent": page, "region": "main", "ordering": (last + 1) * 10}
    return model.objects.create(**{**place, **defaults, **changes})


def _twice(name, english, french):
    return {f"{name}_en": english, f"{name}_fr": french}


def _rich(name):
    return _twice(name, "<p>Some words.</p>", "<p>Quelques mots.</p>")


def a_live_page(**changes):
    """A page whose working copy has been published as it stands."""
    page = a_page(**changes)
    publishing.publish(page, by=None)
    return page


def a_png(width=40, height=30, colour="teal"):
    """The bytes of a small picture."""
    out = BytesIO()
    Pillow.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def a_document(**changes):
    """A document that needs no database."""
    values = {
        "key": "trade",
        "parent": "home",
        "address": Bilingual("trade", "commerce"),
        "title": Bilingual("Trade", "Commerce"),
        "description": Bilingual("Trade between the two countries.", "Le commerce entre les deux pays."),
        "introduction": Bilingual("<p>In short.</p>", "<p>En bref.</p>"),
        "blocks": (
            documents.TextSection(
                "exports", Bilingual("Exports", "Exportations"), Bilingual("<p>Wheat.</p>", "<p>Du blé.</p>")
            ),
        ),
        **changes,
    }
    return documents.Document(**values)


A_FILE, A_FILE_IN_FRENCH = StoredFile("b" * 64, "pdf", 120_000), StoredFile("c" * 64, "docx", 1_250_000)
# A video in each language, and captions in each.
VIDEO_FILES = tuple(
    StoredFile(letter * 64, format, 90_000)
    for letter, format in zip("1234", ("mp4", "webm", "vtt", "vtt"), strict=True)
)
A_PICTURE = documents.FigureImage(
    digest="ab" * 16, format="png", width=1200, height=800, widths=(320, 640, 1200)
)


def a_table(rows):
    """The HTML of a table of data cells, in canonical form."""
    lines = "".join("<tr>\n" + "".join(f"<td>{cell}</td>\n" for cell in row) + "</tr>\n" for row in rows)
    return f"<table>\n<tbody>\n{lines}</tbody>\n</table>"


def a_block(kind, key="", **changes):
    """A block of a document, of any kind that `document.BLOCKS` has, with something of its own in every field."""
    block, key = documents.BLOCKS[kind], key or f"one-{kind}"
    values = {
        name: _something(block, name, declared, f"{key} {name}")
        for name, declared in declarations(block).items()
        if declared.kind is not Kind.VALUE
    }
    return block(key=key, **{**values, **changes})


def _texts(words):
    """Texts of which every field of one line takes at least one."""
    yield Bilingual(f"{words} in English", f"{words} en français")
    yield Bilingual("english@example.org", "francais@example.org")
    yield Bilingual("613-555-0123, ext. 4", "613-555-0124, poste 5")


def _is_valid(field, text):
    try:
        return bool(field.clean(text.en, None))
    except ValidationError:
        return False


def _something(block, name, declared, words):
    match declared.kind:
        case Kind.PLAIN_TEXT:
            return next(
                filter(partial(_is_valid, MODELS[block]._meta.get_field(f"{name}_en")), _texts(words))
            )
        case Kind.RICH_TEXT if declared.is_link:
            return Bilingual(
                f'<p><a href="https://www.canada.ca/en.html">{words} in English</a></p>',
                f'<p><a href="https://www.canada.ca/fr.html">{words} en français</a></p>',
            )
        case Kind.RICH_TEXT if declared.captioned_by:
            return Bilingual(*(a_table([[f"{words} {end}"]]) for end in ("in English", "en français")))
        case Kind.RICH_TEXT:
            return Bilingual(f"<p>{words} in English</p>", f"<p>{words} en français</p>")
        case Kind.LIBRARY_IMAGE:
            return A_PICTURE
        case Kind.FLAG | Kind.SHARED_BLOCK:
            return block.__dataclass_fields__[name].default
        case Kind.CHOICE:
            return [value for value, _label in MODELS[block]._meta.get_field(name).choices if value][-1]
        case Kind.DOWNLOADS:
            key = words.replace(" ", "-")
            title = Bilingual(f"{words} report", f"{words} rapport")
            files = VIDEO_FILES if block is documents.Video else (A_FILE, A_FILE_IN_FRENCH)
            return (documents.Download(f"{key}-report", title, *files),)
        case Kind.PARTNERS:
            return (
                documents.Partner(
                    f"{words.replace(' ', '-')}-partner",
                    "coalition",
                    Bilingual(f"{words} partner", f"{words} partenaire"),
                ),
            )
    raise AssertionError(f"Nothing is known to put into {name}.")


def a_report(edition=None, **changes):
    """A stored report on a live edition, in English, that ticks one reason."""
    edition = edition or a_live_page().editions.get()
    values = {"page_id": edition.page_id, "edition": edition, "language": "en", "missing": True, **changes}
    return ProblemReport.objects.create(**values)


def written(page):
    """What the working copy of a page says now."""
    return working_copy.read(Page.objects.with_content().get(pk=page.pk))


def a_stored_image(colour):
    """A picture of one colour, stored and in no library."""
    return images.store(images.validate_upload(a_png(colour=colour)), default_storage)
