"""Password hashing: Argon2, and its light form for one-time passwords, which are random and live a day."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id. A wrong guess at a lighter hash costs a full one on top, so that the time taken tells nothing."""

    def harden_runtime(self, password: str, encoded: str) -> None:  # noqa: ARG002 (Django's signature)
        self.encode(password, self.salt())


class OneTimeArgon2(Argon2):
    """For random codes of 70 bits: nothing is gained by making each guess dear, and a town gets its slips at once.

    The same algorithm by name: `Argon2` verifies it, and takes its place at the first right sign-in.
    """

    time_cost = 1
    memory_cost = 1024
    parallelism = 1
