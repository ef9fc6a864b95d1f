// Small helpers. Text only ever enters the page as text.

// An unknown command is shown in red, not thrown; nothing is logged or linked.
const OPTIONS = { throwOnError: false, strict: "ignore", trust: false };
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

export const h = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
}

// A label with $...$: typeset by the page's KaTeX if there is one, otherwise
// the plain reading that Python made.
export function typeset(node, label) {
  node.textContent = "";
  const parts = label.tex.split("$");
  const katex = globalThis.katex;
  if (!katex || parts.length % 2 === 0 || parts.length === 1) {
    node.textContent = label.text;
    return node;
  }
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      node.append(part);
    } else {
      node.append(tex(part));
    }
  }
  return node;
}

export function tex(source) {
  const span = h("span", { class: "kx-math" });
  globalThis.katex.render(source, span, OPTIONS);
  return span;
}
