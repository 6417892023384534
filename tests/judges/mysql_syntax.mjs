// node mysql_syntax.mjs < list of statements   for each, in JSON: what two independent parsers of MySQL complain about

import fs from "node:fs";
import { register } from "node:module";
import nodeSqlParser from "node-sql-parser";

register("./bundler_paths.mjs", import.meta.url);
const { MySQL } = await import("dt-sql-parser");

const first = new MySQL();
const second = new nodeSqlParser.Parser();

function dtSays(statement) {
  const [error] = first.validate(statement);
  return error ? `line ${error.startLine}: ${error.message}` : null;
}

function nodeSays(statement) {
  try {
    second.astify(statement, { database: "MySQL" });
    return null;
  } catch (error) {
    const at = error.location ? `line ${error.location.start.line}: ` : "";
    return at + String(error.message).split("\n")[0];
  }
}

const statements = JSON.parse(fs.readFileSync(0, "utf8"));
const verdicts = statements.map((each) => ({ dt: dtSays(each), node: nodeSays(each) }));
console.log(JSON.stringify(verdicts));
