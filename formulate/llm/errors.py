"""What can go wrong between us and a language model, told apart by what helps."""

from __future__ import annotations

from formulate.errors import ComponentError


class ModelError(ComponentError):
    """A language model that did not answer. `retryable` says whether asking again may help."""

    retryable = False


class UnreachableError(ModelError):
    """No connection, a connection that broke off, no answer in time, or an error on the endpoint's side."""

    retryable = True


class RateLimitedError(ModelError):
    """Too many requests; `retry_after` are the seconds that the endpoint asks us to wait, where it says so."""

    retryable = True

    def __init__(self, message: str, *, retry_after: float | None = None, place: str = "", remedy: str = "") -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.retry_after = retry_after


class CutOffError(ModelError):
    """An answer that ended before the endpoint said it was complete. `partial` is what had come."""

    retryable = True

    def __init__(self, message: str, *, partial: str = "", place: str = "", remedy: str = "") -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.partial = partial


class CredentialsError(ModelError):
    """No key, or one that the endpoint does not accept."""


class RefusedRequestError(ModelError):
    """The endpoint does not take this request: an unknown model, a bad parameter, too long a context."""


class WrongNameError(RefusedRequestError):
    """A name or an address that names no model: wrong use, told before anything is sent."""

    exit_code = 2


class MalformedAnswerError(ModelError):
    """What came back is not in the protocol."""

    retryable = True


class BudgetError(ModelError):
    """The tokens, the money or the time that were allowed are spent."""

    exit_code = 3


class UnansweredError(ModelError):
    """A request that a replay or a batch has no answer for. Exit code 3: nothing is broken, an answer is due."""

    exit_code = 3
