//! What files are called.

use taipan::files::Name;

#[track_caller]
fn check(given: &str, shown: &str) {
    assert_eq!(Name::of_upload(given).shown(), shown, "{given:?}");
    assert_eq!(Name::of_upload(shown).shown(), shown, "a clean name stays as it is");
}

/// S5
#[test]
fn a_name_that_a_person_would_recognise_stays() {
    for name in [
        "sales.csv",
        "Umsätze 2025 (final) – Kopie.xlsx",
        "売上データ.csv",
        "отчёт.pdf",
        "تقرير.docx",
        "रिपोर्ट.txt",
        "📈 plot.png",
        "👨‍👩‍👧 family.jpg",
        "🏳️‍🌈.svg",
        ".env",
        ".hidden.json",
        "a.tar.gz",
        "O'Brien & Söhne, #1 [100%] {x} ~ $5 @home!.txt",
        "-rf",
        "no extension",
        "می‌خواهم.txt",
    ] {
        check(name, name);
    }
}

/// S5
#[test]
fn path_parts_go() {
    check("../../etc/passwd", "passwd");
    check("/etc/shadow", "shadow");
    check(r"C:\Users\me\data.csv", "data.csv");
    check(r"..\..\boot.ini", "boot.ini");
    check("folder/sales.csv/", "sales.csv");
    check("a/../b.txt", "b.txt");
}

/// S5
#[test]
fn characters_that_programs_obey_go() {
    check("a\0b.csv", "a_b.csv");
    check("line\nbreak\r\t.txt", "line break .txt");
    check("\x1b[31mred.txt", "_[31mred.txt");
    check("back\x7f\u{85}.txt", "back_ .txt");
    // What is shown as `exe.png` reversed.
    check("photo\u{202e}gnp.exe", "photognp.exe");
    check("\u{2066}iso\u{2069}late.txt", "isolate.txt");
    check("zero\u{200b}width\u{feff}.txt", "zerowidth.txt");
    check("left\u{200e}right\u{200f}\u{61c}.txt", "leftright.txt");
    check("soft\u{ad}hyphen.txt", "softhyphen.txt");
    check("tag\u{e0041}.txt", "tag.txt");
    check("para\u{2028}graph\u{2029}.txt", "paragraph.txt");
    check("a\u{200d}b.txt", "ab.txt");
    check(r#"what?<is>:"this"|*.txt"#, "what__is___this___.txt");
}

/// S5
#[test]
fn names_that_mean_something_to_a_system_get_a_mark() {
    check("CON", "CON_");
    check("nul.txt", "nul_.txt");
    check("com1.csv", "com1_.csv");
    check("LPT9", "LPT9_");
    check("console.txt", "console.txt");
}

/// S5
#[test]
fn what_leaves_nothing_over_is_called_file() {
    for given in ["", ".", "..", "...", " ", "/", "\\", "../", "\u{202e}", "\u{200b}", " . "] {
        check(given, "file");
    }
}

/// S5
#[test]
fn dots_and_spaces_at_the_ends_go() {
    check("data.csv.", "data.csv");
    check("data.csv...", "data.csv");
    check("  data.csv  ", "data.csv");
    check("data.csv . ", "data.csv");
    check("two  spaces.txt", "two spaces.txt");
    check("no\u{a0}break.txt", "no break.txt");
}

/// S5: letters that look alike are alike.
#[test]
fn composed_and_decomposed_letters_are_one() {
    check("u\u{308}ber.txt", "über.txt");
    assert_eq!(Name::of_upload("u\u{308}ber.txt"), Name::of_upload("über.txt"));
}

/// S5
#[test]
fn a_name_has_255_bytes_at_most_and_keeps_its_extension() {
    let ascii = format!("{}.csv", "x".repeat(255));
    check(&ascii, &format!("{}.csv", "x".repeat(251)));
    // Two bytes each: 251 bytes hold 125 of them.
    let umlauts = format!("{}.csv", "ü".repeat(200));
    check(&umlauts, &format!("{}.csv", "ü".repeat(125)));
    let emoji = format!("{}.parquet", "📈".repeat(100));
    check(&emoji, &format!("{}.parquet", "📈".repeat(61)));
    check(&"x".repeat(10_000), &"x".repeat(255));
    assert!(Name::of_upload(&format!("a.{}", "b".repeat(10_000))).shown().len() <= 255);
}

/// S5
#[test]
fn a_name_of_a_megabyte_takes_no_longer_than_one_of_a_page() {
    let name = Name::of_upload(&format!("{}.csv", "é".repeat(500_000)));
    assert_eq!(name.shown(), format!("{}.csv", "é".repeat(125)));
}

/// S4
#[test]
fn a_generated_file_is_called_by_its_own_name_and_told_apart_by_its_folder() {
    let (one, other) = (Name::of_generated("a/plot.png"), Name::of_generated("b/plot.png"));
    assert_eq!((one.shown(), one.relative()), ("plot.png", "a/plot.png"));
    assert_eq!((other.shown(), other.relative()), ("plot.png", "b/plot.png"));
}
