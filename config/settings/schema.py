"""How the API is described: title, version, and the names of what several fields share: a part of `base`."""

SPECTACULAR_SETTINGS = {
    "TITLE": "동네 Dongne API",
    "DESCRIPTION": "Short local trips that can really be done, and why.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Sets of choices that several fields share, or whose fields share a name.
    "ENUM_NAME_OVERRIDES": {
        "BudgetBand": ["low", "mid", "high"],
        "ConsentKind": ["location", "push", "marketing"],
        "Language": ["ko", "en"],
        "Mode": ["walk", "transit", "bike", "car"],
        "TasteKind": ["category", "mood"],
        "CostSourceEnum": ["measured", "stated", "prior"],
        "MoodEnum": "engine.catalogue.MOODS",
        "HoursStatusEnum": ["known", "doubted", "assumed"],
        "ReportKind": "places.reports.models.KINDS",
        "ReportStatus": "places.reports.models.STATUSES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "common.schema.add_problems",
    ],
    # Every asset of the page comes from the sidecar package, none from an outside host.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": True, "displayRequestDuration": True},
}
