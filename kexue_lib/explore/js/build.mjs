// Builds ../static/explorer.js: one classic script that the static page loads
// as it is, and that anywidget loads as a module (Python appends the
// `export`). The CSS is kept as written. Run: npm ci && npm run build
import { build } from "esbuild";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const out = "../static/explorer.js";
const result = await build({
  entryPoints: ["src/main.js"],
  outfile: out,
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "kexueExplorer",
  target: ["es2020"],
  legalComments: "none",
  charset: "ascii",
  metafile: true,
  banner: {
    js: "/* Executable Kexue explorer, MIT. Contains d3-scale, d3-shape (ISC) and stdlib (Apache-2.0, BSL-1.0): see licenses.json. */",
  },
});
await copyFile("src/explorer.css", "../static/explorer.css");

// Licences of the packages that are really inside, from their own files.
const names = new Set();
for (const path of Object.keys(result.metafile.inputs)) {
  const match = path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (match) names.add(match[1]);
}
const lock = JSON.parse(await readFile("package-lock.json", "utf8"));
const texts = new Map(); // licence text -> packages
for (const name of [...names].sort()) {
  const folder = `node_modules/${name}`;
  const entry = lock.packages[folder];
  const text = (await readFile(`${folder}/LICENSE`, "utf8")).trim();
  const list = texts.get(text) ?? [];
  list.push(`${name} ${entry.version} (${entry.license})`);
  texts.set(text, list);
}
const licences = [...texts].map(([text, packages]) => ({ packages, text }));
await writeFile(
  "../static/licenses.json",
  `${JSON.stringify(licences, null, 1)}\n`,
);
const script = await readFile(out);
console.log(`${out}: ${script.length} bytes, ${gzipSync(script).length} gzipped`);
