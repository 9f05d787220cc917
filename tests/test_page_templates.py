"""Page templates: made from a page, chosen for a new one, with tips and kinds of blocks that its form shows."""

import pytest
import yaml
from django.conf import settings
from django.contrib.auth.models import Group
from django.urls import reverse

from pages import content_files, page_templates, publishing, working_copy
from pages.document import Bilingual, digest, dumps
from pages.models import AuditEntry, Page, PageTemplate, TextSection
from pages.models.blocks import Quote
from tests.admin_forms import add_block, change_address, fields, page_form
from tests.factories import (
    a_fact,
    a_figure,
    a_home_page,
    a_page,
    a_partner,
    a_partner_list,
    a_template,
    a_text,
    a_vocabulary_term,
    an_account,
)

pytestmark = pytest.mark.django_db

NEW, ADD, LIST = "/admin/pages/page/new/", "/admin/pages/page/add/", "/admin/pages/pagetemplate/"
TIP = "Since when there are relations."
STARTER = settings.BASE_DIR / "pages" / "starter"


def a_member(group):
    person = an_account()
    person.groups.add(Group.objects.get(name=group))
    return person


def made_from(template, **changes):
    values = {"title": Bilingual("France", "France"), "parent": a_home_page(), "owner": None, **changes}
    return Page.objects.get(pk=page_templates.create_page(template, **values).pk)


def html_of(response):
    return response.content.decode()


# Making a template of a page, and a page of a template


def test_a_page_made_from_a_template_says_what_the_page_said_that_it_was_made_of():
    page = a_page(audience=a_vocabulary_term("audience", "business"), takes_reports=False)
    text = a_text(page, heading_en="Trade")
    text.body_en = f'<p><a href="page:{page.key}#{text.key}">here</a></p>'
    text.save()
    a_page(address_fr="france")  # is not taken from it
    template = page_templates.save_page(Page.objects.get(pk=page.pk), a_template(key="country"))
    copy = working_copy.read(made_from(template))
    before = working_copy.read(page)
    assert (copy.key, copy.title, copy.address) == (
        "france",
        Bilingual("France", "France"),
        Bilingual("france", ""),
    )
    assert (copy.introduction, copy.description) == (before.introduction, before.description)
    assert (copy.audience, copy.takes_reports) == (before.audience, False)
    assert [block.key for block in copy.blocks] == [text.key]
    assert copy.blocks[0].body.en == f'<p><a href="page:france#{text.key}">here</a></p>'


def test_what_pages_share_is_as_it_is_now_and_what_is_gone_is_left_out():
    page, gone, there, fact = a_page(), a_partner(key="gone"), a_partner(key="there"), a_fact(key="aid")
    a_partner_list(page, partners=[gone, there])
    figure = a_figure(page)
    a_text(page, body_en='<p><data value="fact:aid">old words</data></p>')
    template = page_templates.save_page(Page.objects.get(pk=page.pk), a_template())
    image = figure.image
    page.delete()
    for row in (gone, image):
        row.delete()
    there.name_en = "Renamed"
    there.save()
    fact.value = "5000000000"
    fact.save()
    blocks = working_copy.read(made_from(template)).blocks
    assert [partner.name.en for partner in blocks[0].partners] == ["Renamed"]
    assert blocks[1].image is None
    assert "$5 billion" in blocks[2].body.en


def test_a_page_that_was_made_from_a_template_publishes_no_word_of_its_tips(client):
    template = a_template(tips={"": TIP, "start": TIP})
    page = made_from(template)
    Page.objects.filter(pk=page.pk).update(
        address_en="france", address_fr="france", description_en="France.", description_fr="La France."
    )
    TextSection.objects.filter(parent=page).update(body_en="<p>Text.</p>", body_fr="<p>Texte.</p>")
    publishing.publish(a_home_page(), by=None)
    edition = publishing.publish(Page.objects.get(pk=page.pk), by=None)
    assert TIP not in edition.document
    assert TIP not in html_of(client.get("/en/france"))


def test_a_template_that_is_saved_again_keeps_the_tips_of_the_blocks_that_stay():
    template = a_template(tips={"": "Whole page", "start": TIP})
    page = made_from(template)
    a_text(page, key="more")
    page_templates.save_page(Page.objects.get(pk=page.pk), template)
    assert [(tip.block, tip.text_en) for tip in template.tips.all()] == [
        ("", "Whole page"),
        ("start", TIP),
        ("more", ""),
    ]


def test_that_a_page_has_a_template_changes_nothing_of_its_document():
    page = a_page()
    before = digest(dumps(working_copy.read(page)))
    Page.objects.filter(pk=page.pk).update(template=a_template())
    assert digest(dumps(working_copy.read(Page.objects.get(pk=page.pk)))) == before


# Adding a page


def test_without_templates_the_form_of_a_new_page_opens_at_once(staff_client):
    a_home_page()
    assert staff_client.get(ADD).status_code == 200


@pytest.mark.medium
def test_adding_a_page_offers_an_empty_one_and_each_template(staff_client):
    home, below = a_home_page(), a_page(key="countries")
    a_template(key="country", name_en="Country page", name_fr="Page sur un pays", purpose_fr="Un pays.")
    answer = staff_client.get(f"{ADD}?parent=countries")
    assert answer.url == f"{NEW}?parent=countries"
    html = html_of(staff_client.get(answer.url, headers={"accept-language": "fr"}))
    assert "Page vide" in html
    assert 'Page sur un pays <span class="ci-quiet">Un pays.</span>' in html
    assert "(countries)" in html
    sent = {"template": "", "parent": below.key, "title_en": "Iran", "title_fr": ""}
    empty = staff_client.post(NEW, sent)
    assert empty.url == f"{ADD}?start=empty&parent=countries&title_en=Iran"
    assert 'value="Iran"' in html_of(staff_client.get(empty.url))
    made = staff_client.post(NEW, sent | {"template": "country"})
    page = Page.objects.get(key="iran")
    assert made.url == change_address(page)
    assert (page.parent, page.title_en, page.template.key) == (below, "Iran", "country")
    assert AuditEntry.objects.filter(object_id=str(page.pk)).exists()
    assert home.children.count() == 1


def test_a_page_from_a_template_needs_a_title(staff_client):
    home = a_home_page()
    a_template(key="country")
    answer = staff_client.post(NEW, {"template": "country", "parent": home.key})
    assert answer.status_code == 200
    assert "Enter a title in at least one language." in html_of(answer)
    assert Page.objects.count() == 1


# The form of such a page


@pytest.mark.medium
def test_the_form_shows_the_tips_and_says_which_blocks_the_template_does_not_have(staff_client):
    page = made_from(a_template(tips={"": "Whole <page>", "start": TIP}, allowed_blocks=["text"]))
    html = html_of(staff_client.get(change_address(page)))
    assert f'<div class="ci-tip"><p>{TIP}</p></div>' in html
    assert "Whole &lt;page&gt;" in html
    assert "does not have" not in html
    data = add_block(page_form(staff_client, page), "quote", attribution_en="Somebody")
    assert staff_client.post(change_address(page), data).status_code == 302
    assert Quote.objects.filter(parent=page).exists()  # nobody loses what was written
    html = html_of(staff_client.get(change_address(page)))
    assert "does not have these types of blocks" in html
    assert html.count("The template of this page does not have this type of block.") == 1
    offered = staff_client.get(change_address(page)).context["media"]
    plugins = str(offered).split('id="content-editor-context"')[1].split("</script>")[0]
    kinds = {
        plugin["model"]: plugin["regions"] for plugin in yaml.safe_load(plugins.split(">", 1)[1])["plugins"]
    }
    assert kinds["pages.textsection"] == ["main"]
    assert {str(regions) for model, regions in kinds.items() if model != "pages.textsection"} == {
        "['nowhere']"
    }


@pytest.mark.medium
def test_an_editor_can_part_a_page_from_its_template(staff_client):
    page = made_from(a_template())
    data = page_form(staff_client, page)
    assert data["template"] == str(page.template_id)
    staff_client.post(change_address(page), data | {"template": ""})
    page.refresh_from_db()
    assert page.template is None
    assert "template" not in page_form(staff_client, page)


# Rights, and the admin of templates


@pytest.mark.medium
def test_editors_use_templates_and_publishers_keep_them(client):
    home, template = a_home_page(), a_template(key="country")
    page = a_page()
    address, save = f"{LIST}{template.pk}/change/", f"/admin/pages/page/{page.pk}/template/"
    expected = {"Editor": (200, 200, 403, 403), "Publisher": (200, 200, 200, 302)}
    for group, statuses in expected.items():
        client.force_login(a_member(group))
        sent = {"name_en": "Sort", "name_fr": "Sorte"}
        found = (
            client.get(NEW).status_code,
            client.get(address).status_code,
            client.get(save).status_code,
            client.post(save, sent).status_code,
        )
        assert found == statuses, group
        assert ("Save as template…" in html_of(client.get(change_address(home)))) == (group == "Publisher")
    assert client.post(save, {"replaced": template.pk}).status_code == 302
    template.refresh_from_db()
    assert template.read().introduction.en == page.introduction_en
    assert set(PageTemplate.objects.values_list("key", flat=True)) == {"country", "sort"}
    assert "Name the template in both languages." in html_of(client.post(save, {"name_en": "One"}))


@pytest.mark.medium
def test_a_template_is_named_given_tips_and_kinds_and_deleted(staff_client):
    template = a_template(tips={"start": TIP})
    page = made_from(template)
    address = f"{LIST}{template.pk}/change/"
    opened = staff_client.get(address)
    assert "The whole page" in html_of(opened)
    assert "Text: Start" in html_of(opened)
    data = fields(opened, "pagetemplate_form")
    changed = {
        "name_en": "Nation page",
        "allowed_blocks": ["text", "contact"],
        "tips-1-text_fr": "Depuis quand.",
    }
    assert staff_client.post(address, data | changed).status_code == 302
    template.refresh_from_db()
    assert (template.name_en, template.allowed_blocks) == ("Nation page", ["text", "contact"])
    assert [tip.text_fr for tip in template.tips.all()] == ["", "Depuis quand."]
    assert "Text, Contact" in html_of(staff_client.get(LIST))
    staff_client.post(reverse("admin:pages_pagetemplate_delete", args=[template.pk]), {"post": "yes"})
    page.refresh_from_db()
    assert page.template is None


# Content files


def test_templates_go_out_and_come_in_with_the_content_files(tmp_path):
    page = made_from(a_template(key="country", tips={"": "All", "start": TIP}, allowed_blocks=["text"]))
    content_files.dump(tmp_path / "one")
    PageTemplate.objects.all().delete()
    content_files.load(tmp_path / "one")
    content_files.dump(tmp_path / "two")
    page.refresh_from_db()
    assert page.template.key == "country"
    assert page.template.allows("text")
    assert not page.template.allows("quote")
    for name in ("templates/country.yaml", f"pages/{page.key}.yaml"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_what_is_wrong_in_the_file_of_a_template_is_said_at_its_place(tmp_path):
    a_home_page()
    content_files.dump(tmp_path)
    (tmp_path / "templates").mkdir()
    wrong = {
        "name": {"en": "Sort"},
        "title": {"en": "Title"},
        "allowed_blocks": ["banner"],
        "blocks": [{"kind": "text", "key": "start", "tip": "Only English"}],
        "sort": 1,
    }
    (tmp_path / "templates" / "sort.yaml").write_text(yaml.dump(wrong))
    page = tmp_path / "pages" / "home.yaml"
    page.write_text("template: unknown\n" + page.read_text())
    with pytest.raises(content_files.ImportErrors) as refusal:
        content_files.load(tmp_path)
    assert {(problem.file, problem.field) for problem in refusal.value.problems} == {
        ("templates/sort.yaml", "name"),
        ("templates/sort.yaml", "title"),
        ("templates/sort.yaml", "allowed_blocks"),
        ("templates/sort.yaml", "blocks.1.tip"),
        ("templates/sort.yaml", "sort"),
        ("pages/home.yaml", "template"),
    }


@pytest.mark.parametrize("file", sorted(STARTER.glob("templates/*.yaml")), ids=lambda file: file.stem)
def test_each_starter_template_has_tips_in_both_languages_and_only_blocks_that_it_allows(file):
    data = yaml.safe_load(file.read_text())
    assert {block["kind"] for block in data["blocks"]} <= set(data["allowed_blocks"])
    for text in (data["name"], data["purpose"], data["tip"], *(block["tip"] for block in data["blocks"])):
        assert text.keys() == {"en", "fr"}
