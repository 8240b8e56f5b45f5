//! Lets each run have modules of its own in the one interpreter.
//!
//! CPython looks modules up in one dictionary, from C and from Python. Where that dictionary is not exactly a
//! `dict`, C asks it through `__getitem__`, so a subclass can answer by run. There is no call to exchange the
//! dictionary, hence its class is exchanged in place.

use pyo3::{exceptions::PyTypeError, ffi, prelude::*, types::PyType};

/// Makes `sys.modules` an instance of `class`, a subclass of `dict` without fields of its own.
pub(super) fn dispatch_by_run(py: Python<'_>, class: &Bound<'_, PyAny>) -> PyResult<()> {
    let class = class.cast::<PyType>()?;
    let dict = py.get_type::<pyo3::types::PyDict>();
    // SAFETY: both are live type objects, and reading their sizes and flags has no side effect.
    let same_layout = unsafe {
        let (class, dict) = (class.as_type_ptr(), dict.as_type_ptr());
        (*class).tp_basicsize == (*dict).tp_basicsize
            && (*class).tp_itemsize == (*dict).tp_itemsize
            && (*class).tp_dictoffset == (*dict).tp_dictoffset
            && ffi::PyType_IsSubtype(class, dict) != 0
    };
    if !same_layout {
        return Err(PyTypeError::new_err("the class of sys.modules must be a dict without fields of its own"));
    }
    let modules = py.import("sys")?.getattr("modules")?;
    // SAFETY: the instance layout of both classes was just compared and is equal; the GIL is held, so nobody is
    // inside a method of the dictionary; the new class is kept alive by the reference given to the instance, as
    // instances of heap types own one. The dictionary is never deallocated while Python runs.
    unsafe {
        let object = modules.as_ptr();
        ffi::Py_INCREF(class.as_ptr());
        (*object).ob_type = class.as_type_ptr();
    }
    Ok(())
}
