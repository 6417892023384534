// Says of rules and rows what JavaScript and a reader of MongoDB's queries make of them.
import { readFileSync } from "node:fs";
import { Query } from "mingo";

const dated = (row, times) =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, times.includes(name) ? new Date(value) : value]),
  );

// Dates and decimals as the program writes them, as JSON has neither.
const revived = (_, value) =>
  value?.$made === "ISODate" ? new Date(value.text)
  : value?.$made === "NumberDecimal" ? Number(value.text) : value;

const given = JSON.parse(readFileSync(0, "utf8"), revived);
const said = given.cases.map(({ typescript, mongo, accepted, shown, row }) => ({
  typescript: new Function("row", `return ${typescript};`)(row),
  mongo: new Query(mongo).test(dated(row, given.times)),
  ...(accepted && { accepted: new Query(accepted).test(dated(row, given.times)) }),
  ...(shown && { shown: new Query(shown).test(dated(row, given.times)) }),
}));
console.log(JSON.stringify(said));
