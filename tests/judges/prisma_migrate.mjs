// node prisma_migrate.mjs <project> <provider> <url> <command>...   one line of JSON on stdout for all commands
// deploy: names of the migrations applied now; status: what is wrong with the history; drift: the SQL that would
// take the database to the schema, empty when there is nothing to do.

import fs from "node:fs";
import path from "node:path";
import { FILTERS as filters, engine, migrations } from "./prisma_engine.mjs";

const [project, provider, url, ...commands] = process.argv.slice(2);
const schemaPath = path.join(project, "prisma", "schema.prisma");
const content = fs.readFileSync(schemaPath, "utf8");
const migrationsList = migrations(path.join(project, "prisma", "migrations"));
const wanted = { tag: "schemaDatamodel", files: [{ path: schemaPath, content }] };
const live = { tag: "schemaDatasource", files: wanted.files, configDir: project };
const judge = await engine(provider, url, [[schemaPath, content]]);

async function drift() {
  const result = await judge.diff({ from: live, to: wanted, script: true, exitCode: true, filters });
  return result.exitCode === 0 ? "" : result.stdout;
}

const COMMANDS = {
  deploy: async () => (await judge.applyMigrations({ migrationsList, filters })).appliedMigrationNames,
  status: () => judge.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters }),
  drift,
};

const answers = [];
for (const command of commands) answers.push(await COMMANDS[command]());
console.log(JSON.stringify(answers));
process.exit();
