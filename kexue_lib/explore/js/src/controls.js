// What a control's positions and texts mean; no DOM here.

export function valueAt(control, position) {
  if (position <= 0) return control.low;
  if (position >= control.positions) return control.high;
  if (!control.log) {
    const value = control.low + position * control.step;
    return Number(value.toFixed(control.decimals));
  }
  const ratio = position / control.positions;
  const value = control.low * (control.high / control.low) ** ratio;
  const rounded =
    control.kind === "int" ? Math.round(value) : Number(value.toPrecision(3));
  return Math.min(Math.max(rounded, control.low), control.high);
}

export function positionOf(control, value) {
  const share = control.log
    ? (control.positions * Math.log(value / control.low)) /
      Math.log(control.high / control.low)
    : (value - control.low) / control.step;
  return Math.min(Math.max(Math.round(share), 0), control.positions);
}

// The nearest value the control can take; null if there is none.
export function allowed(control, value) {
  if (!Number.isFinite(value)) return null;
  if (control.kind === "checkbox") return value ? 1 : 0;
  if (control.kind === "choice") {
    return control.options.some((o) => o.value === value) ? value : null;
  }
  const inside = Math.min(Math.max(value, control.low), control.high);
  return control.kind === "int" ? Math.round(inside) : inside;
}

// A number as people type it: a true minus sign, a decimal comma, and commas
// between the thousands of an integer.
export function parse(text, control) {
  const tidy = text.trim().replace("\u2212", "-");
  if (tidy === "") return NaN;
  const comma = control?.kind === "int" ? "" : ".";
  return Number(tidy.replaceAll(",", comma));
}

// A number for people: `digits` significant ones, a true minus sign.
export function format(value, digits = 5) {
  if (!Number.isFinite(value)) return "undefined";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e7)
      ? rounded.toExponential().replace("e+", "e")
      : String(rounded);
  return text.replace(/-/g, "\u2212");
}

export function valueText(control, value) {
  if (control.kind === "checkbox") return value ? "on" : "off";
  if (control.kind === "choice") {
    return control.options.find((o) => o.value === value).label.text;
  }
  return format(value, 12);
}
