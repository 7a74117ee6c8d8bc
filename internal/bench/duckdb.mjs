// Builds a table of the cut columns from the packed report, as DuckDB reads it by itself.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, report, database, columns] = process.argv.slice(2);
const from = createRequire(pathToFileURL(modules + "/"));
const { DuckDBInstance, version } = await import(pathToFileURL(from.resolve("@duckdb/node-api")));
const connection = await (await DuckDBInstance.create(database)).connect();
const names = JSON.parse(columns).map((name) => `"${name}"`).join(", ");
const start = process.hrtime.bigint();
await connection.run(`CREATE TABLE cut AS SELECT ${names} FROM read_csv('${report}')`);
await connection.run("CHECKPOINT");
console.log("took", String(process.hrtime.bigint() - start), "duckdb");
const rows = (await (await connection.run("SELECT version(), count(*) FROM cut")).getRows())[0];
console.log("version", rows[0], rows[1].toString());
