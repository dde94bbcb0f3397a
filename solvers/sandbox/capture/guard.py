"""What every hook shares: which solves are the program's own, and how one is watched without changing what it does."""

from __future__ import annotations

import functools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from solvers.errors import FormulateError

if TYPE_CHECKING:
    from solvers.model import Model
    from solvers.result import SolveResult

T = TypeVar("T")

OWN = ("solvers.adapters", "solvers.solving", "solvers.diagnose")
"""Solves below these modules are ours, in whatever thread they run."""


class UncapturedError(Exception):
    """A model, or a part of one, that a `Model` does not hold; the message says which part."""


class _State(threading.local):
    depth = 0


_state = _State()


def nested() -> bool:
    """Whether a solve belongs to a library or to us rather than to the program: only the outermost one is recorded."""
    return _state.depth > 0 or by_us()


def by_us() -> bool:
    """Whether the call comes from our own solvers, in whatever thread they run."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith(OWN):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


@contextmanager
def inside() -> Iterator[None]:
    """While a recorded solve goes on, those that it causes are not recorded."""
    _state.depth += 1
    try:
        yield
    finally:
        _state.depth -= 1


def guarded(work: Callable[[], T]) -> tuple[T | None, str]:
    """What work gives, or why there is nothing. Whatever goes wrong here is ours and must not reach the program."""
    try:
        return work(), ""
    except UncapturedError as reason:
        return None, str(reason) or "the model is not captured"
    except FormulateError as error:
        return None, error.message or type(error).__name__
    except Exception as error:  # noqa: BLE001
        return None, f"the model could not be read: {type(error).__name__}: {error}"


@dataclass(frozen=True)
class Watch:
    """One solve of the program's library: how its model is read before, and its answer after."""

    library: str
    asked: str
    build: Callable[[], Model]
    solve: Callable[[], Any]
    read: Callable[[Any, Model | None], SolveResult]
    """From what `solve` returned, and the model or None, to the result with x in the model's columns."""
    solved_by: str = ""
    failed: Callable[[BaseException], SolveResult] | None = None
    """From what `solve` raised to the result, where the library knows more than its exception says."""

    def run(self) -> Any:
        """Solve, record, and return or raise what the library does."""
        with inside():
            model, reason = guarded(self.build)
            started = time.perf_counter()
            try:
                value = self.solve()
            except BaseException as error:
                failed = (self.failed or broke)(error)
                self._record(model, reason, failed, time.perf_counter() - started)
                raise
            seconds = time.perf_counter() - started
            result, unread = guarded(lambda: self.read(value, model))
            self._record(model, reason, result or unreadable(unread), seconds)
            return value

    def _record(self, model: Model | None, reason: str, result: SolveResult, seconds: float) -> None:
        solved_by = self.solved_by or self.asked
        record(self.library, self.asked, solved_by, model, reason, replace(result, seconds=seconds, solver=solved_by))


def record(
    library: str, asked: str, solved_by: str, model: Model | None, reason: str, result: SolveResult
) -> None:
    """Hand one solve to the recorder, whose failures do not reach the program. Values that do not fit are left out."""
    from solvers.sandbox.recorder import recorder

    if result.x is not None and (model is None or len(result.x) != model.num_columns):
        result = replace(result, x=None, values={})

    def hand_over(held: Model | None, why: str) -> None:
        recorder().solved(
            library=library, asked=asked, solved_by=solved_by, model=held, result=result, uncaptured=why
        )  # fmt: skip

    _, failed = guarded(lambda: hand_over(model, "" if model is not None else reason or "no reason is known"))
    if failed:
        guarded(lambda: recorder().noted("capture", f"{library}: a solve was not recorded: {failed}"))


def broke(error: BaseException) -> SolveResult:
    """The result of a solve that ended with an exception, which the program sees too."""
    from solvers.result import SolveResult

    return SolveResult("error", "none", message=f"{type(error).__name__}: {str(error)[:500]}")


def unreadable(reason: str) -> SolveResult:
    """The result where the library answered but its answer could not be read."""
    from solvers.result import SolveResult

    return SolveResult("error", "none", message=f"the answer could not be read: {reason}")


def hook(owner: Any, name: str, wrapper: Callable[..., Any]) -> None:
    """Put `wrapper(original, *args, **kwargs)` in the place of a function or method, once."""
    original = getattr(owner, name, None)
    if original is None or getattr(original, "captures", False):
        return

    @functools.wraps(original)
    def replaced(*args: Any, **kwargs: Any) -> Any:
        return wrapper(original, *args, **kwargs)

    replaced.captures = True  # type: ignore[attr-defined]
    setattr(owner, name, replaced)


def hook_solve(owner: Any, name: str, wrapper: Callable[..., Any]) -> None:
    """As `hook`, where nested solves go straight to the original."""

    def outermost(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if nested():
            return original(*args, **kwargs)
        return wrapper(original, *args, **kwargs)

    hook(owner, name, outermost)
