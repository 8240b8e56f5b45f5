//! A locale for each thread, so that one run's `locale.setlocale` does not reach another (DESIGN 3, state hygiene).
//!
//! glibc keeps a locale for the process (`setlocale`) and, where one is set, for each thread (`uselocale`).

use std::{cell::RefCell, ffi::CString};

use pyo3::{exceptions::PyValueError, prelude::*, types::PyModule};

/// `LC_GLOBAL_LOCALE` of `locale.h`, which the libc crate does not have: "the process's locale".
const GLOBAL_LOCALE: libc::locale_t = std::ptr::without_provenance_mut(usize::MAX);

/// The thread's own locale; freed when it is replaced or the thread ends.
struct ThreadLocale(libc::locale_t);

impl Drop for ThreadLocale {
    fn drop(&mut self) {
        // SAFETY: the handle came from `newlocale` and is no longer in use once the global one is chosen.
        unsafe {
            libc::uselocale(GLOBAL_LOCALE);
            libc::freelocale(self.0);
        }
    }
}

thread_local! {
    static OWN: RefCell<Option<ThreadLocale>> = const { RefCell::new(None) };
}

/// Sets categories (a mask of `1 << LC_…`) of this thread's locale.
///
/// Raises `ValueError` where the system does not have the locale.
#[pyfunction]
fn set_thread_locale(mask: i32, name: &str) -> PyResult<()> {
    let name = CString::new(name)?;
    // SAFETY: `newlocale` with a duplicate of the current locale as base; on success the base belongs to the new
    // one, on failure it is freed here. `uselocale` installs it for this thread only.
    unsafe {
        let base = libc::duplocale(libc::uselocale(std::ptr::null_mut()));
        let new = libc::newlocale(mask, name.as_ptr(), base);
        if new.is_null() {
            if !base.is_null() {
                libc::freelocale(base);
            }
            return Err(PyValueError::new_err("unsupported locale setting"));
        }
        libc::uselocale(new);
        let old = OWN.with(|own| own.replace(Some(ThreadLocale(new))));
        if let Some(old) = old {
            libc::freelocale(old.0);
            std::mem::forget(old);
        }
    }
    Ok(())
}

/// Goes back to the process's locale.
#[pyfunction]
fn reset_thread_locale() {
    OWN.with(RefCell::take);
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(set_thread_locale, module)?)?;
    module.add_function(wrap_pyfunction!(reset_thread_locale, module)?)
}
