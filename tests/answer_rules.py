"""What holds for every answer of the site, whatever it is and whoever sends it, as a list of the faults of one."""

import re
from dataclasses import dataclass

# What browsers are told with every answer, and what must be part of it.
POLICY = {
    "content-security-policy": "default-src 'none'",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
    "referrer-policy": "",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
# What programs of other sites may read says so.
FOR_PROGRAMS = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
HSTS = "max-age=31536000"
TEXT = re.compile(r"text/|application/(json|javascript|xml)|[^;]+\+(json|xml)", re.I)
REPEATABLE = {"set-cookie"}


@dataclass
class Answer:
    """An answer with its headers as they were sent: one that comes twice is there twice."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""

    def all(self, name):
        return [value for found, value in self.headers if found.lower() == name]

    def get(self, name):
        return ", ".join(self.all(name))


def faults(answer, *, https=True):
    """What is wrong with one answer, in words."""
    names = [name.lower() for name, _value in answer.headers]
    yield from (f"{name} comes twice" for name in sorted(set(names) - REPEATABLE) if names.count(name) > 1)
    varies = [word.strip().lower() for word in answer.get("vary").split(",")]
    if len(varies) > len(set(varies)):
        yield f"Vary repeats itself: {answer.get('vary')}"
    kind = answer.get("content-type")
    if answer.body and not kind:
        yield "a body without a type"
    if TEXT.match(kind) and not re.search(r'charset="?utf-8"?$', kind, re.I):
        yield f"a text without a charset: {kind}"
    is_for_programs = "json" in kind and answer.get("access-control-allow-origin")  # static files have it too
    policy = POLICY | (FOR_PROGRAMS if is_for_programs else {})
    for name, value in policy.items():
        if value not in answer.get(name) or not answer.get(name):
            yield f"{name} is {answer.get(name)!r}"
    if https and HSTS not in answer.get("strict-transport-security"):
        yield "no HSTS"


def faults_of_encodings(plain, compressed):
    """What is wrong with two answers to the same question, one to a client that takes compressed bodies."""
    if compressed.get("content-encoding"):
        for answer in (plain, compressed):
            if "accept-encoding" not in answer.get("vary").lower():
                yield "compressed for some, and caches are not told"
