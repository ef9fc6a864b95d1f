// Entry of the classic script: `kexueExplorer.define(...)` in the static page,
// `kexueExplorer.widget(...)` for anywidget.
import { Explorer } from "./explorer.js";
import { K } from "./special.js";
import { formulas, sample } from "./sample.js";

export { K, formulas, sample };

const bundles = new Map();
const waiting = new Map();
const used = new Map(); // how often a name was given on this page

function uniqueId(base) {
  const count = (used.get(base) ?? 0) + 1;
  used.set(base, count);
  return count === 1 ? base : `${base}-${count}`;
}

const started = new Set(); // the explorers of the page

// Tells the others what was set here, if both sides share the symbol.
function share(explorer, changed) {
  for (const control of changed.filter((c) => c.shared)) {
    for (const other of started) {
      if (other !== explorer) other.adopt(control.symbol, explorer.values[control.key]);
    }
  }
}

function start(element, bundle) {
  const explorer = new Explorer(bundle, {
    id: uniqueId(bundle.spec.id),
    controls: true,
    link: true,
    onChange: (values, changed) => share(explorer, changed),
    onRefresh: (one) => mark(element, one),
  });
  for (const other of started) {
    for (const { shared, symbol, key } of other.spec.controls) {
      if (shared) explorer.adopt(symbol, other.values[key]);
    }
  }
  started.add(explorer);
  element.explorer = explorer;
  element.append(explorer.element);
  element.classList.add("kexue-ready");
  const follow = () => {
    if (explorer.follow(location.hash)) element.scrollIntoView({ block: "start" });
  };
  addEventListener("hashchange", follow);
  follow();
}

// The page's own scripts (KaTeX, theme) run first.
function whenParsed(action) {
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", action, { once: true });
  } else {
    action();
  }
}

// Stills are fetched when the page goes to paper, not before.
matchMedia("print").addEventListener("change", ({ matches }) => {
  if (!matches) return;
  for (const still of document.querySelectorAll(".kexue-still")) still.loading = "eager";
});

// ---- words of the text that set an explorer --------------------------------

const asks = (word) => JSON.parse(word.dataset.kxAsks);

// Which words say what the explorer now shows.
function mark(element, explorer) {
  const { number } = element.dataset;
  if (number === undefined) return;
  for (const word of document.querySelectorAll(`[data-kx-for="${number}"]`)) {
    word.setAttribute("aria-pressed", String(explorer.shows(asks(word))));
  }
}

function press(event) {
  const word = event.target.closest?.("[data-kx-for]");
  if (!word) return;
  if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
  const { kxFor } = word.dataset;
  const element = document.querySelector(`kexue-explorer[data-number="${kxFor}"]`);
  if (!element?.explorer) return;
  event.preventDefault();
  element.explorer.press(asks(word));
}

// Called by the page's generated script, once for each explorer.
export function define(name, bundle) {
  bundles.set(name, bundle);
  for (const element of waiting.get(name) ?? []) {
    whenParsed(() => start(element, bundle));
  }
  waiting.delete(name);
}

class ExplorerElement extends HTMLElement {
  connectedCallback() {
    if (this.explorer) return;
    const name = this.dataset.explorer;
    if (bundles.has(name)) {
      whenParsed(() => start(this, bundles.get(name)));
    } else {
      waiting.set(name, [...(waiting.get(name) ?? []), this]);
    }
  }
}

if (!customElements.get("kexue-explorer")) {
  customElements.define("kexue-explorer", ExplorerElement);
  // On the document, so that words in what is opened later work as well.
  document.addEventListener("click", press);
  document.addEventListener("keydown", press);
}

// What a control's widget holds (a tick, an option's number), and what it means.
function held(control, value) {
  if (control.kind === "checkbox") return value === 1;
  if (control.kind !== "choice") return value;
  return control.options.findIndex((option) => option.value === value);
}

function meant(control, value) {
  if (control.kind === "choice") return control.options[value].value;
  // ipywidgets count in steps: 0.1 + 45 * 0.02 is not quite 1.
  return Number(Number(value).toPrecision(12));
}

// The anywidget side: ipywidgets are the sliders, the drawing follows them.
export function widget(bundle) {
  return {
    render({ model, el }) {
      const { controls } = bundle.spec;
      let telling = false; // the model answers each `set` with a change
      const explorer = new Explorer(bundle, {
        id: uniqueId(bundle.spec.id),
        controls: false,
        link: false,
        onChange(values) {
          telling = true;
          for (const control of controls) {
            model.set(`v_${control.key}`, held(control, values[control.key]));
          }
          telling = false;
          model.save_changes();
        },
      });
      el.classList.add("kexue-explorer");
      el.append(explorer.element);
      const read = () => {
        if (telling) return;
        const values = Object.fromEntries(
          controls.map((c) => [c.key, meant(c, model.get(`v_${c.key}`))]),
        );
        explorer.assign(values, true);
      };
      for (const { key } of controls) model.on(`change:v_${key}`, read);
      read();
      el.explorer = explorer;
      return () => {
        for (const { key } of controls) model.off(`change:v_${key}`, read);
        explorer.destroy();
      };
    },
  };
}
