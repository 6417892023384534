// node mongodb.mjs < {cases: [{up, down, documents, pairs, queries}]}   for each, in JSON: what scripts for
// mongosh do wrong by MongoDB's manual, what they leave behind, and what becomes of documents.

import { readFileSync } from "node:fs";
import vm from "node:vm";
import Ajv from "ajv-draft-04";
import { BSON, EJSON, Binary, Decimal128, Int32, Long, UUID } from "bson";
import { Query } from "mingo";

const words = (text) => new Set(text.split(/\s+/));
const KEYWORDS = words(`additionalItems additionalProperties allOf anyOf bsonType dependencies
  description encrypt enum exclusiveMaximum exclusiveMinimum items maximum maxItems maxLength
  maxProperties minimum minItems minLength minProperties multipleOf not oneOf pattern
  patternProperties properties required title type uniqueItems`);
const BSON_TYPES = words(`double string object array binData objectId bool date null regex
  javascript int timestamp long decimal minKey maxKey number`);
const COLLECTION = words(`capped timeseries expireAfterSeconds clusteredIndex
  changeStreamPreAndPostImages size max storageEngine validator validationLevel validationAction
  indexOptionDefaults viewOn pipeline collation comment writeConcern`);
const INDEX = words(`name unique partialFilterExpression sparse expireAfterSeconds hidden
  storageEngine collation weights default_language language_override textIndexVersion bits min max
  wildcardProjection comment`);
const COLLATION = words(`locale caseLevel caseFirst strength numericOrdering alternate maxVariable
  backwards normalization`);
const PARTIAL = words("$eq $exists $gt $gte $lt $lte $type $and $or $in");
const QUERY = words("$eq $ne $lt $lte $gt $gte $in $nin $not $regex $options $type");
const OPERATORS = words(`$and $or $not $eq $ne $lt $lte $gt $gte $in $ifNull $cond $literal $add
  $subtract $multiply $divide $trunc $strLenCP $toLower $trim $concat $toDate $toDecimal $year
  $month $dateTrunc $regexMatch $allElementsTrue $map $filter $size $setUnion`);
const STAGES = words("$match $unset $project");

class Session {
  constructor() {
    this.faults = [];
    this.made = new Map();
    this.asked = [];
  }

  fault(where, what) {
    this.faults.push(`${where}: ${what}`);
  }

  run(script, name) {
    const known = {
      createCollection: (...given) => this.createCollection(...given.map(own)),
      createView: (...given) => this.createView(...given.map(own)),
      getCollection: (given) => this.collection(own(given)),
    };
    const db = new Proxy(known, {
      get: (target, what) => {
        if (Object.hasOwn(target, what)) return target[what];
        throw new Error(`db.${String(what)} is not used here`);
      },
    });
    const globals = {
      db,
      ISODate: (text) => new Date(text),
      NumberDecimal: (text) => Decimal128.fromString(text),
      NumberLong: (text) => Long.fromString(text),
      UUID: (text) => new UUID(text),
    };
    try {
      vm.runInNewContext(script, globals, { filename: name, timeout: 5000 });
    } catch (error) {
      this.fault(name, error.message);
    }
  }

  createCollection(name, options = {}) {
    if (this.made.has(name)) this.fault(name, "is made twice");
    this.named(name);
    unknown(options, COLLECTION).forEach((each) => this.fault(name, `no option ${each}`));
    if (!["strict", "moderate", "off"].includes(options.validationLevel)) this.fault(name, "level");
    if (!["error", "warn"].includes(options.validationAction)) this.fault(name, "action");
    const { $jsonSchema: schema, $and: rules = [], ...rest } = options.validator ?? {};
    Object.keys(rest).forEach((each) => this.fault(name, `a validator with ${each}`));
    this.serialised(name, options);
    if (schema) this.checkSchema(name, schema, true);
    if ("$and" in (options.validator ?? {}) && !rules.length) this.fault(name, "an empty $and");
    for (const rule of rules) {
      this.checkQuery(name, rule, schema);
    }
    this.made.set(name, { schema, rules, indexes: [] });
  }

  createView(name, source, pipeline) {
    if (this.made.has(name)) this.fault(name, "is made twice");
    if (!this.made.has(source)) this.fault(name, `there is no ${source}`);
    this.named(name);
    for (const stage of pipeline) {
      unknown(stage, STAGES).forEach((each) => this.fault(name, `no stage ${each}`));
      if (stage.$match) this.checkQuery(name, stage.$match, this.made.get(source)?.schema);
    }
    this.made.set(name, { view: source, pipeline, indexes: [] });
  }

  collection(name) {
    return {
      createIndex: (...given) => this.createIndex(name, ...given.map(own)),
      find: (...given) => this.find(name, ...given.map(own)),
      aggregate: (given) => this.aggregate(name, own(given)),
      drop: () => this.made.delete(name) || this.fault(name, "is dropped and not there"),
    };
  }

  // Queries

  find(name, filter, shown = {}) {
    this.asked.push(name);
    [filter, shown].forEach((each) => this.checkFilter(name, each));
    const cursor = {
      collation: (given) =>
        unknown(own(given), COLLATION).forEach((each) => this.fault("query", each)) ?? cursor,
      sort: (given) => this.checkFilter(name, own(given)) ?? cursor,
      limit: (count) => (count > 0 ? cursor : this.fault("query", "a limit")),
    };
    return cursor;
  }

  aggregate(name, stages) {
    this.asked.push(name);
    for (const stage of stages) {
      const { $match, $sort, $project, $unwind, $limit = 1, ...rest } = stage;
      Object.keys(rest).forEach((each) => this.fault("query", `no stage ${each}`));
      [$match, $sort, $project].forEach((each) => this.checkFilter(name, each ?? {}));
      if ($unwind) this.checkFilter(name, { [$unwind.slice(1)]: 1 });
      if (!($limit > 0)) this.fault("query", "a limit");
    }
  }

  checkFilter(name, filter) {
    const { schema, indexes } = this.made.get(name);
    for (const [field, said] of Object.entries(filter)) {
      if (field === "$and") said.forEach((each) => this.checkFilter(name, each));
      else if (field === "$expr") this.checkExpression(name, said, schema, new Map());
      else if (field === "$text") {
        if (!indexes.some((each) => each.words)) this.fault("query", "no text index");
      } else if (!reached(schema, field.split("."))) {
        this.fault("query", `there is no field ${field} in ${name}`);
      }
    }
  }

  // What validators and views ask: fields, $expr, and several of them.
  checkQuery(where, query, schema) {
    if (!Object.keys(query).length) this.fault(where, "a query for nothing");
    for (const [name, said] of Object.entries(query)) {
      if (name === "$expr") this.checkExpression(where, said, schema, new Map());
      else if (name === "$and" || name === "$or") {
        if (said.length < 2) this.fault(where, `${name} of less than two`);
        said.forEach((each) => this.checkQuery(where, each, schema));
      } else if (name.startsWith("$")) this.fault(where, `no ${name} in a query`);
      else this.checkAsked(where, name, said, schema);
    }
  }

  checkAsked(where, name, said, schema) {
    if (!reached(schema, name.split("."))) this.fault(where, `there is no field ${name}`);
    if (!isPlain(said)) return;
    unknown(said, QUERY).forEach((each) => this.fault(where, `no ${each} of a field`));
    if ("$not" in said) this.checkAsked(where, name, said.$not, schema);
    if ("$options" in said && !("$regex" in said)) this.fault(where, "$options of nothing");
    for (const each of ["$in", "$nin"]) {
      if (each in said && !Array.isArray(said[each])) this.fault(where, `${each} of no list`);
    }
  }

  named(name) {
    const wrong = !name || /[$\0]/.test(name) || name.startsWith("system.");
    if (wrong || Buffer.byteLength(name) > 235) this.fault(name, "is no name of a collection");
  }

  serialised(where, value) {
    try {
      BSON.serialize(value, { checkKeys: false });
    } catch (error) {
      this.fault(where, error.message);
    }
  }

  // Schemas

  checkSchema(path, schema, top = false) {
    const fault = (what) => this.fault(path, what);
    unknown(schema, KEYWORDS).forEach((each) => fault(`no keyword ${each}`));
    const types = [schema.bsonType ?? []].flat();
    types.filter((each) => !BSON_TYPES.has(each)).forEach((each) => fault(`no type ${each}`));
    if (new Set(types).size < types.length) fault("a type twice");
    if (schema.required && !schema.required.length) fault("nothing in required");
    const properties = schema.properties ?? {};
    for (const each of schema.required ?? []) {
      if (!Object.hasOwn(properties, each)) fault(`requires ${each}, which it does not allow`);
    }
    if (top && schema.additionalProperties === false && !Object.hasOwn(properties, "_id")) {
      fault("allows no _id");
    }
    if (schema.enum && (!schema.enum.length || new Set(schema.enum).size < schema.enum.length)) {
      fault("enum is empty, or has a value twice");
    }
    for (const side of ["Minimum", "Maximum"]) {
      const limit = schema[side.toLowerCase()];
      if (limit !== undefined && typeof limit !== "number") fault(`${side} is no number`);
      const exclusive = schema[`exclusive${side}`];
      const right = exclusive === undefined || (exclusive === true && limit !== undefined);
      if (!right) fault(`exclusive${side} goes with a limit`);
    }
    for (const each of ["minLength", "maxLength"]) {
      if (each in schema && !(Number.isInteger(schema[each]) && schema[each] >= 0)) fault(each);
    }
    if (schema.pattern !== undefined) new RegExp(schema.pattern);
    for (const [name, inner] of Object.entries(properties)) {
      if (/[.\0]/.test(name) || name.startsWith("$") || !name) fault(`no field ${name}`);
      this.checkSchema(`${path}.${name}`, inner);
    }
    if (schema.items) this.checkSchema(`${path}[]`, schema.items);
  }

  // Rules

  checkExpression(where, value, schema, variables) {
    if (typeof value === "string") {
      if (value.startsWith("$$")) this.checkVariable(where, value.slice(2), variables);
      else if (value.startsWith("$") && !reached(schema, value.slice(1).split("."))) {
        this.fault(where, `there is no ${value}`);
      }
      return;
    }
    if (Array.isArray(value)) {
      value.forEach((each) => this.checkExpression(where, each, schema, variables));
      return;
    }
    if (value === null || typeof value !== "object") return;
    const names = Object.keys(value);
    const [operator] = names;
    if (names.length !== 1 || !OPERATORS.has(operator)) {
      this.fault(where, `no operator ${names.join(" ")}`);
      return;
    }
    this.checkOperator(where, operator, value[operator], schema, variables);
  }

  checkOperator(where, operator, operand, schema, variables) {
    if (operator === "$literal") return;
    if (operator === "$map" || operator === "$filter") {
      const { input, as, in: mapped, cond, ...rest } = operand;
      if (Object.keys(rest).length || !/^[a-z]\w*$/.test(as)) this.fault(where, `a bad ${operator}`);
      this.checkExpression(where, input, schema, variables);
      const inside = new Map(variables).set(as, arrayIn(input, schema, variables));
      this.checkExpression(where, operator === "$map" ? mapped : cond, schema, inside);
      return;
    }
    const named = ["$trim", "$regexMatch", "$dateTrunc"].includes(operator);
    const operands = named ? Object.values(operand) : operand;
    this.checkExpression(where, operands, schema, variables);
  }

  checkVariable(where, path, variables) {
    const [name, ...fields] = path.split(".");
    if (!variables.has(name)) this.fault(where, `there is no $$${name}`);
    else if (fields.length && !reached(variables.get(name), fields)) {
      this.fault(where, `there is no $$${path}`);
    }
  }

  // Indexes

  createIndex(collection, fields, options = {}) {
    const made = this.made.get(collection);
    const where = `${collection}.${options.name}`;
    if (!made) return this.fault(where, "there is no such collection");
    unknown(options, INDEX).forEach((each) => this.fault(where, `no option ${each}`));
    unknown(options.collation ?? {}, COLLATION).forEach((each) => this.fault(where, each));
    const ways = Object.entries(fields);
    if (!ways.length || ways.length > 32) this.fault(where, "has no field, or too many");
    if (Buffer.byteLength(options.name ?? "") > 127 || !options.name) this.fault(where, "its name");
    this.checkFields(where, ways, made.schema);
    if (options.expireAfterSeconds !== undefined) this.checkExpiry(where, ways, options);
    if (options.partialFilterExpression) {
      this.checkPartial(where, options.partialFilterExpression, made.schema);
    }
    const { partialFilterExpression = null, collation = null } = options;
    // One field is read in either direction.
    const read = ways.length > 1 ? ways : ways.map(([name, way]) => [name, way === -1 ? 1 : way]);
    const same = JSON.stringify([read, partialFilterExpression, collation]);
    const words = ways.some(([, way]) => way === "text");
    for (const other of made.indexes) {
      if (other.options.name === options.name) this.fault(where, "is named like another");
      if (other.same === same) this.fault(where, "is another over the same");
      if (words && other.words) this.fault(where, "is a second text index");
    }
    if (same === JSON.stringify([[["_id", 1]], null, null])) this.fault(where, "is there already");
    this.serialised(where, { fields, options });
    made.indexes.push({ fields: ways, options, same, words });
  }

  checkFields(where, ways, schema) {
    for (const [field, way] of ways) {
      if (![1, -1, "text"].includes(way)) this.fault(where, `no direction ${way}`);
      const path = field.replace(/\.\$\*\*$/, "").split(".");
      if (field.endsWith("$**") && ways.length > 1) this.fault(where, "a wildcard with others");
      if (!reached(schema, path)) this.fault(where, `there is no field ${field}`);
    }
    const lists = ways.filter(([field]) => [at(schema, field)?.bsonType].flat().includes("array"));
    if (lists.length > 1) this.fault(where, "two arrays in one index");
  }

  checkExpiry(where, ways, { expireAfterSeconds }) {
    if (ways.length > 1 || ways[0][0] === "_id") this.fault(where, "expires by one field only");
    const right = Number.isInteger(expireAfterSeconds) && expireAfterSeconds >= 0;
    if (!right || expireAfterSeconds > 2 ** 31 - 1) this.fault(where, "its time to live");
  }

  checkPartial(where, filter, schema) {
    for (const [name, said] of Object.entries(filter)) {
      if (name === "$and") said.forEach((each) => this.checkPartial(where, each, schema));
      else if (name.startsWith("$")) this.fault(where, `no ${name} in a partial index`);
      else {
        if (!reached(schema, name.split("."))) this.fault(where, `there is no field ${name}`);
        if (isPlain(said)) {
          unknown(said, PARTIAL).forEach((each) => this.fault(where, `no ${each} in a partial index`));
          const type = said.$type;
          if (type && !BSON_TYPES.has(type)) this.fault(where, `no type ${type}`);
        }
      }
    }
  }
}

const unknown = (value, known) => Object.keys(value).filter((name) => !known.has(name));
const isPlain = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)
  && !value._bsontype;

// What a script makes belongs to another realm: this is the same in ours.
function own(value) {
  if (Array.isArray(value)) return Array.from(value, own);
  if (value === null || typeof value !== "object" || value._bsontype || value instanceof Date) {
    return value;
  }
  if (!Object.getPrototypeOf(value) || Object.getPrototypeOf(Object.getPrototypeOf(value))) {
    throw new Error("a literal got another prototype");
  }
  const made = Object.create(null);
  for (const [name, inner] of Object.entries(value)) made[name] = own(inner);
  return Object.defineProperties({}, Object.getOwnPropertyDescriptors(made));
}

function at(schema, path) {
  let here = schema;
  for (const name of Array.isArray(path) ? path : path.split(".")) {
    if (here?.items) here = here.items;
    if (!here?.properties || !Object.hasOwn(here.properties, name)) return undefined;
    here = here.properties[name];
  }
  return here;
}

const reached = (schema, path) => at(schema, path) !== undefined;

function arrayIn(input, schema, variables) {
  const named = typeof input === "string" ? input : input.$ifNull?.[0] ?? input.$filter?.input.$ifNull[0];
  if (named.startsWith("$$")) {
    const [variable, ...fields] = named.slice(2).split(".");
    return at(variables.get(variable), fields);
  }
  return at(schema, named.slice(1));
}

// Documents

function kinds(value) {
  if (value === null) return ["null"];
  if (value instanceof Date) return ["date"];
  if (value instanceof Binary) return ["binData"];
  if (value instanceof Int32) return ["int", "number"];
  if (value instanceof Long) return ["long", "number"];
  if (value instanceof Decimal128) return ["decimal", "number"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "boolean") return ["bool"];
  if (typeof value === "string") return ["string"];
  if (typeof value === "number") return ["double", "number"];
  return [value._bsontype ?? "object"];
}

function plain(value) {
  if (value instanceof Binary) return `binary ${value.toString("hex")}`;
  if (value instanceof Int32 || value instanceof Long) return Number(value);
  if (value instanceof Decimal128) return Number(value.toString());
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
const limits = {
  minimum: (limit, value, exclusive) => (exclusive ? value > limit : value >= limit),
  maximum: (limit, value, exclusive) => (exclusive ? value < limit : value <= limit),
};
for (const [keyword, holds] of Object.entries(limits)) {
  const exclusive = `exclusive${keyword[0].toUpperCase()}${keyword.slice(1)}`;
  ajv.removeKeyword(keyword);
  ajv.removeKeyword(exclusive);
  ajv.addKeyword({
    keyword,
    validate: (limit, value, schema) =>
      !kinds(value).includes("number") || holds(limit, Number(value), schema[exclusive]),
  });
}
ajv.removeKeyword("enum");
ajv.addKeyword({
  keyword: "enum",
  validate: (values, value) => values.some((each) => each === plain(value)),
});
ajv.addKeyword({
  keyword: "bsonType",
  validate: (wanted, value) => [wanted].flat().some((each) => kinds(value).includes(each)),
});

function verdict(made, document) {
  const accepts = ajv.compile(made.schema);
  const schema = accepts(document);
  const broken = made.rules.flatMap((rule, at) => (obeys(rule, document) ? [] : [at]));
  const why = (accepts.errors ?? []).map((each) => `${each.instancePath} ${each.keyword}`);
  return { accepted: schema && !broken.length, why, broken };
}

function obeys(rule, document) {
  try {
    return new Query(plain(rule)).test(plain(document));
  } catch {
    return false;
  }
}

// Keys

function values(document, path) {
  const [name, ...rest] = path;
  if (Array.isArray(document)) {
    const found = document.flatMap((each) => values(each, path));
    return found.length ? found : [null];
  }
  const here = document !== null && typeof document === "object" ? document[name] : undefined;
  if (rest.length) return here === undefined ? [null] : values(here, rest);
  return Array.isArray(here) ? here : [here ?? null];
}

function entries(index, document) {
  const filter = index.options.partialFilterExpression;
  if (filter && !indexed(filter, document)) return [];
  const fold = (value) =>
    index.options.collation && typeof value === "string" ? value.toLowerCase() : value;
  let found = [[]];
  for (const [field] of index.fields) {
    const own = values(plain(document), field.split(".")).map(fold);
    found = found.flatMap((start) => own.map((value) => [...start, value]));
  }
  return found.map((each) => JSON.stringify(each));
}

// Of types this knows more than Mingo: bytes, and what is inside arrays.
function indexed(filter, document) {
  return Object.entries(filter).every(([field, said]) => {
    if (field === "$and") return said.every((each) => indexed(each, document));
    if (!isPlain(said) || !said.$type) return new Query({ [field]: plain(said) }).test(plain(document));
    const found = values(document, field.split("."));
    return found.some((value) => kinds(value).includes(said.$type));
  });
}

function clashes(made, one, other) {
  const ids = { fields: [["_id", 1]], options: { name: "_id_", unique: true } };
  return [ids, ...made.indexes]
    .filter((index) => index.options.unique)
    .filter((index) => {
      const there = new Set(entries(index, one));
      return entries(index, other).some((entry) => there.has(entry));
    })
    .map((index) => index.options.name);
}

function judge({ up, down, documents = [], pairs = [], queries = [] }) {
  const session = new Session();
  session.run(up, "up");
  queries.forEach((each) => session.run(each, "query"));
  const made = new Map(session.made);
  const opened = (text) => EJSON.deserialize(text, { relaxed: false });
  session.run(down, "down");
  return {
    faults: session.faults,
    left: [...session.made.keys()],
    asked: session.asked,
    made: Object.fromEntries(
      [...made].map(([name, { schema, rules, indexes, view, pipeline }]) => [
        name,
        { view, pipeline, fields: Object.keys(schema?.properties ?? {}), rules: rules?.length,
          indexes: indexes.map(({ fields, options }) => ({ fields, ...options })) },
      ]),
    ),
    verdicts: documents.map(([name, document]) => verdict(made.get(name), opened(document))),
    clashes: pairs.map(([name, one, other]) => clashes(made.get(name), opened(one), opened(other))),
    shown: documents.map(([name, document]) =>
      [...made].flatMap(([view, { view: source, pipeline }]) =>
        source === name && pipeline.every((stage) => !stage.$match || obeys(stage.$match, opened(document)))
          ? [view] : [])),
  };
}

const { cases } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(judge)));
