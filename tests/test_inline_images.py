"""Images in the texts of pages: taken from the library, frozen in editions, found where they are used."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages import (
    comparison,
    content_checks,
    content_files,
    current_texts,
    indexes,
    merging,
    publishing,
    readiness,
    rendering,
    working_copy,
)
from pages.document import dumps, images_of_texts
from pages.models import Edition, LibraryImage, Page, PublicImage, TextSection
from pages.page_status import State, page_status
from tests.admin_forms import add_block, change_address, fields, page_form, save_image
from tests.factories import (
    a_fact,
    a_page,
    a_png,
    a_shared_block,
    a_shared_place,
    a_stored_image,
    a_text,
    an_image,
    written,
)

pytestmark = pytest.mark.django_db


def a_flag(**changes):
    texts = {"alternative_text_en": "Flag of Iraq", "alternative_text_fr": "Drapeau de l’Irak"}
    return an_image(**{"key": "flag", **texts, **changes})


def an_item(key="flag", **attributes):
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<ul>\n<li><img src="image:{key}"{written}> Iraq</li>\n</ul>'


def a_page_with_flag(*, is_live=True, english=None, french=None, **changes):
    page = a_page(**changes)
    a_text(page, body_en=english or an_item(), body_fr=french or an_item().replace("Iraq", "Irak"))
    indexes.update_drafts([page])
    if is_live:
        publishing.publish(page, by=None)
    return page


def a_red_upload():
    return SimpleUploadedFile("red.png", a_png(colour="red"), "image/png")


def live(page):
    return Edition.objects.live().get(page=page)


# What a text takes from the library


def test_a_text_takes_the_file_and_the_alternative_text_of_its_language():
    a_flag(image_fr=a_stored_image("red"))
    page = a_page_with_flag(is_live=False)
    english, french = images_of_texts(written(page))
    assert english.description == ("Flag of Iraq", a_stored_image("teal"))
    assert french.description == ("Drapeau de l’Irak", a_stored_image("red"))


def test_a_text_of_its_own_and_decoration_stay_as_they_were_written():
    a_flag()
    page = a_page_with_flag(is_live=False, english=an_item(alt="Our flag"), french=an_item(alt=""))
    assert [image.text for image in images_of_texts(written(page))] == ["Our flag", ""]


def test_an_image_that_there_is_not_is_left_out():
    page = a_page_with_flag(is_live=False, english=an_item("gone"), french=an_item("gone"))
    assert TextSection.objects.get(parent=page).body_en == "<ul>\n<li>Iraq</li>\n</ul>"


@pytest.mark.medium
def test_readers_see_it_in_an_item_and_in_a_cell_in_the_preview_and_on_the_page(client, staff_client):
    a_flag()
    page = a_page_with_flag(
        english=an_item() + "\n<table><tr><td>" + '<img src="image:flag" alt="">' + "</td></tr></table>"
    )
    shown = client.get(f"/en/{page.address_en}").content.decode()
    assert shown.count('class="ci-inline-image"') == 2
    assert 'alt="Flag of Iraq" width="40" height="30" loading="lazy"> Iraq</li>' in shown
    address = f"/media/images/{a_stored_image('teal').digest}/40.webp"
    assert f'<td><img class="ci-inline-image" src="{address}" alt=""' in shown
    assert client.get(address).status_code == 200
    preview = rendering.render_preview(written(page), "fr", media="/admin/media/")
    assert f'src="/admin{address}" alt="Drapeau de l’Irak"' in preview.blocks[0].body
    assert staff_client.get(f"/admin{address}").status_code == 200


def test_programs_get_the_image_at_its_whole_address(client, settings):
    a_flag()
    page = a_page_with_flag()
    answer = json.loads(client.get(reverse("api_page", kwargs={"key": page.key})).content)
    text = answer["en"]["blocks"][0]["body"]
    assert (
        f'src="{settings.SITE_URL}/media/images/{a_stored_image("teal").digest}/40.webp" alt="Flag of Iraq"'
        in text
    )


def test_search_finds_what_an_image_says(client):
    a_flag(alternative_text_en="Ziggurat")
    a_page_with_flag()
    assert "1 page" in client.get("/en/search?q=ziggurat").content.decode()


def test_both_files_are_public_with_the_page():
    a_flag(image_fr=a_stored_image("red"))
    a_page_with_flag()
    digests = set(PublicImage.objects.values_list("digest", flat=True))
    assert digests == {a_stored_image("teal").digest, a_stored_image("red").digest}


# A change in the library


@pytest.mark.medium
def test_another_file_marks_the_pages_changed_and_their_editions_keep_theirs(staff_client):
    image = a_flag()
    page, shared = a_page_with_flag(), a_page()
    a_shared_place(shared, a_shared_block(body_en=an_item(), body_fr=an_item()))
    indexes.update_drafts([shared])
    publishing.publish(shared, by=None)
    before = a_stored_image("teal")
    shown = save_image(
        staff_client, image, image=SimpleUploadedFile("a.png", a_png(colour="red"), "image/png")
    )
    assert "2 pages use this image." in shown.content.decode()
    for each in (page, shared):
        assert page_status(Page.objects.get(pk=each.pk)).state == State.CHANGED
        assert {one.description.file for one in images_of_texts(live(each).read())} == {before}
        assert {one.description.file for one in images_of_texts(written(each))} == {a_stored_image("red")}
    found = comparison.compare(live(page).read(), written(page))
    assert found.changed
    assert not comparison.stale(written(page), live(page).read())
    indexes.backfill()
    assert not indexes.verify()


@pytest.mark.medium
def test_it_says_where_it_is_used_and_is_not_deleted_while_it_is(staff_client):
    image = a_flag()
    page = a_page_with_flag(title_en="A page with a flag")
    address = reverse("admin:pages_libraryimage_change", args=[image.pk])
    assert "A page with a flag" in staff_client.get(address).content.decode()
    listed = staff_client.get(reverse("admin:pages_libraryimage_changelist") + "?used=yes").content.decode()
    assert "A page with a flag" in listed
    answer = staff_client.post(
        reverse("admin:pages_libraryimage_delete", args=[image.pk]), {"post": "yes"}, follow=True
    )
    assert "Remove it from those pages first" in answer.content.decode()
    assert LibraryImage.objects.filter(pk=image.pk).exists()
    TextSection.objects.filter(parent=page).delete()
    indexes.update_drafts([page])
    assert "A page with a flag" in staff_client.get(address).content.decode()  # which readers still see


def test_the_list_of_images_takes_as_many_queries_for_many_as_for_few(staff_client):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            staff_client.get(reverse("admin:pages_libraryimage_changelist"))
        return len(found)

    a_flag()
    a_page_with_flag(is_live=False)
    before = queries()
    for number in range(3):
        an_image(key=f"other-{number}", data=a_png(50 + number))
        a_page_with_flag(is_live=False, english=an_item(f"other-{number}"))
    assert queries() == before


# Queries


@pytest.mark.medium
def test_a_page_with_twenty_images_takes_one_query_more_to_save_and_none_more_to_read_and_show(client):
    items = "\n".join(f'<li><img src="image:image-{number}"> {number}</li>' for number in range(20))
    for number in range(20):
        an_image(
            key=f"image-{number}", data=a_png(50 + number), alternative_text_en="A", alternative_text_fr="B"
        )
    page = a_page()
    row = a_text(page)
    counts = {}
    for name, body in (("none", "<p>A</p>"), ("twenty", f"<ul>\n{items}\n</ul>")):
        TextSection.objects.filter(pk=row.pk).update(body_en=body, body_fr=body)
        indexes.update_drafts([page])
        with CaptureQueriesContext(connection) as saving:
            indexes.update_drafts([page])
        publishing.publish(page, by=None)
        with CaptureQueriesContext(connection) as reading:
            working_copy.read(Page.objects.with_content().get(pk=page.pk))
        with CaptureQueriesContext(connection) as showing:
            shown = client.get(f"/en/{page.address_en}?{name}").content.decode()
        counts[name] = len(saving), len(reading), len(showing)
    assert shown.count('class="ci-inline-image"') == 20
    assert counts["twenty"] == (
        counts["none"][0] + 1,
        counts["none"][1],
        counts["none"][2],
    )


# Checks


def test_a_text_missing_anywhere_is_found_and_keeps_the_page_from_being_published():
    a_flag(alternative_text_fr="")
    page = a_page_with_flag(is_live=False)
    found = [(each.rule.id, each.language) for each in content_checks.findings(written(page))]
    assert ("inline-image-undescribed", "fr") in found
    assert ("inline-image-undescribed", "en") not in found
    assert readiness.blocking_problems(written(page))


def test_an_image_in_one_language_only_is_found():
    a_flag()
    page = a_page_with_flag(is_live=False, french="<p>L’Irak</p>")
    found = [(each.rule.id, each.language) for each in content_checks.findings(written(page))]
    assert ("inline-image-in-one-language", "fr") in found


def test_a_cell_with_an_image_alone_is_not_empty():
    view = content_checks.parse(working_copy.read(a_page_with_flag_in_header())).views[0]
    assert view.tables[0].rows[0][0].text == "Flag of Iraq"


def a_page_with_flag_in_header():
    a_flag()
    cells = '<table><tr><th><img src="image:flag"></th><th>Aid</th></tr><tr><td>1</td><td>2</td></tr></table>'
    page = a_page_with_flag(is_live=False, english=cells, french=cells)
    return Page.objects.with_content().get(pk=page.pk)


# Comparing, merging, files


@pytest.mark.parametrize(("gap", "expected"), [(" ", 0), ("\N{NO-BREAK SPACE} ", 2)])
def test_an_image_between_two_spaces_is_no_doubled_space_and_hides_none(gap, expected):
    a_flag()
    sentence = f'<p>Iraq <img src="image:flag"> and{gap}Canada</p>'
    page = a_page_with_flag(is_live=False, english=sentence, french=sentence)
    found = [each for each in content_checks.findings(written(page)) if each.rule.id == "space-doubled"]
    assert len(found) == expected


def test_a_comparison_names_images_by_what_they_say():
    a_flag()
    page = a_page_with_flag()
    before = live(page).read()
    TextSection.objects.filter(parent=page).update(body_en=an_item(alt="Our flag"))
    indexes.update_drafts([page])
    change = comparison.compare(before, written(page)).blocks[0].fields[1]
    assert "".join(span.text for span in change.en[0].spans if span.change != "deleted") == "[Our flag] Iraq"
    assert [stale.untouched for stale in comparison.stale(written(page), before)] == ["fr"]


def test_a_merge_takes_the_files_of_the_newest_side_and_sees_no_conflict_in_them():
    a_flag()
    page = a_page_with_flag()
    base = live(page).read()
    LibraryImage.objects.update(image=a_stored_image("red"))
    indexes.update_drafts([page])
    merged = merging.merge(base, base, written(page))
    assert not merged.conflicts
    assert merged.document == written(page)


@pytest.mark.medium
def test_content_files_name_the_image_and_what_is_loaded_is_as_it_was(tmp_path):
    a_flag()
    page = a_page_with_flag(is_live=False, english=an_item(alt=""))
    before = written(page)
    content_files.dump(tmp_path)
    text = (tmp_path / "pages" / f"{page.key}.yaml").read_text(encoding="utf-8")
    assert '<li><img src="image:flag" alt=""> Iraq</li>' in text
    assert '<li><img src="image:flag"> Irak</li>' in text
    Page.objects.filter(pk=page.pk).delete()
    LibraryImage.objects.all().delete()
    content_files.load(tmp_path)
    assert written(Page.objects.get(key=page.key)) == before


def test_a_content_file_that_names_no_image_of_the_library_is_refused(tmp_path):
    a_flag()
    page = a_page_with_flag(is_live=False)
    content_files.dump(tmp_path)
    file = tmp_path / "pages" / f"{page.key}.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("image:flag", "image:other"), encoding="utf-8")
    with pytest.raises(content_files.ImportErrors, match="No image has the key “other”"):
        content_files.load(tmp_path)


# What changed meanwhile, and nobody wrote


def test_another_file_or_fact_meanwhile_is_no_conflict_in_the_form_of_a_page(staff_client):
    flag, fact = a_flag(), a_fact(key="trade", value=Decimal(88))
    text = an_item() + '\n<p><data value="fact:trade">88</data> are traded.</p>'
    page = a_page_with_flag(english=text, is_live=False)
    data = page_form(staff_client, page)
    save_image(staff_client, flag, alternative_text_en="Banner of Iraq", image=a_red_upload())
    fact.value = Decimal(99)
    fact.save()
    indexes.update_drafts([page])
    assert page_form(staff_client, page)["opened"] != data["opened"]
    name = "pages_textsection_set-0-body_en"
    answer = staff_client.post(change_address(page), data | {name: data[name].replace("Iraq<", "Iraq now<")})
    assert answer.status_code == 302
    text = written(page).blocks[0].body.en
    assert "Iraq now" in text
    assert "Banner of Iraq" in text
    assert "99" in text


def test_what_a_colleague_wrote_is_still_a_conflict_beside_another_file(staff_client):
    flag = a_flag()
    page = a_page_with_flag(is_live=False)
    data = page_form(staff_client, page)
    save_image(staff_client, flag, image=a_red_upload())
    edit_text(staff_client, page, body_en=an_item().replace(" Iraq", " Theirs"))
    name = "pages_textsection_set-0-body_en"
    answer = staff_client.post(change_address(page), data | {name: data[name].replace(" Iraq", " Mine")})
    assert "Changed by both of you" in answer.content.decode()


def test_another_file_meanwhile_is_no_conflict_in_the_form_of_a_shared_block(staff_client):
    flag = a_flag()
    row = a_shared_block(body_en=an_item(), body_fr=an_item())
    current_texts.refresh_shared_blocks()
    address = reverse("admin:pages_sharedblock_change", args=[row.pk])
    data = fields(staff_client.get(address), "sharedblock_form")
    save_image(staff_client, flag, image=a_red_upload())
    changed = data | {"body_en": data["body_en"].replace(" Iraq", " Iraq now")}
    assert staff_client.post(address, changed).status_code == 302
    row.refresh_from_db()
    assert "Iraq now" in row.body_en
    assert a_stored_image("red").digest in row.body_en


# What a form or a content file says of an image

FORGED = {"default": "A plan", "width": "40", "height": "30", "file": f"{'ab' * 16}.png 40"}


def edit_text(client, page, **texts):
    data = page_form(client, page)
    for name, text in texts.items():
        data[f"pages_textsection_set-0-{name}"] = text
    answer = client.post(change_address(page), data, follow=True)
    assert "errornote" not in answer.content.decode()


@pytest.mark.parametrize("key", ["unknown", "flag"])
def test_no_form_says_which_file_an_image_of_a_text_is(staff_client, key):
    a_flag()
    page = a_page_with_flag(is_live=False)
    edit_text(staff_client, page, body_en=an_item(key, **FORGED), body_fr=an_item(key, **FORGED))
    document = written(page)
    assert "Iraq" in document.blocks[0].body.fr
    assert FORGED["file"] not in dumps(document)
    publishing.publish(Page.objects.get(pk=page.pk), by=None)
    assert set(PublicImage.objects.values_list("digest", flat=True)) <= {a_stored_image("teal").digest}


def test_a_new_block_says_no_file_either(staff_client):
    page = a_page()
    data = add_block(page_form(staff_client, page), "textsection", body_en=an_item("unknown", **FORGED))
    staff_client.post(change_address(page), data)
    assert TextSection.objects.get(parent=page).body_en == "<ul>\n<li>Iraq</li>\n</ul>"


def test_the_form_of_a_shared_block_says_no_file_either(staff_client):
    row = a_shared_block(body_en="<p>Words.</p>", body_fr="<p>Mots.</p>")
    address = reverse("admin:pages_sharedblock_change", args=[row.pk])
    data = fields(staff_client.get(address), "sharedblock_form")
    staff_client.post(address, data | {"body_en": an_item("unknown", **FORGED)})
    row.refresh_from_db()
    assert "Iraq" in row.body_en
    assert "<img" not in row.body_en


def test_an_image_that_the_library_lost_stays_in_the_text_that_knows_it(staff_client):
    a_flag()
    page = a_page_with_flag(is_live=False)
    LibraryImage.objects.all().delete()
    before = written(page).blocks[0].body.en
    edit_text(staff_client, page, body_en=an_item(**FORGED).replace(" Iraq", " Iraq today"))
    assert written(page).blocks[0].body.en == before.replace(" Iraq<", " Iraq today<")


def test_a_content_file_says_no_file_either(tmp_path):
    a_flag()
    page = a_page_with_flag(is_live=False)
    before = written(page)
    content_files.dump(tmp_path)
    file = tmp_path / "pages" / f"{page.key}.yaml"
    forged = "".join(f' {name}="{value}"' for name, value in FORGED.items())
    text = file.read_text(encoding="utf-8").replace('"image:flag"', f'"image:flag"{forged}')
    file.write_text(text, encoding="utf-8")
    content_files.load(tmp_path)
    assert written(page) == before


# The dialog


def test_the_dialog_finds_an_image_by_its_key_with_what_a_text_keeps_of_it(staff_client):
    a_flag(image_fr=a_stored_image("red"))
    address = reverse("admin:pages_libraryimage_search")
    image = staff_client.get(address, {"image": "flag"}).json()["image"]
    assert image["described"]["fr"]["default"] == "Drapeau de l’Irak"
    assert image["described"]["fr"]["file"].startswith(a_stored_image("red").digest)
    assert staff_client.get(address, {"image": "gone"}).status_code == 404


@pytest.mark.medium
def test_a_text_that_comes_back_brings_its_images_back_into_the_library(tmp_path):
    flag = a_flag(image_fr=a_stored_image("red"))
    page = a_page_with_flag()
    document = live(page).read()
    page.pages_textsection_set.all().delete()
    flag.delete()
    working_copy.write(document, page)
    restored = LibraryImage.objects.get(key="flag")
    assert (restored.image, restored.image_fr) == (a_stored_image("teal"), a_stored_image("red"))
    assert (restored.alternative_text_en, restored.alternative_text_fr) == (
        "Flag of Iraq",
        "Drapeau de l’Irak",
    )
    content_files.dump(tmp_path)
    content_files.load(tmp_path)
    assert written(page).blocks[0].body == document.blocks[0].body
