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


class GrantLike(RunPython):
    """Gives whoever may add, change, delete or view one model of pages the same right for another one, which is new.

    Groups and accounts alike. Undone, it leaves the rights: they go with the model.
    """

    def __init__(self, like, model):
        self.like, self.model = like, model
        super().__init__(self._grant, RunPython.noop)

    def deconstruct(self):
        return type(self).__name__, [self.like, self.model], {}

    def _grant(self, apps, schema_editor):
        using = schema_editor.connection.alias
        _create_permissions(apps, using)
        permissions = apps.get_model("auth", "Permission").objects.using(using)
        for action in ("add", "change", "delete", "view"):
            old, new = (
                permissions.filter(content_type__app_label="pages", codename=f"{action}_{model}").first()
                for model in (self.like, self.model)
            )
            for holders in ("group_set", "user_set") if old else ():
                getattr(new, holders).add(*getattr(old, holders).all())


class GrantBy(RunPython):
    """Gives rights over a new model of pages to whoever has others: `holders` has by action the right that brings it.

    Groups and accounts alike. Undone, it leaves the rights: they go with the model.
    """

    def __init__(self, model, holders):
        self.model, self.holders = model, holders
        super().__init__(self._grant, RunPython.noop)

    def deconstruct(self):
        return type(self).__name__, [self.model, self.holders], {}

    def _grant(self, apps, schema_editor):
        using = schema_editor.connection.alias
        _create_permissions(apps, using)
        permissions = apps.get_model("auth", "Permission").objects.using(using)
        permissions = permissions.filter(content_type__app_label="pages")
        for action, holder in self.holders.items():
            old = permissions.filter(codename=holder).first()
            new = permissions.get(codename=f"{action}_{self.model}")
            for holders in ("group_set", "user_set") if old else ():
                getattr(new, holders).add(*getattr(old, holders).all())


def _create_permissions(apps, using):
    """Makes the permissions of new models, which Django makes only after the last migration."""
    application = apps.get_app_config("pages")
    module, application.models_module = getattr(application, "models_module", None), True
    create_permissions(application, apps=apps, using=using, verbosity=0)
    application.models_module = module
