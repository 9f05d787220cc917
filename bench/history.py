"""Does a site get slower with its history? `python bench/history.py [--pages 2000]`

Makes sites in which each page has 1, 20 and 100 editions, of which one is live, and asks for what lists many pages:
the front page of the admin, a feed, the sitemap, and a page with 400 children. Milliseconds of the processor, medians.
"""

import argparse
import json
import sys
from dataclasses import replace
from datetime import timedelta

from a_site import ROOT, Site
from public_path import get, site_itself, spent

EDITIONS = (1, 20, 100)
CHILDREN = 400


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--pages", type=int, default=2000)
    pages = arguments.parse_args().pages
    found = {editions: trial(pages, editions) for editions in EDITIONS}
    fewest = found[EDITIONS[0]]
    for what, milliseconds in fewest.items():
        others = ", ".join(
            f"{found[editions][what]:.1f} with {editions} ({found[editions][what] / milliseconds:.2f} times)"
            for editions in EDITIONS[1:]
        )
        print(f"{what}: {milliseconds:.1f} ms with one edition a page, {others}")


def trial(pages, editions):
    site = Site(workers=1)
    try:
        site.manage("fill_site", "--anyway", "--pages", pages)
        return json.loads(site_itself(site, str(editions), file=__file__))
    finally:
        site.remove()


def within(editions):
    import django

    sys.path[0] = str(ROOT)  # a module beside this one may have the name of one of the site's
    django.setup()
    from pages.models import Edition, Page

    parent, *children = Page.objects.filter(key__startswith="trial-").order_by("pk")[: CHILDREN + 1]
    gather(parent, children)
    add_history(editions - 1)
    address = Edition.objects.get(page=parent, number=1).address_en
    print(json.dumps(measures(address)))


def gather(parent, children):
    """Puts pages below another one, in what is live as in the working copies; the other one lists them."""
    from pages import indexes
    from pages.document import PageList, dumps
    from pages.models import Edition, Page

    ids = [page.pk for page in children]
    Page.objects.filter(pk__in=ids).update(parent=parent)
    Edition.objects.filter(page__in=ids).update(parent=parent)
    live = Edition.objects.get(page=parent)
    document = live.read()
    listed = replace(document, blocks=(*document.blocks, PageList(key="children")))
    Edition.objects.filter(pk=live.pk).update(document=dumps(listed))
    indexes.rebuild()


def add_history(number):
    """Gives each page so many more editions, which were live before the one that is."""
    from pages.models import Edition

    for live in list(Edition.objects.live()):
        numbers = range(live.number + 1, live.number + number + 1)
        Edition.objects.bulk_create([earlier(live, hours) for hours in numbers])


def earlier(live, number):
    from pages.models import Edition

    columns = {field.attname: getattr(live, field.attname) for field in Edition._meta.concrete_fields}
    published = live.publish_at - timedelta(hours=number)
    return Edition(**{**columns, "id": None, "number": number, "publish_at": published})


def measures(address):
    from django.contrib.auth import get_user_model
    from django.test import Client

    from canada_iraq.wsgi import application

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create_superuser("bench", password=None))
    public = {
        "feed": "/en/feed",
        "sitemap": "/sitemap.xml",
        f"page with {CHILDREN} children": f"/en/{address}",
    }
    return {
        "front page of the admin": spent(lambda: client.get("/admin/"), 9),
        **{
            what: spent(lambda path=path: get(application.application, path), 9)
            for what, path in public.items()
        },
    }


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1].startswith("--within="):
        within(int(sys.argv[1].partition("=")[2]))
    else:
        main()
