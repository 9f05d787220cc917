"""Compresses answers that the page cache does not, without losing that browsers ask whether they still hold."""

from functools import wraps

from django.utils.cache import set_response_etag
from django.views.decorators.gzip import gzip_page


def compressed(view):
    """Decorates a view whose answers hold no secret.

    The ETag is that of the plain text: Django's gzip adds bytes by chance, so the compressed ones differ each time.
    """

    @gzip_page
    @wraps(view)
    def with_etag(*args, **values):
        response = view(*args, **values)
        if response.status_code == 200 and "no-store" not in response.get("Cache-Control", ""):
            set_response_etag(response)
        return response

    return with_etag
