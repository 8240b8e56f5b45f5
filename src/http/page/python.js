// Python as an editor sees it: words with a colour, and what a word may become.

const KEYWORDS = new Set(("False None True and as assert async await break case class continue def del elif else except "
  + "finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield").split(" "));

const BUILTINS = new Set(("FILES abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict dir "
  + "display divmod enumerate eval exec filter float format frozenset get_file_path getattr globals hasattr hash help hex "
  + "id input int isinstance issubclass iter len list list_files load_file locals map max memoryview min next object oct "
  + "open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type "
  + "vars zip ArithmeticError AttributeError Exception FileNotFoundError ImportError IndexError KeyError KeyboardInterrupt "
  + "NameError OSError RuntimeError StopIteration TypeError ValueError ZeroDivisionError").split(" "));

const MODULES = "collections csv datetime functools itertools json math matplotlib.pyplot numpy openpyxl os pandas pathlib "
  + "PIL random re scipy seaborn sklearn statistics sys time";

// The order counts: what begins first, and longest, wins.
const TOKENS = new RegExp([
  "(?<comment>#[^\\n]*)",
  "(?<string>[rbfuRBFU]{0,2}(?:\"\"\"[\\s\\S]*?(?:\"\"\"|$)|'''[\\s\\S]*?(?:'''|$)|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?))",
  "(?<number>\\b(?:0[xXoObB][\\da-fA-F_]+|\\d[\\d_]*(?:\\.[\\d_]*)?(?:[eE][+-]?\\d+)?j?))",
  "(?<word>[\\p{L}_][\\p{L}\\p{N}_]*)",
].join("|"), "gu");

// The text in pieces, each with the name of its colour or none.
export function pieces(text) {
  const found = [];
  let last = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > last) found.push(["", text.slice(last, match.index)]);
    found.push([colour(match), match[0]]);
    last = match.index + match[0].length;
  }
  if (last < text.length) found.push(["", text.slice(last)]);
  return found;
}

function colour({ groups }) {
  if (groups.comment !== undefined) return "comment";
  if (groups.string !== undefined) return "string";
  if (groups.number !== undefined) return "number";
  if (KEYWORDS.has(groups.word)) return "keyword";
  return BUILTINS.has(groups.word) ? "builtin" : "";
}

// What the word before the cursor may become: names of this code first, then Python's.
export function completions(text, cursor, others) {
  const before = text.slice(0, cursor);
  const word = before.match(/[\p{L}_][\p{L}\p{N}_]*$/u)?.[0] ?? "";
  const isImport = /^\s*(?:import|from)\s+[\w.]*$/u.test(before.slice(before.lastIndexOf("\n") + 1));
  const own = text.match(/[\p{L}_][\p{L}\p{N}_]+/gu) ?? [];
  const known = isImport ? MODULES.split(" ") : [...others, ...own, ...KEYWORDS, ...BUILTINS];
  const fitting = [...new Set(known)].filter((name) => name.startsWith(word) && name !== word);
  return { word, names: fitting.slice(0, 50) };
}
