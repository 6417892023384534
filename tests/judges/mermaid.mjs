// node mermaid.mjs < list of diagrams   for each, in JSON: why Mermaid refuses it, or the entities and relations that it reads

import fs from "node:fs";
import mermaid from "mermaid";

const SIDES = { ONLY_ONE: "||", ZERO_OR_ONE: "|o", ZERO_OR_MORE: "}o", ONE_OR_MORE: "}|" };

const attribute = ({ type, name, keys = [], comment = "" }) => ({ type, name, keys, comment });
const relation = (names) => ({ entityA, entityB, roleA, relSpec }) => ({
  a: names.get(entityA),
  b: names.get(entityB),
  label: roleA,
  // Mermaid keeps under A how many rows of A belong to one of B, and the other way round.
  sides: [SIDES[relSpec.cardB], SIDES[relSpec.cardA]],
});

async function read(text) {
  try {
    await mermaid.parse(text);
  } catch (error) {
    return { complaint: String(error.message) };
  }
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const entities = [...db.getEntities()];
  const names = new Map(entities.map(([name, { id }]) => [id, name]));
  return {
    complaint: null,
    entities: entities.map(([name, { attributes }]) => ({ name, attributes: attributes.map(attribute) })),
    relations: db.getRelationships().map(relation(names)),
  };
}

const diagrams = JSON.parse(fs.readFileSync(0, "utf8"));
const verdicts = [];
for (const diagram of diagrams) verdicts.push(await read(diagram));
console.log(JSON.stringify(verdicts));
