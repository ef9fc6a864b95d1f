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

function start(element, bundle) {
  const explorer = new Explorer(bundle, {
    id: uniqueId(bundle.spec.id),
    controls: true,
    link: true,
  });
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
