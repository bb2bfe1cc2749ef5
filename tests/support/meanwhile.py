"""What others do while something is being written."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def meanwhile(
    session: Session, beginning: str, act: Callable[[], object]
) -> Iterator[list[Future[object]]]:
    """Let an act begin elsewhere, once, before the session's first statement that begins so.

    It has half a second before that goes on; what comes of it is in the list.
    """
    with ThreadPoolExecutor(1) as threads:
        done: list[Future[object]] = []

        def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith(beginning) and not done:
                done.append(threads.submit(act))
                wait(done, timeout=0.5)

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", look)
        try:
            yield done
        finally:
            event.remove(engine, "before_cursor_execute", look)
