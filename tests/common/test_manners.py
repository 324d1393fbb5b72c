"""Every route of the API, walked: what holds for one must hold for the next."""

from tests.routes import Route, list_routes

# POST routes without Idempotency-Key, each with its reason.
REPEATABLE = {
    "auth-signup": "a taken address is left as it is, and answered alike",
    "auth-token": "hands out tokens, which are never stored; another session harms nobody",
    "auth-token-refresh": "hands out tokens; a spent one gives the same successor for seconds",
    "recommend": "a question: asked again, the cache gives the same cards",
}


def test_every_post_may_be_sent_again_or_says_why_it_need_not() -> None:
    posts = [route for route in list_routes() if route.method == "POST"]

    undeclared = [
        route.name for route in posts if not is_idempotent(route) and route.name not in REPEATABLE
    ]
    needless = set(REPEATABLE) - {route.name for route in posts if not is_idempotent(route)}

    assert posts
    assert undeclared == []
    assert needless == set()


def is_idempotent(route: Route) -> bool:
    return getattr(route.handler, "is_idempotent", False)
