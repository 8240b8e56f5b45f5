//! Notices in microseconds whether thousands of names still mean what they meant.

use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::{
    ffi,
    prelude::*,
    types::{PyDict, PyModule, PyType},
};

/// What dictionaries and classes looked like.
///
/// Comparing them in Python takes a hash look-up for each name; going through a dictionary that nobody changed gives
/// the same keys and values in the same order, which are compared by identity here. `taipan_runtime.isolation.put_back.patches`
/// keeps the objects alive, so that an address stays theirs.
#[pyclass(frozen, module = "_taipan")]
pub(super) struct Snapshot {
    dicts: Vec<Remembered>,
    classes: Vec<(Py<PyType>, u32)>,
}

/// A dictionary and what it held.
struct Remembered {
    dict: Py<PyDict>,
    /// As long as this stays the same, nobody has changed anything; 0 where Python does not tell.
    version: AtomicU64,
    /// Addresses of keys and values, in their order.
    entries: Vec<[usize; 2]>,
}

impl Remembered {
    fn new(dict: Bound<'_, PyDict>) -> Self {
        let mut entries = Vec::with_capacity(dict.len());
        each_entry(&dict, |entry| {
            entries.push(entry);
            true
        });
        Self { version: AtomicU64::new(version_of_dict(&dict)), dict: dict.unbind(), entries }
    }

    fn is_same(&self, py: Python<'_>) -> bool {
        let dict = self.dict.bind(py);
        let version = version_of_dict(dict);
        if version != 0 && version == self.version.load(Ordering::Relaxed) {
            return true;
        }
        let mut rest = self.entries.iter();
        let same = dict.len() == self.entries.len() && each_entry(dict, |entry| rest.next() == Some(&entry));
        if same {
            // Changed and changed back.
            self.version.store(version, Ordering::Relaxed);
        }
        same
    }
}

#[pymethods]
impl Snapshot {
    /// Remembers these dictionaries and classes as they are.
    #[new]
    fn new(dicts: Vec<Bound<'_, PyDict>>, classes: Vec<Bound<'_, PyType>>) -> Self {
        let dicts = dicts.into_iter().map(Remembered::new);
        let classes = classes.into_iter().map(|class| {
            // A look at any attribute that its metaclass does not answer gives the class a version.
            let _ = class.getattr(pyo3::intern!(class.py(), "__init__"));
            let version = version(&class);
            (class.unbind(), version)
        });
        Self { dicts: dicts.collect(), classes: classes.collect() }
    }

    /// The places in the lists of those that differ now: dictionaries, then classes.
    fn changed(&self, py: Python<'_>) -> (Vec<usize>, Vec<usize>) {
        let dicts = self.dicts.iter().enumerate().filter(|(_, remembered)| !remembered.is_same(py));
        let classes =
            self.classes.iter().enumerate().filter(|(_, (class, seen))| *seen == 0 || version(class.bind(py)) != *seen);
        (dicts.map(|(place, _)| place).collect(), classes.map(|(place, _)| place).collect())
    }
}

/// A dictionary's version, which every change of it changes (PEP 509); 0 from Python 3.14 on, which has none.
#[cfg(not(Py_3_14))]
#[cfg_attr(Py_3_12, expect(deprecated, reason = "kept up to date until Python 3.13, and replaced by nothing"))]
fn version_of_dict(dict: &Bound<'_, PyDict>) -> u64 {
    // SAFETY: a live dictionary, read under the GIL.
    unsafe { (*dict.as_ptr().cast::<ffi::PyDictObject>()).ma_version_tag }
}

#[cfg(Py_3_14)]
fn version_of_dict(_: &Bound<'_, PyDict>) -> u64 {
    0
}

/// Goes through the entries until `look` says no; gives whether it never did.
fn each_entry(dict: &Bound<'_, PyDict>, mut look: impl FnMut([usize; 2]) -> bool) -> bool {
    let mut place: ffi::Py_ssize_t = 0;
    let (mut key, mut value) = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: the GIL is held and no Python code runs between the calls, so the dictionary cannot change; the
    // borrowed references are only used as addresses.
    while unsafe { ffi::PyDict_Next(dict.as_ptr(), &raw mut place, &raw mut key, &raw mut value) } != 0 {
        if !look([key as usize, value as usize]) {
            return false;
        }
    }
    true
}

/// A class's version: 0 from a change of the class or its bases until an attribute is looked up, then a new number.
/// A class whose version is 0 when it is remembered counts as changed, and is looked at closely.
fn version(class: &Bound<'_, PyType>) -> u32 {
    // SAFETY: a live type object, read under the GIL.
    unsafe { (*class.as_type_ptr()).tp_version_tag }
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Snapshot>()
}
