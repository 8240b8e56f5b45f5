//! Turns a list of system calls into a program for the kernel that finds each call in a few steps.
//!
//! The crate `seccompiler` compares a call with one number after another. With some 300 of them the kernel, which
//! tries a new filter with every call there is, takes half a millisecond to accept it, for each sandbox; with a
//! search tree it is a tenth. What depends on arguments is translated by the crate.

use std::{collections::BTreeMap, env::consts::ARCH};

use libc::c_long;
use seccompiler::{BackendError, BpfProgram, SeccompAction, SeccompFilter, SeccompRule, TargetArch, sock_filter};

/// What a call is answered.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// It is made.
    Allowed,
    /// It is made if one of the rules holds, and refused otherwise.
    AllowedIf(Vec<SeccompRule>),
    /// `EPERM`: known, and not for sandboxes.
    Refused,
}

impl Answer {
    /// Without rules, whatever the arguments, as the crate has it.
    pub(super) fn allowed_if(rules: Vec<SeccompRule>) -> Self {
        if rules.is_empty() { Self::Allowed } else { Self::AllowedIf(rules) }
    }
}

/// A range of numbers with the same answer, from here to the next range.
struct Range {
    first: u32,
    answer: Leaf,
}

/// What a branch of the tree ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    Return(u32),
    /// The check of this place in the list of checks.
    Check(usize),
}

const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
const REFUSE: u32 = libc::SECCOMP_RET_ERRNO | libc::EPERM.unsigned_abs();
const UNKNOWN: u32 = libc::SECCOMP_RET_ERRNO | libc::ENOSYS.unsigned_abs();

/// The operations of the kernel's small machine that are needed here, as `linux/bpf_common.h` numbers them.
const LOAD: u16 = 0x20;
const JUMP: u16 = 0x05;
const JUMP_IF_AT_LEAST: u16 = 0x35;
const RETURN: u16 = 0x06;

/// Where `struct seccomp_data` has the call's number.
const NUMBER: u32 = 0;

/// A fork skips at most 255 statements, which is half of such a tree.
const MOST_LEAVES: usize = 256;

/// The program that gives these answers, and `ENOSYS` for every other call. The last answer for a call counts.
pub(super) fn program(answers: Vec<(c_long, Answer)>) -> Result<BpfProgram, BackendError> {
    let mut checks = Vec::new();
    let ranges = ranges(answers, &mut checks);
    if ranges.len() > MOST_LEAVES {
        return Err(BackendError::FilterTooLarge(ranges.len()));
    }
    let (checks, places) = one_after_the_other(checks);

    let mut program = processor_check()?;
    program.push(statement(LOAD, NUMBER));
    let size = tree_size(ranges.len());
    push_tree(&ranges, &places, size, &mut program);
    program.extend(checks);
    Ok(program)
}

/// Ends the process when the call is one of another processor type: what the crate puts before every filter.
fn processor_check() -> Result<BpfProgram, BackendError> {
    let arch = TargetArch::try_from(ARCH)?;
    let nothing = SeccompFilter::new(BTreeMap::new(), SeccompAction::Allow, SeccompAction::Log, arch)?;
    let mut program: BpfProgram = nothing.try_into()?;
    // Its last statement is the answer for everything, of which this program has its own.
    program.pop();
    Ok(program)
}

/// Joins neighbours with the same answer; what lies between is unknown.
fn ranges(answers: Vec<(c_long, Answer)>, checks: &mut Vec<Vec<SeccompRule>>) -> Vec<Range> {
    let mut ranges = vec![Range { first: 0, answer: Leaf::Return(UNKNOWN) }];
    let mut begin = |first, answer| {
        if ranges.last().is_some_and(|last| last.first == first) {
            ranges.pop();
        }
        if ranges.last().is_none_or(|last| last.answer != answer) {
            ranges.push(Range { first, answer });
        }
    };
    let answers: BTreeMap<u32, Answer> =
        answers.into_iter().filter_map(|(call, answer)| Some((u32::try_from(call).ok()?, answer))).collect();
    for (call, answer) in answers {
        let leaf = match answer {
            Answer::Allowed => Leaf::Return(ALLOW),
            Answer::Refused => Leaf::Return(REFUSE),
            Answer::AllowedIf(rules) => {
                checks.push(rules);
                Leaf::Check(checks.len() - 1)
            }
        };
        begin(call, leaf);
        begin(call + 1, Leaf::Return(UNKNOWN));
    }
    ranges
}

/// The checks in one piece, and where in it each begins.
fn one_after_the_other(checks: Vec<Vec<SeccompRule>>) -> (BpfProgram, Vec<usize>) {
    let mut all = BpfProgram::new();
    let mut places = Vec::new();
    for rules in checks {
        places.push(all.len());
        for rule in rules {
            all.extend(BpfProgram::from(rule));
            all.push(statement(RETURN, ALLOW));
        }
        // Twice: a rule of the crate also holds a jump, never taken in short ones, that leads one statement further.
        all.extend([statement(RETURN, REFUSE), statement(RETURN, REFUSE)]);
    }
    (all, places)
}

/// Statements in a tree with so many leaves: one for each leaf, one for each fork.
const fn tree_size(leaves: usize) -> usize {
    2 * leaves - 1
}

/// Writes a tree: a fork, the branch with the lower numbers, the other branch. `to_checks` is the distance from its
/// first statement to the checks, which stand behind the whole tree.
#[expect(clippy::cast_possible_truncation, reason = "a tree of at most 256 leaves has branches of at most 255 steps")]
fn push_tree(ranges: &[Range], places: &[usize], to_checks: usize, program: &mut BpfProgram) {
    if let [range] = ranges {
        program.push(match range.answer {
            Leaf::Return(answer) => statement(RETURN, answer),
            Leaf::Check(check) => statement(JUMP, (to_checks - 1 + places[check]) as u32),
        });
        return;
    }
    let (lower, upper) = ranges.split_at(ranges.len() / 2);
    let lower_size = tree_size(lower.len());
    program.push(sock_filter { code: JUMP_IF_AT_LEAST, jt: lower_size as u8, jf: 0, k: upper[0].first });
    push_tree(lower, places, to_checks - 1, program);
    push_tree(upper, places, to_checks - 1 - lower_size, program);
}

fn statement(code: u16, value: u32) -> sock_filter {
    sock_filter { code, jt: 0, jf: 0, k: value }
}
