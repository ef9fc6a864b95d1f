// One explorer: controls, drawing, read-outs, and the state behind them.
import { allowed, format, parse, positionOf, valueAt, valueText } from "./controls.js";
import { h, tex, typeset } from "./dom.js";
import { Plot } from "./plot.js";
import { formulas, sample } from "./sample.js";
import { apart } from "./wrong.js";

export class Explorer {
  // options.controls: draw sliders (the static page) or leave them to
  // ipywidgets; options.onChange(values, changed): told about every change
  // made here; options.onRefresh(explorer): told after every drawing.
  constructor(bundle, options) {
    this.spec = bundle.spec;
    this.functions = formulas(bundle);
    this.options = options;
    this.values = this.defaults();
    this.pressed = null; // number of the wrong version that is shown
    this.rows = new Map();
    this.build();
    this.watch = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width > 0 && width !== this.width) {
        this.width = width;
        this.plot.draw(null, { width });
      }
    });
    this.watch.observe(this.plot.frame);
    this.refresh();
  }

  defaults() {
    return Object.fromEntries(
      this.spec.controls.map((control) => [control.key, control.default]),
    );
  }

  control(key) {
    return this.spec.controls.find((control) => control.key === key);
  }

  build() {
    const { spec, options } = this;
    const id = options.id;
    this.plot = new Plot(spec);
    this.plot.svg.setAttribute("aria-label", spec.title.text);
    this.live = h("div", { class: "kx-live", "aria-live": "polite" });
    this.plot.announce = (text) => this.say(text);
    const title = typeset(h("div", { class: "kx-title", id: `${id}-title` }), spec.title);
    const bar = h("div", { class: "kx-head" }, title);
    const buttons = h("div", { class: "kx-buttons" });
    if (options.link) {
      this.linkButton = button("Link", "Put this setting in the address and copy it", () => this.link());
      buttons.append(this.linkButton);
    }
    buttons.append(button("Reset", "Set everything back", () => {
      this.pressed = null;
      this.assign(this.defaults());
    }));
    bar.append(buttons);
    this.element = h("div", {
      class: "kx",
      role: "group",
      "aria-labelledby": `${id}-title`,
    });
    this.element.append(bar);
    if (spec.presets.length) this.element.append(this.presets());
    if (options.controls) {
      const box = h("div", { class: "kx-controls" });
      for (const control of spec.controls) box.append(this.row(control));
      this.element.append(box);
    }
    if (spec.wrong) this.element.append(this.wrongs());
    this.element.append(this.plot.element, this.readouts(), this.live);
  }

  presets() {
    const list = h("div", { class: "kx-presets", role: "group", "aria-label": "Presets" });
    this.presetButtons = this.spec.presets.map((preset) => {
      const item = h("button", {
        type: "button",
        class: "kx-preset",
        "aria-pressed": "false",
        "aria-label": preset.label.text, // typeset mathematics has no name
      });
      typeset(item, preset.label);
      item.addEventListener("click", () => this.assign(preset.values));
      list.append(item);
      return [preset, item];
    });
    return list;
  }

  wrongs() {
    this.wrongNote = h("span", { class: "kx-wrong-note" });
    const list = h("div", { class: "kx-wrongs", role: "group", "aria-label": "Wrong versions" });
    this.wrongButtons = this.spec.wrong.map((wrong, index) => {
      const item = h("button", {
        type: "button",
        class: "kx-preset kx-version",
        "aria-pressed": "false",
        "aria-label": `${wrong.label.text}: a wrong version`,
      });
      typeset(item, wrong.label);
      item.addEventListener("click", () => this.go(index));
      list.append(item);
      return item;
    });
    list.append(this.wrongNote);
    return list;
  }

  // Shows a wrong version beside the right one, or takes it away again.
  go(index) {
    this.pressed = this.pressed === index ? null : index;
    this.refresh();
    const { text } = this.spec.wrong[index].label;
    this.say(this.pressed === null ? `${text}: off` : `${text}: ${this.wrongNote.textContent}`);
  }

  readouts() {
    const list = h("div", { class: "kx-readouts" });
    this.outputs = this.spec.readouts.map((readout) => {
      const value = h("span", { class: "kx-number" });
      const item = h("div", {}, typeset(h("span", { class: "kx-name" }), readout.label));
      if (readout.formula && globalThis.katex) {
        item.append(h("span", { class: "kx-equals" }, "="), tex(readout.formula));
      }
      item.append(h("span", { class: "kx-equals" }, "="), value);
      list.append(item);
      return value;
    });
    list.hidden = this.outputs.length === 0;
    return list;
  }

  // ---- controls ---------------------------------------------------------

  row(control) {
    if (control.kind === "choice") return this.choiceRow(control);
    if (control.kind === "checkbox") return this.checkboxRow(control);
    const id = `${this.options.id}-${control.key}`;
    const label = typeset(h("label", { class: "kx-label", for: id }), control.label);
    label.title = "Double-click to reset";
    label.addEventListener("dblclick", () => this.assign({ [control.key]: control.default }));
    const range = h("input", {
      type: "range",
      id,
      class: "kx-range",
      min: 0,
      max: control.positions,
      step: 1,
      "aria-label": control.label.text,
    });
    range.addEventListener("input", () =>
      this.assign({ [control.key]: valueAt(control, Number(range.value)) }));
    const field = h("input", {
      type: "text",
      class: "kx-value",
      inputmode: "decimal",
      autocomplete: "off",
      spellcheck: "false",
      size: 6,
      "aria-label": `${control.label.text}, value`,
    });
    const commit = () => {
      const value = allowed(control, parse(field.value, control));
      if (value === null) this.show(control);
      else this.assign({ [control.key]: value });
    };
    field.addEventListener("change", commit);
    field.addEventListener("focus", () => field.select());
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") commit();
      if (event.key === "Escape") this.show(control);
    });
    this.rows.set(control.key, (value) => {
      range.value = positionOf(control, value);
      range.setAttribute("aria-valuetext", valueText(control, value));
      const share = (100 * positionOf(control, value)) / control.positions;
      range.style.setProperty("--kx-share", `${share}%`);
      field.value = valueText(control, value);
    });
    return h("div", { class: "kx-row" }, label, range, field);
  }

  choiceRow(control) {
    const name = `${this.options.id}-${control.key}`;
    const legend = typeset(h("span", { class: "kx-label", id: `${name}-label` }), control.label);
    legend.title = "Double-click to reset";
    legend.addEventListener("dblclick", () => this.assign({ [control.key]: control.default }));
    const group = h("div", { class: "kx-choice", role: "radiogroup", "aria-labelledby": `${name}-label` });
    const radios = control.options.map((option) => {
      const radio = h("input", { type: "radio", name, value: option.value });
      radio.addEventListener("change", () => this.assign({ [control.key]: option.value }));
      group.append(h("label", {}, radio, typeset(h("span"), option.label)));
      return [option.value, radio];
    });
    this.rows.set(control.key, (value) => {
      for (const [option, radio] of radios) radio.checked = option === value;
    });
    return h("div", { class: "kx-row kx-row-wide" }, legend, group);
  }

  checkboxRow(control) {
    const id = `${this.options.id}-${control.key}`;
    const box = h("input", { type: "checkbox", id, class: "kx-check" });
    box.addEventListener("change", () => this.assign({ [control.key]: box.checked ? 1 : 0 }));
    const label = typeset(h("label", { class: "kx-label", for: id }), control.label);
    this.rows.set(control.key, (value) => {
      box.checked = value === 1;
    });
    return h("div", { class: "kx-row kx-row-wide" }, label, box);
  }

  show(control) {
    this.rows.get(control.key)?.(this.values[control.key]);
  }

  // ---- state ------------------------------------------------------------

  // Changes some values; what a control cannot take is left as it was.
  assign(changes, quiet = false) {
    const changed = [];
    for (const [key, value] of Object.entries(changes)) {
      const control = this.control(key);
      const next = control ? allowed(control, value) : null;
      if (next === null || next === this.values[key]) continue;
      this.values[key] = next;
      changed.push(control);
    }
    if (!quiet) this.options.onChange?.(this.values, changed);
    this.schedule();
  }

  // What another explorer has set: drawn here, read out there.
  adopt(symbol, value) {
    const control = this.shared(symbol);
    if (!control) return;
    this.spoken = false;
    this.assign({ [control.key]: value }, true);
  }

  shared(symbol) {
    return this.spec.controls.find((c) => c.shared && c.symbol === symbol);
  }

  // What a word of the text asks for: values, or a wrong version.
  press(asked) {
    if (asked.wrong !== undefined) {
      this.go(this.spec.wrong.findIndex((w) => w.key === asked.wrong));
    } else {
      this.assign(asked.set);
      const said = Object.keys(asked.set).map((key) => {
        const control = this.control(key);
        return `${control.label.text} = ${valueText(control, this.values[key])}`;
      });
      this.say(`${this.spec.title.text}: ${said.join(", ")}`);
    }
    this.reveal();
  }

  shows(asked) {
    if (asked.wrong !== undefined) {
      return this.spec.wrong[this.pressed]?.key === asked.wrong;
    }
    return Object.entries(asked.set).every(([k, v]) => this.values[k] === v);
  }

  // Scrolls only if less than half of the drawing is in sight.
  reveal() {
    const { top, bottom, height } = this.plot.frame.getBoundingClientRect();
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    if (seen < height / 2) this.element.scrollIntoView({ block: "nearest" });
  }

  // Many changes between two frames are one drawing.
  schedule() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.refresh();
    });
  }

  refresh() {
    this.data = sample(this.spec, this.functions, this.values, this.pressed);
    for (const control of this.spec.controls) this.show(control);
    this.plot.draw(this.data);
    this.data.readouts.forEach((value, index) => {
      this.outputs[index].textContent = format(value, 5);
    });
    for (const [preset, item] of this.presetButtons ?? []) {
      const on = Object.entries(preset.values).every(([k, v]) => this.values[k] === v);
      item.setAttribute("aria-pressed", String(on));
    }
    this.wrongButtons?.forEach((item, index) =>
      item.setAttribute("aria-pressed", String(index === this.pressed)));
    if (this.wrongNote) this.wrongNote.textContent = apart(this.spec, this.data);
    this.options.onRefresh?.(this);
    this.sayReadouts();
  }

  say(text) {
    this.live.textContent = text;
  }

  // Once the reader rests, so that a drag is not read out number by number.
  sayReadouts() {
    clearTimeout(this.timer);
    if (!this.spec.readouts.length || !this.spoken) {
      this.spoken = true;
      return;
    }
    this.timer = setTimeout(() => {
      const parts = this.spec.readouts.map(
        (readout, i) => `${readout.label.text}: ${format(this.data.readouts[i], 4)}`,
      );
      this.say(parts.join("; "));
    }, 600);
  }

  // ---- the page's address -----------------------------------------------

  address() {
    const changed = this.spec.controls
      .filter((control) => this.values[control.key] !== control.default)
      .map((control) => `${control.key}=${this.values[control.key]}`);
    return `#${this.options.id}${changed.length ? `?${changed.join("&")}` : ""}`;
  }

  link() {
    history.replaceState(history.state, "", this.address());
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
    const tell = (text) => {
      this.linkButton.textContent = text;
      this.say(text);
      setTimeout(() => { this.linkButton.textContent = "Link"; }, 1500);
    };
    copied.then(() => tell("Copied"), () => tell("In the address"));
  }

  // Takes the state from an address like `#echoes?beta=2`, if it is ours.
  follow(hash) {
    const [name, query] = hash.slice(1).split("?");
    if (name !== this.options.id) return false;
    const asked = Object.fromEntries(
      [...new URLSearchParams(query ?? "")].map(([k, v]) => [k, parse(v)]),
    );
    this.assign({ ...this.defaults(), ...asked });
    return true;
  }

  destroy() {
    this.watch.disconnect();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.pending);
  }
}

function button(text, title, action) {
  const item = h("button", { type: "button", class: "kx-button", title }, text);
  item.addEventListener("click", action);
  return item;
}
