// How far a wrong version is from the right one, in words; no DOM here.
import { format } from "./controls.js";

// Below this share of a curve's size a difference is rounding.
const ROUNDING = 1e-12;

// Differences on a linear axis, ratios on a logarithmic one.
export function apart(spec, data) {
  if (!data.wrong.length) return "";
  let most = { gap: 0 };
  let missing = false;
  for (const { layer, columns } of data.wrong) {
    const right = data.layers[layer].columns[0];
    const wrong = columns[0];
    const size = Math.max(...right.filter(Number.isFinite).map(Math.abs), 0);
    right.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      if (!Number.isFinite(wrong[i])) missing = true;
      const gap = distance(value, wrong[i], spec.y.log);
      if (gap > (spec.y.log ? ROUNDING : ROUNDING * size) && gap > most.gap) {
        most = { gap, i, layer };
      }
    });
  }
  const nowhere = missing ? " It has no value on part of the range." : "";
  if (!most.gap) return missing ? nowhere.trim() : "No difference at this setting.";
  const far = spec.y.log
    ? `a factor of ${format(10 ** most.gap, 3)}`
    : format(most.gap, 3);
  const curve = data.wrong.length > 1 ? `, in ${spec.layers[most.layer].label.text}` : "";
  const x = spec.x.label.text || "x";
  const at = `${x} = ${format(data.x[most.i], 3)}`;
  return `At most ${far} from the right curve on the range shown, at ${at}${curve}.${nowhere}`;
}

function distance(right, wrong, log) {
  if (!log) return Math.abs(right - wrong);
  return right > 0 && wrong > 0 ? Math.abs(Math.log10(right / wrong)) : NaN;
}
