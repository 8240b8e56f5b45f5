//! `taipan repl`: what a person at a terminal types and sees, and what a script on standard input comes to (X13, X8).

use std::{
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::PermissionsExt as _,
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use super::{
    program::{Ended, Folder},
    terminal::Terminal,
};

const ENTER: &[u8] = b"\r";
const TAB: &[u8] = b"\t";
const UP: &[u8] = b"\x1b[A";
const CTRL_C: &[u8] = b"\x03";
const CTRL_D: &[u8] = b"\x04";
const PROMPT: &str = ">>>";

/// Starts a session and waits for its prompt.
fn begin(folder: &Folder, arguments: &[&str]) -> Terminal {
    let arguments = [&["repl"], arguments].concat();
    let terminal = Terminal::open(folder, &arguments, &[("ISOLATION", "thread"), ("NO_COLOR", "1")]);
    terminal.wait_for(|text| text.ends_with(PROMPT));
    terminal
}

/// Types an input and waits until there is a prompt again.
fn enter(terminal: &Terminal, input: &str) {
    let prompts = prompts(&terminal.text());
    terminal.press(input.as_bytes());
    terminal.press(ENTER);
    terminal.wait_for(|text| text.ends_with(PROMPT) && self::prompts(text) > prompts);
}

fn prompts(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with(PROMPT)).count()
}

/// What the screen shows below the greeting.
fn below_greeting(text: &str) -> String {
    text.trim_end().split_once('\n').map_or("", |(_, below)| below).to_owned()
}

/// Leaves with Ctrl-D; gives what was on the screen, which must be an end with code 0.
fn leave(terminal: Terminal) -> String {
    terminal.press(CTRL_D);
    let (code, parser) = terminal.end();
    assert_eq!(code, Some(0), "{}", parser.screen().contents());
    below_greeting(&parser.screen().contents())
}

/// X13, X8: ISOLATION says thread, and it is a sandbox all the same.
#[test]
fn an_input_is_run_and_its_value_shown_and_the_next_one_finds_it() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    let greeting = terminal.text().lines().next().unwrap().to_owned();
    assert!(greeting.starts_with(concat!("Taipan ", env!("CARGO_PKG_VERSION"), " with Python 3.")), "{greeting}");
    enter(&terminal, "x = 41");
    enter(&terminal, "print('half', end='')");
    enter(&terminal, "x + 1");
    enter(&terminal, "_");
    let shown = ">>> x = 41\n>>> print('half', end='')\nhalf\n>>> x + 1\n42\n>>> _\n42\n>>>";
    assert_eq!(leave(terminal), shown);
}

/// X13, X9
#[test]
fn a_block_ends_with_an_empty_line_and_tracebacks_show_earlier_inputs() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    terminal.press(b"def half(x):\r");
    terminal.press(b"    return 1 / x\r");
    enter(&terminal, "");
    enter(&terminal, "half(4)");
    enter(&terminal, "half(0)");
    let text = leave(terminal);
    let lines: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with(['^', '~'])).collect();
    let expected = [
        ">>> def half(x):",
        "    return 1 / x",
        "",
        ">>> half(4)",
        "0.25",
        ">>> half(0)",
        "Traceback (most recent call last):",
        "  File \"in-3.py\", line 1, in <module>",
        "    half(0)",
        "  File \"in-1.py\", line 2, in half",
        "    return 1 / x",
        "ZeroDivisionError: division by zero",
        ">>>",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn tab_completes_names_and_attributes_and_leaves_no_trace() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    enter(&terminal, "wonderful = 'a'");
    enter(&terminal, "wonderful");
    terminal.press(b"wond");
    terminal.press(TAB);
    terminal.wait_for(|text| text.ends_with(">>> wonderful"));
    terminal.press(b".splitl");
    terminal.press(TAB);
    terminal.wait_for(|text| text.ends_with(">>> wonderful.splitlines"));
    enter(&terminal, "()");
    enter(&terminal, "'sys' in globals(), 'prompting' in globals(), __file__");
    let shown = ">>> wonderful = 'a'\n>>> wonderful\n'a'\n>>> wonderful.splitlines()\n['a']\n\
                 >>> 'sys' in globals(), 'prompting' in globals(), __file__\n(False, False, 'in-4.py')\n>>>";
    assert_eq!(leave(terminal), shown);
}

#[test]
fn tab_completes_commands_and_indents() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    terminal.press(b"/he");
    terminal.press(TAB);
    terminal.wait_for(|text| text.ends_with(">>> /help"));
    enter(&terminal, "");
    assert!(terminal.text().contains("\nexit()   leaves, and so does Ctrl-D"), "{}", terminal.text());
    terminal.press(b"if 1:\r");
    terminal.press(TAB);
    terminal.press(b"2\r");
    enter(&terminal, "");
    assert!(leave(terminal).ends_with(">>> if 1:\n    2\n\n>>>"));
}

#[test]
fn inputs_are_kept_for_the_next_start_and_for_their_owner_alone() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    enter(&terminal, "first = 1");
    enter(&terminal, "print(\r  'se'\r  'cond')");
    leave(terminal);
    let kept = folder.path().join("data/repl_history");
    assert_eq!(kept.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let terminal = begin(&folder, &[]);
    terminal.press(UP);
    terminal.wait_for(|text| text.ends_with(">>> print(\n  'se'\n  'cond')"));
    enter(&terminal, "");
    assert_eq!(leave(terminal), ">>> print(\n  'se'\n  'cond')\nsecond\n>>>");
}

/// X8
#[test]
fn a_picture_is_saved_and_listed_once() {
    let folder = Folder::new();
    folder.write("sales.csv", "a,b\n1,2\n");
    let terminal = begin(&folder, &["--file", "sales.csv", "--out", "pictures"]);
    enter(&terminal, "import matplotlib.pyplot as plt; plt.plot(load_file('sales.csv')['a']); None");
    let listed = "📎 1 file in pictures:\n  🖼️ figure_1.png  ";
    assert!(terminal.text().contains(listed), "{}", terminal.text());
    enter(&terminal, "len(open('sales.csv').read())");
    enter(&terminal, "/files");
    let text = leave(terminal);
    assert_eq!(text.matches("📎").count(), 1, "{text}");
    assert!(text.contains("\n>>> len(open('sales.csv').read())\n8\n>>> /files\n"), "{text}");
    assert!(text.ends_with("\n  📊 sales.csv  8 B\n>>>"), "{text}");
    assert_eq!(folder.list("pictures"), ["figure_1.png"]);
}

/// X11, X13
#[test]
fn ctrl_c_clears_what_is_typed_and_cancels_what_runs() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    terminal.press(b"nonsense");
    terminal.wait_for(|text| text.ends_with(">>> nonsense"));
    terminal.press(CTRL_C);
    terminal.wait_for(|text| text.ends_with(PROMPT));
    enter(&terminal, "x = 1");
    terminal.press(b"while True: pass\r");
    terminal.press(ENTER);
    terminal.wait_for(|text| text.contains(" running "));
    terminal.press(CTRL_C);
    terminal.wait_for(|text| text.ends_with(PROMPT));
    enter(&terminal, "'x' in globals()");
    let text = leave(terminal);
    let lines: Vec<_> = text.lines().collect();
    let expected = [
        ">>> nonsense",
        ">>> x = 1",
        ">>> while True: pass",
        "",
        "The run was cancelled. Output and files until then are kept.",
        "  File \"in-2.py\", line 1, in <module>",
        "    while True: pass",
        "ℹ️ The session has ended with this run; the next one begins anew.",
        ">>> 'x' in globals()",
        "False",
        ">>>",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn exit_leaves_with_its_code_and_reset_forgets() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    enter(&terminal, "x = 1");
    enter(&terminal, "/reset");
    enter(&terminal, "'x' in globals()");
    enter(&terminal, "/nothing");
    terminal.press(b"exit(3)\r");
    let (code, parser) = terminal.end();
    assert_eq!(code, Some(3));
    assert_eq!(
        below_greeting(&parser.screen().contents()),
        ">>> x = 1\n>>> /reset\nThe session has ended; the next input begins a new one.\n>>> 'x' in globals()\nFalse\n\
         >>> /nothing\nerror: There is no command /nothing: /help lists them.\n>>> exit(3)"
    );
}

#[test]
fn a_request_to_terminate_leaves_and_gives_the_terminal_back() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    terminal.signal(Signal::TERM);
    terminal.wait_until_given_back();
    assert_eq!(terminal.end().0, Some(130));
}

/// Code of the user's own that does not answer costs nothing but the completion.
#[test]
fn completion_does_not_wait_for_attributes_that_never_come() {
    let folder = Folder::new();
    let terminal = begin(&folder, &[]);
    terminal.press(b"class Endless:\r    def __dir__(self):\r        while True: pass\r");
    enter(&terminal, "");
    enter(&terminal, "endless = Endless()");
    terminal.press(b"endless.x");
    terminal.press(TAB);
    enter(&terminal, " = 7");
    enter(&terminal, "endless.x");
    assert!(leave(terminal).ends_with("\n>>> endless.x = 7\n>>> endless.x\n7\n>>>"));
}

/// X10, X13
#[test]
fn an_input_that_takes_too_long_ends_its_session_and_says_so() {
    let folder = Folder::new();
    let script = b"x = 1\nwhile True: pass\n'x' in globals()\n";
    let ended = folder.taipan_with_stdin(&["repl", "--timeout", "0.5"], script);
    let errors = "The code was stopped at its time limit of 0.50 s. Output and files until then are kept.\n  \
                  File \"in-2.py\", line 1, in <module>\n    while True: pass\n\
                  ℹ️ The session has ended with this run; the next one begins anew.\n";
    assert_eq!(ended, Ended::with(124, "False\n", errors));
}

/// X11: output that nobody reads holds the program up after the first; nothing holds the second up.
#[test]
fn the_second_ctrl_c_ends_the_program_at_once() {
    let folder = Folder::new();
    let mut command = folder.command(&["repl"]);
    command.env("MAX_OUTPUT_KB", "1000").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"print('ready')\nprint('x' * 500_000)\n").unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    // More comes from the next input, which therefore runs.
    stdout.fill_buf().unwrap();
    while child.try_wait().unwrap().is_none() {
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

/// X13: nobody types it, so there is no prompt.
#[test]
fn a_script_is_run_statement_by_statement() {
    let folder = Folder::new();
    let script = "import os\nclass A:\n    x = 1\n\n    y = 2\n\nif os.sep == '?':\n    1\nelse:\n    print('else')\nA.x + \
                  A.y\ntext = '''\nnot\ncode'''\ntext.count('o')\n";
    assert_eq!(folder.taipan_with_stdin(&["repl"], script.as_bytes()), Ended::with(0, "else\n3\n2\n", ""));
    let ended = folder.taipan_with_stdin(&["repl"], b"print('one')\nraise ValueError('no')\nprint('two')\nx = (1,");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), "one\ntwo\n"));
    let errors: Vec<_> = ended.stderr.lines().filter(|line| line.contains("Error")).collect();
    assert_eq!(errors, ["    raise ValueError('no')", "ValueError: no", "SyntaxError: '(' was never closed"]);
    let ended = folder.taipan_with_stdin(&["repl"], b"print('one')\nexit(3)\nprint('two')");
    assert_eq!(ended, Ended::with(3, "one\n", ""));
}

/// What is piped is run as it comes: whoever writes may wait for the answer.
#[test]
fn a_program_can_talk_to_the_session() {
    let folder = Folder::new();
    let mut command = folder.command(&["repl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut lines = BufReader::new(stdout).lines();
    stdin.write_all(b"x = 20\nx + 1\n").unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "21");
    stdin.write_all(b"for y in range(2):\n    x + y\n    print(x + y)\n\n").unwrap();
    assert_eq!((lines.next().unwrap().unwrap(), lines.next().unwrap().unwrap()), ("20".to_owned(), "21".to_owned()));
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// X13: never without a sandbox.
#[test]
fn without_a_sandbox_there_is_no_session() {
    let folder = Folder::new();
    let program = env!("CARGO_BIN_EXE_taipan");
    let mut command = std::process::Command::new("unshare");
    let script = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$0\" repl";
    command.args(["--user", "--map-root-user", "sh", "-c", script, program]).current_dir(folder.path());
    let ended = Ended::from(command.stdin(Stdio::null()).output().unwrap());
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""), "{}", ended.stderr);
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
}
