"""Texts, source code and markup: written by hand, in several encodings."""

from pathlib import Path

LETTERS = "Grüße aus Zürich\nund Łódź: 3 €\n"
SOURCES = {
    "md": "# Grüße\n\nein *Text*\n",
    "markdown": "# Grüße\n\nein *Text*\n",
    "rst": "Grüße\n=====\n\nein Text\n",
    "tex": "\\documentclass{article}\\begin{document}Grüße\\end{document}\n",
    "log": "2026-01-01 12:00:00 INFO Grüße\n",
    "out": "Grüße\n",
    "err": "warning: Grüße\n",
    "adoc": "= Grüße\n\nein Text\n",
    "org": "* Grüße\nein Text\n",
    "html": "<!DOCTYPE html><html><body><p>Grüße</p></body></html>\n",
    "htm": "<html><body><p>Grüße</p></body></html>\n",
    "css": "p::before { content: 'Grüße'; }\n",
    "scss": "$text: 'Grüße'; p { content: $text; }\n",
    "sass": "$text: 'Grüße'\np\n  content: $text\n",
    "less": "@text: 'Grüße'; p { content: @text; }\n",
    "vue": "<template><p>Grüße</p></template>\n",
    "svelte": "<script>let a = 1;</script><p>Grüße</p>\n",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>Grüße</text></svg>\n',
    "sql": "SELECT 'Grüße' AS text;\n",
    "py": "print('Grüße')\n",
    "pyw": "print('Grüße')\n",
    "r": "cat('Grüße')\n",
    "rmd": "---\ntitle: Grüße\n---\n",
    "js": "console.log('Grüße');\n",
    "jsx": "const a = <p>Grüße</p>;\n",
    "ts": "const a: string = 'Grüße';\n",
    "tsx": "const a: any = <p>Grüße</p>;\n",
    "java": 'class A { String a = "Grüße"; }\n',
    "c": 'char *a = "Grüße";\n',
    "h": "/* Grüße */\n",
    "cpp": 'auto a = "Grüße";\n',
    "hpp": "// Grüße\n",
    "cs": 'class A { string a = "Grüße"; }\n',
    "go": 'package main\nvar a = "Grüße"\n',
    "rs": 'const A: &str = "Grüße";\n',
    "rb": "puts 'Grüße'\n",
    "php": "<?php echo 'Grüße';\n",
    "swift": 'let a = "Grüße"\n',
    "kt": 'val a = "Grüße"\n',
    "kts": 'val a = "Grüße"\n',
    "scala": 'val a = "Grüße"\n',
    "sh": "echo 'Grüße'\n",
    "bash": "echo 'Grüße'\n",
    "zsh": "echo 'Grüße'\n",
    "ps1": "Write-Output 'Grüße'\n",
    "bat": "echo Grüße\n",
    "lua": "print('Grüße')\n",
    "pl": "print 'Grüße';\n",
    "jl": 'println("Grüße")\n',
    "nim": 'echo "Grüße"\n',
    "asm": "; Grüße\n",
    "s": "# Grüße\n",
    "dart": "var a = 'Grüße';\n",
    "m": "a = 'Grüße';\n",
}


def write(folder: Path) -> None:
    (folder / "sample.txt").write_text(LETTERS, encoding="utf-8")
    (folder / "sample.text").write_text(LETTERS, encoding="utf-8-sig")
    (folder / "utf16.txt").write_text(LETTERS, encoding="utf-16")
    (folder / "cp1252.txt").write_bytes("Grüße aus Zürich\r\nkostet “drei” €\r\n".encode("cp1252"))
    (folder / "cp1251.txt").write_text("Привет, мир! Это проверка кодировки.\n", encoding="cp1251")
    (folder / "shift_jis.txt").write_text("これは日本語のテキストです。\n", encoding="shift_jis")
    (folder / "sample.rtf").write_bytes(rb"{\rtf1\ansi{\b Gr\'fc\'dfe} aus Z\'fcrich\par}")
    (folder / "sample.bin").write_bytes(bytes(range(256)))
    (folder / "sample.dat").write_text("1 2 3\n4 5 6 ü\n", encoding="utf-8")
    (folder / "sample.unheardof").write_bytes(b"\x93\x94\x00\x01")
    for ending, text in SOURCES.items():
        (folder / f"sample.{ending}").write_text(text, encoding="utf-8")
