//! What the base packages keep for a process: figures, settings, generators, options.

use taipan::Isolation;

use super::State;
use crate::interpreters::{apply, in_both, settings};

const PRELOAD: [&str; 4] = ["numpy", "pandas", "matplotlib.pyplot", "scipy.stats"];

/// Several states in one test: the packages take a second to import in each process.
#[apply(in_both)]
#[tokio::test]
async fn what_base_packages_keep_is_kept_apart(isolation: Isolation) {
    let one = settings(isolation).preload(PRELOAD).build().expect("an interpreter");
    for state in kept_apart_at_once() {
        state.is_kept_apart_in_turn(&one).await;
    }
    colour_maps_in_turn().is_kept_apart_in_turn(&one).await;
    if isolation == Isolation::Thread {
        let two = settings(isolation).workers(2).preload(PRELOAD).build().expect("an interpreter");
        for state in kept_apart_at_once() {
            state.is_kept_apart_at_once(&two).await;
        }
    }
}

fn kept_apart_at_once() -> [State; 7] {
    [
        figures(),
        settings_of_plots(),
        numpy_generator(),
        scipy_generator(),
        numpy_options(),
        errors_of_numpy(),
        pandas_options(),
    ]
}

/// Each run has its own open figures (closed here, so that none is left as a file).
fn figures() -> State {
    State {
        change: "from matplotlib import pyplot as plt\nplt.figure(); plt.title('one')",
        other: "from matplotlib import pyplot as plt\nplt.figure(); plt.figure(7); plt.title('two')",
        look: "from matplotlib import pyplot as plt\n\
               print(plt.get_fignums(), plt.gca().get_title() if plt.get_fignums() else None)",
        shown: ["[] None", "[1] one", "[1, 7] two"],
    }
}

fn settings_of_plots() -> State {
    State {
        change: "import matplotlib; matplotlib.rcParams['font.size'] = 3",
        other: "from matplotlib import pyplot as plt\nplt.style.use('dark_background'); plt.rc('font', size=4)",
        look: "import matplotlib; print(matplotlib.rcParams['font.size'], matplotlib.rcParams['axes.facecolor'])",
        shown: ["10.0 white", "3.0 white", "4.0 black"],
    }
}

fn numpy_generator() -> State {
    State {
        change: "import numpy as np; np.random.seed(0)",
        other: "import numpy as np; np.random.set_state(np.random.RandomState(1).get_state())",
        look: "import numpy as np\nkept = np.random.get_state()\n\
               print({0.5488135: 'zero', 0.417022: 'one'}.get(round(np.random.rand(), 7)))\nnp.random.set_state(kept)",
        shown: ["None", "zero", "one"],
    }
}

/// Distributions are made once, and sklearn too asks for numpy's own generator.
fn scipy_generator() -> State {
    State {
        change: "import numpy as np; np.random.seed(0)",
        other: "import numpy as np; np.random.seed(1)",
        look: "import numpy as np, scipy.stats\nkept = np.random.get_state()\n\
               from numpy.random.mtrand import _rand\n\
               drawn = round(scipy.stats.uniform.rvs(), 7), round(_rand.uniform(), 7)\n\
               print({(0.5488135, 0.7151894): 'zero', (0.417022, 0.7203245): 'one'}.get(drawn))\nnp.random.set_state(kept)",
        shown: ["None", "zero", "one"],
    }
}

fn numpy_options() -> State {
    State {
        change: "import numpy as np; np.set_printoptions(precision=2)",
        other: "import numpy as np; np.set_printoptions(precision=3, floatmode='fixed')",
        look: "import numpy as np; print(np.array([1 / 3]))",
        shown: ["[0.33333333]", "[0.33]", "[0.333]"],
    }
}

fn errors_of_numpy() -> State {
    State {
        change: "import numpy as np; np.seterr(all='raise')",
        other: "import numpy as np; np.seterr(all='ignore')",
        look: "import numpy as np; print(np.geterr()['divide'])",
        shown: ["warn", "raise", "ignore"],
    }
}

fn pandas_options() -> State {
    State {
        change: "import pandas as pd; pd.set_option('display.max_rows', 5)",
        other: "import pandas as pd; pd.options.display.max_rows = 7; pd.options.display.width = 20",
        look: "import pandas as pd; print(pd.get_option('display.max_rows'), pd.options.display.width)",
        shown: ["60 80", "5 80", "7 20"],
    }
}

fn colour_maps_in_turn() -> State {
    State {
        change: "import matplotlib as m; m.colormaps.register(m.colors.ListedColormap(['red'], name='mine'))",
        other: "import matplotlib as m; m.colormaps.register(m.colors.ListedColormap(['red', 'blue'], name='mine'))",
        look: "import matplotlib as m; print(m.colormaps['mine'].N if 'mine' in m.colormaps else None)",
        shown: ["None", "1", "2"],
    }
}
