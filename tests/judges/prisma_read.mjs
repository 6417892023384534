// node prisma_read.mjs < list of schemas   for each, in JSON: what `prisma validate` says against it, and how `prisma format` leaves it

import fs from "node:fs";
import { format, validate } from "@prisma/prisma-schema-wasm";

const FILE = "file:///schema.prisma";

function complaint(schema) {
  try {
    validate(JSON.stringify({ prismaSchema: [[FILE, schema]], noColor: true }));
    return null;
  } catch (error) {
    return JSON.parse(error.message).message;
  }
}

function formatted(schema) {
  const options = { textDocument: { uri: FILE }, options: { tabSize: 2, insertSpaces: true } };
  return JSON.parse(format(JSON.stringify([[FILE, schema]]), JSON.stringify(options)))[0][1];
}

const schemas = JSON.parse(fs.readFileSync(0, "utf8"));
console.log(JSON.stringify(schemas.map((schema) => ({ complaint: complaint(schema), formatted: formatted(schema) }))));
