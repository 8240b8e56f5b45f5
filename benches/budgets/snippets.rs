//! The code that is measured, with what it must come to.

use std::fmt;

use taipan::Request;

/// A piece of code and its output.
#[derive(Clone, Copy)]
pub(crate) struct Snippet {
    /// What it stands for.
    pub(crate) name: &'static str,
    /// The Python source.
    pub(crate) code: &'static str,
    /// What it must print.
    pub(crate) output: &'static str,
    /// The file it must leave, if any.
    pub(crate) file: Option<&'static str>,
}

impl Snippet {
    /// Asks for it.
    pub(crate) fn request(&self) -> Request {
        Request::new(self.code)
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// The smallest thing a person can ask: what is left is the interpreter's own time.
pub(crate) const PRINT: Snippet = Snippet { name: "print(1)", code: "print(1)", output: "1\n", file: None };

/// A small table, grouped: the everyday question.
pub(crate) const GROUP_BY: Snippet = Snippet {
    name: "pandas group-by",
    code: "
import pandas as pd
frame = pd.DataFrame({'city': ['Oslo', 'Rome', 'Oslo', 'Rome'] * 250, 'sales': range(1000)})
print(frame.groupby('city')['sales'].sum().to_dict())
",
    output: "{'Oslo': 249500, 'Rome': 250000}\n",
    file: None,
};

/// A small table, described: of what the first look at a file does.
pub(crate) const DESCRIBE: Snippet = Snippet {
    name: "pandas describe",
    code: "
import pandas as pd
frame = pd.DataFrame({'sales': range(1000), 'price': [1.5, 2.5] * 500})
print(frame.describe().loc['mean'].to_dict())
",
    output: "{'sales': 499.5, 'price': 2.0}\n",
    file: None,
};

/// A picture from a table: what people ask for most, and what takes longest.
pub(crate) const PLOT: Snippet = Snippet {
    name: "plot",
    code: "
import pandas as pd
import matplotlib.pyplot as plt
frame = pd.DataFrame({'month': range(12), 'sales': [3, 4, 6, 5, 8, 9, 11, 10, 8, 6, 5, 4]})
figure, axes = plt.subplots()
axes.plot(frame['month'], frame['sales'])
axes.set_title('Sales')
figure.savefig('sales.png')
plt.close(figure)
",
    output: "",
    file: Some("sales.png"),
};
