// node schema_large.mjs prisma|dbml FILE   processor seconds that a tool's own compiler takes for a schema, and its peak of memory, as JSON

import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(path.resolve(import.meta.dirname, "../tests/judges/package.json"));
const FILE = "file:///schema.prisma";
const [tool, file] = process.argv.slice(2);
const seconds = {};

function timed(name, work) {
  const before = process.cpuUsage();
  const made = work();
  const { user, system } = process.cpuUsage(before);
  seconds[name] = (user + system) / 1e6;
  return made;
}

function prisma(schema) {
  const { format, get_dmmf, validate } = require("@prisma/prisma-schema-wasm");
  const given = JSON.stringify({ prismaSchema: [[FILE, schema]], noColor: true });
  const options = JSON.stringify({ textDocument: { uri: FILE }, options: { tabSize: 2, insertSpaces: true } });
  timed("format", () => format(JSON.stringify([[FILE, schema]]), options));
  timed("validate", () => validate(given));
  timed("getDMMF", () => get_dmmf(given));
}

function dbml(schema) {
  const { ModelExporter, Parser } = require("@dbml/core");
  const database = timed("parse", () => new Parser().parse(schema, "dbmlv2"));
  timed("export to PostgreSQL", () => ModelExporter.export(database, "postgres", false));
}

({ prisma, dbml })[tool](fs.readFileSync(file, "utf8"));
console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
