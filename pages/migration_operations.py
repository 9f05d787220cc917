"""Operations for migrations of any application here that leave others reading and writing meanwhile.

Frozen like the migrations that use them: a change of what one does needs another name. See decision 28.
"""

from django.contrib.auth.management import create_permissions
from django.db.migrations import AddIndex, RemoveIndex, RunPython


class AddIndexConcurrently(AddIndex):
    """AddIndex that holds nobody up on PostgreSQL. On SQLite, which has no such thing, it is AddIndex.

    The migration needs `atomic = False`, and nothing but operations of this module. It can be run again after it was
    interrupted: what half of an index is there is removed first.
    """

    atomic = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            _remove(schema_editor, model, self.index)
            _add(schema_editor, model, self.index)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            _remove(schema_editor, model, self.index)


class RemoveIndexConcurrently(RemoveIndex):
    """RemoveIndex that holds nobody up on PostgreSQL, as `AddIndexConcurrently` does; one that is gone stays so."""

    atomic = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            _remove(schema_editor, model, self._index(app_label, from_state))

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            index = self._index(app_label, to_state)
            _remove(schema_editor, model, index)
            _add(schema_editor, model, index)

    def _index(self, app_label, state):
        return state.models[app_label, self.model_name_lower].get_index_by_name(self.name)


def _add(schema_editor, model, index):
    schema_editor.add_index(model, index, **_concurrently(schema_editor))


def _remove(schema_editor, model, index):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        present = connection.introspection.get_constraints(cursor, model._meta.db_table)
    if index.name in present:
        schema_editor.remove_index(model, index, **_concurrently(schema_editor))


def _concurrently(schema_editor):
    """As `django.contrib.postgres.operations` passes it; that module cannot be imported without psycopg."""
    return {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}


class GrantBy(RunPython):
    """Gives rights to a new model of pages: each to whoever has the permission that `needed` names for its action.

    Groups and accounts alike. Undone, it leaves the rights: they go with the model.
    """

    def __init__(self, model, needed):
        self.model, self.needed = model, needed
        super().__init__(self._grant, RunPython.noop)

    def deconstruct(self):
        return type(self).__name__, [self.model, self.needed], {}

    def _grant(self, apps, schema_editor):
        using = schema_editor.connection.alias
        _create_permissions(apps, using)
        permissions = apps.get_model("auth", "Permission").objects.using(using)
        permissions = permissions.filter(content_type__app_label="pages")
        for action, codename in self.needed.items():
            old = permissions.filter(codename=codename).first()
            new = permissions.filter(codename=f"{action}_{self.model}").first()
            for owners in ("group_set", "user_set") if old else ():
                getattr(new, owners).add(*getattr(old, owners).all())


class GrantLike(GrantBy):
    """Gives whoever may add, change, delete or view one model of pages the same right to another one, which is new."""

    def __init__(self, like, model):
        self.like = like
        super().__init__(
            model, {action: f"{action}_{like}" for action in ("add", "change", "delete", "view")}
        )

    def deconstruct(self):
        return type(self).__name__, [self.like, self.model], {}


def _create_permissions(apps, using):
    """Makes the permissions of new models, which Django makes only after the last migration."""
    application = apps.get_app_config("pages")
    module, application.models_module = getattr(application, "models_module", None), True
    create_permissions(application, apps=apps, using=using, verbosity=0)
    application.models_module = module
