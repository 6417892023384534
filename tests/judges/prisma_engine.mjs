// Prisma's own schema engine, as WebAssembly, over Prisma's own database adapters.
// The command line tool ships the same engine as a native binary that it downloads; this one needs no download.

import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";

const require = createRequire(import.meta.url);
const CHAR = { oid: 18, list: 1002 };
const TEXT = { oid: 25, list: 1009 };
const CHARACTER_COLUMN = 6;
export const FILTERS = { externalTables: [], externalEnums: [] };

globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message(message) {
    console.error("the engine panicked:", message);
  },
};

async function wasmModule() {
  const folder = path.dirname(require.resolve("@prisma/schema-engine-wasm"));
  const glue = await import(path.join(folder, "schema_engine_bg.js"));
  const bytes = fs.readFileSync(path.join(folder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue;
}

// The adapter reads the catalogue's one-byte "char" type as text, where the engine insists on a character.
function readingChars(connection) {
  let isChar = [];
  const { performIO, queryRaw } = connection;
  connection.performIO = async (query) => {
    const result = await performIO.call(connection, query);
    isChar = result.fields.map((field) => field.dataTypeID === CHAR.oid);
    for (const field of result.fields) {
      if (field.dataTypeID === CHAR.oid) field.dataTypeID = TEXT.oid;
      if (field.dataTypeID === CHAR.list) field.dataTypeID = TEXT.list;
    }
    return result;
  };
  connection.queryRaw = async (query) => {
    const result = await queryRaw.call(connection, query);
    result.columnTypes = result.columnTypes.map((type, at) => (isChar[at] ? CHARACTER_COLUMN : type));
    return result;
  };
  return connection;
}

// The adapter cuts a script at each ";", inside strings too; the native engine sends it whole, as one implicit transaction.
function wholeScripts(connection) {
  connection.executeScript = async (script) => {
    try {
      await connection.underlyingDriver().query(script);
    } catch (error) {
      connection.onError(error);
    }
  };
  return connection;
}

function connectingWith(factory, repaired) {
  for (const method of ["connect", "connectToShadowDb"]) {
    const original = factory[method].bind(factory);
    factory[method] = async () => repaired(await original());
  }
  return factory;
}

async function postgresql(url) {
  const { PrismaPg } = await import("@prisma/adapter-pg");
  return connectingWith(new PrismaPg({ connectionString: url }), (connection) => wholeScripts(readingChars(connection)));
}

// The engine asks for a partial index by name = "…", which this adapter's SQLite takes for a column: it has no double-quoted strings.
const LOOSE_NAME = /( WHERE type = 'index' AND name = )"([^"]*)"/;

async function sqlite(url) {
  const { PrismaLibSql } = await import("@prisma/adapter-libsql");
  const factory = new PrismaLibSql({ url });
  return connectingWith(factory, (connection) => {
    const { queryRaw } = connection;
    connection.queryRaw = (query) => queryRaw.call(connection, { ...query, sql: query.sql.replace(LOOSE_NAME, "$1'$2'") });
    return connection;
  });
}

const ADAPTERS = { postgresql, sqlite };

/** The engine for a database of that provider at `url`, knowing the schema files `[path, text]`. */
export async function engine(provider, url, schemaFiles) {
  const glue = await wasmModule();
  const factory = bindMigrationAwareSqlAdapterFactory(await ADAPTERS[provider](url));
  return glue.SchemaEngine.new({ datamodels: schemaFiles }, () => {}, factory);
}

/** The migrations of a folder, in the engine's words. */
export function migrations(baseDir) {
  const read = (...parts) => fs.readFileSync(path.join(baseDir, ...parts), "utf8");
  const folders = fs.readdirSync(baseDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return {
    baseDir,
    shadowDbInitScript: "",
    lockfile: { path: "migration_lock.toml", content: read("migration_lock.toml") },
    migrationDirectories: folders
      .map((folder) => folder.name)
      .sort()
      .map((name) => ({
        path: name,
        migrationFile: { path: "migration.sql", content: { tag: "ok", value: read(name, "migration.sql") } },
      })),
  };
}
