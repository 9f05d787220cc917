"""What a public page is measured against, on the very same server: `python bench/applications.py function|view`.

`function` is the site with a WSGI function in one process, which gives the bytes of the page at FUNCTION_PATH; `view` a
Django view that gives them without middleware. ANSWER names the file of the answer, as `public_path.py` writes it.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import override_settings
from django.urls import re_path

from canada_iraq import server

ANSWER = json.loads(Path(os.environ["ANSWER"]).read_text())
HEADERS = [tuple(pair) for pair in ANSWER["headers"]]
BODY = ANSWER["body"].encode("latin-1")
FUNCTION_PATH = "/en/a-wsgi-function"


def function(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]


def beside(site):
    """Both in one process: what one process takes more than another of its like is more than they differ by."""
    applications = {FUNCTION_PATH: function}
    return lambda environ, start_response: applications.get(environ["PATH_INFO"], site)(
        environ, start_response
    )


def answer(request):
    return HttpResponse(BODY, headers=dict(HEADERS))


urlpatterns = [re_path("", answer)]


def main():
    if sys.argv[1] == "view":
        override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__).enable()
        server.application = WSGIHandler()
    else:
        server.application = beside(server.application)
    _workers, port = server.read_variables()
    server.serve(1, port)


if __name__ == "__main__":
    main()
