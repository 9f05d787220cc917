"""Where each page stands in the tree of working copies, kept as a path: so an index lists pages in tree order.

A path is that of the parent, and behind it the position and the id of the page in numbers of a fixed width. Sorted as
text, parents come before their children, and siblings by position (`tree.path_of`).
"""

from collections.abc import Collection, Iterable

from django.db import connections, models, transaction
from django.utils.translation import gettext_lazy as _

from ..tree import MAX_LEVELS, STEP_LENGTH, UNPLACED

# Ids in one statement.
BATCH_SIZE = 500

# The same as `tree.path_step`.
STEP = """
    (CAST(100000 + CASE WHEN {0}.position > 99999 THEN 99999 ELSE {0}.position END AS text)
    || CAST(1000000000 + {0}.id AS text))"""


def _below(path: str, page: str) -> str:
    """The path of a page below another one, as SQL: what `tree.path_of` gives, from one level up."""
    step = STEP.format(page)
    return f"""CASE
        WHEN {path} IS NULL OR {path} LIKE '{UNPLACED}%%' THEN '{UNPLACED}' || {step}
        WHEN length({path}) >= {MAX_LEVELS * (STEP_LENGTH + 1) - 1} THEN {path}
        ELSE {path} || '/' || {step} END"""


PATH_BY_PARENT = f"""
    CASE WHEN page.parent_id IS NULL THEN {STEP.format("page")} ELSE {_below("above.path", "page")} END"""
WITH_PARENT = """
    pages_page AS page LEFT JOIN pages_treepath AS above ON above.page_id = page.parent_id"""

MISPLACED = f"""
    SELECT page.id FROM {WITH_PARENT} LEFT JOIN pages_treepath AS own ON own.page_id = page.id
    WHERE page.id IN ({{ids}}) AND (own.path IS NULL OR own.path <> {PATH_BY_PARENT})"""

# Each with every page above it; UNION ends in a cycle too.
BELOW_OTHERS = """
    WITH RECURSIVE up(start, id) AS (
        SELECT id, parent_id FROM pages_page WHERE id IN ({ids})
        UNION
        SELECT up.start, page.parent_id FROM pages_page AS page JOIN up ON page.id = up.id
    )
    SELECT DISTINCT start FROM up WHERE id IN ({ids})"""

# Not through one of the pages again, or a cycle would have no end.
WRITE_BRANCHES = f"""
    INSERT INTO pages_treepath (page_id, path)
    WITH RECURSIVE down(id, path) AS (
        SELECT page.id, {PATH_BY_PARENT} FROM {WITH_PARENT} WHERE page.id IN ({{ids}})
        UNION ALL
        SELECT child.id, {_below("down.path", "child")}
          FROM pages_page AS child JOIN down ON child.parent_id = down.id WHERE child.id NOT IN ({{ids}})
    )
    SELECT id, path FROM down WHERE true
    ON CONFLICT (page_id) DO UPDATE SET path = excluded.path"""


class TreePathQuerySet(models.QuerySet):
    def add_pages(self, ids: Collection[int]) -> None:
        """Writes the paths of pages that were just inserted, none of them below another one of them."""
        with transaction.atomic(using=self.db, savepoint=False):
            self.lock()
            for batch in _batches(ids):
                self._run(WRITE_BRANCHES, batch)

    def place(self, ids: Collection[int]) -> None:
        """Writes the paths of those pages that were moved, and of all that is below them: one query if none was.

        Belongs in the transaction that moved them, as its last lock (`lock`).
        """
        if not self._misplaced(ids):
            return
        with transaction.atomic(using=self.db, savepoint=False):
            self.lock()
            misplaced = self._misplaced(ids)  # as others left it
            below = {page for batch in _batches(misplaced) for page in self._ids(BELOW_OTHERS, batch)}
            for batch in _batches([page for page in misplaced if page not in below]):
                self._run(WRITE_BRANCHES, batch)

    def lock(self) -> None:
        """Lets those who write paths follow one another: each then sees where the others have moved pages.

        Locks the row of the home page. A transaction takes it after its locks of pages, so none waits in a circle.
        """
        if connections[self.db].features.has_select_for_update:
            home = self.filter(page__parent=None).order_by("pk")
            list(home.select_for_update(of=("self",)).values_list("pk"))

    def _misplaced(self, ids):
        return [page for batch in _batches(ids) for page in self._ids(MISPLACED, batch)]

    def _ids(self, sql, ids):
        with self._run(sql, ids) as cursor:
            return [row[0] for row in cursor.fetchall()]

    def _run(self, sql, ids):
        cursor = connections[self.db].cursor()
        values = ", ".join(["%s"] * len(ids))
        cursor.execute(sql.format(ids=values), [*ids] * sql.count("{ids}"))
        return cursor


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    ids = sorted(ids)
    return (ids[start : start + BATCH_SIZE] for start in range(0, len(ids), BATCH_SIZE))


class TreePath(models.Model):
    """The path of one page. It follows from the parents and positions of pages, and can be made again at any time.

    A page that no way leads to from the home page, because it is in a cycle or below one, has a path that comes last.
    """

    page = models.OneToOneField(
        "pages.Page",
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="tree_path",
    )
    path = models.TextField(_("path"))

    objects = TreePathQuerySet.as_manager()

    class Meta:
        verbose_name = _("location in the tree")
        verbose_name_plural = _("locations in the tree")
        default_permissions = ()
        indexes = [models.Index(fields=["path"], name="tree_path_order")]

    def __str__(self):
        return self.path

    @property
    def depth(self):
        """How many pages are above the page."""
        return self.path.count("/")
