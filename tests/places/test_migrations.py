from django.db.migrations.loader import MigrationLoader


def test_what_is_built_outside_of_a_transaction_is_alone_in_its_migration() -> None:
    graph = MigrationLoader(None).graph
    outside = [migration for migration in graph.nodes.values() if not migration.atomic]
    ours = [migration for migration in outside if migration.app_label == "places"]

    assert [len(migration.operations) for migration in ours] == [1] * len(ours)
    assert {migration.name for migration in ours} >= {
        "0005_nearest_sights",
        "0006_nearest_of_a_kind",
    }
