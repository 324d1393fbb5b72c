"""Migration operations by which a table guards its own rows, whatever the code above forgets."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class TableOperation(Operation):
    """SQL about the table of one model; the state of the models stays."""

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
        model = state.apps.get_model(app_label, self.model_name)
        return {"table": schema_editor.quote_name(model._meta.db_table)}


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
            # Also where a session plays a replica, which skips plain triggers.
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only",
        ]

    def backwards(self, names: dict[str, str]) -> list[str]:
        return [f"DROP TRIGGER append_only ON {names['table']}"]
