"""How passwords are hashed, with numbers of our own."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class StatedArgon2(Argon2PasswordHasher):
    """
    argon2id with 46 MiB and two passes: twice the work of OWASP's first recommendation.

    Django's own take 100 MiB and eight lanes: sixteen sign-ins at once would take a small server's
    memory. A hash of other numbers still opens, and is made anew at the next sign-in.
    """

    time_cost = 2
    memory_cost = 46 * 1024
    parallelism = 1
