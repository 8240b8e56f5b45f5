//! Loggers: their handlers, levels, names and records.

use taipan::Isolation;

use super::{State, printed};
use crate::interpreters::{apply, in_both, plain};

#[apply(in_both)]
#[tokio::test]
async fn handlers_and_levels_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import logging, sys; logging.basicConfig(stream=sys.stdout, level='DEBUG', format='one %(message)s')",
        other: "import logging, sys\nhandler = logging.StreamHandler(sys.stdout)\n\
                handler.setFormatter(logging.Formatter('two %(message)s'))\nlogging.getLogger().addHandler(handler)",
        look: "import logging, os, sys\nsys.stderr = open(os.devnull, 'w')\n\
               logging.getLogger('a.b').info('told') or logging.getLogger('a.b').error('failed')\n\
               print(len(logging.getLogger().handlers), logging.getLogger().level)",
        shown: ["0 30", "one told\none failed\n1 10", "two failed\n1 30"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn loggers_a_run_makes_are_its_own(isolation: Isolation) {
    let state = State {
        change: "import logging; logging.getLogger('asyncio').disabled = True; logging.getLogger('mine').setLevel(10)",
        other: "import logging; logging.getLogger('mine').propagate = False; logging.disable(50)",
        look: "import logging\nlogger = logging.root.manager.loggerDict.get('mine')\n\
               print(logger and (logger.level, logger.propagate), logging.getLogger('asyncio').disabled, \
               logging.root.manager.disable)",
        shown: ["None False 0", "(10, True) True 0", "(0, False) False 50"],
    };
    state.is_kept_apart(isolation).await;
}

/// A logger of a library gets the run's logger as its parent, in that run alone.
#[apply(in_both)]
#[tokio::test]
async fn a_parent_made_by_one_run_writes_in_no_other(isolation: Isolation) {
    let interpreter = plain(isolation);
    let make = "import logging, sys\nparent = logging.getLogger('concurrent')\n\
                parent.addHandler(logging.FileHandler('run.log'))\nlogging.getLogger('concurrent.futures').error('told')\n\
                print(open('run.log').read())";
    assert_eq!(printed(&interpreter, make).await, "told\n\n");
    let look = "import logging, os, sys; sys.stderr = open(os.devnull, 'w')\nlogging.getLogger('concurrent.futures').error('told')\n\
                print(os.listdir(), logging.getLogger('concurrent.futures').parent.name)";
    assert_eq!(printed(&interpreter, look).await, "[] root\n");
}

#[apply(in_both)]
#[tokio::test]
async fn the_setup_of_logging_itself_is_put_back(isolation: Isolation) {
    let interpreter = plain(isolation);
    let change = "import logging, warnings\nlogging.addLevelName(15, 'NOTICE')\nlogging.captureWarnings(True)\n\
                  logging.setLogRecordFactory(lambda *_: 1 / 0)\nlogging.raiseExceptions = False\nprint('changed')";
    assert_eq!(printed(&interpreter, change).await, "changed\n");
    let look = "import logging, sys; logging.basicConfig(stream=sys.stdout, format='%(levelname)s %(message)s')\n\
                logging.captureWarnings(True)\nlogging.log(35, 'told')\nprint(logging.getLevelName(15), logging.raiseExceptions)";
    assert_eq!(printed(&interpreter, look).await, "Level 35 told\nLevel 15 True\n");
}
