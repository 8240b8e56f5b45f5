// Writes what JavaScript libraries write well: xls, xlsb and numbers by SheetJS (read by xlrd, calamine and
// numbers-parser), bson by MongoDB's own bson, doc and ppt as compound files by cfb.
const fs = require("fs");
const path = require("path");
const XLSX = require("xlsx");
const CFB = require("cfb");
const { BSON } = require("bson");

const folder = process.argv[2];
const people = XLSX.utils.aoa_to_sheet([
  ["name", "count", "score"],
  ["Anna", 1, 1.5],
  ["Jürgen", 2, 2.5],
  ["Zoë", 3, 3.5],
]);
const places = XLSX.utils.aoa_to_sheet([["place"], ["Zürich"]]);
const book = XLSX.utils.book_new();
XLSX.utils.book_append_sheet(book, people, "people");
XLSX.utils.book_append_sheet(book, places, "places");
// SheetJS writes cells that follow another as records without a column, which no reader in Python knows.
const spaced = XLSX.utils.book_new();
const cells = XLSX.utils.sheet_to_json(people, { header: 1 }).map((row) => row.flatMap((cell) => [cell, undefined]));
XLSX.utils.book_append_sheet(spaced, XLSX.utils.aoa_to_sheet(cells), "people");
XLSX.utils.book_append_sheet(spaced, places, "places");
const workbooks = {
  "sample.xls": "biff8",
  "sample.xlsb": "xlsb",
  "sample.numbers": "numbers",
  "xml2003.xls": "xlml",
  "unordered.ods": "ods",
};
for (const [name, type] of Object.entries(workbooks)) {
  const numbers = require("xlsx/dist/xlsx.zahl.js");
  const options = { type: "buffer", bookType: type, compression: true, numbers };
  fs.writeFileSync(path.join(folder, name), XLSX.write(type === "xlsb" ? spaced : book, options));
}

const documents = [{ name: "Anna", count: 1 }, { name: "Zoë", count: 2, inner: { deep: true } }];
fs.writeFileSync(path.join(folder, "sample.bson"), Buffer.concat(documents.map((one) => BSON.serialize(one))));

for (const [ending, stream] of [["doc", "/WordDocument"], ["ppt", "/PowerPoint Document"]]) {
  const container = CFB.utils.cfb_new();
  CFB.utils.cfb_add(container, stream, Buffer.alloc(4096, 32));
  fs.writeFileSync(path.join(folder, `sample.${ending}`), CFB.write(container, { type: "buffer" }));
}
