"""Migration operations by which a table guards its own rows, whatever the code above forgets."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import ForeignKey, Model

from common.postgis.roles import DatabaseRole

READER = DatabaseRole.READER.value
WRITERS = f"{DatabaseRole.APP}, {DatabaseRole.MAINTENANCE}"


# Asked once in a statement, since they hang on no row. A setting is NULL before a transaction of the
# connection was told, and '' after one that was.
_SEES_ALL = "(SELECT current_setting('dongne.acting', true)) IN ('operator', 'system')"
_ACTING_USER = "(SELECT nullif(current_setting('dongne.user_id', true), '')::bigint)"


class TableOperation(Operation):
    """
    SQL about the table of one model; the state of the models stays.

    `model_name` names one of the same app, or with its app's label one of a library's.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in self.forwards(self._names(app_label, schema_editor, to_state)):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in self.backwards(self._names(app_label, schema_editor, from_state)):
            schema_editor.execute(statement)

    def forwards(self, names: dict[str, str]) -> list[str]:
        raise NotImplementedError

    def backwards(self, names: dict[str, str]) -> list[str]:
        raise NotImplementedError

    def describe(self) -> str:
        return f"{type(self).__name__} {self.model_name}"

    def _names(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> dict[str, str]:
        """Return the quoted names that the statements take."""
        table = self._model(app_label, state)._meta.db_table
        return {"table": schema_editor.quote_name(table)}

    def _model(self, app_label: str, state: ProjectState) -> type[Model]:
        label = self.model_name if "." in self.model_name else f"{app_label}.{self.model_name}"
        return state.apps.get_model(label)


class AppendOnly(TableOperation):
    """
    Refuse UPDATE, DELETE and TRUNCATE for every role, the owner and a superuser too.

    Who has to get around it must drop the triggers first, which is seen.
    """

    def forwards(self, names: dict[str, str]) -> list[str]:
        table = names["table"]
        return [
            f"""
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION dongne_refuse_change()
            """,
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {WRITERS}",
            # Also where a session plays a replica, which skips plain triggers.
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only",
        ]

    def backwards(self, names: dict[str, str]) -> list[str]:
        table = names["table"]
        return [
            f"DROP TRIGGER append_only ON {table}",
            f"GRANT UPDATE, DELETE ON {table} TO {WRITERS}",
        ]


class RowSecurity(TableOperation):
    """
    Show and take only rows of the user that a transaction acts for; the system and operators see all.

    `owner` is the column of the user's id. The policy adds a condition to every statement and takes no
    index away: selectors go on naming whose rows they want. The owner of the table is bound too.
    """

    def __init__(self, model_name: str, owner: str = "user_id") -> None:
        super().__init__(model_name)
        self.owner = owner

    def forwards(self, names: dict[str, str]) -> list[str]:
        table = names["table"]
        rule = f"{_SEES_ALL} OR {self._is_own(names)}"
        return [
            f"CREATE POLICY acting ON {table} USING ({rule}) WITH CHECK ({rule})",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        ]

    def backwards(self, names: dict[str, str]) -> list[str]:
        table = names["table"]
        return [
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            f"DROP POLICY acting ON {table}",
        ]

    def _is_own(self, names: dict[str, str]) -> str:
        return f"{self.owner} = {_ACTING_USER}"


class RowSecurityThrough(RowSecurity):
    """
    Show and take only rows that hang on a row which may be seen: its own policy says which.

    `parent` is the foreign key to it. A row is not stored in the statement that stores its parent,
    which would not see it yet.
    """

    def __init__(self, model_name: str, parent: str) -> None:
        super().__init__(model_name)
        self.parent = parent

    def _names(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> dict[str, str]:
        names = super()._names(app_label, schema_editor, state)
        key = self._model(app_label, state)._meta.get_field(self.parent)
        if not isinstance(key, ForeignKey):
            raise TypeError(f"{self.model_name}.{self.parent} is no foreign key.")
        parent = key.related_model._meta.db_table
        quote = schema_editor.quote_name
        return {**names, "key": quote(key.column), "parent": quote(parent)}

    def _is_own(self, names: dict[str, str]) -> str:
        return (
            f"EXISTS (SELECT FROM {names['parent']} AS parent"
            f" WHERE parent.id = {names['table']}.{names['key']})"
        )


class ReportingView(TableOperation):
    """
    Show the named columns of every row to analysts, as the view `reporting.<name>`.

    The view reads with their own rights, and those end at the named columns.
    """

    def __init__(self, model_name: str, name: str, columns: tuple[str, ...]) -> None:
        super().__init__(model_name)
        self.name = name
        self.columns = columns

    def forwards(self, names: dict[str, str]) -> list[str]:
        table, columns = names["table"], ", ".join(self.columns)
        view = f"SELECT {columns} FROM {table}"  # noqa: S608 - own names
        return [
            f"CREATE POLICY reporting ON {table} FOR SELECT TO {READER} USING (true)",
            f"GRANT SELECT ({columns}) ON {table} TO {READER}",
            f"CREATE VIEW reporting.{self.name} WITH (security_invoker = true) AS {view}",
            f"GRANT SELECT ON reporting.{self.name} TO {READER}",
        ]

    def backwards(self, names: dict[str, str]) -> list[str]:
        table, columns = names["table"], ", ".join(self.columns)
        return [
            f"DROP VIEW reporting.{self.name}",
            f"REVOKE SELECT ({columns}) ON {table} FROM {READER}",  # noqa: S608 - own names
            f"DROP POLICY reporting ON {table}",
        ]
