//! Reads settings one by one and keeps account of what was wrong.

use std::borrow::Cow;

use super::{
    InForce, Origin,
    error::WrongSetting,
    secret::NOT_SHOWN,
    setting::{ALL, Setting, Visibility},
};

/// A value was wrong; [`Reader::wrong`] says which.
pub(super) struct Reported;

/// Looks values up, parses them, and remembers both what is in force and what is wrong.
pub(super) struct Reader<L> {
    lookup: L,
    in_force: Vec<InForce>,
    wrong: Vec<WrongSetting>,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    pub(super) fn new(lookup: L) -> Self {
        Self { lookup, in_force: Vec::new(), wrong: Vec::new() }
    }

    /// The setting's value, or its default.
    pub(super) fn read<T>(&mut self, setting: &Setting, parse: impl Fn(&str) -> Option<T>) -> Result<T, Reported> {
        let text = self.text(setting);
        self.parse(setting, &text, parse)
    }

    /// The setting's value, where somebody set it.
    pub(super) fn read_optional<T>(
        &mut self,
        setting: &Setting,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Reported> {
        let text = self.text(setting);
        if text.is_empty() { Ok(None) } else { self.parse(setting, &text, parse).map(Some) }
    }

    /// Whether somebody set the setting, which has been read.
    pub(super) fn is_given(&self, setting: &Setting) -> bool {
        self.in_force.iter().any(|read| read.name == setting.name && read.origin == Origin::Given)
    }

    /// Notes that a setting's value, which has been read, is wrong for a reason found out later.
    pub(super) fn refuse(&mut self, setting: &Setting, allowed: impl Into<Cow<'static, str>>) -> Reported {
        let value = self.in_force.iter().find(|read| read.name == setting.name).map(|read| read.value.clone());
        let value = value.unwrap_or_default();
        self.wrong.push(WrongSetting { name: setting.name, value, allowed: allowed.into() });
        Reported
    }

    /// Whether anything was.
    pub(super) fn found_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// What is in force, in the order of the list of settings.
    pub(super) fn in_force(mut self) -> Vec<InForce> {
        self.in_force.sort_by_key(|setting| place(setting.name));
        self.in_force
    }

    /// What was wrong, in the order of the list of settings.
    pub(super) fn wrong(mut self) -> Vec<WrongSetting> {
        self.wrong.sort_by_key(|setting| place(setting.name));
        self.wrong
    }

    fn text(&mut self, setting: &Setting) -> String {
        let given = (self.lookup)(setting.name).filter(|value| !value.is_empty());
        let origin = if given.is_some() { Origin::Given } else { Origin::Default };
        let value = given.unwrap_or_else(|| setting.default.to_owned());
        self.in_force.push(InForce { name: setting.name, value: shown(setting, &value), origin });
        value
    }

    fn parse<T>(&mut self, setting: &Setting, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Reported> {
        parse(text).ok_or_else(|| {
            let allowed = Cow::Borrowed(setting.allowed);
            self.wrong.push(WrongSetting { name: setting.name, value: shown(setting, text), allowed });
            Reported
        })
    }
}

/// A value as anybody may see it.
fn shown(setting: &Setting, value: &str) -> String {
    let is_hidden = setting.visibility == Visibility::Secret && !value.is_empty();
    if is_hidden { NOT_SHOWN } else { value }.to_owned()
}

fn place(name: &str) -> Option<usize> {
    ALL.iter().position(|setting| setting.name == name)
}
