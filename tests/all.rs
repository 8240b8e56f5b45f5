//! The one test program; every module is a promise or a part.

mod cli;
