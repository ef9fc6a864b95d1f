// Builds ../static/explorer.js: one classic script that the static page loads
// as it is, and that anywidget loads as a module (Python appends the
// `export`). The CSS is kept as written. Run: npm ci && npm run build
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, readFile, readdir, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const out = "../static/explorer.js";

// stdlib brings its own sine, exponential and typed arrays, and detects
// features; every browser that runs this script has them.
const NATIVE = {
  "array-float64": "Float64Array",
  "array-uint16": "Uint16Array",
  "array-uint32": "Uint32Array",
  "array-uint8": "Uint8Array",
  "math-base-special-abs": "Math.abs",
  "math-base-special-ceil": "Math.ceil",
  "math-base-special-cos": "Math.cos",
  "math-base-special-exp": "Math.exp",
  "math-base-special-floor": "Math.floor",
  "math-base-special-ln": "Math.log",
  "math-base-special-pow": "Math.pow",
  "math-base-special-sin": "Math.sin",
  "math-base-special-sqrt": "Math.sqrt",
  "math-base-special-tan": "Math.tan",
  "math-base-special-trunc": "Math.trunc",
  "utils-define-nonenumerable-read-only-property":
    "(object, name, value) => { object[name] = value; }",
};
const native = {
  name: "native",
  setup(build) {
    build.onResolve({ filter: /^@stdlib\// }, ({ path }) => {
      const name = path.slice("@stdlib/".length);
      return name in NATIVE ? { path: name, namespace: "native" } : null;
    });
    build.onLoad({ filter: /.*/, namespace: "native" }, ({ path }) => ({
      contents: `module.exports = ${NATIVE[path]};`,
    }));
  },
};

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
  plugins: [native],
  banner: {
    js: "/* Executable Kexue explorer, MIT. Contains d3 (ISC) and stdlib (Apache-2.0, BSL-1.0): see licenses.json. */",
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
  const notice = await readFile(`${folder}/NOTICE`, "utf8").catch(() => "");
  const licence = await readFile(`${folder}/LICENSE`, "utf8");
  const text = `${notice.trim()}\n\n${licence.trim()}`.trim();
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

// What was built from what, so that a test without Node can see a stale file.
const sources = (await readdir("src")).sort().map((name) => `src/${name}`);
const all = createHash("sha256");
for (const path of ["build.mjs", "package-lock.json", ...sources]) {
  all.update(`${path}\n`).update(await readFile(path));
}
const record = {
  script: createHash("sha256").update(script).digest("hex"),
  sources: all.digest("hex"),
};
await writeFile("../static/build.json", `${JSON.stringify(record, null, 1)}\n`);
console.log(`${out}: ${script.length} bytes, ${gzipSync(script).length} gzipped`);
