//! Gives a sandbox what its run needs: files, packages, and the order itself.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use rustix::process::geteuid;
use tempfile::TempDir;

use super::{
    super::{
        guest::{INPUTS, WORKSPACE},
        wire::{
            control::ToMounter,
            conversation::{Order, OrderedInput},
        },
    },
    Sandbox,
};
use crate::interpreter::{
    InterpreterError, Request,
    active_run::{ActiveRun, FILE_NAME},
    workspace::{LinksTo, PlacedInput, Workspace},
};

/// What an aside is called in tracebacks.
const ASIDE: &str = "aside.py";

impl Sandbox {
    /// Puts the run's files into its folder, shows the sandbox what is behind them, and gives the order for the code.
    pub(crate) fn prepare(&mut self, run: &ActiveRun, workspace: &mut Workspace) -> Result<Order, InterpreterError> {
        if run.request.is_aside {
            run.works_in(workspace.path(), None);
            return Ok(order(&run.request, ASIDE, Vec::new()));
        }
        self.take_inputs_away(workspace)?;
        self.runs += 1;
        let seen = Path::new(INPUTS).join(self.runs.to_string());
        let request = &run.request;
        let given = &request.input_files;
        let inputs = if given.is_empty() { None } else { Some(workspace.place_inputs(given, LinksTo::Below(&seen))?) };
        let mut ordered = Vec::new();
        if let Some(inputs) = &inputs {
            self.show_inputs(&inputs.files)?;
            ordered.extend(inputs.files.iter().map(|file| order_input(file, workspace.path())));
        }
        let packages = run.installer.owner_folder(request.owner.as_deref());
        self.show_packages(&packages).map_err(|reason| InterpreterError::Workspace(io::Error::other(reason)))?;
        run.works_in(workspace.path(), inputs);
        let name = if self.runs == 1 { FILE_NAME.to_owned() } else { format!("main-{}.py", self.runs) };
        Ok(order(request, &name, ordered))
    }

    /// What an earlier run of the session was given is not this one's: it may have expired since, or been deleted.
    fn take_inputs_away(&self, workspace: &mut Workspace) -> Result<(), InterpreterError> {
        if self.runs == 0 {
            return Ok(());
        }
        workspace.remove_input_links();
        let hide = ToMounter::Hide { slot: self.slot, below: PathBuf::from(self.runs.to_string()) };
        self.zygote.ask_mounter(&hide).map_err(|reason| InterpreterError::Workspace(io::Error::other(reason)))
    }

    fn show_inputs(&self, files: &[PlacedInput]) -> Result<(), InterpreterError> {
        let mut shown = Vec::with_capacity(files.len());
        let mut copies = Vec::new();
        for file in files {
            let unusable = |error| InterpreterError::InputFile { path: file.original.clone(), error };
            let readable = match readable_copy(&file.original).map_err(unusable)? {
                Some(copy) => {
                    let path = copy.path.clone();
                    copies.push(copy);
                    path
                }
                None => fs::canonicalize(&file.original).map_err(unusable)?,
            };
            let below = file.link().strip_prefix(INPUTS).unwrap_or(file.link());
            shown.push((readable, below.to_owned()));
        }
        // The copies go with this function; what shows them keeps their bytes.
        self.show(shown).map_err(|reason| InterpreterError::Workspace(io::Error::other(reason)))
    }
}

/// A copy that anybody may read who gets there: its folder is this program's alone.
struct ReadableCopy {
    path: PathBuf,
    _folder: TempDir,
}

/// Where a program run by root is given a file that only some may read, sandboxes, which are nobody, get a copy.
fn readable_copy(original: &Path) -> io::Result<Option<ReadableCopy>> {
    const ANYBODY_READS: u32 = 0o004;
    if !geteuid().is_root() || fs::metadata(original)?.mode() & ANYBODY_READS != 0 {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("copy");
    let mut copy = File::create_new(&path)?;
    io::copy(&mut File::open(original)?, &mut copy)?;
    copy.set_permissions(fs::Permissions::from_mode(0o444))?;
    Ok(Some(ReadableCopy { path, _folder: folder }))
}

fn order(request: &Request, name: &str, inputs: Vec<OrderedInput>) -> Order {
    Order {
        code: request.code.clone(),
        file_name: request.source_name.as_deref().unwrap_or(name).to_owned(),
        args: request.args.clone(),
        stdin: request.stdin.clone(),
        inputs,
        is_kept: request.in_session,
        is_aside: request.is_aside,
    }
}

fn order_input(file: &PlacedInput, folder: &Path) -> OrderedInput {
    let name = file.path.strip_prefix(folder).map_or_else(|_| PathBuf::from(&file.name), Path::to_owned);
    OrderedInput {
        id: file.id.clone(),
        name: file.name.clone(),
        path: Path::new(WORKSPACE).join(name),
        original: file.link().to_owned(),
    }
}
