/// What the bot did that Discord forbids, in the order in which it did so; each a sentence.
#[derive(Default)]
pub(crate) struct Violations {
    found: Vec<String>,
    /// Parts of sentences that a test expects.
    expected: Vec<String>,
}

impl Violations {
    pub(crate) fn add(&mut self, sentence: impl Into<String>) {
        self.found.push(sentence.into());
    }

    pub(crate) fn expect(&mut self, part: &str) {
        self.expected.push(part.to_owned());
    }

    /// All, the expected ones too.
    pub(crate) fn all(&self) -> &[String] {
        &self.found
    }

    /// What nobody expected, and what was expected and did not come.
    pub(crate) fn unexpected(&self) -> Vec<String> {
        let is_expected = |found: &&String| self.expected.iter().any(|part| found.contains(part));
        let surprises = self.found.iter().filter(|found| !is_expected(found)).cloned();
        let came = |part: &&String| self.found.iter().any(|found| found.contains(*part));
        let absent = self.expected.iter().filter(|part| !came(part));
        surprises.chain(absent.map(|part| format!("This was expected and did not happen: {part}"))).collect()
    }
}
