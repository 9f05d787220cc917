"""A kind of block is declared once: each that `document.BLOCKS` has works everywhere, or a test here fails.

What to do for a new kind is the recipe in docs/architecture.md.
"""

import re
from dataclasses import asdict, replace
from html import unescape

import brotli
import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from pages import (
    comparison,
    content_checks,
    content_files,
    html,
    images,
    merging,
    publishing,
    readiness,
    rendering,
    single_language,
    stored_files,
    stylesheet,
    working_copy,
)
from pages import document as documents
from pages.admin import edit_conflicts
from pages.document import BLOCKS, LANGUAGES, NOTHING, Bilingual, Document, Partner
from pages.field_kinds import TEXTS, VALUES, Kind, declarations, heading_name, names_of
from pages.fields import PlainCharField, PlainTextField, RichTextField
from pages.migration_operations import GrantLike
from pages.models import Page
from pages.models.blocks import BLOCK_MODELS, MODELS, Contact
from pages.search.text_lines import lines
from pages.templatetags.site_tags import telephone_number
from tests.admin_forms import change_address, page_form
from tests.factories import a_block, a_document, a_home_page, a_page, a_png
from tests.files import a_file_of

BUDGET = 15_000  # bytes of the HTML and the stylesheet of a page of every kind, compressed

EVERY_PART = (Document, Partner, documents.Download, *BLOCKS.values())

# What each block has: its key, and that of the shared block that it shows (test_shared_blocks).
EVERYWHERE = ("key", "shared")

every_kind = pytest.mark.parametrize("kind", BLOCKS)
every_field = pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, block in BLOCKS.items()
        for name in declarations(block)
        if name not in EVERYWHERE
    ],
)


def texts_of(block, language):
    """The texts of a block that readers see, without markup."""
    shown = (text.value[language] for text in documents.texts(block))
    return [re.sub("<[^>]*>", "", text).strip() for text in shown if text]


def changed(block, name):
    """The same block with something else in one field."""
    kind, value = declarations(type(block))[name].kind, getattr(block, name)
    match kind:
        case Kind.PLAIN_TEXT:
            return replace(block, **{name: Bilingual("Other words", value.fr)})
        case Kind.RICH_TEXT:
            return replace(block, **{name: Bilingual("<p>Other words</p>", value.fr)})
        case Kind.LIBRARY_IMAGE | Kind.PARTNERS | Kind.DOWNLOADS:
            return replace(block, **{name: type(block)("none").__getattribute__(name)})
        case Kind.FLAG:
            return replace(block, **{name: not value})
        case Kind.SHARED_BLOCK:
            return replace(block, **{name: "another"})
        case Kind.CHOICE:
            return replace(block, **{name: MODELS[type(block)]._meta.get_field(name).default})
    raise AssertionError(f"Nothing is known to put into {name}.")


# How a kind is declared


def test_each_kind_has_a_model_and_each_model_a_kind():
    assert list(MODELS) == list(BLOCKS.values())
    assert [model.declaration for model in BLOCK_MODELS] == list(BLOCKS.values())


MODEL_FIELDS = {
    Kind.RICH_TEXT: "RichTextField",
    Kind.LIBRARY_IMAGE: "ForeignKey",
    Kind.FLAG: "BooleanField",
    Kind.CHOICE: "CharField",
    Kind.PARTNERS: "ManyToManyField",
    Kind.DOWNLOADS: "ManyToManyField",
    Kind.SHARED_BLOCK: "ForeignKey",
}


@every_field
def test_each_field_has_one_of_its_kind_in_the_model(kind, name):
    declared, model = declarations(BLOCKS[kind])[name], MODELS[BLOCKS[kind]]
    assert declared.kind is not Kind.VALUE, "declare the kind of this field"
    names = [f"{name}_{language}" for language in LANGUAGES] if declared.kind in TEXTS else [name]
    for field in (model._meta.get_field(each) for each in names):
        if declared.kind is Kind.PLAIN_TEXT:
            assert isinstance(field, PlainCharField | PlainTextField)
        elif declared.kind is Kind.RICH_TEXT:
            assert isinstance(field, RichTextField)
        else:
            assert type(field).__name__ == MODEL_FIELDS[declared.kind]
    if declared.kind is Kind.CHOICE:
        default = BLOCKS[kind].__dataclass_fields__[name].default
        assert default == model._meta.get_field(name).default
        assert default in dict(model._meta.get_field(name).choices)


@every_kind
def test_each_kind_has_a_button_and_a_name(kind):
    model = MODELS[BLOCKS[kind]]
    assert model.icon.startswith("M")
    assert model._meta.original_attrs.keys() >= {"verbose_name", "verbose_name_plural"}


def test_a_name_is_that_of_rich_texts_everywhere_or_nowhere():
    rich, plain = (
        {name for part in EVERY_PART for name in names_of(part, kind)}
        for kind in (Kind.RICH_TEXT, Kind.PLAIN_TEXT)
    )
    assert rich == documents.RICH_TEXT
    assert not rich & plain


@every_kind
def test_fields_that_code_knows_by_name_have_that_name(kind):
    block = BLOCKS[kind]
    assert heading_name(block) in ("heading", "title", "")
    assert names_of(block, Kind.LIBRARY_IMAGE) in ((), ("image",))
    assert names_of(block, Kind.PARTNERS) in ((), ("partners",))
    assert names_of(block, Kind.DOWNLOADS) in ((), ("downloads",))
    assert next(iter(declarations(block))) == "key"


@pytest.mark.django_db
@every_kind
@pytest.mark.parametrize("group", ["Editor", "Publisher"])
def test_editors_and_publishers_may_use_each_kind(kind, group):
    model = MODELS[BLOCKS[kind]]._meta.model_name
    own = Group.objects.get(name=group).permissions.values_list("codename", flat=True)
    assert {f"{action}_{model}" for action in ("add", "change", "delete", "view")} <= set(own)


# What is done with documents


@every_kind
def test_json_holds_each_field(kind):
    document = a_document(blocks=(a_block(kind),))
    assert documents.loads(documents.dumps(document)) == document
    empty = a_document(blocks=(BLOCKS[kind]("part"),))
    assert documents.loads(documents.dumps(empty)) == empty


@every_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_readers_see_each_text_in_their_language(kind, language):
    block = a_block(kind)
    page = rendering.render_preview(a_document(blocks=(block,)), language)
    with translation.override(language):
        shown = unescape(render_to_string("pages/page.html", {"page": page, "language": language}))
    shown = shown[shown.index("<main") :].replace("\xa0", " ")
    for text in texts_of(block, language):
        assert text in shown
    for text in texts_of(block, "fr" if language == "en" else "en"):
        assert text not in shown or " partner" in text


@every_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_block_without_a_word_is_shown_without_an_error(kind, language):
    page = rendering.render_preview(a_document(blocks=(BLOCKS[kind]("part"),)), language)
    with translation.override(language):
        assert f"ci-section--{kind}" in render_to_string(
            "pages/page.html", {"page": page, "language": language}
        )


@every_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_each_text(kind, language):
    block = a_block(kind)
    found = [line.text for line in lines(a_document(introduction=NOTHING, blocks=(block,)), language)]
    assert found == texts_of(block, language)


@every_field
def test_a_change_of_each_field_is_told(kind, name):
    before = a_block(kind)
    after = changed(before, name)
    [change] = comparison.compare(a_document(blocks=(before,)), a_document(blocks=(after,))).blocks
    told = [field.name for field in change.fields if field.changed] + [fact[0] for fact in change.facts]
    assert told == [name]


@every_field
def test_a_change_of_each_field_is_carried_into_an_edition_to_come(kind, name):
    before = a_document(blocks=(a_block(kind),))
    after = a_document(blocks=(changed(a_block(kind), name),))
    assert merging.merge(before, after, before).document == after
    assert merging.merge(before, before, after).document == after


@every_field
def test_a_text_in_one_language_only_keeps_the_page_from_being_published(kind, name):
    declared = declarations(BLOCKS[kind])[name]
    if declared.kind not in TEXTS or declared.in_one_language:
        return
    text = getattr(a_block(kind), name)
    document = a_document(blocks=(a_block(kind, **{name: Bilingual(text.en)}),))
    reasons = list(readiness._parity_reasons(document))
    assert [(reason.path[-1], reason.language) for reason in reasons] == [(name, "fr")]
    assert reasons[0].message


@every_field
def test_a_required_field_that_is_empty_is_told(kind, name):
    block = replace(a_block(kind), **{name: BLOCKS[kind].__dataclass_fields__[name].default})
    reasons = list(readiness._missing_reasons(a_document(blocks=(block,))))
    assert bool(reasons) == declarations(BLOCKS[kind])[name].is_required
    assert all(reason.path == ("blocks", block.key, name) and reason.message for reason in reasons)


@every_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_language_goes_without_the_other(kind, language):
    block = a_block(kind)
    alone = single_language.strip_other_language(a_document(blocks=(block,)), language).blocks[0]
    other = "fr" if language == "en" else "en"
    assert texts_of(alone, language) == texts_of(block, language)
    assert not texts_of(alone, other)


@every_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checks_read_each_text(kind, language):
    block = a_block(kind)
    view = {view.language: view for view in content_checks.parse(a_document(blocks=(block,))).views}[language]
    read = {run.text for run in view.runs}
    assert set(texts_of(block, language)) <= read


# The working copy


def stored(block):
    """The same block with an image and files that are in the storage."""
    from django.core.files.storage import default_storage

    image = images.store(images.validate_upload(a_png()), default_storage)
    shown = documents.FigureImage(**asdict(image))
    block = replace(block, **dict.fromkeys(names_of(type(block), Kind.LIBRARY_IMAGE), shown))
    return replace(
        block,
        **{
            name: tuple(stored_download(part) for part in getattr(block, name))
            for name in names_of(type(block), Kind.DOWNLOADS)
        },
    )


def stored_download(part):
    """The same file to download with a stored file of each kind that it has."""
    from django.core.files.storage import default_storage

    names = [name for name in names_of(documents.Download, Kind.FILE) if getattr(part, name)]
    kinds = {name: getattr(part, name).format for name in names}
    uploads = {
        name: stored_files.validate_upload(a_file_of(kind), f"a.{kind}") for name, kind in kinds.items()
    }
    return replace(
        part, **{name: stored_files.store(upload, default_storage) for name, upload in uploads.items()}
    )


@pytest.mark.medium
@pytest.mark.django_db
@every_kind
def test_the_working_copy_and_a_content_file_hold_each_field(kind, tmp_path):
    a_home_page()
    document = a_document(blocks=(stored(a_block(kind)),))
    page = working_copy.write(document)
    assert working_copy.read(Page.objects.with_content().get(pk=page.pk)) == document
    content_files.dump(tmp_path)
    Page.objects.filter(pk=page.pk).delete()
    content_files.load(tmp_path)
    assert working_copy.read(Page.objects.with_content().get(key=document.key)) == document


@pytest.mark.medium
@pytest.mark.django_db
@every_kind
def test_the_form_of_a_page_holds_each_field_and_loses_nothing(kind, admin_client):
    a_home_page()
    document = a_document(blocks=(stored(a_block(kind)),))
    page = working_copy.write(document)
    response = admin_client.post(change_address(page), page_form(admin_client, page))
    assert response.status_code == 302
    assert working_copy.read(Page.objects.with_content().get(pk=page.pk)) == document


@pytest.mark.django_db
@every_kind
def test_two_people_who_write_at_once_are_told_of_each_field(kind):
    page = a_page()
    working_copy.write(replace(working_copy.read(page), blocks=(stored(a_block(kind)),)), page)
    [(_kind, values)] = edit_conflicts.form_state(page).blocks.values()
    names = [
        f"{name}_{language}" if language else name
        for name, declared in declarations(BLOCKS[kind]).items()
        if name not in EVERYWHERE
        for language in (LANGUAGES if declared.kind in TEXTS else [""])
    ]
    assert sorted(values) == sorted(names)


# All kinds together


@pytest.mark.medium
@pytest.mark.django_db
def test_a_site_of_every_kind_comes_out_of_content_files_as_it_went_in(tmp_path):
    working_copy.write(Document("home", title=Bilingual("Home", "Accueil")))
    working_copy.write(a_document(blocks=tuple(stored(a_block(kind)) for kind in BLOCKS)))
    content_files.dump(tmp_path / "one")
    Page.objects.exclude(parent=None).delete()
    content_files.load(tmp_path / "one")
    content_files.dump(tmp_path / "two")
    one, two = (
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two
    assert len(one) >= 4


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/trade", "/fr/commerce"])
def test_a_page_of_every_kind_takes_one_query_and_few_bytes(client, path, django_assert_num_queries):
    publishing.publish(a_home_page(), by=None)
    blocks = tuple(stored(a_block(kind)) for kind in BLOCKS if kind != "shared")  # an empty place
    publishing.publish(working_copy.write(a_document(blocks=blocks)), by=None)
    client.get(path)
    with django_assert_num_queries(1):
        html = client.get(path).content
    css = len(brotli.compress(stylesheet.smaller(stylesheet.source()).encode(), quality=11))
    sent = len(brotli.compress(html, quality=5)) + css
    print(
        f"\n{len(BLOCKS)} kinds: {len(html)} bytes of HTML; {sent} compressed, with {css} of the stylesheet"
    )
    assert sent <= BUDGET


# The fields of a page itself

every_page_field = pytest.mark.parametrize("name", names_of(Document, *TEXTS, *VALUES))


def changed_page(name):
    """A document with something else in one field."""
    value = getattr(a_document(), name)
    match declarations(Document)[name].kind:
        case Kind.PLAIN_TEXT:
            return a_document(**{name: Bilingual("other-words", value.fr)})
        case Kind.RICH_TEXT:
            return a_document(**{name: Bilingual("<p>Other words</p>", value.fr)})
        case Kind.FLAG:
            return a_document(**{name: not value})
        case Kind.TERMS:
            terms = (documents.Term(code, Bilingual(code, f"{code} (fr)")) for code in ("aid", "trade"))
            return a_document(**{name: tuple(terms)})
    raise AssertionError(f"Nothing is known to put into {name}.")


@pytest.mark.medium
@pytest.mark.django_db
@every_page_field
def test_each_field_of_a_page_goes_everywhere(name, admin_client, tmp_path):
    a_home_page()
    document = changed_page(name)
    assert documents.loads(documents.dumps(document)) == document
    page = working_copy.write(document)
    assert working_copy.read(page) == document
    # A content file
    content_files.dump(tmp_path)
    working_copy.write(a_document())
    content_files.load(tmp_path)
    page = Page.objects.with_content().get(key=document.key)
    assert working_copy.read(page) == document
    # The form, which also tells two editors of it
    assert admin_client.post(change_address(page), page_form(admin_client, page)).status_code == 302
    assert working_copy.read(Page.objects.with_content().get(pk=page.pk)) == document
    is_text = declarations(Document)[name].kind in TEXTS
    assert (f"{name}_en" if is_text else name) in edit_conflicts.form_state(page).page


@every_page_field
def test_a_change_of_each_field_of_a_page_is_told_and_merged(name):
    before, after = a_document(), changed_page(name)
    told = comparison.compare(before, after)
    assert [*(field.name for field in told.fields if field.changed), *(fact[0] for fact in told.facts)] == [
        name
    ]
    assert merging.merge(before, after, before).document == after
    assert merging.merge(before, before, after).document == after


# Rights that come with a new kind


@pytest.mark.django_db
def test_whoever_has_a_right_on_one_kind_gets_it_on_a_new_one(django_user_model):
    writers, person = Group.objects.create(name="Writers"), django_user_model.objects.create_user("writer")
    own = Permission.objects.filter(content_type__app_label="pages")
    writers.permissions.set(own.filter(codename="change_figure"))
    person.user_permissions.set(own.filter(codename="view_figure"))
    GrantLike("figure", "pagelist")._grant(apps, connection.schema_editor())
    GrantLike("figure", "pagelist")._grant(apps, connection.schema_editor())
    assert {each.codename for each in writers.permissions.all()} == {"change_figure", "change_pagelist"}
    assert {each.codename for each in person.user_permissions.all()} == {"view_figure", "view_pagelist"}


# Links that are all that a field holds


@pytest.mark.parametrize(
    ("text", "is_link"),
    [
        ('<p><a href="/en/trade">Trade</a></p>', True),
        ('<p><a href="/en/trade">Trade <strong>today</strong></a></p>', True),
        ("<p>Trade</p>", False),
        ('<p>See <a href="/en/trade">Trade</a></p>', False),
        ('<p><a href="/en/trade">Trade</a></p>\n<p><a href="/en/aid">Aid</a></p>', False),
        ('<p><a href="/en/trade">Trade</a><a href="/en/aid">Aid</a></p>', False),
        ('<ul>\n<li><a href="/en/trade">Trade</a></li>\n</ul>', False),
    ],
)
@every_field
def test_a_page_is_not_published_with_anything_but_a_link_where_one_is_asked_for(kind, name, text, is_link):
    if not declarations(BLOCKS[kind])[name].is_link:
        return
    block = replace(a_block(kind), **{name: Bilingual(html.clean(text), html.clean(text))})
    reasons = list(readiness._form_reasons(a_document(blocks=(block,))))
    assert [(reason.path[-1], reason.language) for reason in reasons] == (
        [] if is_link else [(name, "en"), (name, "fr")]
    )


# Steps


def test_the_steps_of_each_procedure_are_numbered_from_one():
    kinds = ["step", "step", "objective", "step", "text", "objective", "step", "step"]
    blocks = tuple(a_block(kind, f"{kind}-{place}") for place, kind in enumerate(kinds))
    page = rendering.render_preview(a_document(blocks=blocks), "en")
    assert [section.number for section in page.blocks] == [1, 2, 1, 1, 0, 2, 1, 2]


@pytest.mark.parametrize(("language", "label"), [("en", "Step 1"), ("fr", "Étape 1")])
def test_a_step_says_its_number(language, label):
    page = rendering.render_preview(a_document(blocks=(a_block("step"),)), language)
    with translation.override(language):
        text = render_to_string("pages/page.html", {"page": page, "language": language})
    assert f'<span class="ci-label">{label}</span> one-step heading' in text.replace("\xa0", " ")


# Contacts


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("613-555-0123", "6135550123"),
        ("+964 770 555 0123", "+9647705550123"),
        ("1 (800) 555-0123, ext. 42", "18005550123;ext=42"),
        (
            "613\N{NON-BREAKING HYPHEN}555\N{NON-BREAKING HYPHEN}0123, poste\N{NO-BREAK SPACE}42",
            "6135550123;ext=42",
        ),
    ],
)
def test_a_telephone_number_is_a_link_of_its_digits(written, link):
    assert telephone_number(written) == link


@pytest.mark.parametrize(
    ("name", "text", "is_valid"),
    [
        ("telephone", "613-555-0123", True),
        ("telephone", "1 800 555-0123, poste 3", True),
        ("telephone", "call us", False),
        ("teletypewriter", "613-555", True),
        ("teletypewriter", "javascript:1", False),
        ("email", "info@example.org", True),
        ("email", "info", False),
    ],
)
def test_ways_to_reach_somebody_are_checked(name, text, is_valid):
    field = Contact._meta.get_field(f"{name}_en")
    if is_valid:
        assert field.clean(text, None) == text
    else:
        with pytest.raises(ValidationError):
            field.clean(text, None)


@pytest.mark.parametrize(("language", "word"), [("en", "Hours"), ("fr", "Heures de service")])
def test_a_contact_shows_only_the_ways_that_there_are_and_keeps_lines(language, word):
    hours = Bilingual("Monday\nTuesday", "Lundi\nMardi")
    block = Contact.declaration("embassy", hours=hours)
    page = rendering.render_preview(a_document(blocks=(block,)), language)
    with translation.override(language):
        shown = render_to_string("pages/page.html", {"page": page, "language": language})
    assert f"<dt>{word}</dt>" in shown
    assert hours[language].replace("\n", "<br>") in shown
    assert "mailto:" not in shown
    assert "tel:" not in shown


@pytest.mark.medium
@pytest.mark.django_db
def test_the_form_and_a_content_file_keep_the_lines_of_an_address(admin_client, tmp_path):
    a_home_page()
    lines_of = Bilingual("1 Example Street\nBaghdad", "1, rue de l’Exemple\nBagdad")
    document = a_document(blocks=(a_block("contact", postal_address=lines_of),))
    page = working_copy.write(document)
    admin_client.post(change_address(page), page_form(admin_client, page))
    assert working_copy.read(Page.objects.with_content().get(pk=page.pk)) == document
    content_files.dump(tmp_path)
    Page.objects.filter(pk=page.pk).delete()
    content_files.load(tmp_path)
    assert working_copy.read(Page.objects.with_content().get(key=document.key)) == document


# Alerts


def alert_html(language, **changes):
    page = rendering.render_preview(a_document(blocks=(a_block("alert", **changes),)), language)
    with translation.override(language):
        return render_to_string("pages/page.html", {"page": page, "language": language})


@pytest.mark.parametrize(
    ("level", "english", "french"),
    [
        ("information", "Information", "Information"),
        ("success", "Success", "Réussite"),
        ("warning", "Warning", "Avertissement"),
        ("danger", "Danger", "Danger"),
    ],
)
def test_the_level_of_an_alert_is_said_in_a_word(level, english, french):
    for language, word in (("en", english), ("fr", french)):
        with_heading = alert_html(language, level=level)
        assert f'<span class="ci-label">{word}</span> one-alert heading' in with_heading
        without_heading = alert_html(language, level=level, heading=NOTHING)
        assert f'<p class="ci-label">{word}</p>' in without_heading
        assert f"ci-alert--{level}" in without_heading


@pytest.mark.django_db
def test_a_content_file_may_leave_the_level_out_and_a_level_that_does_not_exist_is_refused(tmp_path):
    a_home_page()
    working_copy.write(a_document(blocks=(a_block("alert", level="information"),)))
    content_files.dump(tmp_path)
    file = tmp_path / "pages" / "trade.yaml"
    text = file.read_text()
    file.write_text(text.replace("  level: information\n", ""))
    content_files.load(tmp_path)
    assert working_copy.read(Page.objects.with_content().get(key="trade")).blocks[0].level == "information"
    file.write_text(text.replace("level: information", "level: loud"))
    with pytest.raises(content_files.ImportErrors, match="level: Choose one of: information, success"):
        content_files.load(tmp_path)
