//! How the program is built: what ARCHITECTURE.md and STYLE.md say, held against the source itself.
//!
//! - `layers`, `only_here`: who may name whom; both lists are read from ARCHITECTURE.md.
//! - `limits`, `names`: sizes and names of files, functions and folders.
//! - `code_map`: ARCHITECTURE.md names every folder, and nothing that is gone.
//! - `pages`: the pages people read say what is true.
//! - `source_tree`, `used_paths`: the source as these tests see it.

mod code_map;
mod layers;
mod limits;
mod names;
mod only_here;
mod pages;
mod source_tree;
mod used_paths;
