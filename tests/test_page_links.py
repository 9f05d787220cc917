"""Links to pages: kept as links to the page and not to its address, right in both languages, never published broken."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from pages import (
    cache_tags,
    content_files,
    emergencies,
    html,
    indexes,
    page_links,
    publishing,
    readiness,
    reviews,
    working_copy,
)
from pages.indexes import references
from pages.link_targets import LinkTargets, links_of
from pages.models import Edition, EditionReference, Page
from pages.page_links import PageLink
from pages.search.results import results
from tests.admin_forms import change_address, page_form
from tests.factories import KINDS, a_home_page, a_live_page, a_page, a_text, an_account

pytestmark = pytest.mark.django_db


def link(page, words="it", section=""):
    return f'<p>See <a href="{PageLink(page if isinstance(page, str) else page.key, section).href}">{words}</a>.</p>'


def a_page_that_links(to, *, section="", **changes):
    texts = {"introduction_en": link(to, section=section), "introduction_fr": link(to, "elle", section)}
    return a_page(**{**texts, **changes})


def shown(client, page, language="en"):
    return client.get(f"/{language}/{getattr(page, f'address_{language}')}").content.decode()


def reasons(page):
    page = Page.objects.with_content().get(pk=page.pk)
    return [reason.message for reason in readiness.reasons_not_to_publish(working_copy.read(page))]


# What rich text keeps


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("page:trade", "page:trade"),
        ("PAGE:Trade-2_b", "page:Trade-2_b"),
        ("page:trade#exports", "page:trade#exports"),
        ("page:", None),
        ("page:trade#", None),
        ("page:a b", None),
        ("page:trade?x=1", None),
        ("page:trade#a#b", None),
        ("page:تجارة", None),
        ("page:" + "a" * 101, None),
        ("page://example.org", None),
    ],
)
def test_rich_text_keeps_links_to_pages_by_key_and_no_other_spelling(href, kept):
    expected = f'<p><a href="{kept}">it</a></p>' if kept else "<p>it</p>"
    assert html.clean(f'<a href="{href}">it</a>') == expected


def test_only_links_to_pages_are_resolved_and_words_of_unknown_ones_stay():
    text = '<p><a href="page:a">A</a> <a href="page:b#c">B</a> <a href="/en/x?y=1&amp;z=2">C</a> page:a</p>'
    resolved = page_links.resolve(text, {PageLink("a"): "/en/a?b=1&c=2"}.get)
    assert resolved == (
        '<p><a href="/en/a?b=1&amp;c=2">A</a> <a>B</a> <a href="/en/x?y=1&amp;z=2">C</a> page:a</p>'
    )


# What readers see


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_link_leads_to_the_address_of_the_page_in_each_language(client, language):
    target = a_live_page()
    page = a_page_that_links(target)
    publishing.publish(page, by=None)
    address = getattr(target, f"address_{language}")
    assert f'<a href="/{language}/{address}">' in shown(client, page, language)
    assert "page:" not in shown(client, page, language)


@pytest.mark.medium
def test_a_page_with_links_is_shown_in_one_query(client, django_assert_num_queries):
    targets = [a_live_page() for _each in range(5)]
    a_text(targets[0], key="exports")
    publishing.publish(targets[0], by=None)
    links = "".join(link(target) for target in targets) + link(targets[0], section="exports")
    page = a_page(introduction_en=links, introduction_fr=links)
    publishing.publish(page, by=None)
    with django_assert_num_queries(1):
        body = shown(client, page)
    assert all(f'href="/en/{target.address_en}"' in body for target in targets)
    assert f'href="/en/{targets[0].address_en}#trade"' in body


@pytest.mark.medium
def test_a_link_follows_a_change_of_address_and_the_cached_page_with_it(client):
    target = a_live_page()
    page = a_page_that_links(target)
    publishing.publish(page, by=None)
    editions = Edition.objects.fetch_with_navigation("en", page.address_en)
    (own,) = (edition for edition in editions if edition.is_requested)
    tags = cache_tags.of_page(own, editions, {target.key})
    assert cache_tags.page_tag(target.pk) in tags
    assert cache_tags.SITE not in tags
    target.address_en = "moved"
    target.save()
    publishing.publish(target, by=None)
    assert '<a href="/en/moved">' in shown(client, page)
    assert page.editions.count() == 1


@pytest.mark.medium
def test_a_link_to_a_section_follows_its_heading_in_both_languages(client):
    target = a_page()
    section = a_text(target, key="exports", heading_en="Exports", heading_fr="Exportations")
    publishing.publish(target, by=None)
    page = a_page_that_links(target, section="exports")
    publishing.publish(page, by=None)
    assert f'href="/en/{target.address_en}#exports"' in shown(client, page)
    assert f'href="/fr/{target.address_fr}#exportations"' in shown(client, page, "fr")
    section.heading_en = "Sales abroad"
    section.save()
    publishing.publish(target, by=None)
    assert f'href="/en/{target.address_en}#sales-abroad"' in shown(client, page)
    section.delete()
    publishing.publish(target, by=None)
    assert f'<a href="/en/{target.address_en}">' in shown(client, page)


@pytest.mark.medium
def test_a_link_to_the_page_itself_stays_on_it(client):
    page = a_page(key="own", introduction_en=link("own", section="exports"), introduction_fr=link("own"))
    a_text(page, key="exports", heading_en="Exports")
    publishing.publish(page, by=None)
    assert '<a href="#exports">' in shown(client, page)
    assert f'<a href="/fr/{page.address_fr}">' in shown(client, page, "fr")


@pytest.mark.medium
def test_a_link_to_a_page_that_was_withdrawn_since_leads_to_its_notice(client):
    target = a_live_page()
    page = a_page_that_links(target)
    publishing.publish(page, by=None)
    publishing.withdraw(target, by=None)
    assert f'<a href="/en/{target.address_en}">' in shown(client, page)
    assert client.get(f"/en/{target.address_en}").status_code == 410


@pytest.mark.medium
def test_the_words_of_a_link_to_a_page_whose_publication_was_cancelled_have_no_link_until_it_is_public(
    client,
):
    target = a_page()
    page = a_page_that_links(target)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        soon = timezone.now() + timedelta(hours=1)
        first = publishing.publish(target, by=None, at=soon)
        publishing.publish(page, by=None, at=soon + timedelta(hours=1))
        publishing.cancel(first, by=None)
        clock.shift(timedelta(hours=3))
        assert "See <a>it</a>." in shown(client, page)
        editions = Edition.objects.fetch_with_navigation("en", page.address_en)
        assert cache_tags.SITE in cache_tags.of_page(editions[0], editions, {target.key})
        publishing.publish(target, by=None)
        assert f'<a href="/en/{target.address_en}">' in shown(client, page)


@pytest.mark.medium
def test_a_linked_page_is_neither_in_the_trail_nor_below(client):
    target = a_live_page(title_en="Elsewhere altogether")
    page = a_page_that_links(target)
    publishing.publish(page, by=None)
    assert "Elsewhere altogether" not in shown(client, page)


@pytest.mark.medium
def test_the_site_on_a_past_day_has_the_links_of_that_day(staff_client):
    with time_machine.travel(timezone.now() - timedelta(days=3), tick=False) as clock:
        target = a_live_page(address_en="before")
        page = a_page_that_links(target)
        publishing.publish(page, by=None)
        clock.shift(timedelta(days=1))
        moment = timezone.now().strftime("%Y%m%dT%H%M%SZ")
        clock.shift(timedelta(days=1))
        target.address_en = "after"
        target.save()
        publishing.publish(target, by=None)
        page.introduction_en = "<p>No more.</p>"
        page.introduction_fr = "<p>Fini.</p>"
        page.save()
        publishing.publish(page, by=None)
    body = staff_client.get(f"/admin/record/{moment}/en/{page.address_en}", follow=True)
    if body.status_code == 404:
        body = staff_client.get(reverse("record") + f"{moment}/en/{page.address_en}")
    assert f"{moment}/en/before" in body.content.decode()


@pytest.mark.medium
def test_programs_get_addresses_and_not_keys(client, django_assert_num_queries):
    target = a_live_page()
    page = a_page_that_links(target)
    publishing.publish(page, by=None)
    with django_assert_num_queries(2):
        answer = client.get(reverse("api_page", args=[page.key])).json()
    assert f'<a href="/en/{target.address_en}">' in answer["en"]["introduction"]
    assert f'<a href="/fr/{target.address_fr}">' in answer["fr"]["introduction"]


@pytest.mark.medium
def test_search_finds_the_words_of_a_link_and_not_its_key():
    target = a_live_page(key="zygote", title_en="Other", address_en="other")
    publishing.publish(a_page_that_links(target), by=None)
    assert not results("zygote", "en").found


def test_content_files_hold_the_link_as_it_is_written(tmp_path):
    page = a_page_that_links("trade")
    content_files.dump(tmp_path)
    assert '<a href="page:trade">' in (tmp_path / "pages" / f"{page.key}.yaml").read_text()


# Previews


@pytest.mark.medium
def test_a_preview_leads_to_the_page_or_to_the_preview_of_one_that_is_not_public(staff_client):
    target, draft = a_live_page(), a_page()
    page = a_page(introduction_en=link(target) + link(draft) + link("no-such-page"))
    body = staff_client.get(reverse("admin:pages_page_preview", args=[page.pk, "en"])).content.decode()
    assert f'<a href="/en/{target.address_en}">' in body
    path = reverse("admin:pages_page_draft", args=[draft.key, "en"])
    assert f'<a href="{path}">' in body
    answer = staff_client.get(path)
    assert answer.url == reverse("admin:pages_page_preview", args=[draft.pk, "en"])


def test_who_may_not_see_pages_is_not_led_to_a_preview(client):
    client.force_login(an_account())
    path = reverse("admin:pages_page_draft", args=[a_page().key, "en"])
    assert client.get(path).status_code == 403


# What may be published


@pytest.mark.medium
def test_a_link_to_a_page_that_is_not_public_keeps_a_page_from_being_published():
    target = a_page(title_en="Not yet")
    page = a_page_that_links(target)
    english, french = reasons(page)
    assert english == (
        "Introduction (English): A link goes to the page “Not yet”, which is not public. Publish that page first, "
        "publish or approve both together from the list of pages, or remove the link."
    )
    assert french.startswith("Introduction (French): ")
    publishing.publish(target, by=None)
    assert reasons(page) == []
    publishing.archive(target, by=None)
    assert reasons(page) == []
    publishing.withdraw(target, by=None)
    assert len(reasons(page)) == 2


def test_a_link_to_a_page_that_was_deleted_keeps_a_page_from_being_published():
    target = a_page()
    page = a_page_that_links(target)
    target.delete()
    assert "no longer exists" in reasons(page)[0]


@pytest.mark.medium
def test_a_link_to_a_section_that_is_not_there_keeps_a_page_from_being_published():
    target = a_live_page()
    page = a_page_that_links(target, section="exports")
    assert "a section that its page does not have" in reasons(page)[0]
    own = a_page(key="own", introduction_en=link("own", section="gone"), introduction_fr=link("own"))
    assert len(reasons(own)) == 1


def test_reasons_take_as_many_queries_for_many_broken_links_as_for_one(django_assert_num_queries):
    def document(count):
        text = "".join(link(a_page()) for _each in range(count))
        return working_copy.read(a_page(introduction_en=text, introduction_fr="<p>Rien.</p>"))

    for count in (1, 9):
        content = document(count)
        with django_assert_num_queries(2):
            found = readiness.broken_links(content, LinkTargets.of_documents([content]))
        assert len(found) == count


@pytest.mark.medium
def test_a_page_may_be_scheduled_for_after_the_page_that_it_links_to():
    target = a_page()
    page = a_page_that_links(target)
    soon = timezone.now() + timedelta(days=1)
    publishing.publish(target, by=None, at=soon)
    document = working_copy.read(Page.objects.with_content().get(pk=page.pk))
    assert readiness.reasons_at_any_time(document) == []
    with pytest.raises(publishing.NotReady):
        publishing.publish(page, by=None)
    with pytest.raises(publishing.NotReady):
        publishing.publish(page, by=None, at=soon - timedelta(minutes=1))
    publishing.publish(page, by=None, at=soon + timedelta(minutes=1))


@pytest.mark.medium
def test_the_publish_screen_tells_whoever_publishes_too_early(staff_client):
    target = a_page()
    page = a_page_that_links(target)
    publishing.publish(target, by=None, at=timezone.now() + timedelta(days=1))
    path = reverse("admin:pages_page_publish", args=[page.pk])
    content = staff_client.get(path)
    data = {**fields_of(content), "when": "now", "significant": "yes"}
    answer = staff_client.post(path, data).content.decode()
    assert "which is not public" in answer
    assert not page.editions.exists()


def fields_of(response):
    from tests.admin_forms import fields

    return fields(response, "")


@pytest.mark.medium
def test_an_edition_in_review_is_approved_only_while_its_links_lead_somewhere(editor):
    target = a_live_page()
    page = a_page_that_links(target)
    edition = reviews.submit(page, by=editor)
    publishing.withdraw(target, by=None)
    with pytest.raises(publishing.NotReady):
        reviews.approve(edition, by=an_account())


def test_one_language_is_published_in_an_emergency_only_with_links_that_lead_somewhere():
    page = a_live_page()
    page.introduction_en = link(a_page())
    page.save()
    with pytest.raises(publishing.NotReady):
        emergencies.publish_in_emergency(
            page, language="en", reason="Floods", due_on=timezone.localdate(), by=None
        )


def test_pages_that_link_to_one_another_are_published_together():
    first, second = (
        a_page(key="first", introduction_en=link("second")),
        a_page(key="second", introduction_en=link("first")),
    )
    editions = publishing.publish_all([first, second], by=None)
    assert len(editions) == 2


@pytest.mark.medium
def test_a_page_is_not_published_with_others_that_link_to_it_and_are_not_ready():
    home = a_home_page()
    publishing.publish(home, by=None)
    unready = a_page(key="unready", title_fr="")
    first = a_page(key="first", introduction_en=link("unready"))
    second = a_page(key="second", introduction_en=link("first"))
    third = a_page(key="third")
    editions, problems = publishing.publish_ready([unready, first, second, third], by=None)
    assert [edition.page.key for edition in editions] == ["third"]
    assert {reason.page for reason in problems} == {"unready", "first", "second"}
    assert Edition.objects.filter(page__key__in=["first", "second"]).count() == 0


# Saving


def saved(client, page, **values):
    data = page_form(client, page) | values
    response = client.post(change_address(page), data)
    assert response.status_code == 302, response.content.decode()[:2000]
    return Page.objects.with_content().get(pk=page.pk)


@pytest.mark.medium
def test_an_address_in_a_text_that_nobody_touched_stays_as_it_is(staff_client):
    a_live_page(address_en="trade")
    html = '<p>See <a href="/en/trade">trade</a> &amp; more.</p>'
    page = a_page(introduction_en=html)
    text = a_text(page, body_en=html)
    page = saved(staff_client, page, title_en="Another title")
    assert (page.title_en, page.introduction_en) == ("Another title", html)
    text.refresh_from_db()
    assert text.body_en == html


@pytest.mark.medium
def test_an_address_of_the_site_that_was_typed_or_pasted_becomes_a_link_to_the_page(staff_client, settings):
    target, draft = a_live_page(), a_page()
    page = saved(
        staff_client,
        a_page(),
        introduction_en=f'<p><a href="/en/{target.address_en}/">A</a> '
        f'<a href="{settings.SITE_URL}/en/{draft.address_en}">B</a> <a href="/en">C</a></p>',
        introduction_fr=f'<p><a href="/fr/{target.address_fr}">A</a></p>',
    )
    assert page.introduction_en == (
        f'<p><a href="page:{target.key}">A</a> <a href="page:{draft.key}">B</a> <a href="page:home">C</a></p>'
    )
    assert page.introduction_fr == f'<p><a href="page:{target.key}">A</a></p>'


@pytest.mark.medium
def test_an_address_that_the_page_had_before_becomes_a_link_to_the_page_too(staff_client):
    target = a_live_page(address_en="before")
    target.address_en = "after"
    target.save()
    publishing.publish(target, by=None)
    page = saved(staff_client, a_page(), introduction_en='<p><a href="/en/before">A</a></p>')
    assert page.introduction_en == f'<p><a href="page:{target.key}">A</a></p>'


@pytest.mark.medium
@pytest.mark.parametrize(
    "href",
    [
        "/fr/{fr}",
        "/en/no-such-page",
        "/en/{en}?x=1",
        "/en/{en}#no-section",
        "/en/search",
        "https://example.org/en/{en}",
    ],
)
def test_other_addresses_stay_as_they_were_written(staff_client, href):
    target = a_live_page()
    href = href.format(en=target.address_en, fr=target.address_fr)
    page = saved(staff_client, a_page(), introduction_en=f'<p><a href="{href}">A</a></p>')
    assert page.introduction_en == f'<p><a href="{href}">A</a></p>'


@pytest.mark.medium
def test_the_address_of_a_section_becomes_a_link_to_the_section(staff_client):
    target = a_page()
    a_text(target, key="exports", heading_en="Sales abroad")
    publishing.publish(target, by=None)
    href = f"/en/{target.address_en}#sales-abroad"
    page = saved(staff_client, a_page(), introduction_en=f'<p><a href="{href}">A</a></p>')
    assert page.introduction_en == f'<p><a href="page:{target.key}#exports">A</a></p>'


@pytest.mark.medium
def test_addresses_in_blocks_become_links_and_saving_again_is_no_conflict(staff_client):
    target, page = a_live_page(), a_page()
    a_text(page)
    data = page_form(staff_client, page) | {
        "pages_textsection_set-0-body_fr": f'<p><a href="/fr/{target.address_fr}">A</a></p>',
        "_autosave": "1",
    }
    answer = staff_client.post(change_address(page), data).json()
    assert answer["state"] == "saved"
    data |= {"opened": answer["opened"]}
    answer = staff_client.post(change_address(page), data).json()
    assert answer["state"] == "saved"
    assert page.pages_textsection_set.get().body_fr == f'<p><a href="page:{target.key}">A</a></p>'


@pytest.mark.medium
def test_saving_many_addresses_takes_three_queries_more(staff_client, django_assert_num_queries):
    from django.http import QueryDict

    from pages.admin.page_links import with_page_links

    targets = [a_live_page() for _each in range(9)]
    for some in (targets[:1], targets):
        post = QueryDict(mutable=True)
        post["introduction_en"] = "".join(f'<p><a href="/en/{each.address_en}">A</a></p>' for each in some)
        post["title_en"] = '<a href="/en/x">'
        with django_assert_num_queries(2):
            changed = with_page_links(post)
        assert changed["introduction_en"].count("page:") == len(some)
        assert changed["title_en"] == '<a href="/en/x">'


# The dialog


def search(client, **parameters):
    return client.get(reverse("admin:pages_page_links"), parameters).json()


@pytest.mark.medium
def test_pages_are_found_by_words_of_either_title_without_accents_or_by_their_address(staff_client):
    page = a_live_page(
        title_en="Trade strategy", title_fr="Stratégie d’échanges", address_en="trade", address_fr="commerce"
    )
    for typed in (
        "STRATEGIE",
        "échanges stratégie",
        "d'échanges",
        "trade strat",
        "/en/trade",
        "/fr/commerce",
        page.key,
    ):
        (found,) = search(staff_client, q=typed)["pages"]
        assert found == {
            "key": page.key,
            "titles": {"en": "Trade strategy", "fr": "Stratégie d’échanges"},
            "addresses": {"en": "/en/trade", "fr": "/fr/commerce"},
            "state": "Live",
            "isReadable": True,
        }
    assert search(staff_client, q="nothing of the kind")["pages"] == []


@pytest.mark.medium
def test_pages_that_were_saved_last_come_first(staff_client):
    pages = [a_page(title_en=f"Trade {letter}") for letter in "ABC"]
    for page in (pages[2], pages[1]):
        saved(staff_client, page, introduction_en="<p>New.</p>")
    found = [row["titles"]["en"] for row in search(staff_client, q="trade")["pages"]]
    assert found == ["Trade B", "Trade C", "Trade A"]


@pytest.mark.medium
def test_the_state_of_a_page_is_shown(staff_client):
    page = a_page()
    states = []

    def note():
        (row,) = search(staff_client, q=page.key)["pages"]
        states.append((row["state"], row["isReadable"]))

    note()
    edition = publishing.publish(page, by=None, at=timezone.now() + timedelta(days=1))
    note()
    publishing.cancel(edition, by=None)
    publishing.publish(page, by=None)
    note()
    publishing.archive(page, by=None)
    note()
    publishing.withdraw(page, by=None)
    note()
    assert states == [
        ("Never published", False),
        ("Scheduled", False),
        ("Live", True),
        ("Archived", True),
        ("Withdrawn", False),
    ]


@pytest.mark.medium
@pytest.mark.parametrize("count", [1, 11])
def test_finding_pages_takes_as_many_queries_for_many_as_for_one(
    staff_client, django_assert_num_queries, count
):
    for _each in range(count):
        a_live_page()
    with django_assert_num_queries(7):  # two of them find the person
        search(staff_client, q="page")


def test_the_sections_of_a_page_are_those_that_readers_see(staff_client, django_assert_num_queries):
    page = a_page()
    a_text(page, key="exports", heading_en="Exports", heading_fr="Exportations")
    a_text(page, key="half", heading_en="Only one", heading_fr="")
    with django_assert_num_queries(KINDS + 5):
        described = search(staff_client, page=page.key)["page"]
    exports = {
        "key": "exports",
        "titles": {"en": "Exports", "fr": "Exportations"},
        "headings": {"en": [], "fr": []},
    }
    assert described["sections"] == [exports]
    assert staff_client.get(reverse("admin:pages_page_links"), {"page": "no-such"}).status_code == 404
    assert staff_client.get(reverse("admin:pages_page_links"), {"page": "\0"}).status_code == 400


# The index


@pytest.mark.medium
def test_an_edition_that_was_never_indexed_is_found(client):
    target = a_live_page()
    page = a_page_that_links(target)
    publishing.publish(page, by=None)
    indexes.update_drafts(list(Page.objects.all()))
    EditionReference.objects.filter(page=page).delete()
    assert indexes.backfill(["edition-references"]) == 1
    assert f'href="/en/{target.address_en}"' in shown(client, page)
    assert indexes.backfill() == 0


def test_links_of_a_document_are_told_with_their_place(db):
    page = a_page(introduction_en=link("trade"), introduction_fr=link("trade", section="exports"))
    found = [(each.link, each.path, each.language) for each in links_of(working_copy.read(page))]
    assert found == [
        (PageLink("trade"), ("introduction",), "en"),
        (PageLink("trade", "exports"), ("introduction",), "fr"),
    ]


# Where a page is used


@pytest.mark.medium
@pytest.mark.parametrize("screen", ["archive", "withdraw", "submit_withdrawal"])
def test_who_archives_or_withdraws_a_page_is_told_which_pages_link_to_it(staff_client, screen):
    target = a_live_page()
    path = reverse(f"admin:pages_page_{screen}", args=[target.pk])
    assert "to this page" not in staff_client.get(path).content.decode()
    publishing.publish(a_page_that_links(target, title_en="One that links"), by=None)
    for _each in range(11):
        indexes.update_drafts([a_page_that_links(target)])
    body = staff_client.get(path).content.decode()
    assert "12 pages link to this page" in body
    assert "One that links" in body
    assert "and 2 others" in body


@pytest.mark.medium
def test_finding_what_links_to_a_page_takes_two_queries(django_assert_num_queries):
    target = a_live_page()
    indexes.update_drafts([a_page_that_links(target), a_page_that_links(target), target])
    with django_assert_num_queries(2):
        assert references.links_to(target).count == 2


@pytest.mark.medium
def test_who_deletes_a_draft_is_told_which_pages_link_to_it(staff_client):
    draft = a_page()
    indexes.update_drafts([a_page_that_links(draft, title_en="One that links"), draft])
    body = staff_client.get(reverse("admin:pages_page_delete", args=[draft.pk])).content.decode()
    assert "1 page links to this page" in body
    assert "One that links" in body
    assert "Are you sure" in body


@pytest.mark.medium
def test_a_screen_names_every_page_that_links_to_a_page(staff_client):
    target = a_live_page()
    path = reverse("admin:pages_page_uses", args=[target.pk])
    assert path in staff_client.get(change_address(target)).content.decode()
    assert "No other page links to this page" in staff_client.get(path).content.decode()
    indexes.update_drafts([a_page_that_links(target, title_en=f"Number {number}") for number in range(12)])
    body = staff_client.get(path).content.decode()
    assert all(f"Number {number}<" in body for number in range(12))
    assert "No other page" not in body
