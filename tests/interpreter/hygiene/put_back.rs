//! What cannot be told apart by run is put back at the run's end.

use taipan::Isolation;

use super::State;
use crate::{
    interpreters::{apply, in_both, plain},
    own_process::{async_in_own_process, case_of},
};

/// Each change, and an expression that shows it.
const PUT_BACK: &[(&str, &str, &str)] = &[
    ("import builtins; builtins.len = lambda _: 1", "len('abc')", "1"),
    ("import builtins; builtins.made_up = 1", "'made_up' in vars(__import__('builtins'))", "True"),
    ("import builtins; builtins._ = 1", "hasattr(__import__('builtins'), '_')", "True"),
    ("import builtins; builtins.open = None", "open is None", "True"),
    ("import json; json.dumps = lambda _: 'patched'", "__import__('json').dumps(1)", "patched"),
    ("import json; json.encoder.JSONEncoder = None", "__import__('json').encoder.JSONEncoder is None", "True"),
    ("import string; string.digits = 'x'", "__import__('string').digits", "x"),
    ("import math; math.pi = 3.0", "__import__('math').pi == 3", "True"),
    ("import time; time.time = lambda: 0", "__import__('time').time() == 0", "True"),
    ("import os; del os.getcwd", "hasattr(__import__('os'), 'getcwd')", "False"),
    ("import os; os.path.exists = lambda _: True", "__import__('os').path.exists('/nowhere')", "True"),
    ("import pathlib; pathlib.Path.made_up = 1", "hasattr(__import__('pathlib').Path, 'made_up')", "True"),
    ("import threading; threading.Thread.run = None", "__import__('threading').Thread.run is None", "True"),
    ("import subprocess; subprocess.run = None", "__import__('subprocess').run is None", "True"),
    ("import sys; sys.tracebacklimit = 0", "hasattr(__import__('sys'), 'tracebacklimit')", "True"),
    ("import sys; sys.dont_write_bytecode = True", "__import__('sys').dont_write_bytecode", "True"),
    ("import sys; sys.__stdout__ = None", "__import__('sys').__stdout__ is None", "True"),
    ("import sys; sys.setswitchinterval(0.25)", "__import__('sys').getswitchinterval()", "0.25"),
    ("import sys; sys.set_int_max_str_digits(0)", "__import__('sys').get_int_max_str_digits()", "0"),
    ("import gc; gc.disable()", "__import__('gc').isenabled()", "False"),
    ("import gc; gc.set_threshold(1, 2, 3)", "__import__('gc').get_threshold()", "(1, 2, 3)"),
    ("import gc; gc.callbacks.append(lambda *_: None)", "len(__import__('gc').callbacks)", "1"),
    ("import socket; socket.setdefaulttimeout(7)", "__import__('socket').getdefaulttimeout()", "7.0"),
    ("import threading; threading.stack_size(1 << 20)", "__import__('threading').stack_size()", "1048576"),
    ("import csv; csv.field_size_limit(9)", "__import__('csv').field_size_limit()", "9"),
    ("import tempfile; tempfile.tempdir = '/nowhere'", "__import__('tempfile').gettempdir()", "/nowhere"),
    ("import decimal; decimal.DefaultContext.prec = 3", "__import__('decimal').DefaultContext.prec", "3"),
    ("import copyreg; copyreg.pickle(range, str)", "range in __import__('copyreg').dispatch_table", "True"),
    ("import mimetypes; mimetypes.add_type('a/b', '.ab')", "__import__('mimetypes').guess_type('x.ab')[0]", "a/b"),
    ("import signal; signal.pthread_sigmask(0, [10])", "__import__('signal').pthread_sigmask(0, ()) != set()", "True"),
    (
        "import asyncio; asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())",
        "type(__import__('asyncio').get_event_loop_policy()).__name__ == 'RunPolicy'",
        "False",
    ),
];

/// In a process of its own: while a run goes on, what it changes holds for all.
#[apply(in_both)]
#[test]
fn what_a_run_has_changed_for_all_is_as_before_in_the_next(isolation: Isolation) {
    let test =
        case_of("interpreter::hygiene::put_back::what_a_run_has_changed_for_all_is_as_before_in_the_next", isolation);
    async_in_own_process(&test, every_change_is_put_back(isolation));
}

async fn every_change_is_put_back(isolation: Isolation) {
    let interpreter = plain(isolation);
    for (change, shown, changed) in PUT_BACK {
        let look: &str = format!("print({shown})").leak();
        let fresh = super::printed(&interpreter, look).await.trim_end().to_owned().leak();
        assert_ne!(fresh, *changed, "{change}");
        let state = State { change, other: change, look, shown: [fresh, changed, changed] };
        state.is_kept_apart_in_turn(&interpreter).await;
    }
}
