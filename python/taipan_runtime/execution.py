"""Runs one piece of code from beginning to end."""

import asyncio
import contextvars
import gc
import inspect
from types import CodeType
from typing import Any

import _taipan

from taipan_runtime import display, figures, isolation, tracebacks
from taipan_runtime.compiling import compile_source
from taipan_runtime.isolation import modules, paths, processes, system, threads
from taipan_runtime.stopping import Stopped, let_go_of_imports

# What is found out anew for each run of a session: its source, and what it was given to read.
_OF_ONE_RUN = ("tree", "imports", "argv", "stdin_given", "stdin_used", "threads")
# What `execute` answers: a tag, then what belongs to it.
Answer = tuple[Any, ...]


def execute(run: _taipan.Run, earlier: _taipan.Run | None) -> Answer:
    """Run the code, after an `earlier` run with what that one has left.

    Raises nothing but `Stopped`, after which `stopped` has the answer.
    """
    if earlier is None:
        isolation.begin(run)
    else:
        _continue(run, earlier)
    # A context of its own: what the code sets in context variables ends with it.
    answer = contextvars.copy_context().run(_answer, run)
    if run.is_aside:
        return answer
    paths.flush_open_files(run)
    if not run.is_kept:
        # Here, where destructors that do not end can still be stopped.
        modules.clear_main(run)
    return answer


def _continue(run: _taipan.Run, earlier: _taipan.Run) -> None:
    """Let a run of a session have the modules, variables and settings of the one before it."""
    state = earlier.__dict__
    for name in _OF_ONE_RUN:
        state.pop(name, None)
    run.__dict__.update(state)
    modules.take_over(run)
    threads.begin(run)


def stopped(run: _taipan.Run, stop: Stopped) -> Answer:
    """Answer for code that was stopped; called once nothing can stop this thread any more."""
    paths.flush_open_files(run)
    processes.end_children(run)
    return "stopped", tracebacks.where(stop)


def _answer(run: _taipan.Run) -> Answer:
    try:
        result = _run_code(run)
        _conclude(run)
    except Stopped:
        raise
    except SystemExit as stop:
        return _after(run, "exited", _exit_code(stop))
    except BaseException as error:  # noqa: BLE001 - whatever the code raises is its answer
        return _after(run, "raised", *tracebacks.describe(error))
    return "completed", result


def _after(run: _taipan.Run, *answer: Any) -> Answer:
    """Conclude after the code has ended early; what fails now does not change how it ended."""
    try:
        _conclude(run)
    except Stopped:
        raise
    except BaseException as error:  # noqa: BLE001 - the user's exit functions may raise anything
        run.note(
            f"After the code had ended, {type(error).__name__} was raised: {tracebacks.text_of(error)}"[:500]
        )
    return answer


def _conclude(run: _taipan.Run) -> None:
    """Do what Python and notebooks do at the end."""
    if run.is_aside:
        return
    # A session's next run would find figures that were shown already.
    figures.save_open(close=run.is_kept)
    if not run.is_kept:
        system.run_exit_functions(run)
    processes.end_children(run)
    threads.settle(run)


def _run_code(run: _taipan.Run) -> display.Representation | None:
    if not run.is_aside:
        tracebacks.remember(run)
    run.tree, body, last = compile_source(run.code, run.file_name, run.folder)
    namespace = run.modules["__main__"].__dict__
    if run.is_aside:
        namespace = namespace.copy()
    namespace.update(
        __builtins__=__builtins__,
        load_file=_taipan.load_file,
        get_file_path=_taipan.get_file_path,
        list_files=_taipan.list_files,
        FILES=_taipan.file_paths(),
        display=display.display,
    )
    value = _evaluate(body, last, namespace)
    if value is None:
        return None
    if run.is_aside:
        return display.represent(value)
    namespace["_"] = value
    display.picture_of(value)
    return display.represent(value)


def _evaluate(body: CodeType, last: CodeType | None, namespace: dict[str, Any]) -> Any:
    if (body.co_flags | (last.co_flags if last else 0)) & inspect.CO_COROUTINE:
        with asyncio.Runner() as runner:
            return runner.run(_evaluate_async(body, last, namespace))
    exec(body, namespace)  # noqa: S102 - this is what the program is for
    return eval(last, namespace) if last else None  # noqa: S307


async def _evaluate_async(body: CodeType, last: CodeType | None, namespace: dict[str, Any]) -> Any:
    value = None
    for code in (body, last):
        if code is not None:
            value = eval(code, namespace)  # noqa: S307
            if code.co_flags & inspect.CO_COROUTINE:
                value = await value
    return value if last else None


def _exit_code(stop: SystemExit) -> int:
    """Give the process's exit code that Python would end with."""
    if stop.code is None:
        return 0
    if isinstance(stop.code, int):
        # What C cannot hold becomes -1, as in Python.
        return stop.code & 0xFF if -(2**63) <= stop.code < 2**63 else 0xFF
    _taipan.write_stderr(f"{tracebacks.text_of(stop.code)}\n")
    return 1


def clean_up(run: _taipan.Run) -> None:
    """Take the run's traces away, after its answer was given."""
    let_go_of_imports()
    isolation.end(run)
    # What stands in a stream's place may hold the run, which the garbage collector cannot look into.
    _taipan.redirect(1, None)
    _taipan.redirect(2, None)
    if run.stopping:
        figures.forget_fonts()
    drew = "figures" in run.__dict__
    run.__dict__.clear()
    if drew:
        # Figures are large and refer to themselves: left to the collector's own rhythm, dozens pile up.
        gc.collect()
